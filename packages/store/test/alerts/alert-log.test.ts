import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Observation } from '../../src/alerts/alert.ts';
import {
  acknowledgeAlerts,
  claimNotices,
  keepFailure,
  keepSent,
  listAlerts,
  listFailingChannels,
  takeLook,
} from '../../src/alerts/alert-log.ts';
import { addDiskSample } from '../../src/alerts/disk-samples.ts';
import type { AlertPlan } from '../../src/alerts/notices.ts';
import { keepDrill, keepVerification, listProofs } from '../../src/alerts/proofs.ts';
import { asHost } from '../../src/database-scope.ts';
import type { Database } from '../../src/postgres/connect.ts';
import { openTestVault, type TestVault } from '../test-vault.ts';

const minuteMs = 60_000;
const plan: AlertPlan = { steps: [{ afterMs: 0, channels: ['mail'] }], repeatMs: 86_400_000 };
let vault: TestVault;
let database: Database;
let now = 1_900_000_000_000;
let subject = '';
let started = now;

before(async () => {
  vault = await openTestVault();
  database = vault.store.database;
});
after(() => vault.close());
beforeEach((test) => {
  now += 30 * 86_400_000;
  started = now;
  subject = test.name.slice(0, 60);
});
afterEach(async () => {
  now += 7 * 86_400_000;
  await look([], 0);
  await say();
});

const practices = (count: number) => Array.from({ length: count }, (_, place) => String(place).padStart(64, '0'));
const seen = (more: Partial<Observation> = {}): Observation => ({
  ...{
    cause: 'copy-failing',
    subject,
    practices: practices(1),
    since: now,
    code: 'COPY_UNREACHABLE',
    at: null,
    entry: null,
  },
  ...more,
});
const look = (observations: readonly Observation[], watchingSince = started) =>
  takeLook(database, { observations, now, watchingSince, plan });
const waiting = (perHour = 100) => claimNotices(database, 'mail', { now, until: now + 2 * minuteMs, perHour });
/** What a channel would say now, and takes. */
async function say(perHour?: number): Promise<string[]> {
  const found = (await waiting(perHour)) ?? [];
  await keepSent(database, 'mail', { notices: found.map(({ notice }) => notice), now });
  return found.map(({ event, alert }) => `${event} ${alert.practiceCount}`);
}
const mine = async () => (await listAlerts(database, now, 30 * 86_400_000)).filter((one) => one.subject === subject);

