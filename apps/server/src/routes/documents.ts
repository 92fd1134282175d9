import { wireInvalid } from '@serment/core/wire/shape';
import { encodeUploadAnswer, parseUploadClose, parseUploadRequest, partSizeBytes } from '@serment/core/wire/upload';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import type { HeldReading } from '../held.ts';
import { refuseUnreadableDocument } from '../readable.ts';
import { bodyBytes, idParam, numberParam, sendCbor } from '../request.ts';
import { sendBlob } from '../send-blob.ts';
import { callerOf } from '../session-guard.ts';

export function addDocumentRoutes(app: FastifyInstance, context: AppContext, heldReading: HeldReading): void {
  const { store } = context;
  const { uploads, blobs } = store;

  app.post('/api/practices/:practice/uploads', async (request, reply) => {
    const { practice } = callerOf(request);
    return sendCbor(reply, encodeUploadAnswer(await uploads.start(practice, parseUploadRequest(bodyBytes(request)))));
  });

  app.put('/api/practices/:practice/uploads/:upload/:part', { bodyLimit: partSizeBytes }, async (request, reply) => {
    const { practice } = callerOf(request);
    await uploads.putPart(practice, idParam(request, 'upload', 16), numberParam(request, 'part'), bodyBytes(request));
    return reply.code(204).send();
  });

  app.post('/api/practices/:practice/uploads/:upload', async (request, reply) => {
    const { practice } = callerOf(request);
    parseUploadClose(bodyBytes(request));
    await uploads.close(practice, idParam(request, 'upload', 16));
    return reply.code(204).send();
  });

  app.put('/api/practices/:practice/blobs/:hash', { bodyLimit: partSizeBytes }, async (request, reply) => {
    const { practice } = callerOf(request);
    const bytes = bodyBytes(request);
    if (bytes.length === 0) throw wireInvalid('A document has one byte at least');
    await uploads.put(practice, idParam(request, 'hash', 32), bytes);
    return reply.code(204).send();
  });

  app.get('/api/practices/:practice/blobs/:hash', async (request, reply) => {
    const caller = callerOf(request);
    const { practice, author } = caller;
    const hash = idParam(request, 'hash', 32);
    await refuseUnreadableDocument(context, caller, hash);
    // As the store has it: what is damaged is sent as it is, and its reader sees it.
    const sizeBytes = await blobs.size({ practice, hash });
    if (sizeBytes === null) throw notFound();
    heldReading.count(caller, [{ what: 'blob', id: hash, from: 0, count: sizeBytes }]);
    const trace = (from: number, count: number) =>
      store.traceFetch(practice, author, [{ what: 'blob', id: hash, from, count }]);
    return sendBlob(request, reply, { hash, sizeBytes, read: (range) => blobs.read({ practice, hash }, range), trace });
  });
}
