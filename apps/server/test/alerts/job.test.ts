import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import type { CopyStatus } from '@serment/core/wire/status';
import { acknowledgeAlerts, listAlerts, takeLook } from '@serment/store/alerts/alert-log';
import { folderPlace } from '@serment/store/copy/places';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../../packages/store/test/test-vault.ts';
import type { AlertConfig } from '../../src/alerts/alert-config.ts';
import { usualAlerts } from '../../src/alerts/alert-config.ts';
import { type AlertJob, startAlerts } from '../../src/jobs/alerts.ts';
import type { SmsMessage } from '../../src/sms/sms.ts';
import { httpAnswer, type RawServer, startRawServer } from '../sms/raw-server.ts';
import { keepSms, makeApp, signIn } from '../test-app.ts';
import { makeSite, startMailServer, type TestMailServer } from './smtp.ts';

const [minuteMs, hourMs] = [60_000, 3_600_000];
let now = 1_900_000_000_000;
let vault: TestVault;
let practice: TestPractice;
let mails: TestMailServer;
let hooks: RawServer;
let config: AlertConfig;
let job: AlertJob;
let app: FastifyInstance | null = null;
let state: CopyStatus;
const texts: SmsMessage[] = [];
let hookAnswer = httpAnswer('204 No Content');

before(async () => {
  vault = await openTestVault();
  for (const name of ['a', 'b']) practice = await vault.createPractice(name);
  mails = await startMailServer();
  hooks = await startRawServer((socket) => socket.end(hookAnswer));
  const smtp = {
    host: 'localhost',
    port: mails.port,
    security: 'none',
    login: null,
    ca: null,
    timeoutMs: 5000,
  } as const;
  config = {
    ...usualAlerts,
    timeZone: 'UTC',
    channels: [
      { kind: 'email', name: 'astreinte', to: 'a@example.org', from: 's@example.org', perHour: 12, smtp },
      {
        kind: 'webhook',
        name: 'supervision',
        url: new URL(hooks.url),
        secret: 's'.repeat(24),
        perHour: 60,
        timeoutMs: 2000,
      },
      { kind: 'sms', name: 'portable', to: '+33612345678', perHour: 4 },
    ],
    plan: {
      steps: [
        { afterMs: 0, channels: ['astreinte', 'supervision'] },
        { afterMs: hourMs, channels: ['portable'] },
      ],
      repeatMs: 24 * hourMs,
    },
  };
  state = {
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
    ...{ verifiedAt: now, verifiedSize: 10, verifiedFindings: 0 },
  };
  job = start();
  await job.look();
});
after(async () => {
  await app?.close();
  await job.stop();
  await mails.close();
  await hooks.close();
  await vault.close();
});

function start(more: Partial<AlertConfig> = {}): AlertJob {
  return startAlerts({
    ...{ store: vault.store, dataDir: vault.folder, certificates: [], sms: keepSms(texts) },
    copies: {
      places: [folderPlace(mkdtempSync(join(tmpdir(), 'nuage-')))],
      status: () => [state],
      held: () => [],
    },
    config: { ...config, ...more },
    ...{ clock: () => now, log: pino({ level: 'silent' }) },
  });
}

async function pass(minutes: number, everyMinutes = 1): Promise<void> {
  for (const until = now + minutes * minuteMs; now < until; ) {
    now += everyMinutes * minuteMs;
    state = { ...state, verifiedAt: now };
    await job.look();
  }
}

const counts = () => [mails.mails.length, hooks.requests.length, texts.length];

