import { sha256 } from '@serment/core/hash';
import type { BlobRef } from '@serment/core/journal/header';
import type { SentEntry } from '@serment/core/wire/append';
import { type MadePractice, signedChain } from './make-practice.ts';
import type { BenchVault } from './make-vault.ts';

const entriesPerRequest = 256;
const patients = 500;

export interface JournalShape {
  readonly payloadBytes: number;
  readonly documentBytes: number;
  /** One document with the first of so many entries. */
  readonly entriesPerDocument: number;
  /** Told what is sealed, by its place among its kind, for whoever keeps the same bytes otherwise. */
  readonly onSealed?: (kind: 'payload' | 'document', place: number, bytes: Uint8Array) => Promise<void>;
}

/** A journal that is appended to, with the documents that its entries name: random bytes, really signed. */
export class GrowingJournal {
  /** Of entries, payloads and documents. */
  bytes = 0;
  readonly #vault: BenchVault;
  readonly #made: MadePractice;
  readonly #shape: JournalShape;
  readonly #chain: AsyncGenerator<SentEntry, void>;
  #size = 0;

  constructor(vault: BenchVault, made: MadePractice, shape: JournalShape) {
    this.#vault = vault;
    this.#made = made;
    this.#shape = shape;
    const streams = Array.from({ length: patients }, () => crypto.getRandomValues(new Uint8Array(16)));
    const documents = (place: number) => this.#documents(place);
    const { payloadBytes } = shape;
    this.#chain = signedChain(made, { device: 0, count: Number.POSITIVE_INFINITY, payloadBytes, streams, documents });
  }

  async growTo(size: number): Promise<void> {
    while (this.#size < size) {
      const request: SentEntry[] = [];
      while (request.length < Math.min(entriesPerRequest, size - this.#size)) {
        const { value } = await this.#chain.next();
        if (value === undefined) throw new RangeError('The chain has no end');
        const { statement, payload } = value;
        this.bytes += statement.length + (payload?.length ?? 0);
        if (payload !== null) await this.#shape.onSealed?.('payload', this.#size + request.length, payload);
        request.push(value);
      }
      await this.#vault.store.append(this.#made.practice, request);
      this.#size += request.length;
    }
  }

  async #documents(place: number): Promise<readonly BlobRef[]> {
    const { documentBytes, entriesPerDocument } = this.#shape;
    if (documentBytes === 0 || place % entriesPerDocument !== 0) return [];
    const document = new Uint8Array(documentBytes);
    for (let at = 0; at < documentBytes; at += 65_536)
      crypto.getRandomValues(document.subarray(at, Math.min(at + 65_536, documentBytes)));
    const hash = sha256(document);
    await this.#vault.store.uploads.put(this.#made.practice, hash, document);
    await this.#shape.onSealed?.('document', place / entriesPerDocument, document);
    this.bytes += documentBytes;
    return [{ hash, size: documentBytes }];
  }
}
