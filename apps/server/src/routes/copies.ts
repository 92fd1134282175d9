import { bytesToHex } from '@serment/core/bytes';
import { encodeCopyEntriesAnswer, parseCopyEntriesRequest } from '@serment/core/wire/copy-read';
import { encodeCopies, parseCopyNamed } from '@serment/core/wire/status';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { indexesToItems } from '../fetched-items.ts';
import { refuseUnreadable, refuseUnreadableDocument } from '../readable.ts';
import { bodyBytes, idParam, sendCbor, sendJson, textQuery } from '../request.ts';
import { sendBlob } from '../send-blob.ts';
import { callerOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

const path = '/api/practices/:practice/copies';
/** Of one author: a file with its documents, or a check of many records, and what a copy costs to read. */
const readingsOfAuthor = { limit: 240, windowMs: 60_000 };

/**
 * What copies hold, read from themselves. Every rule of the live side holds here too: a copy gives nobody what a
 * restriction or a deposit keeps from them, and each reading leaves its trace.
 */
export function addCopyRoutes(app: FastifyInstance, context: AppContext): void {
  const { store, copies, clock } = context;
  const { reading } = copies;
  const byAuthor = new Throttle({ ...readingsOfAuthor, clock });
  const onRequest = async (request: FastifyRequest) => {
    const { practice, author } = callerOf(request);
    byAuthor.count(`${bytesToHex(practice)}/${bytesToHex(author)}`);
  };

  app.get(path, async (request, reply) => {
    const { practice } = callerOf(request);
    return sendJson(reply, encodeCopies(copies.status(bytesToHex(practice))));
  });

  app.post(`${path}/entries`, { onRequest }, async (request, reply) => {
    const caller = callerOf(request);
    const { practice, author } = caller;
    const { copy, indexes } = parseCopyEntriesRequest(bodyBytes(request));
    await refuseUnreadable(context, caller, indexes);
    const answer = await reading.entries(bytesToHex(practice), copy, indexes);
    const sent = answer.entries.flatMap(({ index, payload }) => (payload === null ? [] : [index]));
    await store.traceFetch(practice, author, indexesToItems(sent));
    return sendCbor(reply, encodeCopyEntriesAnswer(answer));
  });

  // A copy gives a held device nothing: the live side has what a person needs.
  app.get(`${path}/blobs/:hash`, { onRequest, config: { held: false } }, async (request, reply) => {
    const caller = callerOf(request);
    const { practice, author } = caller;
    const hash = idParam(request, 'hash', 32);
    await refuseUnreadableDocument(context, caller, hash);
    const blob = await reading.blob(bytesToHex(practice), textQuery(request, 'copy'), bytesToHex(hash));
    if (blob === null) throw notFound();
    const trace = (from: number, count: number) =>
      store.traceFetch(practice, author, [{ what: 'blob', id: hash, from, count }]);
    return sendBlob(request, reply, { hash, sizeBytes: blob.sizeBytes, read: (range) => blob.read(range), trace });
  });

  app.put(`${path}/blobs/:hash`, { onRequest, bodyLimit: 4096 }, async (request, reply) => {
    const caller = callerOf(request);
    const { practice } = caller;
    const hash = idParam(request, 'hash', 32);
    const copy = parseCopyNamed(bodyBytes(request));
    await refuseUnreadableDocument(context, caller, hash);
    const blob = await reading.blob(bytesToHex(practice), copy, bytesToHex(hash));
    if (blob === null) throw notFound();
    await store.blobs.mend({ practice, hash }, blob.read({ start: 0, end: blob.sizeBytes }));
    return reply.code(204).send();
  });
}
