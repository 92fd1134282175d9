import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { parsePasskeyHandle, passkeyHandle, passkeyHolderInput } from '@serment/core/keys/passkey';
import type { LocalWays, MadePasskey, PasskeyAnswer, PasskeyHolder } from '../../worker/protocol.ts';

/** Whom a passkey is for, as the device's own list of passkeys shows it. */
export interface PasskeyOwner {
  /** The author of its device, in hexadecimal: an authenticator keeps one passkey for each. */
  readonly device: string;
  /** In hexadecimal. */
  readonly practice: string;
  readonly label: string;
}

const timeoutMs = 120_000;

/** Whether this browser has passkeys at all. Whether one gives a key is known once it is asked. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'credentials' in navigator;
}

/**
 * Makes a passkey that unlocks this device: its PRF gives 32 bytes that nobody else has, after the finger, the face or the
 * code of the device. One that `isHolder` gives 32 more, by which it adds a device from a browser that holds nothing.
 * Throws PASSKEY_CANCELLED, PASSKEY_KNOWN, and PASSKEY_UNFIT where there is no PRF.
 */
export async function makePasskey(
  ways: LocalWays,
  { device, practice, label }: PasskeyOwner,
  isHolder: boolean,
): Promise<MadePasskey> {
  const id = isHolder ? passkeyHandle(hexToBytes(practice), hexToBytes(device)) : hexToBytes(device);
  const asking = inputs(ways, isHolder);
  const created = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Serment', id: location.hostname },
        user: { id, name: label, displayName: label },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        excludeCredentials: descriptorsOf(ways),
        authenticatorSelection: { userVerification: 'required', residentKey: isHolder ? 'required' : 'preferred' },
        timeout: timeoutMs,
        extensions: { prf: { eval: asking } },
      },
    }),
  );
  if (created.getClientExtensionResults().prf?.enabled !== true) throw unfit();
  const credential = idOf(created);
  const made = madeOf(created, isHolder);
  if (made !== null) return made;
  // Many authenticators give the key only when they are asked again.
  const again = madeOf(await given(asking, descriptorsOf({ ...ways, passkeys: [credential] })), isHolder);
  if (again === null) throw unfit();
  return again;
}

/** Asks one of this device's passkeys for its key. Throws PASSKEY_CANCELLED, PASSKEY_UNFIT. */
export async function askPasskey(ways: LocalWays): Promise<PasskeyAnswer> {
  const answer = await given(inputs(ways, false), descriptorsOf(ways));
  const output = outputOf(answer, 'first');
  if (output === null) throw unfit();
  return { credential: idOf(answer), output };
}

/**
 * Asks for a passkey of whichever practice, in a browser that holds nothing. Throws PASSKEY_ABSENT when none was given:
 * a browser does not tell whether the person gave it up or there is none. Throws PASSKEY_UNFIT, and core's PASSKEY_INVALID
 * where the authenticator says not whose it is.
 */
export async function askHolder(): Promise<PasskeyHolder> {
  const answer = await given({ first: passkeyHolderInput() }, []).catch((cause: unknown) => {
    if (!(cause instanceof CodedError && cause.code === 'PASSKEY_CANCELLED')) throw cause;
    throw new CodedError('PASSKEY_ABSENT', 'No passkey was given', { cause });
  });
  const { userHandle } = answer.response as AuthenticatorAssertionResponse;
  const handle = new Uint8Array(userHandle ?? new ArrayBuffer(0));
  parsePasskeyHandle(handle);
  const output = outputOf(answer, 'first');
  if (output === null) throw unfit();
  return { handle, output };
}

function inputs({ passkeyInput }: LocalWays, isHolder: boolean): AuthenticationExtensionsPRFValues {
  const first = hexToBytes(passkeyInput);
  return isHolder ? { first, second: passkeyHolderInput() } : { first };
}

/** With no descriptor, whichever passkey of this address the person chooses. */
function given(
  asking: AuthenticationExtensionsPRFValues,
  allowCredentials: PublicKeyCredentialDescriptor[],
): Promise<PublicKeyCredential> {
  return asked(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: location.hostname,
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials,
        userVerification: 'required',
        timeout: timeoutMs,
        extensions: { prf: { eval: asking } },
      },
    }),
  );
}

function descriptorsOf({ passkeys }: LocalWays): PublicKeyCredentialDescriptor[] {
  return passkeys.map((id) => ({ type: 'public-key', id: hexToBytes(id) }));
}

function idOf({ rawId }: PublicKeyCredential): string {
  return bytesToHex(new Uint8Array(rawId));
}

function madeOf(credential: PublicKeyCredential, isHolder: boolean): MadePasskey | null {
  const output = outputOf(credential, 'first');
  const holder = isHolder ? outputOf(credential, 'second') : null;
  if (output === null || (isHolder && holder === null)) return null;
  return { credential: idOf(credential), output, holder };
}

function outputOf(credential: PublicKeyCredential, which: 'first' | 'second'): Uint8Array<ArrayBuffer> | null {
  const output = credential.getClientExtensionResults().prf?.results?.[which];
  if (output === undefined) return null;
  return (output instanceof ArrayBuffer ? new Uint8Array(output) : new Uint8Array(output.buffer)).slice();
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
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
