import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { StoreError } from '../error.ts';

/** The layout of a data folder that this version reads and writes, kept in its `serment.json`. */
export const dataFormat = 1;

/**
 * Refuses, without touching anything, a data folder that this version would harm: DATA_NEWER for a later layout or
 * PostgreSQL, DATA_OLDER for an earlier PostgreSQL, DATA_DAMAGED for what cannot be told.
 */
export async function refuseUnfitData(dataDir: string, postgresVersion: string): Promise<void> {
  const newerHint = 'Start the version of Serment that wrote it, or a later one.';
  const format = await readFormat(dataDir);
  if (format !== null && format > dataFormat) {
    throw new StoreError('DATA_NEWER', 'A newer version of Serment wrote this data folder', {
      fields: { format, known: dataFormat },
      hint: newerHint,
    });
  }
  const recorded = await readOptional(path.join(dataDir, 'postgres', 'PG_VERSION'));
  if (recorded === null) return;
  const found = Number(recorded.trim());
  const known = Number.parseInt(postgresVersion, 10);
  if (!Number.isSafeInteger(found) || found < 1) throw damaged('PG_VERSION');
  if (found > known) {
    throw new StoreError('DATA_NEWER', 'A newer PostgreSQL wrote this data folder', {
      fields: { found, known },
      hint: newerHint,
    });
  }
  if (found < known) {
    throw new StoreError('DATA_OLDER', 'An older PostgreSQL wrote this data folder', {
      fields: { found, known },
      hint: 'Restore a copy into a new data folder (serment restore), or start the version of Serment that wrote it.',
    });
  }
}

/** Records the layout in a folder that does not have it yet. */
export async function recordFormat(dataDir: string): Promise<void> {
  if ((await readFormat(dataDir)) !== null) return;
  const file = path.join(dataDir, 'serment.json');
  await writeDurably(`${file}.new`, `${JSON.stringify({ format: dataFormat })}\n`);
  await rename(`${file}.new`, file);
  await syncFolder(dataDir);
}

/** Writes a whole file and forces it to the disk. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Forces a folder's names to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the system answered while the data folder was read or written, as an error an operator can act on. */
export function dataFolderError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return notWritable(cause);
    default:
      return cause;
  }
}

/** What PostgreSQL's programs say of the disk, as an error an operator can act on; null when it is something else. */
export function diskError(said: string, cause?: unknown): StoreError | null {
  if (/no space left|disk quota|free disk space|wrote only \d+ of/i.test(said)) return diskFull(cause);
  if (/permission denied|read-only file system|operation not permitted|wrong ownership/i.test(said)) {
    return notWritable(cause);
  }
  return null;
}

function diskFull(cause?: unknown): StoreError {
  return new StoreError('DISK_FULL', 'The disk that holds the data folder is full', {
    cause,
    hint: 'Free some space (at least 200 MB) and start again: nothing that was acknowledged is lost.',
  });
}

export function notWritable(cause?: unknown): StoreError {
  return new StoreError('DATA_NOT_WRITABLE', 'The data folder cannot be written', {
    cause,
    hint: 'Give a folder that belongs to the user who starts Serment, on a disk mounted for writing.',
  });
}

export function damaged(file: string): StoreError {
  return new StoreError('DATA_DAMAGED', 'The data folder is damaged', {
    fields: { file },
    hint: 'Keep the folder as it is and restore a copy into a new one (serment restore).',
  });
}

async function readFormat(dataDir: string): Promise<number | null> {
  const text = await readOptional(path.join(dataDir, 'serment.json'));
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'format' in value) {
      const { format } = value;
      if (typeof format === 'number' && Number.isSafeInteger(format) && format > 0) return format;
    }
  } catch {
    // Not JSON: the same answer as JSON that says something else.
  }
  throw damaged('serment.json');
}

async function readOptional(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}
