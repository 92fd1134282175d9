import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CopyError } from './copy-error.ts';
import { type CopyPlace, membersOf, readPlaces } from './places.ts';

/** A place that stands beside the file of copies, whole and on the disk, until it is taken in or given up. */
export interface PreparedPlace {
  /**
   * Puts the file in its place, with the new copy. Throws COPIES_FILE_CHANGED where somebody changed it meanwhile, and
   * COPIES_FILE_UNWRITABLE; nothing was changed then.
   */
  commit(): Promise<void>;
  /** Removes what was prepared; after `commit`, does nothing. */
  abandon(): Promise<void>;
}

const freshPattern = /^\.copies-[0-9a-f]{16}$/;
const credentialsPattern = /^copy-[0-9a-f]{16}\.json$/;
/** Another server may be adding a copy just now. */
const leftoverMs = 3_600_000;
const maxBytes = 65_536;

/**
 * Writes a place into a new file beside the file of copies, which need not exist, and its credentials into one of their
 * own; both of mode 0600, forced to the disk, and read back as a start reads them. Throws COPIES_FILE_FIXED where the file
 * is not this process's to write, COPIES_FILE_INVALID, COPIES_FILE_UNWRITABLE.
 */
export async function preparePlace(path: string, place: CopyPlace, env: NodeJS.ProcessEnv): Promise<PreparedPlace> {
  // A link stays one: what it leads to is written.
  const file = await realpath(path).catch(() => path);
  const before = await writableText(file);
  const folder = dirname(file);
  const [fresh, secret] = [join(folder, `.copies-${randomName()}`), join(folder, `copy-${randomName()}.json`)];
  const written: string[] = [];
  const write = async (name: string, value: object) => {
    written.push(name);
    await writeDurably(name, `${JSON.stringify(value, null, 2)}\n`);
  };
  const abandon = async () => {
    for (const name of written) await rm(name, { force: true });
  };
  try {
    const isBucket = place.kind === 's3';
    if (isBucket) await write(secret, place.credentials);
    const members = { ...membersOf(place), ...(isBucket ? { credentials: { file: basename(secret) } } : {}) };
    await write(fresh, withCopy(before, place.name, members));
    await syncFolder(folder);
    const found = (await readPlaces(fresh, env)).find(({ name }) => name === place.name);
    if (!isDeepStrictEqual(found, place)) throw invalid();
  } catch (cause) {
    await abandon();
    throw cause instanceof CopyError ? cause : isSystem(cause) ? unwritable(cause) : invalid(cause);
  }
  return {
    async commit() {
      if ((await textOrNull(file)) !== before)
        throw new CopyError('COPIES_FILE_CHANGED', 'Somebody changed the file of copies meanwhile', {
          hint: 'Look at it, and add the copy again.',
        });
      try {
        await rename(fresh, file);
        written.length = 0;
        await syncFolder(folder);
      } catch (cause) {
        throw unwritable(cause);
      }
    },
    abandon,
  };
}

/** Removes what additions left beside the file when the server was killed. What the file names stays. */
export async function sweepPlaces(path: string, now: number): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const folder = dirname(file);
  const text = (await textOrNull(file).catch(() => null)) ?? '';
  for (const name of await readdir(folder).catch(() => [])) {
    if (!(freshPattern.test(name) || (credentialsPattern.test(name) && !text.includes(name)))) continue;
    const found = await stat(join(folder, name)).catch(() => null);
    if (found !== null && now - found.mtimeMs > leftoverMs) await rm(join(folder, name), { force: true });
  }
}

/** What the file says; null when there is none. Throws COPIES_FILE_FIXED. */
async function writableText(file: string): Promise<string | null> {
  try {
    const text = await textOrNull(file);
    // Taking every right to write away says that it is fixed, to a server that runs as root too.
    if (text !== null && ((await stat(file)).mode & 0o222) === 0) throw fixed();
    if (text !== null) await access(file, constants.W_OK);
    await access(dirname(file), constants.W_OK | constants.X_OK);
    return text;
  } catch (cause) {
    throw cause instanceof CopyError ? cause : fixed(cause);
  }
}

function withCopy(before: string | null, name: string, members: object): object {
  const whole: unknown = before === null ? { copies: {} } : JSON.parse(before.replace(/^\uFEFF/, ''));
  if (typeof whole !== 'object' || whole === null || !('copies' in whole)) throw invalid();
  const { copies } = whole;
  if (typeof copies !== 'object' || copies === null || Array.isArray(copies)) throw invalid();
  if (Object.hasOwn(copies, name)) throw invalid();
  return { ...whole, copies: { ...copies, [name]: members } };
}

async function textOrNull(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > maxBytes) throw invalid();
    return text;
  } catch (cause) {
    if (isSystem(cause) && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function randomName(): string {
  return randomBytes(8).toString('hex');
}

function isSystem(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && 'syscall' in cause && 'code' in cause;
}

function fixed(cause?: unknown): CopyError {
  return new CopyError('COPIES_FILE_FIXED', 'The file of copies is not the server’s to write', {
    cause,
    hint: 'Add the copy to that file where it comes from, and start the server again.',
  });
}

function unwritable(cause: unknown): CopyError {
  return new CopyError('COPIES_FILE_UNWRITABLE', 'The file of copies could not be written', {
    cause,
    hint: 'See that its disk has room and works.',
  });
}

/** Without a cause that quotes the file, which may hold secrets in the wrong place. */
function invalid(cause?: unknown): CopyError {
  return new CopyError('COPIES_FILE_INVALID', 'The file of copies says something else than it may', {
    cause: cause instanceof SyntaxError ? undefined : cause,
    hint: 'Mend it: the server would not start with it either.',
  });
}
