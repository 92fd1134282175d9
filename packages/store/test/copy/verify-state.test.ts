import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CopyFinding } from '../../src/copy/finding.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { repairCopy } from '../../src/copy/repair.ts';
import { type CopyReport, type VerifyOptions, verifyCopy } from '../../src/copy/verify.ts';
import { StateFolder } from '../../src/copy/verify-state.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy, startOn, temporaryFolder } from './copy-fixture.ts';
import { cutAfter } from './cutting-destination.ts';
import { TestSource } from './test-source.ts';

const codes = (findings: readonly CopyFinding[]) => [...new Set(findings.map(({ code }) => code))].sort();

/** A copy of its own with a folder for states, and a clock that tells how many verifications there were. */
async function prepare() {
  const made = await makeCopy();
  const stateFolder = temporaryFolder();
  let time = 1000;
  const verify = async (options: Partial<VerifyOptions> & { reads?: number } = {}) => {
    const { reads, ...more } = options;
    const { destination, names } = cutAfter(folderDestination({ path: made.folder }), reads);
    time += 1000;
    const state = await StateFolder.open(stateFolder);
    const report = await verifyCopy(destination, { state, saveEveryMs: 0, clock: () => time, ...more });
    return { ...report, names, time };
  };
  return { made, stateFolder, verify, fence: `${made.practice}/00000001` };
}

async function publish({ source, folder }: MadeCopy): Promise<void> {
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  await publisher.stop();
}

const told = ({ practices, findings }: CopyReport) => ({
  findings,
  practices: practices.map(({ readFrom: _, readSince: __, judgedSince: ___, ...rest }) => rest),
});

test('a verification that is cut anywhere goes on where it stood, and finds what a whole one finds', async () => {
  const { made, stateFolder, verify, fence } = await prepare();
  flipBit(made.folder, `${fence}/payload/000`, 5000);
  flipBit(made.folder, filesUnder(made.folder, `${made.practice}/blob`)[2] ?? '', 10);
  const whole = await verifyCopy(folderDestination({ path: made.folder }));
  assert.equal(whole.kind, 'full');
  let cuts = 0;
  for (let reads = 1; ; reads += 2) {
    rmSync(stateFolder, { recursive: true });
    mkdirSync(stateFolder);
    const first = await verify({ reads }).catch((error: { code: string }) => error.code);
    if (typeof first !== 'string') break;
    assert.equal(first, 'COPY_UNREACHABLE');
    cuts += 1;
    const began = readdirSync(stateFolder).length > 0;
    const second = await verify();
    assert.equal(second.kind, began ? 'resumed' : 'full');
    assert.deepEqual(codes(second.findings), codes(whole.findings));
    assert.equal(second.damages, whole.damages);
    assert.deepEqual(told(second).practices, told(whole).practices);
    if (began) assert.ok(second.readSince < second.time);
  }
  assert.ok(cuts > 10);
});

test('what was read before a cut is not read again', async () => {
  const { made, verify, fence } = await prepare();
  const total = (await verify({ isFull: true })).names.length;
  await assert.rejects(verify({ isFull: true, reads: total - 2 }), { code: 'COPY_UNREACHABLE' });
  const { kind, names } = await verify();
  assert.equal(kind, 'resumed');
  assert.ok(names.length < total / 2, `${names.length} of ${total}`);
  assert.ok(!names.includes(`${fence}/payload/000`));
  assert.ok(!names.some((name) => name.startsWith(`${made.practice}/blob`)));
});

