import { createHash } from 'node:crypto';
import { equalSecret } from '@serment/core/bytes';
import { encodeAppendAnswer, parseAppendRequest } from '@serment/core/wire/append';
import { identityMethods } from '@serment/core/wire/identity';
import { encodeFoundPractice } from '@serment/core/wire/practice';
import { encodeHostStatus, encodePracticeStatus } from '@serment/core/wire/status';
import { maxBlobBytes } from '@serment/core/wire/upload';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { bodyBytes, idQuery, sendCbor, sendJson } from '../request.ts';
import { callerOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

/** What a recovery kit holds of its practice's id: nobody guesses it. */
const practicePrefixBytes = 16;
/** A dozen entries of a few kilobytes each. */
const maxGenesisBytes = 262_144;

export function addPracticeRoutes(app: FastifyInstance, context: AppContext): void {
  const { store, version, publicUrl, invitations, clock, psc, cardOrigin } = context;
  const throttle = new Throttle({ limit: 60, windowMs: 60_000, clock });

  const identity = identityMethods.filter((method) => (method === 'cps' ? cardOrigin : psc) !== null);
  app.get('/api/host', async (_request, reply) => {
    const { author } = store.hostKeys.signer;
    return sendJson(
      reply,
      encodeHostStatus({ author, version, time: clock(), local: publicUrl === null, maxBlobBytes, identity }),
    );
  });

  // Before the body is read.
  const onRequest = async (request: FastifyRequest) => {
    throttle.count(request.ip);
    if (invitations !== null) requireInvitation(invitations, request.headers['serment-invitation']);
  };
  app.post('/api/practices', { bodyLimit: maxGenesisBytes, onRequest }, async (request, reply) => {
    const appended = await store.create(parseAppendRequest(bodyBytes(request)));
    return sendCbor(reply, encodeAppendAnswer(appended), 201);
  });

  app.get('/api/practices', async (request, reply) => {
    throttle.count(request.ip);
    const practice = await store.findPractice(idQuery(request, 'prefix', practicePrefixBytes));
    if (practice === null) throw notFound();
    return sendCbor(reply, encodeFoundPractice(practice));
  });

  app.get('/api/practices/:practice', async (request, reply) => {
    const { practice } = callerOf(request);
    return sendJson(reply, encodePracticeStatus(await store.status(practice)));
  });

  app.get('/api/practices/:practice/checkpoint', { config: { witness: true } }, async (request, reply) => {
    const { practice } = callerOf(request);
    const checkpoint = await store.checkpoint(practice);
    if (checkpoint === null) throw notFound();
    return reply.type('text/plain; charset=utf-8').send(checkpoint.note);
  });
}

function requireInvitation(invitations: readonly string[], given: string | string[] | undefined): void {
  const hash = (text: string) => new Uint8Array(createHash('sha256').update(text).digest());
  const asked = hash(typeof given === 'string' ? given : '');
  // Every one is compared: how long it takes tells nothing.
  const matches = invitations.filter((invitation) => equalSecret(hash(invitation), asked));
  if (matches.length === 0)
    throw new ServerError('INVITATION_REQUIRED', 'An invitation is needed to create a practice here', {
      hint: 'Ask the host for one.',
    });
}
