import { type Bytes, bytesToHex, concatBytes, hexToBytes } from '@serment/core/bytes';
import { asHost, numberArray, type Transaction } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';
import { type Alert, type Observation, quietOf } from './alert.ts';
import { type AlertPlan, type NoticeEvent, noticesDue } from './notices.ts';

export interface Look {
  readonly observations: readonly Observation[];
  readonly now: number;
  /** Since when this process looks: what it did not see before then is not over. */
  readonly watchingSince: number;
  /** Null where nobody is told. */
  readonly plan: AlertPlan | null;
}

/** What a channel has still to say. */
export interface WaitingNotice {
  readonly notice: number;
  readonly event: NoticeEvent;
  readonly at: number;
  readonly alert: Alert;
}

const maxPractices = 1024;
/** What comes back within that is the same alert, raised again. */
const sameMs = 24 * 3_600_000;
/** What nobody could be told for that long is told no more. */
const waitingMs = 7 * 24 * 3_600_000;
const maxWaiting = 500;
// Any number does, so long as every instance of Serment asks for the same.
const lockNumber = 7_367_014;

type Row = Omit<Alert, 'practices'> & { readonly practices: Bytes };

/**
 * Takes what is seen now: raises what is new, ends what was not seen for long enough, and writes what people are to be
 * told, all of it or none. Any instance of an installation may call it: an alert is open for as long as one of them sees
 * it. Answers with what is open.
 */
export async function takeLook(database: Database, look: Look): Promise<Alert[]> {
  return asHost(database, async (sql) => {
    await sql`SELECT pg_advisory_xact_lock(${lockNumber})`;
    for (const observation of look.observations) await take(sql, observation, look.now);
    const alerts = (
      await sql<Row[]>`SELECT ${columns(sql)} FROM serment.alerts WHERE cleared IS NULL ORDER BY alert`
    ).map(alertOf);
    const { now, watchingSince } = look;
    const isOver = (alert: Alert) => now - Math.max(alert.seen, watchingSince) > quietOf(alert);
    const over = alerts.filter(isOver).map(({ alert }) => alert);
    if (over.length > 0)
      await sql`UPDATE serment.alerts SET cleared = ${now} WHERE alert = ANY (${numberArray(over)}::bigint[])`;
    const after = alerts.map((alert) => (isOver(alert) ? { ...alert, cleared: now } : alert));
    if (look.plan !== null) await addNotices(sql, after, look.plan, now);
    return after.filter(({ cleared }) => cleared === null);
  });
}

/** Alerts that are open, and those that were over no longer than `overMs` ago; newest first. */
export async function listAlerts(database: Database, now: number, overMs: number): Promise<Alert[]> {
  const rows = await asHost(
    database,
    (sql) => sql<Row[]>`
      SELECT ${columns(sql)} FROM serment.alerts WHERE cleared IS NULL OR cleared > ${now - overMs}
      ORDER BY (cleared IS NULL) DESC, raised DESC, alert DESC LIMIT 1000`,
  );
  return rows.map(alertOf);
}

/** Says that somebody takes care of them. Answers with those that it changed: open, and nobody's yet. */
export async function acknowledgeAlerts(
  database: Database,
  alerts: readonly number[],
  { by, now }: { readonly by: string; readonly now: number },
): Promise<number[]> {
  const rows = await asHost(
    database,
    (sql) => sql<{ alert: number }[]>`
      UPDATE serment.alerts SET acknowledged = ${now}, acknowledged_by = ${by}
      WHERE alert = ANY (${numberArray(alerts)}::bigint[]) AND cleared IS NULL AND acknowledged IS NULL RETURNING alert`,
  );
  return rows.map(({ alert }) => alert).sort((left, right) => left - right);
}

/**
 * What a channel has to say, if it may speak now; it then waits until `until` unless `keepSent` or `keepFailure` says
 * otherwise, so that no other instance says the same. Null when there is nothing, or it waits.
 */
export async function claimNotices(
  database: Database,
  channel: string,
  { now, until, perHour }: { readonly now: number; readonly until: number; readonly perHour: number },
): Promise<WaitingNotice[] | null> {
  return asHost(database, async (sql) => {
    const [sent] = await sql<{ count: number }[]>`
      SELECT count(DISTINCT sent) AS count FROM serment.alert_notices
      WHERE channel = ${channel} AND sent > ${now - 3_600_000}`;
    if ((sent?.count ?? 0) >= perHour) return null;
    const rows = await sql<(Row & { notice: number; event: NoticeEvent; noticedAt: number })[]>`
      SELECT notice, event, alert_notices.at AS "noticedAt", ${columns(sql)}
      FROM serment.alert_notices JOIN serment.alerts USING (alert)
      WHERE channel = ${channel} AND sent IS NULL AND alert_notices.at > ${now - waitingMs}
      ORDER BY notice LIMIT ${maxWaiting}`;
    if (rows.length === 0) return null;
    const claimed = await sql`
      INSERT INTO serment.alert_channels (channel, next) VALUES (${channel}, ${until})
      ON CONFLICT (channel) DO UPDATE SET next = ${until} WHERE alert_channels.next <= ${now} RETURNING channel`;
    if (claimed.length === 0) return null;
    return rows.map(({ notice, event, noticedAt, ...row }) => ({ notice, event, at: noticedAt, alert: alertOf(row) }));
  });
}

