import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import type { ConsoleCopy, ConsolePractice } from '@serment/core/wire/console';
import type { CopyStatus } from '@serment/core/wire/status';
import { readSamples } from '@serment/store/console/samples';
import { type CopyPlace, folderPlace } from '@serment/store/copy/places';
import { HostedPractices } from '@serment/store/hosted';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { needsLook, pageOf } from '../src/console/console-practices.ts';
import { ConsoleView } from '../src/console/console-view.ts';
import { copyOverview, countAlone } from '../src/console/copy-overview.ts';
import { addHostMetrics } from '../src/console/metrics.ts';
import { usualDrills } from '../src/jobs/drill-config.ts';
import { startSamples } from '../src/jobs/samples.ts';
import { ServerHealth } from '../src/server-health.ts';

const now = 1_900_000_000_000;
const hourMs = 3_600_000;
const copy: CopyStatus = {
  ...{ name: 'disque', kind: 'folder', sameDisk: false, size: 5, publishedAt: now - 5, lagMs: 0, state: 'current' },
  ...{ error: null, verifiedAt: now - hourMs, verifiedSize: 5, verifiedFindings: 0 },
};

function made(place: number, changes: Partial<ConsolePractice> = {}, own: Partial<CopyStatus> = {}): ConsolePractice {
  return {
    ...{
      practice: new Uint8Array(32).fill(place),
      created: 1,
      entries: 5,
      bytes: place * 10,
      documentBytes: 0,
      growth: 0,
      written: place,
    },
    ...{ alarms: 0, suspended: null },
    copies: [{ ...copy, ...own, restoredAt: now - hourMs, restoreFailed: null }],
    ...changes,
  };
}

describe('a page of practices', () => {
  const all = [
    made(1),
    made(2, { suspended: 3 }),
    made(3, {}, { state: 'failing', error: 'COPY_UNREACHABLE' }),
    made(4, {}, { state: 'behind', lagMs: 20 * 60_000 }),
  ];
  const ids = (query: Partial<Parameters<typeof pageOf>[1]>) =>
    pageOf(all, { sort: 'bytes', filter: 'all', search: '', from: 0, ...query }, now).practices.map(
      ({ bytes }) => bytes / 10,
    );

  it('is sorted, filtered and searched over all of them', () => {
    assert.deepEqual(ids({}), [4, 3, 2, 1]);
    assert.deepEqual(ids({ sort: 'practice' }), [1, 2, 3, 4]);
    assert.deepEqual(ids({ sort: 'lag' }).slice(0, 2), [3, 4]);
    assert.deepEqual(ids({ filter: 'suspended' }), [2]);
    assert.deepEqual(ids({ filter: 'attention' }), [4, 3]);
    assert.deepEqual(ids({ search: '0303' }), [3]);
    assert.deepEqual(ids({ from: 3 }), [1]);
    assert.deepEqual(ids({ from: 99 }), []);
  });

  it('holds fifty of two thousand, in a blink', () => {
    const many = Array.from({ length: 2000 }, (_, place) => made(place % 256, { bytes: place }));
    const began = performance.now();
    const page = pageOf(many, { sort: 'lag', filter: 'all', search: '', from: 1950 }, now);
    assert.ok(performance.now() - began < 500);
    assert.deepEqual([page.practices.length, page.count, page.total], [50, 2000, 2000]);
  });

  it('says that one needs a look where it was not restored for a day and a half, and not before', () => {
    const old = { copies: [{ ...copy, restoredAt: null, restoreFailed: null }] };
    assert.equal(needsLook(made(1, { ...old, created: now - hourMs }), now), false);
    assert.equal(needsLook(made(1, { ...old, created: now - 37 * hourMs }), now), true);
  });
});

