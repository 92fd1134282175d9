import { bytesToHex } from '@serment/core/bytes';
import { encodeChallenge, encodeSession, parseChallengeRequest, parseSessionRequest } from '@serment/core/wire/session';
import { StoreError } from '@serment/store/error';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { bodyBytes, sendCbor } from '../request.ts';
import { cookieName, requireSession } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

export function addSessionRoutes(app: FastifyInstance, { store, isHttps, clock }: AppContext): void {
  const throttle = new Throttle({ limit: 300, windowMs: 60_000, clock });
  const cookie = (value: string, seconds: number) =>
    `${cookieName(isHttps)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isHttps ? '; Secure' : ''}`;

  app.post('/api/challenges', async (request, reply) => {
    throttle.count(request.ip);
    return sendCbor(reply, encodeChallenge(store.sessions.challenge(parseChallengeRequest(bodyBytes(request)))));
  });

  app.post('/api/sessions', async (request, reply) => {
    throttle.count(request.ip);
    const asked = parseSessionRequest(bodyBytes(request));
    const governance = await store.governance(asked.practice);
    const author = governance?.authors.get(bytesToHex(asked.author));
    // An author that is unknown, revoked, or the host itself gets the same answer as a wrong signature.
    if (author === undefined || author.revokedAt !== null || author.type === 'host')
      throw new StoreError('CHALLENGE_INVALID', 'The challenge is not answered', { hint: 'Ask for a new challenge.' });
    const session = await store.sessions.open(asked);
    const seconds = Math.floor((session.expires - clock()) / 1000);
    reply.header('set-cookie', cookie(bytesToHex(session.token), seconds));
    return sendCbor(reply, encodeSession(session));
  });

  app.delete('/api/sessions', async (request, reply) => {
    const { practice, token } = await requireSession(store, request);
    await store.sessions.end(practice, token);
    return reply.header('set-cookie', cookie('', 0)).code(204).send();
  });
}
