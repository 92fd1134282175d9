import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import type { Store } from '@serment/store/store';
import type { FastifyRequest } from 'fastify';
import { notFound, ServerError } from './error.ts';
import { idParam } from './request.ts';

export interface Caller {
  readonly practice: Bytes;
  readonly author: Bytes;
  /** In hexadecimal; null for an author that is no member's. */
  readonly member: string | null;
  readonly token: Bytes;
}

/** Name of the cookie; a browser holds the second form to https and to this host alone. */
export function cookieName(isHttps: boolean): string {
  return isHttps ? '__Host-serment' : 'serment';
}

/** Who asks. Throws SESSION_REQUIRED, and AUTHOR_REVOKED once its author is. */
export async function requireSession(store: Store, request: FastifyRequest): Promise<Caller> {
  const token = tokenOf(request);
  const owner = token === null ? null : await store.sessions.find(token);
  if (token === null || owner === null) throw new ServerError('SESSION_REQUIRED', 'A session is needed');
  const governance = await store.governance(owner.practice);
  const known = governance?.authors.get(bytesToHex(owner.author));
  if (known === undefined) throw new ServerError('SESSION_REQUIRED', 'A session is needed');
  if (known.revokedAt !== null) throw new ServerError('AUTHOR_REVOKED', 'This device or kit was revoked');
  return { practice: owner.practice, author: owner.author, member: known.member, token };
}

/** Who asks, for the practice in the path. Throws also NOT_FOUND when it is another's. */
export async function requireOwnPractice(store: Store, request: FastifyRequest): Promise<Caller> {
  const practice = idParam(request, 'practice', 32);
  const caller = await requireSession(store, request);
  if (!equalBytes(caller.practice, practice)) throw notFound();
  return caller;
}

function tokenOf({ headers }: FastifyRequest): Bytes | null {
  const bearer = /^Bearer ([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1];
  const text = bearer ?? /(?:^|;\s*)(?:__Host-)?serment=([0-9a-f]{64})(?:;|$)/.exec(headers.cookie ?? '')?.[1];
  return text === undefined ? null : hexToBytes(text);
}
