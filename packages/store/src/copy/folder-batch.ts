import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { equalBytes } from '@serment/core/bytes';
import { CopyError, systemToCopyError } from './copy-error.ts';
import type { DestinationBatch } from './destination.ts';
import { type FileSystem, streamFile, type WritableFile } from './file-system.ts';

export interface FolderState {
  readonly root: string;
  readonly fileSystem: FileSystem;
  readonly folders: { readonly known: Set<string>; readonly fresh: Set<string> };
}

const largeBytes = 1_048_576;

interface Staged {
  readonly name: string;
  readonly temporary: string;
  readonly file: WritableFile;
  /** Begun for a large file as soon as it is written, so that the disk works while the next one is read. */
  readonly syncing: Promise<void> | null;
  /** True once this batch, and not an earlier writer, has given the file its name. */
  isLinked: boolean;
}

/**
 * Files written under temporary names beside their own, then made durable together: data of all (`fdatasync`), links,
 * then each folder once (`fsync`). A file whose sync failed is thrown away with the batch and never synced again, since
 * a second call may claim success over pages that the system has dropped.
 */
export class FolderBatch implements DestinationBatch {
  readonly #state: FolderState;
  #staged: Staged[] = [];

  constructor(state: FolderState) {
    this.#state = state;
  }

  async put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const { root, fileSystem } = this.#state;
    const folder = folderOf(name);
    let file: WritableFile | null = null;
    const temporary = `${root}/${folder}${folder === '' ? '' : '/'}.new-${randomBytes(8).toString('hex')}`;
    try {
      await this.#makeFolders(folder);
      file = await fileSystem.createFile(temporary);
      let bytes = 0;
      for await (const piece of content instanceof Uint8Array ? [content] : content) {
        await file.write(piece);
        bytes += piece.length;
      }
      const syncing = bytes < largeBytes ? null : file.sync();
      // Seen when the batch is committed.
      syncing?.catch(() => undefined);
      this.#staged.push({ name, temporary, file, syncing, isLinked: false });
    } catch (cause) {
      this.#state.folders.known.clear();
      if (file !== null) await discard(fileSystem, file, temporary);
      throw systemToCopyError(cause);
    }
  }

  async commit(): Promise<void> {
    const staged = this.#staged;
    try {
      await this.#syncFiles(staged);
      const taken = await this.#linkAll(staged);
      await this.#removeTemporaries(staged);
      this.#staged = [];
      await this.#syncFolders(staged);
      if (taken !== null)
        throw new CopyError('COPY_NAME_TAKEN', 'The copy already has other bytes under this name', {
          fields: { name: taken },
          hint: 'Run verify on the copy; if another installation writes into this folder, give each its own.',
        });
    } catch (cause) {
      this.#state.folders.known.clear();
      throw systemToCopyError(cause);
    }
  }

  async abandon(): Promise<void> {
    const staged = this.#staged;
    this.#staged = [];
    for (const { file, temporary } of staged) await discard(this.#state.fileSystem, file, temporary);
  }

  async #syncFiles(staged: readonly Staged[]): Promise<void> {
    const results = await Promise.allSettled(staged.map(({ file, syncing }) => syncing ?? file.sync()));
    await Promise.allSettled(staged.map(({ file }) => file.close()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw syncFailed(failed.reason);
  }

  /** Gives every file its name; returns a name that stands for other bytes already, or null. */
  async #linkAll(staged: readonly Staged[]): Promise<string | null> {
    let taken: string | null = null;
    for (const item of staged) {
      const { name, temporary } = item;
      const path = `${this.#state.root}/${name}`;
      try {
        await this.#state.fileSystem.link(temporary, path);
        item.isLinked = true;
      } catch (cause) {
        if (!hasCode(cause, 'EEXIST')) throw linkError(cause);
        if (await isSameFile(temporary, path)) await this.#state.fileSystem.syncFile(path);
        else taken = name;
      }
    }
    return taken;
  }

  async #removeTemporaries(staged: readonly Staged[]): Promise<void> {
    for (const { temporary } of staged) await this.#state.fileSystem.remove(temporary);
  }

  async #syncFolders(staged: readonly Staged[]): Promise<void> {
    const { root, fileSystem, folders } = this.#state;
    const fresh = new Set<string>();
    const toSync = new Set<string>();
    for (const { name } of staged) {
      toSync.add(folderOf(name));
      // A folder that another batch made may still lack its own name on disk.
      for (let folder = folderOf(name); folder !== ''; folder = folderOf(folder)) {
        if (!folders.fresh.has(folder)) continue;
        fresh.add(folder);
        toSync.add(folderOf(folder));
      }
    }
    const results = await Promise.allSettled([...toSync].map((folder) => fileSystem.syncFolder(`${root}/${folder}`)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      // Names without a durable folder were never promised: taken back, so that the next attempt writes the folder again.
      const linked = staged.filter(({ isLinked }) => isLinked);
      await Promise.allSettled(linked.map(({ name }) => fileSystem.remove(`${root}/${name}`)));
      throw syncFailed(failed.reason);
    }
    for (const folder of fresh) folders.fresh.delete(folder);
  }

  async #makeFolders(folder: string): Promise<void> {
    const { root, fileSystem, folders } = this.#state;
    if (folder === '' || folders.known.has(folder)) return;
    await this.#makeFolders(folderOf(folder));
    try {
      await fileSystem.makeFolder(`${root}/${folder}`);
      folders.fresh.add(folder);
    } catch (cause) {
      if (!hasCode(cause, 'EEXIST')) throw cause;
    }
    folders.known.add(folder);
  }
}

/** Leftovers are harmless and verify names them: nothing is gained by failing here. */
async function discard(fileSystem: FileSystem, file: WritableFile, temporary: string): Promise<void> {
  await Promise.allSettled([file.close()]);
  await Promise.allSettled([fileSystem.remove(temporary)]);
}

function folderOf(name: string): string {
  const end = name.lastIndexOf('/');
  return end < 0 ? '' : name.slice(0, end);
}

function hasCode(cause: unknown, ...codes: readonly string[]): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && codes.includes(cause.code);
}

async function isSameFile(left: string, right: string): Promise<boolean> {
  const [leftStat, rightStat] = await Promise.all([stat(left), stat(right)]);
  if (leftStat.size !== rightStat.size) return false;
  const rightPieces = streamFile(right, { reuse: true });
  try {
    for await (const piece of streamFile(left, { reuse: true })) {
      const other = await rightPieces.next();
      if (other.done === true || !equalBytes(piece, other.value)) return false;
    }
    return true;
  } finally {
    await rightPieces.return(undefined);
  }
}

function syncFailed(cause: unknown): CopyError {
  const system = systemToCopyError(cause);
  if (system.code === 'COPY_FULL' || system.code === 'COPY_READ_ONLY') return system;
  return new CopyError('COPY_SYNC_FAILED', 'The copy’s disk did not confirm a write', {
    cause,
    fields: system.fields,
    hint: 'The files are written again; if this repeats, replace the disk of the copy.',
  });
}

/** What a link that failed says: of the file system, or of the disk. */
export function linkError(cause: unknown): unknown {
  if (!hasCode(cause, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return cause;
  return new CopyError('COPY_NO_LINKS', 'The copy folder’s file system has no hard links', {
    cause,
    hint: 'Use a disk formatted as ext4, XFS, Btrfs, ZFS, APFS or NTFS.',
  });
}
