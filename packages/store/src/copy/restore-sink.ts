import type { Bytes } from '@serment/core/bytes';
import type { EntryPlace } from '@serment/core/copy/entry-place';
import type { CapturedDraft, CapturedEntry } from './capture-source.ts';

export interface RestoredEntry {
  readonly index: number;
  readonly entry: Bytes;
  /** null when the entry has none, when it is a blob, or when no copy had it any more (a finding of the restore). */
  readonly payload: Bytes | null;
  /** What was read of it on the way. */
  readonly place: EntryPlace;
  readonly leaf: Bytes;
}

/** What a restored practice starts from. */
export interface RestoredHead {
  readonly size: number;
  readonly root: Bytes;
  /** The fence under which the target signs from now on: greater than any that a copy has seen. */
  readonly fence: number;
}

export type AccountsVerdict = 'taken' | 'unreadable' | 'no-key';

/**
 * A fresh place that a restore writes into. Calls come one at a time and in this order: for each practice `begin`,
 * then `blob` and `append` (the blobs of an entry first), `drafts`, `finish`; then `accounts`; `close` always.
 */
export interface RestoreSink {
  /** Throws RESTORE_TARGET_NOT_EMPTY when the target knows the practice already. */
  begin(practice: string, start: { fence: number }): Promise<void>;
  /**
   * Entries follow each other from index 0 without a gap. They were checked: the sink does not authorize them. A
   * document that no copy has any more is never given: the entry that names it is appended all the same.
   */
  append(practice: string, batch: readonly RestoredEntry[]): Promise<void>;
  /** Stores sealed bytes; the sink checks the hash again. A blob that it already has is read to its end or cancelled. */
  blob(practice: string, hash: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  drafts(practice: string, drafts: readonly CapturedDraft[]): Promise<void>;
  /**
   * Account data as the copy has it, sealed to the host: `taken`, or `unreadable` when it does not open with the host's
   * key or says nothing lawful, or `no-key`; in the last two cases the target is as it was. Called again with what the
   * copy has before that, until one is taken.
   */
  accounts(accounts: { sequence: number; sealed: Bytes }): Promise<AccountsVerdict>;
  /** Makes everything of the practice durable, and the vault restored until a member acknowledges it. */
  finish(practice: string, head: RestoredHead): Promise<void>;
  /** What the target now holds, read back from it and not from memory. */
  readBack(practice: string): AsyncIterable<CapturedEntry>;
  /** The same with the SHA-256 of each payload, as the target makes it of what it holds; null for none. */
  readBackHashes(practice: string): AsyncIterable<{ readonly entry: Bytes; readonly payloadHash: Bytes | null }>;
  /** Sealed bytes of a blob as the target now holds them. */
  openBlob(practice: string, hash: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
