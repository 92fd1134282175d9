import { bytesToHex } from '@serment/core/bytes';
import type { FetchedItem } from '@serment/core/journal/body';
import { encodeAppendAnswer, parseAppendRequest } from '@serment/core/wire/append';
import {
  encodeEntriesAnswer,
  encodePayloadsAnswer,
  encodeProofAnswer,
  encodeStreamAnswer,
  maxEntriesRead,
  parsePayloadsRequest,
} from '@serment/core/wire/read';
import { StoreError } from '@serment/store/error';
import {
  readConsistencyProof,
  readEntries,
  readInclusionProof,
  readPayloads,
  readStream,
} from '@serment/store/journal/read';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { indexesToItems } from '../fetched-items.ts';
import type { HeldReading } from '../held.ts';
import { inboxesOf, sinceOf } from '../inboxes.ts';
import { refuseUnreadable } from '../readable.ts';
import { bodyBytes, idParam, numberQuery, sendCbor } from '../request.ts';
import { refuseShutOut, shutOutStreams } from '../restricted.ts';
import { callerOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

const maxAppendBytes = 33_554_432;
/** Requests of one author: far above what a person or an import needs. */
const appendsOfAuthor = { limit: 1200, windowMs: 60_000 };

export function addEntryRoutes(app: FastifyInstance, context: AppContext, heldReading: HeldReading): void {
  const { store, alerts, clock } = context;
  const byAuthor = new Throttle({ ...appendsOfAuthor, clock });
  const limitOf = (limit: number) => Math.min(Math.max(limit, 1), maxEntriesRead);

  app.get('/api/practices/:practice/entries', async (request, reply) => {
    const { practice } = callerOf(request);
    const from = numberQuery(request, 'from', 0);
    const limit = limitOf(numberQuery(request, 'limit', maxEntriesRead));
    const entries = await readEntries(store.database, practice, { from, limit });
    return sendCbor(reply, encodeEntriesAnswer({ from, entries }));
  });

  // Before the body is read: one author must not keep the others from writing.
  const onRequest = async (request: FastifyRequest) => {
    const { practice, author } = callerOf(request);
    byAuthor.count(`${bytesToHex(practice)}/${bytesToHex(author)}`);
  };
  app.post('/api/practices/:practice/entries', { bodyLimit: maxAppendBytes, onRequest }, async (request, reply) => {
    const { practice, author } = callerOf(request);
    const appended = await store.append(practice, parseAppendRequest(bodyBytes(request))).catch((cause: unknown) => {
      if (cause instanceof StoreError && cause.code === 'SEEN_FORK') alerts.noteOtherHistory(practice, author);
      throw cause;
    });
    return sendCbor(reply, encodeAppendAnswer(appended));
  });

  app.get('/api/practices/:practice/streams/:stream', async (request, reply) => {
    const caller = callerOf(request);
    const { practice, author } = caller;
    const stream = idParam(request, 'stream', 16);
    refuseShutOut(await shutOutStreams(store, caller), stream);
    const receivedFrom = sinceOf(await inboxesOf(context, caller), stream);
    const from = numberQuery(request, 'from', 0);
    const limit = limitOf(numberQuery(request, 'limit', maxEntriesRead));
    const answer = await readStream(store.database, practice, stream, { from, limit, receivedFrom });
    if (answer.payloads.some(({ payload }) => payload !== null)) {
      const item: FetchedItem = { what: 'stream', id: stream, from, count: answer.payloads.length };
      heldReading.count(caller, [item]);
      await store.traceFetch(practice, author, [item], reply.elapsedTime);
    }
    return sendCbor(reply, encodeStreamAnswer(answer));
  });

  app.post('/api/practices/:practice/payloads', { config: { held: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const { practice, author } = caller;
    const indexes = parsePayloadsRequest(bodyBytes(request));
    await refuseUnreadable(context, caller, indexes);
    const answer = await readPayloads(store.database, practice, indexes);
    const sent = answer.flatMap(({ index, payload }) => (payload === null ? [] : [index]));
    heldReading.count(caller, indexesToItems(sent));
    await store.traceFetch(practice, author, indexesToItems(sent), reply.elapsedTime);
    return sendCbor(reply, encodePayloadsAnswer(answer));
  });

  app.get('/api/practices/:practice/proofs/inclusion', { config: { witness: true } }, async (request, reply) => {
    const { practice } = callerOf(request);
    const [index, size] = [numberQuery(request, 'index'), numberQuery(request, 'size')];
    return sendCbor(reply, encodeProofAnswer(await readInclusionProof(store.database, practice, index, size)));
  });

  app.get('/api/practices/:practice/proofs/consistency', { config: { witness: true } }, async (request, reply) => {
    const { practice } = callerOf(request);
    const [from, to] = [numberQuery(request, 'from'), numberQuery(request, 'to')];
    return sendCbor(reply, encodeProofAnswer(await readConsistencyProof(store.database, practice, from, to)));
  });
}
