import { type Bytes, hexToBytes } from '@serment/core/bytes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound, ServerError } from './error.ts';

/** An identifier of the path; anything else is not found. */
export function idParam(request: FastifyRequest, name: string, sizeBytes: number): Bytes {
  const text = textParam(request, name);
  if (!/^[0-9a-f]+$/.test(text) || text.length !== sizeBytes * 2) throw notFound();
  return hexToBytes(text);
}

/** A decimal number of the path. */
export function numberParam(request: FastifyRequest, name: string): number {
  const value = parseCount(textParam(request, name));
  if (value === null) throw notFound();
  return value;
}

/** A decimal number of the query, or what stands for it when it is not given. Throws REQUEST_INVALID. */
export function numberQuery(request: FastifyRequest, name: string, absent: number | null = null): number {
  const text: unknown = memberOf(request.query, name);
  const value = text === undefined ? absent : typeof text === 'string' ? parseCount(text) : null;
  if (value === null)
    throw new ServerError('REQUEST_INVALID', 'A number is missing or malformed', { fields: { name } });
  return value;
}

/** A text of the query. Throws REQUEST_INVALID. */
export function textQuery(request: FastifyRequest, name: string): string {
  const text: unknown = memberOf(request.query, name);
  if (typeof text === 'string' && text.length <= 255) return text;
  throw new ServerError('REQUEST_INVALID', 'A text is missing, or too long', { fields: { name } });
}

/** An identifier of the query. Throws REQUEST_INVALID. */
export function idQuery(request: FastifyRequest, name: string, sizeBytes: number): Bytes {
  const text: unknown = memberOf(request.query, name);
  if (typeof text === 'string' && /^[0-9a-f]+$/.test(text) && text.length === sizeBytes * 2) return hexToBytes(text);
  throw new ServerError('REQUEST_INVALID', 'An identifier is missing or malformed', { fields: { name } });
}

/** The bytes of the body. Throws REQUEST_INVALID when there is none. */
export function bodyBytes(request: FastifyRequest): Uint8Array {
  if (request.body instanceof Uint8Array) return request.body;
  throw new ServerError('REQUEST_INVALID', 'A body of application/cbor or application/octet-stream is expected');
}

/** Answers with canonical CBOR. */
export function sendCbor(reply: FastifyReply, bytes: Uint8Array, status = 200): FastifyReply {
  return reply
    .code(status)
    .type('application/cbor')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}

function textParam(request: FastifyRequest, name: string): string {
  const value = memberOf(request.params, name);
  return typeof value === 'string' ? value : '';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function parseCount(text: string): number | null {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
