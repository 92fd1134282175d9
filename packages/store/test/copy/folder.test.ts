import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSameDisk } from '../../src/copy/file-system.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { filesUnder, temporaryFolder } from './copy-fixture.ts';
import { testDestination } from './destination-contract.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';

const name = `${'ab'.repeat(32)}/00000001/nodes/000`;
const bytes = new Uint8Array([1, 2, 3]);

testDestination('folder', async () => {
  const destination = folderDestination({ path: join(temporaryFolder(), 'copy') });
  await destination.prepare();
  return destination;
});

test('each failure of the disk has its code and a hint', async () => {
  const expected = {
    ENOSPC: 'COPY_FULL',
    EDQUOT: 'COPY_FULL',
    EROFS: 'COPY_READ_ONLY',
    EACCES: 'COPY_FORBIDDEN',
    EIO: 'COPY_DISK_ERROR',
  };
  for (const [system, code] of Object.entries(expected)) {
    const fileSystem = new FaultyFileSystem();
    const destination = folderDestination({ path: temporaryFolder(), fileSystem });
    fileSystem.fault = (call) => (call === 'write' ? system : null);
    await assert.rejects(
      destination.put(name, bytes),
      (error: Error & { code?: string; hint?: string }) => error.code === code && error.hint !== null,
    );
  }
});

test('a file whose sync failed is thrown away and never synced again: the next put writes another', async () => {
  const fileSystem = new FaultyFileSystem();
  const folder = temporaryFolder();
  const destination = folderDestination({ path: folder, fileSystem });
  let isFailing = true;
  fileSystem.fault = (call) => (call === 'sync' && isFailing ? 'EIO' : null);
  await assert.rejects(destination.put(name, bytes), { code: 'COPY_SYNC_FAILED' });
  assert.deepEqual(filesUnder(folder), []);
  isFailing = false;
  await destination.put(name, bytes);
  assert.equal(fileSystem.calls.filter((call) => call === 'create').length, 2);
  assert.deepEqual(await destination.get(name), bytes);
});

test('a name whose folder was not synced is taken back', async () => {
  const fileSystem = new FaultyFileSystem();
  const folder = temporaryFolder();
  const destination = folderDestination({ path: folder, fileSystem });
  fileSystem.fault = (call) => (call === 'sync-folder' ? 'EIO' : null);
  await assert.rejects(destination.put(name, bytes), { code: 'COPY_SYNC_FAILED' });
  assert.deepEqual(filesUnder(folder), []);
});

test('a name that an earlier batch made durable stays when a later sync of its folder fails', async () => {
  const fileSystem = new FaultyFileSystem();
  const folder = temporaryFolder();
  const destination = folderDestination({ path: folder, fileSystem });
  await destination.put(name, bytes);
  fileSystem.fault = (call) => (call === 'sync-folder' ? 'EIO' : null);
  await assert.rejects(destination.put(name, bytes), { code: 'COPY_SYNC_FAILED' });
  assert.deepEqual(filesUnder(folder), [name]);
});

test('every new folder is synced into its parent, also when another batch made it', async () => {
  const fileSystem = new FaultyFileSystem();
  const destination = folderDestination({ path: temporaryFolder(), fileSystem });
  const first = destination.batch();
  await first.put(name, bytes);
  const second = destination.batch();
  await second.put(name.replace('000', '001'), bytes);
  await second.commit();
  assert.equal(fileSystem.calls.filter((call) => call === 'sync-folder').length, 4);
  await first.abandon();
});

test('a file system without hard links is refused with a hint', async () => {
  const fileSystem = new FaultyFileSystem();
  const destination = folderDestination({ path: temporaryFolder(), fileSystem });
  fileSystem.fault = (call) => (call === 'link' ? 'EPERM' : null);
  await assert.rejects(destination.put(name, bytes), { code: 'COPY_NO_LINKS' });
});

test('a folder that disappears is not made again', async () => {
  const folder = join(temporaryFolder(), 'copy');
  const destination = folderDestination({ path: folder });
  await destination.prepare();
  await destination.put(name, bytes);
  rmSync(folder, { recursive: true });
  await assert.rejects(destination.prepare(), { code: 'COPY_FOLDER_MISSING' });
  await assert.rejects(destination.put(name, bytes), { code: 'COPY_FOLDER_MISSING' });
  await assert.rejects(destination.put(name, bytes), { code: 'COPY_FOLDER_MISSING' });
  assert.equal(existsSync(folder), false);
  mkdirSync(folder);
  await destination.put(name, bytes);
  assert.deepEqual(filesUnder(folder), [name]);
});

test('a path that is a file is refused', async () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, 'x');
  await assert.rejects(folderDestination({ path }).prepare(), { code: /COPY_/ });
});

test('a full disk gives COPY_FULL, keeps what was durable, and takes more once there is room', async (t) => {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    t.diagnostic('not root: a full disk is tested by injection only');
    return;
  }
  try {
    const destination = folderDestination({ path: folder });
    await destination.prepare();
    await destination.put(name, bytes);
    await assert.rejects(destination.put(name.replace('000', '001'), new Uint8Array(500_000)), { code: 'COPY_FULL' });
    assert.deepEqual(filesUnder(folder), [name]);
    await destination.put(name.replace('000', '002'), new Uint8Array(50_000));
    await destination.close();
    execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'ignore' });
    await assert.rejects(destination.put(name.replace('000', '003'), bytes), { code: 'COPY_READ_ONLY' });
    assert.deepEqual(await destination.get(name), bytes);
  } finally {
    execFileSync('umount', [folder]);
  }
});

test('two folders of one file system are told to be on the same disk', async () => {
  const folder = temporaryFolder();
  assert.equal(await isSameDisk(folder, temporaryFolder()), true);
  assert.equal(await isSameDisk(folder, '/proc'), false);
});
