import type { Bytes } from '@serment/core/bytes';
import { inPractice } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** For how long alarms count. */
const countedMs = 7 * 24 * 3_600_000;

/** Something at a practice's sign-in deserved a look, at that time (ms). */
export async function noteAlarm(database: Database, practice: Bytes, at: number): Promise<void> {
  await inPractice(
    database,
    practice,
    (sql) => sql`INSERT INTO serment.sign_in_alarms (practice, at) VALUES (${practice}, ${at})`,
  );
}

/** How many there were in the last seven days. */
export async function countAlarms(database: Database, practice: Bytes, now: number): Promise<number> {
  const [row] = await inPractice(
    database,
    practice,
    (sql) => sql<{ count: number }[]>`
      SELECT count(*) AS count FROM serment.sign_in_alarms WHERE practice = ${practice} AND at > ${now - countedMs}`,
  );
  return row?.count ?? 0;
}

/** Forgets those that count no more. */
export async function sweepAlarms(database: Database, practice: Bytes, now: number): Promise<void> {
  await inPractice(
    database,
    practice,
    (sql) => sql`DELETE FROM serment.sign_in_alarms WHERE practice = ${practice} AND at <= ${now - countedMs}`,
  );
}
