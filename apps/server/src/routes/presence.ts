import { bytesToHex } from '@serment/core/bytes';
import { parseBeat } from '@serment/core/wire/presence';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import type { Presences } from '../presences.ts';
import { bodyBytes } from '../request.ts';
import { callerOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

// A beat and the array around it.
const maxBodyBytes = 1024;

/** Takes what a device says of the files that it shows, sealed, for the practice's other devices. */
export function addPresenceRoutes(app: FastifyInstance, { store, clock }: AppContext, presences: Presences): void {
  const byAuthor = new Throttle({ limit: 90, windowMs: 60_000, clock });

  app.put(
    '/api/practices/:practice/presence',
    { bodyLimit: maxBodyBytes, config: { held: true } },
    async (request, reply) => {
      const { practice, author } = callerOf(request);
      byAuthor.count(bytesToHex(author));
      const governance = await store.governance(practice);
      if (governance?.authors.get(bytesToHex(author))?.type !== 'device')
        throw new ServerError('MEMBER_REQUIRED', 'Only a member’s device says what it shows');
      presences.take({ practice, author }, parseBeat(bodyBytes(request)));
      return reply.code(204).send();
    },
  );
}
