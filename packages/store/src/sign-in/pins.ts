import type { Bytes } from '@serment/core/bytes';
import { byValue, inPractice } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import type { GatedDevice } from './gates.ts';

/** A short code that unlocks one device again during the day. */
export interface Pin extends GatedDevice {
  /** 16 bytes. */
  readonly pin: Bytes;
  /** OPAQUE record. */
  readonly record: string;
  readonly sealedSecret: Bytes;
}

const maxTries = 5;

/** A device's new PIN, in place of the one before. Throws ACCOUNT_TAKEN when another device has one of that name. */
export async function writePin(database: Database, own: Pin): Promise<void> {
  const { practice, pin, account, author, record, sealedSecret } = own;
  await inPractice(database, practice, async (sql) => {
    await sql`DELETE FROM serment.pins WHERE author = ${author}`;
    const written = await sql`
      INSERT INTO serment.pins (practice, pin, account, author, record, sealed_secret)
      VALUES (${practice}, ${pin}, ${account}, ${author}, ${record}, ${sealedSecret})
      ON CONFLICT DO NOTHING RETURNING pin`;
    if (written.length === 0) throw new StoreError('ACCOUNT_TAKEN', 'This name is of somebody else’s PIN');
  });
}

export async function findPin(database: Database, pin: Bytes): Promise<Pin | null> {
  const [row] = await byValue(
    database,
    'pin',
    pin,
    (sql) => sql<Pin[]>`
      SELECT practice, pin, account, author, record, sealed_secret AS "sealedSecret" FROM serment.pins WHERE pin = ${pin}`,
  );
  return row ?? null;
}

/** Counts a try before it is made. Returns how many are left after it, or null when none was: the PIN is gone then. */
export async function countPinTry(database: Database, { practice, pin }: Pin): Promise<number | null> {
  return inPractice(database, practice, async (sql) => {
    const [row] = await sql<{ tries: number }[]>`
      UPDATE serment.pins SET tries = tries + 1 WHERE pin = ${pin} AND tries < ${maxTries} RETURNING tries`;
    if (row !== undefined) return maxTries - row.tries;
    await sql`DELETE FROM serment.pins WHERE pin = ${pin}`;
    return null;
  });
}

/** A right PIN counts its tries anew. */
export async function clearPinTries(database: Database, { practice, pin }: Pin): Promise<void> {
  await inPractice(database, practice, (sql) => sql`UPDATE serment.pins SET tries = 0 WHERE pin = ${pin}`);
}
