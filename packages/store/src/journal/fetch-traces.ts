import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { type Body, bodyToCbor, type FetchedItem, parseBody } from '@serment/core/journal/body';
import { inPractice } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';

export interface FetchTracesOptions {
  readonly database: Database;
  /** Appends entries of the host. */
  readonly appendAsHost: (practice: Bytes, bodies: readonly Body[]) => Promise<unknown>;
}

interface Waiting {
  readonly reader: Bytes;
  readonly items: readonly FetchedItem[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

// An item takes 66 bytes at most: this many stay well under an entry's 32 KiB.
const maxItems = 400;
/** How long the first of several readings waits for the others, ms. A page asks for the parts of what it shows at once. */
const gatherMs = 4;

/** Writes who read what, durably, before the bytes leave. Readings that come together share entries. */
export class FetchTraces {
  readonly #options: FetchTracesOptions;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #flushing = new Map<string, Promise<void>>();

  constructor(options: FetchTracesOptions) {
    this.#options = options;
  }

  /**
   * Returns once the trace is durable: in the journal, or aside while a restored vault is not acknowledged. `sinceMs` ago
   * the reading was asked for: what was read beside it meanwhile came already.
   */
  write(practice: Bytes, reader: Bytes, items: readonly FetchedItem[], sinceMs = 0): Promise<void> {
    if (items.length === 0) return Promise.resolve();
    const name = bytesToHex(practice);
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(name) ?? [];
      waiting.push({ reader, items, resolve, reject });
      this.#waiting.set(name, waiting);
      if (!this.#flushing.has(name)) this.#flushing.set(name, this.#flush(practice, name, gatherMs - sinceMs));
    });
  }

  /** Moves traces that were kept aside into the journal. Called once the vault takes them again. */
  async release(practice: Bytes): Promise<void> {
    const { database, appendAsHost } = this.#options;
    while (true) {
      const rows = await inPractice(
        database,
        practice,
        (sql) => sql<{ number: number; body: Bytes }[]>`
          SELECT number, body FROM serment.pending_fetches WHERE practice = ${practice} ORDER BY number LIMIT 256`,
      );
      const last = rows.at(-1)?.number;
      if (last === undefined) return;
      await appendAsHost(
        practice,
        rows.map(({ body }) => parseBody('fetch', decodeCanonical(body))),
      );
      // Between the two a crash repeats traces: one too many is a smaller wrong than one too few.
      await inPractice(
        database,
        practice,
        (sql) => sql`DELETE FROM serment.pending_fetches WHERE practice = ${practice} AND number <= ${last}`,
      );
    }
  }

  async #flush(practice: Bytes, name: string, waitMs: number): Promise<void> {
    await (waitMs > 0 ? setTimeout(waitMs) : setImmediate());
    while (true) {
      const waiting = this.#waiting.get(name);
      this.#waiting.delete(name);
      if (waiting === undefined) break;
      try {
        await this.#append(practice, fetchBodies(waiting));
        for (const { resolve } of waiting) resolve();
      } catch (cause) {
        for (const { reject } of waiting) reject(cause);
      }
    }
    this.#flushing.delete(name);
  }

  async #append(practice: Bytes, bodies: readonly Body[]): Promise<void> {
    try {
      await this.#options.appendAsHost(practice, bodies);
    } catch (cause) {
      // The vault was restored, or its members have not named this host yet.
      const mustWait = cause instanceof StoreError && (cause.code === 'VAULT_RESTORED' || cause.code === 'REFUSED');
      if (!mustWait) throw cause;
      await inPractice(this.#options.database, practice, async (sql) => {
        for (const body of bodies) {
          const bytes = encodeCanonical(bodyToCbor(body));
          await sql`INSERT INTO serment.pending_fetches (practice, body) VALUES (${practice}, ${bytes})`;
        }
      });
    }
  }
}

function fetchBodies(waiting: readonly Waiting[]): Body[] {
  const byReader = new Map<string, { reader: Bytes; items: FetchedItem[] }>();
  for (const { reader, items } of waiting) {
    const name = bytesToHex(reader);
    const known = byReader.get(name) ?? { reader, items: [] };
    known.items.push(...items);
    byReader.set(name, known);
  }
  return [...byReader.values()].flatMap(({ reader, items }) => {
    const count = Math.ceil(items.length / maxItems);
    return Array.from({ length: count }, (_, part): Body => {
      return { kind: 'fetch', reader, items: items.slice(part * maxItems, (part + 1) * maxItems) };
    });
  });
}
