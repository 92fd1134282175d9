import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { equalBytes } from '@serment/core/bytes';
import { governanceStream } from '@serment/core/journal/header';
import { folderDestination } from '../../src/copy/folder.ts';
import { openCopy, openStates } from '../../src/copy/open-copy.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy, startOn, temporaryFolder } from './copy-fixture.ts';
import { TestSource } from './test-source.ts';

let made: MadeCopy;
let fence = '';

before(async () => {
  made = await makeCopy();
  fence = `${made.practice}/00000001`;
});

function expectedIndexes(stream: Uint8Array): number[] {
  const { entries } = made.source.journal(made.practice);
  return entries.flatMap(({ header }, index) => (equalBytes(header.stream, stream) ? [index] : []));
}

async function readAt(folder: string, stream: Uint8Array) {
  const destination = folderDestination({ path: folder });
  const copy = await openCopy(destination, made.practice);
  const read = await copy.readStream(stream);
  await destination.close();
  return { copy, ...read };
}

test('a stream is read whole from bundles and tails, with payloads, under the newest checkpoint', async () => {
  const { copy, items, findings } = await readAt(made.folder, made.stream);
  const journal = made.source.journal(made.practice);
  assert.equal(copy.size, journal.size);
  assert.deepEqual(copy.root, journal.root());
  assert.deepEqual(findings, []);
  assert.deepEqual(
    items.map(({ index }) => index),
    expectedIndexes(made.stream),
  );
  for (const { index, entry, payload } of items) {
    assert.deepEqual(entry, journal.entries[index]?.bytes);
    assert.deepEqual(payload, made.source.payloads.get(made.practice)?.get(index));
  }
  const governance = await copy.readStream(governanceStream);
  assert.equal(governance.items.length, 12);
  assert.deepEqual((await copy.readStream(new Uint8Array(16).fill(9))).items, []);
});

test('a payload that is a document is read and checked', async () => {
  const index = made.source
    .journal(made.practice)
    .entries.findIndex(
      ({ payloadHash }, position) => payloadHash !== null && !made.source.payloads.get(made.practice)?.has(position),
    );
  const stream = made.source.journal(made.practice).entries[index]?.header.stream ?? new Uint8Array(16);
  const { items } = await readAt(made.folder, stream);
  assert.equal(items[0]?.payload?.length, 70_000);
});

test('each entry is read by its number, from bundles and tails, without ever holding up the process', async () => {
  const destination = folderDestination({ path: made.folder, neverBlocks: true });
  const copy = await openCopy(destination, made.practice);
  const journal = made.source.journal(made.practice);
  const payloads = made.source.payloads.get(made.practice);
  for (const [index, { bytes }] of journal.entries.entries())
    assert.deepEqual(await copy.readEntry(index), { index, entry: bytes, payload: payloads?.get(index) ?? null });
  assert.equal(await copy.readEntry(copy.size), null);
  await destination.close();
});

test('a damaged entry and a damaged payload are not given out by their numbers', async () => {
  const folder = cloneFolder(made.folder);
  flipBit(folder, `${fence}/tile/entries/000`, 60_000);
  flipBit(folder, `${fence}/payload/001`, 3000);
  const destination = folderDestination({ path: folder, neverBlocks: true });
  const copy = await openCopy(destination, made.practice);
  const { entries } = made.source.journal(made.practice);
  const read = await Promise.all(entries.map((_, index) => copy.readEntry(index)));
  const isLost = (index: number) => read[index] === null;
  const lost = entries.flatMap((_, index) => (isLost(index) ? [index] : []));
  assert.equal(lost.length, 1);
  assert.equal(lost[0] !== undefined && lost[0] < 256, true);
  const payloads = made.source.payloads.get(made.practice);
  const missing = entries.flatMap((_, index) => (read[index]?.payload === null && payloads?.has(index) ? [index] : []));
  assert.equal(missing.length, 1);
  await destination.close();
});

for (const name of ['tile/0/001', 'nodes/001', 'index/0/001'])
  test(`a missing ${name} slows a reader down and loses nothing`, async () => {
    const folder = cloneFolder(made.folder);
    rmSync(join(folder, fence, name));
    const { items, findings } = await readAt(folder, made.stream);
    assert.deepEqual(
      items.map(({ index }) => index),
      expectedIndexes(made.stream),
    );
    assert.deepEqual(findings, []);
  });

for (const name of ['tile/0/001', 'nodes/001'])
  test(`a flipped bit in ${name} loses nothing`, async () => {
    const folder = cloneFolder(made.folder);
    flipBit(folder, `${fence}/${name}`, 333);
    const { items, findings } = await readAt(folder, made.stream);
    assert.deepEqual(
      items.map(({ index }) => index),
      expectedIndexes(made.stream),
    );
    assert.deepEqual(findings, []);
  });

