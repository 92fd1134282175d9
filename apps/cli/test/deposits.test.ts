import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { utf8ToBytes } from '@serment/core/bytes';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { inviteMember } from '@serment/replica/invitation';
import { acceptInvitation } from '@serment/replica/invitation-acceptance';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { done, type Served, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const readerFile = new URL('../../../docs/format/reader.mjs', import.meta.url).pathname;
let server: Served | null = null;

const settle = async (practice: Practice) => {
  await practice.outbox.flush();
  await practice.sync();
};

before(async () => {
  server = await serve(at('data'), ['--copy', at('copy'), '--host-key-out', at('host.key')]);
  const { url } = server;
  const names = ['--name', 'Cabinet d’essai', '--doctor', 'Dr Claire VASSEUR'];
  await done(['practice', 'create', '--server', url, ...names, '--kit-out', at('kit.txt')]);
  const kitText = await readFile(at('kit.txt'), 'utf8');
  const enrolled = await enrolByKit({ transport: new Transport({ baseUrl: url }), kitText, label: 'browser' });
  const { practice } = enrolled;
  const open = (seed: typeof enrolled.seed) =>
    openPractice({ transport: new Transport({ baseUrl: url }), cache: memoryCache(), practice, seed });
  const doctor = await open(enrolled.seed);
  const anna = { resourceType: 'Patient', id: 'anna', name: [{ use: 'official', family: 'Durand' }] };
  await doctor.save({ patient: 'Patient/anna', records: [{ resource: anna, change: 'create', replaces: [] }] });
  await settle(doctor);
  const name = { family: 'Martin', given: 'Léa' };
  const { linkText, code } = await inviteMember(doctor, { role: 'desk', name, term: null });
  const invited = new Transport({ baseUrl: url });
  const desk = await open((await acceptInvitation({ transport: invited, linkText, code, label: 'browser' })).seed);
  for (const text of ['Un message classé', 'Un message en attente']) {
    const clear = new Blob([utf8ToBytes(`scan de : ${text}`)]).stream();
    const file = { name: 'scan.pdf', mediaType: 'application/pdf', clear };
    await desk.deposits.deposit({ patient: 'Patient/anna', text, file });
    await settle(desk);
  }
  await doctor.sync();
  const [first = assert.fail()] = await doctor.deposits.open();
  await doctor.deposits.file(first, { patient: 'Patient/anna', say: null });
  await settle(doctor);
  for (let tries = 0; ; tries += 1) {
    const copies = await doctor.transport.copies();
    if (copies.some(({ size }) => size >= doctor.mirror.size)) break;
    assert.ok(tries < 200, 'the copy does not follow');
    await wait(100);
  }
  for (const device of [doctor, desk]) await device.lock();
  await server.stop();
  server = null;
});
after(() => server?.stop());

async function textsUnder(out: string): Promise<string> {
  const names = (await readdir(out, { recursive: true })).filter((name) => /\.(json|pdf)$/.test(name)).sort();
  return (await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')))).join('\n');
}

test('a copy opened with the kit lists what nobody filed yet, with its document, apart from every file', async () => {
  const ran = await done(['open', at('copy'), '--kit', at('kit.txt'), '--out', at('opened'), '--json']);
  assert.equal(ran.json<{ deposits: number }>().deposits, 1);
  const waiting = await textsUnder(at('opened/deposits'));
  assert.match(waiting, /Un message en attente/);
  assert.match(waiting, /scan de : Un message en attente/);
  assert.doesNotMatch(waiting, /classé/);
  const filed = await textsUnder(at('opened/patients'));
  assert.match(filed, /Un message classé/);
  assert.match(filed, /scan de : Un message classé/);
});

test('the second reader says the same', async () => {
  const args = [readerFile, 'open', at('copy'), '--kit', at('kit.txt'), '--out', at('read')];
  await promisify(execFile)(process.execPath, args);
  const index = JSON.parse(await readFile(at('read/index.json'), 'utf8'));
  assert.deepEqual(index.findings, []);
  assert.deepEqual(
    index.deposits.map(({ records }: { records: number }) => records),
    [2],
  );
  const waiting = await readFile(at('read/deposits.json'), 'utf8');
  assert.match(waiting, /Un message en attente/);
  assert.doesNotMatch(waiting, /classé/);
  assert.match(await textsUnder(at('read/patients')), /Un message classé/);
  assert.match(await textsUnder(at('read/documents')), /scan de : Un message en attente/);
});
