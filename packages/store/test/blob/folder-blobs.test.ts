import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { createFolderBlobs } from '../../src/blob/folder-blobs.ts';
import { type FileSystem, nodeFileSystem } from '../../src/copy/file-system.ts';
import { rejects } from '../rejects.ts';
import { collect, describeBlobStore, hashOf, pieces, someBytes } from './blob-contract.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-blobs-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describeBlobStore('a folder', () => createFolderBlobs(join(folder, 'contract')));

const practice = new Uint8Array(32).fill(3);
const bytes = someBytes(9000);
const blob = { practice, hash: hashOf(bytes) };

/** The real file system whose n-th call fails. */
function failing(at: number, code: string): { files: FileSystem; calls: () => number } {
  let count = 0;
  const step = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    count += 1;
    if (count === at) throw Object.assign(new Error(code), { code });
    return run();
  };
  const files: FileSystem = {
    async createFile(path) {
      const file = await step(() => nodeFileSystem.createFile(path));
      return {
        write: (piece) => step(() => file.write(piece)),
        sync: () => step(() => file.sync()),
        close: () => file.close(),
      };
    },
    link: (from, to) => step(() => nodeFileSystem.link(from, to)),
    remove: (path) => nodeFileSystem.remove(path),
    makeFolder: (path) => step(() => nodeFileSystem.makeFolder(path)),
    syncFolder: (path) => step(() => nodeFileSystem.syncFolder(path)),
    syncFile: (path) => step(() => nodeFileSystem.syncFile(path)),
  };
  return { files, calls: () => count };
}

describe('a folder with a damaged document', () => {
  it('gives its name to right bytes once they are whole on the disk', async () => {
    const root = join(folder, 'damaged');
    const store = await createFolderBlobs(root);
    await store.put(blob, pieces(bytes, 4000));
    const path = (await readdir(root, { recursive: true })).find((name) => name.endsWith(bytesToHex(blob.hash))) ?? '';
    await writeFile(join(root, path), someBytes(12));
    await rejects(store.mend(blob, pieces(someBytes(13), 5)), 'BLOB_MISMATCH');
    assert.deepEqual(await collect(store.read(blob)), someBytes(12));
    await store.mend(blob, pieces(bytes, 4000));
    assert.deepEqual(await collect(store.read(blob)), bytes);
  });
});

describe('a folder whose disk fails', () => {
  for (const [code, expected] of [
    ['ENOSPC', 'STORAGE_FULL'],
    ['EIO', 'BLOB_STORE_FAILED'],
    ['EROFS', 'BLOB_STORE_FAILED'],
  ] as const) {
    it(`answers ${expected} to ${code} at any step, leaves no half file, and takes the bytes afterwards`, async () => {
      const counting = failing(Number.POSITIVE_INFINITY, code);
      const whole = await createFolderBlobs(join(folder, `${code}-whole`), counting);
      await whole.put(blob, pieces(bytes, 4000));
      for (let at = 1; at <= counting.calls(); at += 1) {
        const root = join(folder, `${code}-${at}`);
        const store = await createFolderBlobs(root, failing(at, code));
        await rejects(store.put(blob, pieces(bytes, 4000)), expected);
        const left = await readdir(root, { recursive: true });
        assert.deepEqual(
          left.filter((name) => name.includes('.new-')),
          [],
          `step ${at}`,
        );
        await store.put(blob, pieces(bytes, 4000));
        assert.deepEqual(await collect(store.read(blob)), bytes);
      }
    });
  }
});
