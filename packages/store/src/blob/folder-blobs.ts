import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { type FileSystem, nodeFileSystem, streamFile } from '../copy/file-system.ts';
import { storageFull } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { BlobName, BlobReading, BlobStore, UploadName } from './blob-store.ts';

const partName = /^\d{1,4}$/;

export interface FolderBlobsOptions {
  /** The calls that write, for tests that make them fail. */
  readonly files?: FileSystem;
}

/**
 * Blobs in a folder: `<practice>/<hh>/<hash>`, and parts under `<practice>/parts/<upload>/<number>`. A file is written
 * under another name in the same folder, forced to the disk, then linked to its own name, and the folder forced too.
 */
export async function createFolderBlobs(
  root: string,
  { files = nodeFileSystem }: FolderBlobsOptions = {},
): Promise<BlobStore> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  return new FolderBlobs(root, files);
}

class FolderBlobs implements BlobStore {
  readonly #root: string;
  readonly #files: FileSystem;
  /** Folders whose own name this process has forced to the disk. */
  readonly #settled = new Set<string>();

  constructor(root: string, files: FileSystem) {
    this.#root = root;
    this.#files = files;
  }

  async size(name: BlobName): Promise<number | null> {
    try {
      return (await stat(this.#blobPath(name))).size;
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return null;
      throw ioError(cause);
    }
  }

  async *read(name: BlobName, reading: BlobReading = {}): AsyncGenerator<Bytes> {
    try {
      yield* streamFile(this.#blobPath(name), reading);
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') throw new StoreError('BLOB_UNKNOWN', 'No such document', { cause });
      throw ioError(cause);
    }
  }

  async put(name: BlobName, content: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#write(this.#blobPath(name), content, bytesToHex(name.hash));
  }

  async mend(name: BlobName, content: AsyncIterable<Uint8Array>): Promise<void> {
    const hash = bytesToHex(name.hash);
    if ((await this.#standingHash(name)) === hash) return;
    const path = this.#blobPath(name);
    // Only once the right bytes are on the disk: a crash in between leaves the name free, and they are put again.
    const makeRoom = () => this.#files.remove(path).catch(ignoreMissing);
    await this.#write(path, content, hash, makeRoom);
  }

  async putPart(upload: UploadName, part: number, bytes: Uint8Array): Promise<void> {
    const path = join(this.#uploadFolder(upload), String(part));
    const isNew = (await readOptional(path)) === null && (await this.#write(path, [bytes], null));
    if (isNew) return;
    const standing = await readOptional(path);
    if (standing === null || Buffer.compare(standing, bytes) !== 0)
      throw new StoreError('PART_CONFLICT', 'This part was received with other bytes', { fields: { part } });
    // An earlier answer may have failed between the name and its barrier.
    await this.#files.syncFolder(dirname(path)).catch((cause) => Promise.reject(ioError(cause)));
  }

  async parts(upload: UploadName): Promise<number[]> {
    try {
      const names = await readdir(this.#uploadFolder(upload));
      return names
        .filter((name) => partName.test(name))
        .map(Number)
        .sort((left, right) => left - right);
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return [];
      throw ioError(cause);
    }
  }

  async join(upload: UploadName, count: number, name: BlobName): Promise<void> {
    const received = new Set(await this.parts(upload));
    for (let part = 0; part < count; part += 1) {
      if (!received.has(part))
        throw new StoreError('UPLOAD_INCOMPLETE', 'Some parts have not been received', { fields: { part } });
    }
    try {
      await this.put(name, readFiles(this.#uploadFolder(upload), count));
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === 'BLOB_MISMATCH') await this.drop(upload);
      throw cause;
    }
    await this.drop(upload);
  }

  async drop(upload: UploadName): Promise<void> {
    const folder = this.#uploadFolder(upload);
    this.#settled.delete(folder);
    await rm(folder, { recursive: true, force: true }).catch((cause) => Promise.reject(ioError(cause)));
  }

  #blobPath({ practice, hash }: BlobName): string {
    const name = bytesToHex(hash);
    return join(this.#root, bytesToHex(practice), name.slice(0, 2), name);
  }

  #uploadFolder({ practice, upload }: UploadName): string {
    return join(this.#root, bytesToHex(practice), 'parts', bytesToHex(upload));
  }

  /** Null for a document that is missing, or that the disk does not give whole. */
  async #standingHash(name: BlobName): Promise<string | null> {
    const hasher = createHash('sha256');
    try {
      for await (const piece of this.read(name, { reuse: true })) hasher.update(piece);
      return hasher.digest('hex');
    } catch (cause) {
      if (cause instanceof StoreError) return null;
      throw cause;
    }
  }

  /** True when the name is new, false when it stood already; `makeRoom` takes away what stands there. */
  async #write(
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    hash: string | null,
    makeRoom?: () => Promise<void>,
  ): Promise<boolean> {
    const folder = dirname(path);
    const temporary = join(folder, `.new-${randomBytes(8).toString('hex')}`);
    try {
      await this.#makeFolders(folder);
      const written = await this.#writeTemporary(temporary, content);
      if (hash !== null && written !== hash) throw new StoreError('BLOB_MISMATCH', 'The bytes do not have this hash');
      await makeRoom?.();
      const isNew = await this.#files.link(temporary, path).then(() => true, ignoreExisting);
      await this.#files.syncFolder(folder);
      return isNew;
    } catch (cause) {
      throw ioError(cause);
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Answers with the hash. A failed `fsync` leaves pages that the system believes clean: the file is given up. */
  async #writeTemporary(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
    const hasher = createHash('sha256');
    const file = await this.#files.createFile(path);
    try {
      for await (const piece of content) {
        hasher.update(piece);
        await file.write(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return hasher.digest('hex');
  }

  /** Makes what is missing of a folder's path under the root, each name forced to the disk. */
  async #makeFolders(folder: string): Promise<void> {
    if (folder === this.#root || this.#settled.has(folder)) return;
    const parent = dirname(folder);
    await this.#makeFolders(parent);
    await this.#files.makeFolder(folder).catch(ignoreExisting);
    await this.#files.syncFolder(parent);
    this.#settled.add(folder);
  }
}

async function* readFiles(folder: string, count: number): AsyncGenerator<Bytes> {
  for (let part = 0; part < count; part += 1) yield* streamFile(join(folder, String(part)));
}

async function readOptional(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw ioError(cause);
  }
}

function ignoreExisting(cause: unknown): false {
  if (systemCode(cause) !== 'EEXIST') throw cause;
  return false;
}

function ignoreMissing(cause: unknown): void {
  if (systemCode(cause) !== 'ENOENT') throw cause;
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function ioError(cause: unknown): unknown {
  const code = systemCode(cause);
  if (cause instanceof StoreError) return cause;
  if (code === 'ENOSPC' || code === 'EDQUOT') return storageFull(cause);
  if (!/^E[A-Z]+$/.test(code)) return cause;
  return new StoreError('BLOB_STORE_FAILED', 'The folder of documents could not be read or written', {
    cause,
    fields: { system: code },
    hint: 'Check the disk of the data folder and the rights on its folder of documents.',
  });
}
