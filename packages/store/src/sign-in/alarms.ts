import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { asHost, inPractice } from '../database-scope.ts';
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

/** How many there were in the last seven days, of each practice (in hexadecimal) that had any. */
export async function countAlarmsOfAll(database: Database, now: number): Promise<ReadonlyMap<string, number>> {
  const rows = await asHost(
    database,
    (sql) => sql<{ practice: Bytes; count: number }[]>`
      SELECT practice, count(*) AS count FROM serment.sign_in_alarms WHERE at > ${now - countedMs} GROUP BY practice`,
  );
  return new Map(rows.map(({ practice, count }) => [bytesToHex(practice), count]));
}

/** Forgets those that count no more. */
export async function sweepAlarms(database: Database, practice: Bytes, now: number): Promise<void> {
  await inPractice(
    database,
    practice,
    (sql) => sql`DELETE FROM serment.sign_in_alarms WHERE practice = ${practice} AND at <= ${now - countedMs}`,
  );
}
