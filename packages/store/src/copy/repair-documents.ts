import { bytesToHex } from '@serment/core/bytes';
import { formatCopyName } from '@serment/core/copy/names';
import { inParallel } from '@serment/core/in-parallel';
import { parseEntry } from '@serment/core/journal/entry';
import { BlobCheck, type BlobName } from './blob-check.ts';
import type { BundleSource } from './bundle-source.ts';
import type { Destination } from './destination.ts';
import { nameOrNull } from './held.ts';
import type { Mender, Unrepairable } from './mender.ts';

export interface DocumentRepairOptions {
  readonly practice: string;
  readonly bad: Destination;
  readonly source: BundleSource;
  readonly mender: Mender;
  readonly onLost: (object: string, reason: Unrepairable, reach?: { from: number; to: number }) => void;
}

const maxKept = 65_536;

/** Documents of a practice at a damaged copy: those that are there are read, those that entries need are brought. */
export class DocumentRepair {
  readonly #options: DocumentRepairOptions;
  readonly #done = new Set<string>();

  constructor(options: DocumentRepairOptions) {
    this.#options = options;
  }

  /** Reads every document that is there, and replaces those that are not what their name says. */
  async repairListed(): Promise<void> {
    const { practice, bad } = this.#options;
    const check = new BlobCheck({ destination: bad, find: () => undefined, onRead: () => undefined });
    const damaged: BlobName[] = [];
    await inParallel(bad.list(`${practice}/blob/`), Math.max(2, bad.readsAtOnce), async (text) => {
      const name = nameOrNull(text);
      if (name?.kind === 'blob' && (await check.read(name)) !== null) damaged.push(name);
    });
    for (const { hash } of damaged) await this.#bring(hash, true);
  }

  /** Brings what these entries need and what is not there. */
  async repairOf(items: readonly { readonly index: number; readonly entry: Uint8Array }[]): Promise<void> {
    const { bad, practice } = this.#options;
    const missing = new Map<string, number>();
    await inParallel(items, bad.readsAtOnce, async ({ index, entry }) => {
      for (const hash of documentsOf(entry))
        if (!(this.#done.has(hash) || (await bad.has(formatCopyName({ kind: 'blob', practice, hash })))))
          missing.set(hash, index);
    });
    for (const [hash, index] of missing) await this.#bring(hash, false, { from: index, to: index + 1 });
  }

  /** A payload that is stored as a document. */
  async repairPayload(hash: string, index: number): Promise<void> {
    const { bad, practice } = this.#options;
    if (this.#done.has(hash) || (await bad.has(formatCopyName({ kind: 'blob', practice, hash })))) return;
    await this.#bring(hash, false, { from: index, to: index + 1 });
  }

  async #bring(hash: string, isReplacing: boolean, reach?: { from: number; to: number }): Promise<void> {
    const { practice, source, mender, onLost } = this.#options;
    if (this.#done.size >= maxKept) this.#done.clear();
    this.#done.add(hash);
    const name = formatCopyName({ kind: 'blob', practice, hash });
    const isGiven = await source.giveBlob(hash, async (content) => {
      await mender.write(name, content, isReplacing);
    });
    mender.rethrow();
    if (!isGiven) onLost(name, 'nowhere', reach);
  }
}

function documentsOf(entry: Uint8Array): string[] {
  try {
    return parseEntry(entry).header.blobs.map(({ hash }) => bytesToHex(hash));
  } catch {
    // An entry that the host accepted without the form of one names no document.
    return [];
  }
}
