import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, count, listOf, nullOr, oneOf, parseBody, wireFormat } from './shape.ts';
import { typed } from './sign-in-shapes.ts';

export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

export interface PhoneRequest {
  /** As a person types it. */
  readonly number: string;
  readonly language: Language;
}

/** That a code left. */
export interface CodeSent {
  /** Masked number. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** The code itself where there is no gateway, on loopback alone. */
  readonly localCode: string | null;
}

export function encodePhoneRequest({ number, language }: PhoneRequest): Bytes {
  return encodeCanonical([wireFormat, number, language]);
}

/** Throws WIRE_INVALID. */
export function parsePhoneRequest(bytes: Uint8Array): PhoneRequest {
  const [number, language] = parseBody(bytes, typed, oneOf(languages));
  return { number, language };
}

export function encodeCodeRequest(language: Language): Bytes {
  return encodeCanonical([wireFormat, language]);
}

/** Throws WIRE_INVALID. */
export function parseCodeRequest(bytes: Uint8Array): Language {
  const [language] = parseBody(bytes, oneOf(languages));
  return language;
}

export function encodeCodeSent({ to, expires, localCode }: CodeSent): Bytes {
  return encodeCanonical([wireFormat, to, expires, localCode]);
}

/** Throws WIRE_INVALID. */
export function parseCodeSent(bytes: Uint8Array): CodeSent {
  const [to, expires, localCode] = parseBody(bytes, typed, count, nullOr(typed));
  return { to, expires, localCode };
}

/** A code as typed. */
export function encodeCode(code: string): Bytes {
  return encodeCanonical([wireFormat, code]);
}

/** Throws WIRE_INVALID. */
export function parseCode(bytes: Uint8Array): string {
  const [code] = parseBody(bytes, typed);
  return code;
}

export function encodeTotpSecret(secret: Bytes): Bytes {
  return encodeCanonical([wireFormat, secret]);
}

/** Throws WIRE_INVALID. */
export function parseTotpSecret(bytes: Uint8Array): Bytes {
  const [secret] = parseBody(bytes, bytesOf(20));
  return secret;
}

export function encodeRecoveryCodes(codes: readonly string[]): Bytes {
  return encodeCanonical([wireFormat, [...codes]]);
}

/** Throws WIRE_INVALID. */
export function parseRecoveryCodes(bytes: Uint8Array): readonly string[] {
  const [codes] = parseBody(bytes, listOf(typed, 20));
  return codes;
}
