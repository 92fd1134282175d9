import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, opendir, rm, stat } from 'node:fs/promises';
import type { Bytes } from '@serment/core/bytes';
import type { BlobReading } from '../blob/blob-store.ts';

/** A file open for writing. */
export interface WritableFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes and size on disk (`fdatasync`). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The calls that write to a disk: the port where tests make each of them fail in turn. */
export interface FileSystem {
  createFile(path: string): Promise<WritableFile>;
  link(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  syncFile(path: string): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  async createFile(path) {
    return writableFile(await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o640));
  },
  link,
  remove: (path) => rm(path),
  async makeFolder(path) {
    await mkdir(path, { mode: 0o750 });
  },
  syncFolder: (path) => syncPath(path, (folder) => folder.sync()),
  syncFile: (path) => syncPath(path, (file) => file.datasync()),
};

const pieceBytes = 524_288;

/**
 * Bytes of a file, as far as it goes: the next piece is read while the last one is worked on. A file that gets shorter
 * meanwhile ends early. Throws the system's own errors.
 */
export async function* streamFile(
  path: string,
  { start = 0, end = Number.POSITIVE_INFINITY, reuse = false }: BlobReading = {},
): AsyncGenerator<Bytes> {
  const file = await open(path, constants.O_RDONLY);
  let next: Promise<Bytes> = Promise.resolve(nothing);
  try {
    const last = Math.min((await file.stat()).size, end);
    let at = start;
    let [target, other]: [Bytes, Bytes] = [nothing, nothing];
    const readNext = () => {
      const length = Math.max(0, Math.min(pieceBytes, last - at));
      if (!reuse || target.length < length) target = new Uint8Array(length);
      next = readInto(file, at, target.subarray(0, length));
      [target, other] = [other, target];
      // Seen when its turn comes.
      next.catch(() => undefined);
    };
    readNext();
    while (true) {
      const piece = await next;
      if (piece.length === 0) return;
      at += piece.length;
      readNext();
      yield piece;
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}

const nothing = new Uint8Array(0);

async function readInto(file: FileHandle, position: number, target: Bytes): Promise<Bytes> {
  if (target.length === 0) return target;
  const { bytesRead } = await file.read(target, 0, target.length, position);
  return target.subarray(0, bytesRead);
}

/** Every file under a folder, by path relative to it; `onFolder` hears of each folder, itself included. */
export async function* walkFiles(root: string, onFolder?: (path: string) => void): AsyncGenerator<string> {
  const waiting = [''];
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    const path = prefix === '' ? root : `${root}/${prefix}`;
    onFolder?.(path);
    for await (const item of await opendir(path, { bufferSize: 256 })) {
      const name = prefix === '' ? item.name : `${prefix}/${item.name}`;
      if (item.isDirectory()) waiting.push(name);
      else yield name;
    }
  }
}

/** True when both paths stand on one file system, so that one dying disk takes both. */
export async function isSameDisk(left: string, right: string): Promise<boolean> {
  const [leftStat, rightStat] = await Promise.all([stat(left), stat(right)]);
  return leftStat.dev === rightStat.dev;
}

function writableFile(file: FileHandle): WritableFile {
  return {
    async write(bytes) {
      // A write may be short, on a full disk for one.
      for (let offset = 0; offset < bytes.length; ) offset += (await file.write(bytes, offset)).bytesWritten;
    },
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}

async function syncPath(path: string, sync: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, constants.O_RDONLY);
  try {
    await sync(file);
  } finally {
    await file.close();
  }
}
