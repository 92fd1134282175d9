import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTail } from '@serment/core/copy/tail';
import { folderDestination } from '../../src/copy/folder.ts';
import { startPublisher } from '../../src/copy/publisher.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import { cloneFolder, filesUnder, flipBit, makeCopy, startOn, temporaryFolder } from './copy-fixture.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { rootAt, TestSource } from './test-source.ts';

test('a commit is at the destination in well under a second, in one tail', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  const started = performance.now();
  await source.save(practice, 1);
  while (publisher.status(practice)[0]?.size !== 13) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(performance.now() - started < 500);
  const [first, second, ...rest] = filesUnder(folder, `${practice}/00000001/tail`);
  assert.deepEqual(rest, []);
  assert.equal(parseTail(new Uint8Array(readFileSync(join(folder, first ?? '')))).items.length, 12);
  assert.equal(parseTail(new Uint8Array(readFileSync(join(folder, second ?? '')))).items.length, 1);
  const [status] = publisher.status(practice);
  assert.deepEqual(
    { state: status?.state, lagMs: status?.lagMs, error: status?.error },
    { state: 'current', lagMs: 0, error: null },
  );
  await publisher.stop();
});

test('a full bundle replaces its tails, and what is copied verifies', async () => {
  const { folder, practice, source } = await makeCopy();
  const names = filesUnder(folder).map((name) => name.replace(practice, 'P'));
  for (const name of [
    'P/00000001/tile/entries/001',
    'P/00000001/payload/001',
    'P/00000001/nodes/001',
    'P/00000001/index/0/001',
    'P/00000001/tile/0/001',
    'P/00000001/checkpoint/0000000000000512',
  ])
    assert.ok(names.includes(name), name);
  assert.equal(names.filter((name) => name.includes('/tail/')).length, 4);
  const report = await verifyCopy(folderDestination({ path: folder }));
  assert.deepEqual(report.findings, []);
  assert.equal(report.practices[0]?.size, source.journal(practice).size);
  assert.deepEqual(report.practices[0]?.root, source.journal(practice).root());
});

test('tails of a bundle that is complete are deleted once it was read back', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  for (let round = 0; round < 5; round += 1) {
    await source.save(practice, 40);
    await publisher.settled();
  }
  assert.equal(filesUnder(folder, `${practice}/00000001/tail`).length, 6);
  await source.save(practice, 44);
  await publisher.settled();
  assert.deepEqual(filesUnder(folder, `${practice}/00000001/tail`), []);
  assert.deepEqual((await verifyCopy(folderDestination({ path: folder }))).findings, []);
  await publisher.stop();
});

test('a tail that its bundle does not hold byte for byte is kept', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  await source.save(practice, 100);
  await publisher.settled();
  const [tail = ''] = filesUnder(folder, `${practice}/00000001/tail`);
  flipBit(folder, tail, 2000);
  await source.save(practice, 144);
  await publisher.settled();
  assert.deepEqual(filesUnder(folder, `${practice}/00000001/tail`), [tail]);
  await publisher.stop();
});

test('a new start goes on from what the destination holds', async () => {
  const { source, folder, practice } = await makeCopy();
  const before = filesUnder(folder);
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  // What stands there of account data proves nothing to a server that cannot open it.
  const accounts = 'host/0000000000000004';
  assert.deepEqual(filesUnder(folder), [...before, accounts].sort());
  await source.save(practice, 3);
  await publisher.settled();
  await publisher.stop();
  const added = filesUnder(folder).filter((name) => !before.includes(name) && name !== accounts);
  assert.equal(added.length, 1);
  assert.match(added[0] ?? '', /tail/);
  assert.deepEqual((await verifyCopy(folderDestination({ path: folder }))).findings, []);
});

test('whatever an interrupted writer did not get to is written at the next start', async () => {
  const made = await makeCopy();
  const removable = filesUnder(made.folder).filter((name) => !(name.includes('/tail/') || name.includes('/blob/')));
  for (const name of removable) {
    const folder = cloneFolder(made.folder);
    rmSync(join(folder, name));
    const publisher = startOn(made.source, folderDestination({ path: folder }));
    await publisher.settled();
    await publisher.stop();
    const report = await verifyCopy(folderDestination({ path: folder }));
    assert.deepEqual(report.findings, [], name);
    assert.equal(report.practices[0]?.size, made.source.journal(made.practice).size);
  }
});

test('destinations are independent: a dead one is failing, the others are current', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const fileSystem = new FaultyFileSystem();
  fileSystem.fault = () => 'EIO';
  const dead = folderDestination({ path: temporaryFolder(), fileSystem });
  const publisher = startOn(source, dead, folderDestination({ path: temporaryFolder() }));
  await publisher.settled();
  const [failing, current] = publisher.status(practice);
  assert.equal(failing?.state, 'failing');
  assert.equal(failing?.error, 'COPY_DISK_ERROR');
  assert.ok((failing?.hint ?? '').length > 0);
  assert.equal(current?.state, 'current');
  await publisher.stop();
});

test('a destination that comes back catches up by itself, and its lag is shown meanwhile', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = join(temporaryFolder(), 'copy');
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  renameSync(folder, `${folder}.away`);
  await source.save(practice, 2);
  await publisher.settled();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const [away] = publisher.status(practice);
  assert.equal(away?.error, 'COPY_FOLDER_MISSING');
  assert.ok((away?.lagMs ?? 0) >= 40);
  mkdirSync(folder);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.deepEqual(filesUnder(folder), [], 'an empty mount point is not written to');
  rmSync(folder, { recursive: true });
  renameSync(`${folder}.away`, folder);
  while (publisher.status(practice)[0]?.state !== 'current') await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(publisher.status(practice)[0]?.size, 14);
  await publisher.stop();
});

