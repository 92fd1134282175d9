import { type Bytes, bytesToHex, hexToBytes, ownBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { SentEntry } from '@serment/core/wire/append';
import type { OutboxItem } from './outbox.ts';
import type { OutboxPart } from './sending.ts';

const format = 2;

/** An item as this device keeps it, before sealing: no other reader depends on this form. */
export function encodeItem({ id, sequence, createdAt, parts, sent, problem }: OutboxItem): Bytes {
  const sentValues = sent?.map(({ statement, payload }): CborValue => [statement, payload]) ?? null;
  return encodeCanonical([format, hexToBytes(id), sequence, createdAt, parts.map(partToCbor), sentValues, problem]);
}

/** Null for what this version did not write: an item is read whole or not at all. */
export function decodeItem(bytes: Bytes): OutboxItem | null {
  try {
    const [written, id, sequence, createdAt, parts, sent, problem] = list(decodeCanonical(bytes));
    if (written !== format) return null;
    return {
      id: bytesToHex(bytesOf(id)),
      sequence: numberOf(sequence),
      createdAt: numberOf(createdAt),
      parts: list(parts).map(partOf),
      sent: sent === null ? null : list(sent).map(sentOf),
      problem: problem === null ? null : textOf(problem),
    };
  } catch (error) {
    if (error instanceof Unreadable || error instanceof CodedError) return null;
    throw error;
  }
}

class Unreadable extends Error {}

function partToCbor({ stream, body, content, blobs }: OutboxPart): CborValue {
  const blobValues = blobs.map(({ hash, size }): CborValue => [hash, size]);
  return [[stream.compartment, stream.name, stream.id], bodyToCbor(body), content, blobValues];
}

function bodyToCbor(body: OutboxPart['body']): CborValue {
  if (body.kind === 'records') return [body.kind, body.binding];
  if (body.kind === 'snapshot') return [body.kind, body.index, body.id];
  if (body.kind === 'deposit') return [body.kind, body.id];
  return body.kind === 'heads' ? [body.kind, body.size, body.root] : [body.kind];
}

function partOf(value: CborValue): OutboxPart {
  const [stream, body, content, blobs] = list(value);
  const [compartment, name, id] = list(stream);
  return {
    stream: { compartment: textOf(compartment), name: textOf(name), id: bytesOf(id) },
    body: bodyOf(list(body)),
    content: bytesOf(content),
    blobs: list(blobs).map((blob) => {
      const [hash, size] = list(blob);
      return { hash: bytesOf(hash), size: numberOf(size) };
    }),
  };
}

function bodyOf([kind, first, second]: readonly CborValue[]): OutboxPart['body'] {
  if (kind === 'records' && typeof first === 'boolean') return { kind, binding: first };
  if (kind === 'opened' || kind === 'reread') return { kind };
  if (kind === 'deposit') return { kind, id: bytesOf(first) };
  if (kind === 'snapshot') return { kind, index: numberOf(first), id: bytesOf(second) };
  if (kind === 'heads') return { kind, size: numberOf(first), root: bytesOf(second) };
  throw new Unreadable();
}

function sentOf(value: CborValue): SentEntry {
  const [statement, payload] = list(value);
  return { statement: bytesOf(statement), payload: payload === null ? null : bytesOf(payload) };
}

function list(value: CborValue | undefined): readonly CborValue[] {
  if (!Array.isArray(value)) throw new Unreadable();
  return value;
}

function bytesOf(value: CborValue | undefined): Bytes {
  if (!(value instanceof Uint8Array)) throw new Unreadable();
  return ownBytes(value);
}

function textOf(value: CborValue | undefined): string {
  if (typeof value !== 'string') throw new Unreadable();
  return value;
}

function numberOf(value: CborValue | undefined): number {
  if (typeof value !== 'number') throw new Unreadable();
  return value;
}
