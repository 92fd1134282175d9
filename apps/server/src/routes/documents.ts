import { Readable } from 'node:stream';
import { bytesToHex } from '@serment/core/bytes';
import { encodeUploadAnswer, parseUploadClose, parseUploadRequest, partSizeBytes } from '@serment/core/wire/upload';
import { isAnyOf } from '@serment/store/journal/read';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { inboxesOf, refuseKept } from '../inboxes.ts';
import { bodyBytes, idParam, numberParam, sendCbor } from '../request.ts';
import { restricted, shutOutStreams } from '../restricted.ts';
import { callerOf } from '../session-guard.ts';

export function addDocumentRoutes(app: FastifyInstance, context: AppContext): void {
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

  app.get('/api/practices/:practice/blobs/:hash', async (request, reply) => {
    const caller = callerOf(request);
    const { practice, author } = caller;
    const hash = idParam(request, 'hash', 32);
    const size = await uploads.size(practice, hash);
    if (size === null) throw notFound();
    const shutOut = await shutOutStreams(store, caller);
    if (await isAnyOf(store.database, practice, shutOut, { blob: hash })) throw restricted();
    await refuseKept(context, practice, await inboxesOf(context, caller), { blob: hash });
    const range = parseRange(request.headers.range, size);
    const { start, end } = range ?? { start: 0, end: size };
    await store.traceFetch(practice, author, [{ what: 'blob', id: hash, from: start, count: end - start }]);
    reply.headers({ 'accept-ranges': 'bytes', etag: `"${bytesToHex(hash)}"`, 'content-length': end - start });
    if (range !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
    reply.type('application/octet-stream');
    return reply.send(Readable.from(blobs.read({ practice, hash }, { start, end }), { objectMode: false }));
  });
}

/** One range of RFC 9110 section 14; null for the whole, also when several are asked. Throws RANGE_NOT_SATISFIABLE. */
function parseRange(text: string | undefined, size: number): { start: number; end: number } | null {
  const [matched, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? [];
  if (matched === undefined || (first === '' && last === '')) return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new ServerError('RANGE_NOT_SATISFIABLE', 'The document has no such bytes', { fields: { size } });
}
