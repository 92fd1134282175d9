import { type Bytes, bytesToHex, concatBytes, equalBytes, utf8ToBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { type Body, bodyToCbor, type Kind, kinds, maxTextBytes, parseBody } from './body.ts';
import { makeShape, orNull } from './shape.ts';

export { type Kind, kinds };

/** Size and root of a tree, as a checkpoint gives them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Bytes;
}

export interface BlobRef {
  readonly hash: Bytes;
  /** Of the sealed bytes. */
  readonly size: number;
}

/** A header of 13 items (docs/format/journal.md). `kind` and `body.kind` are the same. */
export interface Header {
  readonly format: 1;
  readonly practice: Bytes | null;
  readonly kind: Kind;
  readonly author: Bytes;
  readonly stream: Bytes;
  readonly compartment: string | null;
  readonly epoch: number;
  readonly base: Bytes | null;
  readonly prev: Bytes | null;
  readonly seen: TreeHead | null;
  /** The author's clock, milliseconds since 1970, for display only. */
  readonly time: number;
  readonly blobs: readonly BlobRef[];
  readonly body: Body;
}

export const maxBlobBytes = 268_435_456;
export const governanceStream: Bytes = new Uint8Array(16);
export const hostStream: Bytes = new Uint8Array(16);
hostStream[15] = 1;
// What no stream id that is derived under a key begins with, but by an accident of 1 in 2⁶⁴.
const inboxPrefix = utf8ToBytes('inbox/1\0');

/** Where a member deposits what it may not read (docs/format/journal.md, Deposits). */
export function inboxStream(member: Uint8Array): Bytes {
  return concatBytes(inboxPrefix, member.subarray(0, 16 - inboxPrefix.length));
}

export function isInboxStream(stream: Uint8Array): boolean {
  return equalBytes(stream.subarray(0, inboxPrefix.length), inboxPrefix);
}

const shape = makeShape('ENTRY_INVALID');
type Item = CborValue | undefined;
const hash = (item: Item) => shape.bytes(item, 32);

/** The bytes that are signed. Throws as `parseHeader` does when no reader would accept them. */
export function encodeHeader(header: Header): Bytes {
  if (header.kind !== header.body.kind) shape.fail('the body is of the kind that the header names');
  const bytes = encodeCanonical([
    header.format,
    header.practice,
    header.kind,
    header.author,
    header.stream,
    header.compartment,
    header.epoch,
    header.base,
    header.prev,
    header.seen === null ? null : [header.seen.size, header.seen.root],
    header.time,
    header.blobs.map((blob) => [blob.hash, blob.size]),
    bodyToCbor(header.body),
  ]);
  parseHeader(bytes);
  return bytes;
}

/**
 * Reads a header. Throws FORMAT_UNKNOWN for another format number, ENTRY_INVALID for anything malformed (with the field
 * `refusal` KIND_UNKNOWN when only the kind is unknown), BODY_INVALID when the body is not the kind's.
 */
export function parseHeader(bytes: Uint8Array): Header {
  const items = shape.array(decodeHeader(bytes));
  if (items[0] !== 1) throw new CoreError('FORMAT_UNKNOWN', 'The header is of another format');
  if (items.length !== 13) shape.fail('a header has 13 items');
  const kind = parseKind(items[2]);
  const practice = orNull(items[1], hash);
  if ((practice === null) !== (kind === 'genesis')) shape.fail('practice is null in genesis only');
  const compartment = orNull(items[5], (item) => shape.text(item, maxTextBytes));
  const epoch = compartment === null ? shape.uint(items[6], 0, 0) : shape.uint(items[6], 1);
  return {
    format: 1,
    practice,
    kind,
    author: hash(items[3]),
    stream: shape.bytes(items[4], 16),
    compartment,
    epoch,
    base: orNull(items[7], hash),
    prev: orNull(items[8], hash),
    seen: orNull(items[9], parseSeen),
    time: shape.uint(items[10]),
    blobs: parseBlobs(items[11]),
    body: parseBody(kind, items[12] ?? null),
  };
}

function decodeHeader(bytes: Uint8Array): CborValue {
  try {
    return decodeCanonical(bytes);
  } catch (cause) {
    throw new CoreError('ENTRY_INVALID', 'The header is not canonical CBOR', { cause });
  }
}

function parseKind(item: Item): Kind {
  const text = shape.text(item, maxTextBytes);
  const kind = kinds.find((known) => known === text);
  if (kind === undefined)
    throw new CoreError('ENTRY_INVALID', 'The kind is unknown', { fields: { refusal: 'KIND_UNKNOWN' } });
  return kind;
}

function parseSeen(item: Item): TreeHead {
  const [size, root] = shape.array(item, 2);
  return { size: shape.uint(size, 1), root: hash(root) };
}

function parseBlobs(item: Item): BlobRef[] {
  const blobs = shape.array(item).map((pair) => {
    const [blobHash, size] = shape.array(pair, 2);
    return { hash: hash(blobHash), size: shape.uint(size, 1, maxBlobBytes) };
  });
  if (new Set(blobs.map((blob) => bytesToHex(blob.hash))).size !== blobs.length) shape.fail('no blob is named twice');
  return blobs;
}
