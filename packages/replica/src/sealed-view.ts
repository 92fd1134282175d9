import { bytesToHex } from '@serment/core/bytes';
import { patientStream } from '@serment/records/route';
import type { Practice } from './practice.ts';

/** One entry of a file as the host holds it: nothing here was opened. */
export interface SealedView {
  readonly index: number;
  readonly receivedAt: number;
  readonly kind: string;
  /** Pseudonyms, in hexadecimal. */
  readonly stream: string;
  readonly author: string;
  readonly compartment: string | null;
  readonly entryBytes: number;
  readonly payloadBytes: number;
  readonly headerHex: string;
  /** The first bytes of the sealed payload. */
  readonly payloadHex: string;
}

const shownBytes = 512;
const shownEntries = 50;

/** The last entries of a patient's file, byte for byte as they stand at the host. */
export async function sealedView(practice: Practice, patient: string): Promise<SealedView[]> {
  const stream = practice.keyring.stream('clinical', patientStream(patient));
  const indexes = practice.mirror.entriesOf(stream.id).slice(-shownEntries).reverse();
  const views: SealedView[] = [];
  for (const index of indexes) {
    const entry = await practice.mirror.entry(index);
    const payload = await practice.reader.sealed(index);
    views.push({
      index,
      receivedAt: entry.receivedAt,
      kind: entry.header.kind,
      stream: bytesToHex(entry.header.stream),
      author: bytesToHex(entry.header.author),
      compartment: entry.header.compartment,
      entryBytes: entry.bytes.length,
      payloadBytes: payload?.length ?? 0,
      headerHex: bytesToHex(entry.headerBytes),
      payloadHex: bytesToHex((payload ?? new Uint8Array()).subarray(0, shownBytes)),
    });
  }
  return views;
}