describe('the list of alerts', () => {
  it('raises a cause once, however often it is seen and whoever sees it, and tells of 500 practices in one', async () => {
    for (let minute = 0; minute < 30; minute += 1, now += minuteMs)
      await Promise.all([look([seen({ practices: practices(500) })]), look([seen({ practices: practices(500) })])]);
    const alerts = await mine();
    assert.deepEqual(
      alerts.map(({ practiceCount, times, since }) => [practiceCount, times, since]),
      [[500, 1, started]],
    );
    assert.deepEqual(alerts[0]?.practices, practices(500));
    assert.deepEqual(await say(), ['raised 500']);
    assert.deepEqual(await say(), []);
  });

  it('keeps what is open over a restart: it neither forgets nor repeats', async () => {
    await look([seen()]);
    assert.deepEqual(await say(), ['raised 1']);
    now += 3 * 3_600_000;
    // Nothing is known yet by the one that starts.
    now += 4 * minuteMs;
    await look([seen()], now - 4 * minuteMs);
    assert.equal((await mine())[0]?.cleared, null);
    assert.deepEqual(await say(), []);
  });

  it('ends what is not seen for a while, and says so; what flaps is told ever less', async () => {
    let said: string[] = [];
    // Six minutes on, six minutes off, for two days.
    for (let turn = 0; turn < 240; turn += 1) {
      await look([seen()]);
      said = [...said, ...(await say())];
      now += 6 * minuteMs;
      await look([]);
      said = [...said, ...(await say())];
      now += 6 * minuteMs;
    }
    assert.equal(said[0], 'raised 1');
    assert.ok(said.length <= 6, said.join(', '));
    now += 48 * 3_600_000;
    await look([]);
    assert.deepEqual(await say(), ['over 1']);
    assert.equal((await mine()).length, 1);
  });

  it('takes an acknowledgement once, and none of what is over', async () => {
    await look([seen()]);
    await say();
    const [alert] = await mine();
    const number = alert?.alert ?? 0;
    const by = { by: 'Camille Roux', now };
    assert.deepEqual(await acknowledgeAlerts(database, [number, number + 1000], by), [number]);
    assert.deepEqual(await acknowledgeAlerts(database, [number], by), []);
    now += 2 * 86_400_000;
    await look([seen()]);
    assert.deepEqual(await say(), []);
    assert.equal((await mine())[0]?.acknowledgedBy, 'Camille Roux');
    now += 10 * minuteMs;
    await look([]);
    assert.deepEqual(await say(), ['over 1']);
    assert.deepEqual(await acknowledgeAlerts(database, [number], by), []);
    // What comes back is new to whoever took care of it.
    now += minuteMs;
    await look([seen()]);
    assert.equal((await mine())[0]?.acknowledged, null);
    assert.deepEqual(await say(), ['raised 1']);
  });

  it('gives a channel its messages one at a time, not more of them than an hour allows, and later after a failure', async () => {
    await look([seen()]);
    assert.equal((await waiting())?.length, 1);
    assert.equal(await waiting(), null, 'another instance, meanwhile');
    await keepFailure(database, 'mail', { code: 'ECONNREFUSED', now });
    now += 59_000;
    assert.equal(await waiting(), null);
    now += 1000;
    assert.equal((await waiting())?.length, 1);
    await keepFailure(database, 'mail', { code: 'ECONNREFUSED', now });
    const failing = await listFailingChannels(database);
    assert.deepEqual([...failing], [{ channel: 'mail', failures: 2, since: now - minuteMs, code: 'ECONNREFUSED' }]);
    now += 2 * minuteMs;
    assert.deepEqual(await say(), ['raised 1']);
    assert.equal((await listFailingChannels(database)).length, 0);
    await look([seen({ practices: practices(2) })]);
    assert.deepEqual(await say(1), [], 'one an hour');
    now += 3_600_000;
    assert.deepEqual(await say(1), ['grown 2']);
  });

  it('keeps what copies proved, the failure until a restoration proves again', async () => {
    const of = { practice: practices(1)[0] ?? '', copy: subject };
    const proof = async () => (await listProofs(database)).find(({ copy }) => copy === subject);
    await keepVerification(database, of, { since: 1, verifiedAt: null, findings: 0 });
    await keepDrill(database, of, { at: 10, failed: null });
    await keepDrill(database, of, { at: 20, failed: 'ENTRY_MISSING' });
    await keepVerification(database, of, { since: 30, verifiedAt: 30, findings: 4 });
    await keepVerification(database, of, { since: 40, verifiedAt: 29, findings: 0 });
    assert.deepEqual(await proof(), {
      ...{ ...of, since: 1, restoredAt: 10, restoreFailed: 'ENTRY_MISSING', restoreFailedAt: 20 },
      ...{ verifiedAt: 30, findings: 4 },
    });
    await keepDrill(database, of, { at: 50, failed: null });
    const { restoredAt, restoreFailed } = (await proof()) ?? {};
    assert.deepEqual([restoredAt, restoreFailed], [50, null]);
  });

  it('samples a disk once an hour, and forgets after a month', async () => {
    const sample = () => ({ at: now, freeBytes: 5, totalBytes: 10 });
    for (let minute = 0; minute < 120; minute += 1, now += minuteMs) await addDiskSample(database, subject, sample());
    assert.equal((await addDiskSample(database, subject, sample())).length, 3);
    now += 31 * 86_400_000;
    assert.equal((await addDiskSample(database, subject, sample())).length, 1);
  });

  it('is seen in the host’s scope alone, and nothing of it is deleted by who serves', async () => {
    for (const table of ['alerts', 'alert_notices', 'alert_channels', 'proofs']) {
      const unscoped = await database.unsafe(`SELECT 1 FROM serment.${table}`);
      assert.equal(unscoped.length, 0, table);
      await assert.rejects(
        asHost(database, (sql) => sql.unsafe(`DELETE FROM serment.${table}`)),
        /permission denied/,
      );
    }
  });
});
