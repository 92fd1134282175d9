import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, open, readdir, realpath, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { equalBytes } from '@serment/core/bytes';
import { markerName, markerText } from '@serment/core/copy/names';
import type { TriedPlace } from '@serment/core/wire/copy-place';
import { CopyError, systemToCopyError } from './copy-error.ts';
import { type Destination, isLeftover } from './destination.ts';
import { writeMarker } from './edition.ts';
import { isSameDisk } from './file-system.ts';
import { linkError } from './folder-batch.ts';
import { type CopyPlace, type FolderPlace, isWithinEachOther, openPlace, overlap } from './places.ts';

export interface TryOptions {
  /** Every other copy that this host knows, retired ones too. */
  readonly others: readonly CopyPlace[];
  readonly dataDir: string;
  /** Those that this host keeps, in hexadecimal. */
  readonly practices: ReadonlySet<string>;
  /** How long the place may take. */
  readonly patienceMs?: number;
}

const patienceMs = 20_000;
/** Another copy's disk may be gone: it holds back no new one. */
const realMs = 2000;
const markerBytes = new TextEncoder().encode(markerText);

/**
 * Looks whether a copy can be begun, or gone on with, at a place, and changes nothing there: of a folder that is there it
 * takes away again what it wrote. Throws why not: COPY_PLACE_TAKEN, COPY_NOT_EMPTY, COPY_OF_ANOTHER, COPY_FORMAT_UNKNOWN,
 * and what keeps the place from being reached or written.
 */
export function tryPlace(place: CopyPlace, options: TryOptions): Promise<TriedPlace> {
  return within(options, async () => {
    const found = await Promise.all([place, ...options.others].map(realPlace));
    const [real = place, ...others] = found;
    const data = await realPath(options.dataDir);
    const isInData = real.kind === 'folder' && isWithinEachOther(real.path, data);
    if (isInData || others.some((other) => overlap(real, other)))
      throw new CopyError('COPY_PLACE_TAKEN', 'Another copy is there, or the data', {
        hint: 'Each copy has a place of its own, in no other one.',
      });
    if (real.kind === 's3') return { ...(await look(place, options)), sameDisk: false, freeBytes: null };
    return tryFolder(real, options);
  });
}

/**
 * Writes what makes a place a copy, which says nothing of anybody, so that what keeps one from writing there is known
 * before anything else is done. Throws as `tryPlace`, and COPY_NOT_LOCKED where the store took it without a lock.
 */
export function claimPlace(place: CopyPlace, options: Pick<TryOptions, 'patienceMs'>): Promise<void> {
  return within(options, () =>
    opened(place, async (destination) => {
      await destination.prepare();
      const isNew = !(await destination.has(markerName));
      await writeMarker(destination);
      if (!isNew || place.kind === 'folder') return;
      const { assertMarkerLocked } = await import('./s3/lock-sample.ts');
      await assertMarkerLocked(place);
    }),
  );
}

async function tryFolder(place: FolderPlace, options: TryOptions): Promise<TriedPlace> {
  try {
    const isThere = await isFolder(place.path);
    const folder = isThere ? place.path : dirname(place.path);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bsize, bavail } = await statfs(folder);
    const disk = { sameDisk: await isSameDisk(options.dataDir, folder), freeBytes: bsize * bavail };
    if (!isThere) return { isEmpty: true, practices: 0, ...disk };
    const found = await look(place, options);
    await tryLink(folder);
    return { ...found, ...disk };
  } catch (cause) {
    throw systemToCopyError(cause);
  }
}

/** What stands there already: nothing, or a copy of this host's. */
function look(
  place: CopyPlace,
  { practices }: TryOptions,
): Promise<{ readonly isEmpty: boolean; readonly practices: number }> {
  return opened(place, async (destination) => {
    // Of a bucket it asks for the lock's settings, and writes nothing.
    if (place.kind === 's3') await destination.prepare();
    const markerSize = await destination.size(markerName);
    if (markerSize === null) {
      if (await isEmpty(place, destination)) return { isEmpty: true, practices: 0 };
      throw new CopyError('COPY_NOT_EMPTY', 'Something that is no copy is there', {
        hint: 'Give an empty folder, or a prefix under which there is nothing.',
      });
    }
    const isOurs = markerSize === markerBytes.length && equalBytes(await destination.get(markerName), markerBytes);
    if (!isOurs)
      throw new CopyError('COPY_FORMAT_UNKNOWN', 'There is a copy of another format', {
        hint: 'Use the release of Serment that wrote it, or another place.',
      });
    const held = (await destination.listFolders('')).filter((name) => /^[0-9a-f]{64}$/.test(name));
    if (held.every((practice) => practices.has(practice))) return { isEmpty: false, practices: held.length };
    throw new CopyError('COPY_OF_ANOTHER', 'The copy that is there holds practices of another installation', {
      hint: 'Each installation has places of its own: give another one.',
    });
  });
}

async function isEmpty(place: CopyPlace, destination: Destination): Promise<boolean> {
  if (place.kind === 'folder') {
    const names = await readdir(place.path);
    // What a fresh disk has, and what a writer that died left.
    return names.every((name) => name === 'lost+found' || isLeftover(name));
  }
  for await (const _ of destination.list('')) return false;
  return true;
}

/** Objects get their name by a hard link, which not every file system has. */
async function tryLink(folder: string): Promise<void> {
  const names = [leftoverName(), leftoverName()] as const;
  const [from, to] = [join(folder, names[0]), join(folder, names[1])];
  try {
    const file = await open(from, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o640);
    await file.close();
    await link(from, to).catch((cause: unknown) => {
      throw linkError(cause);
    });
  } finally {
    for (const path of [from, to]) await rm(path, { force: true });
  }
}

function leftoverName(): string {
  return `.new-${randomBytes(8).toString('hex')}`;
}

async function opened<Result>(place: CopyPlace, work: (destination: Destination) => Promise<Result>): Promise<Result> {
  const destination = await openPlace(place, { neverBlocks: true });
  try {
    return await work(destination);
  } finally {
    await destination.close();
  }
}

/** What a place answers, unless it is silent: a disk that is gone may never say so. */
async function within<Result>(
  { patienceMs: limitMs = patienceMs }: Pick<TryOptions, 'patienceMs'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const working = work();
  const waiting = new AbortController();
  const silence = delay(limitMs, null, { signal: waiting.signal }).then(() => {
    throw new CopyError('COPY_UNREACHABLE', 'The place does not answer', {
      hint: 'Check the disk, or the endpoint and the network.',
    });
  });
  silence.catch(() => undefined);
  try {
    return await Promise.race([working, silence]);
  } finally {
    // Whoever stopped waiting was told why; what comes later is nobody's.
    working.catch(() => undefined);
    waiting.abort();
  }
}

/** The same place without links on the way. One that does not say in time is taken as it is written. */
async function realPlace(place: CopyPlace): Promise<CopyPlace> {
  if (place.kind === 's3') return place;
  const found = await Promise.race([realPath(place.path), delay(realMs, place.path, { ref: false })]);
  return { ...place, path: found };
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false;
    throw cause;
  }
  throw new CopyError('COPY_FOLDER_MISSING', 'The copy folder is not a folder', {
    hint: 'Check the path of the copy folder.',
  });
}
