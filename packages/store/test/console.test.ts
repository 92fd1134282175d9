import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import {
  endRun,
  listNights,
  listRunsAbout,
  listRunsOf,
  planRun,
  sweepRuns,
  weighCopies,
} from '../src/console/drill-runs.ts';
import { addSamples, condenseSamples, readSamples, readSizesSince } from '../src/console/samples.ts';
import { asHost, inPractice } from '../src/database-scope.ts';
import type { Database } from '../src/postgres/connect.ts';
import { openTestVault, type TestVault } from './test-vault.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = 1_900_000_000_000 - (1_900_000_000_000 % day);
const one = 'ab'.repeat(32);
const two = 'cd'.repeat(32);
const id = (name: string) => Uint8Array.from(Buffer.from(name, 'hex'));

let vault: TestVault;
let database: Database;
before(async () => {
  vault = await openTestVault();
  database = vault.store.database;
});
after(() => vault.close());

const sample = (practice: string, bytes: number, lagMs: number) => ({
  ...{ practice, entries: Math.floor(bytes / 10), bytes, documentBytes: 1 },
  lags: [{ copy: 'disque', lagMs }],
});

describe('samples of practices', () => {
  it('stand every five minutes, hour and day: the last size, the worst lag', async () => {
    for (let at = start; at < start + 3 * hour; at += 5 * minute) {
      const turn = (at - start) / minute;
      await addSamples(database, [sample(one, 1000 + turn, turn === 65 ? 90_000.4 : 100), sample(two, 10, 0)], at);
      await condenseSamples(database, at);
    }
    const now = start + 3 * hour;
    const fine = await readSamples(database, { practice: id(one), step: 5, since: 0 });
    assert.equal(fine.sizes.length, 36);
    assert.deepEqual(fine.lags[13], { copy: 'disque', at: start + 65 * minute, lagMs: 90_000 });
    const hours = await readSamples(database, { practice: id(one), step: 60, since: 0 });
    assert.deepEqual(
      hours.sizes.map(({ at, bytes }) => [(at - start) / hour, bytes]),
      [
        [0, 1055],
        [1, 1115],
        [2, 1175],
      ],
    );
    assert.deepEqual(
      hours.lags.map(({ lagMs }) => lagMs),
      [100, 90_000, 100],
    );
    const days = await readSamples(database, { practice: id(one), step: 1440, since: 0 });
    assert.deepEqual([...days.sizes], [{ at: start, entries: 117, bytes: 1175 }]);
    assert.equal(days.lags[0]?.lagMs, 90_000);
    assert.deepEqual(
      await readSizesSince(database, start),
      new Map([
        [one, 1175],
        [two, 10],
      ]),
    );
    // The same instant twice, such as by another server, changes nothing.
    await addSamples(database, [sample(one, 1, 1)], now - 1);
    assert.equal((await readSamples(database, { practice: id(one), step: 5, since: 0 })).sizes.at(-1)?.bytes, 1175);
  });

  it('are kept two days, a month, three years', async () => {
    const left = async (at: number) => {
      await condenseSamples(database, at);
      const steps = [5, 60, 1440] as const;
      const read = steps.map((step) => readSamples(database, { practice: id(one), step, since: 0 }));
      return (await Promise.all(read)).map(({ sizes, lags }) => [sizes.length > 0, lags.length > 0]);
    };
    const [yes, no] = [
      [true, true],
      [false, false],
    ];
    assert.deepEqual(await left(start + day), [yes, yes, yes]);
    assert.deepEqual(await left(start + 3 * day), [no, yes, yes]);
    assert.deepEqual(await left(start + 31 * day), [no, no, yes]);
    assert.deepEqual(await left(start + 1100 * day), [no, no, no]);
  });
});

describe('trial restorations', () => {
  const ended = { isNightly: true, durationMs: 500, code: null, bytes: 70, outcome: 'proven' as const };

  it('are counted by night and copy, with those that have no answer', async () => {
    const planned = { copy: 'disque', due: start };
    for (const night of ['2030-03-01', '2030-03-02'])
      for (const practice of [one, two]) {
        await planRun(database, { ...planned, night, practice });
        await planRun(database, { ...planned, night, practice });
      }
    await endRun(database, { ...ended, night: '2030-03-02', practice: one, copy: 'disque', ended: start + 1000 });
    const failed = { outcome: 'failed' as const, code: 'BLOB_MISSING', bytes: 90 };
    await endRun(database, {
      ...ended,
      ...failed,
      night: '2030-03-02',
      practice: one,
      copy: 'disque',
      ended: start + day,
    });
    await endRun(database, {
      ...ended,
      isNightly: false,
      night: '2030-03-02',
      practice: two,
      copy: 'nuage',
      ended: start,
    });
    const zero = { proven: 0, failed: 0, inconclusive: 0, open: 0 };
    assert.deepEqual(
      (await listNights(database, '2030-03-01')).map((night) => ({ ...night })),
      [
        { ...zero, night: '2030-03-01', copy: 'disque', proven: 1, open: 1 },
        { ...zero, night: '2030-03-02', copy: 'disque', failed: 1, open: 1 },
        { ...zero, night: '2030-03-02', copy: 'nuage', proven: 1 },
      ],
    );
    const [worst, waiting] = await listRunsOf(database, { night: '2030-03-02', copy: 'disque' });
    assert.deepEqual([waiting, worst].map((run) => run?.outcome).sort(), ['failed', null].sort());
    assert.equal((await listRunsAbout(database, two, 10)).length, 3);
    assert.deepEqual(
      await weighCopies(database),
      new Map([
        ['disque', 90],
        ['nuage', 70],
      ]),
    );
    await sweepRuns(database, start + 401 * day);
    assert.equal((await listNights(database, '2030-01-01')).length, 0);
  });
});

describe('what the console keeps', () => {
  it('is seen in the host’s scope alone', async () => {
    await addSamples(database, [sample(one, 10, 1)], start);
    await vault.store.suspensions.suspend(id(one), start);
    await planRun(database, { night: '2030-03-01', practice: one, copy: 'disque', due: start });
    for (const table of ['size_samples', 'lag_samples', 'drill_runs', 'suspensions']) {
      const count = `SELECT count(*)::int AS n FROM serment.${table}`;
      const [seen] = await asHost(database, (sql) => sql.unsafe(count));
      assert.ok(seen?.n > 0, table);
      const [own] = await inPractice(database, id(one), (sql) => sql.unsafe(count));
      assert.equal(own?.n, 0, table);
      assert.equal((await database.unsafe(count))[0]?.n, 0, table);
    }
  });

  it('tells at once here, and soon elsewhere, which practices are suspended', async () => {
    const other = await vault.openAgain();
    assert.equal(await other.suspensions.since(id(one)), start);
    await vault.store.suspensions.suspend(id(one), start + 5);
    assert.deepEqual([...(await vault.store.suspensions.list())], [[bytesToHex(id(one)), start]]);
    await vault.store.suspensions.resume(id(one));
    assert.equal(await vault.store.suspensions.since(id(one)), null);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal(await other.suspensions.since(id(one)), null);
  });
});
