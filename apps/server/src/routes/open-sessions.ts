import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { refuseStanding } from '@serment/core/journal/standing';
import { encodeOpenSessions } from '@serment/core/wire/session';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { idParam, sendCbor } from '../request.ts';
import { type Caller, callerOf, memberOf } from '../session-guard.ts';
import type { SignIn } from '../sign-in/sign-in.ts';

const path = '/api/account/sessions';

/** Where a member is open now, and closing it from elsewhere. Of other members' sessions nothing is told. */
export function addOpenSessionRoutes(app: FastifyInstance, { store, clock }: AppContext, { entrance }: SignIn): void {
  /** What the caller's member may have a session of, once it is freed if it is stopped now. */
  const sessionsOf = async (caller: Caller) => {
    const { practice, member } = memberOf(caller);
    const governance = await store.governance(practice);
    const own = [...(governance?.authors.values() ?? [])].filter(
      (author) => author.member === member && author.revokedAt === null,
    );
    return { practice, member: hexToBytes(member), authors: own.map(({ author }) => author), governance };
  };
  const trace = async (owner: { practice: Bytes; member: Bytes }, authors: readonly Bytes[]): Promise<void> => {
    // One device may have had several: its members are told of the device, once.
    const once = new Map(authors.map((author) => [bytesToHex(author), author]));
    if (once.size > 0) await entrance.traceMember('session-ended', owner, [...once.values()]);
  };

  app.get(path, { config: { session: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const { practice, authors, governance } = await sessionsOf(caller);
    // What is left of a device that was stopped or revoked is refused at its next request: nothing is open there.
    const mayAct = (author: Bytes) => {
      const known = governance?.authors.get(bytesToHex(author));
      return (
        governance !== null &&
        known !== undefined &&
        refuseStanding(governance, known, { receivedAt: clock() }) === null
      );
    };
    const open = await store.sessions.list({ practice, authors: authors.filter(mayAct) }, caller.token);
    return sendCbor(reply, encodeOpenSessions(open));
  });

  app.delete(path, { config: { session: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const owner = await sessionsOf(caller);
    const closed = await store.sessions.close(owner, { allBut: caller.token });
    await trace(owner, closed);
    return reply.code(204).send();
  });

  app.delete(`${path}/:session`, { config: { session: true } }, async (request, reply) => {
    const owner = await sessionsOf(callerOf(request));
    const closed = await store.sessions.close(owner, { session: idParam(request, 'session', 32) });
    if (closed.length === 0) throw notFound();
    await trace(owner, closed);
    return reply.code(204).send();
  });
}
