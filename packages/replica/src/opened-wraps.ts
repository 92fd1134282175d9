import { type Bytes, bytesToHex, ownBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { holderCacheKey, seedToRecipient } from '@serment/core/keys/seed';
import { unwrapSecret, type WrapUse } from '@serment/core/keys/wrap';
import { openBytes, sealBytes } from '@serment/core/sealed/cobblestone';
import type { Cache } from './cache.ts';

/** How a holder opens what was wrapped to it, and computes the public half of what it found. */
export interface WrapOpener {
  /** Throws as `unwrapSecret`. */
  unwrap(wrap: Uint8Array, seed: Uint8Array, expected: WrapUse): Promise<Bytes>;
  recipientOf(seed: Uint8Array): Promise<Bytes>;
  /** Called once there is no more to ask. */
  keep(): Promise<void>;
}

export const wrapOpener: WrapOpener = {
  unwrap: unwrapSecret,
  recipientOf: seedToRecipient,
  keep: () => Promise.resolve(),
};

const place = 'opened-wraps';
const format = 1;
const context = encodeCanonical('serment/opened-wraps/1');

/**
 * What a keyring opens wraps with, each time it looks for new ones. A start asks for all that there is: what it does not ask
 * for is forgotten. What is asked later comes on top, so that the next start knows it too.
 */
export function openedWraps(cache: Cache, opener: WrapOpener = wrapOpener): (holderSeed: Bytes) => WrapOpener {
  let isStart = true;
  return (holderSeed) => {
    const wraps = new OpenedWraps({ cache, opener, holderSeed, isStart });
    isStart = false;
    return wraps;
  };
}

interface OpenedWrapsParts {
  readonly cache: Cache;
  readonly opener: WrapOpener;
  readonly holderSeed: Bytes;
  readonly isStart: boolean;
}

/**
 * The answers of a `WrapOpener` that were given on this device before, sealed under a key that only its holder derives
 * (docs/format/keys.md): every start asks the same, and to compute the answers takes a library and a while. An answer
 * belongs to all that was asked, so that an old one is as true as a new one. Secrets live here until `keep`.
 */
class OpenedWraps implements WrapOpener {
  readonly #parts: OpenedWrapsParts;
  /** Read at the first question: most of the time there is none. */
  #known: Promise<ReadonlyMap<string, Bytes>> | null = null;
  readonly #asked = new Map<string, Bytes>();

  constructor(parts: OpenedWrapsParts) {
    this.#parts = { ...parts, holderSeed: ownBytes(parts.holderSeed) };
  }

  unwrap(wrap: Uint8Array, seed: Uint8Array, expected: WrapUse): Promise<Bytes> {
    const { purpose, practice, subject } = expected;
    const asked = ['unwrap', wrap, seed, purpose, practice, [...subject]];
    return this.#answer(asked, () => this.#parts.opener.unwrap(wrap, seed, expected));
  }

  recipientOf(seed: Uint8Array): Promise<Bytes> {
    return this.#answer(['recipient', seed], () => this.#parts.opener.recipientOf(seed));
  }

  /** Keeps what was asked for the next start, and forgets it here; nothing may be asked afterwards. */
  async keep(): Promise<void> {
    const { cache, holderSeed, isStart } = this.#parts;
    const known = await (this.#known ?? new Map<string, Bytes>());
    const kept = new Map([...(isStart ? [] : known), ...this.#asked]);
    const isNew = kept.size !== known.size || [...kept.keys()].some((asked) => !known.has(asked));
    try {
      if (!isNew) return;
      const clear = encodeCanonical([format, [...kept].map(([asked, answer]) => [asked, answer])]);
      const sealed = await sealBytes(holderCacheKey(holderSeed), context, clear);
      clear.fill(0);
      await cache.put(place, sealed);
    } finally {
      for (const answer of [...known.values(), ...this.#asked.values(), holderSeed]) answer.fill(0);
    }
  }

  async #answer(question: CborValue, compute: () => Promise<Bytes>): Promise<Bytes> {
    this.#known ??= this.#read();
    const known = await this.#known;
    const asked = bytesToHex(sha256(encodeCanonical(question)));
    const answer = known.get(asked) ?? (await compute());
    this.#asked.set(asked, ownBytes(answer));
    return ownBytes(answer);
  }

  async #read(): Promise<ReadonlyMap<string, Bytes>> {
    const { cache, holderSeed } = this.#parts;
    const stored = await cache.get(place);
    return (stored === null ? null : await openAnswers(stored, holderSeed)) ?? new Map();
  }
}

/** Null for what does not open here: a cache may be lost or damaged, never believed. */
async function openAnswers(stored: Uint8Array, holderSeed: Bytes): Promise<Map<string, Bytes> | null> {
  try {
    const value = decodeCanonical(await openBytes(holderCacheKey(holderSeed), context, ownBytes(stored)));
    const [kind, answers] = Array.isArray(value) ? value : [];
    if (kind !== format || !Array.isArray(answers)) return null;
    return new Map(answers.flatMap(answerIn));
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}

function answerIn(entry: CborValue): [asked: string, answer: Bytes][] {
  const [asked, answer] = Array.isArray(entry) ? entry : [];
  return typeof asked === 'string' && answer instanceof Uint8Array ? [[asked, ownBytes(answer)]] : [];
}
