import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical, encodeHead } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { sha256 } from '../hash.ts';
import { type Header, parseHeader } from './header.ts';
import { makeShape, orNull } from './shape.ts';
import { leafHash } from './tree.ts';

/** What an author signs and sends; its id does not depend on the host. */
export interface Statement {
  readonly headerBytes: Bytes;
  readonly header: Header;
  readonly payloadHash: Bytes | null;
  readonly signature: Bytes;
  readonly id: Bytes;
}

/** A statement with the host's clock, as it stands in the journal. */
export interface Entry extends Statement {
  readonly bytes: Bytes;
  /** The host's clock when it accepted the entry, milliseconds since 1970. */
  readonly receivedAt: number;
  readonly leaf: Bytes;
}

/** What statement and entry have in common. */
interface SignedParts {
  readonly headerBytes: Uint8Array;
  readonly payloadHash: Uint8Array | null;
  readonly signature: Uint8Array;
}

export const maxEntryBytes = 32_768;
/** Leaves room for the nine bytes of a present-day `receivedAt`. */
export const maxStatementBytes = maxEntryBytes - 9;

const shape = makeShape('ENTRY_INVALID');
const entryDomain = concatBytes(utf8ToBytes('serment/entry/1'), new Uint8Array(1));
const holderProofDomain = concatBytes(utf8ToBytes('serment/holder-proof/1'), new Uint8Array(1));
const statementHead = encodeHead(4, 3);
const entryHead = encodeHead(4, 4);
const encodedNull = encodeCanonical(null);

/** What the author's signature covers. */
export function signedMessage(headerBytes: Uint8Array, payloadHash: Uint8Array | null): Bytes {
  return payloadHash === null
    ? concatBytes(entryDomain, headerBytes)
    : concatBytes(entryDomain, headerBytes, payloadHash);
}

/** What a new holder signs to show that it has its key; `scope` is the practice, or the nonce in a genesis batch. */
export function holderProofMessage(
  scope: Uint8Array,
  member: Uint8Array,
  author: Uint8Array,
  recipient: Uint8Array,
): Bytes {
  return concatBytes(holderProofDomain, scope, member, author, recipient);
}

/** Reads an entry. Throws ENTRY_TOO_LARGE, or as `parseHeader`; ENTRY_INVALID when the outer array is malformed. */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > maxEntryBytes) throw tooLarge(maxEntryBytes);
  const items = shape.array(decodeOuter(bytes), 4);
  const receivedAt = shape.uint(items[0]);
  const own = new Uint8Array(bytes);
  return {
    bytes: own,
    receivedAt,
    leaf: leafHash(own),
    id: entryId(own, receivedAt),
    ...parseSigned(items[1], items[2], items[3]),
  };
}

/** The id of what its author sent: the hash of the entry without the host's time, which says how long that is. */
export function entryId(bytes: Uint8Array, receivedAt: number): Bytes {
  return sha256(statementHead, bytes.subarray(1 + uintSizeBytes(receivedAt)));
}

/** The entry's bytes. Throws ENTRY_TOO_LARGE when they would not fit; the parts are not checked. */
export function encodeEntry(parts: SignedParts & { readonly receivedAt: number }): Bytes {
  const bytes = concatBytes(entryHead, encodeHead(0, parts.receivedAt), ...signedItems(parts));
  if (bytes.length > maxEntryBytes) throw tooLarge(maxEntryBytes);
  return bytes;
}

/** Reads a statement. Throws as `parseEntry` does. */
export function parseStatement(bytes: Uint8Array): Statement {
  if (bytes.length > maxStatementBytes) throw tooLarge(maxStatementBytes);
  const items = shape.array(decodeOuter(bytes), 3);
  return { id: sha256(bytes), ...parseSigned(items[0], items[1], items[2]) };
}

/** The statement's bytes. Throws ENTRY_TOO_LARGE when no entry could hold them; the parts are not checked. */
export function encodeStatement(parts: SignedParts): Bytes {
  const bytes = concatBytes(statementHead, ...signedItems(parts));
  if (bytes.length > maxStatementBytes) throw tooLarge(maxStatementBytes);
  return bytes;
}

/** The entry that a host makes of a statement when its clock says `receivedAt`. */
export function statementToEntry(statement: Statement, receivedAt: number): Entry {
  const bytes = encodeEntry({ ...statement, receivedAt });
  const { headerBytes, header, payloadHash, signature, id } = statement;
  return { bytes, receivedAt, headerBytes, header, payloadHash, signature, id, leaf: leafHash(bytes) };
}

function signedItems({ headerBytes, payloadHash, signature }: SignedParts): Uint8Array[] {
  const hash = payloadHash === null ? [encodedNull] : [encodeHead(2, payloadHash.length), payloadHash];
  return [encodeHead(2, headerBytes.length), headerBytes, ...hash, encodeHead(2, signature.length), signature];
}

function parseSigned(
  headerItem: CborValue | undefined,
  payloadItem: CborValue | undefined,
  signatureItem: CborValue | undefined,
): Omit<Statement, 'id'> {
  const headerBytes = shape.bytes(headerItem, 1, maxEntryBytes);
  const payloadHash = orNull(payloadItem, (item) => shape.bytes(item, 32));
  const signature = shape.bytes(signatureItem, 64);
  return { headerBytes, header: parseHeader(headerBytes), payloadHash, signature };
}

function decodeOuter(bytes: Uint8Array): CborValue {
  try {
    return decodeCanonical(bytes);
  } catch (cause) {
    throw new CoreError('ENTRY_INVALID', 'Not canonical CBOR', { cause });
  }
}

/** Length of a canonical unsigned integer (RFC 8949 section 4.2.1). */
function uintSizeBytes(value: number): number {
  if (value < 24) return 1;
  if (value < 0x1_00) return 2;
  if (value < 0x1_00_00) return 3;
  return value < 0x1_00_00_00_00 ? 5 : 9;
}

function tooLarge(maxBytes: number): CoreError {
  return new CoreError('ENTRY_TOO_LARGE', 'An entry is at most 32 KiB', { fields: { maxBytes } });
}
