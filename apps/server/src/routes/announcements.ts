import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { announcements } from '@serment/core/journal/body';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { textParam } from '../request.ts';
import { callerOf, memberOf } from '../session-guard.ts';

/** A device says what it is about to read many files for: its practice reads that in its journal, before it reads them. */
export function addAnnouncementRoutes(app: FastifyInstance, { store, alerts }: AppContext): void {
  app.put('/api/practices/:practice/announcements/:what', async (request, reply) => {
    const { practice, author, member } = memberOf(callerOf(request));
    const what = announcements.find((one) => one === textParam(request, 'what'));
    if (what === undefined) throw notFound();
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
  });
}
