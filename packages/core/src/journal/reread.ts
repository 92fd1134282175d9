import type { Bytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { type DrillOutcome, drillOutcomes, maxDrillCodeBytes, maxDrillCodes } from './body.ts';
import type { TreeHead } from './header.ts';
import { makeShape } from './shape.ts';

/**
 * What a practice's own device found of a copy, having read some of it back and opened it: the content of a `reread`
 * payload (docs/format/journal.md). Size and root are those of the state that was read, 0 where none was.
 */
export interface Reread extends TreeHead {
  /** Name of the copy. */
  readonly destination: string;
  readonly durationMs: number;
  /** Entries and documents that were read, opened and compared. */
  readonly records: number;
  readonly documents: number;
  /** What they weighed, sealed. */
  readonly bytes: number;
  readonly outcome: DrillOutcome;
  /** What was found, or what kept it from an answer. */
  readonly codes: readonly string[];
}

const shape = makeShape('PAYLOAD_INVALID');

/** The content's bytes. What it says is not checked. */
export function encodeReread({ destination, size, root, durationMs, ...found }: Reread): Bytes {
  const { records, documents, bytes, outcome, codes } = found;
  return encodeCanonical([1, destination, size, root, durationMs, records, documents, bytes, outcome, [...codes]]);
}

/** Reads what `encodeReread` wrote. Throws FORMAT_UNKNOWN for another format, PAYLOAD_INVALID for anything else. */
export function parseReread(bytes: Uint8Array): Reread {
  const items = shape.array(decodeContent(bytes));
  if (items[0] !== 1) throw new CoreError('FORMAT_UNKNOWN', 'The content of a reread is of another format');
  const [, destination, size, root, durationMs, records, documents, weight, outcome, codes] = shape.array(items, 10);
  const reread = {
    destination: shape.text(destination),
    size: shape.uint(size),
    root: shape.bytes(root, 32),
    durationMs: shape.uint(durationMs),
    records: shape.uint(records),
    documents: shape.uint(documents),
    bytes: shape.uint(weight),
    outcome: shape.choice(outcome, drillOutcomes),
    codes: shape.array(codes).map((code) => shape.text(code, maxDrillCodeBytes)),
  };
  if (reread.codes.length > maxDrillCodes || new Set(reread.codes).size < reread.codes.length)
    shape.fail(`at most ${maxDrillCodes} codes, each once`);
  const isProven = reread.codes.length === 0 && reread.records > 0;
  if (isProven !== (reread.outcome === 'proven')) shape.fail('one that is proven read something and found nothing');
  return reread;
}

function decodeContent(bytes: Uint8Array): CborValue {
  try {
    return decodeCanonical(bytes);
  } catch (cause) {
    throw new CoreError('PAYLOAD_INVALID', 'The content of a reread is not canonical CBOR', { cause });
  }
}
