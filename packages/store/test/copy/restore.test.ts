import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { runDrill } from '../../src/copy/drill.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { restoreCopy } from '../../src/copy/restore.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy } from './copy-fixture.ts';
import { MemorySink } from './memory-sink.ts';
import { rootAt } from './test-source.ts';

let made: MadeCopy;
let fence = '';

before(async () => {
  made = await makeCopy();
  fence = `${made.practice}/00000001`;
});

async function restore(folders: string[], options: { at?: number } = {}) {
  const sink = new MemorySink();
  const report = await restoreCopy({
    destinations: folders.map((path) => folderDestination({ path })),
    sink,
    ...options,
  });
  return { sink, report, practice: report.practices[0] };
}

test('everything comes back under the same root and a greater fence', async () => {
  const { sink, report, practice } = await restore([made.folder]);
  const journal = made.source.journal(made.practice);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(sink.missing, []);
  assert.deepEqual(practice?.root, journal.root());
  assert.deepEqual([practice?.size, practice?.provenSize, practice?.fence], [journal.size, journal.size, 2]);
  assert.deepEqual(sink.heads.get(made.practice), { size: journal.size, root: journal.root(), fence: 2 });
  for (const { index, entry, payload } of sink.entries.get(made.practice) ?? []) {
    assert.deepEqual(entry, journal.entries[index]?.bytes);
    assert.deepEqual(payload, made.source.payloads.get(made.practice)?.get(index) ?? null);
  }
  assert.deepEqual([...sink.blobs.keys()].sort(), [...made.source.blobs.keys()].sort());
  assert.deepEqual(
    sink.draftsByPractice.get(made.practice)?.map(({ slot, revision }) => [slot, revision]),
    [['ab'.repeat(16), 2]],
  );
  assert.equal(sink.account?.sequence, 3);
  assert.equal(sink.isClosed, true);
});

test('a restore to an instant takes the entries accepted until then', async () => {
  const journal = made.source.journal(made.practice);
  for (const size of [100, 300, 514]) {
    const { practice } = await restore([made.folder], { at: journal.entries[size - 1]?.receivedAt ?? 0 });
    assert.equal(practice?.size, size);
    assert.deepEqual(practice?.root, rootAt(journal, size));
  }
});

test('each object is taken from the first copy where it is whole', async () => {
  const [first, second] = [cloneFolder(made.folder), cloneFolder(made.folder)];
  const [blob = '', other = ''] = filesUnder(made.folder, `${made.practice}/blob`);
  flipBit(first, `${fence}/tile/entries/000`, 5000);
  flipBit(first, `${fence}/payload/001`, 5000);
  flipBit(first, blob, 5);
  rmSync(join(second, fence, 'tile/entries/001'));
  rmSync(join(second, fence, 'payload/000'));
  rmSync(join(second, other));
  for (const tail of filesUnder(second, `${fence}/tail`)) rmSync(join(second, tail));
  const { report, practice } = await restore([first, second]);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(practice?.root, made.source.journal(made.practice).root());
  const reversed = await restore([second, first]);
  assert.deepEqual(reversed.report.findings, []);
  assert.deepEqual(reversed.practice?.root, practice?.root);
});

test('a payload and a document that no copy has are findings with their entry; the rest comes back', async () => {
  const folder = cloneFolder(made.folder);
  const [blob = ''] = filesUnder(folder, `${made.practice}/blob`);
  rmSync(join(folder, blob));
  flipBit(folder, `${fence}/payload/001`, 5000);
  const { report, practice } = await restore([folder]);
  assert.equal(report.findings.length, 2);
  assert.ok(report.findings.every(({ reach }) => reach.from !== null));
  assert.deepEqual(practice?.root, made.source.journal(made.practice).root());
});

test('entries that no copy has end the restore before them, and the finding says from where', async () => {
  const folder = cloneFolder(made.folder);
  flipBit(folder, `${fence}/tile/entries/001`, 5000);
  const { report, practice } = await restore([folder]);
  assert.deepEqual(
    report.findings.map(({ code, reach }) => [code, reach.from]),
    [['BUNDLE_MISSING', 256]],
  );
  assert.equal(practice?.size, 256);
  assert.deepEqual(practice?.root, rootAt(made.source.journal(made.practice), 256));
});

test('a target that knows the practice is refused', async () => {
  const sink = new MemorySink();
  await sink.begin(made.practice);
  await assert.rejects(restoreCopy({ destinations: [folderDestination({ path: made.folder })], sink }), {
    code: 'RESTORE_TARGET_NOT_EMPTY',
  });
  assert.equal(sink.isClosed, true);
});

