import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ExportFolder } from '../src/export-folder.ts';
import { temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const index = new TextEncoder().encode('{"format": "serment-export 1"}');

async function write(path: string, isForced = false): Promise<ExportFolder> {
  const made = await ExportFolder.begin({ path, isForced });
  await made.write('index.json', index);
  await made.write('patients/p/bundle.json', Uint8Array.of(1));
  return made;
}

test('a folder is there whole or not at all', async () => {
  const path = join(folder, 'a/out');
  const made = await write(path);
  await assert.rejects(stat(path));
  await made.finish();
  assert.deepEqual(globSync('**/*.json', { cwd: path }).sort(), ['index.json', 'patients/p/bundle.json']);
  assert.equal((await stat(join(path, 'patients/p/bundle.json'))).mode & 0o777, 0o600);
  const given = await write(join(folder, 'a/given-up'));
  await given.abandon();
  assert.deepEqual(globSync('{*,.*}', { cwd: join(folder, 'a') }), ['out']);
});

test('an empty folder is taken; one with something in it is refused, and --force replaces an export alone', async () => {
  const path = join(folder, 'b');
  await mkdir(path);
  await (await write(path)).finish();
  await writeFile(join(path, 'extra'), 'x');
  await assert.rejects(write(path), { code: 'OUTPUT_NOT_EMPTY' });
  await (await write(path, true)).finish();
  await assert.rejects(readFile(join(path, 'extra')));
  const mine = join(folder, 'mine');
  await mkdir(mine);
  await writeFile(join(mine, 'letter'), 'x');
  await assert.rejects(write(mine, true), { code: 'OUTPUT_NOT_EXPORT' });
  await assert.rejects(write(join(mine, 'letter')), { code: 'OUTPUT_NOT_EMPTY' });
  assert.equal(await readFile(join(mine, 'letter'), 'utf8'), 'x');
});

test('no name leads out of the folder, and none is written twice', async () => {
  const made = await ExportFolder.begin({ path: join(folder, 'c'), isForced: false });
  for (const path of ['../x', 'a/../../x', '..', '', '/etc/x/../../..'])
    await assert.rejects(made.write(path, index), { code: 'OUTPUT_ESCAPES' }, path);
  await made.write('a', index);
  await assert.rejects(made.write('a', index), { code: 'OUTPUT_UNWRITABLE' });
  await made.abandon();
});
