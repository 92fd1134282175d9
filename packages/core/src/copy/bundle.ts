import { type Bytes, concatBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { bundleSize } from './names.ts';

/** Greatest entry (journal.md) and greatest payload kept in a bundle: above it, a payload is a blob (sealing.md). */
const maxEntryBytes = 32_768;
export const maxInlinePayloadBytes = 65_536;
/** The u32 that stands for "not here" in payload bundles and stream indexes. */
export const absent = 0xffff_ffff;

/** Where an item's first byte stands in its bundle, and its size; `absent` as size when it is not there. */
export interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** A full entry bundle (C2SP tlog-tiles): 256 entries, each after its length in two bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Bytes {
  assertCount(entries.length);
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length === 0 || entry.length > maxEntryBytes) throw invalid('An entry has a size that no bundle holds');
    parts.push(Uint8Array.of(entry.length >>> 8, entry.length & 0xff), entry);
  }
  return concatBytes(...parts);
}

/** The 256 entries of a bundle, as windows on `bytes`. Throws COPY_OBJECT_INVALID. */
export function parseEntryBundle(bytes: Bytes): Bytes[] {
  return entryExtents(bytes).map(({ offset, size }) => bytes.subarray(offset, offset + size));
}

export function entryExtents(bytes: Uint8Array): Extent[] {
  const extents: Extent[] = [];
  let offset = 0;
  for (let index = 0; index < bundleSize; index += 1) {
    if (offset + 2 > bytes.length) throw invalid('An entry bundle ends early');
    const size = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
    if (size === 0 || size > maxEntryBytes) throw invalid('An entry has a size that no bundle holds');
    offset += 2;
    if (offset + size > bytes.length) throw invalid('An entry bundle ends early');
    extents.push({ offset, size });
    offset += size;
  }
  if (offset !== bytes.length) throw invalid('An entry bundle has more than 256 entries');
  return extents;
}

/** A payload bundle: 256 times a u32 length and the payload; null for one that is not here. */
export function encodePayloadBundle(payloads: readonly (Uint8Array | null)[]): Bytes {
  assertCount(payloads.length);
  const parts: Uint8Array[] = [];
  for (const payload of payloads) {
    if (payload !== null && payload.length > maxInlinePayloadBytes) throw invalid('A payload belongs in a blob');
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, payload === null ? absent : payload.length);
    parts.push(size);
    if (payload !== null) parts.push(payload);
  }
  return concatBytes(...parts);
}

/** The 256 payloads of a bundle, as windows on `bytes`; null where there is none. Throws COPY_OBJECT_INVALID. */
export function parsePayloadBundle(bytes: Bytes): (Bytes | null)[] {
  return payloadExtents(bytes).map(({ offset, size }) =>
    size === absent ? null : bytes.subarray(offset, offset + size),
  );
}

export function payloadExtents(bytes: Uint8Array): Extent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const extents: Extent[] = [];
  let offset = 0;
  for (let index = 0; index < bundleSize; index += 1) {
    if (offset + 4 > bytes.length) throw invalid('A payload bundle ends early');
    const size = view.getUint32(offset);
    offset += 4;
    extents.push({ offset, size });
    if (size === absent) continue;
    if (size > maxInlinePayloadBytes) throw invalid('A payload belongs in a blob');
    if (offset + size > bytes.length) throw invalid('A payload bundle ends early');
    offset += size;
  }
  if (offset !== bytes.length) throw invalid('A payload bundle has more than 256 payloads');
  return extents;
}

function assertCount(count: number): void {
  if (count !== bundleSize) throw invalid('A bundle holds 256 entries');
}

function invalid(message: string): CoreError {
  return new CoreError('COPY_OBJECT_INVALID', message);
}
