import { createHash } from 'node:crypto';
import { type Bytes, bytesToHex, concatBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseEntry } from '@serment/core/journal/entry';
import type { CapturedDraft, CapturedEntry } from '../../src/copy/capture-source.ts';
import { CopyError } from '../../src/copy/copy-error.ts';
import type { AccountsVerdict, RestoredEntry, RestoredHead, RestoreSink } from '../../src/copy/restore-sink.ts';

/** The simplest place that can be restored into. */
export class MemorySink implements RestoreSink {
  readonly entries = new Map<string, RestoredEntry[]>();
  readonly blobs = new Map<string, Bytes>();
  readonly draftsByPractice = new Map<string, readonly CapturedDraft[]>();
  readonly heads = new Map<string, RestoredHead>();
  account: { sequence: number; sealed: Bytes } | null = null;
  /** Documents that were not there yet when their entry came. */
  readonly missing: string[] = [];
  isClosed = false;

  async begin(practice: string): Promise<void> {
    if (this.entries.has(practice)) throw new CopyError('RESTORE_TARGET_NOT_EMPTY', 'Known already');
    this.entries.set(practice, []);
  }

  async append(practice: string, batch: readonly RestoredEntry[]): Promise<void> {
    const entries = this.entries.get(practice) ?? [];
    for (const item of batch) {
      if (item.index !== entries.length) throw new RangeError('Not dense');
      for (const { hash } of parseEntry(item.entry).header.blobs)
        if (!this.blobs.has(bytesToHex(hash))) this.missing.push(bytesToHex(hash));
      entries.push(item);
    }
  }

  async blob(_practice: string, hash: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    const bytes = concatBytes(...pieces);
    if (createHash('sha256').update(bytes).digest('hex') !== hash) throw new RangeError('Wrong blob');
    this.blobs.set(hash, bytes);
  }

  async drafts(practice: string, drafts: readonly CapturedDraft[]): Promise<void> {
    this.draftsByPractice.set(practice, drafts);
  }

  async accounts(accounts: { sequence: number; sealed: Bytes }): Promise<AccountsVerdict> {
    if (!/^age-encryption\.org\/v1\n[0-9]+$/.test(new TextDecoder().decode(accounts.sealed))) return 'unreadable';
    this.account = accounts;
    return 'taken';
  }

  async finish(practice: string, head: RestoredHead): Promise<void> {
    this.heads.set(practice, head);
  }

  async *readBack(practice: string): AsyncGenerator<CapturedEntry> {
    for (const item of this.entries.get(practice) ?? []) yield { ...item, blobs: [] };
  }

  async *readBackHashes(practice: string): AsyncGenerator<{ entry: Bytes; payloadHash: Bytes | null }> {
    for (const { entry, payload } of this.entries.get(practice) ?? [])
      yield { entry, payloadHash: payload === null ? null : sha256(payload) };
  }

  async *openBlob(_practice: string, hash: string): AsyncGenerator<Uint8Array> {
    const bytes = this.blobs.get(hash);
    if (bytes === undefined) throw new RangeError('No such blob');
    yield bytes;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