for (const part of ['entry', 'payload'] as const)
  test(`a target that gives back another ${part} than was written is RESTORE_ROOT_MISMATCH`, async () => {
    const sink = new MemorySink();
    const { append } = sink;
    sink.append = (practice, batch) =>
      append.call(
        sink,
        practice,
        batch.map((item) => (item.index === 40 ? { ...item, [part]: changed(item[part]) } : item)),
      );
    await assert.rejects(restoreCopy({ destinations: [folderDestination({ path: made.folder })], sink }), {
      code: 'RESTORE_ROOT_MISMATCH',
    });
  });

function changed(bytes: Uint8Array | null): Uint8Array {
  return (bytes ?? new Uint8Array(0)).map((byte, at) => (at === 300 ? byte ^ 1 : byte));
}

test('nothing readable is an error with a hint', async () => {
  const folder = cloneFolder(made.folder);
  rmSync(join(folder, made.practice), { recursive: true });
  await assert.rejects(restore([folder]), { code: 'COPY_NOTHING_READABLE' });
});

async function drill(folder: string, options: { liveSize?: number; sink?: MemorySink } = {}) {
  const journal = made.source.journal(made.practice);
  const [result] = await runDrill({
    destination: folderDestination({ path: folder, name: 'copie' }),
    openScratch: async () => options.sink ?? new MemorySink(),
    liveRootAt: async (_practice, size) => (size <= (options.liveSize ?? journal.size) ? rootAt(journal, size) : null),
  });
  return result;
}

test('a drill of a good copy is proven', async () => {
  const sink = new MemorySink();
  const result = await drill(made.folder, { sink });
  assert.equal(result?.outcome, 'proven');
  assert.deepEqual(result?.codes, []);
  assert.equal(result?.entries, made.source.journal(made.practice).size);
  assert.equal(result?.destination, 'copie');
  assert.ok((result?.blobs ?? 0) > 0);
  assert.equal(sink.isClosed, true);
});

test('a drill of a copy that lost something is failed', async () => {
  const folder = cloneFolder(made.folder);
  flipBit(folder, `${fence}/payload/001`, 5000);
  assert.deepEqual((await drill(folder))?.outcome, 'failed');
  rmSync(join(folder, fence), { recursive: true });
  assert.deepEqual((await drill(folder))?.outcome, 'failed');
});

test('a newest state that is damaged does not pass for one that was never copied', async () => {
  const folder = cloneFolder(made.folder);
  const last = filesUnder(folder)
    .filter((name) => name.startsWith(`${fence}/tail/`))
    .sort()
    .at(-1);
  flipBit(folder, last ?? '', 200);
  const { report, practice } = await restore([folder]);
  const { size } = made.source.journal(made.practice);
  assert.ok((practice?.size ?? size) < size);
  assert.deepEqual(
    report.findings.map(({ code, reach }) => [code, reach.from, reach.to]),
    [['TAIL_GAP', practice?.size, size]],
  );
  const sink = new MemorySink();
  const [drill] = await runDrill({ destination: folderDestination({ path: folder }), openScratch: async () => sink });
  assert.deepEqual([drill?.outcome, drill?.codes], ['failed', ['TAIL_GAP']]);
});

test('a drill that finds the live journal behind its copy is failed', async () => {
  const result = await drill(made.folder, { liveSize: 400 });
  assert.deepEqual([result?.outcome, result?.codes], ['failed', ['ROLLBACK']]);
});

test('a drill whose scratch place or copy cannot be reached is inconclusive', async () => {
  const [unreachable] = await runDrill({
    destination: folderDestination({ path: '/nowhere/at/all' }),
    openScratch: async () => new MemorySink(),
  });
  assert.equal(unreachable?.outcome, 'inconclusive');
  const [noScratch] = await runDrill({
    destination: folderDestination({ path: made.folder }),
    openScratch: () => Promise.reject(new RangeError('No database')),
  });
  assert.deepEqual([noScratch?.outcome, noScratch?.codes], ['inconclusive', ['UNKNOWN']]);
});

test('a drill during which the clock is set back took no negative time', async () => {
  const { folder } = await makeCopy();
  let now = 1_780_000_000_000;
  const [result] = await runDrill({
    destination: folderDestination({ path: folder }),
    openScratch: async () => new MemorySink(),
    now: () => (now -= 3_600_000),
  });
  assert.equal(result?.outcome, 'proven');
  assert.ok(Number.isSafeInteger(result.durationMs) && result.durationMs >= 0);
  assert.equal(result.startedAt, 1_779_996_400_000);
});
