import { Readable } from 'node:stream';
import type { Bytes } from '@serment/core/bytes';
import { bytesToHex } from '@serment/core/bytes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServerError } from './error.ts';

interface Sent {
  readonly hash: Bytes;
  readonly sizeBytes: number;
  /** Bytes `start` up to, not including, `end`. */
  readonly read: (range: { readonly start: number; readonly end: number }) => AsyncIterable<Bytes>;
  /** Called before the first byte leaves, with what will. */
  readonly trace: (from: number, count: number) => Promise<void>;
}

/** Answers with sealed bytes, or the one range of them that is asked for. Throws RANGE_NOT_SATISFIABLE. */
export async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  { hash, sizeBytes, read, trace }: Sent,
): Promise<FastifyReply> {
  const range = parseRange(request.headers.range, sizeBytes);
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  await trace(start, end - start);
  reply.headers({ 'accept-ranges': 'bytes', etag: `"${bytesToHex(hash)}"`, 'content-length': end - start });
  if (range !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${sizeBytes}`);
  reply.type('application/octet-stream');
  return reply.send(Readable.from(read({ start, end }), { objectMode: false }));
}

/** One range of RFC 9110 section 14; null for the whole, also when several are asked. */
function parseRange(text: string | undefined, size: number): { start: number; end: number } | null {
  const [matched, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? [];
  if (matched === undefined || (first === '' && last === '')) return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new ServerError('RANGE_NOT_SATISFIABLE', 'The document has no such bytes', { fields: { size } });
}
