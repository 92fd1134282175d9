import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from './cobblestone.ts';

/** What a device shows of one patient's file. */
export interface ShownFile {
  /** `Patient/…` */
  readonly patient: string;
  /** Whether a consultation is being written in it. */
  readonly writes: boolean;
}

/** What a device says of the files that it shows (docs/format/sealing.md, Presence). */
export interface Beat {
  /** How often the device has opened the practice, from 1. */
  readonly opening: number;
  /** Beats since then, from 1. */
  readonly count: number;
  /** At most `maxShownFiles`. */
  readonly files: readonly ShownFile[];
}

/** What a beat is bound to: it opens under the name of nobody else. */
export interface BeatScope {
  readonly practice: Uint8Array;
  /** Of the device, 32 bytes. */
  readonly author: Uint8Array;
}

export const maxShownFiles = 6;

const format = 1;
const label = 'serment/presence/1';
const paddedBytes = 512;
const prefixBytes = 2;
const patientPattern = /^Patient\/[A-Za-z0-9.-]{1,64}$/;

/** Seals a beat to one size. Throws PAYLOAD_INVALID for what a beat cannot say. */
export async function sealBeat(
  epochKey: Uint8Array,
  scope: BeatScope,
  { opening, count, files }: Beat,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  const clear = encodeCanonical([format, opening, count, files.map(({ patient, writes }) => [patient, writes])]);
  beatFrom(decodeCanonical(clear));
  const padded = new Uint8Array(paddedBytes);
  new DataView(padded.buffer).setUint16(0, clear.length);
  padded.set(clear, prefixBytes);
  return sealBytes(deriveKey(epochKey, label), contextOf(scope), padded, random);
}

/** Throws SEALED_INVALID; CBOR_INVALID, FORMAT_UNKNOWN and PAYLOAD_INVALID for what a holder of the key made wrong. */
export async function openBeat(epochKey: Uint8Array, scope: BeatScope, sealed: Uint8Array): Promise<Beat> {
  const padded = await openBytes(deriveKey(epochKey, label), contextOf(scope), sealed);
  if (padded.length !== paddedBytes) throw beatInvalid();
  const end = prefixBytes + new DataView(padded.buffer, padded.byteOffset).getUint16(0);
  if (end > paddedBytes || padded.subarray(end).some((byte) => byte !== 0)) throw beatInvalid();
  return beatFrom(decodeCanonical(padded.subarray(prefixBytes, end)));
}

function beatFrom(value: CborValue): Beat {
  if (!Array.isArray(value)) throw beatInvalid();
  const [version, opening, count, files] = value;
  if (version !== format) throw new CoreError('FORMAT_UNKNOWN', 'A beat of an unknown format');
  if (value.length !== 4 || !isCount(opening) || !isCount(count)) throw beatInvalid();
  if (!Array.isArray(files) || files.length > maxShownFiles) throw beatInvalid();
  return { opening, count, files: files.map(shownFileFrom) };
}

function shownFileFrom(value: CborValue): ShownFile {
  const [patient, writes] = Array.isArray(value) && value.length === 2 ? value : [];
  if (typeof patient !== 'string' || !patientPattern.test(patient) || typeof writes !== 'boolean') throw beatInvalid();
  return { patient, writes };
}

function contextOf({ practice, author }: BeatScope): Bytes {
  return concatBytes(utf8ToBytes(label), encodeCanonical([practice, author]));
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function beatInvalid(): CoreError {
  return new CoreError('PAYLOAD_INVALID', 'Not a beat');
}
