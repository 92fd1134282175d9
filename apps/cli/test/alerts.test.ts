import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { takeLook } from '@serment/store/alerts/alert-log';
import { asOwner } from '@serment/store/open-owner';
import { makeDataFolder } from '../../../packages/store/test/made-data.ts';
import { startMailServer, type TestMailServer } from '../../server/test/alerts/smtp.ts';
import { httpAnswer, type RawServer, startRawServer } from '../../server/test/sms/raw-server.ts';
import { serment } from './serment.ts';

let folder: string;
let data: string;
let mails: TestMailServer;
let hooks: RawServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-cli-alerts-'));
  data = join(folder, 'data');
  await makeDataFolder(data);
  await asOwner({ dataDir: data }, (database) => {
    const now = Date.now();
    const seen = {
      since: now - 3_600_000,
      code: 'COPY_UNREACHABLE',
      at: null,
      entry: null,
      practices: ['a'.repeat(64)],
    };
    const observations = ['nuage', 'disque'].map((subject) => ({ cause: 'copy-failing' as const, subject, ...seen }));
    return takeLook(database, { observations, now, watchingSince: now, plan: null });
  });
  mails = await startMailServer();
  hooks = await startRawServer((socket) => socket.end(httpAnswer('503 Unavailable')));
});
after(async () => {
  await mails.close();
  await hooks.close();
  await rm(folder, { recursive: true });
});

type Listed = { alerts: { alert: number; what: string; acknowledgedBy: string | null }[] };

describe('serment alerts', () => {
  it('lists what is open, with what to do, and who takes care of it once somebody does', async () => {
    const listed = await serment(['alerts', 'list', '--data', data]);
    assert.equal(listed.code, 1);
    assert.match(listed.stdout, /^\d+ {2}The copy “(?:nuage|disque)” is not written any more \(COPY_UNREACHABLE\)\.$/m);
    assert.match(listed.stdout, /^ {3}Since \d{4}-.* UTC, the practice aaaaaaaa\.$/m);
    const { alerts } = (await serment(['alerts', 'list', '--data', data, '--json'])).json<Listed>();
    const [first, second] = alerts.map(({ alert }) => String(alert));
    const by = ['--data', data, '--by', 'Camille Roux'];
    const done = await serment(['alerts', 'acknowledge', first ?? '', ...by]);
    assert.deepEqual([done.code, done.stdout], [0, `Camille Roux takes care of ${first}.\n`]);
    const again = await serment(['alerts', 'acknowledge', first ?? '', second ?? '', '999', ...by, '--json']);
    assert.equal(again.code, 1);
    assert.deepEqual(again.json<{ acknowledged: number[]; left: number[] }>().acknowledged, [Number(second)]);
    const after = (await serment(['alerts', 'list', '--data', data, '--json'])).json<Listed>();
    assert.deepEqual(
      after.alerts.map(({ acknowledgedBy }) => acknowledgedBy),
      ['Camille Roux', 'Camille Roux'],
    );
  });

  it('refuses what is no number, no name, or no data folder', async () => {
    for (const args of [
      ['acknowledge', 'x', '--data', data],
      ['acknowledge', '0', '--data', data],
      ['acknowledge', '1', '--by', 'a\u202eb', '--data', data],
      ['list', '--data', join(folder, 'absent')],
    ])
      assert.equal((await serment(['alerts', ...args])).code, 2, args.join(' '));
  });

  it('tries each channel and says how it answered', async () => {
    const file = join(folder, 'alerts.json');
    const write = (channels: object) => writeFile(file, JSON.stringify({ channels }));
    await writeFile(join(folder, 'secret'), 'a secret of twenty-four characters');
    const smtp = { host: 'localhost', port: mails.port, security: 'none' };
    const mail = { email: 'a@example.org', from: 'serment@example.org', smtp };
    await write({ astreinte: mail, supervision: { webhook: hooks.url, secret: { file: 'secret' } } });
    const tried = await serment(['alerts', 'test', '--alerts', file]);
    assert.equal(tried.code, 1);
    assert.match(
      tried.stdout,
      /^astreinte: took it: 250 .*kept \(\d+ ms\)\nsupervision: took nothing: refused, 503 \(\d+ ms\)\n$/,
    );
    assert.match(mails.mails[0]?.text ?? '', /message d=E2=80=99essai|message d’essai/);
    assert.equal(JSON.parse(hooks.requests[0]?.split('\r\n\r\n')[1] ?? '{}').isTrial, true);
    await write({ astreinte: mail });
    assert.equal((await serment(['alerts', 'test', '--alerts', file, '--json'])).code, 0);
    await write({ portable: { sms: '+33612345678' } });
    const refused = await serment(['alerts', 'test', '--alerts', file]);
    assert.deepEqual([refused.code, refused.stdout], [2, '']);
    assert.match(refused.stderr, /channels\.portable\.sms: this server sends no SMS/);
  });
});
