import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { LocalWays, PasskeyAnswer } from '../../worker/protocol.ts';

/** Whom a passkey is for, as the device's own list of passkeys shows it. */
export interface PasskeyOwner {
  /** The author of its device, in hexadecimal: an authenticator keeps one passkey for each. */
  readonly device: string;
  readonly label: string;
}

const timeoutMs = 120_000;

/** Whether this browser has passkeys at all. Whether one gives a key is known once it is asked. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'credentials' in navigator;
}

/**
 * Makes a passkey that unlocks this device: its PRF gives 32 bytes that nobody else has, after the finger, the face or the
 * code of the device. Throws PASSKEY_CANCELLED, and PASSKEY_UNFIT where there is no PRF.
 */
export async function makePasskey(ways: LocalWays, owner: PasskeyOwner): Promise<PasskeyAnswer> {
  const created = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Serment', id: location.hostname },
        user: { id: hexToBytes(owner.device), name: owner.label, displayName: owner.label },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        excludeCredentials: descriptorsOf(ways),
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        timeout: timeoutMs,
        extensions: { prf: { eval: { first: hexToBytes(ways.passkeyInput) } } },
      },
    }),
  );
  if (created.getClientExtensionResults().prf?.enabled !== true) throw unfit();
  const credential = bytesToHex(new Uint8Array(created.rawId));
  // Many authenticators give the key only when they are asked again.
  return outputOf(created) ?? askPasskey({ ...ways, passkeys: [credential] });
}

/** Asks one of this device's passkeys for its key. Throws PASSKEY_CANCELLED, PASSKEY_UNFIT. */
export async function askPasskey(ways: LocalWays): Promise<PasskeyAnswer> {
  const given = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: location.hostname,
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: descriptorsOf(ways),
        userVerification: 'required',
        timeout: timeoutMs,
        extensions: { prf: { eval: { first: hexToBytes(ways.passkeyInput) } } },
      },
    }),
  );
  const answer = outputOf(given);
  if (answer === null) throw unfit();
  return answer;
}

function descriptorsOf({ passkeys }: LocalWays): PublicKeyCredentialDescriptor[] {
  return passkeys.map((id) => ({ type: 'public-key', id: hexToBytes(id) }));
}

function outputOf(credential: PublicKeyCredential): PasskeyAnswer | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  const output = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer);
  return { credential: bytesToHex(new Uint8Array(credential.rawId)), output: output.slice() };
}

/** What the authenticator gave. Throws PASSKEY_CANCELLED, PASSKEY_KNOWN, PASSKEY_UNFIT. */
export async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    if (name === 'InvalidStateError') throw new CodedError('PASSKEY_KNOWN', 'This passkey opens this device already');
    if (name === 'NotSupportedError' || name === 'SecurityError') throw unfit();
    throw new CodedError('PASSKEY_CANCELLED', 'The passkey was not given', { cause });
  }
  if (credential instanceof PublicKeyCredential) return credential;
  throw new CodedError('PASSKEY_CANCELLED', 'The passkey was not given');
}

function unfit(): CodedError {
  return new CodedError('PASSKEY_UNFIT', 'This passkey gives no key');
}
