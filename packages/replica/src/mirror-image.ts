import { JournalVerifier } from '@serment/core/journal/verifier';
import type { Cache } from './cache.ts';
import { openChecked, withChecksum } from './checksum.ts';
import { StreamIndex } from './stream-index.ts';
import type { VerifiedJournal } from './whole-journal.ts';

/** What a device keeps of a journal that it verified, beside the entries. */
export interface StoredImage {
  readonly verifier: Uint8Array;
  readonly streams: Uint8Array;
}

const names = { verifier: 'verifier', streams: 'streams/2' } as const;

export async function writeImage({ verifier, streams }: VerifiedJournal, cache: Cache): Promise<void> {
  await cache.putMany([
    [names.streams, withChecksum(streams.encode())],
    [names.verifier, withChecksum(verifier.encode())],
  ]);
}

/** Null where the device has none, or has one that the disk damaged. */
export async function readImage(cache: Cache): Promise<StoredImage | null> {
  const stored = await Promise.all([cache.get(names.verifier), cache.get(names.streams)]);
  const [verifier = null, streams = null] = stored.map(openChecked);
  return verifier === null || streams === null ? null : { verifier, streams };
}

/** Without it, the journal is read from the host again. */
export function dropImage(cache: Cache): Promise<void> {
  return cache.delete(names.verifier);
}

/** Throws for an image of another version. */
export function decodeImage(stored: StoredImage): VerifiedJournal {
  const verifier = JournalVerifier.resume(stored.verifier);
  return { verifier, streams: StreamIndex.decode(stored.streams, verifier.size) };
}