describe('a copy over all practices', () => {
  it('is told by its states, its errors and its lags, and by a place without what reaches it', () => {
    const failing = { state: 'failing', error: 'COPY_UNREACHABLE', lagMs: 9000 } as const;
    const practices = [
      ...Array.from({ length: 98 }, (_, place) => made(place)),
      made(98, {}, failing),
      made(99, {}, failing),
    ];
    const place: CopyPlace = {
      ...{ kind: 's3', name: 'disque', endpoint: 'https://s3.example', region: 'x', bucket: 'b', prefix: 'p/' },
      ...{ credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' }, lockDays: 90, tailLockDays: 14 },
      bytesPerSecond: null,
    };
    const told = copyOverview(place, practices, { bytes: 7, lockEnds: 9 });
    assert.deepEqual([told.current, told.failing, told.place], [98, 2, 's3.example/b/p']);
    assert.deepEqual(told.errors, [{ code: 'COPY_UNREACHABLE', count: 2 }]);
    assert.deepEqual([told.lagMedian, told.lagNearAll, told.lagWorst, told.bytes], [0, 9000, 9000, 7]);
    assert.doesNotMatch(JSON.stringify(told), /AKIA|secret/);
    const none = copyOverview(place, [], { bytes: null, lockEnds: null });
    assert.deepEqual([none.lagWorst, none.verifiedAt, none.restoredAt], [null, null, null]);
  });
});

describe('the last good copy', () => {
  const other: ConsoleCopy = { ...copy, name: 'nuage', restoredAt: now, restoreFailed: null };
  const withOther = (changes: Partial<ConsoleCopy>, own: Partial<CopyStatus> = {}) => {
    const one = made(1, {}, own);
    return { ...one, copies: [...one.copies, { ...other, ...changes }] };
  };

  it('is one that no other would stand in for', () => {
    assert.equal(countAlone([made(1), made(2)], 'disque'), 2);
    assert.equal(countAlone([withOther({})], 'disque'), 0);
    for (const changes of [
      { sameDisk: true },
      { size: 0 },
      { state: 'failing' as const },
      { lagMs: 20 * 60_000 },
      { verifiedFindings: 1 },
      { restoreFailed: 'BLOB_MISSING' },
    ])
      assert.equal(countAlone([withOther(changes)], 'disque'), 1, JSON.stringify(changes));
  });

  it('is none that is not good itself', () => {
    assert.equal(countAlone([made(1, {}, { sameDisk: true }), made(2, {}, { state: 'failing' })], 'disque'), 0);
    assert.equal(countAlone([withOther({ size: 0 }, { verifiedFindings: 2 })], 'nuage'), 0);
  });
});

describe('a running host', () => {
  let vault: TestVault;
  let practice: TestPractice;
  let view: ConsoleView;
  before(async () => {
    vault = await openTestVault();
    practice = await vault.createPractice('sampled');
    view = new ConsoleView({
      ...{ store: vault.store, drills: null, health: new ServerHealth(vault.store), version: '1', clock: () => now },
      ...{ window: usualDrills.window, alerts: { lockEnds: () => new Map() } },
      copies: {
        ...{ places: [folderPlace('/mnt/a/b/disque')], retired: [] },
        status: () => [copy],
        verifying: () => ({ verifying: null, waiting: 0 }),
      },
    });
  });
  after(() => vault.close());

  it('keeps how practices stand', async () => {
    const { practices } = view;
    const log = pino({ level: 'silent' });
    const samples = startSamples({ store: vault.store, practices, clock: () => now, log });
    await samples.take();
    await samples.stop();
    const { sizes, lags } = await readSamples(vault.store.database, { practice: practice.practice, step: 5, since: 0 });
    assert.deepEqual([sizes.length, [...lags]], [1, [{ copy: 'disque', at: sizes[0]?.at, lagMs: 0 }]]);
    // A server that starts weighs what came since, and no more.
    const [known] = await new HostedPractices({ database: vault.store.database, clock: () => now }).list();
    const [own] = await practices.all();
    assert.deepEqual([known?.bytes, known?.entries], [sizes[0]?.bytes, practice.size]);
    assert.equal(known?.created, own?.created);
    const detail = await view.practice(practice.practice, 1440);
    assert.equal(detail?.sizes[0]?.[1], practice.size);
    assert.equal(await view.practice(new Uint8Array(32), 5), null);
  });

  it('tells figures of itself and of copies, and of no practice', async () => {
    const registry = new Registry();
    addHostMetrics(registry, () => view.overview());
    const text = await registry.metrics();
    for (const line of [
      'serment_practices 1',
      'serment_copy_practices{copy="disque",state="current"} 1',
      'serment_copy_lag_seconds{copy="disque",quantile="0.99"} 0',
      'serment_drill_queue{state="given-up"} 0',
    ])
      assert.ok(text.includes(`${line}\n`), line);
    assert.doesNotMatch(text, new RegExp(bytesToHex(practice.practice).slice(0, 12)));
  });

  it('tells no figure where its database is away, and goes on', async () => {
    const registry = new Registry();
    addHostMetrics(registry, () => Promise.reject(new Error('away')));
    assert.doesNotMatch(await registry.metrics(), /^serment_practices \d/m);
  });
});
