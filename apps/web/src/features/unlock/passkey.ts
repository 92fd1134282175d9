import { type Bytes, bytesToHex, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { parsePasskeyHandle, passkeyHandle, passkeyHolderInput } from '@serment/core/keys/passkey';
import type { PasskeyAsked, PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';
import type { LocalWays, MadePasskey, PasskeyAnswer, PasskeyHolder } from '../../worker/protocol.ts';

/** Whom a passkey is for, as the device's own list of passkeys shows it. */
export interface PasskeyOwner {
  /** The author of its device, in hexadecimal: an authenticator keeps one passkey for each. */
  readonly device: string;
  readonly label: string;
}

/** What an authenticator made: one with the keys of its PRF, or one for after the password, where it has none. */
export type NewPasskey = { readonly keys: MadePasskey } | { readonly factor: PasskeyMade };

interface PasskeyWish {
  /** In hexadecimal. */
  readonly practice: string;
  /** Whether it is to add devices too. */
  readonly isHolder: boolean;
  /** Null without the line: one that has no PRF is then of no use. */
  readonly asked: PasskeyAsked | null;
}

const timeoutMs = 120_000;

/** Whether this browser has passkeys at all. Whether one gives a key is known once it is asked. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'credentials' in navigator;
}

/**
 * Makes a passkey that unlocks this device: its PRF gives 32 bytes that nobody else has, after the finger, the face or the
 * code of the device. One that `isHolder` gives 32 more, by which it adds a device from a browser that holds nothing.
 * Where there is no PRF, what was made serves after the password. Throws PASSKEY_CANCELLED, PASSKEY_KNOWN, and
 * PASSKEY_UNFIT for an authenticator that makes none.
 */
export async function makePasskey(
  ways: LocalWays,
  owner: PasskeyOwner,
  { practice, isHolder, asked }: PasskeyWish,
): Promise<NewPasskey> {
  const asking = inputs(ways, isHolder);
  const created = await make(owner.label, {
    challenge: asked?.challenge ?? crypto.getRandomValues(new Uint8Array(32)),
    user: isHolder ? passkeyHandle(hexToBytes(practice), hexToBytes(owner.device)) : hexToBytes(owner.device),
    // One that is a second factor already stays out: an authenticator may make the new one in its place, and the account
    // would count on a factor that is gone.
    known: [...ways.passkeys.map(hexToBytes), ...(asked?.credentials ?? [])],
    residentKey: isHolder ? 'required' : 'preferred',
    extensions: { prf: { eval: asking } },
  });
  if (created.getClientExtensionResults().prf?.enabled !== true) {
    if (asked === null) throw unfit();
    return { factor: madeOf(created) };
  }
  // Many authenticators give the keys only when they are asked again.
  const keys = keysOf(created, isHolder) ?? keysOf(await getKeys(asking, [new Uint8Array(created.rawId)]), isHolder);
  if (keys === null) throw unfit();
  return { keys };
}

/** Makes a passkey that is asked for after the password, on every device. Throws as `makePasskey` does. */
export async function makeFactorPasskey(owner: PasskeyOwner, asked: PasskeyAsked): Promise<PasskeyMade> {
  return madeOf(
    await make(owner.label, {
      challenge: asked.challenge,
      // Another name than that of the device: an authenticator keeps one passkey for each, and this is another one.
      user: sha256(utf8ToBytes('serment/passkey-factor/1'), hexToBytes(owner.device)),
      known: asked.credentials,
      residentKey: 'discouraged',
      extensions: {},
    }),
  );
}

/** Asks one of this device's passkeys for its key. Throws PASSKEY_CANCELLED, PASSKEY_UNFIT. */
export async function askPasskey(ways: LocalWays): Promise<PasskeyAnswer> {
  const keys = keysOf(await getKeys(inputs(ways, false), ways.passkeys.map(hexToBytes)), false);
  if (keys === null) throw unfit();
  return keys;
}

/**
 * Asks for a passkey of whichever practice, in a browser that holds nothing. Throws PASSKEY_ABSENT when none was given:
 * a browser does not tell whether the person gave it up or there is none. Throws PASSKEY_UNFIT, and core's PASSKEY_INVALID
 * where the authenticator says not whose it is.
 */
export async function askHolder(): Promise<PasskeyHolder> {
  const given = await getKeys({ first: passkeyHolderInput() }, []).catch((cause: unknown) => {
    if (!(cause instanceof CodedError && cause.code === 'PASSKEY_CANCELLED')) throw cause;
    throw new CodedError('PASSKEY_ABSENT', 'No passkey was given', { cause });
  });
  const { userHandle } = given.response as AuthenticatorAssertionResponse;
  const handle = new Uint8Array(userHandle ?? new ArrayBuffer(0));
  parsePasskeyHandle(handle);
  const output = outputOf(given, 'first');
  if (output === null) throw unfit();
  return { handle, output };
}

/** Asks one of these passkeys, or any of this site where none is named, to sign what the server drew. Throws PASSKEY_CANCELLED. */
export async function givePasskey({ challenge, credentials }: PasskeyAsked): Promise<PasskeyGiven> {
  const { rawId, response } = await get({ challenge, allowCredentials: credentials.map(descriptorOf) });
  if (!(response instanceof AuthenticatorAssertionResponse)) throw cancelled();
  return {
    credential: new Uint8Array(rawId),
    authenticatorData: new Uint8Array(response.authenticatorData),
    clientData: new Uint8Array(response.clientDataJSON),
    signature: new Uint8Array(response.signature),
  };
}

export interface Making {
  readonly challenge: Bytes;
  /** What an authenticator tells passkeys of one site apart by. */
  readonly user: Bytes;
  /** Not to be made again. */
  readonly known: readonly Bytes[];
  readonly residentKey: ResidentKeyRequirement;
  readonly extensions: AuthenticationExtensionsClientInputs;
}

/** Has an authenticator make a passkey, named so in its own list. Throws PASSKEY_CANCELLED, PASSKEY_KNOWN, PASSKEY_UNFIT. */
export function make(label: string, making: Making): Promise<PublicKeyCredential> {
  return askPerson(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Serment', id: location.hostname },
        user: { id: making.user, name: label, displayName: label },
        challenge: making.challenge,
        pubKeyCredParams: [
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        excludeCredentials: making.known.map(descriptorOf),
        authenticatorSelection: { userVerification: 'required', residentKey: making.residentKey },
        timeout: timeoutMs,
        extensions: making.extensions,
      },
    }),
  );
}

