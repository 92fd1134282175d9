import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, bytesUpTo, parseBody, textUpTo, wireFormat } from './shape.ts';

export interface RegistrationStart {
  /** 16 random bytes. */
  readonly account: Bytes;
  /** OPAQUE registration request. */
  readonly request: string;
}

export interface RegistrationFinish {
  /** OPAQUE registration record. */
  readonly record: string;
  readonly sealedSecret: Bytes;
}

export interface LoginAnswer {
  /** 16 bytes that name this attempt. */
  readonly login: Bytes;
  /** OPAQUE login response. */
  readonly response: string;
}

const maxMessageLength = 2048;
const maxSealedSecretBytes = 1024;
const message = textUpTo(maxMessageLength);

export function encodeRegistrationStart({ account, request }: RegistrationStart): Bytes {
  return encodeCanonical([wireFormat, account, request]);
}

/** Throws WIRE_INVALID. */
export function parseRegistrationStart(bytes: Uint8Array): RegistrationStart {
  const [account, request] = parseBody(bytes, bytesOf(16), message);
  return { account, request };
}

export function encodeRegistrationFinish({ record, sealedSecret }: RegistrationFinish): Bytes {
  return encodeCanonical([wireFormat, record, sealedSecret]);
}

/** Throws WIRE_INVALID. */
export function parseRegistrationFinish(bytes: Uint8Array): RegistrationFinish {
  const [record, sealedSecret] = parseBody(bytes, message, bytesUpTo(maxSealedSecretBytes));
  return { record, sealedSecret };
}

/** One OPAQUE message: a registration response, a login request, or the request that finishes a login. */
export function encodeOpaqueMessage(text: string): Bytes {
  return encodeCanonical([wireFormat, text]);
}

/** Throws WIRE_INVALID. */
export function parseOpaqueMessage(bytes: Uint8Array): string {
  const [text] = parseBody(bytes, message);
  return text;
}

export function encodeLoginAnswer({ login, response }: LoginAnswer): Bytes {
  return encodeCanonical([wireFormat, login, response]);
}

/** Throws WIRE_INVALID. */
export function parseLoginAnswer(bytes: Uint8Array): LoginAnswer {
  const [login, response] = parseBody(bytes, bytesOf(16), message);
  return { login, response };
}

export function encodeSecretAnswer(sealedSecret: Bytes): Bytes {
  return encodeCanonical([wireFormat, sealedSecret]);
}

/** Throws WIRE_INVALID. */
export function parseSecretAnswer(bytes: Uint8Array): Bytes {
  const [sealedSecret] = parseBody(bytes, bytesUpTo(maxSealedSecretBytes));
  return sealedSecret;
}
