import { type Bytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import type { WrittenBatch } from '@serment/records/fold';
import { parseRecordBatch } from '@serment/records/version';
import type { OutboxItem } from './outbox.ts';
import { pendingFrom } from './patient-file.ts';

/** What waits in the outbox, as if it had entries: shown as saved on this device until its own entries come. */
export class PendingSaves {
  readonly #author: Bytes;
  readonly #items: () => readonly OutboxItem[];
  readonly #indexes = new Map<string, number>();
  #next = pendingFrom;

  constructor(author: Bytes, items: () => readonly OutboxItem[]) {
    this.#author = author;
    this.#items = items;
  }

  /** Batches of a stream that wait, in the order in which they were saved. */
  of(stream: Uint8Array): WrittenBatch[] {
    return this.#items().flatMap((item) => this.batchesOf(item, stream));
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
