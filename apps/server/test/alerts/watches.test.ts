import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CopyStatus } from '@serment/core/wire/status';
import type { Proof } from '@serment/store/alerts/proofs';
import { openTestVault, type TestVault } from '../../../../packages/store/test/test-vault.ts';
import { CertificateWatch } from '../../src/alerts/certificate-watch.ts';
import { CopyWatch } from '../../src/alerts/copy-watch.ts';
import { DiskWatch } from '../../src/alerts/disk-watch.ts';
import { LockWatch } from '../../src/alerts/lock-watch.ts';
import { makeSite } from './smtp.ts';

const [minuteMs, hourMs, dayMs, gib] = [60_000, 3_600_000, 86_400_000, 2 ** 30];
const now = 1_900_000_000_000;

function status(more: Partial<CopyStatus> = {}): CopyStatus {
  return {
    ...{
      name: 'nuage',
      kind: 's3',
      sameDisk: false,
      size: 10,
      publishedAt: now,
      lagMs: 0,
      state: 'current',
      error: null,
    },
    ...{ verifiedAt: null, verifiedSize: null, verifiedFindings: null, ...more },
  };
}
const proof = (more: Partial<Proof> = {}): Proof => ({
  ...{ practice: 'p1', copy: 'nuage', since: now, restoredAt: null, restoreFailed: null, restoreFailedAt: null },
  ...{ verifiedAt: null, findings: 0, ...more },
});
const of = (...list: readonly [string, CopyStatus][]) => new Map(list.map(([practice, one]) => [practice, [one]]));
const said = (found: readonly { cause: string; subject: string; practices: readonly string[] }[]) =>
  found.map(({ cause, subject, practices }) => `${cause} ${subject} ${practices.join()}`.trim());

describe('what is wrong with copies', () => {
  it('is told once it lasted, once for a destination, and not of a blink or a restart', () => {
    const watch = new CopyWatch({ lagMs: 15 * minuteMs });
    const failing = status({ state: 'failing', error: 'COPY_UNREACHABLE' });
    const look = (minute: number, statuses: Map<string, CopyStatus[]>) =>
      watch.look({ statuses, proofs: [], now: now + minute * minuteMs, failing: new Set() });
    assert.deepEqual(look(0, of(['p1', failing], ['p2', failing])), []);
    assert.deepEqual(look(10, of(['p1', status()], ['p2', failing])), []);
    assert.deepEqual(look(11, of(['p1', failing], ['p2', failing])), []);
    const [one] = look(15, of(['p1', failing], ['p2', failing]));
    assert.deepEqual([one?.practices, one?.since, one?.code], [['p2'], now, 'COPY_UNREACHABLE']);
    assert.deepEqual(said(look(26, of(['p1', failing], ['p2', failing]))), ['copy-failing nuage p1,p2']);
    const begun = new CopyWatch({ lagMs: 15 * minuteMs });
    const told = { statuses: of(['p1', failing]), proofs: [], now, failing: new Set(['nuage']) };
    assert.deepEqual(said(begun.look(told)), ['copy-failing nuage p1'], 'by a server that was restarted');
    const unknown = status({ state: 'behind', lagMs: null, size: 0 });
    assert.deepEqual(look(60, of(['p1', unknown])), []);
  });

  it('tells what was long not copied at once, and that it is late rather than failing', () => {
    const watch = new CopyWatch({ lagMs: 15 * minuteMs });
    const late = status({ state: 'behind', lagMs: 16 * minuteMs });
    const [one] = watch.look({ statuses: of(['p1', late]), proofs: [], now, failing: new Set() });
    assert.deepEqual([one?.cause, one?.since], ['copy-late', now - 16 * minuteMs]);
    const failing = status({ state: 'failing', error: 'x', lagMs: hourMs });
    assert.deepEqual(said(watch.look({ statuses: of(['p1', failing]), proofs: [], now, failing: new Set() })), [
      'copy-failing nuage p1',
    ]);
  });

  it('is what restorations and verifications found, and that they are late, of copies that there are', () => {
    const watch = new CopyWatch({ lagMs: minuteMs });
    const look = (proofs: Proof[], statuses = of(['p1', status()])) =>
      said(watch.look({ statuses, proofs, now, failing: new Set() }));
    const fresh = { restoredAt: now - hourMs, verifiedAt: now - hourMs };
    assert.deepEqual(look([proof(fresh)]), []);
    assert.deepEqual(look([proof({ ...fresh, restoreFailed: 'ENTRY_MISSING', restoreFailedAt: now })]), [
      'drill-failed nuage p1',
    ]);
    assert.deepEqual(look([proof({ ...fresh, findings: 3 })]), ['copy-damaged nuage p1']);
    assert.deepEqual(look([proof({ since: now - 37 * hourMs })]), ['drill-late nuage p1', 'verify-late nuage p1']);
    assert.deepEqual(look([proof({ since: now - 35 * hourMs })]), []);
    assert.deepEqual(look([proof({ since: 0, copy: 'retirée' }), proof({ since: 0, practice: 'p9' })]), []);
    assert.deepEqual(look([proof({ since: 0 })], of(['p1', status({ size: 0 })])), []);
  });
});

