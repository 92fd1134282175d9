import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, parseBody, wireFormat } from './shape.ts';

/** Answer to `GET /api/practices?prefix=`: a kit names its practice by the first 16 bytes of its id. */
export function encodeFoundPractice(practice: Bytes): Bytes {
  return encodeCanonical([wireFormat, practice]);
}

/** Throws WIRE_INVALID. */
export function parseFoundPractice(bytes: Uint8Array): Bytes {
  const [practice] = parseBody(bytes, bytesOf(32));
  return practice;
}
