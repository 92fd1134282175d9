import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { holdOf } from '@serment/core/journal/standing';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from './app-context.ts';
import { notFound, ServerError } from './error.ts';
import { authorHeld } from './held.ts';
import { idParam } from './request.ts';
import { requireStanding } from './standing.ts';

type SessionContext = Pick<AppContext, 'store' | 'clock'>;

export interface Caller {
  readonly practice: Bytes;
  readonly author: Bytes;
  /** In hexadecimal; null for an author that is no member's. */
  readonly member: string | null;
  readonly token: Bytes;
  /** It reads what a person reads, and nothing of it is taken, until a member says that what it did is meant. */
  readonly isHeld: boolean;
  /** A witness that the practice names, and none of its authors. */
  readonly isWitness: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** A route outside `/api/practices/:practice` that needs a session. */
    readonly session?: boolean;
    /** A route that a witness may ask too (docs/format/wire.md, Witnesses): every other one is refused. */
    readonly witness?: boolean;
    /** Whether a held device may ask it: by default what changes nothing (docs/security/holds.md). */
    readonly held?: boolean;
  }
}

const ownPath = '/api/practices/:practice';

/** Asks who calls before anything of the body is read: at every route of a practice, and those marked `session`. */
export function guardSessions(app: FastifyInstance, context: SessionContext): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    const { url = '', config } = request.routeOptions;
    if (url === ownPath || url.startsWith(`${ownPath}/`)) request.caller = await requireOwnPractice(context, request);
    else if (config.session) request.caller = await requireSession(context, request);
    if (request.caller?.isWitness && !config.witness) throw memberRequired();
    if (request.caller?.isHeld && !(config.held ?? isReading(request))) throw authorHeld();
  });
}

/** Who asks, as the guard found. Throws SESSION_REQUIRED at a route that it does not guard. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw sessionRequired();
  return request.caller;
}

/**
 * Who asks. Throws SESSION_REQUIRED, SESSION_CLOSED, PRACTICE_SUSPENDED, and what `requireStanding` throws once its author may not act any
 * more: the session is then ended.
 */
export async function requireSession({ store, clock }: SessionContext, request: FastifyRequest): Promise<Caller> {
  const token = tokenOf(request);
  const owner = token === null ? null : await store.sessions.find(token);
  if (token === null || owner === null) throw sessionRequired();
  const governance = await store.governance(owner.practice);
  const known = governance?.authors.get(bytesToHex(owner.author));
  if (known !== undefined) await refuseSuspended(store, owner.practice);
  const who = { practice: owner.practice, author: owner.author, token, isHeld: false };
  if (known === undefined && governance?.witnesses.has(bytesToHex(owner.author)))
    return { ...who, member: null, isWitness: true };
  if (governance === null || known === undefined) throw sessionRequired();
  try {
    requireStanding(governance, known, clock());
  } catch (refusal) {
    await store.sessions.end(owner.practice, token);
    throw refusal;
  }
  return { ...who, member: known.member, isWitness: false, isHeld: holdOf(known) !== null };
}

/**
 * Throws PRACTICE_SUSPENDED, with since when (ms). Witnesses go on all the same: they say what the host does.
 */
export async function refuseSuspended(store: AppContext['store'], practice: Bytes): Promise<void> {
  const since = await store.suspensions.since(practice);
  if (since === null) return;
  throw new ServerError('PRACTICE_SUSPENDED', 'The host has suspended this practice', {
    fields: { since },
    hint: 'Ask the host why. Nothing is erased, copies go on, and serment open reads one with the recovery kit.',
  });
}

/** Who asks, for the practice in the path. Throws also NOT_FOUND when it is another's. */
async function requireOwnPractice(context: SessionContext, request: FastifyRequest): Promise<Caller> {
  const practice = idParam(request, 'practice', 32);
  const caller = await requireSession(context, request);
  if (!equalBytes(caller.practice, practice)) throw notFound();
  return caller;
}

/** The same, once it is a member's. Throws MEMBER_REQUIRED. */
export function memberOf(caller: Caller): Caller & { readonly member: string } {
  const { member } = caller;
  if (member === null) throw memberRequired();
  return { ...caller, member };
}

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function tokenOf({ headers }: FastifyRequest): Bytes | null {
  // No cookie: one of loopback would be sent to every port of it, whoever listens there.
  const text = /^Bearer ([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1];
  return text === undefined ? null : hexToBytes(text);
}

function memberRequired(): ServerError {
  return new ServerError('MEMBER_REQUIRED', 'Only a member may do this');
}

function sessionRequired(): ServerError {
  return new ServerError('SESSION_REQUIRED', 'A session is needed');
}
