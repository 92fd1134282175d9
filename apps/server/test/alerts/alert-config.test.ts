import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ConfigError } from '@serment/store/config-file';
import { readAlertConfig } from '../../src/alerts/alert-config.ts';
import { parseOptions } from '../../src/options.ts';
import { makeSite } from './smtp.ts';

const hidden = 's3cret-of-at-least-twenty-four';
const env = { HOOK: hidden, SMTP: 's3cret', SHORT: 's3cret', LINES: `${hidden}\nx`, EMPTY: '' };
const smtp = { host: 'mail.example.org', user: 'serment', password: { env: 'SMTP' } };
const mail = { email: 'astreinte@example.org', from: 'serment@example.org', smtp };
const hook = { webhook: 'https://supervision.example/crochet', secret: { env: 'HOOK' } };
const text = { sms: '+33612345678' };
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-alerts-'));
  await writeFile(join(folder, 'authority.pem'), (await makeSite()).cert);
  await writeFile(join(folder, 'secret'), `${hidden}\n`);
  await writeFile(join(folder, 'words'), 's3cret');
});
after(() => rm(folder, { recursive: true }));

async function read(config: unknown, hasSms = true) {
  const file = join(folder, 'alerts.json');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return readAlertConfig(file, env, hasSms);
}

/** The field that the refusal names, once it is seen to tell no secret. */
async function faultOf(config: unknown, hasSms = true): Promise<unknown> {
  try {
    await read(config, hasSms);
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof ConfigError && error.code === 'USAGE', String(error));
    assert.match(error.message, /^--alerts: .+/);
    assert.ok(!`${error.stack}${JSON.stringify(error)}${error.cause}`.includes('s3cret'), 'tells a secret');
    return error.fields.field;
  }
}

