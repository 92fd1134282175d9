import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Bytes } from '@serment/core/bytes';
import { markerName, parseCopyName } from '@serment/core/copy/names';
import { CopyError, systemToCopyError } from './copy-error.ts';
import { type Destination, type DestinationBatch, putAlone } from './destination.ts';
import { type FileSystem, nodeFileSystem, streamFile, walkFiles } from './file-system.ts';
import { FolderBatch } from './folder-batch.ts';
import { OpenFiles } from './open-files.ts';

export interface FolderOptions {
  readonly path: string;
  /** How people recognise this destination; its path when left out. */
  readonly name?: string;
  readonly fileSystem?: FileSystem;
  /** Reads never hold up this process, at the price of speed: a disk that hangs then keeps nobody else waiting. */
  readonly neverBlocks?: boolean;
}

/** A copy in a folder of a local or mounted disk whose file system has hard links. */
export function folderDestination(options: FolderOptions): Destination {
  return new FolderDestination(options);
}

class FolderDestination implements Destination {
  readonly name: string;
  readonly kind = 'folder';
  readonly deletesTails = true;
  readonly putsAside = true;
  readonly readsAtOnce = 1;
  readonly #root: string;
  readonly #fileSystem: FileSystem;
  readonly #openFiles: OpenFiles;
  readonly #neverBlocks: boolean;
  /** Folders that are known to exist, and those among them whose own name may not be on disk yet. */
  readonly #folders = { known: new Set<string>(), fresh: new Set<string>() };
  #isPrepared = false;

  constructor(options: FolderOptions) {
    this.#root = resolve(options.path);
    this.name = options.name ?? this.#root;
    this.#fileSystem = options.fileSystem ?? nodeFileSystem;
    this.#openFiles = new OpenFiles(this.#root);
    this.#neverBlocks = options.neverBlocks ?? false;
  }