describe('what is wrong with disks', () => {
  let vault: TestVault;
  before(async () => {
    vault = await openTestVault();
  });
  after(() => vault.close());

  it('is told before they are full, once for a disk, until the forecast is well past the bound', async () => {
    let free = 600 * gib;
    const measure = async (path: string) => {
      if (path === '/gone') throw new Error('ENOENT');
      return {
        disk: path === '/copies' ? 'b' : 'a',
        freeBytes: path === '/copies' ? 900 * gib : free,
        totalBytes: 1000 * gib,
      };
    };
    const places = [
      ...[
        { name: '', path: '/data' },
        { name: 'même disque', path: '/other' },
      ],
      ...[
        { name: 'ailleurs', path: '/copies' },
        { name: 'perdu', path: '/gone' },
      ],
    ];
    const watch = new DiskWatch({ database: vault.store.database, places: () => places, boundMs: 14 * dayMs, measure });
    let at = now;
    const open = new Set<string>();
    const look = async () => {
      const found = await watch.look(at, open);
      open.clear();
      for (const { subject } of found) open.add(subject);
      return found;
    };
    // 24 GiB a day: with 360 left, fifteen days.
    for (let hour = 0; hour < 240; hour += 1, at += hourMs, free -= gib)
      assert.deepEqual(await look(), [], String(hour));
    for (let hour = 0; hour < 48; hour += 1, at += hourMs, free -= gib) await look();
    const [full] = await look();
    assert.deepEqual([full?.cause, full?.subject], ['disk-full', '']);
    assert.ok(Math.abs(((full?.at ?? 0) - at) / dayMs - 13) < 1);
    // A little is freed: eighteen days are not enough to call it over.
    free += 100 * gib;
    at += hourMs;
    assert.equal((await look()).length, 1);
    free = 5 * gib;
    assert.equal((await look()).length, 1);
  });

  it('is not waited for where a disk does not answer', async () => {
    let asked = 0;
    const measure = () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    };
    const watch = new DiskWatch({
      ...{ database: vault.store.database, places: () => [{ name: 'réseau', path: '/net' }], boundMs: dayMs, measure },
    });
    assert.deepEqual(await watch.look(now, new Set()), []);
    assert.deepEqual(await watch.look(now + minuteMs, new Set()), []);
    assert.equal(asked, 1);
  });
});

describe('certificates and locks', () => {
  it('are told before they end: a certificate of this process, or the one that a proxy presents', async () => {
    const soon = await makeSite(Date.now() + 5 * dayMs);
    const later = await makeSite(Date.now() + 90 * dayMs);
    const server = createServer(soon, (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
    const look = (subject: 'server' | 'cps', cert: string | null, at = url) =>
      new CertificateWatch([{ subject, cert, url: at }], 21 * dayMs).look(Date.now());
    for (const found of [await look('cps', soon.cert), await look('server', null)]) {
      assert.equal(found[0]?.cause, 'certificate-ends');
      assert.ok(Math.abs((found[0]?.at ?? 0) - Date.now() - 5 * dayMs) < minuteMs);
    }
    assert.deepEqual(await look('server', later.cert), []);
    assert.equal((await look('server', later.cert + soon.cert)).length, 1);
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(await look('server', null, new URL('https://localhost:9')), []);
  });

  it('of a bucket are told while its keeper leaves them, looked at once a day and again soon when it is away', async () => {
    const place = {
      ...{ kind: 's3' as const, name: 'nuage', endpoint: null, region: 'x', bucket: 'y', prefix: '' },
      ...{
        credentials: { accessKeyId: '', secretAccessKey: '' },
        lockDays: 90,
        tailLockDays: 14,
        bytesPerSecond: null,
      },
    };
    let answer: { endsAt: number; left: number } | Error = { endsAt: 5, left: 0.4 };
    const asked: number[] = [];
    const watch = new LockWatch(
      () => [place],
      async (_place, practices) => {
        asked.push(practices.length);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    );
    const held = Array.from({ length: 30 }, (_, one) => String(one));
    const look = async (at: number) => {
      watch.look(at, () => held);
      await delay(1);
      return watch.look(at, () => held);
    };
    assert.deepEqual(
      (await look(now)).map(({ subject, at, since }) => [subject, at, since]),
      [['nuage', 5, now]],
    );
    answer = new Error('unreachable');
    assert.equal((await look(now + dayMs)).length, 1, 'what was found stands until the next answer');
    answer = { endsAt: 9, left: 0.9 };
    assert.equal((await look(now + dayMs + minuteMs)).length, 1);
    assert.deepEqual(await look(now + dayMs + hourMs), []);
    assert.deepEqual(asked, [8, 8, 8]);
  });
});
