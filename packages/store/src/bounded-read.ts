import { type Bytes, concatBytes } from '@serment/core/bytes';

/**
 * A whole stream, of an answer or of a file; null for one longer than that, of which no more is kept or read: leaving
 * the loop ends the connection or closes the file. Throws what the stream throws.
 */
export async function readAtMost(parts: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<Bytes | null> {
  const kept: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of parts ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) return null;
    kept.push(part);
  }
  return concatBytes(...kept);
}