describe('alerts of a host', () => {
  it('tell a dead destination once on each channel of the first step, then call the next person, then nobody', async () => {
    state = { ...state, state: 'failing', error: 'COPY_UNREACHABLE' };
    await pass(14);
    assert.deepEqual(counts(), [0, 0, 0]);
    await pass(30);
    assert.deepEqual(counts(), [1, 1, 0]);
    assert.match(mails.mails[0]?.text ?? '', /2 cabinets/);
    await pass(40);
    assert.deepEqual(counts(), [1, 1, 1]);
    assert.match(texts[0]?.text ?? '', /^Serment: Personne ne s'en occupe encore\. La copie "nuage"/);
    const [alert] = await listAlerts(vault.store.database, now, 0);
    await acknowledgeAlerts(vault.store.database, [alert?.alert ?? 0], { by: 'Camille', now });
    await pass(30 * 60, 30);
    assert.deepEqual(counts(), [1, 1, 1]);
  });

  it('neither forget nor repeat over a restart, and say when it is over', async () => {
    await job.stop();
    now += 20 * minuteMs;
    job = start();
    await pass(30);
    assert.deepEqual(counts(), [1, 1, 1]);
    state = { ...state, state: 'current', error: null };
    await pass(10);
    assert.deepEqual(counts(), [2, 2, 2]);
    assert.match(texts[1]?.text ?? '', /^Serment: C'est fini\./);
    const over = JSON.parse(hooks.requests[1]?.split('\r\n\r\n')[1] ?? '{}');
    assert.deepEqual([over.alerts[0].event, typeof over.alerts[0].over], ['over', 'number']);
    assert.deepEqual(job.open(), []);
  });

  it('go on by one channel while another takes nothing, tell of it there, and say all at once when it is back', async () => {
    hookAnswer = httpAnswer('500 No');
    state = { ...state, state: 'behind', lagMs: 20 * minuteMs };
    const before = counts();
    await pass(45);
    assert.equal(mails.mails.length, (before[0] ?? 0) + 2);
    assert.match(mails.mails.at(-1)?.text ?? '', /=C2=AB supervision =C2=BB/);
    const tried = hooks.requests.length - (before[1] ?? 0);
    assert.ok(tried >= 4 && tried <= 6, `${tried} tries, ever later`);
    state = { ...state, state: 'current', lagMs: 0 };
    await pass(20);
    hookAnswer = httpAnswer('204 No Content');
    await pass(70);
    const last = JSON.parse(hooks.requests.at(-1)?.split('\r\n\r\n')[1] ?? '{}');
    assert.deepEqual(
      last.alerts.map(({ event, cause }: { event: string; cause: string }) => [event, cause]),
      [['over', 'copy-late']],
    );
    assert.deepEqual(job.open(), []);
  });

  it('go on where a part of what is looked at fails, and that part stands as it was found last', async () => {
    state = { ...state, state: 'behind', lagMs: hourMs };
    await pass(1);
    const broken = state;
    const before = mails.mails.length;
    state = new Proxy(broken, {
      get: () => {
        throw new Error('broken');
      },
    });
    for (let minute = 0; minute < 10; minute += 1) {
      now += minuteMs;
      await job.look();
    }
    assert.deepEqual(
      job.open().map(({ cause }) => cause),
      ['copy-late'],
    );
    assert.equal(mails.mails.length, before);
    state = { ...broken, state: 'current', lagMs: 0 };
    await pass(60);
    assert.deepEqual(job.open(), []);
  });

  it('are counted for Prometheus, and told to a practice where its own devices cannot see it', async () => {
    await job.stop();
    const soon = await makeSite(Date.now() + 86_400_000);
    now = Date.now();
    job = startAlerts({
      ...{ store: vault.store, dataDir: vault.folder, sms: keepSms(texts), config: usualAlerts },
      copies: { places: [], status: () => [{ ...state, state: 'behind', lagMs: hourMs }], held: () => [] },
      certificates: [{ subject: 'server', cert: soon.cert, url: new URL('https://localhost') }],
      ...{ clock: () => now, log: pino({ level: 'silent' }) },
    });
    app = await makeApp(vault.store, { alerts: job });
    await app.listen({ port: 0, host: 'localhost' });
    const token = bytesToHex(await signIn(app, practice));
    const { port } = app.addresses()[0] as { port: number };
    const name = bytesToHex(practice.practice);
    const line = await fetch(`http://localhost:${port}/api/practices/${name}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    let heard = '';
    const reading = (async () => {
      for await (const part of line.body ?? []) {
        heard += new TextDecoder().decode(part);
        if (heard.includes('certificate-ends')) return;
      }
    })();
    await job.look();
    await reading;
    const told = [...heard.matchAll(/event: alerts\ndata: (.*)\n/g)].map(([, data]) => JSON.parse(data ?? ''));
    assert.deepEqual(
      told.at(-1).map(({ cause, copy }: { cause: string; copy: string | null }) => [cause, copy]),
      [['certificate-ends', null]],
    );
    const full = (at: number | null) => ({
      ...{ cause: 'disk-full' as const, subject: 'nuage', practices: [], since: now, code: null, at, entry: null },
    });
    for (const [at, isTold] of [
      [null, false],
      [now + 4 * 86_400_000, false],
      [now + 2 * 86_400_000, true],
    ] as const) {
      await takeLook(vault.store.database, { observations: [full(at)], now, watchingSince: now, plan: null });
      await job.look();
      assert.equal(
        job.of(name).some(({ cause, copy }) => cause === 'disk-full' && copy === 'nuage'),
        isTold,
        String(at),
      );
    }
    const metrics = await (await fetch(`http://localhost:${port}/metrics`)).text();
    assert.match(metrics, /^serment_alerts_open\{cause="certificate-ends",acknowledged="no"\} 1$/m);
    assert.match(metrics, /^serment_alerts_open\{cause="copy-late",acknowledged="no"\} 1$/m);
    assert.doesNotMatch(metrics, new RegExp(name.slice(0, 8)));
  });
});
