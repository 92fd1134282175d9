import { type Bytes, equalBytes, ownBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { epochCheck } from '@serment/core/keys/epoch';
import { holderCacheKey } from '@serment/core/keys/seed';
import { openBytes, sealBytes } from '@serment/core/sealed/cobblestone';
import type { Cache } from './cache.ts';
import { type EpochKey, Keyring } from './keyring.ts';

const place = 'former-keys';
const format = 1;
const context = encodeCanonical('serment/former-keys/1');

/**
 * Keys of epochs that a device had verified and that the host, restored from an older copy, lost: what this device sealed
 * under them for itself is just what the host is to get back. Sealed under a key that only its holder derives
 * (docs/format/keys.md).
 */
export class FormerKeys {
  readonly #cache: Cache;
  /** Until a keyring has it. */
  #seed: Bytes;
  #keyring: Keyring | null = null;

  constructor(cache: Cache, holderSeed: Uint8Array) {
    this.#cache = cache;
    this.#seed = ownBytes(holderSeed);
  }

  /** Gives a keyring what was kept; from here on the seed is there alone. */
  async giveTo(keyring: Keyring): Promise<void> {
    this.#keyring = keyring;
    this.#seed.fill(0);
    this.#seed = new Uint8Array();
    const seed = keyring.holderSeed();
    keyring.takeFormer(await this.#read(seed));
    seed.fill(0);
  }

  /** Keeps what `left` gives this holder and `next` pins no more. Durable when it returns. Throws CACHE_FAILED, CLOSED. */
  async keep(left: GovernanceState, next: GovernanceState): Promise<void> {
    const seed = this.#keyring?.holderSeed() ?? ownBytes(this.#seed);
    const keyring = this.#keyring ?? (await Keyring.open(seed, left).catch(nullWhenCoded));
    const lost = (keyring?.epochs() ?? []).filter((one) => !isPinned(one, next));
    if (lost.length > 0) {
      const known = await this.#read(seed);
      const added = lost.filter((one) => !known.some(({ key }) => equalBytes(key, one.key)));
      const values = [...known, ...added].map(({ compartment, epoch, key }): CborValue => [compartment, epoch, key]);
      const clear = encodeCanonical([format, values]);
      await this.#cache.put(place, await sealBytes(holderCacheKey(seed), context, clear));
      clear.fill(0);
    }
    seed.fill(0);
    if (keyring !== this.#keyring) keyring?.close();
  }

  /** Nothing where nothing opens: a cache may be lost or damaged, never believed. */
  async #read(seed: Bytes): Promise<EpochKey[]> {
    const stored = await this.#cache.get(place);
    if (stored === null) return [];
    const opened = await openBytes(holderCacheKey(seed), context, ownBytes(stored)).catch(nullWhenCoded);
    const value = opened === null ? null : decodeCanonical(opened);
    const [kind, keys] = Array.isArray(value) ? value : [];
    return kind === format && Array.isArray(keys) ? keys.flatMap(keyIn) : [];
  }
}

function isPinned({ compartment, epoch, key }: EpochKey, { compartments }: GovernanceState): boolean {
  const pinned = compartments.get(compartment)?.epochs[epoch - 1];
  return pinned !== undefined && equalBytes(pinned.check, epochCheck(key));
}

function keyIn(value: CborValue): EpochKey | [] {
  const [compartment, epoch, key] = Array.isArray(value) ? value : [];
  const isKey = typeof compartment === 'string' && typeof epoch === 'number' && key instanceof Uint8Array;
  return isKey ? { compartment, epoch, key: ownBytes(key) } : [];
}

function nullWhenCoded(error: unknown): null {
  if (error instanceof CodedError) return null;
  throw error;
}
