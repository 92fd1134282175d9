import { type CopyName, fencePath, parseCopyName } from '@serment/core/copy/names';
import type { Destination } from './destination.ts';

export interface TailRange {
  readonly from: number;
  readonly to: number;
}

/** What a destination holds of one practice, by the names it lists. */
export interface Held {
  /** Greatest fence that has any object, 0 when none. */
  fence: number;
  readonly entries: Set<number>;
  readonly payload: Set<number>;
  readonly nodes: Set<number>;
  /** By level. */
  readonly tiles: Map<number, Set<number>>;
  readonly indexes: Map<number, Set<number>>;
  readonly checkpoints: Set<number>;
  readonly tails: TailRange[];
  /** Greatest revision by slot. */
  readonly drafts: Map<string, number>;
}

/** Lists one practice under one fence. */
export async function listHeld(destination: Destination, practice: string, fence: number): Promise<Held> {
  const held = emptyHeld();
  for await (const text of destination.list(`${practice}/`)) {
    const name = nameOrNull(text);
    if (name === null) continue;
    if ('fence' in name) {
      held.fence = Math.max(held.fence, name.fence);
      if (name.fence !== fence) continue;
    }
    addName(held, name);
  }
  return held;
}

/** Lists some folders of one practice under one fence, '' for all of them. */
export async function listUnder(
  destination: Destination,
  { practice, fence }: { practice: string; fence: number },
  folders: readonly string[],
): Promise<Held> {
  const held = emptyHeld();
  for (const folder of folders)
    for await (const text of destination.list(`${fencePath(practice, fence)}/${folder}`)) {
      const name = nameOrNull(text);
      if (name !== null) addName(held, name);
    }
  return held;
}

export function emptyHeld(): Held {
  return {
    fence: 0,
    entries: new Set(),
    payload: new Set(),
    nodes: new Set(),
    tiles: new Map(),
    indexes: new Map(),
    checkpoints: new Set(),
    tails: [],
    drafts: new Map(),
  };
}

/** Counts a name in; blobs are not counted, since there may be millions. */
export function addName(held: Held, name: CopyName): void {
  switch (name.kind) {
    case 'entries':
    case 'payload':
    case 'nodes':
      held[name.kind].add(name.number);
      break;
    case 'tile':
      levelOf(held.tiles, name.level).add(name.number);
      break;
    case 'index':
      levelOf(held.indexes, name.level).add(name.number);
      break;
    case 'checkpoint':
      held.checkpoints.add(name.size);
      break;
    case 'tail':
      held.tails.push({ from: name.from, to: name.to });
      break;
    case 'draft':
      held.drafts.set(name.slot, Math.max(name.revision, held.drafts.get(name.slot) ?? 0));
      break;
    default:
  }
}

/** Bundles that are whole, from the first without a gap. */
export function wholeBundles(held: Held): number {
  const tiles = held.tiles.get(0);
  const indexes = held.indexes.get(0);
  let count = 0;
  while (
    held.entries.has(count) &&
    held.payload.has(count) &&
    held.nodes.has(count) &&
    tiles?.has(count) &&
    indexes?.has(count)
  )
    count += 1;
  return count;
}

export function levelOf(levels: Map<number, Set<number>>, level: number): Set<number> {
  let numbers = levels.get(level);
  if (numbers === undefined) {
    numbers = new Set();
    levels.set(level, numbers);
  }
  return numbers;
}

export function nameOrNull(text: string): CopyName | null {
  try {
    return parseCopyName(text);
  } catch {
    return null;
  }
}
