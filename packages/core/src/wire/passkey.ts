import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, bytesUpTo, count, listOf, parseBody, tuple, wireFormat } from './shape.ts';

/** How many passkeys an account may have as second factors. */
export const maxPasskeys = 16;

/** What an authenticator is asked to sign, or to make a passkey for (docs/format/wire.md, Passkey as a second factor). */
export interface PasskeyAsked {
  /** 32 bytes, which serve once. */
  readonly challenge: Bytes;
  /** Ids of the account's own: those that may sign, or that are not to be made again. */
  readonly credentials: readonly Bytes[];
}

/** What an authenticator answered as it made a passkey: WebAuthn's `attestationObject` and `clientDataJSON`. */
export interface PasskeyMade {
  /** Id of the credential. */
  readonly credential: Bytes;
  readonly attestation: Bytes;
  readonly clientData: Bytes;
}

/** What an authenticator signed: WebAuthn's `authenticatorData`, `clientDataJSON` and `signature`. */
export interface PasskeyGiven {
  /** Id of the credential. */
  readonly credential: Bytes;
  readonly authenticatorData: Bytes;
  readonly clientData: Bytes;
  readonly signature: Bytes;
}

/** A passkey that the account has, and since when, in milliseconds since 1970. */
export interface PasskeyListed {
  readonly credential: Bytes;
  readonly added: number;
}

/** WebAuthn, section 5.8.5: at most 1023 bytes. */
const credentialShape = bytesUpTo(1023);
const clientDataShape = bytesUpTo(1024);

export function encodePasskeyAsked({ challenge, credentials }: PasskeyAsked): Bytes {
  return encodeCanonical([wireFormat, challenge, [...credentials]]);
}

/** Throws WIRE_INVALID. */
export function parsePasskeyAsked(bytes: Uint8Array): PasskeyAsked {
  const [challenge, credentials] = parseBody(bytes, bytesOf(32), listOf(credentialShape, maxPasskeys));
  return { challenge, credentials };
}

/** What an authenticator made, as it stands in a body. */
export const madeShapes = [credentialShape, bytesUpTo(16_384), clientDataShape] as const;

export function madeItems({ credential, attestation, clientData }: PasskeyMade): readonly Bytes[] {
  return [credential, attestation, clientData];
}

export function encodePasskeyMade(made: PasskeyMade): Bytes {
  return encodeCanonical([wireFormat, ...madeItems(made)]);
}

/** Throws WIRE_INVALID. */
export function parsePasskeyMade(bytes: Uint8Array): PasskeyMade {
  const [credential, attestation, clientData] = parseBody(bytes, ...madeShapes);
  return { credential, attestation, clientData };
}

export function encodePasskeyGiven({ credential, authenticatorData, clientData, signature }: PasskeyGiven): Bytes {
  return encodeCanonical([wireFormat, credential, authenticatorData, clientData, signature]);
}

/** Throws WIRE_INVALID. */
export function parsePasskeyGiven(bytes: Uint8Array): PasskeyGiven {
  const shapes = [credentialShape, bytesUpTo(1024), clientDataShape, bytesUpTo(1024)] as const;
  const [credential, authenticatorData, clientData, signature] = parseBody(bytes, ...shapes);
  return { credential, authenticatorData, clientData, signature };
}

export function encodePasskeyList(passkeys: readonly PasskeyListed[]): Bytes {
  return encodeCanonical([wireFormat, passkeys.map(({ credential, added }) => [credential, added])]);
}

/** Throws WIRE_INVALID. */
export function parsePasskeyList(bytes: Uint8Array): readonly PasskeyListed[] {
  const [passkeys] = parseBody(bytes, listOf(tuple(credentialShape, count), maxPasskeys));
  return passkeys.map(([credential, added]) => ({ credential, added }));
}
