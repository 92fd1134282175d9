import { type Bytes, equalBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseStatement, signedMessage } from '@serment/core/journal/entry';
import { type Signer, verifySignature } from '@serment/core/signature';
import type { SentEntry } from '@serment/core/wire/append';
import { type Database, openDatabase } from '@serment/store/postgres/connect';

/** What PostgreSQL takes for the same bytes: one INSERT, one durable commit, one row for each entry. */
export class PlainInserts {
  readonly #connections: readonly Database[];

  static async open(databaseUrl: string, writers: number): Promise<PlainInserts> {
    const connections = Array.from({ length: writers }, () => openDatabase({ url: databaseUrl, maxConnections: 1 }));
    const [first] = connections;
    // Stored as Serment stores them: PostgreSQL would otherwise try to compress what does not compress.
    await first?.unsafe(`
      CREATE TABLE plain (practice bytea, index bigint, entry bytea, payload bytea, PRIMARY KEY (practice, index));
      ALTER TABLE plain ALTER COLUMN entry SET STORAGE EXTERNAL;
      ALTER TABLE plain ALTER COLUMN payload SET STORAGE EXTERNAL`);
    await Promise.all(connections.map((sql) => sql`SELECT 1`));
    return new PlainInserts(connections);
  }

  constructor(connections: readonly Database[]) {
    this.#connections = connections;
  }

  /**
   * Each writer inserts its own entries one after the other, as rows of its own practice or of a shared one; with a
   * signer, it checks each before, payload and author's signature, and signs one statement for each, as a host must.
   */
  async write(works: readonly (readonly SentEntry[])[], isShared: boolean, signer?: Signer): Promise<void> {
    const practices = works.map(() => crypto.getRandomValues(new Uint8Array(32)));
    await Promise.all(
      works.map(async (work, writer) => {
        const sql = this.#connections[writer];
        const practice = practices[isShared ? 0 : writer];
        if (sql === undefined || practice === undefined) throw new RangeError('A connection for each writer');
        for (const [place, { statement, payload }] of work.entries()) {
          const signed = signer === undefined ? null : signer.sign(await checkedId(statement, payload));
          await sql`INSERT INTO plain VALUES (${practice}, ${place * works.length + writer}, ${statement}, ${payload})`;
          await signed;
        }
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((sql) => sql.end()));
  }
}

/** What no host leaves out, whatever it writes to. Throws RangeError for an entry that is not its author's. */
async function checkedId(statement: Bytes, payload: Bytes | null): Promise<Bytes> {
  const { header, headerBytes, payloadHash, signature, id } = parseStatement(statement);
  const isWhole = payload === null || (payloadHash !== null && equalBytes(sha256(payload), payloadHash));
  const isSigned = await verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature);
  if (!(isWhole && isSigned)) throw new RangeError('The entries of a bench are right');
  return id;
}
