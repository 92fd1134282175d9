import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from './cobblestone.ts';
import { packContent, unpackContent } from './pack.ts';

const draftFormat = 1;
const label = utf8ToBytes('serment/draft/1');

/** The slot that a draft is written to, and the practice it is in. */
export interface DraftPlace {
  readonly practice: Uint8Array;
  /** 16 random bytes. */
  readonly slot: Uint8Array;
}

export interface DraftHead {
  readonly compartment: string;
  readonly epoch: number;
  /** Counts from 1. */
  readonly revision: number;
}

export interface Draft extends DraftHead {
  readonly sealed: Bytes;
}

/** Seals one revision of a draft (docs/format/sealing.md, drafts). */
export async function sealDraft(
  epochKey: Uint8Array,
  draft: DraftPlace & DraftHead,
  content: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  const { compartment, epoch, revision } = draft;
  if (!(isCount(epoch) && isCount(revision))) throw new RangeError('Epochs and revisions count from 1');
  const context = draftContext(draft, revision);
  const sealed = await sealBytes(draftInputKey(epochKey), context, await packContent(content), random);
  return encodeCanonical([draftFormat, compartment, epoch, revision, sealed]);
}

/** Opens a draft that was read from `place`. Throws SEALED_INVALID, PAYLOAD_INVALID. */
export async function openDraft(epochKey: Uint8Array, place: DraftPlace, draft: Draft): Promise<Bytes> {
  return unpackContent(await openBytes(draftInputKey(epochKey), draftContext(place, draft.revision), draft.sealed));
}

/** Reads what a slot holds, without opening it. Throws CBOR_INVALID, FORMAT_UNKNOWN, PAYLOAD_INVALID. */
export function parseDraft(bytes: Uint8Array): Draft {
  const value = decodeCanonical(bytes);
  if (!Array.isArray(value)) throw draftInvalid();
  const [format, compartment, epoch, revision, sealed] = value;
  if (format !== draftFormat) throw new CoreError('FORMAT_UNKNOWN', 'A draft of an unknown format');
  if (value.length !== 5 || typeof compartment !== 'string' || !(sealed instanceof Uint8Array)) throw draftInvalid();
  if (!(isCount(epoch) && isCount(revision))) throw draftInvalid();
  return { compartment, epoch, revision, sealed: new Uint8Array(sealed) };
}

export function draftInputKey(epochKey: Uint8Array): Bytes {
  return deriveKey(epochKey, 'serment/draft/1');
}

function draftContext(place: DraftPlace, revision: number): Bytes {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(revision));
  return concatBytes(label, place.practice, place.slot, number);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function draftInvalid(): CoreError {
  return new CoreError('PAYLOAD_INVALID', 'Not a draft');
}
