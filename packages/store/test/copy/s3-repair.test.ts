import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { folderDestination } from '../../src/copy/folder.ts';
import { openCopy } from '../../src/copy/open-copy.ts';
import { repairCopy } from '../../src/copy/repair.ts';
import type { S3Place } from '../../src/copy/s3/place.ts';
import { s3Destination } from '../../src/copy/s3/s3.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import { StateFolder } from '../../src/copy/verify-state.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy, startOn, temporaryFolder } from './copy-fixture.ts';
import { Store, skipReason } from './s3-fixture.ts';
import { TestSource } from './test-source.ts';

describe('repair and verification of a copy in a bucket', { skip: skipReason }, () => {
  let store: Store;
  let made: MadeCopy;
  let fence: string;
  before(async () => {
    store = await Store.start();
    made = await makeCopy();
    fence = `${made.practice}/00000001`;
  });

  /** A bucket with what a folder holds, some of it left out. */
  async function bucketOf(folder: string, lost: readonly string[] = []): Promise<S3Place> {
    const place = await store.place();
    const batch = s3Destination(place).batch();
    for (const name of filesUnder(folder).filter((one) => !lost.includes(one)))
      await batch.put(name, new Uint8Array(readFileSync(join(folder, name))));
    await batch.commit();
    return place;
  }

  const from = (folder: string) => [folderDestination({ path: folder })];

  it('writes what is missing; what is damaged stays the object, is told, and gets no other version', async () => {
    const damaged = cloneFolder(made.folder);
    const [blob = '', lostBlob = ''] = filesUnder(made.folder, `${made.practice}/blob`);
    const [tail = '', lostTail = ''] = filesUnder(made.folder, `${fence}/tail`);
    const flipped = [
      `${fence}/tile/entries/001`,
      `${fence}/nodes/000`,
      `${fence}/checkpoint/0000000000000512`,
      blob,
      tail,
    ];
    for (const name of flipped) flipBit(damaged, name, -20);
    const lost = [`${fence}/payload/000`, `${fence}/tile/0/001`, lostBlob, 'host/0000000000000003'];
    const place = await bucketOf(damaged, [...lost, lostTail]);
    const report = await repairCopy({ bad: s3Destination(place), good: from(made.folder) });
    assert.deepEqual(
      report.unrepaired.map(({ object, reason }) => `${reason} ${object}`).sort(),
      flipped.map((name) => `locked ${name}`).sort(),
    );
    assert.deepEqual(new Set(report.actions.map(({ how }) => how)), new Set(['written']));
    for (const name of lost)
      assert.ok(
        report.actions.some(({ object }) => object === name),
        name,
      );
    // The tail that is lost is in one that takes the place of it and of the damaged one before it.
    const whole = `${fence}/tail/0000000000000512-${String(made.source.journal(made.practice).size).padStart(16, '0')}`;
    assert.ok(report.actions.some(({ object }) => object === whole));
    const versions = await store.versions(place);
    for (const name of [...flipped, ...lost])
      assert.equal(versions.get(place.prefix + name) ?? versions.get(name), 1, name);
    const { findings } = await verifyCopy(s3Destination(place));
    const left = new Set(findings.filter(({ severity }) => severity === 'damage').map(({ object }) => object));
    for (const name of left) assert.ok(flipped.includes(name ?? ''), String(name));
    // A fresh place is whole, filled from what both hold; so is a folder, from the bucket alone where that is right.
    const fresh = await store.place();
    const filled = await repairCopy({
      bad: s3Destination(fresh),
      good: [s3Destination(place), ...from(made.folder)],
    });
    assert.deepEqual(filled.unrepaired, []);
    assert.deepEqual((await verifyCopy(s3Destination(fresh))).findings, []);
  });

  it('heals a folder from a bucket over whose names somebody wrote, by the first versions', async () => {
    const place = await bucketOf(made.folder);
    for (const name of [`${fence}/payload/001`, `${fence}/tile/entries/001`]) await store.plant(place, name);
    await store.remove(place, `${fence}/nodes/001`);
    const bad = cloneFolder(made.folder);
    for (const name of ['payload/001', 'tile/entries/001', 'nodes/001']) rmSync(join(bad, fence, name));
    const report = await repairCopy({ bad: folderDestination({ path: bad }), good: [s3Destination(place)] });
    assert.deepEqual(report.unrepaired, []);
    assert.deepEqual((await verifyCopy(folderDestination({ path: bad }))).findings, []);
    const back = await repairCopy({ bad: s3Destination(place), good: from(bad) });
    assert.deepEqual([back.actions, back.unrepaired], [[], []]);
  });

  it('commits full bundles by a tail where a damaged checkpoint stands in the name for good', async () => {
    const source = new TestSource();
    const practice = await source.addPractice();
    await source.save(practice, 512 - source.journal(practice).size, { quiet: true });
    const folder = temporaryFolder();
    const publisher = startOn(source, folderDestination({ path: folder }));
    await publisher.settled();
    await publisher.stop();
    const damaged = cloneFolder(folder);
    flipBit(damaged, `${practice}/00000001/checkpoint/0000000000000512`, -20);
    const place = await bucketOf(damaged);
    await assert.rejects(openCopy(s3Destination(place), practice), { code: 'COPY_NOTHING_READABLE' });
    const report = await repairCopy({ bad: s3Destination(place), good: from(folder) });
    assert.equal(report.practices[0]?.provenSize, 512);
    assert.equal((await openCopy(s3Destination(place), practice)).size, 512);
    assert.deepEqual(
      report.actions.map(({ object }) => object),
      [`${practice}/00000001/tail/0000000000000511-0000000000000512`],
    );
  });

  it('is verified incrementally, and goes on where a verification was cut', async () => {
    const place = await bucketOf(made.folder);
    const state = await StateFolder.open(temporaryFolder());
    const first = await verifyCopy(s3Destination(place), { state });
    assert.deepEqual([first.kind, first.damages], ['full', 0]);
    const second = await verifyCopy(s3Destination(place), { state });
    assert.deepEqual([second.kind, second.damages, second.practices[0]?.readFrom], ['incremental', 0, 512]);
    assert.ok(second.bytes < first.bytes / 2);
    await store.plant(place, `${fence}/payload/000`);
    const third = await verifyCopy(s3Destination(place), { state });
    assert.deepEqual(
      third.findings.map(({ code }) => code),
      ['OBJECT_OVERWRITTEN'],
    );
  });
});
