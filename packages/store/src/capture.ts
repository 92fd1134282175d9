import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { encodeAccountData } from '@serment/core/copy/account-data';
import { sealToHost } from '@serment/core/hostseal';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { parseEntry } from '@serment/core/journal/entry';
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
import { readAccounts } from './sign-in/accounts.ts';

export interface CaptureOptions {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly hostKeys: HostKeys;
  readonly clock: () => number;
  readonly onCommit: (listener: (change: CaptureChange) => void) => () => void;
}

const pageEntries = 256;

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
  const read = (start: number) => {
    const page = inPractice(
      database,
      practice,
      (sql) => sql<{ index: number; entry: Bytes; payload: Bytes | null }[]>`
        SELECT index, entry, payload FROM serment.entries
        WHERE practice = ${practice} AND index >= ${start} AND index < ${Math.min(start + pageEntries, to)} ORDER BY index`,
    );
    // Seen when its turn comes.
    page.catch(() => undefined);
    return page;
  };
  let next = from < to ? read(from) : null;
  for (let start = from; next !== null; start += pageEntries) {
    const rows = await next;
    // The database reads the next page while this one is worked on.
    next = start + pageEntries < to ? read(start + pageEntries) : null;
    for (const { index, entry, payload } of rows) yield { index, entry, payload, blobs: blobsOf(entry, payload) };
  }
}

function blobsOf(bytes: Bytes, payload: Bytes | null): string[] {
  const { header, payloadHash } = parseEntry(bytes);
  const documents = header.blobs.map(({ hash }) => bytesToHex(hash));
  return payloadHash !== null && payload === null ? [...documents, bytesToHex(payloadHash)] : documents;
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
