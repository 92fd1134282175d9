import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, count, listOf, nullOr, parseBody, wireFormat, wireInvalid } from './shape.ts';

export interface UploadRequest {
  /** SHA-256 of the sealed bytes. */
  readonly hash: Bytes;
  readonly size: number;
}

export interface UploadAnswer {
  /** 16 bytes; null when the bytes are stored already. */
  readonly upload: Bytes | null;
  readonly partSize: number;
  /** Numbers, from 0, of the parts that are durable. */
  readonly received: readonly number[];
}

/** Every part but the last one has this size, in bytes. */
export const partSizeBytes = 8_388_608;
/** The greatest sealed document, in bytes. */
export const maxBlobBytes = 268_435_456;
const maxParts = maxBlobBytes / partSizeBytes;

export function encodeUploadRequest({ hash, size }: UploadRequest): Bytes {
  return encodeCanonical([wireFormat, hash, size]);
}

/** Throws WIRE_INVALID, for an empty document and for one that is too large as well. */
export function parseUploadRequest(bytes: Uint8Array): UploadRequest {
  const [hash, size] = parseBody(bytes, bytesOf(32), count);
  if (size === 0 || size > maxBlobBytes) throw wireInvalid('A document has 1 to 268 435 456 bytes');
  return { hash, size };
}

export function encodeUploadAnswer({ upload, partSize, received }: UploadAnswer): Bytes {
  return encodeCanonical([wireFormat, upload, partSize, received]);
}

/** Throws WIRE_INVALID. */
export function parseUploadAnswer(bytes: Uint8Array): UploadAnswer {
  const [upload, partSize, received] = parseBody(bytes, nullOr(bytesOf(16)), count, listOf(count, maxParts));
  if (partSize === 0) throw wireInvalid('A part has one byte at least');
  return { upload, partSize, received };
}

/** The body that closes an upload. */
export function encodeUploadClose(): Bytes {
  return encodeCanonical([wireFormat]);
}

/** Throws WIRE_INVALID. */
export function parseUploadClose(bytes: Uint8Array): void {
  parseBody(bytes);
}
