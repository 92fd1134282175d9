import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, count, listOf, nullOr, oneOf, parseBody, tuple, wireFormat, wireInvalid } from './shape.ts';
import { opaqueMessage as message, sealedSecret, ticket, typed } from './sign-in-shapes.ts';

export interface LoginStart {
  /** The device's, 32 bytes. */
  readonly author: Bytes;
  readonly ticket: Bytes;
  /** OPAQUE login request. */
  readonly request: string;
}

export interface PinLoginStart {
  readonly ticket: Bytes;
  readonly request: string;
}

export interface LoginAnswer {
  /** 16 bytes that name this attempt. */
  readonly login: Bytes;
  /** OPAQUE login response. */
  readonly response: string;
}

export interface LoginFinish {
  /** OPAQUE's last message. */
  readonly request: string;
  readonly nextTicket: Bytes;
}

/** Those that are given as a code. */
export const codeFactors = ['sms', 'totp', 'recovery'] as const;
export type CodeFactor = (typeof codeFactors)[number];

export const factors = [...codeFactors, 'passkey'] as const;
export type Factor = (typeof factors)[number];

export interface FactorAnswer {
  readonly factor: CodeFactor;
  readonly code: string;
}

/** A second factor that may be given, and what tells it apart: a masked number, a count of codes left. */
export interface FactorOffer {
  readonly factor: Factor;
  readonly detail: string;
}

/** What a way in gives in the end, or the second factors that one of must come first. */
export type Opening =
  | { readonly isOpen: true; readonly secret: Bytes; readonly openUntil: number }
  | { readonly isOpen: false; readonly factors: readonly FactorOffer[] };

export function encodeLoginStart({ author, ticket: own, request }: LoginStart): Bytes {
  return encodeCanonical([wireFormat, author, own, request]);
}

/** Throws WIRE_INVALID. */
export function parseLoginStart(bytes: Uint8Array): LoginStart {
  const [author, own, request] = parseBody(bytes, bytesOf(32), ticket, message);
  return { author, ticket: own, request };
}

export function encodePinLoginStart({ ticket: own, request }: PinLoginStart): Bytes {
  return encodeCanonical([wireFormat, own, request]);
}

/** Throws WIRE_INVALID. */
export function parsePinLoginStart(bytes: Uint8Array): PinLoginStart {
  const [own, request] = parseBody(bytes, ticket, message);
  return { ticket: own, request };
}

export function encodeLoginAnswer({ login, response }: LoginAnswer): Bytes {
  return encodeCanonical([wireFormat, login, response]);
}

/** Throws WIRE_INVALID. */
export function parseLoginAnswer(bytes: Uint8Array): LoginAnswer {
  const [login, response] = parseBody(bytes, bytesOf(16), message);
  return { login, response };
}

export function encodeLoginFinish({ request, nextTicket }: LoginFinish): Bytes {
  return encodeCanonical([wireFormat, request, nextTicket]);
}

/** Throws WIRE_INVALID. */
export function parseLoginFinish(bytes: Uint8Array): LoginFinish {
  const [request, nextTicket] = parseBody(bytes, message, ticket);
  return { request, nextTicket };
}

export function encodeFactorAnswer({ factor, code }: FactorAnswer): Bytes {
  return encodeCanonical([wireFormat, factor, code]);
}

/** Throws WIRE_INVALID. */
export function parseFactorAnswer(bytes: Uint8Array): FactorAnswer {
  const [factor, code] = parseBody(bytes, oneOf(codeFactors), typed);
  return { factor, code };
}

export function encodeOpening(opening: Opening): Bytes {
  const { isOpen } = opening;
  const offers = isOpen ? [] : opening.factors.map(({ factor, detail }) => [factor, detail]);
  return encodeCanonical([wireFormat, isOpen ? opening.secret : null, isOpen ? opening.openUntil : 0, offers]);
}

/** Throws WIRE_INVALID. */
export function parseOpening(bytes: Uint8Array): Opening {
  const offer = tuple(oneOf(factors), typed);
  const [secret, openUntil, offers] = parseBody(bytes, nullOr(sealedSecret), count, listOf(offer, factors.length));
  if (secret !== null && offers.length === 0) return { isOpen: true, secret, openUntil };
  if (secret !== null || openUntil !== 0 || offers.length === 0) throw wireInvalid('Neither open nor asking');
  return { isOpen: false, factors: offers.map(([factor, detail]) => ({ factor, detail })) };
}

/** The next ticket of a device whose gate a session opens. */
export function encodeGateRequest(nextTicket: Bytes): Bytes {
  return encodeCanonical([wireFormat, nextTicket]);
}

/** Throws WIRE_INVALID. */
export function parseGateRequest(bytes: Uint8Array): Bytes {
  const [nextTicket] = parseBody(bytes, ticket);
  return nextTicket;
}

export function encodeGateAnswer(openUntil: number): Bytes {
  return encodeCanonical([wireFormat, openUntil]);
}

/** Throws WIRE_INVALID. */
export function parseGateAnswer(bytes: Uint8Array): number {
  const [openUntil] = parseBody(bytes, count);
  return openUntil;
}
