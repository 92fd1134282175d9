import { hexToBytes } from '@serment/core/bytes';
import { asHost } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** What one author of a practice did in one hour. Ids in hexadecimal. */
export interface HourOfActivity {
  readonly practice: string;
  readonly author: string;
  /** What was counted, such as `read-much`. */
  readonly act: string;
  /** Milliseconds since 1970, within that hour. */
  readonly at: number;
  readonly count: number;
}

/** What is usual, in an hour. */
export interface UsualActivity {
  /** The most that this author did before today, in the last thirty days. */
  readonly own: number;
  /** The median, over the same days, of the most that one of the practice's other authors did. */
  readonly others: number;
}

const dayMs = 86_400_000;
const keptDays = 30;

/** Keeps the most of each day, and forgets what is older than a month. */
export async function keepActivity(database: Database, hours: readonly HourOfActivity[], now: number): Promise<void> {
  await asHost(database, async (sql) => {
    const rows = hours.map(({ at, count, ...hour }) => ({ ...hour, day: dayOf(at), most: count }));
    await sql`
      INSERT INTO serment.activity (practice, act, day, author, most)
      SELECT decode(practice, 'hex'), act, day, decode(author, 'hex'), max(most)
      FROM jsonb_to_recordset(${sql.json(rows)}) AS given (practice text, act text, day integer, author text, most integer)
      GROUP BY practice, act, day, author
      ON CONFLICT (practice, act, day, author) DO UPDATE SET most = greatest(activity.most, EXCLUDED.most)`;
    await sql`DELETE FROM serment.activity WHERE day < ${dayOf(now) - keptDays}`;
  });
}

/** What is usual for that author, act and practice, before that day. */
export async function readUsual(database: Database, hour: Omit<HourOfActivity, 'count'>): Promise<UsualActivity> {
  const { practice, author, act, at } = hour;
  const [day, id, own] = [dayOf(at), hexToBytes(practice), hexToBytes(author)];
  return asHost(database, async (sql) => {
    const [row] = await sql<UsualActivity[]>`
      SELECT coalesce((SELECT max(most) FROM serment.activity
          WHERE practice = ${id} AND act = ${act} AND author = ${own} AND day < ${day} AND day >= ${day - keptDays}), 0) AS own,
        coalesce((SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY most) FROM (
          SELECT max(most) AS most FROM serment.activity
          WHERE practice = ${id} AND act = ${act} AND author <> ${own} AND day < ${day} AND day >= ${day - keptDays}
          GROUP BY day) AS days), 0) AS others`;
    return row ?? { own: 0, others: 0 };
  });
}

function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}
