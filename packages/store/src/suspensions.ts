import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { asHost } from './database-scope.ts';
import type { Database } from './postgres/connect.ts';

/** What another instance suspended is served here no longer than that. */
const staleMs = 1000;

/** Practices that the host serves no more until it does again. Their copies and their drills go on. */
export class Suspensions {
  readonly #database: Database;
  readonly #listeners = new Set<(practice: string) => void>();
  #known: ReadonlyMap<string, number> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Since when a practice is suspended, milliseconds; null when it is not. */
  async since(practice: Bytes): Promise<number | null> {
    return (await this.list()).get(bytesToHex(practice)) ?? null;
  }

  /** All of them, in hexadecimal, with since when. */
  async list(): Promise<ReadonlyMap<string, number>> {
    if (performance.now() - this.#readAt > staleMs) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
    return this.#known;
  }

  /** Tells of a practice, in hexadecimal, that this instance suspended. Returns what ends the subscription. */
  onChange(listener: (practice: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async suspend(practice: Bytes, at: number): Promise<void> {
    await asHost(
      this.#database,
      (sql) =>
        sql`INSERT INTO serment.suspensions (practice, since) VALUES (${practice}, ${at}) ON CONFLICT DO NOTHING`,
    );
    this.#forget();
    for (const listener of this.#listeners) listener(bytesToHex(practice));
  }

  async resume(practice: Bytes): Promise<void> {
    await asHost(this.#database, (sql) => sql`DELETE FROM serment.suspensions WHERE practice = ${practice}`);
    this.#forget();
  }

  /** What was being read may be older than what was just written. */
  #forget(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#reading = null;
  }

  async #read(): Promise<void> {
    const rows = await asHost(
      this.#database,
      (sql) => sql<{ practice: Bytes; since: number }[]>`SELECT practice, since FROM serment.suspensions`,
    );
    this.#known = new Map(rows.map(({ practice, since }) => [bytesToHex(practice), since]));
    this.#readAt = performance.now();
  }
}
