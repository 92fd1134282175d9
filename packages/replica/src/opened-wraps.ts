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
}

export const wrapOpener: WrapOpener = { unwrap: unwrapSecret, recipientOf: seedToRecipient };

const place = 'opened-wraps';
const format = 1;
const context = encodeCanonical('serment/opened-wraps/1');

/**
 * The answers of a `WrapOpener` that were given on this device before, sealed under a key that only its holder derives
 * (docs/format/keys.md): every start asks the same, and to compute the answers takes a library and a while. An answer
 * belongs to all that was asked, so that an old one is as true as a new one. Secrets live here until `keep`.
 */
export class OpenedWraps implements WrapOpener {
  readonly #cache: Cache;
  readonly #holderSeed: Bytes;
  readonly #opener: WrapOpener;
  readonly #known: ReadonlyMap<string, Bytes>;
  /** What was asked this time, and nothing else, is kept. */
  readonly #asked = new Map<string, Bytes>();

  static async read(cache: Cache, holderSeed: Bytes, opener: WrapOpener = wrapOpener): Promise<OpenedWraps> {
    const stored = await cache.get(place);
    const known = stored === null ? null : await openAnswers(stored, holderSeed);
    return new OpenedWraps({ cache, holderSeed, opener }, known ?? new Map());
  }

  private constructor(
    { cache, holderSeed, opener }: { cache: Cache; holderSeed: Bytes; opener: WrapOpener },
    known: ReadonlyMap<string, Bytes>,
  ) {
    this.#cache = cache;
    this.#holderSeed = ownBytes(holderSeed);
    this.#opener = opener;
    this.#known = known;
  }

  unwrap(wrap: Uint8Array, seed: Uint8Array, expected: WrapUse): Promise<Bytes> {
    const { purpose, practice, subject } = expected;
    const asked = ['unwrap', wrap, seed, purpose, practice, [...subject]];
    return this.#answer(asked, () => this.#opener.unwrap(wrap, seed, expected));
  }

  recipientOf(seed: Uint8Array): Promise<Bytes> {
    return this.#answer(['recipient', seed], () => this.#opener.recipientOf(seed));
  }

  /** Keeps what was asked for the next start, and forgets it here; nothing may be asked afterwards. */
  async keep(): Promise<void> {
    const answers = [...this.#asked];
    const isNew = answers.length !== this.#known.size || answers.some(([asked]) => !this.#known.has(asked));
    try {
      if (!isNew) return;
      const clear = encodeCanonical([format, answers.map(([asked, answer]) => [asked, answer])]);
      const sealed = await sealBytes(holderCacheKey(this.#holderSeed), context, clear);
      clear.fill(0);
      await this.#cache.put(place, sealed);
    } finally {
      for (const answer of [...this.#known.values(), ...this.#asked.values(), this.#holderSeed]) answer.fill(0);
    }
  }

  async #answer(question: CborValue, compute: () => Promise<Bytes>): Promise<Bytes> {
    const asked = bytesToHex(sha256(encodeCanonical(question)));
    const answer = this.#known.get(asked) ?? (await compute());
    this.#asked.set(asked, ownBytes(answer));
    return ownBytes(answer);
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