test('another history under the same practice and fence is refused, and nothing is signed', async () => {
  const made = await makeCopy();
  const other = new TestSource();
  const practice = await other.addPractice();
  assert.equal(practice, made.practice);
  await other.save(practice, 800);
  const before = filesUnder(made.folder);
  const publisher = startOn(other, folderDestination({ path: made.folder }));
  await publisher.settled();
  assert.equal(publisher.status(practice)[0]?.error, 'COPY_DIVERGED');
  await publisher.stop();
  const added = filesUnder(made.folder).filter((name) => !before.includes(name));
  assert.deepEqual(
    added.filter((name) => /checkpoint|tail/.test(name)),
    [],
  );
});

test('a store that lost entries is refused', async () => {
  const made = await makeCopy();
  const other = new TestSource();
  await other.addPractice();
  await other.save(made.practice, 5);
  const publisher = startOn(other, folderDestination({ path: made.folder }));
  await publisher.settled();
  assert.equal(publisher.status(made.practice)[0]?.error, 'COPY_DIVERGED');
  await publisher.stop();
});

test('a server that was replaced by a restored vault no longer writes', async () => {
  const made = await makeCopy();
  made.source.fence = 2;
  const publisher = startOn(made.source, folderDestination({ path: made.folder }));
  await publisher.settled();
  assert.equal(publisher.status(made.practice)[0]?.state, 'current');
  await publisher.stop();
  made.source.fence = 1;
  const old = startOn(made.source, folderDestination({ path: made.folder }));
  await old.settled();
  assert.equal(old.status(made.practice)[0]?.error, 'COPY_NEWER_FENCE');
  await old.stop();
  assert.deepEqual((await verifyCopy(folderDestination({ path: made.folder }))).findings, []);
});

test('a document that the store has lost does not hold the entries back, and is shown', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  await source.save(practice, 2, { documents: true });
  const [hash = ''] = source.blobs.keys();
  const lost = source.blobs.get(hash);
  source.blobs.delete(hash);
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  const [status] = publisher.status(practice);
  assert.deepEqual(
    { size: status?.size, state: status?.state, error: status?.error },
    { size: 14, state: 'failing', error: 'COPY_BLOB_UNREADABLE' },
  );
  const { findings } = await verifyCopy(folderDestination({ path: folder }));
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['BLOB_MISSING'],
  );
  if (lost !== undefined) source.blobs.set(hash, lost);
  await source.save(practice, 1);
  await publisher.settled();
  assert.equal(publisher.status(practice)[0]?.state, 'current');
  assert.deepEqual((await verifyCopy(folderDestination({ path: folder }))).findings, []);
  await publisher.stop();
});

test('a draft is copied at each revision, its deletion too', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  const slot = 'cd'.repeat(16);
  for (const [revision, draft] of [
    [1, new Uint8Array([1])],
    [4, new Uint8Array([2])],
    [5, null],
  ] as const) {
    source.draftsBySlot.set(slot, { slot, revision, draft });
    source.tell({ kind: 'drafts', practice });
    await publisher.settled();
  }
  await publisher.stop();
  const files = filesUnder(folder, `${practice}/draft/${slot}`).map((name) => readFileSync(join(folder, name)).length);
  assert.deepEqual(files, [1, 1, 0]);
});

test('documents of the format are written beside what they describe; a later release adds an edition', async () => {
  const source = new TestSource();
  await source.addPractice();
  const folder = temporaryFolder();
  const documents = temporaryFolder();
  for (const text of ['first', 'first', 'second']) {
    writeFileSync(join(documents, 'copy.md'), text);
    writeFileSync(join(documents, 'reader.mjs'), 'reader');
    const destination = folderDestination({ path: folder });
    const publisher = startPublisher({
      source,
      destinations: [destination],
      signCheckpoint: source.sign,
      formatFolder: documents,
    });
    await publisher.settled();
    await publisher.stop();
  }
  assert.deepEqual(filesUnder(folder, 'FORMAT'), [
    'FORMAT/2/copy.md',
    'FORMAT/2/reader.mjs',
    'FORMAT/copy.md',
    'FORMAT/reader.mjs',
  ]);
  assert.equal(readFileSync(join(folder, 'FORMAT/copy.md'), 'utf8'), 'first');
});

test('a folder that holds a copy of another format is left alone', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'serment-copy'), 'serment-copy 2\n');
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  assert.equal(publisher.status(practice)[0]?.error, 'COPY_FORMAT_UNKNOWN');
  await publisher.stop();
  assert.deepEqual(filesUnder(folder), ['serment-copy']);
});

test('every checkpoint that is signed is that of the journal at its size', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  await source.save(practice, 600);
  const signed: number[] = [];
  const publisher = startPublisher({
    source,
    destinations: [folderDestination({ path: temporaryFolder() })],
    signCheckpoint: (checkpoint) => {
      signed.push(checkpoint.size);
      assert.deepEqual(checkpoint.root, rootAt(source.journal(practice), checkpoint.size));
      return source.sign(checkpoint);
    },
  });
  await publisher.settled();
  await publisher.stop();
  assert.deepEqual(signed, [512]);
});
