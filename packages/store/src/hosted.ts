import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { readLastSizes } from './console/samples.ts';
import { asHost, inSnapshot } from './database-scope.ts';
import type { Database } from './postgres/connect.ts';
import { countAlarmsOfAll } from './sign-in/alarms.ts';

/** What the host knows of a practice without reading an entry. Times in milliseconds. */
export interface Hosted {
  readonly practice: Bytes;
  readonly created: number;
  readonly entries: number;
  /** Entries, payloads and documents. */
  readonly bytes: number;
  /** Of those, documents. */
  readonly documentBytes: number;
  readonly written: number;
  /** At sign-in, in the last seven days. */
  readonly alarms: number;
}

interface Weight {
  /** Null before it was asked for. */
  readonly created: number | null;
  readonly size: number;
  /** Entries and payloads. */
  readonly ownBytes: number;
  readonly blobBytes: number;
}

interface Head {
  readonly practice: Bytes;
  readonly size: number;
  readonly written: number;
}

/** How practices stand at this host. What was weighed is not weighed again: entries never change. */
export class HostedPractices {
  readonly #database: Database;
  readonly #clock: () => number;
  readonly #weights = new Map<string, Weight>();
  #listing: Promise<Hosted[]> | null = null;
  #isBegun = false;

  constructor({ database, clock }: { readonly database: Database; readonly clock: () => number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** All of them, those written last first. Whoever asks meanwhile gets the same answer. */
  list(): Promise<Hosted[]> {
    this.#listing ??= this.#list().finally(() => {
      this.#listing = null;
    });
    return this.#listing;
  }

  async #list(): Promise<Hosted[]> {
    const heads = await asHost(
      this.#database,
      (sql) => sql<Head[]>`
        SELECT practice, size, received_at AS written FROM serment.practices ORDER BY received_at DESC, practice`,
    );
    if (!this.#isBegun) await this.#begin();
    const alarms = await countAlarmsOfAll(this.#database, this.#clock());
    const practices: Hosted[] = [];
    // One after the other: a page that is looked at now and then leaves the other connections alone.
    for (const head of heads) {
      const name = bytesToHex(head.practice);
      const { created, ownBytes, blobBytes } = await this.#weigh(head);
      const { practice, size: entries, written } = head;
      practices.push({
        ...{ practice, created: created ?? written, entries, written },
        ...{ bytes: ownBytes + blobBytes, documentBytes: blobBytes },
        alarms: alarms.get(name) ?? 0,
      });
    }
    return practices;
  }

  /** What was kept of each practice is not weighed again by a server that starts. */
  async #begin(): Promise<void> {
    for (const { practice, entries: size, bytes, documentBytes: blobBytes } of await readLastSizes(this.#database))
      this.#weights.set(practice, { created: null, size, ownBytes: bytes - blobBytes, blobBytes });
    this.#isBegun = true;
  }

  /** What came since it was last weighed; nothing where nothing came: a document counts once an entry names it. */
  async #weigh({ practice, size, written }: Head): Promise<Weight> {
    const name = bytesToHex(practice);
    const before = this.#weights.get(name);
    if (before?.size === size && before.created !== null) return before;
    // A restored vault may be shorter than what was weighed: it is weighed whole.
    const known = before !== undefined && before.size <= size ? before : { size: 0, ownBytes: 0 };
    const row = await inSnapshot(this.#database, practice, async (sql) => {
      const [sums] = await sql<{ created: number; added: number; blobs: number }[]>`
        SELECT (SELECT received_at FROM serment.entries WHERE practice = ${practice} AND index = 0) AS created,
          (SELECT coalesce(sum(octet_length(entry) + coalesce(octet_length(payload), 0)), 0)::bigint FROM serment.entries
            WHERE practice = ${practice} AND index >= ${known.size} AND index < ${size}) AS added,
          (SELECT coalesce(sum(size), 0)::bigint FROM serment.blobs WHERE practice = ${practice}) AS blobs`;
      return sums;
    });
    const { created = written, added = 0, blobs = 0 } = row ?? {};
    const weight = { created, size, ownBytes: known.ownBytes + added, blobBytes: blobs };
    this.#weights.set(name, weight);
    return weight;
  }
}