describe('the configuration of alerts', () => {
  it('tells every channel at once, in French, with the usual bounds, where nothing else is said', async () => {
    const config = await read({ channels: { astreinte: mail, supervision: hook, portable: text } });
    assert.equal(config.language, 'fr');
    assert.deepEqual(config.plan?.steps, [{ afterMs: 0, channels: ['astreinte', 'supervision', 'portable'] }]);
    assert.deepEqual(config.bounds, { lagMs: 900_000, diskMs: 14 * 86_400_000, certificateMs: 21 * 86_400_000 });
    const [first, second] = config.channels;
    assert.ok(first?.kind === 'email' && second?.kind === 'webhook');
    assert.deepEqual([first.smtp.port, first.smtp.security], [587, 'starttls']);
    assert.deepEqual([first.smtp.login?.password, second.secret], ['s3cret', hidden]);
  });

  it('takes what may be given', async () => {
    const config = await read({
      ...{
        language: 'en',
        timeZone: 'Europe/Paris',
        repeatHours: 12,
        lagMinutes: 5,
        diskDays: 30,
        certificateDays: 30,
      },
      channels: {
        'Astreinte 1': {
          ...mail,
          perHour: 3,
          smtp: { ...smtp, security: 'tls', ca: 'authority.pem', timeoutSeconds: 5 },
        },
        local: { ...mail, smtp: { host: 'localhost', security: 'none' } },
        supervision: { webhook: 'http://127.0.0.1:9000/', secret: { file: 'secret' } },
      },
      steps: [{ channels: ['Astreinte 1', 'supervision'] }, { afterMinutes: 60, channels: ['local'] }],
    });
    assert.deepEqual(config.plan, {
      steps: [
        { afterMs: 0, channels: ['Astreinte 1', 'supervision'] },
        { afterMs: 3_600_000, channels: ['local'] },
      ],
      repeatMs: 12 * 3_600_000,
    });
    const [first, local, third] = config.channels;
    assert.ok(first?.kind === 'email' && local?.kind === 'email' && third?.kind === 'webhook');
    assert.deepEqual([first.smtp.port, first.smtp.timeoutMs, local.smtp.port], [465, 5000, 25]);
    assert.equal(third.secret, hidden);
  });

  it('is refused, naming the field and no secret, for anything else', async () => {
    const one = (channel: object) => ({ channels: { a: channel } });
    for (const [field, config] of [
      ['', '{"channels": s3cret'],
      ['', []],
      ['', { channels: { a: hook }, chanels: {} }],
      ['channels', { channels: {} }],
      ['channels', { channels: { 'a\r\nBcc: b@c.d': hook } }],
      ['channels.a', one({})],
      ['channels.a', one({ ...mail, ...hook })],
      ['channels.a', one({ ...text, secret: { env: 'HOOK' } })],
      ['channels.a.email', one({ ...mail, email: 'a@b.c, d@e.f' })],
      ['channels.a.email', one({ ...mail, email: 'a@b.c\r\nBcc: d@e.f' })],
      ['channels.a.email', one({ ...mail, email: 'Nom <a@b.c>' })],
      ['channels.a.from', one({ ...mail, from: '' })],
      ['channels.a.smtp.host', one({ ...mail, smtp: { ...smtp, host: 'mail example' } })],
      ['channels.a.smtp.security', one({ ...mail, smtp: { ...smtp, security: 'none' } })],
      ['channels.a.smtp.user', one({ ...mail, smtp: { host: 'a.b', user: 'x' } })],
      ['channels.a.smtp.password', one({ ...mail, smtp: { ...smtp, password: 's3cret' } })],
      ['channels.a.smtp.password', one({ ...mail, smtp: { ...smtp, password: { env: 'ABSENT' } } })],
      ['channels.a.smtp.password', one({ ...mail, smtp: { ...smtp, password: { env: 'SMTP', file: 'secret' } } })],
      ['channels.a.smtp.ca', one({ ...mail, smtp: { ...smtp, ca: 'words' } })],
      ['channels.a.smtp.ca', one({ ...mail, smtp: { ...smtp, ca: 'absent' } })],
      ['channels.a.smtp.timeoutSeconds', one({ ...mail, smtp: { ...smtp, timeoutSeconds: 0 } })],
      ['channels.a.webhook', one({ ...hook, webhook: 'http://supervision.example/' })],
      ['channels.a.webhook', one({ ...hook, webhook: 'https://s3cret:x@supervision.example/' })],
      ['channels.a.secret', one({ ...hook, secret: { env: 'SHORT' } })],
      ['channels.a.secret', one({ ...hook, secret: { env: 'LINES' } })],
      ['channels.a.secret', one({ ...hook, secret: { env: 'EMPTY' } })],
      ['channels.a.sms', one({ sms: '0612345678' })],
      ['channels.a.perHour', one({ ...hook, perHour: 0 })],
      ['steps', { ...one(hook), steps: [] }],
      ['steps.0', { ...one(hook), steps: ['a'] }],
      ['steps.0.channels', { ...one(hook), steps: [{ channels: ['b'] }] }],
      ['steps.0.channels', { ...one(hook), steps: [{ channels: ['a', 'a'] }] }],
      ['steps.0.channels', { ...one(hook), steps: [{ channels: [] }] }],
      ['steps.0.afterMinutes', { ...one(hook), steps: [{ afterMinutes: 5, channels: ['a'] }] }],
      ['steps.1.afterMinutes', { ...one(hook), steps: [{ channels: ['a'] }, { channels: ['a'] }] }],
      ['timeZone', { ...one(hook), timeZone: 'Paris' }],
      ['language', { ...one(hook), language: 'de' }],
      ['lagMinutes', { ...one(hook), lagMinutes: 0 }],
    ] as const)
      assert.equal(await faultOf(config), field, JSON.stringify(config));
    assert.equal(await faultOf(one(text), false), 'channels.a.sms', 'no gateway');
  });

  it('is read at the start, and nobody is told without it', async () => {
    const args = ['--data', '/nowhere', '--port', '0'];
    assert.equal((await parseOptions(args, {})).alerts.plan, null);
    await writeFile(join(folder, 'hook.json'), JSON.stringify({ channels: { supervision: hook } }));
    const { alerts } = await parseOptions([...args, '--alerts', join(folder, 'hook.json')], env);
    assert.deepEqual(
      alerts.channels.map(({ name }) => name),
      ['supervision'],
    );
    await assert.rejects(parseOptions([...args, '--alerts', join(folder, 'hook.json')], {}), { code: 'USAGE' });
    await assert.rejects(parseOptions([...args, '--alerts', ''], env), { code: 'USAGE' });
  });
});