function get(
  options: Omit<PublicKeyCredentialRequestOptions, 'rpId' | 'userVerification' | 'timeout'>,
): Promise<PublicKeyCredential> {
  const terms = { rpId: location.hostname, userVerification: 'required', timeout: timeoutMs } as const;
  return askPerson(() => navigator.credentials.get({ publicKey: { ...options, ...terms } }));
}

function descriptorOf(id: Bytes): PublicKeyCredentialDescriptor {
  return { type: 'public-key', id };
}

/** What the server is told of a passkey that was made. Throws PASSKEY_CANCELLED. */
export function madeOf({ rawId, response }: PublicKeyCredential): PasskeyMade {
  if (!(response instanceof AuthenticatorAttestationResponse)) throw cancelled();
  return {
    credential: new Uint8Array(rawId),
    attestation: new Uint8Array(response.attestationObject),
    clientData: new Uint8Array(response.clientDataJSON),
  };
}

function inputs({ passkeyInput }: LocalWays, isHolder: boolean): AuthenticationExtensionsPRFValues {
  const first = hexToBytes(passkeyInput);
  return isHolder ? { first, second: passkeyHolderInput() } : { first };
}

/** Asks one of these passkeys, or any of this site where none is named, for what its PRF gives. */
function getKeys(asking: AuthenticationExtensionsPRFValues, known: readonly Bytes[]): Promise<PublicKeyCredential> {
  return get({
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    allowCredentials: known.map(descriptorOf),
    extensions: { prf: { eval: asking } },
  });
}

function keysOf(credential: PublicKeyCredential, isHolder: boolean): MadePasskey | null {
  const output = outputOf(credential, 'first');
  const holder = isHolder ? outputOf(credential, 'second') : null;
  if (output === null || (isHolder && holder === null)) return null;
  return { credential: bytesToHex(new Uint8Array(credential.rawId)), output, holder };
}

function outputOf(credential: PublicKeyCredential, which: 'first' | 'second'): Bytes | null {
  const output = credential.getClientExtensionResults().prf?.results?.[which];
  return output === undefined ? null : bytesOfOutput(output);
}

/** What a PRF gave, of its own: a buffer, a view that may begin within one, or, of some extensions, an array of numbers. */
export function bytesOfOutput(output: BufferSource | readonly number[]): Bytes {
  if (ArrayBuffer.isView(output)) return new Uint8Array(output.buffer, output.byteOffset, output.byteLength).slice();
  return new Uint8Array(output).slice();
}

/** What the authenticator gave. Throws PASSKEY_CANCELLED, PASSKEY_KNOWN, PASSKEY_UNFIT. */
async function askPerson(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    if (name === 'InvalidStateError') throw new CodedError('PASSKEY_KNOWN', 'This passkey serves already');
    if (name === 'NotSupportedError' || name === 'SecurityError') throw unfit();
    throw cancelled(cause);
  }
  if (credential instanceof PublicKeyCredential) return credential;
  throw cancelled();
}

function cancelled(cause?: unknown): CodedError {
  return new CodedError('PASSKEY_CANCELLED', 'The passkey was not given', { cause });
}

function unfit(): CodedError {
  return new CodedError('PASSKEY_UNFIT', 'This passkey gives no key');
}
