import { type Bytes, joinBytes } from '@serment/core/bytes';
import { ReplicaError } from './error.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  /** Longest silence, in milliseconds. */
  readonly idleMs: number;
}

/**
 * The bytes of an answer as they come. A cut, a silence longer than the limit and a body that does not end are errors of
 * the stream: UNREACHABLE for the first two, ANSWER_INVALID for the last.
 */
export function steadyBody(body: ReadableStream<Uint8Array>, limits: BodyLimits): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let sizeBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await withinMs(reader.read(), limits.idleMs);
        if (done) return controller.close();
        sizeBytes += value.length;
        if (sizeBytes > limits.maxBytes) throw tooLarge();
        controller.enqueue(value);
      } catch (cause) {
        controller.error(cause instanceof ReplicaError ? cause : cut(cause));
        reader.cancel().catch(() => undefined);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** A whole body. Throws UNREACHABLE, ANSWER_INVALID. */
export async function wholeBody(body: ReadableStream<Uint8Array> | null, limits: BodyLimits): Promise<Bytes> {
  if (body === null) return new Uint8Array();
  const reader = partReader(body);
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    while (true) {
      const part = await withinMs(reader.read(), limits.idleMs);
      if (part === null) return joinBytes(parts);
      sizeBytes += part.length;
      if (sizeBytes > limits.maxBytes) throw tooLarge();
      parts.push(part);
    }
  } catch (cause) {
    reader.cancel();
    throw cause instanceof ReplicaError ? cause : cut(cause);
  }
}

interface PartReader {
  /** Null at the end. */
  read(): Promise<Uint8Array | null>;
  cancel(): void;
}

const partBytes = 65_536;

/**
 * Where the browser can, all parts come into the same memory and are copied from there: what it gives of its own it holds
 * until all memory is looked through, which a long reading sees at the next hundred megabytes.
 */
function partReader(body: ReadableStream<Uint8Array>): PartReader {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    return plainReader(body);
  }
  let buffer = new ArrayBuffer(partBytes);
  return {
    async read() {
      const { value, done } = await reader.read(new Uint8Array(buffer));
      if (done || value === undefined) return null;
      buffer = value.buffer;
      return value.slice();
    },
    cancel: () => void reader.cancel().catch(() => undefined),
  };
}

function plainReader(body: ReadableStream<Uint8Array>): PartReader {
  const reader = body.getReader();
  return {
    async read() {
      const { value, done } = await reader.read();
      return done ? null : value;
    },
    cancel: () => void reader.cancel().catch(() => undefined),
  };
}

function tooLarge(): ReplicaError {
  return new ReplicaError('ANSWER_INVALID', 'The answer is larger than any can be');
}

/** Safari streams are not async iterable. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function withinMs<Value>(work: Promise<Value>, limitMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(cut(null)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function cut(cause: unknown): ReplicaError {
  return new ReplicaError('UNREACHABLE', 'The answer was cut', { cause });
}
