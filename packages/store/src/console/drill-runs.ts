import { hexToBytes } from '@serment/core/bytes';
import type { DrillOutcome } from '@serment/core/journal/body';
import type { DrillNight, DrillRun } from '@serment/core/wire/console';
import { asHost } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

interface Planned {
  readonly night: string;
  /** In hexadecimal. */
  readonly practice: string;
  readonly copy: string;
  /** Milliseconds since 1970. */
  readonly due: number;
}

export interface Ended {
  /** The night in which it ended. */
  readonly night: string;
  /** In hexadecimal. */
  readonly practice: string;
  readonly copy: string;
  /** Whether it is one that every practice has every night. */
  readonly isNightly: boolean;
  readonly ended: number;
  readonly outcome: DrillOutcome;
  readonly code: string | null;
  readonly durationMs: number;
  /** What the copy weighed of this practice; null where it was not read. */
  readonly bytes: number | null;
}

const keptMs = 400 * 86_400_000;
/** Of one night and copy, or of one practice. */
export const maxRunsTold = 500;

/** A practice is to be restored from a copy that night. */
export async function planRun(database: Database, { night, practice, copy, due }: Planned): Promise<void> {
  await asHost(
    database,
    (sql) => sql`
      INSERT INTO serment.drill_runs (night, practice, copy, is_planned, due)
      VALUES (${night}, ${hexToBytes(practice)}, ${copy}, true, ${due}) ON CONFLICT DO NOTHING`,
  );
}

/** One ended: of those that were planned, the first that is due; one that was not is added. */
export async function endRun(database: Database, run: Ended): Promise<void> {
  const { night, practice, copy, isNightly, ended, outcome, code, durationMs, bytes } = run;
  const id = hexToBytes(practice);
  await asHost(database, async (sql) => {
    const known = isNightly
      ? await sql`
        UPDATE serment.drill_runs SET ended = ${ended}, outcome = ${outcome}, code = ${code}, duration = ${durationMs},
          bytes = ${bytes}
        WHERE run = (SELECT run FROM serment.drill_runs WHERE practice = ${id} AND copy = ${copy} AND is_planned
          AND ended IS NULL ORDER BY due LIMIT 1) RETURNING run`
      : [];
    if (known.length > 0) return;
    await sql`
      INSERT INTO serment.drill_runs (night, practice, copy, is_planned, due, ended, outcome, code, duration, bytes)
      VALUES (${night}, ${id}, ${copy}, false, ${ended - durationMs}, ${ended}, ${outcome}, ${code}, ${durationMs},
        ${bytes})`;
  });
}

/** Forgets what is older than a year and a month. */
export async function sweepRuns(database: Database, now: number): Promise<void> {
  await asHost(database, (sql) => sql`DELETE FROM serment.drill_runs WHERE due < ${now - keptMs}`);
}

/** How each night since one went at each copy, oldest first. */
export async function listNights(database: Database, since: string): Promise<DrillNight[]> {
  return asHost(
    database,
    (sql) => sql<DrillNight[]>`
      SELECT night, copy, count(*) FILTER (WHERE outcome = 'proven') AS proven,
        count(*) FILTER (WHERE outcome = 'failed') AS failed,
        count(*) FILTER (WHERE outcome = 'inconclusive') AS inconclusive,
        count(*) FILTER (WHERE ended IS NULL) AS open
      FROM serment.drill_runs WHERE night >= ${since} GROUP BY night, copy ORDER BY night, copy`,
  );
}

/** Those of one night and copy, the worst first. */
export function listRunsOf(database: Database, { night, copy }: { night: string; copy: string }): Promise<DrillRun[]> {
  return asHost(
    database,
    (sql) => sql<DrillRun[]>`
      SELECT night, encode(practice, 'hex') AS practice, copy, is_planned AS "isPlanned", due, ended, outcome, code,
        duration AS "durationMs"
      FROM serment.drill_runs WHERE night = ${night} AND copy = ${copy}
      ORDER BY outcome = 'proven' NULLS FIRST, due LIMIT ${maxRunsTold}`,
  );
}

/** Those of one practice (in hexadecimal), newest first. */
export function listRunsAbout(database: Database, practice: string, limit: number): Promise<DrillRun[]> {
  return asHost(
    database,
    (sql) => sql<DrillRun[]>`
      SELECT night, encode(practice, 'hex') AS practice, copy, is_planned AS "isPlanned", due, ended, outcome, code,
        duration AS "durationMs"
      FROM serment.drill_runs WHERE practice = ${hexToBytes(practice)} ORDER BY due DESC LIMIT ${limit}`,
  );
}

/** What each copy weighs: the sum of what each practice weighed there when it was last restored from it. */
export async function weighCopies(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await asHost(
    database,
    (sql) => sql<{ copy: string; bytes: number }[]>`
      SELECT copy, sum(bytes)::bigint AS bytes FROM (SELECT DISTINCT ON (practice, copy) copy, bytes
        FROM serment.drill_runs WHERE bytes IS NOT NULL ORDER BY practice, copy, ended DESC) AS last GROUP BY copy`,
  );
  return new Map(rows.map(({ copy, bytes }) => [copy, bytes]));
}
