import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hexToBytes } from '@serment/core/bytes';
import { demoPractice } from '@serment/records/demo/demo-practice';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { EnrolmentOpener } from '@serment/replica/enrolment-opener';
import { revokeDevice } from '@serment/replica/members';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { OpenDevice } from '@serment/replica/sign-in/account';
import { newDeviceRecord } from '@serment/replica/sign-in/device-record';
import { Transport } from '@serment/replica/transport';
import { totpOf } from '../../server/test/totp.ts';
import { done, type Ran, type Served, serment, serve, temporaryFolder, type Watching } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const password = 'quatre tilleuls au printemps';
const bundles = [at('patient.json')];
const env = { SERMENT_HOME: at('home') };
let server: Served | null = null;
let url = '';
/** An open device of the doctor, in a browser elsewhere. */
let browser: Practice;
let ways: OpenDevice;
let totpSecret: Uint8Array = new Uint8Array();
let recoveryCodes: readonly string[] = [];
let device = '';

before(async () => {
  const [patient] = demoPractice({ patients: 1, seed: 7, today: '2026-11-23' }).patients();
  // Documents stay out: their bytes are not in a bundle.
  const resources = patient?.resources.filter(
    ({ resourceType }) => !/^(?:DocumentReference|Binary)$/.test(resourceType),
  );
  const entry = resources?.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource }));
  await writeFile(at('patient.json'), JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));
  server = await serve(at('data'), ['--copy', at('copy'), '--host-key-out', at('host.key')]);
  url = server.url;
  const names = ['--name', 'Cabinet d’essai', '--doctor', 'Dr Claire VASSEUR'];
  await done(['practice', 'create', '--server', url, ...names, '--kit-out', at('kit.txt')]);
  const transport = new Transport({ baseUrl: url });
  const { practice, seed } = await enrolByKit({
    ...{ transport, kitText: await readFile(at('kit.txt'), 'utf8'), label: 'browser' },
  });
  browser = await openPractice({ transport, cache: memoryCache(), practice, seed });
  const record = newDeviceRecord({ practice, author: browser.keyring.signer.author });
  ways = new OpenDevice({ practice: browser, record, keep: async () => undefined });
});
after(async () => {
  await browser.lock().catch(() => undefined);
  await server?.stop();
});

/** Adds the command line from the browser: by the reference and the code, or by the text of the QR code. */
async function add(
  by: 'code' | 'qr',
  says: { same?: string; approve?: boolean } = {},
  args: string[] = [],
): Promise<Ran> {
  const { same = 'oui', approve = true } = says;
  let opener: EnrolmentOpener | null = null;
  const approved = async () => {
    if (opener === null) throw new Error('Nothing was taken up');
    while ((await opener.look()).step !== 'compare') await new Promise((resolve) => setTimeout(resolve, 50));
    await (approve ? opener.approve() : opener.end('refused'));
  };
  const answer = async (line: string) => {
    const reference = by === 'code' ? /type (\S{4} ?\S{4}),/.exec(line)?.[1] : /^SERMENT-DEVICE:\S+$/.exec(line)?.[0];
    if (reference !== undefined) {
      opener = await EnrolmentOpener.begin(browser, reference);
      if (by === 'qr') await approved();
      return null;
    }
    const code = /^Code (\d{4}) (\d{4})\. /.exec(line);
    if (code === null || opener === null) return null;
    const step = await opener.look();
    assert.equal(step.step === 'compare' && step.code, `${code[1]}${code[2]}`);
    if (same === 'oui') await approved();
    return same;
  };
  return serment(['device', 'add', '--server', url, ...args], { env, answer });
}

/** Answers with the password, then with a code. */
function typing(code: (question: string) => string | null, typed = password): Watching {
  return { env, answer: (line) => (line.startsWith('Password') ? typed : code(line)) };
}
const never = typing((line) => (/^(?:Second factor|Code of|Recovery)/.test(line) ? assert.fail(line) : null));
const codeOf = (ran: Ran) => ran.json<{ error: { code: string } }>().error.code;

test('a device whose member has no password is not kept, and leaves the practice by itself', async () => {
  const ran = await add('code', {}, ['--json']);
  assert.deepEqual([ran.code, codeOf(ran)], [4, 'PASSWORD_UNKNOWN'], ran.stderr);
  await browser.sync();
  const named = [...browser.mirror.governance.authors.values()].filter(({ label }) => label === 'cli');
  // The other one made the practice.
  assert.deepEqual([named.length, named.filter(({ revokedAt }) => revokedAt === null).length], [2, 1]);
  assert.deepEqual((await done(['device', 'list', '--json'], { env })).json().devices, []);
  await ways.setPassword(password);
  const sent = await ways.sendPhoneCode({ number: '06 39 98 00 41', language: 'fr' });
  await ways.confirmPhone(sent.localCode ?? '');
});