test('after a whole reading, what is new is read and nothing else, on top of what was proven', async () => {
  const { made, verify, fence } = await prepare();
  const first = await verify();
  assert.deepEqual([first.kind, first.damages, first.readSince], ['full', 0, first.time]);
  await made.source.save(made.practice, 300, { stream: made.stream, documents: false });
  await made.source.save(made.practice, 2, { documents: true });
  await publish(made);
  const second = await verify();
  const { size, root } = made.source.journal(made.practice).head();
  assert.deepEqual([second.kind, second.damages, second.readSince], ['incremental', 0, first.time]);
  assert.deepEqual([second.practices[0]?.size, second.practices[0]?.root], [size, root]);
  assert.equal(second.practices[0]?.readFrom, 512);
  assert.deepEqual(told(await verifyCopy(folderDestination({ path: made.folder }))).practices, told(second).practices);
  assert.ok(second.names.includes(`${fence}/tile/entries/002`));
  assert.ok(!second.names.includes(`${fence}/tile/entries/000`));
  // The bundle on which the rest stands is read again, and the documents of new entries are.
  assert.ok(second.names.includes(`${fence}/tile/entries/001`));
  assert.ok(second.names.some((name) => name.startsWith(`${made.practice}/blob`)));
  const third = await verify();
  assert.deepEqual([third.kind, third.readSince], ['incremental', first.time]);
  const full = await verify({ isFull: true });
  assert.deepEqual([full.kind, full.readSince], ['full', full.time]);
});

test('an object that changed since it was read is not told as read again, and a whole reading finds it', async () => {
  const { made, verify, fence } = await prepare();
  const first = await verify();
  flipBit(made.folder, `${fence}/payload/000`, 5000);
  const second = await verify();
  assert.deepEqual([second.kind, second.damages, second.readSince], ['incremental', 0, first.time]);
  const full = await verify({ isFull: true });
  assert.deepEqual(codes(full.findings), ['PAYLOAD_DAMAGED']);
  // What was found damaged is read again whole, until it is right.
  const again = await verify();
  assert.deepEqual([codes(again.findings), again.practices[0]?.readFrom], [['PAYLOAD_DAMAGED'], 0]);
  flipBit(made.folder, `${fence}/payload/000`, 5000);
  const healed = await verify();
  assert.deepEqual([healed.damages, healed.practices[0]?.readFrom], [0, 0]);
  assert.equal((await verify()).practices[0]?.readFrom, 512);
});

test('a damaged document makes the next verification read everything that stands alone again', async () => {
  const { made, verify } = await prepare();
  const [blob = ''] = filesUnder(made.folder, `${made.practice}/blob`);
  flipBit(made.folder, blob, 10);
  assert.deepEqual(codes((await verify()).findings), ['BLOB_DAMAGED']);
  flipBit(made.folder, blob, 10);
  const second = await verify();
  assert.deepEqual([second.kind, second.damages, second.readSince], ['full', 0, second.time]);
});

test('a document that a new entry needs is read by an incremental verification', async () => {
  const { made, verify } = await prepare();
  await verify();
  const before = new Set(filesUnder(made.folder, `${made.practice}/blob`));
  await made.source.save(made.practice, 1, { documents: true });
  await publish(made);
  const blob = filesUnder(made.folder, `${made.practice}/blob`).find((name) => !before.has(name)) ?? '';
  flipBit(made.folder, blob, 10);
  const report = await verify();
  assert.deepEqual([report.kind, codes(report.findings)], ['incremental', ['BLOB_DAMAGED']]);
});

test('a document that came after a cut is read although others of its folder were', async () => {
  const { made, verify } = await prepare();
  const total = (await verify({ isFull: true })).names.length;
  await assert.rejects(verify({ isFull: true, reads: total - 2 }), { code: 'COPY_UNREACHABLE' });
  const before = new Set(filesUnder(made.folder, `${made.practice}/blob`));
  await made.source.save(made.practice, 1, { documents: true });
  await publish(made);
  flipBit(made.folder, filesUnder(made.folder, `${made.practice}/blob`).find((name) => !before.has(name)) ?? '', 10);
  const report = await verify();
  assert.deepEqual([report.kind, codes(report.findings)], ['resumed', ['BLOB_DAMAGED']]);
});

test('a copy that lost what was proven before is told, by a whole reading too', async () => {
  const { made, verify, fence } = await prepare();
  await verify();
  const last = filesUnder(made.folder, `${fence}/tail`).at(-1) ?? '';
  rmSync(join(made.folder, last));
  for (const isFull of [false, true]) {
    const report = await verify({ isFull });
    assert.deepEqual(codes(report.findings), ['ROLLBACK']);
    assert.equal(report.findings[0]?.reach.to, made.source.journal(made.practice).size);
  }
  rmSync(join(made.folder, made.practice), { recursive: true });
  assert.deepEqual(codes((await verify()).findings), ['ROLLBACK']);
});

