import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { randomBytes } from '@serment/core/random';
import { newVersion } from '@serment/records/version';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit, prepareNewPractice } from '@serment/replica/device';
import { DrawnKit } from '@serment/replica/drawn-kit';
import { inviteMember } from '@serment/replica/invitation';
import { acceptInvitation } from '@serment/replica/invitation-acceptance';
import { renewKeys } from '@serment/replica/key-renewal';
import { revokeDevice } from '@serment/replica/members';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { recordsPart } from '@serment/replica/saving';
import { Transport } from '@serment/replica/transport';
import { done, type Served, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
let server: Served | null = null;

const open = async (opening: { practice: Uint8Array<ArrayBuffer>; seed: Uint8Array<ArrayBuffer> }) =>
  openPractice({ transport: new Transport({ baseUrl: server?.url ?? '' }), cache: memoryCache(), ...opening });

async function writePrivate(device: Practice, text: string): Promise<void> {
  const stream = device.keyring.stream(`private/${bytesToHex(device.keyring.member)}`, 'notes');
  const resource = { resourceType: 'Basic', id: text, code: { text } };
  const versions = [newVersion({ resource, change: 'create' }, randomBytes)];
  await device.outbox.add([recordsPart(stream, { patient: null, versions, documents: [] })]);
  await device.outbox.flush();
  await device.sync();
}

async function printKit(device: Practice, name: string): Promise<string> {
  const kit = await DrawnKit.draw(device);
  await kit.name([]);
  await writeFile(at(name), kit.printed.text);
  return kit.printed.text;
}

/** A colleague's device, with the rights of its role. */
async function enter(doctor: Practice, role: 'doctor' | 'desk'): Promise<Practice> {
  const name = { family: 'Renard', given: 'Paul' };
  const { linkText, code } = await inviteMember(doctor, { role, name, term: null });
  const transport = new Transport({ baseUrl: server?.url ?? '' });
  const { practice, seed } = await acceptInvitation({ transport, linkText, code, label: 'browser' });
  await doctor.sync();
  await renewKeys(doctor);
  return open({ practice, seed });
}

before(async () => {
  server = await serve(at('data'), ['--copy', at('copy'), '--host-key-out', at('host.key')]);
  const transport = new Transport({ baseUrl: server.url });
  const doctor = { family: 'Vasseur', given: 'Claire', prefix: 'Dr' };
  const made = await prepareNewPractice({ transport, practiceName: 'Essai', doctor, label: 'browser' });
  await writeFile(at('a.txt'), made.kit.text);
  const { practice, seed } = await made.commit();
  const a = await open({ practice, seed });
  const [b, desk] = [await enter(a, 'doctor'), await enter(a, 'desk')];
  await writePrivate(a, 'private-of-a');
  await writePrivate(b, 'private-of-b');
  await writePrivate(desk, 'private-of-desk');
  const kitText = await printKit(b, 'b.txt');
  await printKit(desk, 'desk.txt');
  // B's device is lost: B's kit names another one, A revokes the first and so makes B a key.
  const second = await enrolByKit({ transport: new Transport({ baseUrl: server.url }), kitText, label: 'browser' });
  await a.sync();
  await revokeDevice(a, b.keyring.signer.author);
  const replaced = await open(second);
  await renewKeys(replaced);
  await writePrivate(replaced, 'private-of-b-after');
  await a.sync();
  while (((await a.transport.copies())[0]?.size ?? 0) < a.mirror.size) await setTimeout(50);
  for (const device of [a, replaced, desk]) await device.lock();
  await server.stop();
  server = null;
});
after(() => server?.stop());

test('a copy opens each member’s own notes with that member’s kit, and no other’s', async () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    a: ['private-of-a'],
    b: ['private-of-b', 'private-of-b-after'],
    desk: ['private-of-desk'],
  };
  for (const [name, own] of Object.entries(expected)) {
    const ran = await done(['open', at('copy'), '--kit', at(`${name}.txt`), '--out', at(name), '--json']);
    const text = await textOf(at(name));
    const found = ['private-of-a', 'private-of-b', 'private-of-b-after', 'private-of-desk'].filter((note) =>
      text.includes(`"${note}"`),
    );
    assert.deepEqual(found, own, name);
    const { unreadable } = ran.json<{ unreadable: string[] }>();
    assert.equal(unreadable.filter((one) => one.startsWith('private/')).length, 2, name);
  }
});

/** All that was written. */
async function textOf(path: string): Promise<string> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}