test('two codes that differ, and a person who refuses, add nothing: exit 1', async () => {
  const different = await add('code', { same: 'non' }, ['--json']);
  assert.deepEqual([different.code, codeOf(different)], [1, 'ENROLMENT_DIFFERENT'], different.stderr);
  const refused = await add('qr', { approve: false }, ['--json']);
  assert.deepEqual([refused.code, codeOf(refused)], [1, 'ENROLMENT_REFUSED'], refused.stderr);
  await browser.sync();
  assert.deepEqual((await done(['device', 'list', '--json'], { env })).json().devices, []);
});

test('an open device adds the command line by the compared code; its keys stand there sealed, for its owner alone', async () => {
  const added = await add('code', {}, ['--name', 'Serveur du cabinet', '--json']);
  assert.equal(added.code, 0, added.stderr);
  const { device: id, author, dir } = added.json<{ device: string; author: string; dir: string }>();
  device = id;
  assert.equal((await stat(join(dir, 'device.json'))).mode & 0o777, 0o600);
  assert.equal((await stat(dir)).mode & 0o777, 0o700);
  const text = await readFile(join(dir, 'device.json'), 'utf8');
  assert.ok(!text.includes(password));
  await browser.sync();
  const holder = browser.mirror.governance.authors.get(author);
  assert.deepEqual([holder?.type, holder?.label], ['device', 'cli']);
  const { devices } = (await done(['device', 'list', '--json'], { env })).json<{ devices: { author: string }[] }>();
  assert.deepEqual(
    devices.map((one) => one.author),
    [author],
  );
});

test('it imports and exports with the password alone while the day is open, without a kit or an address', async () => {
  const imported = await done(['import', ...bundles, '--json'], never);
  assert.equal(imported.json<{ totals: { refused: number } }>().totals.refused, 0);
  const again = await done(['import', ...bundles, '--json'], never);
  assert.equal(again.json<{ totals: { stored: number } }>().totals.stored, 0);
  await done(['export', '--out', at('by-device')], never);
  await done(['export', '--server', url, '--kit', at('kit.txt'), '--out', at('by-kit')]);
  const listing = (name: string) => globSync('**/*.json', { cwd: at(name) }).sort();
  assert.deepEqual(listing('by-device'), listing('by-kit'));
  const accepted = await done(['practice', 'accept-restore', '--device', device, '--json'], never);
  assert.equal(accepted.json().acknowledged, false);
});

test('the second factor is asked for once a day: SMS, authenticator, recovery code; a wrong one is asked again', async () => {
  await forgetDay();
  let wrong = 0;
  const mistyped: Watching = {
    env,
    answer: (line) => {
      if (line.startsWith('Password')) return password;
      const code = /the code to .* is (\d{6})/.exec(line)?.[1];
      if (code === undefined) return null;
      wrong += 1;
      return `000000\n${code}`;
    },
  };
  await done(['export', '--out', at('sms')], mistyped);
  assert.equal(wrong, 1);
  await done(['export', '--out', at('same-day')], never);
  totpSecret = await ways.offerTotp();
  recoveryCodes = await ways.confirmTotp(totpOf(new Uint8Array(totpSecret), Date.now() - 30_000));
  await forgetDay();
  const answers = (which: string, code: () => string) =>
    typing((line) =>
      line.startsWith('Second factor:') ? which : /^(?:Code of the a|Recovery)/.test(line) ? code() : null,
    );
  await done(
    ['export', '--out', at('totp')],
    answers('2', () => totpOf(new Uint8Array(totpSecret), Date.now())),
  );
  await forgetDay();
  await done(
    ['export', '--out', at('recovery')],
    answers('3', () => recoveryCodes[0] ?? ''),
  );
  assert.equal((await ways.waysIn()).recoveryCodes, 9);
});

test('a wrong password and wrong codes are exit 4; nobody to answer, two keys and none are exit 2', async () => {
  const wrong = await serment(
    ['export', '--out', at('no'), '--json'],
    typing(() => null, 'une autre phrase'),
  );
  assert.deepEqual([wrong.code, codeOf(wrong)], [4, 'PASSWORD_WRONG']);
  await forgetDay();
  const codes = typing((line) => (line.startsWith('Second factor:') ? '2' : /^Code of/.test(line) ? '000000' : null));
  const refused = await serment(['export', '--out', at('no'), '--json'], codes);
  assert.deepEqual([refused.code, codeOf(refused)], [4, 'CODE_WRONG']);
  const silent = await serment(['export', '--out', at('no'), '--json'], { env });
  assert.deepEqual([silent.code, codeOf(silent)], [2, 'ANSWER_ABSENT']);
  const nowhere = { env: { SERMENT_HOME: at('empty') } };
  for (const [args, watching] of [
    [['--kit', at('kit.txt')], { env }],
    [['--kit', at('kit.txt'), '--server', url, '--device', device], { env }],
    [['--device', 'ffffffff'], { env }],
    [['--server', 'http://localhost:1'], { env }],
    [[], nowhere],
  ] as const)
    assert.equal((await serment(['export', '--out', at('no'), ...args], watching)).code, 2, args.join(' '));
  await assert.rejects(stat(at('no')));
});

