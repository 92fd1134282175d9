import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { encodeGovernance } from '@serment/core/journal/governance';
import { memoryCache } from '../src/cache.ts';
import type { JournalMirror } from '../src/journal-mirror.ts';
import { assertWhole, headsScene, patients } from './heads-scene.ts';
import { Network } from './network.ts';
import { create, note, openDevice, settle } from './practice-setup.ts';

const reader = join(import.meta.dirname, '../../../docs/format/reader.mjs');

function assertSame(mirror: JournalMirror, whole: JournalMirror): void {
  assert.deepEqual(mirror.seen(), whole.seen());
  assert.deepEqual(mirror.streams(), whole.streams());
  for (const name of whole.streams().map(hexToBytes)) {
    assert.deepEqual(mirror.entriesOf(name), whole.entriesOf(name));
    assert.deepEqual(mirror.headOf(name), whole.headOf(name));
  }
  assert.equal(bytesToHex(encodeGovernance(mirror.governance)), bytesToHex(encodeGovernance(whole.governance)));
}

describe('a heads', () => {
  const scene = headsScene();

  it('is written once the journal has grown by 1024 entries, by the device that wrote last and by no other', async () => {
    const other = await scene.newDevice();
    await create(other, 'p0', note('last', 'p0', 'La dernière'));
    await settle(other);
    await scene.device.sync();
    assert.equal(await scene.device.upkeep.writeHeads(), false);
    assert.equal(await other.upkeep.writeHeads(), true);
    assert.equal(await other.upkeep.writeHeads(), false);
    await scene.device.sync();
    assert.equal(await scene.device.upkeep.writeHeads(), false);
    const { body } = (await scene.device.mirror.entry(scene.lastHeads())).header;
    assert.ok(body.kind === 'heads' && body.size === 1024, JSON.stringify(body));
  });

  it('spares a new device the entries before it, and what that device knows is what all of them say', async () => {
    const network = new Network();
    const reader = await openDevice(scene.made, { fetch: network.fetch });
    assert.equal(reader.mirror.unread?.size, 1024);
    assert.deepEqual(reader.status().findings, []);
    assert.deepEqual(
      reader.directory
        .rows()
        .map(({ id }) => id)
        .toSorted(),
      patients.map((id) => `Patient/${id}`),
    );
    const pages = network.asked.filter((name) => name.endsWith('/entries')).length;
    assert.ok(pages <= 8, `${pages} pages of entries`);
    assertSame(reader.mirror, await scene.readWhole(reader.mirror));
  });

  it('lets a new device read old files, write, and be restarted before it has read the rest', async () => {
    const cache = memoryCache();
    const reader = await openDevice(scene.made, { cache });
    await assertWhole(reader, 'p1');
    await create(reader, 'p1', note('early', 'p1', 'Tout de suite'));
    await settle(reader);
    assert.deepEqual(reader.status().findings, []);
    await reader.persist();
    const again = await openDevice(scene.made, { cache });
    assert.equal(again.mirror.unread?.size, 1024);
    await assertWhole(again, 'p1', ['Tout de suite']);
    await assertWhole(again, 'p2');
  });

  it('serves until the rest is read at leisure; then the device is as one that read it all', async () => {
    const cache = memoryCache();
    const reader = await openDevice(scene.made, { cache });
    await reader.readUnread();
    assert.equal(reader.mirror.unread, null);
    await reader.upkeep.checkHeads();
    assert.deepEqual(reader.status().findings, []);
    const whole = await scene.readWhole(reader.mirror);
    assertSame(reader.mirror, whole);
    assert.deepEqual(reader.mirror.rootAt(17), whole.rootAt(17));
    await assertWhole(reader, 'p3');
    const network = new Network();
    const again = await openDevice(scene.made, { cache, fetch: network.fetch });
    assert.equal(again.mirror.unread, null);
    await assertWhole(again, 'p4');
    assert.ok(network.asked.filter((name) => name.endsWith('/entries')).length <= 1);
  });

  it('goes on being read at leisure while the journal grows', async () => {
    const reader = await scene.newDevice();
    const reading = reader.readUnread();
    for (const text of ['une', 'deux', 'trois']) {
      await create(reader, 'p4', note(`meanwhile-${text}`, 'p4', text));
      await settle(reader);
    }
    await reading;
    assert.equal(reader.mirror.unread, null);
    await assertWhole(reader, 'p4', ['une', 'deux', 'trois']);
    assertSame(reader.mirror, await scene.readWhole(reader.mirror));
  });

  it('serves whoever enrols a device by kit', async () => {
    const network = new Network();
    const { seed } = await scene.enrol(network.fetch);
    assert.ok(network.asked.filter((name) => name.endsWith('/entries')).length <= 9);
    const reader = await openDevice(scene.made, { seed });
    assert.equal(reader.mirror.unread?.size, 1024);
    await assertWhole(reader, 'p2');
  });

  it('is compared with the entries of a copy by the second reader', async () => {
    const wrong = await scene.writeHeads((heads) => ({ ...heads, authors: heads.authors.slice(1) }));
    await until(async () => ((await scene.device.transport.copies())[0]?.size ?? 0) > wrong);
    const folder = await mkdtemp(join(tmpdir(), 'serment-heads-'));
    try {
      const [kit, out] = [join(folder, 'kit.txt'), join(folder, 'out')];
      await writeFile(kit, scene.made.kitText);
      const { stdout } = spawnSync(process.execPath, [
        reader,
        'open',
        scene.server.copyDir,
        '--kit',
        kit,
        '--out',
        out,
      ]);
      const lines = stdout.toString().trim().split('\n');
      assert.equal(lines.length, 2, lines.join('\n'));
      assert.match(lines[0] ?? '', new RegExp(`^HEADS_MISMATCH entry ${wrong}$`));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tried = 0; tried < 300; tried += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('It did not come true within fifteen seconds');
}
