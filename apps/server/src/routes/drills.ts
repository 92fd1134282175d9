import { bytesToHex } from '@serment/core/bytes';
import { encodePendingDrills } from '@serment/core/wire/drill';
import { parseCopyNamed } from '@serment/core/wire/status';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { bodyBytes, sendJson } from '../request.ts';
import { callerOf, memberOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

const path = '/api/practices/:practice/drills';
const hourMs = 3_600_000;
/** Each takes a core and disk of the host for as long as a restoration does, and leaves an entry. */
const hourly = 6;

/** A member has a copy restored to prove it, and sees what waits; what came of it stands in the journal. */
export function addDrillRoutes(app: FastifyInstance, { drills, clock }: AppContext): void {
  const throttle = new Throttle({ limit: hourly, windowMs: hourMs, clock });

  app.get(path, async (request, reply) => {
    const { practice } = callerOf(request);
    return sendJson(reply, encodePendingDrills((await drills?.pending(bytesToHex(practice))) ?? []));
  });

  app.post(path, { bodyLimit: 4096 }, async (request, reply) => {
    const { practice } = memberOf(callerOf(request));
    const name = bytesToHex(practice);
    const copy = parseCopyNamed(bodyBytes(request));
    throttle.count(name);
    if (drills === null || !(await drills.ask(name, copy))) throw notFound();
    return reply.code(202).send();
  });
}
