import { type Bytes, concatBytes, ownBytes, utf8ToBytes } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import { cacheInputKey } from '@serment/core/keys/epoch';
import { openBytes, sealBytes } from '@serment/core/sealed/cobblestone';
import { packContent, unpackContent } from '@serment/core/sealed/pack';
import type { Cache } from './cache.ts';
import { ReplicaError } from './error.ts';
import type { Keyring } from './keyring.ts';

const label = utf8ToBytes('serment/cache/1');

/** What a device keeps of its own, sealed under an epoch key of a compartment that it can read anyway. */
export class LocalVault {
  readonly #cache: Cache;
  readonly #keyring: Keyring;
  readonly #practice: Bytes;

  constructor(parts: { cache: Cache; keyring: Keyring; practice: Bytes }) {
    this.#cache = parts.cache;
    this.#keyring = parts.keyring;
    this.#practice = parts.practice;
  }

  async put(key: string, content: Uint8Array, compartment = this.#ownCompartment()): Promise<void> {
    const { epoch, key: epochKey } = this.#keyring.currentEpoch(compartment);
    const sealed = await sealBytes(cacheInputKey(epochKey), this.#context(key), await packContent(content));
    await this.#cache.put(key, encodeCanonical([1, compartment, epoch, sealed]));
  }

  /** Null when there is nothing, or nothing that opens here: a cache may be lost, never believed. */
  async get(key: string): Promise<Bytes | null> {
    const stored = await this.#cache.get(key);
    if (stored === null) return null;
    try {
      const value = decodeCanonical(stored);
      const [format, compartment, epoch, sealed] = Array.isArray(value) ? value : [];
      if (
        format !== 1 ||
        typeof compartment !== 'string' ||
        typeof epoch !== 'number' ||
        !(sealed instanceof Uint8Array)
      )
        return null;
      for (const epochKey of this.#keyring.localKeys(compartment, epoch)) {
        const input = cacheInputKey(epochKey);
        const packed = await openBytes(input, this.#context(key), ownBytes(sealed)).catch(nullWhenCoded);
        if (packed !== null) return await unpackContent(packed);
      }
      return null;
    } catch (error) {
      return nullWhenCoded(error);
    }
  }

  async delete(key: string): Promise<void> {
    await this.#cache.delete(key);
  }

  keys(prefix: string): Promise<string[]> {
    return this.#cache.keys(prefix);
  }

  #ownCompartment(): string {
    const compartment =
      ['admin', 'billing'].find((name) => this.#keyring.canRead(name)) ?? this.#keyring.compartments()[0];
    if (compartment === undefined) throw new ReplicaError('COMPARTMENT_CLOSED', 'This member can read nothing');
    return compartment;
  }

  #context(key: string): Bytes {
    return concatBytes(label, this.#practice, utf8ToBytes(key));
  }
}

function nullWhenCoded(error: unknown): null {
  if (error instanceof CodedError) return null;
  throw error;
}
