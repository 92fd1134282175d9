import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runDrill } from '../../src/copy/drill.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { openScratchStore } from '../../src/copy/scratch-store.ts';
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
