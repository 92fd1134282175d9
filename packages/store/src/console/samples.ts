import { type Bytes, hexToBytes } from '@serment/core/bytes';
import { asHost, byteaArray, numberArray, type Transaction } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** How one practice (in hexadecimal) stands now. */
export interface PracticeSample {
  readonly practice: string;
  readonly entries: number;
  readonly bytes: number;
  /** Of those, what its documents weigh. */
  readonly documentBytes: number;
  /** By copy, in milliseconds; none for a copy that was not looked at yet. */
  readonly lags: readonly { readonly copy: string; readonly lagMs: number }[];
}

/** How far apart samples stand, in minutes, and for how long they are kept, in milliseconds. */
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
export const sampleSteps = {
  5: { keptMs: 2 * dayMs },
  60: { keptMs: 30 * dayMs },
  1440: { keptMs: 3 * 365 * dayMs },
} as const;
export type SampleStep = keyof typeof sampleSteps;

const practicesAtOnce = 500;
const minuteMs = 60_000;

/** Keeps a sample of each practice, of the five minutes that `now` is in. What another instance kept stays. */
export async function addSamples(database: Database, samples: readonly PracticeSample[], now: number): Promise<void> {
  const at = beginningOf(now, 5);
  for (let from = 0; from < samples.length; from += practicesAtOnce) {
    const some = samples.slice(from, from + practicesAtOnce);
    const copies = new Set(some.flatMap(({ lags }) => lags.map(({ copy }) => copy)));
    await asHost(database, async (sql) => {
      await sql`
        INSERT INTO serment.size_samples (practice, step, at, entries, bytes, documents)
        SELECT practice, 5, ${at}, entries, bytes, documents FROM unnest(${idsOf(some)}::bytea[],
          ${numberArray(some.map(({ entries }) => entries))}::bigint[],
          ${numberArray(some.map(({ bytes }) => bytes))}::bigint[],
          ${numberArray(some.map(({ documentBytes }) => documentBytes))}::bigint[])
          AS one (practice, entries, bytes, documents)
        ON CONFLICT DO NOTHING`;
      for (const copy of copies) {
        const lags = some.flatMap(({ practice, lags: own }) =>
          own.flatMap((lag) => (lag.copy === copy ? [{ practice, lagMs: Math.round(lag.lagMs) }] : [])),
        );
        await sql`
          INSERT INTO serment.lag_samples (practice, copy, step, at, lag)
          SELECT practice, ${copy}, 5, ${at}, lag FROM unnest(${idsOf(lags)}::bytea[],
            ${numberArray(lags.map(({ lagMs }) => lagMs))}::bigint[]) AS one (practice, lag)
          ON CONFLICT DO NOTHING`;
      }
    });
  }
}

/** Makes an hour's sample of those of five minutes, a day's of those of an hour, and forgets what grew old. */
export async function condenseSamples(database: Database, now: number): Promise<void> {
  await asHost(database, async (sql) => {
    await condense(sql, { from: 5, to: 60, since: beginningOf(now, 60) - hourMs });
    await condense(sql, { from: 60, to: 1440, since: beginningOf(now, 1440) - dayMs });
    for (const [step, { keptMs }] of Object.entries(sampleSteps)) {
      await sql`DELETE FROM serment.size_samples WHERE step = ${Number(step)} AND at < ${now - keptMs}`;
      await sql`DELETE FROM serment.lag_samples WHERE step = ${Number(step)} AND at < ${now - keptMs}`;
    }
  });
}

/** The last size of the step, and its worst lag: of the step under way too, which is made anew the next time. */
async function condense(sql: Transaction, { from, to, since }: { from: SampleStep; to: SampleStep; since: number }) {
  const lengthMs = to * minuteMs;
  await sql`
    INSERT INTO serment.size_samples (practice, step, at, entries, bytes, documents)
    SELECT DISTINCT ON (practice, began) practice, ${to}, began, entries, bytes, documents
    FROM (SELECT *, at - at % ${lengthMs}::bigint AS began FROM serment.size_samples
      WHERE step = ${from} AND at >= ${since}) AS fine
    ORDER BY practice, began, at DESC
    ON CONFLICT (practice, step, at) DO UPDATE SET entries = EXCLUDED.entries, bytes = EXCLUDED.bytes,
      documents = EXCLUDED.documents`;
  await sql`
    INSERT INTO serment.lag_samples (practice, copy, step, at, lag)
    SELECT practice, copy, ${to}, began, max(lag)
    FROM (SELECT *, at - at % ${lengthMs}::bigint AS began FROM serment.lag_samples
      WHERE step = ${from} AND at >= ${since}) AS fine
    GROUP BY practice, copy, began
    ON CONFLICT (practice, step, at, copy) DO UPDATE SET lag = greatest(lag_samples.lag, EXCLUDED.lag)`;
}

export interface SampleHistory {
  readonly sizes: readonly { readonly at: number; readonly entries: number; readonly bytes: number }[];
  readonly lags: readonly { readonly copy: string; readonly at: number; readonly lagMs: number }[];
}

/** A practice's samples of a step, oldest first. */
export async function readSamples(
  database: Database,
  { practice, step, since }: { readonly practice: Bytes; readonly step: SampleStep; readonly since: number },
): Promise<SampleHistory> {
  return asHost(database, async (sql) => ({
    sizes: await sql<SampleHistory['sizes'][number][]>`
      SELECT at, entries, bytes FROM serment.size_samples
      WHERE practice = ${practice} AND step = ${step} AND at >= ${since} ORDER BY at`,
    lags: await sql<SampleHistory['lags'][number][]>`
      SELECT copy, at, lag AS "lagMs" FROM serment.lag_samples
      WHERE practice = ${practice} AND step = ${step} AND at >= ${since} ORDER BY at, copy`,
  }));
}

/** What each practice (in hexadecimal) weighed last. */
export async function readLastSizes(
  database: Database,
): Promise<readonly Pick<PracticeSample, 'practice' | 'entries' | 'bytes' | 'documentBytes'>[]> {
  return asHost(
    database,
    (sql) => sql<Pick<PracticeSample, 'practice' | 'entries' | 'bytes' | 'documentBytes'>[]>`
      SELECT DISTINCT ON (practice) encode(practice, 'hex') AS practice, entries, bytes, documents AS "documentBytes"
      FROM serment.size_samples ORDER BY practice, entries DESC`,
  );
}

/** What each practice (in hexadecimal) weighed at the first sample of a day since then. */
export async function readSizesSince(database: Database, since: number): Promise<ReadonlyMap<string, number>> {
  const rows = await asHost(
    database,
    (sql) => sql<{ practice: string; bytes: number }[]>`
      SELECT DISTINCT ON (practice) encode(practice, 'hex') AS practice, bytes FROM serment.size_samples
      WHERE step = 1440 AND at >= ${since} ORDER BY practice, at`,
  );
  return new Map(rows.map(({ practice, bytes }) => [practice, bytes]));
}

function beginningOf(at: number, step: SampleStep): number {
  return Math.floor(at / (step * minuteMs)) * step * minuteMs;
}

function idsOf(some: readonly { readonly practice: string }[]): string {
  return byteaArray(some.map(({ practice }) => hexToBytes(practice)));
}
