import type { Bytes } from '@serment/core/bytes';

/** What changed at the source, told after the commit. Losing one is harmless: the publisher also looks by itself. */
export type CaptureChange =
  | { readonly kind: 'entries'; readonly practice: string }
  | { readonly kind: 'drafts'; readonly practice: string }
  | { readonly kind: 'accounts' };

export interface CaptureHead {
  readonly size: number;
  readonly root: Bytes;
  readonly fence: number;
  /** The signed checkpoint of exactly this size, root and fence. */
  readonly note: string;
}

export interface CapturedEntry {
  readonly index: number;
  readonly entry: Bytes;
  /** null when the entry has none, or when it is over 64 KiB and stored as a blob under its hash. */
  readonly payload: Bytes | null;
  /** Hashes, in hexadecimal, of every blob that the entry needs: its documents, and its payload stored as a blob. */
  readonly blobs: readonly string[];
}

export interface CapturedDraft {
  readonly slot: string;
  readonly revision: number;
  /** The sealed draft; null when it was deleted at this revision. */
  readonly draft: Bytes | null;
}

export interface CapturedAccounts {
  /** Grows by at least one with each change of account data, from 1, and never goes back, a restore included. */
  readonly sequence: number;
  /** Seals the account data of this sequence, or of a later one, to the host. */
  seal(): Promise<Bytes>;
}

/** The live store as copies see it. Practices and hashes are in hexadecimal. */
export interface CaptureSource {
  practices(): Promise<readonly string[]>;
  /** null while the practice has no entry. */
  head(practice: string): Promise<CaptureHead | null>;
  /** Entries `from` to `to`, the latter not included, densely and in order. */
  readRange(practice: string, from: number, to: number): AsyncIterable<CapturedEntry>;
  /** Sealed bytes of a blob, each piece valid until the next one is asked for. Throws when the store has not got it. */
  openBlob(practice: string, hash: string): AsyncIterable<Uint8Array>;
  /** The last revision of each slot, deletions included where they are still known. */
  drafts(practice: string): AsyncIterable<CapturedDraft>;
  /** null when no account exists. */
  accounts(): Promise<CapturedAccounts | null>;
  /** Returns what ends the subscription. */
  onCommit(listener: (change: CaptureChange) => void): () => void;
}
