import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { maxInlinePayloadBytes } from '@serment/core/copy/bundle';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize } from '@serment/core/copy/names';
import { sha256 } from '@serment/core/hash';
import type { BundleSource } from './bundle-source.ts';
import { listFences, tailItemsOf } from './copy-state.ts';
import type { Destination } from './destination.ts';
import type { FencePlace } from './upper-levels.ts';

/** Payloads of a practice from bundles, tails and documents of several copies: whichever has the hash of its entry. */
export class PayloadPool {
  readonly #source: BundleSource;
  readonly #places: readonly Destination[];
  readonly #practice: string;
  /** Of tails, by hash, for the bundle that was asked for last. */
  #tails: { readonly number: number; readonly payloads: ReadonlyMap<string, Bytes> } | null = null;

  constructor(source: BundleSource, places: readonly Destination[], { practice }: FencePlace) {
    this.#source = source;
    this.#places = places;
    this.#practice = practice;
  }

  /**
   * The payload of an entry as a bundle has it: null for none, or for one that is a document; undefined for one that is
   * nowhere. `own` is looked at first.
   */
  async of(index: number, entry: Bytes, own: Bytes | null): Promise<Bytes | null | undefined> {
    const { payloadHash } = readEntryPlace(entry);
    if (payloadHash === null) return null;
    if (own !== null && equalBytes(sha256(own), payloadHash)) return own;
    const found = await this.#source.payload(index, payloadHash);
    if (found !== null && found.length <= maxInlinePayloadBytes) return found;
    const hash = bytesToHex(payloadHash);
    const inTail = (await this.#payloadsOfTails(Math.floor(index / bundleSize))).get(hash);
    if (inTail !== undefined) return inTail;
    return (await this.#source.hasBlob(hash)) ? null : undefined;
  }

  async #payloadsOfTails(number: number): Promise<ReadonlyMap<string, Bytes>> {
    if (this.#tails?.number === number) return this.#tails.payloads;
    const payloads = new Map<string, Bytes>();
    for (const destination of this.#places)
      for (const fence of await listFences(destination, this.#practice))
        for (const { payload } of await tailItemsOf(destination, { practice: this.#practice, fence }, number))
          if (payload !== null) payloads.set(bytesToHex(sha256(payload)), payload);
    this.#tails = { number, payloads };
    return payloads;
  }
}
