import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { startGateway } from '../../../../tools/ceph.ts';
import type { CopyError } from '../../src/copy/copy-error.ts';
import type { Destination } from '../../src/copy/destination.ts';
import { openCopy } from '../../src/copy/open-copy.ts';
import { restoreCopy } from '../../src/copy/restore.ts';
import type { S3Place } from '../../src/copy/s3/place.ts';
import { s3Destination } from '../../src/copy/s3/s3.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import { makeSource, sampleDraft, startOn } from './copy-fixture.ts';
import { testDestination } from './destination-contract.ts';
import { MemorySink } from './memory-sink.ts';
import { Store, skipReason } from './s3-fixture.ts';
import { rootAt, TestSource } from './test-source.ts';

const practice = 'ab'.repeat(32);
const name = `${practice}/00000001/nodes/000`;
const tail = `${practice}/00000001/tail/0000000000000000-0000000000000003`;
const bytes = new Uint8Array([1, 2, 3]);
const dayMs = 86_400_000;

describe('a copy in a bucket', { skip: skipReason }, () => {
  let store: Store;
  before(async () => {
    store = await Store.start();
  });

  testDestination('s3', async () => s3Destination(await store.place()));

  it('locks what it writes in compliance mode: tails for days, the rest for months', async () => {
    const place = await store.place();
    const destination = s3Destination(place);
    await destination.prepare();
    await destination.put(name, bytes);
    await destination.put(tail, bytes);
    for (const [object, days] of [
      [name, 90],
      [tail, 14],
    ] as const) {
      const { id, lockedUntil, mode } = await store.first(place, object);
      assert.equal(mode, 'COMPLIANCE');
      assert.ok(Math.abs(lockedUntil - Date.now() - days * dayMs) < 60_000);
      await assert.rejects(store.remove(place, object, id), { name: 'AccessDenied' });
    }
    await assert.rejects(destination.deleteTail(tail), { code: 'COPY_DELETE_REFUSED' });
    assert.deepEqual(await destination.get(tail), bytes);
  });

  it('sends a large object in parts, locked too, and gives it back in pieces and at an offset', async () => {
    const place = await store.place();
    const destination = s3Destination(place);
    const large = new Uint8Array(20 * 1024 * 1024 + 5).map((_, index) => (index * 7 + (index >> 16)) & 255);
    const blob = `${practice}/blob/ab/${'ab'.repeat(32)}`;
    await destination.put(blob, inPieces(large, 1_000_003));
    await destination.put(blob, large);
    assert.equal(await destination.size(blob), large.length);
    assert.ok((await store.first(place, blob)).lockedUntil > Date.now() + 89 * dayMs);
    assert.deepEqual(await destination.get(blob), large);
    const at = 8 * 1024 * 1024 - 2;
    assert.deepEqual(await destination.read(blob, at, 4), large.slice(at, at + 4));
    const batch = destination.batch();
    await batch.put(name, large);
    await batch.abandon();
    assert.equal(await destination.has(name), false);
  });

  it('keeps a batch of many megabytes out of memory, and shows none of it before the commit', async () => {
    const destination = s3Destination(await store.place());
    const batch = destination.batch();
    const names = Array.from({ length: 7 }, (_, index) => `${practice}/00000001/nodes/00${index}`);
    for (const [index, one] of names.entries()) await batch.put(one, new Uint8Array(7 * 1024 * 1024).fill(index));
    assert.deepEqual(await listed(destination), []);
    await batch.commit();
    assert.deepEqual(await listed(destination), names);
    assert.deepEqual((await destination.get(names[6]!)).subarray(0, 2), new Uint8Array([6, 6]));
  });

  it('reads the version that was first, whatever was put over it, before it was looked at or after', async () => {
    const place = await store.place();
    const writer = s3Destination(place);
    await writer.put(name, bytes);
    await writer.put(tail, bytes);
    const reader = s3Destination(place);
    await store.plant(place, name);
    await store.remove(place, tail);
    const late = s3Destination(place);
    assert.deepEqual((await listed(late)).sort(), [name, tail]);
    const unlisted = name.replace('000', '001');
    await writer.put(unlisted, bytes);
    await store.plant(place, unlisted);
    await store.plant(place, tail);
    for (const destination of [writer, reader, late])
      for (const object of [name, tail, unlisted]) {
        assert.deepEqual(await destination.get(object), bytes);
        assert.deepEqual(await destination.read(object, 1, 2), new Uint8Array([2, 3]));
        assert.equal(await destination.size(object), 3);
        assert.equal(await destination.has(object), true);
      }
    assert.deepEqual(late.overwritten().sort(), [name, unlisted, tail].sort());
  });

  it('finds the first of more versions than a listing gives at once', async () => {
    const place = await store.place();
    await s3Destination(place).put(name, bytes);
    for (let round = 0; round < 11; round += 1)
      await Promise.all(Array.from({ length: 100 }, () => store.plant(place, name)));
    const other = name.replace('000', '001');
    await s3Destination(place).put(other, bytes);
    const destination = s3Destination(place);
    assert.deepEqual(await listed(destination), [name, other]);
    assert.deepEqual(await destination.get(name), bytes);
    assert.deepEqual(await s3Destination(place).get(name), bytes);
  });

  it('writes nothing more under a name that stands for other bytes', async () => {
    const place = await store.place();
    await store.plant(place, name, 'first');
    const destination = s3Destination(place);
    for (let round = 0; round < 3; round += 1)
      await assert.rejects(destination.put(name, bytes), { code: 'COPY_NAME_TAKEN' });
    assert.equal((await store.versions(place)).get(name), 2);
  });

  it('a key that is no text hides no other', async () => {
    const place = await store.place();
    const destination = s3Destination(place);
    await destination.put(name, bytes);
    const odd = [`${practice}/a\u0001b`, `${practice}/%zz +é`, `${practice}//`];
    for (const key of odd) await store.plant(place, key);
    assert.deepEqual((await listed(destination)).sort(), [...odd, name].sort());
  });

  it('each refusal has its code and what to do', async (t) => {
    const place = await store.place();
    const { accessKeyId, secretAccessKey } = place.credentials;
    const refusal = async (more: Partial<S3Place>) => {
      const error: CopyError = await s3Destination({ ...place, ...more })
        .prepare()
        .then(
          () => assert.fail(),
          (cause) => cause,
        );
      assert.ok((error.hint ?? '').length > 20);
      const said = `${JSON.stringify(error)} ${error.stack} ${error.cause}`;
      assert.ok(!(said.includes(secretAccessKey) || said.includes('hush')));
      return error.code;
    };
    const wrong = { accessKeyId, secretAccessKey: 'hush' };
    assert.equal(await refusal({ credentials: wrong }), 'COPY_CREDENTIALS_REFUSED');
    assert.equal(
      await refusal({ credentials: { accessKeyId: 'nobody', secretAccessKey } }),
      'COPY_CREDENTIALS_REFUSED',
    );
    assert.equal(await refusal({ bucket: 'no-such-bucket' }), 'COPY_BUCKET_MISSING');
    assert.equal(await refusal({ bucket: (await store.place({ isLocked: false })).bucket }), 'COPY_NOT_LOCKED');
    assert.equal(await refusal({ endpoint: 'http://127.0.0.1:9' }), 'COPY_UNREACHABLE');
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
    assert.equal(await refusal({}), 'COPY_CLOCK_SKEWED');
  });

  it('holds back to the bytes a second that it is given', async () => {
    const destination = s3Destination(await store.place({ bytesPerSecond: 1_000_000 }));
    const startedAt = performance.now();
    for (let index = 0; index < 4; index += 1)
      await destination.put(name.replace('000', `00${index}`), new Uint8Array(250_000));
    const elapsed = performance.now() - startedAt;
    assert.ok(elapsed > 700 && elapsed < 3000, `${elapsed}`);
  });

  describe('of a practice', () => {
    let source: TestSource;
    let made: { practice: string; stream: Uint8Array<ArrayBuffer> };
    const publish = async (place: S3Place) => {
      const publisher = startOn(source, s3Destination(place));
      await publisher.settled();
      for (let round = 0; round < 3; round += 1) {
        await source.save(made.practice, 4, { stream: made.stream, documents: round === 1 });
        await publisher.settled();
      }
      await publisher.stop();
      return publisher.status(made.practice)[0]!;
    };
    before(async () => {
      source = new TestSource();
      made = await makeSource(source);
    });

    it('is published, verified, restored and opened', async () => {
      const place = await store.place();
      const status = await publish(place);
      assert.deepEqual([status.kind, status.state, status.lagMs, status.error], ['s3', 'current', 0, null]);
      await assertWhole(place, status.size, []);
      // A writer that starts anew takes over what is there, and writes nothing twice.
      const before = await store.versions(place);
      const again = startOn(source, s3Destination(place));
      await again.settled();
      await again.stop();
      const account = [...(await store.versions(place)).keys()].filter((key) => !before.has(key));
      assert.deepEqual(account, ['host/0000000000000004']);
      assert.ok([...(await store.versions(place)).values()].every((count) => count === 1));
    });

    it('is read right when a version stands over each of its objects', async () => {
      const place = await store.place();
      const { size } = await publish(place);
      const names = [...(await store.versions(place)).keys()];
      for (const object of names) await store.plant(place, object);
      await assertWhole(place, size, names);
    });

    it('is read right when each of its objects is marked deleted', async () => {
      const place = await store.place();
      const { size } = await publish(place);
      const names = [...(await store.versions(place)).keys()];
      for (const object of names) await store.remove(place, object);
      await assertWhole(place, size, names);
      // And goes on: the writer that starts then counts on what was first.
      const publisher = startOn(source, s3Destination(place));
      await source.save(made.practice, 300, {});
      await publisher.settled();
      assert.equal(publisher.status(made.practice)[0]?.state, 'current');
      await publisher.stop();
      await assertWhole(place, publisher.status(made.practice)[0]!.size, names);
    });

    it('is told failing while the store is away, and catches up when it is back', async () => {
      const gateway = await startGateway(store.ceph.conf);
      const place = await store.place({ endpoint: gateway.endpoint });
      const publisher = startOn(source, s3Destination(place));
      await publisher.settled();
      await gateway.stop();
      await source.save(made.practice, 600, {});
      await publisher.settled();
      const away = publisher.status(made.practice)[0]!;
      assert.deepEqual([away.state, away.error], ['failing', 'COPY_UNREACHABLE']);
      assert.ok((away.lagMs ?? 0) > 0);
      await assert.rejects(verifyCopy(s3Destination(place)), { code: 'COPY_UNREACHABLE' });
      const back = await startGateway(store.ceph.conf, Number(new URL(gateway.endpoint).port));
      const endsAt = performance.now() + 30_000;
      while (publisher.status(made.practice)[0]?.state !== 'current' && performance.now() < endsAt)
        await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(publisher.status(made.practice)[0]?.state, 'current');
      await publisher.stop();
      const report = await verifyCopy(s3Destination(place));
      assert.deepEqual([report.findings, report.practices[0]?.size], [[], publisher.status(made.practice)[0]?.size]);
      await back.stop();
    });

    async function assertWhole(place: S3Place, size: number, overwritten: readonly string[]): Promise<void> {
      const report = await verifyCopy(s3Destination(place));
      assert.equal(report.damages, 0, JSON.stringify(report.findings.slice(0, 3)));
      const told = report.findings.map(({ code, object }) => `${code} ${object}`).sort();
      assert.deepEqual(told, overwritten.map((object) => `OBJECT_OVERWRITTEN ${object}`).sort());
      assert.equal(report.practices[0]?.size, size);
      const sink = new MemorySink();
      const restored = await restoreCopy({ destinations: [s3Destination(place)], sink });
      assert.deepEqual([restored.practices[0]?.size, restored.findings], [size, []]);
      const journal = source.journal(made.practice);
      assert.equal(bytesToHex(restored.practices[0]!.root), bytesToHex(rootAt(journal, size)));
      assert.deepEqual(sink.draftsByPractice.get(made.practice)?.[0]?.draft, sampleDraft(2));
      assert.ok(sink.blobs.size >= 3);
      const copy = await openCopy(s3Destination(place), made.practice);
      const { items, findings } = await copy.readStream(made.stream);
      assert.deepEqual([copy.size, findings], [size, []]);
      assert.ok(items.length >= 500 && items.every(({ payload }) => payload !== null));
      const [hash = ''] = source.blobs.keys();
      assert.deepEqual(await copy.readBlob(hash), source.blobs.get(hash));
    }
  });
});

async function listed(destination: Destination): Promise<string[]> {
  const names: string[] = [];
  for await (const one of destination.list('')) names.push(one);
  return names;
}

async function* inPieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}
