import { asHost } from './database-scope.ts';
import type { Database } from './postgres/connect.ts';

export interface Retirement {
  readonly copy: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Name of the operator who did it. */
  readonly by: string;
}

/** Copies that this installation writes no more, whatever its file of copies says, until one is put back. */
export class RetiredCopies {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(): Promise<Retirement[]> {
    return asHost(
      this.#database,
      (sql) => sql<Retirement[]>`SELECT copy, since, retired_by AS by FROM serment.retired_copies ORDER BY copy`,
    );
  }

  /** One that is retired already stays so, since when it was. Trial restorations that nobody waits for any more are forgotten. */
  async retire({ copy, since, by }: Retirement): Promise<void> {
    await asHost(this.#database, async (sql) => {
      await sql`
        INSERT INTO serment.retired_copies (copy, since, retired_by) VALUES (${copy}, ${since}, ${by})
        ON CONFLICT DO NOTHING`;
      await sql`DELETE FROM serment.drill_runs WHERE copy = ${copy} AND ended IS NULL`;
    });
  }

  async putBack(copy: string): Promise<void> {
    await asHost(this.#database, (sql) => sql`DELETE FROM serment.retired_copies WHERE copy = ${copy}`);
  }
}
