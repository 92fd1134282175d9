import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, opendir, rm, stat } from 'node:fs/promises';

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
