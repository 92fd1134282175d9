import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, concatBytes, ownBytes } from '@serment/core/bytes';
import { type Cache, memoryCache } from '../src/cache.ts';
import { openChecked, withChecksum } from '../src/checksum.ts';
import { chunkEntries } from '../src/entry-archive.ts';
import type { Practice } from '../src/practice.ts';
import {
  create,
  createTestPractice,
  note,
  openCut,
  openDevice,
  patient,
  settle,
  type TestPractice,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

/** The key of what a device keeps under a name of its own. */
async function keyOf(cache: Cache, name: string): Promise<string> {
  const key = (await cache.keys('')).find((one) => one.endsWith(`/${name}`));
  assert.ok(key !== undefined);
  return key;
}

describe('what a device that stopped at once holds of the journal', () => {
  let server: RunningServer;
  let made: TestPractice;
  let writer: Practice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    writer = await openDevice(made);
    await create(writer, 'anna', patient('anna', 'Anna'), note('first', 'anna', 'Première'));
    await settle(writer);
  });
  after(() => server?.remove());

  /** A device whose image is of before what it read last, and which was never locked. */
  const stopped = async (): Promise<{ cache: Cache; imageSize: number; size: number }> => {
    const cache = memoryCache();
    const device = await openDevice(made, { cache });
    const image = await cache.get(await keyOf(cache, 'verifier'));
    assert.ok(image !== null);
    const imageSize = device.mirror.size;
    for (const id of ['second', 'third']) await create(writer, 'anna', note(id, 'anna', id));
    await settle(writer);
    await device.sync();
    assert.deepEqual(await cache.get(await keyOf(cache, 'verifier')), image);
    return { cache, imageSize, size: device.mirror.size };
  };
  const cutOpen = (cache: Cache) => openCut(made, cache);
  const assertWhole = async ({ device, network }: Awaited<ReturnType<typeof cutOpen>>) => {
    network.isUp = true;
    await device.sync();
    assert.deepEqual(device.mirror.seen(), writer.mirror.seen());
    assert.deepEqual(device.mirror.streams(), writer.mirror.streams());
    assert.deepEqual(device.status().findings, []);
  };

  it('is all that its last checkpoint proves, though its image was not written again', async () => {
    const { cache, size } = await stopped();
    const opened = await cutOpen(cache);
    assert.equal(opened.device.mirror.size, size);
    assert.deepEqual(opened.device.mirror.seen(), writer.mirror.seen());
    assert.deepEqual(opened.device.mirror.streams(), writer.mirror.streams());
    assert.deepEqual(opened.device.status().findings, []);
    await assertWhole(opened);
  });

  /** What the host had sent and was not believed, or what a disk lost: the checkpoint does not prove it. */
  const broken = (what: string, change: (entries: Bytes[], imageSize: number) => Bytes[]) =>
    it(`is its image where ${what}; the host is asked again`, async () => {
      const { cache, imageSize } = await stopped();
      const tail = await keyOf(cache, 'entries/00000000');
      const chunk = openChecked(await cache.get(tail));
      assert.ok(chunk !== null);
      await cache.put(tail, withChecksum(joined(change(split(ownBytes(chunk)), imageSize))));
      const opened = await cutOpen(cache);
      assert.equal(opened.device.mirror.size, imageSize);
      assert.deepEqual(opened.device.mirror.findings, []);
      await assertWhole(opened);
    });

  broken('the last entry is lost', (entries) => entries.slice(0, -1));
  broken('two entries changed places', (entries, imageSize) => {
    const [next, after, ...others] = entries.slice(imageSize);
    return [...entries.slice(0, imageSize), ...[after, next].filter((entry) => entry !== undefined), ...others];
  });
  broken('an entry is no entry', (entries, imageSize) =>
    entries.map((entry, index) => (index === imageSize ? entry.slice(0, -1) : entry)),
  );

  it('is nothing without an image, and is then read whole', async () => {
    const { cache } = await stopped();
    await cache.delete(await keyOf(cache, 'verifier'));
    const device = await openDevice(made, { cache });
    assert.deepEqual(device.mirror.seen(), writer.mirror.seen());
  });

  /** What a disk lost of the entries up to the image: all are read from the host again. */
  const withoutTail = (what: string, traces: number) =>
    it(`is read again, and kept, where ${what}`, async () => {
      const own = await createTestPractice(server.url);
      const first = await openDevice(own);
      await first.traces.leave(Array.from({ length: traces }, (_, number) => `Patient/${number}`));
      await settle(first);
      const cache = memoryCache();
      const { mirror } = await openDevice(own, { cache });
      const tail = Math.floor(mirror.size / chunkEntries);
      await cache.delete(await keyOf(cache, `entries/${String(tail).padStart(8, '0')}`));
      await openDevice(own, { cache });
      const { device } = await openCut(own, cache);
      await first.sync();
      assert.ok(device.mirror.size >= mirror.size);
      for (let index = 0; index < device.mirror.size; index += 1)
        assert.deepEqual((await device.mirror.entry(index)).id, (await first.mirror.entry(index)).id);
    });

  withoutTail('its only chunk of entries is lost', 1);
  withoutTail('the last of several chunks of entries is lost', 300);
});

/** Each entry stands after its length in two bytes. */
function split(chunk: Bytes): Bytes[] {
  const entries: Bytes[] = [];
  const view = new DataView(chunk.buffer, chunk.byteOffset);
  for (let offset = 0; offset < chunk.length; ) {
    const end = offset + 2 + view.getUint16(offset);
    entries.push(chunk.slice(offset + 2, end));
    offset = end;
  }
  return entries;
}

function joined(entries: readonly Bytes[]): Bytes {
  return concatBytes(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]));
}
