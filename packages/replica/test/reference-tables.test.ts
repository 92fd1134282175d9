import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToUtf8, ownBytes, utf8ToBytes } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import type { Practice } from '../src/practice.ts';
import { addMember, open, serveMembers } from './members-scene.ts';
import { Network } from './network.ts';
import { createTestPractice, openDevice, settle } from './practice-setup.ts';

describe('reference tables', () => {
  const server = serveMembers();
  const bytes = (text: string): Bytes => ownBytes(utf8ToBytes(text));
  const part = (name: string, text: string) => ({ name: `${name}.txt`, part: name, bytes: bytes(text) });

  async function growthOf(practice: Practice): Promise<Record<string, string>> {
    const [table] = await practice.tables.list();
    const texts: Record<string, string> = {};
    for (const { part: name, blobId } of table?.files ?? [])
      texts[name ?? ''] = bytesToUtf8(await practice.tables.bytes(blobId));
    return texts;
  }

  it('are loaded by one member, read by the others, and offline once read', async () => {
    const made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    assert.deepEqual(await doctor.tables.list(), []);
    await doctor.tables.load('who-growth', 'OMS 2006', [part('weight', 'w1'), part('head', 'h1')]);
    // Shown before the host has it.
    assert.equal((await doctor.tables.list())[0]?.edition, 'OMS 2006');
    await settle(doctor);
    const [table = assert.fail()] = await doctor.tables.list();
    assert.deepEqual(
      [table.kind, table.isConflict, table.authorName, table.state, table.files[0]?.isOfficial],
      ['who-growth', false, 'Dr Claire Vasseur', 'host', false],
    );
    assert.equal(table.files[0]?.sha256.length, 64);

    const { seed } = await addMember(doctor, 'substitute');
    const network = new Network();
    const cache = memoryCache();
    const other = await openDevice(made, { seed, cache, fetch: network.fetch });
    await other.sync();
    assert.deepEqual(await growthOf(other), { weight: 'w1', head: 'h1' });
    await other.lock();
    network.isUp = false;
    const offline = await openDevice(made, { seed, cache, fetch: network.fetch });
    assert.deepEqual(await growthOf(offline), { weight: 'w1', head: 'h1' });
    await assert.rejects(offline.tables.load('cim10', 'CIM', [part('x', 'y')]), { code: 'UNREACHABLE' });
  });

  it('are replaced part by part, with their history, and an earlier one comes back', async () => {
    const made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    await doctor.tables.load('who-growth', 'un', [part('weight', 'w1'), part('head', 'h1')]);
    await settle(doctor);
    await doctor.tables.load('who-growth', 'deux', [part('weight', 'w2')]);
    await settle(doctor);
    assert.deepEqual(await growthOf(doctor), { head: 'h1', weight: 'w2' });
    const history = await doctor.tables.history('who-growth');
    assert.deepEqual(
      history.map(({ edition }) => edition),
      ['deux', 'un'],
    );
    await doctor.tables.restore('who-growth', history[1]?.version ?? '');
    await settle(doctor);
    assert.deepEqual(await growthOf(doctor), { weight: 'w1', head: 'h1' });
    assert.equal((await doctor.tables.history('who-growth')).length, 3);
    assert.deepEqual(doctor.status().findings, []);
  });

  it('that two devices load at the same time are a conflict until one is loaded over both', async () => {
    const made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    const { seed } = await addMember(doctor, 'substitute');
    const other = await open(made, seed);
    await other.tables.list();
    await doctor.tables.load('cim10', 'un', [{ name: 'a.csv', part: null, bytes: bytes('A00;a') }]);
    await settle(doctor);
    await other.tables.load('cim10', 'deux', [{ name: 'b.csv', part: null, bytes: bytes('B00;b') }]);
    await settle(other);
    await doctor.sync();
    const [both] = await doctor.tables.list();
    assert.deepEqual([both?.isConflict, both?.edition], [true, 'deux']);
    await doctor.tables.load('cim10', 'trois', [{ name: 'c.csv', part: null, bytes: bytes('C00;c') }]);
    const [settled] = await doctor.tables.list();
    assert.deepEqual([settled?.isConflict, settled?.edition], [false, 'trois']);
  });

  it('are not for who does not read clinical', async () => {
    const made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    const { seed } = await addMember(doctor, 'desk');
    const desk = await open(made, seed);
    await assert.rejects(desk.tables.list());
  });
});
