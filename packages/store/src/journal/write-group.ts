import type { Bytes } from '@serment/core/bytes';
import { byteaArray, databaseError, numberArray } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';
import type { PlannedEntry } from './plan.ts';
import type { Tile } from './tiles.ts';

export interface Group {
  readonly practice: Bytes;
  /** Size of the journal before the group. */
  readonly size: number;
  /** Root after the group. */
  readonly root: Bytes;
  readonly entries: readonly PlannedEntry[];
  readonly tiles: readonly Tile[];
}

/**
 * Writes a group in one statement; true once it is durable, false, with nothing written, when the head was elsewhere.
 * Throws STORAGE_FULL, DATABASE_UNAVAILABLE: after the latter it may have been written all the same.
 */
export async function writeGroup(
  database: Database,
  { practice, size, root, entries, tiles }: Group,
): Promise<boolean> {
  const column = (of: (planned: PlannedEntry) => Uint8Array | null) => byteaArray(entries.map(of));
  try {
    const [row] = await database<{ written: boolean }[]>`
      SELECT serment.append_group(
        ${practice}, ${size}, ${root},
        ${column(({ entry }) => entry.bytes)}::bytea[],
        ${column(({ entry }) => entry.id)}::bytea[],
        ${column(({ entry }) => entry.header.stream)}::bytea[],
        ${numberArray(entries.map(({ entry }) => entry.receivedAt))}::bigint[],
        ${column(({ payload }) => payload)}::bytea[],
        ${numberArray(tiles.map((tile) => tile.level))}::smallint[],
        ${numberArray(tiles.map((tile) => tile.number))}::bigint[],
        ${byteaArray(tiles.map((tile) => tile.root))}::bytea[],
        ${byteaArray(tiles.map((tile) => tile.hashes))}::bytea[]
      ) AS written`;
    return row?.written ?? false;
  } catch (cause) {
    throw databaseError(cause);
  }
}
