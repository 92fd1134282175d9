import { type Bytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import { type Account, parseAccountData } from '@serment/core/copy/account-data';
import { CodedError } from '@serment/core/error';
import { emptyRoot } from '@serment/core/journal/tree';
import type { BlobStore } from './blob/blob-store.ts';
import { readHashed } from './capture.ts';
import type { CapturedDraft, CaptureSource } from './copy/capture-source.ts';
import { CopyError } from './copy/copy-error.ts';
import type { AccountsVerdict, RestoredEntry, RestoredHead, RestoreSink } from './copy/restore-sink.ts';
import { asHost, inPractice } from './database-scope.ts';
import { BulkWriter } from './journal/bulk-writer.ts';
import { emptyState, type PracticeState } from './journal/practice-state.ts';
import type { Tile } from './journal/tiles.ts';
import type { Database } from './postgres/connect.ts';
import { restoreAccounts } from './sign-in/accounts.ts';

export interface RestoreIntoOptions {
  readonly database: Database;
  /** A connection of the schema's owner, who may be free to write faster; null without. */
  readonly owner: Database | null;
  readonly blobs: BlobStore;
  readonly capture: CaptureSource;
  readonly clock: () => number;
  /** Opens account data with the host's key; null when it is not at hand, and members enrol again by kit. */
  readonly openAccounts: ((sealed: Bytes) => Promise<Bytes>) | null;
}

/** A fresh database and blob store as the target of a restore. */
export function createRestoreSink(options: RestoreIntoOptions): RestoreSink {
  return new StoreSink(options);
}

class StoreSink implements RestoreSink {
  readonly #options: RestoreIntoOptions;
  readonly #states = new Map<string, PracticeState>();
  readonly #writer: BulkWriter;

  constructor(options: RestoreIntoOptions) {
    this.#options = options;
    this.#writer = new BulkWriter(options);
  }

  async begin(name: string, { fence }: { fence: number }): Promise<void> {
    const practice = hexToBytes(name);
    const { database, clock } = this.#options;
    const [row] = await inPractice(
      database,
      practice,
      // Marked from the first moment: a restore that dies half-way never passes for a live vault.
      (sql) => sql`
        INSERT INTO serment.practices (practice, size, root, received_at, fence, restored_size, restored_root, restored_at)
        VALUES (${practice}, 0, ${emptyRoot}, 0, ${fence}, 0, ${emptyRoot}, ${clock()})
        ON CONFLICT DO NOTHING RETURNING fence`,
    );
    if (row === undefined) throw new CopyError('RESTORE_TARGET_NOT_EMPTY', 'The target knows this practice already');
    this.#states.set(name, emptyState(practice));
  }

  async append(name: string, entries: readonly RestoredEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const state = this.#state(name);
    const size = state.frontier.size;
    const before = state.frontier.root();
    const tiles: Tile[] = [];
    for (const { leaf } of entries)
      state.frontier.append(leaf, (level, number, hash) =>
        state.edge.add(level, number, hash, (tile) => tiles.push(tile)),
      );
    const group = { practice: state.practice, size, before, root: state.frontier.root(), entries, tiles };
    if (!(await this.#writer.write(group)))
      throw new CopyError('RESTORE_TARGET_NOT_EMPTY', 'Something else writes to the target');
  }

  async blob(name: string, hashName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { database, blobs, clock } = this.#options;
    const [practice, hash] = [hexToBytes(name), hexToBytes(hashName)];
    await blobs.put({ practice, hash }, content);
    const size = await blobs.size({ practice, hash });
    await inPractice(
      database,
      practice,
      (sql) => sql`
        INSERT INTO serment.blobs (practice, hash, size, stored_at) VALUES (${practice}, ${hash}, ${size}, ${clock()})
        ON CONFLICT DO NOTHING`,
    );
  }

  async drafts(name: string, drafts: readonly CapturedDraft[]): Promise<void> {
    const { database, clock } = this.#options;
    const practice = hexToBytes(name);
    await inPractice(database, practice, async (sql) => {
      for (const { slot, revision, draft } of drafts)
        await sql`
          INSERT INTO serment.drafts (practice, slot, revision, draft, updated)
          VALUES (${practice}, ${hexToBytes(slot)}, ${revision}, ${draft}, ${clock()})`;
    });
  }

  async accounts({ sequence, sealed }: { sequence: number; sealed: Bytes }): Promise<AccountsVerdict> {
    const { database, openAccounts } = this.#options;
    if (openAccounts === null) return 'no-key';
    let accounts: readonly Account[];
    try {
      accounts = parseAccountData(await openAccounts(sealed)).accounts;
    } catch (cause) {
      if (cause instanceof CodedError) return 'unreadable';
      throw cause;
    }
    // The count never goes back.
    await asHost(
      database,
      (sql) => sql`UPDATE serment.account_state SET sequence = greatest(sequence, ${sequence}::bigint) + 1`,
    );
    await restoreAccounts(database, accounts);
    return 'taken';
  }

  async finish(name: string, { size, root, fence }: RestoredHead): Promise<void> {
    const state = this.#state(name);
    if (state.frontier.size !== size || !equalBytes(state.frontier.root(), root))
      throw new CopyError('RESTORE_ROOT_MISMATCH', 'What was written does not make the root of the checkpoint');
    const { database, clock } = this.#options;
    const { practice } = state;
    await inPractice(
      database,
      practice,
      (sql) => sql`
        UPDATE serment.practices SET fence = ${fence}, restored_size = ${size}, restored_root = ${root},
          restored_at = ${clock()} WHERE practice = ${practice}`,
    );
    this.#states.delete(name);
  }

  async *readBack(name: string): ReturnType<RestoreSink['readBack']> {
    yield* this.#options.capture.readRange(name, 0, await this.#sizeOf(name));
  }

  async *readBackHashes(name: string): ReturnType<RestoreSink['readBackHashes']> {
    yield* readHashed(this.#options.database, hexToBytes(name), await this.#sizeOf(name));
  }

  openBlob(name: string, hash: string): AsyncIterable<Uint8Array> {
    return this.#options.capture.openBlob(name, hash);
  }

  async close(): Promise<void> {
    this.#states.clear();
  }

  async #sizeOf(name: string): Promise<number> {
    const practice = hexToBytes(name);
    const [head] = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ size: number }[]>`SELECT size FROM serment.practices WHERE practice = ${practice}`,
    );
    return head?.size ?? 0;
  }

  #state(name: string): PracticeState {
    const state = this.#states.get(name);
    if (state === undefined) throw new RangeError('A practice is begun before it is written');
    return state;
  }
}
