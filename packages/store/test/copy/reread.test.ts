import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { encodeEntryBundle, parseEntryBundle } from '@serment/core/copy/bundle';
import { encodeNodes } from '@serment/core/copy/nodes';
import { leafHash } from '@serment/core/journal/tree';
import type { CopyFinding } from '../../src/copy/finding.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { endingWith } from '../../src/copy/judged-bytes.ts';
import { type CopyReport, type VerifyOptions, verifyCopy } from '../../src/copy/verify.ts';
import { StateFolder } from '../../src/copy/verify-state.ts';
import { cloneFolder, filesUnder, flipBit, type MadeCopy, makeCopy, startOn, temporaryFolder } from './copy-fixture.ts';
import { cutAfter } from './cutting-destination.ts';

let made: MadeCopy;
let stateFolder: string;
let judgedAt: number;
let time = 1000;

before(async () => {
  made = await makeCopy();
  stateFolder = temporaryFolder();
  judgedAt = (await verify(made.folder, stateFolder)).time;
});

async function verify(folder: string, state: string, options: Partial<VerifyOptions> & { reads?: number } = {}) {
  const { reads, ...more } = options;
  const { destination, names } = cutAfter(folderDestination({ path: folder }), reads);
  time += 1000;
  const kept = { state: await StateFolder.open(state), saveEveryMs: 0, clock: () => time };
  const report = await verifyCopy(destination, { ...kept, ...more });
  return { ...report, names: [...new Set(names)].sort(), time };
}

function cloneState(): string {
  const folder = temporaryFolder();
  cpSync(stateFolder, folder, { recursive: true });
  return folder;
}

const found = (findings: readonly CopyFinding[]) => findings.map(({ code, object }) => `${code} ${object}`).sort();
const proven = ({ practices }: CopyReport) =>
  practices.map(({ judgedSince: _, readSince: __, readFrom: ___, ...rest }) => rest);

test('a copy that is as it was judged is read to its last byte, and says when it was judged', async () => {
  const full = await verify(made.folder, cloneState(), { isFull: true });
  const state = cloneState();
  for (let night = 0; night < 2; night += 1) {
    const again = await verify(made.folder, state, { isReread: true });
    assert.deepEqual([again.kind, again.findings, again.dropped], ['reread', [], []]);
    assert.deepEqual([again.readSince, again.judgedSince], [again.time, judgedAt]);
    assert.equal(again.practices[0]?.readFrom, 0);
    assert.deepEqual(
      again.names,
      full.names.filter((name) => existsSync(join(made.folder, name))),
    );
    assert.deepEqual(proven(again), proven(full));
  }
  const judged = await verify(made.folder, state, { isFull: true });
  assert.deepEqual([judged.kind, judged.judgedSince], ['full', judged.time]);
});

test('whatever is damaged or missing since is found as a verification that judges everything finds it', async () => {
  for (const file of filesUnder(made.folder))
    for (const how of ['damaged', 'missing']) {
      const folder = cloneFolder(made.folder);
      if (how === 'missing') rmSync(join(folder, file));
      else flipBit(folder, file, Math.floor(readFileSync(join(folder, file)).length / 2));
      const full = await verify(folder, cloneState(), { isFull: true });
      const again = await verify(folder, cloneState(), { isReread: true });
      assert.deepEqual(found(again.findings), found(full.findings), `${file} ${how}`);
      assert.deepEqual(proven(again), proven(full), `${file} ${how}`);
    }
});

test('other entries, with tiles and inner hashes that are theirs, are judged and found', async () => {
  const folder = cloneFolder(made.folder);
  const path = (name: string) => join(folder, made.practice, '00000001', name);
  const entries = parseEntryBundle(new Uint8Array(readFileSync(path('tile/entries/000'))));
  const last = entries[200];
  if (last !== undefined) last[last.length - 5] = (last[last.length - 5] ?? 0) ^ 1;
  const tile = new Uint8Array(Buffer.concat(entries.map(leafHash)));
  writeFileSync(path('tile/entries/000'), encodeEntryBundle(entries));
  writeFileSync(path('tile/0/000'), tile);
  writeFileSync(path('nodes/000'), encodeNodes(tile));
  const full = await verify(folder, cloneState(), { isFull: true });
  const again = await verify(folder, cloneState(), { isReread: true });
  assert.ok(again.damages > 0 && again.findings.some(({ code }) => code === 'SIGNATURE_INVALID'));
  assert.deepEqual(found(again.findings), found(full.findings));
});

test('tiles and indexes above the bundles are read with the one that they end with', async () => {
  const place = { practice: made.practice, fence: 1 };
  const names = [14, 15, 255].map((bundle) => [...endingWith(place, bundle)].map((name) => name.slice(74)));
  assert.deepEqual(names, [[], ['index/1/000'], ['tile/1/000', 'index/1/015', 'index/2/000']]);
  const large = await makeCopy();
  await large.source.save(large.practice, 15 * 256);
  const publisher = startOn(large.source, folderDestination({ path: large.folder }));
  await publisher.settled();
  await publisher.stop();
  const state = temporaryFolder();
  await verify(large.folder, state);
  assert.equal((await verify(large.folder, state, { isReread: true })).kind, 'reread');
  flipBit(large.folder, join(large.practice, '00000001/index/1/000'), 1000);
  const again = await verify(large.folder, state, { isReread: true });
  assert.deepEqual(
    again.findings.map(({ code }) => code),
    ['INDEX_DAMAGED'],
  );
});

test('what came since is judged, and without a state that fits, everything is', async () => {
  const { source, folder, practice } = await makeCopy();
  const state = temporaryFolder();
  const first = await verify(folder, state, { isReread: true });
  assert.deepEqual([first.kind, first.judgedSince], ['full', first.time]);
  await source.save(practice, 300, { documents: true });
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  await publisher.stop();
  const second = await verify(folder, state, { isReread: true });
  const { size, root } = source.journal(practice).head();
  assert.deepEqual([second.kind, second.damages, second.judgedSince], ['reread', 0, first.time]);
  assert.deepEqual([second.practices[0]?.size, second.practices[0]?.root], [size, root]);
  const next = await verify(folder, state);
  assert.deepEqual([next.kind, next.readSince, next.judgedSince], ['incremental', second.time, first.time]);
  const [fenceFile = ''] = filesUnder(state).filter((file) => file.startsWith(practice));
  flipBit(state, fenceFile, 40);
  const without = await verify(folder, state, { isReread: true });
  assert.deepEqual([without.kind, without.dropped], ['full', [{ practice, reason: 'damaged' }]]);
});

test('one that is cut has read nothing: what follows judges everything, or reads everything again', async () => {
  const whole = (await verify(made.folder, cloneState(), { isReread: true })).names.length;
  for (let reads = 1; reads < whole; reads += 3)
    for (const isReread of [false, true]) {
      const state = cloneState();
      await assert.rejects(verify(made.folder, state, { isReread: true, reads }), { code: 'COPY_UNREACHABLE' });
      const next = await verify(made.folder, state, { isReread });
      assert.deepEqual(next.findings, []);
      assert.deepEqual(next.kind, isReread ? 'reread' : 'resumed');
      assert.equal(next.judgedSince === judgedAt, isReread);
    }
});
