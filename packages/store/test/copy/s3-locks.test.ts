import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { formatCopyName } from '@serment/core/copy/names';
import { addUser } from '../../../../tools/ceph.ts';
import { eraseTails } from '../../src/copy/s3/eraser.ts';
import { keepLocks } from '../../src/copy/s3/keeper.ts';
import { sampleLocks } from '../../src/copy/s3/lock-sample.ts';
import { dayMs, type S3Place } from '../../src/copy/s3/place.ts';
import { s3Destination } from '../../src/copy/s3/s3.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import { makeSource, sampleDraft, startOn } from './copy-fixture.ts';
import { Store, skipReason } from './s3-fixture.ts';
import { TestSource } from './test-source.ts';

const second = 1 / 86_400;
const slot = 'ab'.repeat(16);

describe('locks of a copy in a bucket', { skip: skipReason }, () => {
  let store: Store;
  before(async () => {
    store = await Store.start();
  });

  /** Three full bundles, tails that they cover, and one tail after them. */
  async function publish(place: S3Place): Promise<{ source: TestSource; practice: string; tails: string[] }> {
    const source = new TestSource();
    const { practice } = await makeSource(source);
    const publisher = startOn(source, s3Destination(place));
    await publisher.settled();
    for (const count of [2, 3, 5, 250]) {
      await source.save(practice, count);
      await publisher.settled();
    }
    await publisher.stop();
    assert.equal(publisher.status(practice)[0]?.state, 'current');
    const tails = [...(await store.versions(place)).keys()].filter((name) => name.includes('/tail/')).sort();
    return { source, practice, tails };
  }

  it('are lengthened for what is live, to their own length and no further, and each short one is an alarm', async () => {
    const place = await store.place();
    const { tails, practice } = await publish(place);
    const calm = await keepLocks(place);
    assert.deepEqual([calm.lengthened, calm.alarms], [0, []]);
    const names = [...(await store.versions(place)).keys()];
    const covered = tails.slice(0, -1);
    assert.deepEqual([calm.live, calm.passed], [names.length - covered.length, covered.length]);
    // All but the draft and the last tail, whose lock is the shorter one.
    const lengthened = await keepLocks({ ...place, lockDays: 200, tailLockDays: 15 });
    assert.equal(lengthened.lengthened, calm.live - 2);
    assert.ok(lengthened.alarms.every(({ code }) => code === 'LOCK_SHORT'));
    assert.equal(lengthened.alarms.length, calm.live - 2);
    const checkpoint = formatCopyName({ kind: 'checkpoint', practice, fence: 1, size: 512 });
    assert.ok(Math.abs((await store.first(place, checkpoint)).lockedUntil - Date.now() - 200 * dayMs) < 60_000);
    for (const tail of tails) assert.ok((await store.first(place, tail)).lockedUntil < Date.now() + 15 * dayMs);
    assert.deepEqual((await keepLocks(place)).lengthened, 0);
  });

  it('tell by a few of them whether their keeper goes on', async () => {
    const place = await store.place();
    const { practice } = await publish(place);
    const fresh = await sampleLocks(place, [practice]);
    assert.ok(fresh !== null && fresh.left > 0.99 && fresh.left < 1.0001, String(fresh?.left));
    assert.ok(Math.abs(fresh.endsAt - Date.now() - 90 * dayMs) < 60_000);
    const neglected = await sampleLocks({ ...place, lockDays: 200 }, [practice]);
    assert.ok(neglected !== null && neglected.left < 0.46);
    assert.equal(await sampleLocks(place, ['f'.repeat(64)]), null);
    await assert.rejects(sampleLocks({ ...place, bucket: 'absent' }, [practice]), { code: 'COPY_BUCKET_MISSING' });
  });

  it('are of the version that counts, and what was planted over it or beside it ends none', async () => {
    const place = await store.place();
    const { practice } = await publish(place);
    const draft = (revision: number) => formatCopyName({ kind: 'draft', practice, slot, revision });
    await store.plant(place, draft(2));
    await store.plant(place, draft(9));
    await store.remove(place, 'serment-copy');
    const report = await keepLocks({ ...place, lockDays: 300, tailLockDays: 300 });
    assert.ok((await store.first(place, draft(2))).lockedUntil > Date.now() + 299 * dayMs);
    assert.ok((await store.first(place, 'serment-copy')).lockedUntil > Date.now() + 299 * dayMs);
    assert.deepEqual(
      report.alarms.filter(({ code }) => code === 'LOCK_MISSING').map(({ object }) => object),
      [draft(9)],
    );
  });

  it('are left to end for drafts that were replaced for as long as a lock lasts', async () => {
    const place = await store.place({ lockDays: 2 * second, tailLockDays: second });
    const { source, practice, tails } = await publish(place);
    const publisher = startOn(source, s3Destination(place));
    source.draftsBySlot.set(slot, { slot, revision: 3, draft: sampleDraft(3) });
    source.tell({ kind: 'drafts', practice });
    await publisher.settled();
    await publisher.stop();
    await sleep(6000);
    const passed = async () => (await keepLocks(place)).passed;
    const draft = formatCopyName({ kind: 'draft', practice, slot, revision: 2 });
    const { lockedUntil } = await store.first(place, draft);
    // Revision 2, account data 3, and the tails but for the last, of which a slow run has more.
    assert.equal(await passed(), 2 + tails.length - 1);
    assert.equal((await store.first(place, draft)).lockedUntil, lockedUntil);
  });

  it('end before a tail is erased, and only one that a bundle covers is', async () => {
    const place = await store.place({ tailLockDays: 4 * second });
    const { tails, practice, source } = await publish(place);
    assert.deepEqual(await eraseTails(place), { erased: 0, erasedBytes: 0, locked: tails.length, kept: 0 });
    const foreign = formatCopyName({ kind: 'tail', practice, fence: 1, from: 300, to: 310 });
    await store.plant(place, foreign);
    await store.plant(place, tails[0] ?? '');
    await sleep(6000);
    const report = await eraseTails(place);
    assert.deepEqual([report.erased, report.locked, report.kept], [tails.length - 1, 0, 2]);
    assert.ok(report.erasedBytes > 0);
    const left = [...(await store.versions(place)).keys()].filter((name) => name.includes('/tail/'));
    assert.deepEqual(left.sort(), [foreign, tails.at(-1)].sort());
    const { practices, findings } = await verifyCopy(s3Destination(place));
    assert.deepEqual(
      [practices[0]?.size, findings.map(({ code }) => code)],
      [source.journal(practice).size, ['TAIL_DAMAGED']],
    );
  });

  it('are not lifted by an eraser that believes them over', async () => {
    const place = await store.place();
    const { tails } = await publish(place);
    await sleep(1100);
    const report = await eraseTails({ ...place, tailLockDays: second / 10 });
    assert.deepEqual([report.erased, report.kept], [0, tails.length]);
    assert.equal(
      [...(await store.versions(place)).keys()].filter((name) => name.includes('/tail/')).length,
      tails.length,
    );
  });

  it('need no more rights than the documents give to writer, keeper and eraser', async () => {
    const place = await store.place({ tailLockDays: 3 * second });
    const { bucket } = place;
    const roles = {
      writer: ['s3:PutObject', 's3:PutObjectRetention', 's3:AbortMultipartUpload'],
      keeper: ['s3:PutObjectRetention'],
      // Ceph 16 knows no pattern within a key; elsewhere this one is for `*/tail/*` alone.
      eraser: ['s3:DeleteObjectVersion'],
    };
    const places: Record<string, S3Place> = {};
    const statements: object[] = [];
    for (const [role, actions] of Object.entries(roles)) {
      const user = `${role}-${crypto.randomUUID().slice(0, 8)}`;
      places[role] = { ...place, credentials: await addUser(store.ceph, user) };
      const reading = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention'];
      const Principal = { AWS: [`arn:aws:iam:::user/${user}`] };
      const allow = (Action: string[], Resource: string) =>
        statements.push({ Effect: 'Allow', Principal, Action, Resource });
      allow(['s3:ListBucketVersions', 's3:GetBucketObjectLockConfiguration'], `arn:aws:s3:::${bucket}`);
      allow([...reading, ...actions], `arn:aws:s3:::${bucket}/*`);
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    await store.client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    const { writer = place, keeper = place, eraser = place } = places;
    const { tails } = await publish(writer);
    const large = formatCopyName({ kind: 'blob', practice: 'ab'.repeat(32), hash: 'cd'.repeat(32) });
    await s3Destination(writer).put(large, new Uint8Array(9_000_000));
    const kept = await keepLocks({ ...keeper, lockDays: 200 });
    assert.ok(kept.alarms.every(({ code }) => code === 'LOCK_SHORT'));
    assert.ok(kept.alarms.some(({ object }) => object === large));
    assert.ok(kept.lengthened >= kept.alarms.length);
    await sleep(4500);
    for (const one of [writer, keeper]) assert.equal((await eraseTails(one)).erased, 0);
    await assert.rejects(s3Destination(keeper).put('host/0000000000000009', new Uint8Array(3)), {
      code: 'COPY_FORBIDDEN',
    });
    await assert.rejects(s3Destination(eraser).put('host/0000000000000009', new Uint8Array(3)), {
      code: 'COPY_FORBIDDEN',
    });
    assert.ok((await keepLocks({ ...eraser, lockDays: 366 })).alarms.some(({ code }) => code === 'LOCK_REFUSED'));
    assert.equal((await eraseTails(eraser)).erased, tails.length - 1);
  });
});
