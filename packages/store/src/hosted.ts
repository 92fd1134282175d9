import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { asHost, inSnapshot } from './database-scope.ts';
import type { Database } from './postgres/connect.ts';
import { countAlarms } from './sign-in/alarms.ts';

/** What the host knows of a practice without reading an entry. Times in milliseconds. */
export interface Hosted {
  readonly practice: Bytes;
  readonly created: number;
  readonly entries: number;
  /** Entries, payloads and documents. */
  readonly bytes: number;
  readonly written: number;
  /** At sign-in, in the last seven days. */
  readonly alarms: number;
}

interface Weight {
  readonly size: number;
  readonly bytes: number;
}

/** How practices stand at this host. What was weighed is not weighed again: entries never change. */
export class HostedPractices {
  readonly #database: Database;
  readonly #clock: () => number;
  readonly #weights = new Map<string, Weight>();

  constructor({ database, clock }: { readonly database: Database; readonly clock: () => number }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Those written last, at most `limit`, and how many there are. */
  async list(limit: number): Promise<{ readonly count: number; readonly practices: readonly Hosted[] }> {
    const { heads, count } = await asHost(this.#database, async (sql) => ({
      heads: await sql<{ practice: Bytes; size: number; written: number }[]>`
        SELECT practice, size, received_at AS written FROM serment.practices
        ORDER BY received_at DESC, practice LIMIT ${limit}`,
      count: (await sql<{ count: number }[]>`SELECT count(*) AS count FROM serment.practices`)[0]?.count ?? 0,
    }));
    const practices: Hosted[] = [];
    // One after the other: a page that is looked at now and then leaves the other connections alone.
    for (const head of heads) practices.push(await this.#describe(head));
    return { count, practices };
  }

  async #describe(head: { practice: Bytes; size: number; written: number }): Promise<Hosted> {
    const { practice, size, written } = head;
    const name = bytesToHex(practice);
    const before = this.#weights.get(name) ?? { size: 0, bytes: 0 };
    const row = await inSnapshot(this.#database, practice, async (sql) => {
      const [sums] = await sql<{ created: number; added: number; blobs: number }[]>`
        SELECT (SELECT received_at FROM serment.entries WHERE practice = ${practice} AND index = 0) AS created,
          (SELECT coalesce(sum(octet_length(entry) + coalesce(octet_length(payload), 0)), 0)::bigint FROM serment.entries
            WHERE practice = ${practice} AND index >= ${before.size} AND index < ${size}) AS added,
          (SELECT coalesce(sum(size), 0)::bigint FROM serment.blobs WHERE practice = ${practice}) AS blobs`;
      return sums;
    });
    const { created, added = 0, blobs = 0 } = row ?? {};
    // A restored vault may be shorter than what was weighed: it is weighed whole the next time.
    if (size >= before.size) this.#weights.set(name, { size, bytes: before.bytes + added });
    else this.#weights.delete(name);
    const alarms = await countAlarms(this.#database, practice, this.#clock());
    return {
      practice,
      created: created ?? written,
      entries: size,
      bytes: before.bytes + added + blobs,
      written,
      alarms,
    };
  }
}
