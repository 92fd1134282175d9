import { createHash } from 'node:crypto';
import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { type Checkpoint, signCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier } from '@serment/core/journal/tree';
import { makePractice, type TestPractice } from '../../../core/test/journal/practice-fixture.ts';
import { deterministicRandom, type TestSigner } from '../../../core/test/journal/signer.ts';
import type {
  CaptureChange,
  CapturedDraft,
  CapturedEntry,
  CaptureHead,
  CaptureSource,
} from '../../src/copy/capture-source.ts';

/** A store in memory whose practices are real journals with real signatures. */
export class TestSource implements CaptureSource {
  readonly practicesById = new Map<string, TestPractice>();
  readonly payloads = new Map<string, Map<number, Bytes>>();
  readonly blobs = new Map<string, Bytes>();
  readonly draftsBySlot = new Map<string, CapturedDraft>();
  sequence = 0;
  fence = 1;
  /** A restored vault: so many entries, under a host of its own. */
  cut: { readonly size: number; readonly host: TestSigner } | null = null;
  #listeners = new Set<(change: CaptureChange) => void>();

  async addPractice(name = 'practice'): Promise<string> {
    const practice = await makePractice({ random: deterministicRandom(name) });
    const id = bytesToHex(practice.practice);
    this.practicesById.set(id, practice);
    this.payloads.set(id, new Map());
    return id;
  }

  journal(practice: string): TestPractice {
    const journal = this.practicesById.get(practice);
    if (journal === undefined) throw new RangeError('No such practice');
    return journal;
  }

  /** Appends saves of a stream; `documents` adds a blob to each. */
  async save(
    practice: string,
    count: number,
    options: { stream?: Bytes; payloadBytes?: number; documents?: boolean; quiet?: boolean } = {},
  ): Promise<void> {
    const journal = this.journal(practice);
    for (let done = 0; done < count; done += 1) {
      const payload = journal.random(options.payloadBytes ?? 328);
      const documents = options.documents === true ? [this.addBlob(journal.random(1000))] : [];
      const payloadHash = createHash('sha256').update(payload).digest();
      await journal.appendRecords({
        stream: options.stream ?? journal.random(16),
        payloadHash: new Uint8Array(payloadHash),
        blobs: documents.map((hash) => ({ hash: hexToBytes(hash), size: 1000 })),
      });
      if (payload.length > 65_536) this.addBlob(payload);
      else this.payloads.get(practice)?.set(journal.size - 1, payload);
    }
    if (options.quiet !== true) this.tell({ kind: 'entries', practice });
  }

  addBlob(bytes: Bytes): string {
    const hash = createHash('sha256').update(bytes).digest('hex');
    this.blobs.set(hash, bytes);
    return hash;
  }

  tell(change: CaptureChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  sign = (checkpoint: Checkpoint): Promise<string> =>
    signCheckpoint(checkpoint, this.cut?.host ?? this.journal(bytesToHex(checkpoint.practice)).host);

  async practices(): Promise<string[]> {
    return [...this.practicesById.keys()];
  }

  async head(practice: string): Promise<CaptureHead> {
    const journal = this.journal(practice);
    const size = this.cut?.size ?? journal.size;
    const root = rootAt(journal, size);
    const note = await this.sign({ practice: journal.practice, fence: this.fence, size, root });
    return { size, root, fence: this.fence, note };
  }

  async *readRange(practice: string, from: number, to: number): AsyncGenerator<CapturedEntry> {
    const journal = this.journal(practice);
    for (let index = from; index < to; index += 1) {
      const entry = journal.entries[index];
      if (entry === undefined) return;
      const payload = this.payloads.get(practice)?.get(index) ?? null;
      const blobs = entry.header.blobs.map(({ hash }) => bytesToHex(hash));
      if (entry.payloadHash !== null && payload === null) blobs.push(bytesToHex(entry.payloadHash));
      yield { index, entry: entry.bytes, payload, blobs };
    }
  }

  async *openBlob(_practice: string, hash: string): AsyncGenerator<Uint8Array> {
    const bytes = this.blobs.get(hash);
    if (bytes === undefined) throw new RangeError('No such blob');
    for (let offset = 0; offset < bytes.length; offset += 4096) yield bytes.subarray(offset, offset + 4096);
  }

  async *drafts(): AsyncGenerator<CapturedDraft> {
    yield* this.draftsBySlot.values();
  }

  async accounts() {
    if (this.sequence === 0) return null;
    return {
      sequence: this.sequence,
      seal: async () => new TextEncoder().encode(`age-encryption.org/v1\n${this.sequence}`),
    };
  }

  onCommit(listener: (change: CaptureChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** Root of the first `size` entries of a journal. */
export function rootAt(journal: TestPractice, size: number): Bytes {
  const frontier = new Frontier();
  for (const entry of journal.entries.slice(0, size)) frontier.append(entry.leaf);
  return frontier.root();
}
