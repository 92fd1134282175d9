import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DeflatePlatform } from './deflate.ts';

const chunkBytes = { least: 1024, most: 262_144 } as const;

/** The platform's own zlib. */
export const platform: DeflatePlatform = {
  deflate: (content) => new Uint8Array(deflateRawSync(content)),
  inflate(deflated, { maxBytes }) {
    const chunkSize = Math.min(Math.max(4 * deflated.length, chunkBytes.least), chunkBytes.most);
    const options = { info: true, maxOutputLength: Math.max(maxBytes, 1), chunkSize } as const;
    try {
      const made: unknown = inflateRawSync(deflated, options);
      const { buffer, engine } = made as InflatedInfo;
      if (buffer.length > maxBytes) return null;
      return { content: new Uint8Array(buffer), restBytes: deflated.length - engine.bytesWritten };
    } catch {
      return null;
    }
  },
};

/** What `info` asks for; the types do not tell it. */
interface InflatedInfo {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}
