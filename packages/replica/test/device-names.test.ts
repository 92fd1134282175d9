import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { deviceName, nameDevice } from '../src/device-names.ts';
import { revokeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { vaultView } from '../src/vault.ts';
import { addMember, authorOf, cutShort, makeScene, open, serveMembers } from './members-scene.ts';
import { settle } from './practice-setup.ts';

const server = serveMembers();
const idOf = (device: Practice) => bytesToHex(authorOf(device));

/** Saves a name that the gestures of this module would not let pass. */
async function forge(by: Practice, device: string, content: object): Promise<void> {
  const known = by.directoryRecord(`Device/${device}`);
  const resource = { resourceType: 'Device', id: device, owner: {}, ...content };
  const change = known === null ? ('create' as const) : ('edit' as const);
  await by.save({ patient: null, records: [{ resource, change, replaces: known?.versions ?? [] }] });
  await settle(by);
}

it('a name that its member gave is read by all who read names, and changed from any of its devices', async () => {
  const { made, doctor, member, first, second, seeds } = await makeScene(server.url);
  assert.equal(await deviceName(first, idOf(first)), null);
  await nameDevice(first, authorOf(first), '  Ordinateur \n du cabinet ');
  await nameDevice(second, authorOf(first), 'Ordinateur de l’accueil');
  for (const device of [doctor, first, second]) {
    await device.sync();
    assert.equal(await deviceName(device, idOf(first)), 'Ordinateur de l’accueil');
  }
  const view = (await vaultView(doctor)).members.find((one) => one.member === member);
  assert.deepEqual(
    view?.devices.flatMap(({ name }) => name ?? []),
    ['Ordinateur de l’accueil'],
  );
  const { size } = first.mirror;
  await nameDevice(first, authorOf(first), 'Ordinateur de l’accueil');
  assert.equal(first.mirror.size, size);
  assert.equal(await deviceName(await open(made, seeds[1]), idOf(first)), 'Ordinateur de l’accueil');
  assert.deepEqual(doctor.status().findings, []);
});

it('no words, too many, another member’s device, a kit and an unknown one are refused, and nothing is written', async () => {
  const { doctor, first, second } = await makeScene(server.url);
  const { size } = first.mirror;
  for (const name of ['', '  \t ', 'x'.repeat(61), 'a\u0000b', 'a\ud800'])
    await assert.rejects(nameDevice(first, authorOf(first), name), { code: 'DEVICE_NAME_INVALID' }, name);
  const kit = [...first.mirror.governance.authors.values()].find(({ type }) => type === 'kit') ?? assert.fail();
  for (const author of [authorOf(doctor), kit.author, new Uint8Array(32)])
    await assert.rejects(nameDevice(first, author, 'À moi'), { code: 'HOLDER_UNKNOWN' });
  assert.equal(first.mirror.size, size);
  await revokeDevice(doctor, authorOf(second));
  await first.sync();
  await assert.rejects(nameDevice(first, authorOf(second), 'Perdu'), { code: 'HOLDER_UNKNOWN' });
});

it('nobody passes another member’s device off as something else', async () => {
  const { doctor, first } = await makeScene(server.url);
  await nameDevice(doctor, authorOf(doctor), 'Bureau');
  await first.sync();
  await forge(first, idOf(doctor), { deviceName: [{ name: 'Poste de l’accueil', type: 'user-friendly-name' }] });
  await doctor.sync();
  assert.equal(await deviceName(doctor, idOf(doctor)), null);
  assert.equal(await deviceName(first, idOf(doctor)), null);
  await nameDevice(doctor, authorOf(doctor), 'Bureau');
  assert.equal(await deviceName(doctor, idOf(doctor)), 'Bureau');
});

it('a record that is no name of a device names nothing, and can be replaced by one', async () => {
  const { first } = await makeScene(server.url);
  for (const content of [
    {},
    { deviceName: [] },
    { deviceName: 'x' },
    { deviceName: [7] },
    { deviceName: [{ name: 7 }] },
    { deviceName: [{ name: '  ' }] },
    { deviceName: [null] },
  ]) {
    await forge(first, idOf(first), content);
    assert.equal(await deviceName(first, idOf(first)), null, JSON.stringify(content));
  }
  await nameDevice(first, authorOf(first), 'Portable');
  assert.equal(await deviceName(first, idOf(first)), 'Portable');
});

it('a name is given once, wherever the line is cut', async () => {
  const { made, doctor } = await makeScene(server.url);
  for (const at of ['sending', 'answer'] as const) {
    const name = `Bureau, ${at}`;
    assert.equal(await cutShort(made, { request: 1, at }, (cut) => nameDevice(cut, authorOf(cut), name)), true);
    await nameDevice(doctor, authorOf(doctor), name);
    await doctor.sync();
    assert.equal(doctor.directoryRecord(`Device/${idOf(doctor)}`)?.versions.length, 1);
    assert.equal(await deviceName(doctor, idOf(doctor)), name);
  }
});

it('whoever reads no directory gives none', async () => {
  const { made, doctor } = await makeScene(server.url);
  const { seed } = await addMember(doctor, 'accountant');
  const device = await open(made, seed);
  await assert.rejects(nameDevice(device, authorOf(device), 'Comptabilité'), { code: 'COMPARTMENT_CLOSED' });
  assert.equal(await deviceName(device, idOf(doctor)), null);
});
