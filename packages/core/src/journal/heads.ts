import { type Bytes, compareBytes, equalBytes, joinBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical, encodeHead } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { maxTextBytes } from './body.ts';
import { hostStream, type TreeHead } from './header.ts';
import { makeShape, orNull } from './shape.ts';

/** The last entry of an author before the size of a `heads`. */
export interface AuthorHead {
  readonly author: Bytes;
  readonly index: number;
  readonly id: Bytes;
}

/** All the entries of a stream before the size of a `heads`. */
export interface StreamEntries {
  readonly stream: Bytes;
  readonly compartment: string | null;
  /** Id of the last one. */
  readonly id: Bytes;
  /** Their numbers, ascending. */
  readonly entries: readonly number[];
  /** Those of them that are snapshots, ascending. */
  readonly snapshots: readonly number[];
}

/** What stands before a size: the content of a `heads` payload (docs/format/journal.md, Heads). */
export interface Heads extends TreeHead {
  /** Everyone who has an entry, sorted. */
  readonly authors: readonly AuthorHead[];
  /** Every stream but the host's, sorted. */
  readonly streams: readonly StreamEntries[];
}

/** A `heads` is written at multiples of this size, and a reader starts from no other. */
export const headsStep = 256;
/** Of CBOR. */
const arrayType = 4;

const shape = makeShape('PAYLOAD_INVALID');
type Item = CborValue | undefined;
const hash = (item: Item) => shape.bytes(item, 32);

/** The content's bytes; the same entries give the same bytes. What it says is not checked. */
export function encodeHeads(heads: Heads): Bytes {
  return joinBytes([...headsParts(heads)]);
}

/** The content's bytes, in parts of one stream each: for who writes them between other work. */
export function* headsParts({ size, root, authors, streams }: Heads): Generator<Bytes> {
  yield encodeHead(arrayType, 5);
  yield* [1, size, root].map(encodeCanonical);
  yield encodeCanonical(authors.map(({ author, index, id }) => [author, index, id]));
  yield encodeHead(arrayType, streams.length);
  for (const { stream, compartment, id, entries, snapshots } of streams) {
    const steps = entries.map((index, place) => index - (entries[place - 1] ?? 0));
    yield encodeCanonical([stream, compartment, id, steps, snapshots]);
  }
}

/** Reads what `encodeHeads` wrote. Throws FORMAT_UNKNOWN for another format, PAYLOAD_INVALID for anything else. */
export function parseHeads(bytes: Uint8Array): Heads {
  const items = shape.array(decodeContent(bytes));
  if (items[0] !== 1) throw new CoreError('FORMAT_UNKNOWN', 'The content of a heads is of another format');
  const [, sizeItem, root, authorItems, streamItems] = shape.array(items, 5);
  const size = shape.uint(sizeItem, 1);
  const authors = shape.array(authorItems).map((item) => parseAuthor(item, size));
  const streams = shape.array(streamItems).map((item) => parseStream(item, size));
  assertAscending(authors.map(({ author }) => author));
  assertAscending(streams.map(({ stream }) => stream));
  return { size, root: hash(root), authors, streams };
}

function decodeContent(bytes: Uint8Array): CborValue {
  try {
    return decodeCanonical(bytes);
  } catch (cause) {
    throw new CoreError('PAYLOAD_INVALID', 'The content of a heads is not canonical CBOR', { cause });
  }
}

function parseAuthor(item: CborValue, size: number): AuthorHead {
  const [author, index, id] = shape.array(item, 3);
  return { author: hash(author), index: shape.uint(index, 0, size - 1), id: hash(id) };
}

function parseStream(item: CborValue, size: number): StreamEntries {
  const [streamItem, compartment, id, steps, snapshotItems] = shape.array(item, 5);
  const stream = shape.bytes(streamItem, 16);
  if (equalBytes(stream, hostStream)) shape.fail('the host stream is left out');
  let last = 0;
  const entries = shape.array(steps).map((step, place) => {
    last += shape.uint(step, place === 0 ? 0 : 1, size - 1 - last);
    return last;
  });
  if (entries.length === 0) shape.fail('a stream has one entry at least');
  const known = new Set(entries);
  const snapshots = shape.array(snapshotItems).map((number) => shape.uint(number));
  const areOrdered = snapshots.every((number, place) => place === 0 || number > (snapshots[place - 1] ?? 0));
  if (!(areOrdered && snapshots.every((number) => known.has(number)))) shape.fail('snapshots are entries, ascending');
  const name = orNull(compartment, (text) => shape.text(text, maxTextBytes));
  return { stream, compartment: name, id: hash(id), entries, snapshots };
}

function assertAscending(keys: readonly Bytes[]): void {
  for (const [place, key] of keys.entries()) {
    const before = keys[place - 1];
    if (before !== undefined && compareBytes(before, key) >= 0) shape.fail('sorted, each once');
  }
}
