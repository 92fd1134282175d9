import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { encodeAccountData } from '@serment/core/copy/account-data';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { sealToHost } from '@serment/core/hostseal';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import type { BlobStore } from './blob/blob-store.ts';
import type {
  CaptureChange,
  CapturedAccounts,
  CapturedDraft,
  CapturedEntry,
  CaptureHead,
  CaptureSource,
} from './copy/capture-source.ts';
import { asHost, inPractice } from './database-scope.ts';
import type { HostKeys } from './host-keys.ts';
import { readHead } from './journal/practice-state.ts';
import type { Database } from './postgres/connect.ts';
import { bigintIn, copyOut, rowsIn } from './postgres/copy-out.ts';
import { readAccounts } from './sign-in/accounts.ts';

export interface CaptureOptions {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly hostKeys: HostKeys;
  readonly clock: () => number;
  readonly onCommit: (listener: (change: CaptureChange) => void) => () => void;
}

/** The store as copies follow it: by dense index, never by what was last told. */
export function createCapture({ database, blobs, hostKeys, clock, onCommit }: CaptureOptions): CaptureSource {
  return {
    onCommit,
    practices: () => listCaptured(database),
    async head(name): Promise<CaptureHead | null> {
      const practice = hexToBytes(name);
      const head = await inPractice(database, practice, (sql) => readHead(sql, practice));
      if (head === null || head.size === 0) return null;
      const { size, root, fence } = head;
      return { size, root, fence, note: await signCheckpoint({ practice, fence, size, root }, hostKeys.signer) };
    },
    readRange: (name, from, to) => readCaptured(database, hexToBytes(name), from, to),
    openBlob: (name, hash) => blobs.read({ practice: hexToBytes(name), hash: hexToBytes(hash) }, { reuse: true }),
    drafts: (name) => readDrafts(database, hexToBytes(name)),
    async accounts(): Promise<CapturedAccounts | null> {
      const { sequence } = await readAccounts(database);
      if (sequence === 0) return null;
      return { sequence, seal: () => sealAccounts(database, hostKeys, clock()) };
    },
  };
}

/** Practices that have an entry, in hexadecimal. */
export async function listCaptured(database: Database): Promise<string[]> {
  const rows = await asHost(
    database,
    (sql) => sql<{ practice: Bytes }[]>`SELECT practice FROM serment.practices WHERE size > 0 ORDER BY practice`,
  );
  return rows.map(({ practice }) => bytesToHex(practice));
}

/** Entries `from` to `to`, the latter not included, as far as there are any, in order. */
export async function* readCaptured(
  database: Database,
  practice: Bytes,
  from: number,
  to: number,
): AsyncGenerator<CapturedEntry> {
  for await (const { index, entry, other: payload } of readPages(database, practice, { from, to, column: 'payload' })) {
    const { payloadHash, blobs } = readEntryPlace(entry);
    const documents = blobs.map(bytesToHex);
    const isBlob = payloadHash !== null && payload === null;
    yield { index, entry, payload, blobs: isBlob ? [...documents, bytesToHex(payloadHash)] : documents };
  }
}

/** As `readCaptured`, with the hash of each payload as the database makes it of what it holds. */
export async function* readHashed(
  database: Database,
  practice: Bytes,
  to: number,
): AsyncGenerator<{ entry: Bytes; payloadHash: Bytes | null }> {
  for await (const { entry, other } of readPages(database, practice, { from: 0, to, column: 'sha256(payload)' }))
    yield { entry, payloadHash: other };
}

interface PageItem {
  readonly index: number;
  readonly entry: Bytes;
  readonly other: Bytes | null;
}

const [leastEntries, mostEntries] = [16, 1024];
const pageBytes = 1_048_576;

/** Entries in order with one column beside them, page by page. What is given are windows on a page. */
async function* readPages(
  database: Database,
  practice: Bytes,
  { from, to, column }: { from: number; to: number; column: 'payload' | 'sha256(payload)' },
): AsyncGenerator<PageItem> {
  const read = (start: number, count: number) => {
    const end = Math.min(start + count, to);
    const page = inPractice(database, practice, (sql) =>
      copyOut(
        sql,
        `SELECT index, entry, ${column} FROM serment.entries
         WHERE practice = '\\x${bytesToHex(practice)}' AND index >= ${start} AND index < ${end} ORDER BY index`,
      ),
    );
    // Seen when its turn comes.
    page.catch(() => undefined);
    return { page, start, end };
  };
  let next = from < to ? read(from, leastEntries) : null;
  while (next !== null) {
    const page = await next.page;
    const { start, end } = next;
    // The database reads the next page while this one is worked on.
    next = end < to ? read(end, countFor(page.length / (end - start))) : null;
    for (const [index, entry, other] of rowsIn(page)) {
      if (index == null || entry == null) throw new RangeError('An entry has its number and its bytes');
      yield { index: bigintIn(index), entry, other: other ?? null };
    }
  }
}

/** As many as weigh a page, if each weighs what those of the last one did. */
function countFor(bytesEach: number): number {
  return Math.max(leastEntries, Math.min(mostEntries, Math.floor(pageBytes / bytesEach)));
}

async function* readDrafts(database: Database, practice: Bytes): AsyncGenerator<CapturedDraft> {
  const rows = await inPractice(
    database,
    practice,
    (sql) => sql<{ slot: Bytes; revision: number }[]>`
      SELECT slot, revision FROM serment.drafts WHERE practice = ${practice} ORDER BY slot`,
  );
  for (const { slot } of rows) {
    const [row] = await inPractice(
      database,
      practice,
      (sql) => sql<{ revision: number; draft: Bytes | null }[]>`
        SELECT revision, draft FROM serment.drafts WHERE practice = ${practice} AND slot = ${slot}`,
    );
    if (row !== undefined) yield { slot: bytesToHex(slot), revision: row.revision, draft: row.draft };
  }
}

/** Account data as docs/format/copy.md has it, sealed to the host. */
async function sealAccounts(database: Database, { recipient, opaqueSetup }: HostKeys, time: number): Promise<Bytes> {
  const { accounts } = await readAccounts(database);
  return sealToHost(recipient, encodeAccountData({ time, serverSetup: opaqueSetup, accounts }));
}