test('entries and payloads that are damaged are findings, and are not given out', async () => {
  const folder = cloneFolder(made.folder);
  flipBit(folder, `${fence}/tile/entries/000`, 60_000);
  flipBit(folder, `${fence}/payload/001`, 3000);
  const { items, findings } = await readAt(folder, made.stream);
  assert.ok(findings.some(({ code }) => code === 'PAYLOAD_DAMAGED'));
  assert.ok(findings.some(({ code }) => code === 'ENTRY_DAMAGED'));
  const journal = made.source.journal(made.practice);
  for (const { index, entry } of items) assert.deepEqual(entry, journal.entries[index]?.bytes);
});

async function bundleAt(folder: string, number: number) {
  const destination = folderDestination({ path: folder });
  for await (const { state, source } of openStates([destination], made.practice))
    return source.entriesAndLosses(number, state.bundleRoots.subarray(number * 32, number * 32 + 32));
  return null;
}

test('of a damaged bundle, what is lost is a hash that the tree proves, and every other entry is given', async () => {
  const folder = cloneFolder(made.folder);
  flipBit(folder, `${fence}/tile/entries/000`, 60_000);
  const { entries } = made.source.journal(made.practice);
  const items = (await bundleAt(folder, 0)) ?? [];
  const lost = items.flatMap((item, index) => (item instanceof Uint8Array ? [] : [{ ...item, index }]));
  assert.equal(lost.length, 1);
  assert.deepEqual(
    lost.map(({ leaf, stream }) => [leaf, stream]),
    lost.map(({ index }) => [entries[index]?.leaf, entries[index]?.header.stream]),
  );
  for (const [index, item] of items.entries())
    if (item instanceof Uint8Array) assert.deepEqual(item, entries[index]?.bytes);
  rmSync(join(folder, fence, 'index/0/000'));
  const unfiled = (await bundleAt(folder, 0)) ?? [];
  assert.ok(unfiled.some((item) => !(item instanceof Uint8Array) && item.stream === null));
});

test('an entry that its bundle has lost is given from a tail that still holds it', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  await source.save(practice, 100, { quiet: true });
  await publisher.settled();
  const tail = filesUnder(folder, `${practice}/00000001/tail`)[0] ?? '';
  const held = Number(tail.slice(-16));
  const kept = readFileSync(join(folder, tail));
  await source.save(practice, 200);
  await publisher.settled();
  await publisher.stop();
  writeFileSync(join(folder, tail), kept);
  rmSync(join(folder, `${practice}/00000001/tile/entries/000`));
  for await (const { state, source: bundles } of openStates([folderDestination({ path: folder })], practice)) {
    const items = (await bundles.entriesAndLosses(0, state.bundleRoots.subarray(0, 32))) ?? [];
    assert.equal(
      items.findIndex((item) => !(item instanceof Uint8Array)),
      held,
    );
    assert.equal(items.length, 256);
    return;
  }
  assert.fail('no state holds');
});

test('a bundle whose hashes are damaged too is given by nobody', async () => {
  const folder = cloneFolder(made.folder);
  flipBit(folder, `${fence}/tile/entries/000`, 60_000);
  flipBit(folder, `${fence}/tile/0/000`, 333);
  assert.equal(await bundleAt(folder, 0), null);
});

test('when the newest state does not hold, the one before is read', async () => {
  const folder = cloneFolder(made.folder);
  const tails = filesUnder(folder, `${fence}/tail`);
  flipBit(folder, tails.at(-1) ?? '', 150);
  const { copy } = await readAt(folder, made.stream);
  assert.equal(copy.size, made.source.journal(made.practice).size - 4);
  for (const tail of tails) rmSync(join(folder, tail));
  assert.equal((await readAt(folder, made.stream)).copy.size, 512);
});

test('a checkpoint that the host did not sign commits nothing', async () => {
  const folder = cloneFolder(made.folder);
  for (const name of filesUnder(folder, fence)) {
    if (/tail/.test(name)) rmSync(join(folder, name));
    if (/checkpoint/.test(name)) flipBit(folder, name, -20);
  }
  await assert.rejects(readAt(folder, made.stream), { code: 'COPY_NOTHING_READABLE' });
});

test('a practice that the copy has not got is COPY_PRACTICE_UNKNOWN', async () => {
  await assert.rejects(openCopy(folderDestination({ path: made.folder }), 'ee'.repeat(32)), {
    code: 'COPY_PRACTICE_UNKNOWN',
  });
});

test('the greatest fence counts', async () => {
  const folder = cloneFolder(made.folder);
  made.source.fence = 2;
  const publisher = startOn(made.source, folderDestination({ path: folder }));
  await publisher.settled();
  await publisher.stop();
  made.source.fence = 1;
  const { copy } = await readAt(folder, made.stream);
  assert.equal(copy.fence, 2);
});
