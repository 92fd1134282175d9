import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cache, memoryCache } from '@serment/replica/cache';
import { serveMembers } from '../../../../packages/replica/test/members-scene.ts';
import {
  create,
  createTestPractice,
  openCut,
  openDevice,
  patient,
  settle,
} from '../../../../packages/replica/test/practice-setup.ts';
import { Openings } from '../../src/worker/openings.ts';

const ada = 'Patient/ada';

/** A cache that counts the bytes of payloads that are written in it. */
function countingCache() {
  const inner = memoryCache();
  const written = { bytes: 0 };
  const count = (key: string, value: Uint8Array) => {
    if (/(?:^|\/)payloads?\//.test(key)) written.bytes += value.length;
  };
  const cache: Cache = {
    ...inner,
    async put(key, value) {
      count(key, value);
      await inner.put(key, value);
    },
    async putMany(values) {
      for (const [key, value] of values) count(key, value);
      await inner.putMany(values);
    },
  };
  return { cache, written };
}

describe('who opened a file', () => {
  const server = serveMembers();

  it('is told of each opening, and costs a device no more to keep once it holds many', async () => {
    const made = await createTestPractice(server.url);
    const { cache, written } = countingCache();
    const device = await openDevice(made, { cache });
    const openings = new Openings(device);
    await create(device, 'ada', patient('ada', 'Durand'));
    await settle(device);
    const leave = async (count: number) => {
      await device.traces.leave(Array.from({ length: count }, () => ada));
      await settle(device);
    };
    /** Bytes that each of so many openings has written, on average. */
    const perOpening = async (count: number) => {
      const before = written.bytes;
      for (let one = 0; one < count; one += 1) {
        await leave(1);
        await openings.of(ada);
      }
      return (written.bytes - before) / count;
    };
    await leave(40);
    assert.equal((await openings.of(ada)).length, 40);
    const few = await perOpening(8);
    await leave(300);
    await openings.of(ada);
    const many = await perOpening(40);
    assert.equal((await openings.of(ada)).length, 200);
    assert.ok(few < 1000, `${few} bytes an opening`);
    assert.ok(many < 4000, `${many} bytes an opening`);
    await device.lock();
    const { device: cut } = await openCut(made, cache);
    assert.equal((await new Openings(cut).of(ada)).length, 200);
    await cut.lock();
  });

  it('is told of what was just opened, before its trace reached the host, and once after', async () => {
    const made = await createTestPractice(server.url);
    const device = await openDevice(made);
    const openings = new Openings(device);
    for (const id of ['ada', 'bea']) await create(device, id, patient(id, 'Durand'));
    await settle(device);
    assert.deepEqual(await openings.of(ada), []);
    await device.openPatient(ada);
    await device.openPatient('Patient/bea');
    const told = await openings.of(ada);
    assert.deepEqual([told.length, told[0]?.isSelf, device.outbox.items.length], [1, true, 1]);
    await settle(device);
    assert.deepEqual([await openings.of(ada), device.outbox.items.length], [told, 0]);
    const other = new Openings(await openDevice(made));
    assert.deepEqual(await other.of(ada), told);
    await device.openPatient(ada);
    await settle(device);
    assert.deepEqual((await openings.of(ada)).length, 2);
    await device.lock();
  });
});
