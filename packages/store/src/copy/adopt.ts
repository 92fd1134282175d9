import { bytesToUtf8, equalBytes, hexToBytes } from '@serment/core/bytes';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, formatCopyName, indexFanOut } from '@serment/core/copy/names';
import { hashTileBytes } from '@serment/core/copy/nodes';
import { sha256 } from '@serment/core/hash';
import { type Checkpoint, parseCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier } from '@serment/core/journal/tree';
import { checkBundle, readObject, readRawBundle } from './bundle-check.ts';
import type { Destination } from './destination.ts';
import { type Held, wholeBundles } from './held.ts';
import { type FencePlace, rootOfTile } from './upper-levels.ts';

export interface AdoptOptions {
  readonly destination: Destination;
  readonly place: FencePlace;
  readonly held: Held;
  readonly signCheckpoint: (checkpoint: Checkpoint) => Promise<string>;
}

export interface Adopted {
  /** Roots of the full bundles that are there and whole. */
  readonly roots: readonly Uint8Array[];
  /** Size of the greatest checkpoint object that was read back and is the host's, 0 when none is. */
  readonly checkpointed: number;
  /** Name of a greater checkpoint object that is not. */
  readonly foreign: string | null;
}

/**
 * What a new writer takes over from the one before it. A name proves nothing: the greatest checkpoint is read back, and
 * every object that it does not commit. `held` forgets the higher tiles and indexes that it does not commit, so that they
 * are compared when they are put again.
 */
export async function adoptBundles(options: AdoptOptions): Promise<Adopted> {
  const { destination, place, held } = options;
  const count = wholeBundles(held);
  let roots = await readRoots(options, count, true);
  let found = await findCheckpoint(options, roots);
  if (found.checkpointed === 0 && count >= bundleSize) {
    // One higher tile that is not the writer's must not hide every checkpoint.
    roots = await readRoots(options, count, false);
    found = await findCheckpoint(options, roots);
  }
  forgetUncommitted(held, found.checkpointed);
  for (let number = found.checkpointed / bundleSize; number < count; number += 1)
    if (!(await isWhole(destination, place, number))) return { ...found, roots: roots.slice(0, number) };
  return { ...found, roots };
}

/** True when the object is a note that the host would sign for this size and root, byte for byte. */
export async function isOwnNote(options: {
  note: string;
  expected: Checkpoint;
  signCheckpoint: (checkpoint: Checkpoint) => Promise<string>;
}): Promise<boolean> {
  const { note, expected, signCheckpoint } = options;
  try {
    const { practice, fence, size, root } = parseCheckpoint(note).checkpoint;
    const isSame = equalBytes(practice, expected.practice) && fence === expected.fence && size === expected.size;
    // Signatures are deterministic (RFC 8032): only what was signed before is signed again.
    return isSame && equalBytes(root, expected.root) && note === (await signCheckpoint(expected));
  } catch {
    return false;
  }
}

async function findCheckpoint(
  { destination, place, held, signCheckpoint }: AdoptOptions,
  roots: readonly Uint8Array[],
): Promise<Pick<Adopted, 'checkpointed' | 'foreign'>> {
  let foreign: string | null = null;
  for (const size of [...held.checkpoints].sort((left, right) => right - left)) {
    if (size / bundleSize > roots.length) continue;
    const name = formatCopyName({ kind: 'checkpoint', ...place, size });
    const bundles = new Frontier();
    for (const root of roots.slice(0, size / bundleSize)) bundles.append(new Uint8Array(root));
    const expected = { practice: hexToBytes(place.practice), fence: place.fence, size, root: bundles.root() };
    const note = await readNote(destination, name);
    if (note !== null && (await isOwnNote({ note, expected, signCheckpoint }))) return { checkpointed: size, foreign };
    foreign ??= name;
  }
  return { checkpointed: 0, foreign };
}

/** The text of a checkpoint object; null when there is none, or none that is text. */
export async function readNote(destination: Destination, name: string): Promise<string | null> {
  const object = await readObject(destination, name);
  try {
    return object instanceof Uint8Array ? bytesToUtf8(object) : null;
  } catch {
    return null;
  }
}

async function readRoots(
  { destination, place, held }: AdoptOptions,
  count: number,
  byTiles: boolean,
): Promise<Uint8Array[]> {
  const roots: Uint8Array[] = [];
  while (roots.length < count) {
    const number = roots.length / bundleSize;
    const name = { kind: 'tile', ...place, level: 1, number } as const;
    const isTiled = byTiles && held.tiles.get(1)?.has(number) === true && roots.length + bundleSize <= count;
    const tile = isTiled ? await destination.get(formatCopyName(name)) : null;
    if (tile?.length === hashTileBytes)
      for (let start = 0; start < hashTileBytes; start += 32) roots.push(tile.subarray(start, start + 32));
    else roots.push(await rootOfTile(destination, place, 0, roots.length));
  }
  return roots;
}

function forgetUncommitted(held: Held, checkpointed: number): void {
  for (const [levels, width] of [
    [held.tiles, (level: number) => bundleSize ** (level + 1)],
    [held.indexes, (level: number) => bundleSize * indexFanOut ** level],
  ] as const)
    for (const [level, numbers] of levels)
      for (const number of numbers) if (level > 0 && (number + 1) * width(level) > checkpointed) numbers.delete(number);
}

async function isWhole(destination: Destination, place: FencePlace, number: number): Promise<boolean> {
  const { entries, payloads, findings } = checkBundle(await readRawBundle(destination, place, number), place, null);
  if (findings.length > 0 || payloads === null) return false;
  for (const [position, entry] of entries.entries())
    if (entry === null || !(await isPayloadRight(destination, place.practice, { entry, payload: payloads[position] })))
      return false;
  return true;
}

/** True when the payload is the entry's own; where it is not there, when a document of that name is. */
export async function isPayloadRight(
  destination: Destination,
  practice: string,
  { entry, payload }: { entry: Uint8Array; payload: Uint8Array | null | undefined },
): Promise<boolean> {
  const { payloadHash } = readEntryPlace(entry);
  if (payload === null || payload === undefined) {
    if (payloadHash === null) return true;
    const hash = Buffer.from(payloadHash).toString('hex');
    return destination.has(formatCopyName({ kind: 'blob', practice, hash }));
  }
  return payloadHash !== null && equalBytes(sha256(payload), payloadHash);
}