test('a damaged file is exit 5, and a device that another command uses is exit 3', async () => {
  const path = await deviceFile();
  const text = await readFile(path, 'utf8');
  for (const damaged of ['', '{}', text.slice(0, -20), text.replace(/"ticket": ".{4}/, '"ticket": "')]) {
    await writeFile(path, damaged);
    const ran = await serment(['device', 'list', '--json'], { env });
    assert.deepEqual([ran.code, codeOf(ran)], [5, 'DEVICE_DAMAGED'], damaged.slice(0, 30));
  }
  await writeFile(path, text);
  let second: Ran | null = null;
  const waiting: Watching = {
    env,
    answer: async (line) => {
      if (line.startsWith('Second factor:')) return '1';
      if (!line.startsWith('Password')) return /the code to .* is (\d{6})/.exec(line)?.[1] ?? null;
      second = await serment(['export', '--out', at('second'), '--json'], never);
      return password;
    },
  };
  await done(['export', '--out', at('first')], waiting);
  assert.deepEqual([second!.code, codeOf(second!)], [3, 'DEVICE_IN_USE']);
});

test('it is added by the text of its QR code too; several are told apart, and one is revoked and forgotten', async () => {
  const added = await add('qr', {}, ['--json']);
  assert.equal(added.code, 0, added.stderr);
  const second = added.json<{ device: string; author: string }>();
  assert.equal((await serment(['export', '--out', at('no')], { env })).code, 2);
  await done(['export', '--device', second.device, '--out', at('by-second')], never);
  const removed = await done(['device', 'remove', second.device, '--json'], never);
  assert.equal(removed.json().revoked, true);
  await browser.sync();
  assert.notEqual(browser.mirror.governance.authors.get(second.author)?.revokedAt ?? null, null);
  const left = (await done(['device', 'list', '--json'], { env })).json<{ devices: { device: string }[] }>().devices;
  assert.deepEqual(
    left.map((one) => one.device),
    [device],
  );
  assert.equal((await serment(['device', 'remove', second.device], { env })).code, 2);
});

test('one that a member revoked already is forgotten, and said to be revoked', async () => {
  const { device: third, author } = (await add('qr', {}, ['--json'])).json<{ device: string; author: string }>();
  await browser.sync();
  await revokeDevice(browser, hexToBytes(author));
  const removed = await done(['device', 'remove', third, '--json'], never);
  assert.equal(removed.json().revoked, true);
  const left = (await done(['device', 'list', '--json'], { env })).json<{ devices: { device: string }[] }>().devices;
  assert.deepEqual(
    left.map((one) => one.device),
    [device],
  );
});

test('a device that a member revoked opens nothing: exit 4; it is forgotten here without the server', async () => {
  const { author } = JSON.parse(await readFile(await deviceFile(), 'utf8')).record;
  await revokeDevice(browser, hexToBytes(author));
  const ran = await serment(
    ['export', '--out', at('no'), '--json'],
    typing(() => null),
  );
  assert.deepEqual([ran.code, codeOf(ran)], [4, 'HOLDER_REVOKED'], ran.stderr);
  await server?.stop();
  server = null;
  const unreachable = await serment(
    ['device', 'remove', device, '--json'],
    typing(() => null),
  );
  assert.deepEqual([unreachable.code, codeOf(unreachable)], [3, 'UNREACHABLE']);
  assert.equal((await done(['device', 'remove', device, '--local', '--json'], { env })).json().revoked, false);
  assert.deepEqual(globSync('devices/*', { cwd: at('home') }), []);
});

async function deviceFile(): Promise<string> {
  const [path = ''] = globSync(`devices/${device}*/device.json`, { cwd: at('home') });
  return join(at('home'), path);
}

/** Sets the device's disk back, as the server sees it: its gate closes as it does for a new day. */
async function forgetDay(): Promise<void> {
  const path = await deviceFile();
  const kept = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(
    path,
    JSON.stringify({ ...kept, record: { ...kept.record, ticket: 'ab'.repeat(32), nextTicket: null } }),
  );
}