test('higher indexes are verified across verifications, and made again by a repair without another copy', async () => {
  const source = new TestSource();
  const practice = await source.addPractice('levels');
  const folder = temporaryFolder();
  const destination = folderDestination({ path: folder });
  const state = await StateFolder.open(temporaryFolder());
  const publishMore = async (count: number) => {
    await source.save(practice, count, { quiet: true });
    const publisher = startOn(source, destination);
    await publisher.settled();
    await publisher.stop();
  };
  await publishMore(15 * 256);
  assert.deepEqual((await verifyCopy(destination, { state })).findings, []);
  await publishMore(300);
  const index = `${practice}/00000001/index/1/000`;
  const second = await verifyCopy(destination, { state });
  assert.deepEqual([second.kind, second.findings, second.practices[0]?.readFrom], ['incremental', [], 15 * 256]);
  const whole = readFileSync(join(folder, index));
  const untouched = cloneFolder(folder);
  flipBit(folder, index, 100);
  flipBit(folder, `${practice}/00000001/tile/0/003`, 100);
  rmSync(join(folder, `${practice}/00000001/nodes/007`));
  rmSync(join(folder, `${practice}/00000001/index/0/011`));
  assert.deepEqual((await verifyCopy(destination, { isFull: true, state })).findings.map(({ code }) => code).sort(), [
    'INDEX_DAMAGED',
    'INDEX_MISSING',
    'NODES_MISSING',
    'TILE_DAMAGED',
  ]);
  const planned = await repairCopy({ bad: destination, good: [], isDryRun: true });
  // What is merged of an index that is missing is compared once that one is there.
  assert.deepEqual([planned.written, planned.replaced, planned.unrepaired], [2, 1, []]);
  const report = await repairCopy({ bad: destination, good: [] });
  assert.deepEqual([report.written, report.replaced, report.unrepaired], [2, 2, []]);
  assert.ok(readFileSync(join(folder, index)).equals(whole));
  assert.equal((await verifyCopy(destination, { state })).damages, 0);
  // What is filled from it has them too.
  const fresh = temporaryFolder();
  await repairCopy({ bad: folderDestination({ path: fresh }), good: [folderDestination({ path: untouched })] });
  assert.ok(readFileSync(join(fresh, index)).equals(whole));
  assert.deepEqual((await verifyCopy(folderDestination({ path: fresh }))).findings, []);
});

test('a state that is damaged, of another release, practice or copy is dropped and said', async () => {
  const { made, stateFolder, verify } = await prepare();
  await verify();
  const [fenceFile = '', copyFile = ''] = readdirSync(stateFolder)
    .sort((left, right) => right.length - left.length)
    .map((file) => join(stateFolder, file));
  for (const [file, practice] of [
    [fenceFile, made.practice],
    [copyFile, null],
  ] as const)
    for (const damage of [() => truncateSync(file, 100), () => writeFileSync(file, ''), () => flipBit(file, '', 40)]) {
      const kept = readFileSync(file);
      damage();
      const report = await verify();
      assert.deepEqual(report.dropped, [{ practice, reason: 'damaged' }]);
      assert.deepEqual([report.damages, report.practices[0]?.readFrom], [0, 0]);
      writeFileSync(file, kept);
      await verify({ isFull: true });
    }
  assert.deepEqual((await verify({ practice: made.practice })).dropped, [{ practice: null, reason: 'other-practice' }]);
});

test('a state of another copy of the practice is dropped when the bytes that it stands on are others', async () => {
  const { made, verify, fence } = await prepare();
  await verify();
  // Another object, still right by itself: the payload bundle as somebody else's copy may have it.
  const aside = cloneFolder(made.folder);
  renameSync(join(made.folder, fence, 'nodes/001'), join(aside, 'nodes'));
  const report = await verify();
  assert.deepEqual(report.dropped, [{ practice: made.practice, reason: 'other-bytes' }]);
  assert.deepEqual(codes(report.findings), ['NODES_MISSING']);
});
