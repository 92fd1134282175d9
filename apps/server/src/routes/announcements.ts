import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { type Announcement, announcements } from '@serment/core/journal/body';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { callerOf, memberOf } from '../session-guard.ts';

/** A device says what it is about to read many files for: its practice reads that in its journal, before it reads them. */
export function addAnnouncementRoutes(app: FastifyInstance, { store, alerts }: AppContext): void {
  for (const what of announcements)
    app.put(`/api/practices/:practice/announcements/${what}`, (request, reply) => announce(what, request, reply));

  async function announce(what: Announcement, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { practice, author, member } = memberOf(callerOf(request));
    const governance = await store.governance(practice);
    const device = governance?.authors.get(bytesToHex(author));
    const isDoctors = governance?.members.get(member)?.role === 'doctor';
    if (!isDoctors || device?.type !== 'device' || device.label === 'script')
      throw new ServerError('MEMBER_REQUIRED', 'Only a doctor’s device makes what is announced');
    if (!alerts.isAnnounced(practice, author)) {
      await store.appendAsHost(practice, [{ kind: 'access', what, member: hexToBytes(member), author }]);
      alerts.noteAnnounced(practice, author);
    }
    return reply.code(204).send();
  }
}
