import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runDrill } from '../../src/copy/drill.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { clearScratch, openScratchStore } from '../../src/copy/scratch-store.ts';
import { processStart } from '../../src/postgres/process-table.ts';
import { cloneFolder, flipBit, makeCopy, temporaryFolder } from './copy-fixture.ts';
import { rootAt } from './test-source.ts';

test('a drill restores the copy alone into an empty PostgreSQL, proves it from there, and leaves nothing', async () => {
  const made = await makeCopy();
  const journal = made.source.journal(made.practice);
  const parent = temporaryFolder();
  const drill = (path: string) =>
    runDrill({
      destination: folderDestination({ path, name: 'copie' }),
      openScratch: (copyBytes) => openScratchStore({ parent, copyBytes }),
      liveRootAt: async (_practice, size) => rootAt(journal, size),
    });
  const [result] = await drill(made.folder);
  assert.deepEqual(result?.codes, []);
  assert.equal(result?.outcome, 'proven');
  assert.deepEqual([result?.size, result?.root], [journal.size, journal.root()]);
  assert.ok((result?.durationMs ?? 0) > 0);
  const damaged = cloneFolder(made.folder);
  flipBit(damaged, `${made.practice}/00000001/payload/001`, 5000);
  const [failed] = await drill(damaged);
  assert.equal(failed?.outcome, 'failed');
  assert.ok(failed?.codes.includes('PAYLOAD_MISSING'));
  assert.ok(existsSync(parent) && existsSync(join(made.folder, 'serment-copy')));
  assert.deepEqual(readdirSync(parent), []);
});

test('a drill whose disk has no room says so, and asks the disk before it makes anything', async () => {
  const { folder } = await makeCopy();
  const parent = temporaryFolder();
  const [result] = await runDrill({
    destination: folderDestination({ path: folder }),
    openScratch: () => openScratchStore({ parent, copyBytes: 2 ** 52 }),
  });
  assert.deepEqual([result?.outcome, result?.codes, result?.findings], ['inconclusive', ['SCRATCH_TOO_SMALL'], 0]);
  assert.deepEqual(readdirSync(parent), []);
});

test('what a killed drill left is destroyed with its database, and one that runs is left alone', async () => {
  const parent = temporaryFolder();
  const sink = await openScratchStore({ parent, copyBytes: 0 });
  after(() => sink.close());
  assert.equal(await clearScratch(parent), 0);
  const [running] = readdirSync(parent);
  const script = new URL('../../src/copy/scratch-store.ts', import.meta.url).href;
  const open = `const { openScratchStore } = await import(${JSON.stringify(script)});
    await openScratchStore({ parent: ${JSON.stringify(parent)}, copyBytes: 0 }); console.log('open');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', open], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const [left = ''] = readdirSync(parent).filter((name) => name !== running);
  const postmaster = Number(readFileSync(join(parent, left, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  assert.notEqual(await processStart(postmaster), null);
  assert.equal(await clearScratch(parent), 1);
  assert.deepEqual(readdirSync(parent), [running]);
  assert.equal(await processStart(postmaster), null);
});
