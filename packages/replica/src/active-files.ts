import { bytesToHex } from '@serment/core/bytes';
import { patientStream } from '@serment/records/route';
import type { Practice } from './practice.ts';

/** A stream's id costs a few microseconds: 20 000 of them hold up whoever waits. */
const idsAtOnce = 256;

/**
 * Patients in whose files, or in those that were merged into them, something was written since an instant, ms on the host's
 * clock: the one that was written in last comes first. What it says is not looked at: an import writes in all.
 */
export async function writtenSince(practice: Practice, since: number): Promise<string[]> {
  const { directory, mirror } = practice;
  const from = await firstEntrySince(practice, since);
  const files: { readonly id: string; readonly last: number }[] = [];
  for (const [place, { id }] of directory.list().entries()) {
    if (place % idsAtOnce === 0) await practice.giveWay();
    const own = [id, ...directory.mergedInto(id).map((merged) => merged.id)];
    const last = Math.max(...own.map((one) => mirror.entriesOf(streamOf(practice, one)).at(-1) ?? -1));
    if (last >= from) files.push({ id, last });
  }
  return files.sort((left, right) => right.last - left.last).map(({ id }) => id);
}

/** Whether a restriction stands on a patient's file, whoever it names. */
export function isRestricted(practice: Practice, patient: string): boolean {
  return practice.mirror.governance.restrictions.has(bytesToHex(streamOf(practice, patient)));
}

function streamOf({ keyring }: Practice, patient: string) {
  return keyring.stream('clinical', patientStream(patient)).id;
}

/** The host's clock never decreases along the journal. */
async function firstEntrySince({ mirror }: Practice, since: number): Promise<number> {
  let [low, high] = [0, mirror.size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await mirror.entry(middle)).receivedAt < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
