import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatKit, kitQr, kitTestValue, newKit } from '@serment/core/keys/kit';
import { readKitFile, writeKitFile } from '../src/kit-file.ts';
import { temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const practice = new Uint8Array(32).fill(7);
const seed = new Uint8Array(32).fill(9);
const kit = newKit(practice, seed);
const printed = { text: formatKit(kit), qr: kitQr(kit), testValue: kitTestValue(seed) };

test('a kit file is read back, is for its owner alone, and is never written over', async () => {
  const path = join(folder, 'kit.txt');
  await writeKitFile({ path, practice, practiceName: 'Cabinet\nPIÈGE', kit: printed });
  assert.deepEqual((await readKitFile(path)).kit, kit);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.match(await readFile(path, 'utf8'), /^Cabinet {12}Cabinet PIÈGE$/m);
  await assert.rejects(writeKitFile({ path, practice, practiceName: 'x', kit: printed }), { code: 'KIT_FILE_EXISTS' });
  assert.deepEqual((await readKitFile(path)).kit, kit);
});

test('a kit is read as editors save it', async () => {
  const text = `Kit du cabinet\r\n${printed.text}\r\n`;
  const saved = {
    utf16: new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le')),
    latin1: new Uint8Array(Buffer.from(`é${text}`, 'latin1')),
    mark: new TextEncoder().encode(`\ufeff${text}`),
    qr: new TextEncoder().encode(printed.qr.toLowerCase()),
  };
  for (const [name, bytes] of Object.entries(saved)) {
    await writeFile(join(folder, name), bytes);
    assert.deepEqual((await readKitFile(join(folder, name))).kit, kit, name);
  }
});

test('a file that is not there, a folder and a file without a kit are told apart', async () => {
  await assert.rejects(readKitFile(join(folder, 'absent')), { code: 'PATH_MISSING' });
  await assert.rejects(readKitFile(folder), { code: 'PATH_MISSING' });
  await writeFile(join(folder, 'other'), 'nothing');
  await assert.rejects(readKitFile(join(folder, 'other')), { code: 'KIT_INVALID' });
});

test('a folder that does not exist cannot take a kit', async () => {
  const path = join(folder, 'no/kit.txt');
  await assert.rejects(writeKitFile({ path, practice, practiceName: 'x', kit: printed }), {
    code: 'OUTPUT_UNWRITABLE',
  });
});
