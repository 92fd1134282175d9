import { platform } from '#platform/deflate';
import type { Bytes } from './bytes.ts';

/** Raw DEFLATE (RFC 1951) at once, as each platform does it best. */
export interface DeflatePlatform {
  deflate(content: Uint8Array): Bytes;
  inflate(deflated: Uint8Array, limit: InflateLimit): Inflated | null;
}

export interface InflateLimit {
  /** Of what comes out: nothing larger is held. */
  readonly maxBytes: number;
}

export interface Inflated {
  readonly content: Bytes;
  /** How many bytes stand behind the stream's end. */
  readonly restBytes: number;
}

export function deflate(content: Uint8Array): Bytes {
  return platform.deflate(content);
}

/** Null for what is damaged, cut, or inflates to more than `maxBytes`. */
export function inflate(deflated: Uint8Array, limit: InflateLimit): Inflated | null {
  return platform.inflate(deflated, limit);
}
