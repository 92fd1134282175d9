import { bytesToHex } from '@serment/core/bytes';
import { encodeChallenge, encodeSession, parseChallengeRequest, parseSessionRequest } from '@serment/core/wire/session';
import { challengeInvalid } from '@serment/store/sessions';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { bodyBytes, sendCbor } from '../request.ts';
import { callerOf, refuseSuspended } from '../session-guard.ts';
import { requireStanding } from '../standing.ts';
import { Throttle } from '../throttle.ts';

// From anybody: what is read for nobody in particular is small.
const maxBodyBytes = 4096;

export function addSessionRoutes(app: FastifyInstance, { store, alerts, clock }: AppContext): void {
  const throttle = new Throttle({ limit: 300, windowMs: 60_000, clock });

  app.post('/api/challenges', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    throttle.count(request.ip);
    return sendCbor(reply, encodeChallenge(store.sessions.challenge(parseChallengeRequest(bodyBytes(request)))));
  });

  app.post('/api/sessions', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    throttle.count(request.ip);
    const asked = parseSessionRequest(bodyBytes(request));
    await store.sessions.check(asked);
    const governance = await store.governance(asked.practice);
    const author = governance?.authors.get(bytesToHex(asked.author));
    // An author that is unknown, or the host itself, gets the same answer as a wrong signature.
    const isWitness = author === undefined && (governance?.witnesses.has(bytesToHex(asked.author)) ?? false);
    if (governance === null || author?.type === 'host' || !(author || isWitness)) throw challengeInvalid();
    if (author !== undefined) {
      if (author.revokedAt !== null) alerts.noteRevoked(asked.practice, asked.author);
      await refuseSuspended(store, asked.practice);
      requireStanding(governance, author, clock());
    }
    return sendCbor(reply, encodeSession(await store.sessions.open(asked)));
  });

  app.delete('/api/sessions', { config: { session: true, witness: true, held: true } }, async (request, reply) => {
    const { practice, token } = callerOf(request);
    await store.sessions.end(practice, token);
    return reply.code(204).send();
  });
}