  async prepare(): Promise<void> {
    try {
      // Only the first time: later, a folder that is gone is a disk that was taken away, not one to start anew.
      if (!this.#isPrepared && (await mkdir(this.#root, { recursive: true, mode: 0o750 })) !== undefined)
        await this.#fileSystem.syncFolder(dirname(this.#root));
      await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
      this.#isPrepared = true;
    } catch (cause) {
      throw systemToCopyError(cause);
    }
  }

  async check(): Promise<void> {
    // An unmounted disk leaves an empty folder behind: writing there would fill the wrong disk.
    if (await this.has(markerName)) return;
    throw new CopyError('COPY_FOLDER_MISSING', 'The copy folder has lost its content', {
      hint: 'Connect or mount the disk of the copy again; nothing is written elsewhere meanwhile.',
    });
  }

  batch(): DestinationBatch {
    return new FolderBatch({ root: this.#root, fileSystem: this.#fileSystem, folders: this.#folders });
  }

  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    return putAlone(this.batch(), name, content);
  }

  async get(name: string): Promise<Bytes> {
    try {
      const file = await open(`${this.#root}/${name}`, constants.O_RDONLY);
      try {
        const bytes = new Uint8Array((await file.stat()).size);
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
          if (bytesRead === 0)
            throw new CopyError('COPY_DAMAGED', 'An object became shorter while it was read', { fields: { name } });
          filled += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw readError(cause, name);
    }
  }

  async *stream(name: string): AsyncGenerator<Bytes> {
    try {
      yield* streamFile(`${this.#root}/${name}`, { reuse: true });
    } catch (cause) {
      throw readError(cause, name);
    }
  }

  read(name: string, offset: number, length: number): Bytes | Promise<Bytes> {
    const bytes = new Uint8Array(length);
    const reading = this.readInto(name, offset, bytes);
    return reading instanceof Promise ? reading.then(() => bytes) : bytes;
  }

  readInto(name: string, offset: number, target: Uint8Array): void | Promise<void> {
    if (this.#neverBlocks) return this.#readAside(name, offset, target);
    let count: number;
    try {
      count = this.#openFiles.read(name, target, offset);
    } catch (cause) {
      throw readError(cause, name);
    }
    if (count < target.length) throw tooShort(name);
  }

  async #readAside(name: string, offset: number, target: Uint8Array): Promise<void> {
    try {
      const file = await open(`${this.#root}/${name}`, constants.O_RDONLY);
      try {
        for (let filled = 0; filled < target.length; ) {
          const { bytesRead } = await file.read(target, filled, target.length - filled, offset + filled);
          if (bytesRead === 0) throw tooShort(name);
          filled += bytesRead;
        }
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw readError(cause, name);
    }
  }

  async size(name: string): Promise<number | null> {
    try {
      const found = await stat(`${this.#root}/${name}`);
      return found.isFile() ? found.size : null;
    } catch (cause) {
      if (isMissing(cause)) return null;
      throw systemToCopyError(cause);
    }
  }

  async has(name: string): Promise<boolean> {
    return (await this.size(name)) !== null;
  }

  async *list(prefix: string): AsyncGenerator<string> {
    const folder = prefix.replace(/\/$/, '');
    const root = folder === '' ? this.#root : `${this.#root}/${folder}`;
    try {
      if (folder !== '' && !(await isFolder(root))) return;
      for await (const name of walkFiles(root)) yield folder === '' ? name : `${folder}/${name}`;
    } catch (cause) {
      throw systemToCopyError(cause);
    }
  }

  async listFolders(prefix: string): Promise<string[]> {
    const folder = prefix.replace(/\/$/, '');
    try {
      const items = await readdir(folder === '' ? this.#root : `${this.#root}/${folder}`, { withFileTypes: true });
      return items.filter((item) => item.isDirectory()).map((item) => item.name);
    } catch (cause) {
      if (folder !== '' && isMissing(cause)) return [];
      throw systemToCopyError(cause);
    }
  }

  async settle(prefix: string): Promise<void> {
    const folder = prefix.replace(/\/$/, '');
    const root = folder === '' ? this.#root : `${this.#root}/${folder}`;
    try {
      if (!(await isFolder(root))) return;
      const folders: string[] = [];
      for (let parent = folder; parent !== ''; parent = parent.includes('/') ? dirname(parent) : '')
        folders.push(`${this.#root}/${parent.includes('/') ? dirname(parent) : ''}`);
      for await (const _ of walkFiles(root, (path) => folders.push(path)));
      for (const path of folders) await this.#fileSystem.syncFolder(path);
    } catch (cause) {
      throw systemToCopyError(cause);
    }
  }

  overwritten(): string[] {
    // A file that was written over has no other version.
    return [];
  }

  async putAside(name: string): Promise<string> {
    const slash = name.lastIndexOf('/') + 1;
    const aside = `${name.slice(0, slash)}.damaged-${randomBytes(8).toString('hex')}-${name.slice(slash)}`;
    try {
      await this.#fileSystem.link(`${this.#root}/${name}`, `${this.#root}/${aside}`);
      // Both names stand until the new one is durable: a crash leaves no time at which the bytes have none.
      await this.#fileSystem.syncFolder(dirname(`${this.#root}/${name}`));
      await this.#fileSystem.remove(`${this.#root}/${name}`);
      this.#openFiles.close();
      return aside;
    } catch (cause) {
      throw systemToCopyError(cause);
    }
  }

  async deleteTail(name: string): Promise<void> {
    if (parseCopyName(name).kind !== 'tail')
      throw new CopyError('COPY_DELETE_REFUSED', 'Nothing but tails is deleted from a copy', { fields: { name } });
    try {
      await this.#fileSystem.remove(`${this.#root}/${name}`);
    } catch (cause) {
      if (!isMissing(cause)) throw systemToCopyError(cause);
    }
  }

  async close(): Promise<void> {
    this.#openFiles.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw cause;
  }
}

function tooShort(name: string): CopyError {
  return new CopyError('COPY_DAMAGED', 'An object is shorter than it must be', { fields: { name } });
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

function readError(cause: unknown, name: string): CopyError {
  if (isMissing(cause))
    return new CopyError('COPY_NOT_FOUND', 'No such object in the copy', { cause, fields: { name } });
  return systemToCopyError(cause);
}
