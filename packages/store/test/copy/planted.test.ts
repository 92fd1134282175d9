import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { equalBytes } from '@serment/core/bytes';
import { formatCopyName } from '@serment/core/copy/names';
import { parseStreamIndex } from '@serment/core/copy/stream-index';
import { encodeTail, parseTail, type TailItem } from '@serment/core/copy/tail';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { encodeEntry, parseEntry } from '@serment/core/journal/entry';
import { encodeHeader, governanceStream } from '@serment/core/journal/header';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import { signerNamed } from '../../../core/test/journal/signer.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { openCopy } from '../../src/copy/open-copy.ts';
import { restoreCopy } from '../../src/copy/restore.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import {
  cloneFolder,
  filesUnder,
  type MadeCopy,
  makeCopy,
  sampleDraft,
  startOn,
  temporaryFolder,
} from './copy-fixture.ts';
import { MemorySink } from './memory-sink.ts';
import { rootAt, TestSource } from './test-source.ts';

// Whoever may add files to a copy, without any key: names prove nothing.

let made: MadeCopy;
let fence = '';

before(async () => {
  made = await makeCopy();
  fence = `${made.practice}/00000001`;
});

function plant(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** The genesis batch under a greater fence, then an unsigned entry that names a host of the planter's own. */
async function plantFence(folder: string, number: number): Promise<void> {
  const { practice, entries } = made.source.journal(made.practice);
  const planter = await signerNamed('planter');
  const kept = entries.slice(0, 12);
  const genesis = parseEntry(kept[0]?.bytes ?? new Uint8Array(0));
  const headerBytes = encodeHeader({
    ...{ ...genesis.header, practice, kind: 'host', base: kept.at(-1)?.id ?? null, prev: kept.at(-1)?.id ?? null },
    ...{ seen: { size: 1, root: new Uint8Array(32) }, body: { kind: 'host', hostAuthor: planter.author } },
  });
  const receivedAt = kept.at(-1)?.receivedAt ?? 0;
  const forged = encodeEntry({ receivedAt, headerBytes, payloadHash: null, signature: new Uint8Array(64) });
  const items: TailItem[] = [...kept.map(({ bytes }) => bytes), forged].map((entry) => ({ entry, payload: null }));
  const frontier = new Frontier();
  for (const { entry } of items) frontier.append(leafHash(entry));
  const size = items.length;
  const note = await signCheckpoint({ practice, fence: number, size, root: frontier.root() }, planter);
  const name = formatCopyName({ kind: 'tail', practice: made.practice, fence: number, from: 0, to: size });
  plant(folder, name, encodeTail({ practice, fence: number, from: 0, items, note }));
}

async function restore(folder: string) {
  const sink = new MemorySink();
  const report = await restoreCopy({ destinations: [folderDestination({ path: folder })], sink });
  return { sink, report, practice: report.practices[0], codes: report.findings.map(({ code }) => code) };
}

test('a greater fence whose host nobody named is passed over, and told', async () => {
  const folder = cloneFolder(made.folder);
  await plantFence(folder, 2);
  plant(folder, `${made.practice}/99999999/checkpoint/0000000000000256`, 'x');
  const copy = await openCopy(folderDestination({ path: folder }), made.practice);
  const { size } = made.source.journal(made.practice);
  assert.deepEqual([copy.fence, copy.size], [1, size]);
  const { practice, codes } = await restore(folder);
  assert.deepEqual([practice?.size, practice?.fence], [size, 3]);
  assert.deepEqual(codes, ['FENCE_UNPROVEN', 'FENCE_UNPROVEN']);
  const report = await verifyCopy(folderDestination({ path: folder }));
  assert.deepEqual([report.practices[0]?.fence, report.practices[0]?.size], [1, size]);
  assert.ok(report.findings.some(({ code }) => code === 'FENCE_UNPROVEN'));
});

test('a greater fence that nothing proves does not stop the writer', async () => {
  const folder = cloneFolder(made.folder);
  await plantFence(folder, 7);
  const publisher = startOn(made.source, folderDestination({ path: folder }));
  await publisher.settled();
  assert.equal(publisher.status(made.practice)[0]?.state, 'current');
  await publisher.stop();
});

test('an index that leaves governance out hides no host', async () => {
  const folder = cloneFolder(made.folder);
  const name = join(folder, fence, 'index/0/000');
  const bytes = new Uint8Array(readFileSync(name));
  const kept = parseStreamIndex(bytes).findIndex(({ stream }) => !equalBytes(stream, governanceStream));
  writeFileSync(name, bytes.subarray(kept * 40));
  const copy = await openCopy(folderDestination({ path: folder }), made.practice);
  assert.equal(copy.size, made.source.journal(made.practice).size);
});

test('a tail that ends where the last one does, with other entries, hides nothing', async () => {
  const folder = cloneFolder(made.folder);
  const last = filesUnder(folder, `${fence}/tail`).at(-1) ?? '';
  const tail = parseTail(new Uint8Array(readFileSync(join(folder, last))));
  const to = tail.from + tail.items.length;
  const items = Array.from({ length: to - 512 }, () => ({ entry: new Uint8Array([1, 2, 3]), payload: null }));
  const name = formatCopyName({ kind: 'tail', practice: made.practice, fence: 1, from: 512, to });
  plant(folder, name, encodeTail({ ...tail, from: 512, items }));
  const { practice, codes } = await restore(folder);
  assert.deepEqual([practice?.size, codes], [to, []]);
});

for (const content of ['', 'serment/x', 'signed by another'])
  test(`no tail is deleted for a checkpoint that says ${JSON.stringify(content)}`, async () => {
    const source = new TestSource();
    const practice = await source.addPractice();
    const folder = temporaryFolder();
    const first = startOn(source, folderDestination({ path: folder }));
    await source.save(practice, 200);
    await first.settled();
    await source.save(practice, 38);
    await first.settled();
    await first.stop();
    const name = `${practice}/00000001/checkpoint/0000000000000256`;
    const journal = source.journal(practice);
    await source.save(practice, 6);
    const by = await signerNamed('planter');
    const forged = await signCheckpoint({ practice: journal.practice, fence: 1, size: 256, root: journal.root() }, by);
    plant(folder, name, content.startsWith('signed') ? forged : content);
    const tails = filesUnder(folder, `${practice}/00000001/tail`);
    for (let start = 0; start < 2; start += 1) {
      const publisher = startOn(source, folderDestination({ path: folder }));
      await publisher.settled();
      const [status] = publisher.status(practice);
      assert.deepEqual([status?.size, status?.state, status?.error], [256, 'failing', 'COPY_NAME_TAKEN']);
      await publisher.stop();
      const now = filesUnder(folder, `${practice}/00000001/tail`);
      assert.ok(tails.every((tail) => now.includes(tail)));
      assert.equal(now.length, tails.length + 1);
    }
    const report = await verifyCopy(folderDestination({ path: folder }));
    assert.deepEqual([report.practices[0]?.size, report.damages], [256, 1]);
    const { report: restored } = await restore(folder);
    assert.deepEqual(restored.practices[0]?.root, rootAt(journal, 256));
    await source.save(practice, 300);
    rmSync(join(folder, name));
    const publisher = startOn(source, folderDestination({ path: folder }));
    await publisher.settled();
    assert.equal(publisher.status(practice)[0]?.state, 'current');
    await publisher.stop();
    assert.deepEqual((await verifyCopy(folderDestination({ path: folder }))).findings, []);
  });

test('a document under whose name other bytes stand is not called copied, and nothing is written over it', async () => {
  const source = new TestSource();
  const practice = await source.addPractice();
  const folder = temporaryFolder();
  await source.save(practice, 1, { documents: true });
  const hash = [...source.blobs.keys()][0] ?? '';
  const name = formatCopyName({ kind: 'blob', practice, hash });
  plant(folder, name, 'other bytes');
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  const [status] = publisher.status(practice);
  assert.deepEqual([status?.size, status?.state, status?.error], [13, 'failing', 'COPY_NAME_TAKEN']);
  assert.equal(readFileSync(join(folder, name), 'utf8'), 'other bytes');
  rmSync(join(folder, name));
  await source.save(practice, 1);
  await publisher.settled();
  assert.equal(publisher.status(practice)[0]?.state, 'current');
  assert.deepEqual(new Uint8Array(readFileSync(join(folder, name))), source.blobs.get(hash));
  await publisher.stop();
});

test('objects of a bundle that no checkpoint commits are read back before they count', async () => {
  const folder = cloneFolder(made.folder);
  rmSync(join(folder, fence, 'checkpoint'), { recursive: true });
  rmSync(join(folder, fence, 'tail'), { recursive: true });
  plant(folder, `${fence}/payload/001`, new Uint8Array(1024).fill(255));
  const publisher = startOn(made.source, folderDestination({ path: folder }));
  await publisher.settled();
  const [status] = publisher.status(made.practice);
  assert.deepEqual([status?.state, status?.error], ['failing', 'COPY_NAME_TAKEN']);
  await publisher.stop();
  assert.deepEqual(
    filesUnder(folder).filter((name) => /checkpoint|tail/.test(name)),
    [],
  );
});

test('account data that does not open keeps no password from being copied or restored', async () => {
  const folder = cloneFolder(made.folder);
  plant(folder, 'host/0000000000000099', 'age-encryption.org/v1\nplanted');
  plant(folder, 'host/9007199254740991', '');
  const { sink, codes } = await restore(folder);
  assert.equal(sink.account?.sequence, 3);
  assert.deepEqual(codes, ['ACCOUNTS_DAMAGED', 'ACCOUNTS_DAMAGED']);
  const { source } = made;
  source.sequence = 4;
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  await publisher.stop();
  source.sequence = 3;
  assert.equal(readFileSync(join(folder, 'host/0000000000000100'), 'utf8'), 'age-encryption.org/v1\n4');
});

test('a draft that is none hides no revision before it, nor keeps the next from being copied', async () => {
  const folder = cloneFolder(made.folder);
  const slot = 'ab'.repeat(16);
  plant(folder, `${made.practice}/draft/${slot}/0000000000000099`, 'planted');
  const { sink, codes } = await restore(folder);
  assert.deepEqual(
    sink.draftsByPractice.get(made.practice)?.map(({ revision }) => revision),
    [2],
  );
  assert.deepEqual(codes, ['DRAFT_DAMAGED']);
  made.source.draftsBySlot.set(slot, { slot, revision: 3, draft: sampleDraft(3) });
  const publisher = startOn(made.source, folderDestination({ path: folder }));
  await publisher.settled();
  await publisher.stop();
  assert.ok(filesUnder(folder).includes(`${made.practice}/draft/${slot}/0000000000000003`));
});
