import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, oneOf, parseBody, textUpTo, wireFormat } from './shape.ts';
import { ticket, typed } from './sign-in-shapes.ts';

export const identityMethods = ['cps', 'psc'] as const;
export type IdentityMethod = (typeof identityMethods)[number];

/** Begins a proof of identity (docs/format/wire.md, Entering). */
export interface IdentityRequest {
  readonly method: IdentityMethod;
  /** SHA-256 of the verifier. */
  readonly challenge: Bytes;
}

/** What came back to the browser, and the verifier that this device kept. */
export interface IdentityProof {
  readonly code: string;
  /** 32 bytes. */
  readonly verifier: Bytes;
}

export interface IdentityLogin extends IdentityProof {
  /** The device's, 32 bytes. */
  readonly author: Bytes;
  readonly ticket: Bytes;
  readonly nextTicket: Bytes;
}

export function encodeIdentityRequest({ method, challenge }: IdentityRequest): Bytes {
  return encodeCanonical([wireFormat, method, challenge]);
}

/** Throws WIRE_INVALID. */
export function parseIdentityRequest(bytes: Uint8Array): IdentityRequest {
  const [method, challenge] = parseBody(bytes, oneOf(identityMethods), bytesOf(32));
  return { method, challenge };
}

/** The address that the browser opens. */
export function encodeIdentityAddress(address: string): Bytes {
  return encodeCanonical([wireFormat, address]);
}

/** Throws WIRE_INVALID. */
export function parseIdentityAddress(bytes: Uint8Array): string {
  const [address] = parseBody(bytes, textUpTo(2048));
  return address;
}

export function encodeIdentityLogin(login: IdentityLogin): Bytes {
  const { code, verifier, author, ticket: own, nextTicket } = login;
  return encodeCanonical([wireFormat, code, verifier, author, own, nextTicket]);
}

/** Throws WIRE_INVALID. */
export function parseIdentityLogin(bytes: Uint8Array): IdentityLogin {
  const [code, verifier, author, own, nextTicket] = parseBody(bytes, typed, bytesOf(32), bytesOf(32), ticket, ticket);
  return { code, verifier, author, ticket: own, nextTicket };
}

export function encodeIdentityProof({ code, verifier }: IdentityProof): Bytes {
  return encodeCanonical([wireFormat, code, verifier]);
}

/** Throws WIRE_INVALID. */
export function parseIdentityProof(bytes: Uint8Array): IdentityProof {
  const [code, verifier] = parseBody(bytes, typed, bytesOf(32));
  return { code, verifier };
}

/** What an account gives to its member's card: 32 bytes. */
export function encodeCardShare(share: Bytes): Bytes {
  return encodeCanonical([wireFormat, share]);
}

/** Throws WIRE_INVALID. */
export function parseCardShare(bytes: Uint8Array): Bytes {
  const [share] = parseBody(bytes, bytesOf(32));
  return share;
}
