import {
  Z_DEFAULT_STRATEGY,
  Z_FINISH,
  Z_STREAM_END,
  ZStream,
  zlibDeflate,
  zlibDeflateInit2,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
} from 'pako';
import { type Bytes, concatBytes } from './bytes.ts';
import type { DeflatePlatform } from './deflate.ts';

const level = 6;
const method = 8;
/** Tables for some thousand places: what is deflated at once is small. */
const memLevel = 4;
/** The format's own window, and raw. */
const windowBits = -15;

/** What comes out, before it is given. */
const scratch = new Uint8Array(256 * 1024);
const nothing = new Uint8Array();

/** Used again: its tables cost more than a note. It holds nothing of what went through it. */
let rested: ZStream | null = null;

/** The platform has no DEFLATE at once. */
export const platform: DeflatePlatform = {
  deflate(content) {
    const stream = new ZStream();
    zlibDeflateInit2(stream, level, method, windowBits, memLevel, Z_DEFAULT_STRATEGY);
    feed(stream, content);
    const deflated = run(() => zlibDeflate(stream, Z_FINISH), stream, Number.POSITIVE_INFINITY);
    if (deflated === null) throw new TypeError('The content was not deflated');
    return deflated;
  },
  inflate(deflated, { maxBytes }) {
    const stream = rested ?? begun();
    rested = null;
    feed(stream, deflated);
    const content = run(() => zlibInflate(stream, Z_FINISH), stream, maxBytes);
    const restBytes = stream.avail_in;
    // One that had to stop for room, or for more to read, keeps the last 32 kB of what it gave.
    if (content !== null && content.length < scratch.length) {
      zlibInflateReset(stream);
      stream.input = nothing;
      rested = stream;
    }
    return content === null ? null : { content, restBytes };
  },
};

function begun(): ZStream {
  const stream = new ZStream();
  zlibInflateInit2(stream, windowBits);
  return stream;
}

function feed(stream: ZStream, input: Uint8Array): void {
  stream.input = input;
  stream.next_in = 0;
  stream.avail_in = input.length;
}

/** All that the stream gives; null for what does not end where it must, or is larger. */
function run(step: () => number, stream: ZStream, maxBytes: number): Bytes | null {
  const parts: Bytes[] = [];
  let sizeBytes = 0;
  let filled = 0;
  stream.output = scratch;
  try {
    while (true) {
      stream.next_out = 0;
      stream.avail_out = scratch.length;
      const status = step();
      filled = Math.max(filled, stream.next_out);
      sizeBytes += stream.next_out;
      const isEnd = status === Z_STREAM_END;
      if (sizeBytes > maxBytes || !(isEnd || stream.avail_out === 0)) return null;
      parts.push(scratch.slice(0, stream.next_out));
      const [first] = parts;
      if (isEnd) return parts.length === 1 && first !== undefined ? first : concatBytes(...parts);
    }
  } finally {
    scratch.fill(0, 0, filled);
  }
}
