import { bytesToHex } from '@serment/core/bytes';
import { encodeChallenge, encodeSession, parseChallengeRequest, parseSessionRequest } from '@serment/core/wire/session';
import { StoreError } from '@serment/store/error';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { bodyBytes, sendCbor } from '../request.ts';
import { callerOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

// From anybody: what is read for nobody in particular is small.
const maxBodyBytes = 4096;

export function addSessionRoutes(app: FastifyInstance, { store, clock }: AppContext): void {
  const throttle = new Throttle({ limit: 300, windowMs: 60_000, clock });

  app.post('/api/challenges', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    throttle.count(request.ip);
    return sendCbor(reply, encodeChallenge(store.sessions.challenge(parseChallengeRequest(bodyBytes(request)))));
  });

  app.post('/api/sessions', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    throttle.count(request.ip);
    const asked = parseSessionRequest(bodyBytes(request));
    const governance = await store.governance(asked.practice);
    const author = governance?.authors.get(bytesToHex(asked.author));
    // An author that is unknown, revoked, or the host itself gets the same answer as a wrong signature.
    if (author === undefined || author.revokedAt !== null || author.type === 'host')
      throw new StoreError('CHALLENGE_INVALID', 'The challenge is not answered', { hint: 'Ask for a new challenge.' });
    return sendCbor(reply, encodeSession(await store.sessions.open(asked)));
  });

  app.delete('/api/sessions', { config: { session: true } }, async (request, reply) => {
    const { practice, token } = callerOf(request);
    await store.sessions.end(practice, token);
    return reply.code(204).send();
  });
}
