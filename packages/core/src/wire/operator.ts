import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { madeItems, madeShapes, type PasskeyMade } from './passkey.ts';
import { bytesOf, count, flag, parseBody, textUpTo, wireFormat } from './shape.ts';
import { typed } from './sign-in-shapes.ts';

/** What an operator is offered who shows the code of an enrolment (docs/format/wire.md, Operators). */
export interface OperatorOffer {
  readonly name: string;
  /** 16 bytes: whom an authenticator keeps the passkey for. */
  readonly operator: Bytes;
  /** 32 bytes, for a passkey to sign. */
  readonly challenge: Bytes;
  /** 20 bytes, for an authenticator application. */
  readonly totpSecret: Bytes;
}

/** What an authenticator made for the one whom the code enrols. */
export interface OperatorPasskeyMade extends PasskeyMade {
  readonly code: string;
}

/** A password and a code of the authenticator application. */
export interface OperatorPasswordChosen {
  readonly code: string;
  readonly password: string;
  readonly totp: string;
}

export interface OperatorPasswordGiven {
  readonly name: string;
  readonly password: string;
  readonly totp: string;
}

export interface OperatorSession {
  readonly token: Bytes;
  readonly expires: number;
  readonly name: string;
}

const password = textUpTo(256);
const operatorName = textUpTo(128);

export function encodeOperatorCode(code: string): Bytes {
  return encodeCanonical([wireFormat, code]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorCode(bytes: Uint8Array): string {
  const [code] = parseBody(bytes, typed);
  return code;
}

export function encodeOperatorOffer({ name, operator, challenge, totpSecret }: OperatorOffer): Bytes {
  return encodeCanonical([wireFormat, name, operator, challenge, totpSecret]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorOffer(bytes: Uint8Array): OperatorOffer {
  const [name, operator, challenge, totpSecret] = parseBody(bytes, operatorName, bytesOf(16), bytesOf(32), bytesOf(20));
  return { name, operator, challenge, totpSecret };
}

export function encodeOperatorPasskeyMade({ code, ...made }: OperatorPasskeyMade): Bytes {
  return encodeCanonical([wireFormat, code, ...madeItems(made)]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorPasskeyMade(bytes: Uint8Array): OperatorPasskeyMade {
  const [code, credential, attestation, clientData] = parseBody(bytes, typed, ...madeShapes);
  return { code, credential, attestation, clientData };
}

export function encodeOperatorPasswordChosen(chosen: OperatorPasswordChosen): Bytes {
  return encodeCanonical([wireFormat, chosen.code, chosen.password, chosen.totp]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorPasswordChosen(bytes: Uint8Array): OperatorPasswordChosen {
  const [code, text, totp] = parseBody(bytes, typed, password, typed);
  return { code, password: text, totp };
}

export function encodeOperatorAsk(): Bytes {
  return encodeCanonical([wireFormat]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorAsk(bytes: Uint8Array): void {
  parseBody(bytes);
}

export function encodeOperatorChallenge(challenge: Bytes): Bytes {
  return encodeCanonical([wireFormat, challenge]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorChallenge(bytes: Uint8Array): Bytes {
  const [challenge] = parseBody(bytes, bytesOf(32));
  return challenge;
}

export function encodeOperatorPasswordGiven(given: OperatorPasswordGiven): Bytes {
  return encodeCanonical([wireFormat, given.name, given.password, given.totp]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorPasswordGiven(bytes: Uint8Array): OperatorPasswordGiven {
  const [name, text, totp] = parseBody(bytes, operatorName, password, typed);
  return { name, password: text, totp };
}

/** Who is in already proves it once more, by the same two factors. */
export type OperatorPasswordConfirmed = Omit<OperatorPasswordGiven, 'name'>;

export function encodeOperatorPasswordConfirmed(given: OperatorPasswordConfirmed): Bytes {
  return encodeCanonical([wireFormat, given.password, given.totp]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorPasswordConfirmed(bytes: Uint8Array): OperatorPasswordConfirmed {
  const [text, totp] = parseBody(bytes, password, typed);
  return { password: text, totp };
}

export function encodeOperatorSession({ token, expires, name }: OperatorSession): Bytes {
  return encodeCanonical([wireFormat, token, expires, name]);
}

/** Throws WIRE_INVALID. */
export function parseOperatorSession(bytes: Uint8Array): OperatorSession {
  const [token, expires, name] = parseBody(bytes, bytesOf(32), count, operatorName);
  return { token, expires, name };
}

/** A copy that is to be retired, and whether it may be the last good one of some practice. */
export interface CopyRetirement {
  readonly copy: string;
  readonly mayBeLast: boolean;
}

export function encodeCopyRetirement({ copy, mayBeLast }: CopyRetirement): Bytes {
  return encodeCanonical([wireFormat, copy, mayBeLast]);
}

/** Throws WIRE_INVALID. */
export function parseCopyRetirement(bytes: Uint8Array): CopyRetirement {
  const [copy, mayBeLast] = parseBody(bytes, textUpTo(255), flag);
  return { copy, mayBeLast };
}
