import type { Bytes } from '@serment/core/bytes';
import type { LostEntry } from '@serment/core/journal/losses';
import type { ProvingSource } from './proven-entries.ts';

/** Where entries and checkpoints come from: the server, or a copy. */
export interface JournalSource {
  checkpoint(): Promise<string>;
  /** Entries from `from` on, at least one while the journal goes further, at most `limit`; a copy may have lost some. */
  entries(from: number, limit: number): Promise<readonly (Bytes | LostEntry)[]>;
  /** What a source lacks that is always read from its first entry. */
  readonly inclusionProof?: ProvingSource['inclusionProof'];
}

/** Nothing at all, for an entry that is lost. */
export function bytesOf(item: Bytes | LostEntry): Bytes {
  return item instanceof Uint8Array ? item : new Uint8Array(0);
}
