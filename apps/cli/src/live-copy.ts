import { join, resolve } from 'node:path';
import { hexToBytes } from '@serment/core/bytes';
import { createFolderBlobs } from '@serment/store/blob/folder-blobs';
import { listCaptured, readCaptured } from '@serment/store/capture';
import type { Destination } from '@serment/store/copy/destination';
import { liveDestination } from '@serment/store/copy/live-destination';
import { asOwner } from '@serment/store/open-owner';
import type { Given } from './command.ts';
import { placeOf } from './host-place.ts';

/**
 * Runs something with the host's live entries and documents as one more place to read from, beside its server or without
 * one; the database is that of the folder, or of DATABASE_URL. Throws PATH_MISSING, and what opening the database throws.
 */
export async function withLiveCopy<Result>(given: Given, run: (live: Destination) => Promise<Result>): Promise<Result> {
  const databaseUrl = process.env.DATABASE_URL || null;
  const place = databaseUrl === null ? await placeOf(given) : { databaseUrl };
  const blobs = await createFolderBlobs(join(resolve(given.text('data')), 'blobs'));
  const nameOf = (practice: string, hash: string) => ({ practice: hexToBytes(practice), hash: hexToBytes(hash) });
  return asOwner(place, (database) =>
    run(
      liveDestination({
        practices: () => listCaptured(database),
        readRange: (practice, from, to) => readCaptured(database, hexToBytes(practice), from, to),
        openBlob: (practice, hash) => blobs.read(nameOf(practice, hash)),
        hasBlob: async (practice, hash) => (await blobs.size(nameOf(practice, hash))) !== null,
      }),
    ),
  );
}
