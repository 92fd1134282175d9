import { type Bytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import { foldInto, type WrittenBatch } from '@serment/records/fold';
import { parseRecordBatch } from '@serment/records/version';
import type { OutboxItem } from './outbox.ts';
import { pendingFrom } from './patient-file.ts';
import type { StreamView } from './stream-view.ts';

interface Accepted {
  readonly item: OutboxItem;
  readonly stream: Uint8Array;
  /** Number of the last entry that the save has in the stream. */
  readonly index: number;
}

/** What waits in the outbox, as if it had entries: shown as saved on this device until its own entries are folded. */
export class PendingSaves {
  readonly #author: Bytes;
  readonly #items: () => readonly OutboxItem[];
  readonly #indexes = new Map<string, number>();
  /** Left the outbox and not folded yet: a save must not be nowhere between the two. */
  #accepted: Accepted[] = [];
  #next = pendingFrom;

  constructor(author: Bytes, items: () => readonly OutboxItem[]) {
    this.#author = author;
    this.#items = items;
  }

  /** Batches of a stream that wait, in the order in which they were saved. */
  of(stream: Uint8Array): WrittenBatch[] {
    const accepted = this.#accepted.filter((one) => equalBytes(one.stream, stream)).map(({ item }) => item);
    return [...accepted, ...this.#items()].flatMap((item) => this.batchesOf(item, stream));
  }

  /** Shows what waits in what was read of its stream. */
  foldInto({ stream, state }: Pick<StreamView, 'stream' | 'state'>): void {
    for (const batch of this.of(stream.id)) foldInto(state, batch);
  }

  batchesOf(item: OutboxItem, stream: Uint8Array): WrittenBatch[] {
    const parts = item.parts.filter((part) => part.body.kind === 'records' && equalBytes(part.stream.id, stream));
    return parts.map((part) => ({
      index: this.#indexOf(item.id),
      entryId: hexToBytes(item.id.repeat(2)),
      author: this.#author,
      receivedAt: item.createdAt,
      time: item.createdAt,
      batch: parseRecordBatch(part.content),
    }));
  }

  /** The host took a save under these entry numbers: what it says in `stream` waits on until `folded` tells. */
  accept(item: OutboxItem, indexes: readonly number[], stream: Uint8Array): void {
    const place = item.parts.findLastIndex((part) => equalBytes(part.stream.id, stream));
    const index = indexes[place];
    if (index !== undefined) this.#accepted.push({ item, stream, index });
  }

  /** Entries of `stream` up to number `upTo` show by themselves. */
  folded(stream: Uint8Array, upTo: number): void {
    this.#accepted = this.#accepted.filter((one) => one.index > upTo || !equalBytes(one.stream, stream));
  }

  /** After a restore the entry numbers are other entries'; what was lost waits in the outbox again. */
  forgetAccepted(): void {
    this.#accepted = [];
  }

  /** True for the number of a save that the host refused. */
  isRefused(index: number): boolean {
    return this.#items().some((item) => item.problem !== null && this.#indexes.get(item.id) === index);
  }

  #indexOf(id: string): number {
    const index = this.#indexes.get(id) ?? this.#next++;
    this.#indexes.set(id, index);
    return index;
  }
}
