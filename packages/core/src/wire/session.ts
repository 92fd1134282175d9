import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, count, flag, listOf, parseBody, tuple, wireFormat } from './shape.ts';

export interface ChallengeRequest {
  readonly practice: Bytes;
  readonly author: Bytes;
}

export interface Challenge {
  /** 32 bytes, for one use. */
  readonly nonce: Bytes;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export interface SessionRequest extends ChallengeRequest {
  readonly nonce: Bytes;
  /** The author's, over `sessionMessage`. */
  readonly signature: Bytes;
}

export interface Session {
  /** 32 bytes; in hexadecimal behind `Authorization: Bearer`. */
  readonly token: Bytes;
  readonly expires: number;
}

/** A session that is open, as the member is told whose device opened it. */
export interface OpenSession {
  /** SHA-256 of its token: names it, and opens nothing. */
  readonly session: Bytes;
  readonly author: Bytes;
  /** The host's clock, milliseconds, as `used`. */
  readonly opened: number;
  /** When it last asked for something, or heard events; to about a minute. */
  readonly used: number;
  /** Whether it is the one that asks. */
  readonly isThis: boolean;
}

/** Open sessions that one answer tells of. */
export const maxSessionsTold = 256;

const sessionLabel = utf8ToBytes('serment/session/1\0');

/** What an author signs to open a session (docs/format/wire.md, session). */
export function sessionMessage({ practice, author }: ChallengeRequest, nonce: Uint8Array): Bytes {
  return concatBytes(sessionLabel, practice, author, nonce);
}

export function encodeChallengeRequest({ practice, author }: ChallengeRequest): Bytes {
  return encodeCanonical([wireFormat, practice, author]);
}

/** Throws WIRE_INVALID. */
export function parseChallengeRequest(bytes: Uint8Array): ChallengeRequest {
  const [practice, author] = parseBody(bytes, bytesOf(32), bytesOf(32));
  return { practice, author };
}

export function encodeChallenge({ nonce, expires }: Challenge): Bytes {
  return encodeCanonical([wireFormat, nonce, expires]);
}

/** Throws WIRE_INVALID. */
export function parseChallenge(bytes: Uint8Array): Challenge {
  const [nonce, expires] = parseBody(bytes, bytesOf(32), count);
  return { nonce, expires };
}

export function encodeSessionRequest({ practice, author, nonce, signature }: SessionRequest): Bytes {
  return encodeCanonical([wireFormat, practice, author, nonce, signature]);
}

/** Throws WIRE_INVALID. */
export function parseSessionRequest(bytes: Uint8Array): SessionRequest {
  const [practice, author, nonce, signature] = parseBody(bytes, bytesOf(32), bytesOf(32), bytesOf(32), bytesOf(64));
  return { practice, author, nonce, signature };
}

export function encodeSession({ token, expires }: Session): Bytes {
  return encodeCanonical([wireFormat, token, expires]);
}

/** Throws WIRE_INVALID. */
export function parseSession(bytes: Uint8Array): Session {
  const [token, expires] = parseBody(bytes, bytesOf(32), count);
  return { token, expires };
}

export function encodeOpenSessions(sessions: readonly OpenSession[]): Bytes {
  const told = sessions.map(({ session, author, opened, used, isThis }) => [session, author, opened, used, isThis]);
  return encodeCanonical([wireFormat, told]);
}

/** Throws WIRE_INVALID. */
export function parseOpenSessions(bytes: Uint8Array): OpenSession[] {
  const shape = tuple(bytesOf(32), bytesOf(32), count, count, flag);
  const [sessions] = parseBody(bytes, listOf(shape, maxSessionsTold));
  return sessions.map(([session, author, opened, used, isThis]) => ({ session, author, opened, used, isThis }));
}