/** The channel took a message that says all of these. */
export async function keepSent(
  database: Database,
  channel: string,
  { notices, now }: { readonly notices: readonly number[]; readonly now: number },
): Promise<void> {
  await asHost(database, async (sql) => {
    await sql`UPDATE serment.alert_notices SET sent = ${now} WHERE notice = ANY (${numberArray(notices)}::bigint[])`;
    await sql`UPDATE serment.alert_channels SET failures = 0, failing_since = NULL, code = NULL, next = ${now}
      WHERE channel = ${channel}`;
  });
}

/** The channel took nothing, for that reason: it is tried again a minute later, then twice as late each time, up to an hour. */
export async function keepFailure(
  database: Database,
  channel: string,
  { code, now }: { readonly code: string; readonly now: number },
): Promise<void> {
  await asHost(
    database,
    (sql) => sql`
      UPDATE serment.alert_channels SET failures = failures + 1, failing_since = coalesce(failing_since, ${now}),
        code = ${code}, next = ${now} + least(3600000, 60000 * (2 ^ least(failures, 10))::bigint)
      WHERE channel = ${channel}`,
  );
}

export interface FailingChannel {
  readonly channel: string;
  readonly failures: number;
  readonly since: number;
  readonly code: string;
}

export async function listFailingChannels(database: Database): Promise<FailingChannel[]> {
  return asHost(
    database,
    (sql) => sql<FailingChannel[]>`
      SELECT channel, failures, failing_since AS since, coalesce(code, '') AS code FROM serment.alert_channels
      WHERE failing_since IS NOT NULL`,
  );
}

async function take(sql: Transaction, observation: Observation, now: number): Promise<void> {
  const { cause, subject, practices, since, code, at, entry } = observation;
  const kept = concatBytes(...practices.slice(0, maxPractices).map(hexToBytes));
  const count = practices.length;
  const known = await sql`
    UPDATE serment.alerts SET seen = ${now}, since = least(since, ${since}), practices = ${kept},
      practice_count = ${count}, code = ${code}, at = ${at}, entry = coalesce(${entry}, entry)
    WHERE cause = ${cause} AND subject = ${subject} AND cleared IS NULL RETURNING alert`;
  if (known.length > 0) return;
  const again = await sql`
    UPDATE serment.alerts SET cleared = NULL, times = times + 1, raised = ${now}, seen = ${now}, since = ${since},
      practices = ${kept}, practice_count = ${count}, code = ${code}, at = ${at}, entry = ${entry}, told_count = 0, acknowledged = NULL, acknowledged_by = NULL
    WHERE alert = (SELECT alert FROM serment.alerts WHERE cause = ${cause} AND subject = ${subject}
      AND cleared > ${now - sameMs} ORDER BY cleared DESC LIMIT 1) RETURNING alert`;
  if (again.length > 0) return;
  await sql`
    INSERT INTO serment.alerts (cause, subject, practices, practice_count, since, code, at, entry, raised, seen)
    VALUES (${cause}, ${subject}, ${kept}, ${count}, ${since}, ${code}, ${at}, ${entry}, ${now}, ${now})`;
}

async function addNotices(sql: Transaction, alerts: readonly Alert[], plan: AlertPlan, now: number): Promise<void> {
  if (alerts.length === 0) return;
  const said = await sql<
    { alert: number; channel: string; event: NoticeEvent; times: number; step: number; at: number }[]
  >`SELECT alert, channel, event, times, step, at FROM serment.alert_notices
    WHERE alert = ANY (${numberArray(alerts.map(({ alert }) => alert))}::bigint[])`;
  for (const alert of alerts) {
    const own = said.filter((one) => one.alert === alert.alert && one.times === alert.times);
    const due = noticesDue(alert, own, plan, now);
    for (const { channel, event, step } of due)
      await sql`
        INSERT INTO serment.alert_notices (alert, channel, event, times, step, at)
        VALUES (${alert.alert}, ${channel}, ${event}, ${alert.times}, ${step}, ${now})`;
    if (due.length > 0)
      await sql`UPDATE serment.alerts SET told_count = ${alert.practiceCount} WHERE alert = ${alert.alert}`;
  }
}

function columns(sql: Transaction) {
  return sql`alert, cause, subject, practices, practice_count AS "practiceCount", since, code, alerts.at AS at, entry,
    alerts.times,
    raised, seen, cleared, acknowledged, acknowledged_by AS "acknowledgedBy", told_count AS "toldCount"`;
}

function alertOf({ practices, ...row }: Row): Alert {
  const count = practices.length / 32;
  const ids = Array.from({ length: count }, (_, place) => bytesToHex(practices.slice(place * 32, place * 32 + 32)));
  return { ...row, practices: ids };
}
