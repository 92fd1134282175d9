#!/usr/bin/env node
// @ts-check
/**
 * Serment: the independent reader.
 *
 * A Serment copy is a folder that holds the journal of one or more medical practices: signed entries, and beside them
 * sealed payloads and documents. This file reads such a folder with a practice's paper recovery kit and nothing else: no
 * server, no database, no network, no package. It needs Node 24 or later and its own built-in modules.
 *
 *     node reader.mjs verify COPY
 *         Recomputes everything that can be recomputed without a key, and prints each thing that is wrong.
 *
 *     node reader.mjs open COPY --kit FILE --out DIR
 *         FILE is a text file with the kit's 85 characters in it. Writes into DIR, which must be empty or absent:
 *             index.json            what was read, who had opened which file, what could not be read
 *             patients/<id>.json    one FHIR "collection" bundle for each patient, each resource exactly as stored
 *             practice.json         the same for what concerns no patient
 *             unjudged.json         after a loss: records of which nobody can tell whether their author might write them
 *             documents/            the documents, as files
 *             drafts/               sealed drafts that opened, as their raw bytes
 *
 *     node reader.mjs rescue PAGE --phrase FILE
 *         PAGE is a rescue copy (rescue.md), FILE a text file with its passphrase. Prints what it holds, as JSON.
 *
 * Exit status: 0 done and nothing wrong; 1 something is wrong and is listed; 2 wrong usage; 4 the kit is not one of this
 * copy's, or the passphrase is another; 5 the folder is no copy, or nothing in it can be read.
 *
 * What it finds has a code: those of journal.md and record.md, and for the copy itself NAME_UNKNOWN (a file of somebody
 * else), OBJECT_MISSING, OBJECT_INVALID (no such object at all), OBJECT_MISMATCH (not what the entries give),
 * OBJECT_UNREADABLE (the disk refuses), RESTORE_UNACKNOWLEDGED (a restored vault whose host no member has named: it holds
 * nothing new, and whoever can write to the copy can make it up), STATE_UNREADABLE (no checkpoint verifies), KEY_UNREADABLE, KIT_REVOKED.
 *
 * It was written from the documents beside it alone (README.md, encoding.md, sealing.md, keys.md, journal.md, record.md,
 * copy.md), as a second opinion on the software that writes copies. Its sections follow theirs. It is slow on purpose:
 * wherever there was a choice between fast and plain, it is plain.
 *
 * As a module it exports its functions. All byte strings are Uint8Array.
 */
import { Buffer } from 'node:buffer';
import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  hkdfSync,
  pbkdf2Sync,
  timingSafeEqual,
  verify as verifyWithKey,
} from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

/** @typedef {null | boolean | number | string | Uint8Array | CborValue[] | Map<string, CborValue>} CborValue */

/** Something that is not what the documents say. `code` tells what, `fields` where. */
export class ReaderError extends Error {
  /**
   * @param {string} code
   * @param {string} message for people; never holds a key or clear content
   * @param {Record<string, unknown>} [fields]
   */
  constructor(code, message, fields = {}) {
    super(`${code}: ${message}`);
    this.name = 'ReaderError';
    this.code = code;
    this.fields = fields;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// encoding.md
// ---------------------------------------------------------------------------------------------------------------------

const DEEPEST_NESTING = 16;
const MOST_VALUES = 4_194_304;

/** @param {...(Uint8Array | string)} parts @returns {Uint8Array<ArrayBuffer>} the parts joined; strings are UTF-8 */
export function concat(...parts) {
  return Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part))));
}

/** @param {Uint8Array} bytes @returns {string} lower-case hexadecimal */
export function toHex(bytes) {
  return Buffer.from(bytes).toString('hex');
}

/** @param {string} text @returns {Uint8Array} */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new ReaderError('HEX_INVALID', 'not lower-case hexadecimal');
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** @param {Uint8Array | null} a @param {Uint8Array | null} b */
function sameBytes(a, b) {
  if (a === null || b === null) return a === b;
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @param {number} value @returns {Uint8Array} eight bytes, big-endian */
export function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return Uint8Array.from(bytes);
}

/** @param {...(Uint8Array | string)} parts @returns {Uint8Array} SHA-256 of the parts joined */
export function hash(...parts) {
  const sha = createHash('sha256');
  for (const part of parts) sha.update(part);
  return Uint8Array.from(sha.digest());
}

/** HKDF-SHA-256 without salt. @param {Uint8Array} key @param {string} info @param {number} [size] bytes */
export function derive(key, info, size = 32) {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), info, size));
}

/** @param {string} message @returns {never} */
function cborInvalid(message) {
  throw new ReaderError('CBOR_INVALID', message);
}

/** Reads one canonical CBOR value that fills `bytes` exactly. @param {Uint8Array} bytes @returns {CborValue} */
export function decodeCbor(bytes) {
  const reader = { bytes, at: 0, left: MOST_VALUES };
  const value = readCborValue(reader, 0);
  if (reader.at !== bytes.length) cborInvalid('bytes behind the value');
  return value;
}

/** @typedef {{ bytes: Uint8Array, at: number, left: number }} CborReader `left`: values that may still come */

/** @param {CborReader} reader @param {number} depth containers around this value @returns {CborValue} */
function readCborValue(reader, depth) {
  if (reader.left-- <= 0) return cborInvalid('too many values');
  const head = readCborBytes(reader, 1)[0] ?? 0;
  const major = head >> 5;
  if (major === 7) return readCborSimple(head);
  if (major === 6) return cborInvalid('a tag');
  const argument = readCborArgument(reader, head & 31);
  if (major === 0) return argument;
  if (major === 1) return readCborNegative(argument);
  if (major === 2) return Uint8Array.from(readCborBytes(reader, argument));
  if (major === 3) return readCborText(reader, argument);
  if (depth >= DEEPEST_NESTING) return cborInvalid('nested too deep');
  return major === 4 ? readCborArray(reader, argument, depth + 1) : readCborMap(reader, argument, depth + 1);
}

/** @param {number} head @returns {boolean | null} */
function readCborSimple(head) {
  if (head === 0xf4) return false;
  if (head === 0xf5) return true;
  if (head === 0xf6) return null;
  return cborInvalid('a float or another simple value');
}

/** @param {CborReader} reader @param {number} size @returns {Uint8Array} */
function readCborBytes(reader, size) {
  if (size > reader.bytes.length - reader.at) cborInvalid('cut');
  const part = reader.bytes.subarray(reader.at, reader.at + size);
  reader.at += size;
  return part;
}

/** The number in a head, which must stand in its shortest form. @param {CborReader} reader @param {number} low */
function readCborArgument(reader, low) {
  if (low < 24) return low;
  if (low > 27) return cborInvalid('an indefinite length or a reserved head');
  const size = 2 ** (low - 24);
  let value = 0n;
  for (const byte of readCborBytes(reader, size)) value = (value << 8n) | BigInt(byte);
  const smallest = size === 1 ? 24n : 1n << BigInt(size * 4);
  if (value < smallest) cborInvalid('a head that is not the shortest');
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) cborInvalid('a number past 2^53 - 1');
  return Number(value);
}

/** @param {number} argument */
function readCborNegative(argument) {
  if (argument >= Number.MAX_SAFE_INTEGER) cborInvalid('a number under -(2^53 - 1)');
  return -1 - argument;
}

/** @param {CborReader} reader @param {number} size @returns {string} */
function readCborText(reader, size) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readCborBytes(reader, size));
  } catch (error) {
    if (error instanceof ReaderError) throw error;
    return cborInvalid('text that is not UTF-8');
  }
}

/** @param {CborReader} reader @param {number} count @param {number} depth @returns {CborValue[]} */
function readCborArray(reader, count, depth) {
  const items = [];
  for (let i = 0; i < count; i++) items.push(readCborValue(reader, depth));
  return items;
}

/** @param {CborReader} reader @param {number} count @param {number} depth @returns {Map<string, CborValue>} */
function readCborMap(reader, count, depth) {
  const map = new Map();
  let previous = null;
  for (let i = 0; i < count; i++) {
    const start = reader.at;
    reader.left++; // a key is not counted
    const key = readCborValue(reader, depth);
    if (typeof key !== 'string') return cborInvalid('a key that is not text');
    const encoded = reader.bytes.subarray(start, reader.at);
    if (previous !== null && Buffer.compare(previous, encoded) >= 0) cborInvalid('keys out of order');
    previous = encoded;
    map.set(key, readCborValue(reader, depth));
  }
  return map;
}

/** Writes canonical CBOR. @param {CborValue} value @returns {Uint8Array} */
export function encodeCbor(value) {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return value < 0 ? encodeCborHead(1, -1 - value) : encodeCborHead(0, value);
  if (typeof value === 'string') return concat(encodeCborHead(3, Buffer.byteLength(value)), value);
  if (value instanceof Uint8Array) return concat(encodeCborHead(2, value.length), value);
  if (Array.isArray(value)) return concat(encodeCborHead(4, value.length), ...value.map(encodeCbor));
  const pairs = [...value].map(([key, item]) => ({ key: encodeCbor(key), item: encodeCbor(item) }));
  pairs.sort((a, b) => Buffer.compare(a.key, b.key));
  return concat(encodeCborHead(5, pairs.length), ...pairs.flatMap((pair) => [pair.key, pair.item]));
}

/** @param {number} major @param {number} value */
function encodeCborHead(major, value) {
  if (!Number.isSafeInteger(value)) throw new ReaderError('CBOR_INVALID', 'a number past 2^53 - 1');
  if (value < 24) return Uint8Array.of((major << 5) | value);
  const size = value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 32 ? 4 : 8;
  return concat(Uint8Array.of((major << 5) | (24 + Math.log2(size))), u64(value).subarray(8 - size));
}

// ---------------------------------------------------------------------------------------------------------------------
// sealing.md
// ---------------------------------------------------------------------------------------------------------------------

const SALT_SIZE = 24;
const COMMITMENT_SIZE = 32;
const SEALED_HEADER_SIZE = SALT_SIZE + COMMITMENT_SIZE;
const CHUNK_SIZE = 16384;
const TAG_SIZE = 16;
const SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE;
const LARGEST_CONTENT = 512 * 2 ** 20;

/** @param {number} clear @returns {number} */
export function sealedSize(clear) {
  return SEALED_HEADER_SIZE + clear + TAG_SIZE * (Math.floor(clear / CHUNK_SIZE) + 1);
}

/** @param {number} sealed @returns {number | null} the clear size; null when no message has this sealed size */
export function clearSize(sealed) {
  if (!Number.isSafeInteger(sealed)) return null;
  const body = sealed - SEALED_HEADER_SIZE;
  const last = body % SEALED_CHUNK_SIZE;
  if (body < 0 || last < TAG_SIZE) return null;
  return Math.floor(body / SEALED_CHUNK_SIZE) * CHUNK_SIZE + last - TAG_SIZE;
}

/** @returns {never} */
function sealedInvalid() {
  throw new ReaderError('SEALED_INVALID', 'wrong key, wrong context, or changed bytes');
}

/** HKDF-Expand-SHA-512 alone (RFC 5869 2.3). @param {Uint8Array} key @param {Uint8Array} info @param {number} size */
function expandSha512(key, info, size) {
  let block = new Uint8Array(0);
  let output = new Uint8Array(0);
  for (let i = 1; output.length < size; i++) {
    block = Uint8Array.from(createHmac('sha512', key).update(block).update(info).update(Uint8Array.of(i)).digest());
    output = concat(output, block);
  }
  return output.subarray(0, size);
}

/**
 * Derives what opens the chunks, and checks the commitment.
 * @param {Uint8Array} inputKey @param {Uint8Array} context @param {Uint8Array} sealed
 */
function openingKeys(inputKey, context, sealed) {
  if (inputKey.length !== 32) throw new ReaderError('KEY_INVALID', 'an input key has 32 bytes');
  const label = 'c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0';
  const salt = sealed.subarray(0, SALT_SIZE);
  const keys = expandSha512(inputKey, concat(label, salt, context), 76);
  if (!sameBytes(keys.subarray(44, 76), sealed.subarray(SALT_SIZE, SEALED_HEADER_SIZE))) sealedInvalid();
  return { key: keys.subarray(0, 32), baseNonce: keys.subarray(32, 44) };
}

/**
 * @param {{ key: Uint8Array, baseNonce: Uint8Array }} keys @param {Uint8Array} sealed the whole message
 * @param {number} k the chunk's number @returns {Uint8Array} its clear bytes
 */
function openChunk(keys, sealed, k) {
  const start = SEALED_HEADER_SIZE + k * SEALED_CHUNK_SIZE;
  const chunk = sealed.subarray(start, start + SEALED_CHUNK_SIZE);
  const nonce = Uint8Array.from(keys.baseNonce);
  const counter = concat(new Uint8Array(4), u64(k));
  for (let i = 0; i < nonce.length; i++) nonce[i] = (nonce[i] ?? 0) ^ (counter[i] ?? 0);
  const decipher = createDecipheriv('aes-256-gcm', keys.key, nonce, { authTagLength: TAG_SIZE });
  decipher.setAuthTag(chunk.subarray(chunk.length - TAG_SIZE));
  try {
    return concat(decipher.update(chunk.subarray(0, chunk.length - TAG_SIZE)), decipher.final());
  } catch {
    return sealedInvalid();
  }
}

/** Opens a whole message. @param {Uint8Array} inputKey @param {Uint8Array} context @param {Uint8Array} sealed */
export function openSealed(inputKey, context, sealed) {
  const size = clearSize(sealed.length);
  if (size === null) {
    if (inputKey.length !== 32) throw new ReaderError('KEY_INVALID', 'an input key has 32 bytes');
    return sealedInvalid();
  }
  const keys = openingKeys(inputKey, context, sealed);
  const chunks = [];
  for (let k = 0; k <= Math.floor(size / CHUNK_SIZE); k++) chunks.push(openChunk(keys, sealed, k));
  return concat(...chunks);
}

/**
 * Opens the clear bytes from `start` to `end` (not included), and no chunk but those they touch; the last one too when
 * the range ends where the message does.
 * @param {Uint8Array} inputKey @param {Uint8Array} context @param {Uint8Array} sealed
 * @param {{ start: number, end: number }} range
 */
export function openSealedRange(inputKey, context, sealed, { start, end }) {
  const size = clearSize(sealed.length);
  if (size === null || start < 0 || start > end || end > size) return sealedInvalid();
  const keys = openingKeys(inputKey, context, sealed);
  const last = Math.floor(size / CHUNK_SIZE);
  if (end === size) openChunk(keys, sealed, last);
  const first = Math.floor(start / CHUNK_SIZE);
  const chunks = [];
  for (let k = first; k * CHUNK_SIZE < end; k++) chunks.push(openChunk(keys, sealed, k));
  return concat(...chunks).subarray(start - first * CHUNK_SIZE, end - first * CHUNK_SIZE);
}

/** @param {number} size @returns {number} the PADMÉ length, 256 at least */
export function padmeSize(size) {
  if (size <= 256) return 256;
  let exponent = 0;
  while (2 ** (exponent + 1) <= size) exponent++;
  let bits = 0;
  while (2 ** (bits + 1) <= exponent) bits++;
  const step = 2 ** (exponent - (bits + 1));
  return Math.ceil(size / step) * step;
}

/** Takes a packed content apart. @param {Uint8Array} packed @returns {Uint8Array} the content */
export function unpack(packed) {
  const invalid = (/** @type {string} */ why) => new ReaderError('PAYLOAD_INVALID', why);
  if (packed.length < 5) throw invalid('cut');
  if (packed[0] !== 1) throw invalid('not of version 1');
  const size = Buffer.from(packed).readUInt32BE(1);
  if (size > packed.length - 5) throw invalid('the size does not fit');
  if (packed.length !== padmeSize(5 + size)) throw invalid('padding of another length');
  if (packed.subarray(5 + size).some((byte) => byte !== 0)) throw invalid('padding that is not zero');
  const deflated = packed.subarray(5, 5 + size);
  let inflated;
  try {
    // With `info`, Node answers { buffer, engine }; its type declarations do not say so.
    inflated = /** @type {{ buffer: Buffer, engine: { bytesWritten: number } }} */ (
      /** @type {unknown} */ (inflateRawSync(deflated, { info: true, maxOutputLength: LARGEST_CONTENT }))
    );
  } catch {
    throw invalid('no DEFLATE stream, or a content past 512 MiB');
  }
  if (inflated.engine.bytesWritten !== size) throw invalid('data behind the DEFLATE stream');
  return Uint8Array.from(inflated.buffer);
}

/** @param {Uint8Array} epochKey @param {Uint8Array} header as it stands in the entry @param {Uint8Array} payload */
export function openPayload(epochKey, header, payload) {
  return unpack(openSealed(derive(epochKey, 'serment/payload/1'), header, payload));
}

/** @param {{ key: Uint8Array, practice: Uint8Array, blobId: Uint8Array, sealed: Uint8Array }} document */
export function openDocument({ key, practice, blobId, sealed }) {
  return openSealed(key, concat('serment/blob/1', practice, blobId), sealed);
}

/** @param {Uint8Array} bytes @returns {{ compartment: string, epoch: number, revision: number, sealed: Uint8Array }} */
export function parseDraft(bytes) {
  const items = decodeCbor(bytes);
  const invalid = () => new ReaderError('PAYLOAD_INVALID', 'not a draft');
  if (!Array.isArray(items)) throw invalid();
  const [format, compartment, epoch, revision, sealed] = items;
  if (typeof format === 'number' && format !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a draft of another format');
  if (items.length !== 5 || format !== 1 || typeof compartment !== 'string') throw invalid();
  if (typeof epoch !== 'number' || typeof revision !== 'number' || epoch < 1 || revision < 1) throw invalid();
  if (!(sealed instanceof Uint8Array)) throw invalid();
  return { compartment, epoch, revision, sealed };
}

/** @param {{ epochKey: Uint8Array, practice: Uint8Array, slot: Uint8Array, draft: Uint8Array }} sealedDraft */
export function openDraft({ epochKey, practice, slot, draft }) {
  const { compartment, epoch, revision, sealed } = parseDraft(draft);
  const context = concat('serment/draft/1', practice, slot, u64(revision));
  return {
    compartment,
    epoch,
    revision,
    content: unpack(openSealed(derive(epochKey, 'serment/draft/1'), context, sealed)),
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// keys.md: seeds
// ---------------------------------------------------------------------------------------------------------------------

const RECIPIENT_SIZE = 1216;
const ML_KEM_KEY_SIZE = 1184;
const ML_KEM_CIPHERTEXT_SIZE = 1088;
const ML_KEM_MODULUS = 3329;

// DER in front of a raw key: RFC 8410 for the two curves, RFC 9935 (the seed form) for ML-KEM-768.
const DER_ED25519_PRIVATE = fromHex('302e020100300506032b657004220420');
const DER_ED25519_PUBLIC = fromHex('302a300506032b6570032100');
const DER_X25519_PRIVATE = fromHex('302e020100300506032b656e04220420');
const DER_X25519_PUBLIC = fromHex('302a300506032b656e032100');
const DER_ML_KEM_768_SEED = fromHex('3054020100300b060960864801650304040204428040');

/** @param {Uint8Array} prefix @param {Uint8Array} raw */
function privateKey(prefix, raw) {
  return createPrivateKey({ key: Buffer.from(concat(prefix, raw)), format: 'der', type: 'pkcs8' });
}

/** @param {Uint8Array} prefix @param {Uint8Array} raw */
function publicKey(prefix, raw) {
  return createPublicKey({ key: Buffer.from(concat(prefix, raw)), format: 'der', type: 'spki' });
}

/** The raw public half, which ends its DER. @param {import('node:crypto').KeyObject} key @param {number} size */
function rawPublicHalf(key, size) {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return Uint8Array.from(der.subarray(der.length - size));
}

/** The two private keys of X-Wing, which age's `mlkem768x25519` is. @param {Uint8Array} seed 32 bytes */
function xWingPrivateKeys(seed) {
  const expanded = createHash('shake256', { outputLength: 96 }).update(seed).digest();
  return {
    mlKem: privateKey(DER_ML_KEM_768_SEED, expanded.subarray(0, 64)),
    x25519: privateKey(DER_X25519_PRIVATE, expanded.subarray(64, 96)),
  };
}

/** @param {Uint8Array} seed @returns {Uint8Array} the recipient, 1216 bytes */
export function recipientOfSeed(seed) {
  const keys = xWingPrivateKeys(seed);
  return concat(rawPublicHalf(keys.mlKem, ML_KEM_KEY_SIZE), rawPublicHalf(keys.x25519, 32));
}

/** @param {Uint8Array} seed @returns {Uint8Array} the author, 32 bytes */
export function authorOfSeed(seed) {
  return rawPublicHalf(privateKey(DER_ED25519_PRIVATE, derive(seed, 'serment/sign/1')), 32);
}

/** @param {Uint8Array} seed @returns {string} the identity that the `age` program takes */
export function identityText(seed) {
  return encodeBech32('age-secret-key-pq-', seed).toUpperCase();
}

/** @param {Uint8Array} recipient @returns {string} */
export function recipientText(recipient) {
  return encodeBech32('age1pq', recipient);
}

/** @param {string} text @returns {Uint8Array} */
export function parseRecipient(text) {
  const recipient = decodeBech32('age1pq', text);
  if (recipient?.length !== RECIPIENT_SIZE || !hasReducedCoefficients(recipient)) {
    throw new ReaderError('RECIPIENT_INVALID', 'not a hybrid age recipient');
  }
  return recipient;
}

/** FIPS 203 7.2: each 12-bit coefficient is below the modulus. @param {Uint8Array} recipient */
function hasReducedCoefficients(recipient) {
  for (let i = 0; i < 1152; i += 3) {
    const [a = 0, b = 0, c = 0] = recipient.subarray(i, i + 3);
    if ((a | ((b & 15) << 8)) >= ML_KEM_MODULUS || ((b >> 4) | (c << 4)) >= ML_KEM_MODULUS) return false;
  }
  return true;
}

const BECH32_ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** BIP 173. @param {number[]} values of 5 bits @returns {number} */
function bech32Checksum(values) {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [i, generator] of generators.entries()) if ((top >> i) & 1) sum ^= generator;
  }
  return sum;
}

/** @param {string} prefix */
function bech32Prefix(prefix) {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** @param {string} prefix @param {Uint8Array} bytes */
function encodeBech32(prefix, bytes) {
  const values = bytesToDigits(bytes);
  const sum = bech32Checksum([...bech32Prefix(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let i = 0; i < 6; i++) values.push((sum >>> (5 * (5 - i))) & 31);
  return `${prefix}1${values.map((value) => BECH32_ALPHABET[value]).join('')}`;
}

/** @param {string} prefix @param {string} text lower case @returns {Uint8Array | null} */
function decodeBech32(prefix, text) {
  if (!text.startsWith(`${prefix}1`)) return null;
  const values = [...text.slice(prefix.length + 1)].map((character) => BECH32_ALPHABET.indexOf(character));
  if (values.length < 6 || values.includes(-1)) return null;
  if (bech32Checksum([...bech32Prefix(prefix), ...values]) !== 1) return null;
  return digitsToBytes(values.slice(0, -6));
}

/** @param {Uint8Array} bytes @returns {number[]} its bits in groups of 5, the last filled with zeros */
function bytesToDigits(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => Number.parseInt(group.padEnd(5, '0'), 2));
}

/** @param {number[]} digits @returns {Uint8Array | null} null when the bits left over are not zeros, or are five or more */
function digitsToBytes(digits) {
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
  const rest = bits.length % 8;
  if (rest >= 5 || bits.slice(bits.length - rest).includes('1')) return null;
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

const ED25519_PRIME = 2n ** 255n - 19n;
/** The coordinates of the eight points of small order; the sign bit makes the others. */
const SMALL_ORDER_COORDINATES = new Set([
  0n,
  1n,
  ED25519_PRIME - 1n,
  littleEndian(fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
  littleEndian(fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')),
]);

/** @param {Uint8Array} bytes */
function littleEndian(bytes) {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

/** @param {Uint8Array} point @returns {boolean} */
function isWeakPoint(point) {
  const coordinate = littleEndian(point) & (2n ** 255n - 1n);
  return coordinate >= ED25519_PRIME || SMALL_ORDER_COORDINATES.has(coordinate);
}

/** @param {Uint8Array} author @param {Uint8Array} message @param {Uint8Array} signature @returns {boolean} */
export function verifySignature(author, message, signature) {
  if (author.length !== 32 || signature.length !== 64) return false;
  if (isWeakPoint(author) || isWeakPoint(signature.subarray(0, 32))) return false;
  try {
    return verifyWithKey(null, message, publicKey(DER_ED25519_PUBLIC, author), signature);
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// keys.md: wraps. An age v1 file (c2sp.org/age) whose one stanza is HPKE base mode (RFC 9180) with X-Wing as its KEM.
// ---------------------------------------------------------------------------------------------------------------------

const LARGEST_WRAP = 4096;
const AGE_CHUNK_SIZE = 65536;
const AGE_HEADER =
  /^age-encryption\.org\/v1\n-> mlkem768x25519 ([A-Za-z0-9+/]{1494})\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n$/;
const AGE_HEADER_SIZE = 1627;
/** HPKE, KEM 0x647a, KDF HKDF-SHA-256, AEAD ChaCha20-Poly1305. */
const HPKE_SUITE = fromHex('48504b45647a00010003');

/** @param {string} why @returns {never} */
function wrapInvalid(why) {
  throw new ReaderError('WRAP_INVALID', why);
}

/** @param {string} text without `=` @returns {Uint8Array} */
function fromRawBase64(text) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replaceAll('=', '') !== text) wrapInvalid('base64 that is not canonical');
  return Uint8Array.from(bytes);
}

/** @param {Uint8Array} key @param {Uint8Array} nonce @param {Uint8Array} sealed with its tag */
function openChaCha(key, nonce, sealed) {
  if (sealed.length < TAG_SIZE) return wrapInvalid('cut');
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_SIZE });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_SIZE));
  try {
    return concat(decipher.update(sealed.subarray(0, sealed.length - TAG_SIZE)), decipher.final());
  } catch {
    return wrapInvalid('another recipient, or changed bytes');
  }
}

/** @param {Uint8Array} salt @param {Uint8Array} keyingMaterial */
function extract(salt, keyingMaterial) {
  return Uint8Array.from(createHmac('sha256', salt).update(keyingMaterial).digest());
}

/** HKDF-Expand for at most 32 bytes. @param {Uint8Array} key @param {Uint8Array} info @param {number} size */
function expand(key, info, size) {
  return Uint8Array.from(createHmac('sha256', key).update(info).update(Uint8Array.of(1)).digest().subarray(0, size));
}

/** X-Wing: the secret that an encapsulation gives to a seed. @param {Uint8Array} seed @param {Uint8Array} encapsulation */
function decapsulateXWing(seed, encapsulation) {
  const keys = xWingPrivateKeys(seed);
  const mlKemCiphertext = encapsulation.subarray(0, ML_KEM_CIPHERTEXT_SIZE);
  const ephemeral = encapsulation.subarray(ML_KEM_CIPHERTEXT_SIZE);
  const mlKemSecret = decapsulate(keys.mlKem, mlKemCiphertext);
  let x25519Secret;
  try {
    x25519Secret = diffieHellman({ privateKey: keys.x25519, publicKey: publicKey(DER_X25519_PUBLIC, ephemeral) });
  } catch {
    return wrapInvalid('an X25519 share of small order');
  }
  const combined = createHash('sha3-256').update(mlKemSecret).update(x25519Secret).update(ephemeral);
  return Uint8Array.from(combined.update(rawPublicHalf(keys.x25519, 32)).update('\\.//^\\').digest());
}

/** HPKE OpenBase with empty additional data. @param {Uint8Array} secret @param {string} info @param {Uint8Array} sealed */
function openHpke(secret, info, sealed) {
  const empty = new Uint8Array(0);
  const labeled = (
    /** @type {Uint8Array} */ salt,
    /** @type {string} */ label,
    /** @type {Uint8Array | string} */ input,
  ) => extract(salt, concat('HPKE-v1', HPKE_SUITE, label, input));
  const context = concat(Uint8Array.of(0), labeled(empty, 'psk_id_hash', empty), labeled(empty, 'info_hash', info));
  const key = labeled(secret, 'secret', empty);
  const expanded = (/** @type {string} */ label, /** @type {number} */ size) =>
    expand(key, concat(Uint8Array.of(0, size), 'HPKE-v1', HPKE_SUITE, label, context), size);
  return openChaCha(expanded('key', 32), expanded('base_nonce', 12), sealed);
}

/** Opens an age file that has one `mlkem768x25519` stanza and no other. @param {Uint8Array} seed @param {Uint8Array} file */
export function openAge(seed, file) {
  const header = Buffer.from(file.subarray(0, AGE_HEADER_SIZE)).toString('latin1');
  const [, encapsulation, body, mac] = AGE_HEADER.exec(header) ?? wrapInvalid('another header than that of a wrap');
  if (encapsulation === undefined || body === undefined || mac === undefined) return wrapInvalid('cut');
  const [enc, sealedFileKey, expectedMac] = [encapsulation, body, mac].map(fromRawBase64);
  if (!(enc && sealedFileKey && expectedMac)) return wrapInvalid('cut');
  const secret = decapsulateXWing(seed, enc);
  const fileKey = openHpke(secret, 'age-encryption.org/mlkem768x25519', sealedFileKey);
  const macKey = derive(fileKey, 'header');
  const signed = header.slice(0, header.length - mac.length - 2);
  const actualMac = Uint8Array.from(createHmac('sha256', macKey).update(signed).digest());
  if (!sameBytes(actualMac, expectedMac)) wrapInvalid('header changed');
  return openAgeBody(fileKey, file.subarray(AGE_HEADER_SIZE));
}

/** @param {Uint8Array} fileKey @param {Uint8Array} body nonce and sealed chunks of 64 KiB */
function openAgeBody(fileKey, body) {
  if (body.length < 16 + TAG_SIZE) return wrapInvalid('cut');
  const key = expand(extract(body.subarray(0, 16), fileKey), Buffer.from('payload'), 32);
  const chunks = [];
  for (let at = 16; at < body.length; at += AGE_CHUNK_SIZE + TAG_SIZE) {
    const last = at + AGE_CHUNK_SIZE + TAG_SIZE >= body.length;
    const nonce = concat(new Uint8Array(3), u64(chunks.length), Uint8Array.of(last ? 1 : 0));
    const clear = openChaCha(key, nonce, body.subarray(at, at + AGE_CHUNK_SIZE + TAG_SIZE));
    if (clear.length === 0 && chunks.length > 0) wrapInvalid('an empty last chunk');
    chunks.push(clear);
  }
  return concat(...chunks);
}

/**
 * Opens a wrap and checks that it is the expected one.
 * @param {Uint8Array} seed @param {Uint8Array} wrap
 * @param {{ purpose: string, practice: Uint8Array | null,
 *   subject: [Uint8Array | string, number] | [string, number, Uint8Array] }} expected
 * @returns {Uint8Array} the secret, 32 bytes
 */
export function openWrap(seed, wrap, { purpose, practice, subject }) {
  if (wrap.length > LARGEST_WRAP) wrapInvalid('over 4096 bytes');
  const content = openAge(seed, wrap);
  const secret = content.subarray(content.length - 32);
  const expected = encodeCbor(['serment/wrap/1', purpose, practice, subject, secret]);
  // One encoding is canonical: content that is not the expected encoding byte for byte is not the expected content.
  if (secret.length !== 32 || !sameBytes(content, expected)) wrapInvalid('the wrap of something else');
  return Uint8Array.from(secret);
}

// ---------------------------------------------------------------------------------------------------------------------
// keys.md: compartments, epochs, streams, password
// ---------------------------------------------------------------------------------------------------------------------

/** @param {Uint8Array} epochKey @returns {Uint8Array} the public check value */
export function epochCheck(epochKey) {
  return derive(epochKey, 'serment/epoch-check/1');
}

/**
 * @param {{ epochKey: Uint8Array, scope: Uint8Array, compartment: string, number: number, sealed: Uint8Array,
 *   use: 'inbox' | 'previous' }} sealedKey `scope` is the practice, or the genesis nonce in a genesis batch
 * @returns {Uint8Array} the inbox seed, or the previous epoch's key
 */
export function openEpochSecret({ epochKey, scope, compartment, number, sealed, use }) {
  const label = `serment/epoch-${use}/1`;
  const secret = openSealed(derive(epochKey, label), concat(label, encodeCbor([scope, compartment, number])), sealed);
  if (secret.length !== 32) return sealedInvalid();
  return secret;
}

/**
 * @param {{ privateKey: Uint8Array, practice: Uint8Array, author: Uint8Array, wrap: Uint8Array, sealed: Uint8Array }} own
 * @returns {Uint8Array} a deposit's key, for its author
 */
export function openOwnKey({ privateKey, practice, author, wrap, sealed }) {
  const label = 'serment/deposit-own/1';
  const context = concat(label, encodeCbor([practice, author, hash(wrap)]));
  const key = openSealed(derive(privateKey, label), context, sealed);
  if (key.length !== 32) return sealedInvalid();
  return key;
}

/**
 * @param {{ epochKey: Uint8Array, practice: Uint8Array, stream: Uint8Array, author: Uint8Array, sealed: Uint8Array }} glass
 * @returns {string} the reason of a break-glass
 */
export function openReason({ epochKey, practice, stream, author, sealed }) {
  const label = 'serment/break-glass/1';
  const context = concat(label, encodeCbor([practice, stream, author]));
  const padded = openSealed(derive(epochKey, label), context, sealed);
  const end = padded.indexOf(0);
  const length = end < 0 ? padded.length : end;
  if (padded.length !== 512 || length === 0 || padded.subarray(length).some((byte) => byte !== 0))
    return sealedInvalid();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(padded.subarray(0, length));
  } catch {
    return sealedInvalid();
  }
}

/** @param {Uint8Array} firstEpochKey @param {string} name @returns {Uint8Array} the stream id */
export function streamId(firstEpochKey, name) {
  const key = derive(firstEpochKey, 'serment/stream/1');
  return Uint8Array.from(createHmac('sha256', key).update(name).digest().subarray(0, 16));
}

/** @param {Uint8Array} exportKey OPAQUE's, 64 bytes @param {Uint8Array} account @param {Uint8Array} sealed */
export function openAccountSecret(exportKey, account, sealed) {
  const label = 'serment/account-secret/1';
  return openSealed(derive(exportKey, label), concat(label, account), sealed);
}

/**
 * @param {{ memberSeed: Uint8Array, account: Uint8Array, generation: number, sealed: Uint8Array }} sealedSecret
 * @returns {Uint8Array} the account secret
 */
export function openAccountSecretAsMember({ memberSeed, account, generation, sealed }) {
  const label = 'serment/account-secret-member/1';
  const number = Buffer.alloc(4);
  number.writeUInt32BE(generation);
  return openSealed(derive(memberSeed, label), concat(label, account, number), sealed);
}

/** @param {Uint8Array} practice @param {Uint8Array} author @returns {Uint8Array} what a passkey evaluates */
export function passkeyInput(practice, author) {
  return hash('serment/passkey-unlock/1', practice, author);
}

/**
 * @param {{ way: 'password' | 'pin' | 'card' | 'passkey', share: Uint8Array, deviceSecret: Uint8Array,
 *   practice: Uint8Array, author: Uint8Array, sealed: Uint8Array }} sealedSeed
 */
export function openDeviceSeed({ way, share, deviceSecret, practice, author, sealed }) {
  if (share.length !== 32 || deviceSecret.length !== 32) throw new ReaderError('KEY_INVALID', 'not 32 bytes');
  const key = derive(concat(share, deviceSecret), `serment/unlock/${way}/1`);
  return openSealed(key, concat('serment/device-seed/1', practice, author), sealed);
}

// ---------------------------------------------------------------------------------------------------------------------
// keys.md: recovery kit
// ---------------------------------------------------------------------------------------------------------------------

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const KIT_CHARACTERS = 85;
const KIT_SEPARATORS = /[\s\-\u2010-\u2015\u2212]/u;

/** @typedef {{ practicePrefix: Uint8Array, seed: Uint8Array }} Kit */

/** @param {Uint8Array} practice @param {Uint8Array} seed @returns {string} the kit as it is printed */
export function kitText(practice, seed) {
  const body = concat(Uint8Array.of(1), practice.subarray(0, 16), seed);
  const raw = concat(body, hash('serment/kit/1', body).subarray(0, 4));
  const characters = bytesToDigits(raw).map((digit) => CROCKFORD[digit]);
  return (characters.join('').match(/.{5}/g) ?? []).join('-');
}

/** @param {Uint8Array} seed @returns {string} the five characters printed beside a kit */
export function kitTestValue(seed) {
  const digits = bytesToDigits(derive(seed, 'serment/kit-test/1')).slice(0, 5);
  return digits.map((digit) => CROCKFORD[digit]).join('');
}

/** Reads a kit as somebody typed it, or the content of its QR code. @param {string} text @returns {Kit} */
export function parseKit(text) {
  const characters = [...text.replace(/^\s*SERMENT-KIT:/i, '')].filter((character) => !KIT_SEPARATORS.test(character));
  const digits = characters.map((character, i) => kitDigit(character, i + 1));
  if (digits.length !== KIT_CHARACTERS) {
    const fields = { found: digits.length, expected: KIT_CHARACTERS };
    throw new ReaderError('KIT_INVALID', `a kit has ${KIT_CHARACTERS} characters`, fields);
  }
  if (((digits.at(-1) ?? 0) & 1) === 1) throw kitCharacterInvalid(KIT_CHARACTERS);
  const raw = kitRaw(digits);
  if (!isKitSumRight(raw)) {
    throw new ReaderError('KIT_CHECKSUM', 'a typing mistake', { group: mistypedGroup(digits) });
  }
  if (raw[0] !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a kit of a newer format');
  return { practicePrefix: raw.slice(1, 17), seed: raw.slice(17, 49) };
}

/** @param {string} character @param {number} position from 1 */
function kitDigit(character, position) {
  const digit = crockfordDigit(character);
  if (digit === null) throw kitCharacterInvalid(position);
  return digit;
}

/** @param {string} character as it was typed @returns {number | null} */
function crockfordDigit(character) {
  const upper = /^[a-z]$/.test(character) ? character.toUpperCase() : character;
  const digit = upper === 'O' ? 0 : upper === 'I' || upper === 'L' ? 1 : CROCKFORD.indexOf(upper);
  return digit === -1 ? null : digit;
}

/** @param {number} position */
function kitCharacterInvalid(position) {
  return new ReaderError('KIT_INVALID', `character ${position} cannot stand there`, { position });
}

/** @param {number[]} digits 85, the last even @returns {Uint8Array} 53 bytes */
function kitRaw(digits) {
  return digitsToBytes(digits) ?? new Uint8Array(53);
}

/** @param {Uint8Array} raw */
function isKitSumRight(raw) {
  return sameBytes(hash('serment/kit/1', raw.subarray(0, 49)).subarray(0, 4), raw.subarray(49));
}

/** The one group where changing one character makes the kit right; null for none or several. @param {number[]} digits */
function mistypedGroup(digits) {
  const groups = new Set();
  for (const i of digits.keys()) {
    for (let digit = 0; digit < 32; digit += i === KIT_CHARACTERS - 1 ? 2 : 1) {
      if (isKitSumRight(kitRaw(digits.with(i, digit)))) groups.add(Math.floor(i / 5) + 1);
    }
  }
  return groups.size === 1 ? [...groups][0] : null;
}

/** Finds the kit in a text file. @param {string} text @returns {Kit} */
export function parseKitFile(text) {
  const printed = /(?<![\p{L}\p{N}-])[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){16}(?![\p{L}\p{N}-])/gu;
  /** @type {ReaderError | null} */
  let telling = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const candidates = [...(line.match(printed) ?? []), ...(line.match(/SERMENT-KIT:[0-9A-Za-z]{85}/gi) ?? []), line];
    for (const candidate of candidates) {
      try {
        return parseKit(candidate);
      } catch (error) {
        if (!(error instanceof ReaderError)) throw error;
        if (error.code !== 'KIT_INVALID') telling ??= error;
      }
    }
  }
  throw telling ?? new ReaderError('KIT_INVALID', 'no kit in this file');
}

// ---------------------------------------------------------------------------------------------------------------------
// keys.md: separator sheets
// ---------------------------------------------------------------------------------------------------------------------

const SHEET_PREFIX = 'SERMENT-PAGE:';
const SHEET_KINDS = [
  '',
  ...['letter', 'consultation', 'discharge', 'operation', 'biology', 'imaging', 'ecg', 'prescription'],
  ...['certificate', 'administrative', 'photo', 'other'],
];

/** @param {Uint8Array} firstEpochKey of admin @param {string} subject @param {string} kind @returns {string} */
export function sheetQr(firstEpochKey, subject, kind) {
  const digits = bytesToDigits(sheetBytes(firstEpochKey, subject, kind));
  return SHEET_PREFIX + digits.map((digit) => CROCKFORD[digit]).join('');
}

/**
 * @param {Uint8Array} firstEpochKey of admin
 * @param {string} subject whose sheet it may be
 * @param {string} text what a QR code holds
 * @returns {{ is: 'sheet' | 'none' | 'other-practice' | 'unknown', kind: string | null }}
 */
export function readSheet(firstEpochKey, subject, text) {
  if (!text.startsWith(SHEET_PREFIX)) return { is: 'none', kind: null };
  const digits = [...text.slice(SHEET_PREFIX.length)].map((character) => CROCKFORD.indexOf(character));
  const raw = digits.length === 47 && !digits.includes(-1) ? digitsToBytes(digits) : null;
  if (raw === null) throw new ReaderError('SHEET_INVALID', 'the code of a sheet is damaged');
  if (raw[0] !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a sheet of a newer format');
  const expected = (/** @type {string} */ kind) => sheetBytes(firstEpochKey, subject, kind);
  if (!sameBytes(raw.subarray(0, 9), expected('').subarray(0, 9))) return { is: 'other-practice', kind: null };
  const kind = SHEET_KINDS.find((one) => sameBytes(raw, expected(one))) ?? null;
  return { is: kind === null ? 'unknown' : 'sheet', kind };
}

/** @param {Uint8Array} firstEpochKey @param {string} subject @param {string} kind @returns {Uint8Array} 29 bytes */
function sheetBytes(firstEpochKey, subject, kind) {
  const key = derive(firstEpochKey, 'serment/sheet/1');
  const mark = (/** @type {string} */ name, /** @type {number} */ size) =>
    Uint8Array.from(createHmac('sha256', key).update(name).digest().subarray(0, size));
  return concat(Uint8Array.of(1), mark('practice', 8), mark(subject, 12), mark(`check/${subject}/${kind}`, 8));
}

// ---------------------------------------------------------------------------------------------------------------------
// rescue.md
// ---------------------------------------------------------------------------------------------------------------------

const RESCUE_ITERATIONS = 600_000;
const RESCUE_HEAD_SIZE = 29;
const RESCUE_ELEMENT = 'id="serment-rescue">';

/** @param {string} text as a person types it @returns {string} its 20 characters */
export function parseRescuePhrase(text) {
  const invalid = (/** @type {Record<string, number>} */ fields) =>
    new ReaderError('RESCUE_PHRASE_INVALID', 'no passphrase of a rescue copy', fields);
  const characters = [...text].filter((character) => !KIT_SEPARATORS.test(character));
  const digits = characters.map((character, index) => {
    const digit = crockfordDigit(character);
    if (digit === null) throw invalid({ position: index + 1 });
    return digit;
  });
  if (digits.length !== 20) throw invalid({ found: digits.length, expected: 20 });
  return digits.map((digit) => CROCKFORD[digit]).join('');
}

/** @param {string} phrase as typed @param {Uint8Array} salt @returns {Uint8Array} */
export function rescueKey(phrase, salt) {
  return Uint8Array.from(pbkdf2Sync(parseRescuePhrase(phrase), salt, RESCUE_ITERATIONS, 32, 'sha256'));
}

/** The copy within a page, in base64. @param {string} page @returns {string} */
export function findRescueCopy(page) {
  const at = page.lastIndexOf(RESCUE_ELEMENT);
  if (at < 0) throw new ReaderError('RESCUE_CUT', 'no copy in this page');
  const text = page.slice(at + RESCUE_ELEMENT.length);
  const end = text.indexOf('<');
  return end < 0 ? text : text.slice(0, end);
}

/**
 * @param {string} base64 the copy @param {string} phrase as typed
 * @returns {{ made: number, content: string }} the maker's clock, ms, and the content's JSON
 */
export function openRescueCopy(base64, phrase) {
  const characters = base64.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(characters)) throw new ReaderError('RESCUE_DAMAGED', 'no base64');
  const copy = Uint8Array.from(Buffer.from(characters.slice(0, characters.length - (characters.length % 4)), 'base64'));
  if (copy.length > 0 && copy[0] !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a rescue copy of a newer format');
  if (copy.length < RESCUE_HEAD_SIZE) throw new ReaderError('RESCUE_CUT', 'its end is missing');
  const head = Buffer.from(copy.subarray(0, RESCUE_HEAD_SIZE));
  const end = RESCUE_HEAD_SIZE + head.readUInt32BE(25);
  if (copy.length < end + 32) throw new ReaderError('RESCUE_CUT', 'its end is missing');
  if (!sameBytes(hash(copy.subarray(0, end)), copy.subarray(end))) {
    throw new ReaderError('RESCUE_DAMAGED', 'bytes have changed');
  }
  const key = rescueKey(phrase, head.subarray(9, 25));
  const packed = openSealed(key, concat('serment/rescue/1', head), copy.subarray(RESCUE_HEAD_SIZE, end));
  return { made: Number(head.readBigUInt64BE(1)), content: Buffer.from(unpack(packed)).toString('utf8') };
}

// ---------------------------------------------------------------------------------------------------------------------
// keys.md: passkey, invitation
// ---------------------------------------------------------------------------------------------------------------------

const LINK_CHARACTERS = 92;
const CODE_CHARACTERS = 8;

/** @param {Uint8Array} prfOutput @returns {Uint8Array} the holder's seed */
export function passkeySeed(prfOutput) {
  return derive(prfOutput, 'serment/passkey/1');
}

/** @returns {Uint8Array} what a passkey that is a holder evaluates */
export function passkeyHolderInput() {
  return hash('serment/passkey-holder/1');
}

/** @param {Uint8Array} handle @returns {Uint8Array} the first 16 bytes of its practice */
export function parsePasskeyHandle(handle) {
  if (handle.length !== 49) throw new ReaderError('PASSKEY_INVALID', 'a handle is 49 bytes');
  if (handle[0] !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a newer passkey');
  return handle.slice(1, 17);
}

/** @param {Uint8Array} secret @param {string} code as `parseInvitationCode` gives it @returns {Uint8Array} the holder's seed */
export function invitationSeed(secret, code) {
  return derive(concat(secret, code), 'serment/invitation/1');
}

/** @param {{ practice: Uint8Array, secret: Uint8Array }} link @returns {string} what stands in the link's fragment */
export function invitationText({ practice, secret }) {
  const body = concat(Uint8Array.of(1), practice, secret);
  const raw = concat(body, hash('serment/invitation-link/1', body).subarray(0, 4));
  return Buffer.from(raw).toString('base64url');
}

/** @param {string} text a link or its fragment @returns {{ practice: Uint8Array, secret: Uint8Array }} */
export function parseInvitationLink(text) {
  const characters = [...(text.split('#').at(-1) ?? '')].filter((character) => !/\s/u.test(character));
  const wrong = characters.findIndex((character) => !/^[A-Za-z0-9_-]$/.test(character));
  if (wrong !== -1) {
    throw new ReaderError('INVITATION_INVALID', 'a character of no link', { position: wrong + 1 });
  }
  if (characters.length !== LINK_CHARACTERS) {
    const fields = { found: characters.length, expected: LINK_CHARACTERS };
    throw new ReaderError('INVITATION_INVALID', `a link has ${LINK_CHARACTERS} characters`, fields);
  }
  const raw = new Uint8Array(Buffer.from(characters.join(''), 'base64url'));
  if (!sameBytes(hash('serment/invitation-link/1', raw.subarray(0, 65)).subarray(0, 4), raw.subarray(65))) {
    throw new ReaderError('INVITATION_CHECKSUM', 'a link that was changed');
  }
  if (raw[0] !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a link of a newer format');
  return { practice: raw.slice(1, 33), secret: raw.slice(33, 65) };
}

/** @param {string} text a code as somebody typed it @returns {string} */
export function parseInvitationCode(text) {
  const characters = [...text].filter((character) => !KIT_SEPARATORS.test(character));
  const digits = characters.map((character, i) => crockfordDigit(character) ?? codeInvalid({ position: i + 1 }));
  if (digits.length !== CODE_CHARACTERS) codeInvalid({ found: digits.length, expected: CODE_CHARACTERS });
  return digits.map((digit) => CROCKFORD[digit]).join('');
}

/** @param {Record<string, unknown>} fields @returns {never} */
function codeInvalid(fields) {
  throw new ReaderError('INVITATION_CODE_INVALID', `a code has ${CODE_CHARACTERS} characters`, fields);
}

// ---------------------------------------------------------------------------------------------------------------------
// journal.md: entry and header
// ---------------------------------------------------------------------------------------------------------------------

const LARGEST_ENTRY = 32768;
const LARGEST_STATEMENT = LARGEST_ENTRY - 9;
const LARGEST_BLOB = 268435456;
const LARGEST_TEXT = 256;
const GOVERNANCE_STREAM = new Uint8Array(16);
const HOST_STREAM = concat(new Uint8Array(15), Uint8Array.of(1));
const INBOX_PREFIX = concat('inbox/1', new Uint8Array(1));

const ROLES = ['doctor', 'substitute', 'medical-secretary', 'desk', 'accountant'];
const DEVICE_LABELS = ['browser', 'cli', 'script'];
const LABELS = [...DEVICE_LABELS, 'passkey', 'invitation'];
const OUTCOMES = ['proven', 'failed', 'inconclusive'];
const ACCESSES = [
  ...['opened', 'refused', 'password', 'phone', 'totp', 'recovery-codes', 'pin', 'pin-blocked', 'card'],
  ...['recovery-code-used', 'ticket-reused', 'session-ended', 'device-different', 'passkey'],
  ...['rescue-copy', 'read-much', 'wrote-much', 'restricted-much', 'came-back', 'other-history'],
];

/** @typedef {(value: CborValue | undefined) => boolean} Shape */

/** @param {number} size @returns {Shape} */
const bytesOf = (size) => (value) => value instanceof Uint8Array && value.length === size;
/** @param {number} most @returns {Shape} */
const bytesUpTo = (most) => (value) => value instanceof Uint8Array && value.length >= 1 && value.length <= most;
/** @param {string[]} words @returns {Shape} */
const oneOf = (words) => (value) => typeof value === 'string' && words.includes(value);
/** @param {number} least @param {number} [most] @returns {Shape} */
const integer =
  (least, most = Number.MAX_SAFE_INTEGER) =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
/** @param {Shape} shape @returns {Shape} */
const orNull = (shape) => (value) => value === null || shape(value);
/** @param {Shape} shape @returns {Shape} */
const arrayOf = (shape) => (value) => Array.isArray(value) && value.every((item) => shape(item));
/** @param {...Shape} shapes @returns {Shape} */
const tuple =
  (...shapes) =>
  (value) =>
    Array.isArray(value) && value.length === shapes.length && shapes.every((shape, i) => shape(value[i]));
/** @type {Shape} */
const text = (value) => typeof value === 'string' && Buffer.byteLength(value) <= LARGEST_TEXT;
/** @type {Shape} */
const filledText = (value) => text(value) && value !== '';
/** @type {Shape} */
const count = integer(0);
/** @type {Shape} */
const testValue = (value) => typeof value === 'string' && /^[0-9A-HJKMNP-TV-Z]{5}$/.test(value);

const hash32 = bytesOf(32);
const author32 = bytesOf(32);
const member16 = bytesOf(16);
const recipient1216 = bytesOf(RECIPIENT_SIZE);
const wrapBytes = bytesUpTo(LARGEST_WRAP);
const WITNESS_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?$/;
const MOST_WITNESSES = 8;
const sealedSecret = bytesOf(sealedSize(32));
/** @type {Shape} */
const flag = (value) => typeof value === 'boolean';
/** @type {Shape} */
const freezing = (value) => value === 'held' || flag(value);
/** @type {Shape} */
const term = (value) => {
  if (!tuple(member16, orNull(count), orNull(count))(value)) return false;
  const [, from, until] = /** @type {[Uint8Array, number | null, number | null]} */ (value);
  return from === null || until === null || from < until;
};
/** Members, each once. @type {Shape} */
const named = (value) => {
  if (!arrayOf(member16)(value)) return false;
  const members = /** @type {Uint8Array[]} */ (value).map(toHex);
  const isAscending = members.every((member, place) => place === 0 || (members[place - 1] ?? '') < member);
  return members.length > 0 && members.length <= 64 && isAscending;
};
/** Codes, each once. @type {Shape} */
const drillCodes = (value) => {
  if (!Array.isArray(value) || value.length > 16 || new Set(value).size !== value.length) return false;
  return value.every((code) => typeof code === 'string' && Buffer.byteLength(code) <= 64);
};
/** @type {Shape} */
const drill = (value) => {
  const counts = [count, count, count, count, count, count, count];
  const shape = tuple(filledText, count, hash32, ...counts, orNull(count), count, oneOf(OUTCOMES), drillCodes);
  if (!shape(value)) return false;
  const [findings, outcome, codes] = /** @type {[number, string, string[]]} */ (value.slice(11));
  return (findings === 0 && codes.length === 0) === (outcome === 'proven');
};
/** @type {Shape} */
const witnessName = (value) => typeof value === 'string' && WITNESS_NAME.test(value);
const fetched = (/** @type {CborValue | undefined} */ value) =>
  tuple(oneOf(['stream']), bytesOf(16), count, count)(value) ||
  tuple(oneOf(['entries']), (id) => id === null, count, count)(value) ||
  tuple(oneOf(['blob']), hash32, count, count)(value);

/**
 * The kinds: in which stream they stand, whether a compartment seals a payload, and the shape of their body.
 * @type {Record<string, { stream: 'governance' | 'host' | 'inbox' | 'other', payload: boolean, body: Shape }>}
 */
const KINDS = {
  genesis: { stream: 'governance', payload: false, body: tuple(bytesOf(32), member16, author32) },
  member: {
    stream: 'governance',
    payload: false,
    body: tuple(member16, oneOf(ROLES), integer(1), recipient1216, arrayOf(tuple(author32, wrapBytes))),
  },
  device: {
    stream: 'governance',
    payload: false,
    body: tuple(member16, author32, recipient1216, oneOf(LABELS), integer(1), wrapBytes, bytesOf(64)),
  },
  kit: {
    stream: 'governance',
    payload: false,
    body: tuple(member16, author32, recipient1216, testValue, integer(1), wrapBytes, bytesOf(64)),
  },
  epoch: {
    stream: 'governance',
    payload: false,
    body: tuple(filledText, integer(1), recipient1216, hash32, sealedSecret, orNull(sealedSecret)),
  },
  grant: {
    stream: 'governance',
    payload: false,
    body: tuple(filledText, integer(1), member16, integer(1), wrapBytes),
  },
  revoke: { stream: 'governance', payload: false, body: tuple(author32, orNull(hash32)) },
  freeze: { stream: 'governance', payload: false, body: tuple(author32, freezing) },
  hold: { stream: 'governance', payload: false, body: tuple(flag) },
  term: { stream: 'governance', payload: false, body: term },
  restrict: { stream: 'governance', payload: false, body: tuple(bytesOf(16), orNull(named)) },
  'break-glass': {
    stream: 'governance',
    payload: false,
    body: tuple(bytesOf(16), integer(1), bytesOf(sealedSize(512))),
  },
  host: { stream: 'governance', payload: false, body: tuple(author32) },
  'restore-ack': { stream: 'governance', payload: false, body: tuple(integer(1), integer(1), hash32) },
  witness: { stream: 'governance', payload: false, body: tuple(author32, orNull(witnessName)) },
  records: { stream: 'other', payload: true, body: flag },
  deposit: { stream: 'inbox', payload: true, body: tuple(bytesOf(16), wrapBytes, integer(1), sealedSecret) },
  snapshot: { stream: 'other', payload: true, body: tuple(count, hash32) },
  heads: { stream: 'other', payload: true, body: tuple(integer(1), hash32) },
  opened: { stream: 'other', payload: true, body: (value) => value === null },
  reread: { stream: 'other', payload: true, body: (value) => value === null },
  fetch: { stream: 'host', payload: false, body: tuple(bytesOf(32), arrayOf(fetched)) },
  backup: { stream: 'host', payload: false, body: tuple(filledText, count, hash32, count, count) },
  drill: { stream: 'host', payload: false, body: drill },
  operator: { stream: 'host', payload: false, body: tuple(filledText, text) },
  access: { stream: 'host', payload: false, body: tuple(oneOf(ACCESSES), member16, orNull(author32)) },
};

/**
 * @typedef {object} Header
 * @property {Uint8Array | null} practice
 * @property {string} kind
 * @property {Uint8Array} author
 * @property {Uint8Array} stream
 * @property {string | null} compartment
 * @property {number} epoch
 * @property {Uint8Array | null} base
 * @property {Uint8Array | null} prev
 * @property {{ size: number, root: Uint8Array } | null} seen
 * @property {number} time
 * @property {{ hash: Uint8Array, size: number }[]} blobs
 * @property {any} body an array (or a single value) of the shape that KINDS gives for the kind
 *
 * @typedef {object} Entry
 * @property {number} receivedAt
 * @property {Uint8Array} headerBytes
 * @property {Uint8Array | null} payloadHash
 * @property {Uint8Array} signature
 * @property {Uint8Array} statement
 */

/** @param {string} why @param {Record<string, unknown>} [fields] @returns {never} */
function entryInvalid(why, fields) {
  throw new ReaderError('ENTRY_INVALID', why, fields);
}

/** @param {Uint8Array} bytes @returns {CborValue[]} */
function decodeArray(bytes) {
  let value;
  try {
    value = decodeCbor(bytes);
  } catch (error) {
    return entryInvalid(error instanceof Error ? error.message : 'not canonical CBOR');
  }
  return Array.isArray(value) ? value : entryInvalid('no array');
}

/** @param {Uint8Array} bytes @returns {Entry} */
export function parseEntry(bytes) {
  if (bytes.length > LARGEST_ENTRY) throw new ReaderError('ENTRY_TOO_LARGE', 'over 32 768 bytes');
  const items = decodeArray(bytes);
  const [receivedAt, ...statement] = items;
  if (items.length !== 4 || typeof receivedAt !== 'number' || receivedAt < 0) return entryInvalid('no entry');
  // The statement is what follows `84` and receivedAt, behind `83`.
  const prefixSize = 1 + encodeCbor(receivedAt).length;
  return {
    receivedAt,
    ...parseStatementItems(statement),
    statement: concat(Uint8Array.of(0x83), bytes.subarray(prefixSize)),
  };
}

/** @param {Uint8Array} bytes @returns {Entry} an entry that has no place yet: receivedAt is 0 */
export function parseStatement(bytes) {
  if (bytes.length > LARGEST_STATEMENT) throw new ReaderError('ENTRY_TOO_LARGE', 'over 32 759 bytes');
  const items = decodeArray(bytes);
  if (items.length !== 3) return entryInvalid('no statement');
  return { receivedAt: 0, ...parseStatementItems(items), statement: bytes };
}

/** @param {CborValue[]} items */
function parseStatementItems([headerBytes, payloadHash, signature]) {
  if (!(headerBytes instanceof Uint8Array) || headerBytes.length === 0) return entryInvalid('no header');
  if (payloadHash !== null && !(payloadHash instanceof Uint8Array && payloadHash.length === 32)) {
    return entryInvalid('no payload hash');
  }
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return entryInvalid('no signature');
  return { headerBytes, payloadHash, signature };
}

/** @param {Entry} entry @returns {Uint8Array} */
export function entryId(entry) {
  return hash(entry.statement);
}

/** @param {Uint8Array} entry its bytes @returns {Uint8Array} */
export function leafHash(entry) {
  return hash(Uint8Array.of(0), entry);
}

/** @param {Entry} entry @returns {Uint8Array} what its author signed */
export function signedMessage(entry) {
  return concat('serment/entry/1\0', entry.headerBytes, entry.payloadHash ?? '');
}

/** @param {Uint8Array} bytes @returns {Header} */
export function parseHeader(bytes) {
  const items = decodeArray(bytes);
  const [format, practice, kind, author, stream, compartment, epoch, base, prev, seen, time, blobs, body] = items;
  if (format !== 1) throw new ReaderError('FORMAT_UNKNOWN', 'a header of another format');
  if (items.length !== 13) return entryInvalid('not 13 items');
  if (typeof kind !== 'string') return entryInvalid('kind');
  if (!orNull(hash32)(practice)) return entryInvalid('practice');
  if (!author32(author)) return entryInvalid('author');
  if (!bytesOf(16)(stream)) return entryInvalid('stream');
  if (!orNull(filledText)(compartment)) return entryInvalid('compartment');
  if (!(compartment === null ? epoch === 0 : integer(1)(epoch))) return entryInvalid('epoch');
  if (!(orNull(hash32)(base) && orNull(hash32)(prev))) return entryInvalid('base or prev');
  if (!orNull(tuple(integer(1), hash32))(seen)) return entryInvalid('seen');
  if (!count(time)) return entryInvalid('time');
  if (!arrayOf(tuple(hash32, integer(1, LARGEST_BLOB)))(blobs)) return entryInvalid('blobs');
  /** @type {any} the shapes above make the types below true */
  const checked = { practice, kind, author, stream, compartment, epoch, base, prev, seen, time, blobs, body };
  checked.blobs = checked.blobs.map((/** @type {any[]} */ [blob, size]) => ({ hash: blob, size }));
  if (new Set(checked.blobs.map((/** @type {any} */ blob) => toHex(blob.hash))).size !== checked.blobs.length) {
    return entryInvalid('a document named twice');
  }
  if (checked.seen !== null) checked.seen = { size: checked.seen[0], root: checked.seen[1] };
  const rule = KINDS[kind];
  if (rule === undefined || !Object.hasOwn(KINDS, kind)) return entryInvalid('kind', { refusal: 'KIND_UNKNOWN' });
  if ((practice === null) !== (kind === 'genesis')) return entryInvalid('practice', { refusal: 'PRACTICE_MISMATCH' });
  if (!rule.body(body)) throw new ReaderError('BODY_INVALID', `the body of ${kind}`);
  return checked;
}

/**
 * @param {{ scope: Uint8Array, member: Uint8Array, author: Uint8Array, recipient: Uint8Array }} holder
 * @returns {Uint8Array} what a new holder signs
 */
export function holderProofMessage({ scope, member, author, recipient }) {
  return concat('serment/holder-proof/1\0', scope, member, author, recipient);
}

// ---------------------------------------------------------------------------------------------------------------------
// journal.md: who may sign what
// ---------------------------------------------------------------------------------------------------------------------

/**
 * What the accepted entries so far say. Authors, members, streams and entry ids are in hexadecimal.
 * @typedef {object} State
 * @property {string | null} expectedPractice when it is known beforehand
 * @property {string | null} practice
 * @property {Uint8Array} nonce
 * @property {string | null} founder the author of genesis
 * @property {string | null} founderMember
 * @property {boolean} batchEnded an entry that is none of the genesis batch came
 * @property {boolean} holdsDevices whether the host may hold a device
 * @property {string | null} host
 * @property {Set<string>} hosts every host author ever named
 * @property {Map<string, Holder>} holders
 * @property {Map<string, Member>} members
 * @property {Map<string, number>} epochs the last number of each compartment
 * @property {Set<string>} grants compartment, number, member and generation, joined by spaces
 * @property {Map<string, { named: string[], broken: string[] }>} restrictions by stream, while it is restricted
 * @property {Map<string, string>} witnesses the name of each, by its key
 * @property {number} fence the acknowledged one
 * @property {Map<string, string>} lastEntries of each author
 * @property {Map<string, string>} heads of each stream
 * @property {Map<string, string | null>} streams the compartment of each
 * @property {number} size of the journal; unlike all the rest, counts refused entries too
 * @property {Losses | null} losses once an entry is lost
 */

/**
 * @typedef {object} Holder
 * @property {HolderType} type
 * @property {string} label empty for a kit, and when it is not known
 * @property {string} member
 * @property {boolean} revoked
 * @property {boolean} frozen
 *
 * @typedef {'device' | 'passkey' | 'invitation' | 'kit'} HolderType
 *
 * @typedef {object} Member
 * @property {string} role
 * @property {number} generation
 * @property {boolean} own it made that generation
 * @property {[from: number | null, until: number | null]} term
 */

/**
 * What a copy has lost, and what later entries may rest on because of it. One lost entry has one id, so that no more ids
 * than lost entries pass for lost ones.
 */
class Losses {
  /** @param {(id: string) => boolean} isKnown whether an entry that is there has this id */
  constructor(isKnown) {
    this.isKnown = isKnown;
    this.count = 0;
    /** @type {Set<string>} */
    this.ids = new Set();
    /** @type {Set<string>} ids that the entry being judged needs to be lost */
    this.asked = new Set();
    /** @type {Map<string, string>} the author of each entry that was not judged, by id */
    this.unjudged = new Map();
    /** @type {Map<string, number>} for each author and stream, how many were lost before its last accepted entry */
    this.before = new Map();
  }

  /** @param {string} chain an author or a stream @param {Uint8Array | null} id */
  mayBeLost(chain, id) {
    if (id === null || this.isKnown(toHex(id)) || this.count === (this.before.get(chain) ?? 0)) return false;
    const named = new Set([...this.ids, ...this.asked, toHex(id)]);
    if (named.size > this.count) return false;
    this.asked.add(toHex(id));
    return true;
  }

  /** @param {Header} header */
  explainsPrev({ author, prev }) {
    const unjudged = prev !== null && this.unjudged.get(toHex(prev)) === toHex(author);
    return unjudged || this.mayBeLost(toHex(author), prev);
  }

  /** @param {Header} header */
  explainsBase({ stream, base }) {
    return (base !== null && this.unjudged.has(toHex(base))) || this.mayBeLost(toHex(stream), base);
  }

  /** @param {Header} header of an entry that is accepted */
  accept({ author, stream }) {
    for (const id of this.asked) this.ids.add(id);
    this.before.set(toHex(author), this.count);
    this.before.set(toHex(stream), this.count);
  }
}

/** @param {Uint8Array | null} [practice] the expected one @returns {State} */
export function emptyState(practice = null) {
  return {
    expectedPractice: practice && toHex(practice),
    practice: null,
    nonce: new Uint8Array(0),
    founder: null,
    founderMember: null,
    batchEnded: false,
    holdsDevices: false,
    host: null,
    hosts: new Set(),
    holders: new Map(),
    members: new Map(),
    epochs: new Map(),
    grants: new Set(),
    restrictions: new Map(),
    witnesses: new Map(),
    fence: 1,
    lastEntries: new Map(),
    heads: new Map(),
    streams: new Map(),
    size: 0,
    losses: null,
  };
}

/** @typedef {{ type: 'founder' | 'host' | HolderType | 'none', author: string, label: string, member: string | null, role: string | null }} Signer */

/** @param {State} state @param {Header} header @returns {Signer} */
function signerOf(state, header) {
  const author = toHex(header.author);
  const holder = state.holders.get(author);
  if (holder) {
    const role = state.members.get(holder.member)?.role ?? null;
    return { type: holder.type, author, label: holder.label, member: holder.member, role };
  }
  const type = author === state.founder ? 'founder' : author === state.host ? 'host' : 'none';
  return { type, author, label: '', member: null, role: null };
}

/** Whether the genesis batch holds all that it must. @param {State} state */
function isBatchComplete(state) {
  const compartments = ['admin', 'clinical', 'billing', `private/${state.founderMember}`];
  const granted = compartments.every((name) => state.grants.has(`${name} 1 ${state.founderMember} 1`));
  return granted && [...state.holders.values()].some((holder) => holder.type === 'kit');
}

/** What the batch lacks may be what is lost: it was accepted whole. @param {State} state */
function isPastBatch(state) {
  return state.losses !== null || isBatchComplete(state);
}

const BATCH_KINDS = ['genesis', 'member', 'device', 'kit', 'epoch', 'grant'];

/** Whether an entry belongs to the genesis batch. @param {State} state @param {Header} header */
function isOfBatch(state, { kind, author, seen }) {
  if (kind === 'genesis') return true;
  return !state.batchEnded && seen === null && toHex(author) === state.founder && BATCH_KINDS.includes(kind);
}

/** @param {string} name @returns {string | null} the member whose private compartment this is */
function privateMember(name) {
  return /^private\/([0-9a-f]{32})$/.exec(name)?.[1] ?? null;
}

/** @param {string} name */
function isCompartment(name) {
  return ['admin', 'clinical', 'billing'].includes(name) || privateMember(name) !== null;
}

/** @param {Signer} signer */
function isDoctor(signer) {
  return (signer.type === 'device' || signer.type === 'kit') && signer.role === 'doctor';
}

/** @param {Signer} signer a device or a kit, and no program that runs alone */
function isPersonal(signer) {
  return signer.type === 'kit' || (signer.type === 'device' && signer.label !== 'script');
}

/** @param {Signer} signer @param {string} member whether the signer acts for this member as a whole */
function isMemberItself(signer, member) {
  return ['device', 'kit', 'passkey'].includes(signer.type) && signer.member === member;
}

/** The authors of a member's holders that are not revoked. @param {State} state @param {string} member */
function holdersOf(state, member) {
  return [...state.holders].filter(([, one]) => one.member === member && !one.revoked).map(([author]) => author);
}

/**
 * Says whether an entry may follow: null, or the refusal.
 * @param {State} state
 * @param {{ header: Header, payloadHash: Uint8Array | null, id: Uint8Array, receivedAt: number }} entry
 * @returns {string | null}
 */
export function authorize(state, { header, payloadHash, id, receivedAt }) {
  const { expectedPractice } = state;
  if (header.kind === 'genesis' && expectedPractice !== null && expectedPractice !== toHex(id))
    return 'PRACTICE_MISMATCH';
  return refuseFrame(state, header, { payloadHash, receivedAt }) ?? refuseBody(state, header, signerOf(state, header));
}

/**
 * What holds for every kind.
 * @param {State} state @param {Header} header @param {{ payloadHash: Uint8Array | null, receivedAt: number }} entry
 */
function refuseFrame(state, header, { payloadHash, receivedAt }) {
  const author = toHex(header.author);
  const genesis = header.kind === 'genesis';
  const rule = KINDS[header.kind];
  if (rule === undefined) return 'KIND_UNKNOWN';
  if (genesis !== (state.practice === null)) return 'PRACTICE_MISMATCH';
  if (!genesis && state.practice !== (header.practice && toHex(header.practice))) return 'PRACTICE_MISMATCH';
  if (rule.stream !== streamType(header.stream)) return 'STREAM_FORBIDDEN';
  if ((rule.stream === 'other' || rule.stream === 'inbox') && isForeign(state, header)) return 'STREAM_FORBIDDEN';
  if (!rule.payload && (payloadHash !== null || header.blobs.length > 0)) return 'PAYLOAD_FORBIDDEN';
  if (rule.payload && payloadHash === null) return 'PAYLOAD_REQUIRED';
  const holder = state.holders.get(author);
  const known = genesis || holder !== undefined || author === state.founder || state.hosts.has(author);
  if (!known) return 'AUTHOR_UNKNOWN';
  if (holder?.revoked || (state.hosts.has(author) && author !== state.host)) return 'AUTHOR_REVOKED';
  if (holder?.frozen === true) return 'AUTHOR_FROZEN';
  const [from, until] = state.members.get(holder?.member ?? '')?.term ?? [null, null];
  if ((from !== null && receivedAt < from) || (until !== null && receivedAt >= until)) return 'TERM_OUTSIDE';
  if (holder?.frozen === 'held') return 'AUTHOR_HELD';
  const { losses } = state;
  const isNext = (header.prev && toHex(header.prev)) === (state.lastEntries.get(author) ?? null);
  if (!(isNext || losses?.explainsPrev(header))) return 'PREV_STALE';
  const isOnHead = (header.base && toHex(header.base)) === (state.heads.get(toHex(header.stream)) ?? null);
  if (binds(header) && !(isOnHead || losses?.explainsBase(header))) return 'BASE_STALE';
  return refuseSeen(state, header);
}

/** Whether `base` must be the stream's head. @param {Header} header */
function binds({ kind, body }) {
  const governs = KINDS[kind]?.stream === 'governance' && kind !== 'revoke' && kind !== 'freeze';
  return governs || (kind === 'records' && body === true);
}

/** Whether the stream began in another compartment. @param {State} state @param {Header} header */
function isForeign(state, { stream, compartment }) {
  const begun = state.streams.get(toHex(stream));
  return begun !== undefined && begun !== compartment;
}

/** @param {State} state @param {Header} header */
function refuseSeen(state, header) {
  const { seen } = header;
  if (seen === null) return isOfBatch(state, header) || KINDS[header.kind]?.stream === 'host' ? null : 'SEEN_REQUIRED';
  return !isPastBatch(state) || seen.size > state.size ? 'SEEN_AHEAD' : null;
}

/** @param {Uint8Array} stream */
function streamType(stream) {
  if (sameBytes(stream, GOVERNANCE_STREAM)) return 'governance';
  if (sameBytes(stream, HOST_STREAM)) return 'host';
  return sameBytes(stream.subarray(0, 8), INBOX_PREFIX) ? 'inbox' : 'other';
}

/** What each kind asks for. @param {State} state @param {Header} header @param {Signer} signer @returns {string | null} */
function refuseBody(state, header, signer) {
  const rule = KINDS[header.kind];
  const misplaced = header.compartment !== null && !rule?.payload ? 'COMPARTMENT_UNKNOWN' : null;
  switch (header.kind) {
    case 'genesis':
      return sameBytes(header.author, header.body[2]) ? 'AUTHOR_EXISTS' : misplaced;
    case 'member':
      return refuseMember(state, header.body, signer) ?? misplaced;
    case 'device':
    case 'kit':
      return refuseHolder(state, header, signer) ?? misplaced;
    case 'epoch':
      return refuseEpoch(state, header.body, signer, misplaced);
    case 'grant':
      return refuseGrant(state, header.body, signer, misplaced);
    case 'revoke':
      return refuseRevoke(state, header.body, signer, misplaced);
    case 'freeze':
      return refuseFreeze(state, header.body, signer, misplaced);
    case 'hold':
      if (!(signer.type === 'device' && isDoctor(signer) && isPersonal(signer))) return 'ROLE_FORBIDDEN';
      return misplaced;
    case 'term':
      if (signer.type !== 'device' || signer.role !== 'doctor') return 'ROLE_FORBIDDEN';
      return refuseTerm(state, toHex(header.body[0])) ?? misplaced;
    case 'restrict':
      return refuseRestrict(state, header.body, signer, misplaced);
    case 'break-glass':
      return refuseGlass(state, header.body, signer, misplaced);
    case 'host':
      if (!isDoctor(signer)) return 'ROLE_FORBIDDEN';
      return isHolderOrFounder(state, toHex(header.body[0])) ? 'AUTHOR_EXISTS' : misplaced;
    case 'restore-ack':
      if (!isDoctor(signer)) return 'ROLE_FORBIDDEN';
      return misplaced ?? (header.body[0] <= state.fence ? 'FENCE_STALE' : null);
    case 'witness':
      return refuseWitness(state, header.body, signer, misplaced);
    case 'records':
    case 'snapshot':
    case 'heads':
    case 'opened':
    case 'reread':
      return refuseRecords(state, header, signer);
    case 'deposit':
      return refuseDeposit(state, header, signer);
    default:
      if (signer.type !== 'host' || !isPastBatch(state)) return 'ROLE_FORBIDDEN';
      return misplaced;
  }
}

/** @param {State} state @param {any} body @param {Signer} signer */
function refuseMember(state, [memberBytes, role, generation, , wraps], signer) {
  const member = toHex(memberBytes);
  const founding = signer.type === 'founder' && member === state.founderMember && role === 'doctor';
  if (!(founding || isMemberItself(signer, member) || isDoctor(signer))) return 'ROLE_FORBIDDEN';
  const known = state.members.get(member);
  if (!known && generation !== 1) return 'MEMBER_UNKNOWN';
  if (known && (generation === 1 || role !== known.role)) return 'MEMBER_EXISTS';
  if (known && generation !== known.generation + 1) return 'GENERATION_STALE';
  // After a loss, nobody knows all the holders: those that are left out count as revoked (see applyEntry).
  if (state.losses) return null;
  const expected = holdersOf(state, member).sort();
  const given = wraps.map((/** @type {[Uint8Array, Uint8Array]} */ [author]) => toHex(author)).sort();
  return expected.join() === given.join() ? null : 'HOLDERS_MISMATCH';
}

/** @param {State} state @param {Header} header @param {Signer} signer */
function refuseHolder(state, header, signer) {
  const member = toHex(header.body[0]);
  const author = toHex(header.body[1]);
  const generation = header.body[4];
  const label = header.kind === 'kit' ? '' : header.body[3];
  if (!mayNameHolder(state, header.kind, signer, { member, author, label })) return 'ROLE_FORBIDDEN';
  const known = state.members.get(member);
  if (!known) return 'MEMBER_UNKNOWN';
  if (known.generation !== generation) return 'GENERATION_STALE';
  const used = state.hosts.has(author) || isHolderOrFounder(state, author);
  if (used && signer.type !== 'founder') return 'AUTHOR_EXISTS';
  const message = holderProofMessage({
    scope: isOfBatch(state, header) ? state.nonce : fromHex(state.practice ?? ''),
    member: header.body[0],
    author: header.body[1],
    recipient: header.body[2],
  });
  return verifySignature(header.body[1], message, header.body[6]) ? null : 'PROOF_INVALID';
}

/** @param {State} state @param {string} author */
function isHolderOrFounder(state, author) {
  return state.holders.has(author) || author === state.founder;
}

/** @param {State} state @param {string} kind @param {Signer} signer @param {{ member: string, author: string, label: string }} holder */
function mayNameHolder(state, kind, signer, { member, author, label }) {
  if (kind === 'kit') return signer.type === 'device' && signer.member === member;
  if (signer.type === 'founder') {
    return author === signer.author && member === state.founderMember && DEVICE_LABELS.includes(label);
  }
  if (signer.type === 'invitation') return signer.member === member && ['browser', 'cli'].includes(label);
  if (isMemberItself(signer, member)) return true;
  return signer.type === 'device' && signer.role === 'doctor' && holdersOf(state, member).length === 0;
}

/** @param {string} compartment @param {Signer} signer */
function mayRuleCompartment(compartment, signer) {
  const owner = privateMember(compartment);
  if (owner === null) return isDoctor(signer);
  return (signer.type === 'device' || signer.type === 'kit') && signer.member === owner;
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseEpoch(state, [compartment, number, , , , previous], signer, misplaced) {
  if (!mayRuleCompartment(compartment, signer)) return 'ROLE_FORBIDDEN';
  if (misplaced || !isCompartment(compartment)) return 'COMPARTMENT_UNKNOWN';
  if (number !== (state.epochs.get(compartment) ?? 0) + 1) return 'EPOCH_STALE';
  return (previous === null) === (number === 1) ? null : 'PREVIOUS_KEY_MISSING';
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseGrant(state, [compartment, number, memberBytes, generation], signer, misplaced) {
  const member = toHex(memberBytes);
  const owner = privateMember(compartment);
  if (!mayRuleCompartment(compartment, signer)) return 'ROLE_FORBIDDEN';
  if (owner !== null && owner !== member) return 'ROLE_FORBIDDEN';
  const known = state.members.get(member);
  const roles = ROLES_OF_COMPARTMENT[compartment];
  if (known && roles && !roles.includes(known.role)) return 'ROLE_FORBIDDEN';
  if (!known || holdersOf(state, member).length === 0) return 'MEMBER_UNKNOWN';
  if (known.generation !== generation) return 'GENERATION_STALE';
  if (owner !== null && !known.own) return 'GENERATION_STALE';
  if (misplaced || !state.epochs.has(compartment)) return 'COMPARTMENT_UNKNOWN';
  if (number !== state.epochs.get(compartment)) return 'EPOCH_STALE';
  return state.grants.has(`${compartment} ${number} ${member} ${generation}`) ? 'GRANT_EXISTS' : null;
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseRevoke(state, [authorBytes], signer, misplaced) {
  const author = toHex(authorBytes);
  const holder = state.holders.get(author);
  const itself = ['device', 'invitation'].includes(signer.type) && signer.author === author;
  const own = ['passkey', 'kit'].includes(signer.type) && holder !== undefined && signer.member === holder.member;
  if (!(itself || own || isDoctor(signer))) return 'ROLE_FORBIDDEN';
  if (misplaced) return misplaced;
  return !holder || holder.revoked ? 'REVOKE_UNKNOWN' : null;
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseFreeze(state, [authorBytes, frozen], signer, misplaced) {
  const author = toHex(authorBytes);
  const holder = state.holders.get(author);
  const own = holder !== undefined && signer.member === holder.member;
  const held = holder?.frozen === 'held';
  const letsGo = own || signer.role === 'doctor' || (held && signer.type === 'device');
  const allowed = frozen !== false ? signer.author !== author : letsGo;
  if (!((isPersonal(signer) && allowed) || mayHostFreeze(state, holder, frozen, signer))) return 'ROLE_FORBIDDEN';
  if (misplaced) return misplaced;
  const unknown = !holder || holder.type === 'kit' || holder.revoked || holder.frozen === frozen;
  return unknown || (holder.frozen === true && frozen === 'held') ? 'FREEZE_UNKNOWN' : null;
}

/**
 * A host holds a device where the practice chose so, and lets go what a host held.
 * @param {State} state @param {any} holder @param {any} frozen @param {Signer} signer
 */
function mayHostFreeze(state, holder, frozen, signer) {
  if (signer.type !== 'host') return false;
  if (frozen === 'held') return state.holdsDevices && holder?.type === 'device';
  return frozen === false && holder?.frozen === 'held' && holder.heldByHost;
}

/** @param {State} state @param {string} member */
function refuseTerm(state, member) {
  const known = state.members.get(member);
  if (!known) return 'MEMBER_UNKNOWN';
  return known.role === 'doctor' ? 'ROLE_FORBIDDEN' : null;
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseRestrict(state, [streamBytes, members], signer, misplaced) {
  const known = state.restrictions.get(toHex(streamBytes));
  const allowed = signer.type === 'kit' || known === undefined || known.named.includes(signer.member ?? '');
  if (!(isDoctor(signer) && isPersonal(signer) && allowed)) return 'ROLE_FORBIDDEN';
  const unknown = members?.some((/** @type {Uint8Array} */ member) => !state.members.has(toHex(member)));
  if (unknown) return 'MEMBER_UNKNOWN';
  if (misplaced) return misplaced;
  return members === null && known === undefined ? 'RESTRICT_UNKNOWN' : null;
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseGlass(state, [streamBytes, number], signer, misplaced) {
  if (!(signer.type === 'device' && isPersonal(signer) && signer.member !== null)) return 'ROLE_FORBIDDEN';
  if (misplaced) return misplaced;
  if (number !== state.epochs.get('clinical')) return 'EPOCH_STALE';
  if (!hasGrant(state, `clinical ${number} ${signer.member} `)) return 'GRANT_MISSING';
  const known = state.restrictions.get(toHex(streamBytes));
  const isOpen = known === undefined || known.named.includes(signer.member) || known.broken.includes(signer.member);
  return isOpen ? 'RESTRICT_UNKNOWN' : null;
}

/** @param {State} state @param {any} body @param {Signer} signer @param {string | null} misplaced */
function refuseWitness(state, [keyBytes, name], signer, misplaced) {
  if (!(signer.type === 'device' && isDoctor(signer) && isPersonal(signer))) return 'ROLE_FORBIDDEN';
  const key = toHex(keyBytes);
  if (name !== null && (isHolderOrFounder(state, key) || state.hosts.has(key))) return 'AUTHOR_EXISTS';
  if (misplaced) return misplaced;
  const known = state.witnesses.get(key);
  const isFull = known === undefined && state.witnesses.size >= MOST_WITNESSES;
  const isSame = (known ?? null) === name;
  return isFull || isSame ? 'WITNESS_REFUSED' : null;
}

/** @type {Record<string, string[]>} */
const ROLES_OF_COMPARTMENT = {
  admin: ['doctor', 'substitute', 'medical-secretary', 'desk'],
  clinical: ['doctor', 'substitute', 'medical-secretary'],
  billing: ['doctor', 'substitute', 'medical-secretary', 'accountant'],
};

/** @param {State} state @param {Header} header @param {Signer} signer */
function refuseRecords(state, { kind, compartment, epoch }, signer) {
  const asked = ['heads', 'opened', 'reread'].includes(kind) ? 'admin' : (compartment ?? '');
  const owner = privateMember(asked);
  if (signer.type !== 'device' || signer.role === null || signer.member === null) return 'ROLE_FORBIDDEN';
  if (owner !== null && owner !== signer.member) return 'ROLE_FORBIDDEN';
  const roles = ROLES_OF_COMPARTMENT[asked];
  if (roles && !roles.includes(signer.role)) return 'ROLE_FORBIDDEN';
  if (!state.epochs.has(asked) || compartment !== asked) return 'COMPARTMENT_UNKNOWN';
  if (epoch !== state.epochs.get(asked)) return 'EPOCH_STALE';
  return hasGrant(state, `${asked} ${epoch} ${signer.member} `) ? null : 'GRANT_MISSING';
}

/** @param {State} state @param {Header} header @param {Signer} signer */
function refuseDeposit(state, { stream, compartment, epoch }, signer) {
  if (signer.type !== 'device' || signer.role === null || signer.member === null) return 'ROLE_FORBIDDEN';
  if (ROLES_OF_COMPARTMENT.clinical.includes(signer.role)) return 'ROLE_FORBIDDEN';
  if (toHex(stream.subarray(8)) !== signer.member.slice(0, 16)) return 'ROLE_FORBIDDEN';
  if (!state.epochs.has('clinical') || compartment !== 'clinical') return 'COMPARTMENT_UNKNOWN';
  return epoch === state.epochs.get('clinical') ? null : 'EPOCH_STALE';
}

/** A grant to any generation of the member counts. @param {State} state @param {string} start */
function hasGrant(state, start) {
  return [...state.grants].some((grant) => grant.startsWith(start));
}

/** Takes an accepted entry into the state. @param {State} state @param {{ header: Header, id: string }} entry */
function applyEntry(state, { header, id }) {
  const { kind, body } = header;
  const author = toHex(header.author);
  if (!isOfBatch(state, header)) state.batchEnded = true;
  if (kind === 'genesis') {
    state.practice = id;
    state.nonce = body[0];
    state.founder = author;
    state.founderMember = toHex(body[1]);
  }
  if (kind === 'genesis' || kind === 'host') {
    state.host = toHex(body[kind === 'host' ? 0 : 2]);
    state.hosts.add(state.host);
  }
  if (kind === 'member') {
    const signer = author === state.founder ? state.founderMember : state.holders.get(author)?.member;
    const member = toHex(body[0]);
    if (state.losses) revokeOmitted(state, member, body[4]);
    const term = state.members.get(member)?.term ?? [null, null];
    state.members.set(member, { role: body[1], generation: body[2], own: signer === member, term });
  }
  if (kind === 'device' || kind === 'kit') {
    const label = kind === 'kit' ? '' : body[3];
    const type = kind === 'kit' ? kind : DEVICE_LABELS.includes(label) ? 'device' : label;
    state.holders.set(toHex(body[1]), {
      type,
      label,
      member: toHex(body[0]),
      revoked: false,
      frozen: false,
      heldByHost: false,
    });
  }
  if (kind === 'epoch') state.epochs.set(body[0], body[1]);
  if (kind === 'grant') state.grants.add(`${body[0]} ${body[1]} ${toHex(body[2])} ${body[3]}`);
  if (kind === 'restore-ack') state.fence = body[0];
  const revoked = kind === 'revoke' ? state.holders.get(toHex(body[0])) : undefined;
  if (revoked) revoked.revoked = true;
  const frozen = kind === 'freeze' ? state.holders.get(toHex(body[0])) : undefined;
  if (frozen) Object.assign(frozen, { frozen: body[1], heldByHost: state.hosts.has(author) });
  if (kind === 'hold') state.holdsDevices = body[0];
  const limited = kind === 'term' ? state.members.get(toHex(body[0])) : undefined;
  if (limited) limited.term = [body[1], body[2]];
  if (kind === 'witness' && body[1] === null) state.witnesses.delete(toHex(body[0]));
  if (kind === 'witness' && body[1] !== null) state.witnesses.set(toHex(body[0]), body[1]);
  if (kind === 'restrict' && body[1] === null) state.restrictions.delete(toHex(body[0]));
  if (kind === 'restrict' && body[1] !== null)
    state.restrictions.set(toHex(body[0]), { named: body[1].map(toHex), broken: [] });
  const opener = kind === 'break-glass' ? state.holders.get(author)?.member : undefined;
  if (opener !== undefined) state.restrictions.get(toHex(body[0]))?.broken.push(opener);
  state.lastEntries.set(author, id);
  state.heads.set(toHex(header.stream), id);
  state.streams.set(toHex(header.stream), header.compartment);
}

/** @param {State} state @param {string} member @param {[Uint8Array, Uint8Array][]} wraps of its next generation */
function revokeOmitted(state, member, wraps) {
  const named = new Set(wraps.map(([author]) => toHex(author)));
  for (const author of holdersOf(state, member)) {
    const holder = state.holders.get(author);
    if (holder && !named.has(author)) holder.revoked = true;
  }
}

const EXPLAINED_BY_LOSS = [
  'AUTHOR_UNKNOWN',
  'AUTHOR_FROZEN',
  'AUTHOR_HELD',
  'TERM_OUTSIDE',
  'MEMBER_UNKNOWN',
  'GENERATION_STALE',
  'COMPARTMENT_UNKNOWN',
  'EPOCH_STALE',
  'GRANT_MISSING',
  'REVOKE_UNKNOWN',
  'FREEZE_UNKNOWN',
  'RESTRICT_UNKNOWN',
  'WITNESS_REFUSED',
];

/** Whether a lost entry may be why one is refused. @param {State} state @param {Header} header @param {string} refusal */
function isExplainedByLoss(state, { kind, compartment, epoch }, refusal) {
  if (compartment !== null && !isCompartment(compartment)) return false;
  if (KINDS[kind]?.payload && epoch < (state.epochs.get(compartment ?? '') ?? 0)) return false;
  return EXPLAINED_BY_LOSS.includes(refusal);
}

/** After a loss: no genesis batch was accepted without the founder's device. @param {State} state */
function assumeFounderDevice({ founder, founderMember, members, holders }) {
  if (founder === null || founderMember === null || !members.has(founderMember) || holders.has(founder)) return;
  holders.set(founder, {
    type: 'device',
    label: '',
    member: founderMember,
    revoked: false,
    frozen: false,
    heldByHost: false,
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// journal.md: tree (RFC 6962 2.1)
// ---------------------------------------------------------------------------------------------------------------------

/** @param {Uint8Array} left @param {Uint8Array} right */
export function nodeHash(left, right) {
  return hash(Uint8Array.of(1), left, right);
}

/** The whole tree: every full subtree's hash, so that the root at any size is near. */
export class Tree {
  constructor() {
    /** @type {Uint8Array[][]} level 0 holds the leaf hashes, level n the hashes of 2^n leaves */
    this.levels = [[]];
  }

  get size() {
    return this.levels[0]?.length ?? 0;
  }

  /** @param {Uint8Array} leaf */
  add(leaf) {
    let node = leaf;
    for (let level = 0; ; level++) {
      const row = this.levels[level] ?? [];
      this.levels[level] = row;
      row.push(node);
      if (row.length % 2 === 1) return;
      node = nodeHash(row[row.length - 2] ?? node, node);
    }
  }

  /** The full subtrees that make up the first `size` leaves, from the largest. @param {number} [size] */
  frontier(size = this.size) {
    const hashes = [];
    let done = 0;
    for (let level = this.levels.length - 1; level >= 0; level--) {
      if (size - done < 2 ** level) continue;
      hashes.push(this.levels[level]?.[done / 2 ** level] ?? new Uint8Array(0));
      done += 2 ** level;
    }
    return hashes;
  }

  /** @param {number} [size] @returns {Uint8Array} */
  root(size = this.size) {
    return rootOfFrontier(this.frontier(size));
  }
}

/** @param {Uint8Array[]} hashes of full subtrees, from the largest @returns {Uint8Array} */
function rootOfFrontier(hashes) {
  if (hashes.length === 0) return hash();
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The root of a tree of which the frontier was kept. @param {number} size @param {Uint8Array[]} hashes */
export function rootFromFrontier(size, hashes) {
  const invalid = () => new ReaderError('TREE_INVALID', 'no frontier of that size');
  if (!Number.isSafeInteger(size) || size < 0 || hashes.some((one) => one.length !== 32)) throw invalid();
  if ([...size.toString(2)].filter((bit) => bit === '1').length !== hashes.length) throw invalid();
  return rootOfFrontier(hashes);
}

/**
 * RFC 9162 2.1.3.2.
 * @param {{ index: number, size: number, leaf: Uint8Array, proof: Uint8Array[], root: Uint8Array }} inclusion
 */
export function verifyInclusion({ index, size, leaf, proof, root }) {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size)) || index < 0 || index >= size) return false;
  let node = BigInt(index);
  let last = BigInt(size) - 1n;
  let computed = leaf;
  for (const sibling of proof) {
    if (last === 0n || sibling.length !== 32) return false;
    if (node % 2n === 1n || node === last) {
      computed = nodeHash(sibling, computed);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else computed = nodeHash(computed, sibling);
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && sameBytes(computed, root);
}

/**
 * RFC 9162 2.1.4.2; every tree is consistent with the empty one.
 * @param {{ from: number, to: number, fromRoot: Uint8Array, toRoot: Uint8Array, proof: Uint8Array[] }} consistency
 */
export function verifyConsistency({ from, to, fromRoot, toRoot, proof }) {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to)) || from < 0 || from > to) return false;
  if (from === 0 && !sameBytes(fromRoot, hash())) return false;
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0;
  const path = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : [...proof];
  let node = BigInt(from) - 1n;
  let last = BigInt(to) - 1n;
  while (node % 2n === 1n) [node, last] = [node >> 1n, last >> 1n];
  const first = path.shift();
  if (first === undefined) return false;
  let [computedFrom, computedTo] = [first, first];
  for (const sibling of path) {
    if (last === 0n || sibling.length !== 32) return false;
    if (node % 2n === 1n || node === last) {
      computedFrom = nodeHash(sibling, computedFrom);
      computedTo = nodeHash(sibling, computedTo);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else computedTo = nodeHash(computedTo, sibling);
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && sameBytes(computedFrom, fromRoot) && sameBytes(computedTo, toRoot);
}

// ---------------------------------------------------------------------------------------------------------------------
// journal.md: checkpoint (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)
// ---------------------------------------------------------------------------------------------------------------------

const LONGEST_NOTE = 16384;
const MOST_SIGNATURES = 16;
const ED25519_NOTE_TYPE = 1;

/** @typedef {{ practice: Uint8Array, fence: number, size: number, root: Uint8Array }} Checkpoint */

/** @param {string} why @returns {never} */
function checkpointInvalid(why) {
  throw new ReaderError('CHECKPOINT_INVALID', why);
}

/** @param {string} text @returns {Uint8Array} */
function fromBase64(text) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return checkpointInvalid('base64 that is not canonical');
  return Uint8Array.from(bytes);
}

/** @param {string} text @returns {number} */
function parseDecimal(text) {
  const value = Number(text);
  if (!(/^(?:0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(value))) return checkpointInvalid('a number');
  return value;
}

/** Reads a checkpoint without looking at its signatures. @param {string} note */
function parseNote(note) {
  if (note.length > LONGEST_NOTE) checkpointInvalid('over 16 384 characters');
  const cut = note.indexOf('\n\n');
  if (cut === -1 || !note.endsWith('\n')) return checkpointInvalid('no note');
  const lines = note.slice(0, cut).split('\n');
  const signatures = note.slice(cut + 2, -1).split('\n');
  const [origin = '', size = '', root = ''] = lines;
  const [, practice = '', fence = ''] =
    /^serment\/([0-9a-f]{64})\/([0-9]+)$/.exec(origin) ?? checkpointInvalid('origin');
  if (lines.length !== 3 || signatures.length > MOST_SIGNATURES) checkpointInvalid('another number of lines');
  const checkpoint = {
    practice: fromHex(practice),
    fence: parseDecimal(fence),
    size: parseDecimal(size),
    root: fromBase64(root),
  };
  if (checkpoint.fence < 1 || checkpoint.root.length !== 32) checkpointInvalid('fence or root');
  if (checkpoint.size === 0 && !sameBytes(checkpoint.root, hash())) checkpointInvalid('root of the empty tree');
  return { checkpoint, origin, text: note.slice(0, cut + 1), signatures: signatures.map(parseNoteSignature) };
}

/** @param {string} line */
function parseNoteSignature(line) {
  const [, name = '', base64 = ''] =
    /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? checkpointInvalid('signature');
  const bytes = fromBase64(base64);
  if (bytes.length < 5) return checkpointInvalid('signature');
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** @param {string} name @param {Uint8Array} key @param {number} type */
function keyIdOf(name, key, type = ED25519_NOTE_TYPE) {
  return hash(name, Uint8Array.of(0x0a, type), key).subarray(0, 4);
}

/** Reads a checkpoint signed by the host author. @param {string} note @param {Uint8Array} host @returns {Checkpoint} */
export function openCheckpoint(note, host) {
  const { checkpoint, origin, text, signatures } = parseNote(note);
  const keyId = keyIdOf(origin, host);
  const own = signatures.filter((one) => one.name === origin && sameBytes(one.keyId, keyId));
  if (own.length === 0) checkpointInvalid('not signed by the host author');
  for (const { signature } of own) {
    if (!verifySignature(host, concat(text), signature)) checkpointInvalid('a wrong signature of the host author');
  }
  return checkpoint;
}

// ---------------------------------------------------------------------------------------------------------------------
// witness.md (c2sp.org/tlog-cosignature, Ed25519)
// ---------------------------------------------------------------------------------------------------------------------

const COSIGNATURE_TYPE = 4;

/** @typedef {{ name: string, key: Uint8Array }} Witness */

/** Reads the line of a witness's key. @param {string} line @returns {Witness} */
export function parseWitnessKey(line) {
  const invalid = () => {
    throw new ReaderError('WITNESS_KEY_INVALID', 'not the key line of a witness');
  };
  const [, name = '', keyId = '', base64 = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim()) ?? invalid();
  const typed = Uint8Array.from(Buffer.from(base64, 'base64'));
  const isCanonical = Buffer.from(typed).toString('base64') === base64;
  if (!(WITNESS_NAME.test(name) && isCanonical)) invalid();
  const key = typed.subarray(1);
  if (typed.length !== 33 || typed[0] !== COSIGNATURE_TYPE) invalid();
  if (toHex(keyIdOf(name, key, COSIGNATURE_TYPE)) !== keyId) invalid();
  return { name, key };
}

/**
 * Reads what a witness cosigned; `time` is in seconds.
 * @param {string} note @param {Witness} witness @returns {{ checkpoint: Checkpoint, time: number }}
 */
export function openCosignature(note, { name, key }) {
  /** @param {string} why @returns {never} */
  const invalid = (why) => {
    throw new ReaderError('COSIGNATURE_INVALID', why);
  };
  const { checkpoint, text, signatures } = parseNote(note);
  const keyId = keyIdOf(name, key, COSIGNATURE_TYPE);
  const own = signatures.filter((one) => one.name === name && sameBytes(one.keyId, keyId));
  if (own.length === 0) invalid('not cosigned by this witness');
  const times = own.map(({ signature }) => {
    if (signature.length !== 72) invalid('length');
    const time = Number(Buffer.from(signature.subarray(0, 8)).readBigUInt64BE());
    if (time < 1 || !Number.isSafeInteger(time)) invalid('time');
    const signed = concat(`cosignature/v1\ntime ${time}\n${text}`);
    if (!verifySignature(key, signed, signature.subarray(8))) invalid('a wrong signature of the witness');
    return time;
  });
  return { checkpoint, time: Math.max(...times) };
}

// ---------------------------------------------------------------------------------------------------------------------
// journal.md: verifying
// ---------------------------------------------------------------------------------------------------------------------

/** How far back, in entries, a verifier looks for repetitions and for roots that authors had seen. */
const WINDOW = 65536;

/** @typedef {{ index: number | null, code: string, detail: string | null, object?: string }} Finding */
/** @typedef {{ index: number, id: Uint8Array, entry: Entry, header: Header }} ReadEntry */

/** Reads a journal's entries in order and says what is wrong with them. */
export class Verifier {
  /** @param {Uint8Array | null} [practice] the expected one, when it is known beforehand */
  constructor(practice = null) {
    this.state = emptyState(practice);
    this.tree = new Tree();
    /** @type {Map<string, number>} the last place of each statement */
    this.statements = new Map();
    this.lastReceivedAt = 0;
    /** @type {{ from: number, host: Uint8Array, fence: number }[]} who signs checkpoints from which size on */
    this.reigns = [];
    /** @type {number} size of the greatest checkpoint that verified */
    this.verifiedSize = 0;
    this.verifiedFence = 0;
  }

  /**
   * @param {Uint8Array} bytes the next entry
   * @returns {{ findings: Finding[], accepted: boolean, unjudged: boolean, read: ReadEntry | null }} `read` is null when
   *   it is no entry
   */
  add(bytes) {
    const index = this.tree.size;
    this.state.size = index;
    /** @type {Finding[]} */
    const findings = [];
    const find = (/** @type {string} */ code, /** @type {string | null} */ detail = null) =>
      findings.push({ index, code, detail });
    const read = this.#parse(bytes, index, find);
    const accepted = read !== null && this.#judge(read, find);
    if (read && accepted) {
      this.state.losses?.accept(read.header);
      applyEntry(this.state, { header: read.header, id: toHex(read.id) });
    }
    this.tree.add(leafHash(bytes));
    this.state.size = index + 1;
    this.#noteReign();
    const unjudged = findings.some(({ code }) => code === 'ENTRY_UNJUDGED');
    return { findings, accepted, unjudged, read };
  }

  /** Leaves the place of an entry that is lost. @param {Uint8Array} leaf its hash, as far as anybody knows
   * @returns {Finding[]} */
  addLost(leaf) {
    const index = this.tree.size;
    const codes = this.state.losses === null ? ['ENTRY_LOST', 'RIGHTS_UNKNOWN'] : ['ENTRY_LOST'];
    this.state.losses ??= new Losses((id) => this.statements.has(id));
    this.state.losses.count++;
    this.tree.add(leaf);
    this.state.size = this.tree.size;
    return codes.map((code) => ({ index, code, detail: null }));
  }

  #noteReign() {
    const { host, fence } = this.state;
    const last = this.reigns.at(-1);
    if (host === null || (last && toHex(last.host) === host && last.fence === fence)) return;
    this.reigns.push({ from: this.tree.size, host: fromHex(host), fence });
  }

  /** @param {number} size @returns the host author and acknowledged fence that the entries under `size` give */
  reignAt(size) {
    return this.reigns.findLast(({ from }) => from <= size) ?? null;
  }

  /** @param {Uint8Array} bytes @param {number} index @param {(code: string, detail?: string | null) => void} find */
  #parse(bytes, index, find) {
    try {
      const entry = parseEntry(bytes);
      return { index, id: entryId(entry), entry, header: parseHeader(entry.headerBytes) };
    } catch (error) {
      if (!(error instanceof ReaderError)) throw error;
      const { refusal } = error.fields;
      if (typeof refusal === 'string') find('UNAUTHORIZED', refusal);
      else find('ENTRY_INVALID', error.code);
      return null;
    }
  }

  /** @param {ReadEntry} read @param {(code: string, detail?: string | null) => void} find @returns {boolean} */
  #judge({ index, id, entry, header }, find) {
    if (entry.receivedAt < this.lastReceivedAt) find('TIME_DECREASES');
    this.lastReceivedAt = Math.max(this.lastReceivedAt, entry.receivedAt);
    const before = this.statements.get(toHex(id));
    const duplicate = before !== undefined && index - before <= WINDOW;
    this.statements.set(toHex(id), index);
    if (duplicate) find('DUPLICATE');
    const signed = verifySignature(header.author, signedMessage(entry), entry.signature);
    if (!signed) find('SIGNATURE_INVALID');
    if (duplicate || !signed) return false;
    const { seen } = header;
    const compared = seen !== null && seen.size <= index && index - seen.size <= WINDOW;
    if (compared && !sameBytes(this.tree.root(seen.size), seen.root)) find('SEEN_FORK');
    const { losses } = this.state;
    losses?.asked.clear();
    if (losses) assumeFounderDevice(this.state);
    // Nothing tells, after a loss, whether who names a host still might.
    const unasked = losses !== null && (header.kind === 'host' || header.kind === 'restore-ack');
    const { payloadHash, receivedAt } = entry;
    const refusal = unasked ? null : authorize(this.state, { header, payloadHash, id, receivedAt });
    if (refusal === null && !unasked) return true;
    const unjudged = losses !== null && (refusal === null || isExplainedByLoss(this.state, header, refusal));
    if (unjudged) losses.unjudged.set(toHex(id), toHex(header.author));
    find(unjudged ? 'ENTRY_UNJUDGED' : 'UNAUTHORIZED', refusal);
    return false;
  }

  /**
   * @param {string} note a checkpoint at the present size or before
   * @param {{ fence?: number }} [expected]
   * @returns {{ findings: Finding[], checkpoint: Checkpoint | null }}
   */
  checkpoint(note, { fence } = {}) {
    const finding = (/** @type {string} */ code, /** @type {string | null} */ detail) => ({
      index: null,
      code,
      detail,
    });
    /** @type {Checkpoint} */
    let checkpoint;
    try {
      const { size } = parseNote(note).checkpoint;
      const { host } = this.reignAt(size) ?? checkpointInvalid('no host is named yet');
      checkpoint = openCheckpoint(note, host);
      if (toHex(checkpoint.practice) !== this.state.practice) checkpointInvalid('of another practice');
      if (checkpoint.size === 0) checkpointInvalid('of no entries');
    } catch (error) {
      if (!(error instanceof ReaderError)) throw error;
      return { findings: [finding('CHECKPOINT_INVALID', error.message)], checkpoint: null };
    }
    if (fence !== undefined && checkpoint.fence !== fence) {
      return { findings: [finding('CHECKPOINT_INVALID', 'fence')], checkpoint: null };
    }
    const findings = this.#compare(checkpoint).map(([code, detail]) => finding(code, detail));
    if (findings.length === 0) [this.verifiedSize, this.verifiedFence] = [checkpoint.size, checkpoint.fence];
    return { findings, checkpoint };
  }

  /** @param {Checkpoint} checkpoint @returns {[string, string][]} */
  #compare({ fence, size, root }) {
    const here = size <= this.tree.size;
    const sameRoot = here && sameBytes(this.tree.root(size), root);
    const acknowledged = this.reignAt(size)?.fence ?? 1;
    const older =
      fence < Math.max(acknowledged, this.verifiedFence) ? 'fence' : size < this.verifiedSize ? 'size' : null;
    /** @type {[string, string][]} */
    const found = [];
    if (older) found.push(['ROLLBACK', older]);
    if (!here) found.push(['ROOT_MISMATCH', 'size']);
    else if (!sameRoot) found.push([older || size === this.verifiedSize ? 'FORK' : 'ROOT_MISMATCH', 'root']);
    if (fence > this.state.fence) found.push(['FENCE_UNACKNOWLEDGED', String(fence)]);
    return found;
  }
}

/**
 * @param {Uint8Array | null} payloadHash @param {Uint8Array | null} payload
 * @returns {'PAYLOAD_MISMATCH' | 'PAYLOAD_MISSING' | null}
 */
export function checkPayload(payloadHash, payload) {
  if (payload === null) return payloadHash === null ? null : 'PAYLOAD_MISSING';
  return payloadHash !== null && sameBytes(hash(payload), payloadHash) ? null : 'PAYLOAD_MISMATCH';
}

// ---------------------------------------------------------------------------------------------------------------------
// record.md
// ---------------------------------------------------------------------------------------------------------------------

const CHANGES = ['create', 'edit', 'import', 'restore', 'entered-in-error', 'removed'];
const DEEPEST_JSON = 200;

/**
 * @typedef {object} Version
 * @property {string} id
 * @property {Uint8Array} version
 * @property {Uint8Array[]} replaces
 * @property {string} change
 * @property {string | null} fullUrl
 * @property {string | null} content
 *
 * @typedef {object} DocumentKey
 * @property {Uint8Array} blobId
 * @property {Uint8Array} key
 * @property {Uint8Array} sealedHash
 * @property {number} sealedSize
 * @property {number} size
 * @property {Uint8Array} hash
 * @property {string} mediaType
 *
 * @typedef {{ patient: string | null, versions: Version[], documents: DocumentKey[] }} Batch
 * @typedef {{ index: number, entryId: Uint8Array, author: Uint8Array, receivedAt: number, time: number }} Source
 * @typedef {Version & { source: Source, position: number, patient: string | null }} PlacedVersion
 */

/** @param {string} why @returns {never} */
function recordInvalid(why) {
  throw new ReaderError('RECORD_INVALID', why);
}

/** @param {CborValue | undefined} value @returns {{ type: string, logicalId: string } | null} */
function splitRecordId(value) {
  if (typeof value !== 'string') return null;
  const [, type, logicalId] = /^([A-Z][A-Za-z0-9]{0,63})\/([^/\p{Cc}]+)$/u.exec(value) ?? [];
  if (type === undefined || logicalId === undefined || Buffer.byteLength(logicalId) > 255) return null;
  return { type, logicalId };
}

/** @param {CborValue | undefined} value @param {number} most UTF-16 units */
function isTextUpTo(value, most) {
  return typeof value === 'string' && value.length >= 1 && value.length <= most;
}

/** @param {Uint8Array} bytes the content of a `records` payload @returns {Batch} */
export function parseBatch(bytes) {
  const items = decodeCbor(bytes);
  if (!Array.isArray(items) || items.length !== 4 || items[0] !== 1) return recordInvalid('no batch of format 1');
  const [, patient, versionItems, documentItems] = items;
  if (patient !== null && splitRecordId(patient)?.type !== 'Patient') return recordInvalid('patient');
  if (!(Array.isArray(versionItems) && Array.isArray(documentItems))) return recordInvalid('no lists');
  const versions = versionItems.map(parseVersion);
  const documents = documentItems.map(parseDocumentKey);
  if (versions.length + documents.length === 0) return recordInvalid('nothing in it');
  if (hasTwice(versions.map(versionName))) recordInvalid('a version twice');
  if (hasTwice(documents.map(({ blobId }) => toHex(blobId)))) recordInvalid('a document twice');
  for (const [i, version] of versions.entries()) {
    const fromHere = new Set(versions.slice(i).map(versionName));
    const forward = version.replaces.some((name) => fromHere.has(`${version.id} ${toHex(name)}`));
    if (forward) recordInvalid('a version that replaces itself or a later one');
  }
  return { patient: typeof patient === 'string' ? patient : null, versions, documents };
}

/** @param {Version} version @returns {string} */
function versionName({ id, version }) {
  return `${id} ${toHex(version)}`;
}

/** @param {string[]} names */
function hasTwice(names) {
  return new Set(names).size !== names.length;
}

/** @param {CborValue} items @returns {Version} */
function parseVersion(items) {
  if (!Array.isArray(items) || items.length !== 6) return recordInvalid('no version');
  /** @type {any[]} the checks below make the types true */
  const [id, version, replaces, change, fullUrl, content] = items;
  const parts = splitRecordId(id) ?? recordInvalid('id');
  if (!bytesOf(16)(version)) return recordInvalid('version');
  if (!arrayOf(bytesOf(16))(replaces)) return recordInvalid('replaces');
  for (const [i, name] of replaces.entries()) {
    if (i > 0 && Buffer.compare(replaces[i - 1], name) >= 0) recordInvalid('replaces out of order');
  }
  if (!oneOf(CHANGES)(change)) return recordInvalid('change');
  if (fullUrl !== null && !isTextUpTo(fullUrl, 4096)) return recordInvalid('fullUrl');
  if ((content === null) !== (change === 'removed')) return recordInvalid('content');
  if (content !== null) checkContent(content, parts);
  return { id, version, replaces, change, fullUrl, content };
}

/** @param {CborValue} items @returns {DocumentKey} */
function parseDocumentKey(items) {
  const shape = tuple(bytesOf(16), hash32, hash32, count, count, hash32, (value) => isTextUpTo(value, 255));
  if (!shape(items)) return recordInvalid('document');
  const [blobId, key, sealedHash, sealedSizeBytes, size, hashOfClear, mediaType] = /** @type {any[]} */ (items);
  return { blobId, key, sealedHash, sealedSize: sealedSizeBytes, size, hash: hashOfClear, mediaType };
}

/** Refuses a content that is not a minified JSON object of the record's type and id.
 * @param {unknown} content @param {{ type: string, logicalId: string }} expected */
function checkContent(content, { type, logicalId }) {
  if (typeof content !== 'string') return recordInvalid('content that is no text');
  let value;
  try {
    value = JSON.parse(content);
  } catch {
    return recordInvalid('content that is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return recordInvalid('no JSON object');
  if (value.resourceType !== type || value.id !== logicalId) return recordInvalid('content of another record');
  checkMinified(content);
}

/** Looks at the tokens of a valid JSON text: no space between them, no key twice, not too deep. @param {string} json */
function checkMinified(json) {
  /** @type {(Set<string> | null)[]} for each open object its keys, for each open array null */
  const open = [];
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^"{}[\]:,\s]+|\s+/g) ?? [];
  for (const [i, token] of tokens.entries()) {
    if (/^\s/.test(token)) recordInvalid('white space in content');
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (tokens[i + 1] === ':') {
      const keys = open.at(-1);
      const key = JSON.parse(token);
      if (keys?.has(key)) recordInvalid('a key twice');
      keys?.add(key);
    }
    if (open.length > DEEPEST_JSON) recordInvalid('nested too deep');
  }
}

/** @param {PlacedVersion} a @param {PlacedVersion} b @returns {number} under zero when `a` has the earlier place */
function comparePlaces(a, b) {
  return a.source.index - b.source.index || a.position - b.position;
}

/** The six items as bytes, so that two versions can be compared. @param {Version} version */
function sixItems({ id, version, replaces, change, fullUrl, content }) {
  return encodeCbor([id, version, replaces, change, fullUrl, content]);
}

/**
 * @typedef {{ current: PlacedVersion[], history: PlacedVersion[] }} RecordState
 * @typedef {{ key: DocumentKey, patient: string | null, index: number }} PlacedDocument
 * @typedef {{ code: string, id?: string, version?: string, blobId?: string, indexes: number[] }} FoldFinding
 * @typedef {{ records: Map<string, RecordState>, documents: Map<string, PlacedDocument>, findings: FoldFinding[] }}
 *   StreamState
 */

/** The state of a stream. @param {(Source & { batch: Batch })[]} entries in any order @returns {StreamState} */
export function foldStream(entries) {
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]));
  const ordered = [...byIndex.values()].sort((a, b) => a.index - b.index);
  /** @type {StreamState} */
  const state = { records: new Map(), documents: new Map(), findings: [] };
  /** @type {Map<string, PlacedVersion[]>} */
  const versionsById = new Map();
  for (const { batch, ...source } of ordered) {
    const { patient } = batch;
    for (const [position, version] of batch.versions.entries()) {
      const versions = versionsById.get(version.id) ?? [];
      versions.push({ ...version, source, position, patient });
      versionsById.set(version.id, versions);
    }
    for (const key of batch.documents) foldDocument(state, { key, patient, index: source.index });
  }
  for (const [id, versions] of versionsById) state.records.set(id, foldRecord(versions, state.findings));
  return state;
}

/** @param {StreamState} state @param {PlacedDocument} document */
function foldDocument(state, document) {
  const blobId = toHex(document.key.blobId);
  const first = state.documents.get(blobId);
  if (!first) state.documents.set(blobId, document);
  else if (!sameBytes(documentItems(first.key), documentItems(document.key))) {
    state.findings.push({ code: 'DOCUMENT_REUSED', blobId, indexes: [first.index, document.index] });
  }
}

/** @param {DocumentKey} document */
function documentItems({ blobId, key, sealedHash, sealedSize: sealedBytes, size, hash: hashOfClear, mediaType }) {
  return encodeCbor([blobId, key, sealedHash, sealedBytes, size, hashOfClear, mediaType]);
}

/** @param {PlacedVersion[]} versions of one record, by place @param {FoldFinding[]} findings @returns {RecordState} */
function foldRecord(versions, findings) {
  /** @type {Map<string, PlacedVersion>} */
  const bearers = new Map();
  /** @type {Map<string, PlacedVersion>} by the six items */
  const history = new Map();
  for (const version of versions) {
    const items = toHex(sixItems(version));
    if (history.has(items)) continue;
    history.set(items, version);
    const name = toHex(version.version);
    const bearer = bearers.get(name);
    if (!bearer) bearers.set(name, version);
    else {
      const indexes = [bearer.source.index, version.source.index];
      findings.push({ code: 'VERSION_REUSED', id: version.id, version: name, indexes });
    }
  }
  const replaced = replacedNames(bearers, findings);
  const current = [...bearers].filter(([name]) => !replaced.has(name)).map(([, version]) => version);
  return { current, history: [...history.values()] };
}

/** @param {Map<string, PlacedVersion>} bearers @param {FoldFinding[]} findings */
function replacedNames(bearers, findings) {
  const replaced = new Set();
  for (const [name, version] of bearers) {
    for (const other of version.replaces.map(toHex)) {
      const target = bearers.get(other);
      if (!target) continue;
      if (comparePlaces(target, version) < 0) {
        if (!outlasts(target, version)) replaced.add(other);
      } else {
        const indexes = [version.source.index, target.source.index];
        findings.push({ code: 'REPLACES_LATER', id: version.id, version: name, indexes });
      }
    }
  }
  return replaced;
}

/** A signed note is replaced by no edit that says something else. @param {Version} target @param {Version} version */
function outlasts(target, version) {
  if (!['create', 'edit'].includes(version.change) || version.content === target.content) return false;
  if (target.content === null || !target.id.startsWith('Composition/')) return false;
  if (!['create', 'edit', 'restore'].includes(target.change)) return false;
  return ['final', 'amended'].includes(JSON.parse(target.content).status);
}

/** The one snapshot of a state. @param {StreamState} state @returns {Uint8Array} */
export function encodeSnapshot(state) {
  const current = [...state.records.values()].flatMap((record) => record.current).sort(comparePlaces);
  const placed = current.map((version) => {
    const { id, version: name, replaces, change, fullUrl, content } = version;
    const { index, entryId: entry, author, receivedAt, time } = version.source;
    return [id, name, replaces, change, fullUrl, content, index, entry, author, receivedAt, time];
  });
  const documents = [...state.documents.values()].sort((a, b) => Buffer.compare(a.key.blobId, b.key.blobId));
  return encodeCbor([1, placed, documents.map(({ key }) => decodeCbor(documentItems(key)))]);
}

/** Refuses what is no snapshot. @param {Uint8Array} bytes the content of a `snapshot` payload */
export function checkSnapshot(bytes) {
  const invalid = (/** @type {string} */ why) => new ReaderError('SNAPSHOT_INVALID', why);
  const items = decodeCbor(bytes);
  if (!Array.isArray(items) || items.length !== 3 || items[0] !== 1) throw invalid('no snapshot of format 1');
  const [, placed, documents] = items;
  if (!(Array.isArray(placed) && Array.isArray(documents))) throw invalid('no lists');
  const sourceShape = tuple(count, hash32, author32, count, count);
  const names = [];
  let previous = -1;
  try {
    for (const item of placed) {
      if (!Array.isArray(item) || item.length !== 11 || !sourceShape(item.slice(6))) throw invalid('a place');
      names.push(versionName(parseVersion(item.slice(0, 6))));
      const index = Number(item[6]);
      if (index < previous) throw invalid('versions out of order');
      previous = index;
    }
    const blobIds = documents.map((item) => parseDocumentKey(item).blobId);
    for (const [i, blobId] of blobIds.entries()) {
      if (Buffer.compare(blobIds[i - 1] ?? new Uint8Array(0), blobId) >= 0) throw invalid('documents out of order');
    }
  } catch (error) {
    throw error instanceof ReaderError ? invalid(error.message) : error;
  }
  if (hasTwice(names)) throw invalid('a version twice');
}

/**
 * An accepted entry, as a heads speaks of it.
 * @typedef {{ index: number, id: Uint8Array, stream: Uint8Array, author: Uint8Array, compartment: string | null,
 *   kind: string }} NumberedEntry
 */

/** The one heads of a size. @param {NumberedEntry[]} entries @param {number} size @param {Uint8Array} root */
export function encodeHeads(entries, size, root) {
  /** @type {Map<string, NumberedEntry>} */
  const authors = new Map();
  /** @type {Map<string, NumberedEntry[]>} */
  const streams = new Map();
  for (const entry of entries) {
    if (entry.index >= size) continue;
    authors.set(toHex(entry.author), entry);
    if (sameBytes(entry.stream, HOST_STREAM)) continue;
    const known = streams.get(toHex(entry.stream)) ?? [];
    known.push(entry);
    streams.set(toHex(entry.stream), known);
  }
  const told = [...streams.keys()].sort().map((name) => {
    const known = streams.get(name) ?? [];
    const { compartment = null, id = new Uint8Array(0) } = known.at(-1) ?? {};
    const steps = known.map(({ index }, i) => index - (known[i - 1]?.index ?? 0));
    const snapshots = known.filter(({ kind }) => kind === 'snapshot').map(({ index }) => index);
    return [fromHex(name), compartment, id, steps, snapshots];
  });
  const last = [...authors.keys()].sort().map((name) => {
    const { index = 0, id = new Uint8Array(0) } = authors.get(name) ?? {};
    return [fromHex(name), index, id];
  });
  return encodeCbor([1, size, root, last, told]);
}

const headsShape = tuple(
  (one) => one === 1,
  integer(1),
  hash32,
  arrayOf(tuple(author32, count, hash32)),
  arrayOf(tuple(bytesOf(16), orNull(text), hash32, arrayOf(count), arrayOf(count))),
);

const rereadShape = tuple(
  (one) => one === 1,
  ...[text, count, hash32, count, count, count, count, oneOf(OUTCOMES), drillCodes],
);

/** @param {string} why */
function payloadInvalid(why) {
  return new ReaderError('PAYLOAD_INVALID', why);
}

/**
 * @param {Uint8Array} bytes the content of a payload that is one CBOR array, its format first
 * @param {string} what
 * @returns {unknown}
 */
function payloadItems(bytes, what) {
  let items;
  try {
    items = decodeCbor(bytes);
  } catch (error) {
    throw error instanceof ReaderError ? payloadInvalid(error.message) : error;
  }
  if (Array.isArray(items) && typeof items[0] === 'number' && items[0] !== 1) {
    throw new ReaderError('FORMAT_UNKNOWN', `a ${what} of another format`);
  }
  return items;
}

/**
 * @param {Uint8Array} bytes the content of a `reread` payload
 * @returns {{ destination: string, size: number, records: number, documents: number, outcome: string, codes: string[] }}
 */
export function parseReread(bytes) {
  const items = payloadItems(bytes, 'reread');
  if (!rereadShape(items)) throw payloadInvalid('no reread');
  const [, destination, size, , , records, documents, , outcome, codes] =
    /** @type {[number, string, number, Uint8Array, number, number, number, number, string, string[]]} */ (items);
  if ((codes.length === 0 && records > 0) !== (outcome === 'proven'))
    throw payloadInvalid('proven, and what was found');
  return { destination, size, records, documents, outcome, codes };
}

/**
 * @param {Uint8Array} bytes the content of a `heads` payload
 * @returns {{ size: number, root: Uint8Array, streams: { stream: Uint8Array, entries: number[] }[] }}
 */
export function parseHeads(bytes) {
  const items = payloadItems(bytes, 'heads');
  if (!headsShape(items)) throw payloadInvalid('no heads');
  const [, size, root, authors, streams] =
    /** @type {[number, number, Uint8Array, [Uint8Array, number][], [Uint8Array, null, Uint8Array, number[], number[]][]]} */ (
      items
    );
  for (const list of [authors, streams]) {
    list.forEach(([key], i) => {
      if (i > 0 && Buffer.compare(list[i - 1]?.[0] ?? key, key) >= 0) throw payloadInvalid('not sorted, each once');
    });
  }
  if (authors.some(([, index]) => index >= size)) throw payloadInvalid('an author whose entry is not before the size');
  const read = streams.map(([stream, , , steps, snapshots]) => {
    let last = 0;
    const entries = steps.map((step, i) => {
      if (i > 0 && step === 0) throw payloadInvalid('an entry twice');
      last += step;
      return last;
    });
    if (sameBytes(stream, HOST_STREAM) || entries.length === 0 || last >= size)
      throw payloadInvalid('no entries of a stream');
    const areEntries = snapshots.every((one, i) => entries.includes(one) && (i === 0 || one > (snapshots[i - 1] ?? 0)));
    if (!areEntries) throw payloadInvalid('snapshots that are no entries');
    return { stream, entries };
  });
  return { size, root, streams: read };
}

const NARRATIVE_START = '<div xmlns="http://www.w3.org/1999/xhtml"><p style="white-space: pre-wrap">';
const NARRATIVE_END = '</p></div>';

/** @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Whether XML 1.0 excludes a character; a lone surrogate is one, for a pair is one character. @param {string} character */
function isExcludedFromXml(character) {
  const code = character.codePointAt(0) ?? 0;
  return (code < 0x20 && !'\t\n\r'.includes(character)) || (code >= 0xd800 && code <= 0xdfff) || (code | 1) === 0xffff;
}

/** @param {string} text @returns {string} the div that holds it */
export function writeNarrative(text) {
  const characters = [...text].map((character) => {
    if (!isExcludedFromXml(character)) return ENTITIES[character] ?? character;
    const digits = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `<span title="U+${digits}">\ufffd</span>`;
  });
  return `${NARRATIVE_START}${characters.join('')}${NARRATIVE_END}`;
}

/** @param {string} div @returns {string | null} its text; null when this is not a note's narrative */
export function readNarrative(div) {
  if (!(div.startsWith(NARRATIVE_START) && div.endsWith(NARRATIVE_END))) return null;
  const spans = div.slice(NARRATIVE_START.length, -NARRATIVE_END.length);
  const escaped = spans.replace(/<span title="U\+([0-9A-F]{4})">\ufffd<\/span>/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  const characters = Object.fromEntries(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));
  const text = escaped.replace(/&amp;|&lt;|&gt;|&#13;/g, (entity) => characters[entity] ?? entity);
  return writeNarrative(text) === div ? text : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// copy.md: names
// ---------------------------------------------------------------------------------------------------------------------

const BUNDLE = 256;
const INDEX_FANOUT = 16;

/**
 * @typedef {object} CopyName
 * @property {'marker' | 'format' | 'checkpoint' | 'tile' | 'entries' | 'payload' | 'nodes' | 'index' | 'tail' | 'blob' |
 *   'draft' | 'host'} kind
 * @property {string} [practice]
 * @property {number} [fence]
 * @property {number} [size]
 * @property {number} [level]
 * @property {number} [number]
 * @property {number} [from]
 * @property {number} [to]
 * @property {string} [hash]
 * @property {string} [slot]
 * @property {number} [revision]
 * @property {number} [sequence]
 * @property {number} [edition]
 * @property {string} [file]
 */

/** @param {string} name @returns {CopyName | null} null when this is not a name of a copy */
export function parseCopyName(name) {
  if (name === 'serment-copy') return { kind: 'marker' };
  const [first = '', ...rest] = name.split('/');
  if (first === 'FORMAT') return parseFormatName(rest);
  if (first === 'host') {
    const sequence = digits(rest[0], 16);
    return rest.length === 1 && sequence !== null && sequence >= 1 ? { kind: 'host', sequence } : null;
  }
  if (!/^[0-9a-f]{64}$/.test(first)) return null;
  if (rest[0] === 'blob' || rest[0] === 'draft') return parseUnfencedName(first, rest);
  const fence = digits(rest[0], 8);
  if (fence === null || fence < 1) return null;
  const object = parseJournalObjectName(rest.slice(1));
  return object && { ...object, practice: first, fence };
}

/** @param {string | undefined} text @param {number} length @returns {number | null} */
function digits(text, length) {
  if (text?.length !== length || !/^[0-9]+$/.test(text)) return null;
  return Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

/** @param {string[]} rest @returns {CopyName | null} */
function parseFormatName(rest) {
  const [edition, file] = rest.length === 2 ? rest : ['1', rest[0]];
  if (rest.length > 2 || (rest.length === 2 && !/^(?:[2-9]|[1-9][0-9]+)$/.test(edition ?? ''))) return null;
  return /^[A-Za-z][A-Za-z0-9._-]*$/.test(file ?? '')
    ? { kind: 'format', edition: Number(edition), file: file ?? '' }
    : null;
}

/** @param {string} practice @param {string[]} rest @returns {CopyName | null} */
function parseUnfencedName(practice, [kind, folder = '', last = '', ...more]) {
  if (more.length > 0) return null;
  if (kind === 'blob') {
    const wellFormed = /^[0-9a-f]{64}$/.test(last) && last.startsWith(folder) && folder.length === 2;
    return wellFormed ? { kind: 'blob', practice, hash: last } : null;
  }
  const revision = digits(last, 16);
  if (!/^[0-9a-f]{32}$/.test(folder) || revision === null || revision < 1) return null;
  return { kind: 'draft', practice, slot: folder, revision };
}

/** @param {string[]} rest @returns {CopyName | null} */
function parseJournalObjectName([kind, ...rest]) {
  const [first = ''] = rest;
  if (kind === 'checkpoint') {
    const size = digits(first, 16);
    return rest.length === 1 && size !== null && size >= BUNDLE && size % BUNDLE === 0 ? { kind, size } : null;
  }
  if (kind === 'tail') return rest.length === 1 ? parseTailName(first) : null;
  if (kind === 'payload' || kind === 'nodes') return numbered({ kind }, rest, BUNDLE);
  if (kind === 'tile' && first === 'entries') return numbered({ kind: 'entries' }, rest.slice(1), BUNDLE);
  if ((kind !== 'tile' && kind !== 'index') || !/^(?:0|[1-9][0-9]?)$/.test(first)) return null;
  const level = Number(first);
  const span = kind === 'tile' ? BUNDLE ** (level + 1) : BUNDLE * INDEX_FANOUT ** level;
  return numbered({ kind, level }, rest.slice(1), span);
}

/** @param {string} text @returns {CopyName | null} */
function parseTailName(text) {
  const [, fromText, toText] = /^([0-9]{16})-([0-9]{16})$/.exec(text) ?? [];
  const from = digits(fromText, 16);
  const to = digits(toText, 16);
  if (from === null || to === null || from >= to) return null;
  return Math.floor(from / BUNDLE) === Math.floor((to - 1) / BUNDLE) ? { kind: 'tail', from, to } : null;
}

/** @param {CopyName} name @param {string[]} groups @param {number} span entries that one such object covers */
function numbered(name, groups, span) {
  if (!/^(?:x[0-9]{3}\/)*[0-9]{3}$/.test(groups.join('/')) || (groups.length > 1 && groups[0] === 'x000')) return null;
  const number = Number(groups.join('').replaceAll('x', ''));
  return (number + 1) * span <= Number.MAX_SAFE_INTEGER ? { ...name, number } : null;
}

/** @param {number} number @returns {string} as tlog-tiles writes it */
function tileNumber(number) {
  const all = String(number).padStart(Math.ceil(String(number).length / 3) * 3, '0');
  return (all.match(/.{3}/g) ?? []).map((group, i, groups) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

// ---------------------------------------------------------------------------------------------------------------------
// copy.md: objects
// ---------------------------------------------------------------------------------------------------------------------

const LARGEST_INLINE_PAYLOAD = 65536;
const NOT_HERE = 0xffffffff;
const INDEX_RECORD_SIZE = 40;

/** @param {string} why @returns {never} */
function objectInvalid(why) {
  throw new ReaderError('COPY_OBJECT_INVALID', why);
}

/** @param {Uint8Array} bytes @returns {Uint8Array[]} the 256 entries */
export function splitEntryBundle(bytes) {
  const view = Buffer.from(bytes);
  const entries = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) objectInvalid('cut');
    const size = view.readUInt16BE(at);
    if (size < 1 || size > LARGEST_ENTRY || at + 2 + size > bytes.length) objectInvalid('length of an entry');
    entries.push(bytes.slice(at + 2, at + 2 + size));
    at += 2 + size;
  }
  if (entries.length !== BUNDLE) objectInvalid('not 256 entries');
  return entries;
}

/** @param {Uint8Array} bytes @returns {(Uint8Array | null)[]} 256 payloads; null stands for "not here" */
export function splitPayloadBundle(bytes) {
  const view = Buffer.from(bytes);
  const payloads = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) objectInvalid('cut');
    const size = view.readUInt32BE(at);
    at += 4;
    if (size === NOT_HERE) payloads.push(null);
    else {
      if (size > LARGEST_INLINE_PAYLOAD || at + size > bytes.length) objectInvalid('length of a payload');
      payloads.push(bytes.slice(at, at + size));
      at += size;
    }
  }
  if (payloads.length !== BUNDLE) objectInvalid('not 256 payloads');
  return payloads;
}

/** @param {Uint8Array} bytes @returns {Uint8Array[]} the 256 hashes of a tile */
export function splitTile(bytes) {
  if (bytes.length !== BUNDLE * 32) objectInvalid('not 256 hashes');
  return Array.from({ length: BUNDLE }, (_, i) => bytes.slice(i * 32, (i + 1) * 32));
}

/** @param {Uint8Array} bytes @returns {Uint8Array[]} the 255 hashes of a nodes object */
export function splitNodes(bytes) {
  if (bytes.length !== (BUNDLE - 1) * 32) objectInvalid('not 255 hashes');
  return Array.from({ length: BUNDLE - 1 }, (_, i) => bytes.slice(i * 32, (i + 1) * 32));
}

/** @param {Uint8Array[]} hashes of a tile @returns {Uint8Array} its nodes object */
export function nodesOf(hashes) {
  const nodes = [];
  let level = hashes;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => {
      const [left, right] = level.slice(2 * i, 2 * i + 2);
      return left && right ? nodeHash(left, right) : objectInvalid('not 256 hashes');
    });
    nodes.push(...level);
  }
  return concat(...nodes);
}

/**
 * The level-0 stream index of bundle `number`.
 * @param {number} number @param {{ stream: Uint8Array, entrySize: number, payloadSize: number | null }[]} items its 256
 */
export function indexOfBundle(number, items) {
  const records = [];
  let entryAt = 0;
  let payloadAt = 0;
  for (const [i, { stream, entrySize, payloadSize }] of items.entries()) {
    entryAt += 2;
    payloadAt += 4;
    const numbers = Buffer.alloc(16);
    numbers.writeUInt32BE(entryAt, 0);
    numbers.writeUInt32BE(entrySize, 4);
    numbers.writeUInt32BE(payloadAt, 8);
    numbers.writeUInt32BE(payloadSize ?? NOT_HERE, 12);
    if (!sameBytes(stream, HOST_STREAM)) records.push(concat(stream, u64(number * BUNDLE + i), numbers));
    entryAt += entrySize;
    payloadAt += payloadSize ?? 0;
  }
  return concat(...records.sort(Buffer.compare));
}

/** @param {Uint8Array} index @returns {Uint8Array[]} its records, which are in order */
export function splitIndex(index) {
  if (index.length % INDEX_RECORD_SIZE !== 0) objectInvalid('cut');
  const count = index.length / INDEX_RECORD_SIZE;
  const records = Array.from({ length: count }, (_, i) =>
    index.slice(i * INDEX_RECORD_SIZE, (i + 1) * INDEX_RECORD_SIZE),
  );
  for (const [i, record] of records.entries()) {
    const before = records[i - 1];
    if (before && Buffer.compare(before.subarray(0, 24), record.subarray(0, 24)) >= 0) objectInvalid('out of order');
    if (Buffer.from(record).readBigUInt64BE(16) > Number.MAX_SAFE_INTEGER) objectInvalid('an entry past 2^53');
  }
  return records;
}

/** @param {Uint8Array[]} indexes @returns {Uint8Array} */
export function mergeIndexes(indexes) {
  const merged = concat(...indexes.flatMap(splitIndex).sort(Buffer.compare));
  splitIndex(merged);
  return merged;
}

/**
 * @typedef {{ practice: Uint8Array, fence: number, from: number, note: string, checkpoint: Checkpoint,
 *   items: { entry: Uint8Array, payload: Uint8Array | null }[] }} Tail
 */

/** @param {Uint8Array} bytes @returns {Tail} */
export function parseTail(bytes) {
  const items = decodeCbor(bytes);
  const shape = tuple(
    (format) => format === 1,
    hash32,
    integer(1, 99999999),
    count,
    arrayOf(
      tuple(
        bytesUpTo(LARGEST_ENTRY),
        orNull((payload) => payload instanceof Uint8Array),
      ),
    ),
    (note) => typeof note === 'string',
  );
  if (!shape(items)) return objectInvalid('no tail of format 1');
  const [, practice, fence, from, pairs, note] = /** @type {any[]} */ (items);
  const { checkpoint } = parseNote(note);
  const to = from + pairs.length;
  const sameBundle = Math.floor(from / BUNDLE) === Math.floor((to - 1) / BUNDLE);
  if (pairs.length === 0 || !sameBundle || !sameBytes(checkpoint.practice, practice)) return objectInvalid('range');
  if (checkpoint.fence !== fence || checkpoint.size !== to) return objectInvalid('another checkpoint');
  const read = pairs.map((/** @type {any[]} */ [entry, payload]) => ({ entry, payload }));
  return { practice, fence, from, note, checkpoint, items: read };
}

// ---------------------------------------------------------------------------------------------------------------------
// copy.md: reading
// ---------------------------------------------------------------------------------------------------------------------

const WIDEST_GAP = 4096;

/** One fence of one practice, as its names show it. Names of objects are relative to the copy. */
class FenceFolder {
  /** @param {string} practice @param {number} fence */
  constructor(practice, fence) {
    this.practice = practice;
    this.fence = fence;
    this.path = `${practice}/${String(fence).padStart(8, '0')}`;
    /** @type {string[]} */
    this.checkpoints = [];
    /** @type {Map<number, string[]>} the tails of each bundle's range */
    this.tails = new Map();
    /** @type {Set<number>} the bundles that begin here, in full or in tails */
    this.numbers = new Set();
  }

  /** How many bundles to read: a name alone can claim any number, and after such a gap nothing more is looked for. */
  get bundles() {
    let bundles = 0;
    for (const number of [...this.numbers].sort((a, b) => a - b)) {
      if (number - bundles > WIDEST_GAP) break;
      bundles = number + 1;
    }
    return bundles;
  }

  /** @param {string} name @param {CopyName} parsed */
  add(name, { kind, level, number = 0, from = 0 }) {
    if (kind === 'checkpoint') this.checkpoints.push(name);
    if (kind === 'entries' || (kind === 'tile' && level === 0)) this.numbers.add(number);
    if (kind !== 'tail') return;
    const bundle = Math.floor(from / BUNDLE);
    this.tails.set(bundle, [...(this.tails.get(bundle) ?? []), name].sort());
    this.numbers.add(bundle);
  }

  /** @param {string} kind @param {number} number */
  object(kind, number) {
    return `${this.path}/${kind}/${tileNumber(number)}`;
  }
}

/** A copy in a folder. It notes what it could not read, and goes on. */
export class Copy {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    /** @type {Finding[]} */
    this.findings = [];
    /** @type {Map<string, Map<number, FenceFolder>>} */
    this.practices = new Map();
    /** @type {string[]} their names */
    this.blobs = [];
    /** @type {Map<string, Map<string, number[]>>} for each practice, the revisions of each draft slot */
    this.drafts = new Map();
    let marker;
    try {
      marker = readFileSync(join(folder, 'serment-copy'), 'utf8');
    } catch {
      throw new ReaderError('COPY_UNREADABLE', 'no file serment-copy here: this is not a copy');
    }
    if (marker !== 'serment-copy 1\n') throw new ReaderError('COPY_UNREADABLE', 'a copy of an unknown format');
    for (const name of namesIn(folder)) this.#take(name);
  }

  /** @param {string} name */
  #take(name) {
    const parsed = parseCopyName(name);
    if (!parsed) {
      this.find('NAME_UNKNOWN', name);
      return;
    }
    const { kind, practice = '', fence = 0, slot = '', revision = 0 } = parsed;
    if (kind === 'blob') this.blobs.push(name);
    if (kind === 'draft') {
      const slots = this.drafts.get(practice) ?? new Map();
      this.drafts.set(practice, slots.set(slot, [...(slots.get(slot) ?? []), revision]));
      this.#checkDraft(name, revision);
    }
    if (fence === 0) return;
    const fences = this.practices.get(practice) ?? new Map();
    this.practices.set(practice, fences);
    const fenceFolder = fences.get(fence) ?? new FenceFolder(practice, fence);
    fences.set(fence, fenceFolder);
    fenceFolder.add(name, parsed);
  }

  /** @param {string} name @param {number} revision */
  #checkDraft(name, revision) {
    const bytes = this.read(name);
    if (!bytes || bytes.length === 0) return;
    const draft = this.attempt(name, () => parseDraft(bytes));
    if (draft && draft.revision !== revision) this.find('OBJECT_MISMATCH', name, 'revision');
  }

  /** @param {string} code @param {string} object @param {string | null} [detail] */
  find(code, object, detail = null) {
    this.findings.push({ index: null, code, detail, object });
  }

  /** @param {string} name */
  has(name) {
    return existsSync(join(this.folder, name));
  }

  /** @param {string} name @returns {number} bytes */
  size(name) {
    return statSync(join(this.folder, name)).size;
  }

  /** @param {string} name @returns {Uint8Array | null} null when it is not there, or cannot be read */
  read(name) {
    try {
      return Uint8Array.from(readFileSync(join(this.folder, name)));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      if (code !== 'ENOENT') this.find('OBJECT_UNREADABLE', name, code);
      return null;
    }
  }

  /** Runs a parser on an object; what it refuses is a finding. @template T @param {string} name @param {() => T} parse */
  attempt(name, parse) {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ReaderError)) throw error;
      this.find('OBJECT_INVALID', name, error.code);
      return null;
    }
  }

  /** @template T @param {string} name @param {(bytes: Uint8Array) => T} parse @returns {T | null} */
  readAs(name, parse) {
    const bytes = this.read(name);
    return bytes && this.attempt(name, () => parse(bytes));
  }

  /** @param {string} practice @param {Uint8Array} blobHash */
  blobName(practice, blobHash) {
    const name = toHex(blobHash);
    return `${practice}/blob/${name.slice(0, 2)}/${name}`;
  }
}

/** @param {string} folder @returns {string[]} names of all files, sorted; those not yet named, or put aside, left out */
function namesIn(folder, prefix = '') {
  const names = [];
  for (const item of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = prefix === '' ? item.name : `${prefix}/${item.name}`;
    if (item.isDirectory()) for (const inner of namesIn(folder, name)) names.push(inner);
    else if (!/^\.(new-[0-9a-f]{16}$|damaged-[0-9a-f]{16}-)/.test(item.name)) names.push(name);
  }
  return names.sort();
}

/**
 * What stands at one place of the journal: the entry, its hash as the level-0 tile has it, and its payload, or several
 * when a bundle and a tail differ. `null` stands for what is not there.
 * @typedef {{ index: number, bytes: Uint8Array | null, leaf: Uint8Array | null, payloads: Uint8Array[] }} Place
 * @typedef {{ places: Place[], payloads: (Uint8Array | null)[] | null, notes: { object: string, note: string }[] }} Bundle
 */

/**
 * Bundle `number` from its objects and tails. Where they differ, the entry whose hash is in the tile serves.
 * @param {Copy} copy @param {FenceFolder} fence @param {number} number @returns {Bundle}
 */
function readBundle(copy, fence, number) {
  const entries = copy.readAs(fence.object('tile/entries', number), splitEntryBundle);
  const payloads = copy.readAs(fence.object('payload', number), splitPayloadBundle);
  const tile = copy.readAs(fence.object('tile/0', number), splitTile);
  const start = number * BUNDLE;
  const tails = (fence.tails.get(number) ?? []).flatMap((object) => {
    const tail = copy.readAs(object, parseTail);
    return tail ? [{ object, tail }] : [];
  });
  const places = Array.from({ length: BUNDLE }, (_, i) => {
    const found = tails.map(({ tail }) => tail.items[start + i - tail.from]).filter((item) => item !== undefined);
    const candidates = [entries?.[i], ...found.map(({ entry }) => entry)].filter((entry) => entry !== undefined);
    const leaf = tile?.[i] ?? null;
    const bytes = candidates.find((entry) => sameBytes(leafHash(entry), leaf)) ?? candidates[0] ?? null;
    const sealed = [payloads?.[i] ?? null, ...found.map(({ payload }) => payload)].filter((one) => one !== null);
    return { index: start + i, bytes, leaf, payloads: sealed };
  });
  const notes = tails.map(({ object, tail }) => ({ object, note: tail.note }));
  return { places, payloads, notes };
}

/**
 * What one reading of a journal gave.
 * @typedef {object} Journal
 * @property {Finding[]} findings
 * @property {number} size of the greatest checkpoint that verified, 0 when none did
 * @property {number} reached how many entries were read
 * @property {Verifier} verifier
 * @property {Set<number>} accepted places of the entries that hold
 * @property {Set<number>} unjudged places of the records that a lost one may have allowed
 * @property {ReadEntry[]} governance the governance entries that hold
 * @property {{ object: string, note: string }[]} notes every checkpoint that was compared
 * @property {number[]} lost places of the entries that are not there or not those of their hash tile
 */

/**
 * Reads the entries of one fence, in order, and every checkpoint.
 * @param {Copy} copy @param {FenceFolder} fence
 * @param {{ limit?: number, byTiles?: boolean }} [how] with `byTiles`, an entry that is not there, or not the one of
 *   its hash tile, is lost: the hash in the tile stands for it
 * @returns {Journal}
 */
function readJournal(copy, fence, { limit = Number.MAX_SAFE_INTEGER, byTiles = false } = {}) {
  const verifier = new Verifier(fromHex(fence.practice));
  /** @type {Journal} */
  const journal = {
    findings: [],
    size: 0,
    reached: 0,
    verifier,
    accepted: new Set(),
    unjudged: new Set(),
    governance: [],
    notes: [],
    lost: [],
  };
  const notes = fence.checkpoints.map((object) => {
    const size = Number(object.slice(-16));
    return { object, size, note: Buffer.from(copy.read(object) ?? []).toString('utf8') };
  });
  const { bundles } = fence;
  for (let number = 0; number < bundles; number++) {
    const bundle = readBundle(copy, fence, number);
    for (const { object, note } of bundle.notes) notes.push({ object, size: Number(object.slice(-16)), note });
    const goOn = byTiles && number < bundles - 1;
    const whole = bundle.places.every((place) => readPlace(journal, place, { limit, byTiles, goOn }));
    if (journal.lost.length > 0) findLost(journal, fence, number);
    const here = notes.splice(0).sort((a, b) => a.size - b.size);
    for (const one of here) {
      if (one.size <= verifier.tree.size) checkNote(journal, fence, one);
      else notes.push(one);
    }
    if (!whole) break;
  }
  journal.reached = verifier.tree.size;
  if (limit > journal.reached) {
    for (const { object } of notes)
      journal.findings.push({ index: null, code: 'ROOT_MISMATCH', detail: 'size', object });
  }
  return journal;
}

/**
 * @param {Journal} journal @param {Place} place
 * @param {{ limit: number, byTiles: boolean, goOn: boolean }} how `goOn` where neither an entry nor a hash is there
 * @returns {boolean} whether to read the next place
 */
function readPlace(journal, { index, bytes, leaf }, { limit, byTiles, goOn }) {
  if (index >= limit || (bytes === null && !(byTiles && leaf) && !goOn)) return false;
  if (bytes === null || (byTiles && leaf && !sameBytes(leafHash(bytes), leaf))) {
    journal.lost.push(index);
    const found = journal.verifier.addLost(leaf ?? hash());
    journal.findings.push(...found.filter(({ code }) => code !== 'ENTRY_LOST'));
    return true;
  }
  const { findings, accepted, unjudged, read } = journal.verifier.add(bytes);
  journal.findings.push(...findings);
  if (accepted) journal.accepted.add(index);
  if (unjudged && read?.header.kind === 'records') journal.unjudged.add(index);
  if (read && accepted && KINDS[read.header.kind]?.stream === 'governance') journal.governance.push(read);
  return true;
}

/** Tells the lost entries of one bundle, each run of them once. @param {Journal} journal @param {FenceFolder} fence
 * @param {number} number the bundle's */
function findLost(journal, fence, number) {
  const here = new Set(journal.lost.filter((index) => Math.floor(index / BUNDLE) === number));
  for (const first of here) {
    if (here.has(first - 1)) continue;
    let last = first;
    while (here.has(last + 1)) last++;
    const object = fence.object('tile/entries', number);
    const detail = last === first ? null : `to ${last}`;
    journal.findings.push({ index: first, code: 'ENTRY_LOST', detail, object });
  }
}

/** @param {Journal} journal @param {FenceFolder} fence @param {{ object: string, size: number, note: string }} one */
function checkNote(journal, fence, { object, size, note }) {
  journal.notes.push({ object, note });
  const { findings, checkpoint } = journal.verifier.checkpoint(note, { fence: fence.fence });
  const wrong =
    checkpoint && checkpoint.size !== size ? [{ index: null, code: 'CHECKPOINT_INVALID', detail: 'size' }] : [];
  // Whether a new fence was acknowledged is asked of the whole journal, once: see readState.
  const found = [...findings, ...wrong].filter(({ code }) => code !== 'FENCE_UNACKNOWLEDGED');
  journal.findings.push(...found.map((finding) => ({ ...finding, object })));
  if (checkpoint && found.length === 0) journal.size = Math.max(journal.size, size);
}

/**
 * Reads one fence up to its greatest checkpoint that verifies. Where the entries as they stand do not reach the greatest
 * one, the hash tiles may.
 * @param {Copy} copy @param {FenceFolder} fence @returns {Journal}
 */
function readFence(copy, fence) {
  const asItStands = readJournal(copy, fence);
  const damaged = asItStands.findings.some(({ code }) => code === 'ROOT_MISMATCH');
  const byTiles = damaged ? readJournal(copy, fence, { byTiles: true }) : asItStands;
  const whole = byTiles.size > asItStands.size ? byTiles : asItStands;
  if (whole.size === 0) return { ...whole, findings: [...whole.findings, ...byTiles.findings] };
  if (whole.size === whole.reached) return whole;
  const state = readJournal(copy, fence, { limit: whole.size, byTiles: whole === byTiles });
  return { ...state, size: whole.size, findings: whole.findings };
}

/** The fences of a practice, the greatest first. @param {Copy} copy @param {string} practice */
function fencesOf(copy, practice) {
  return [...(copy.practices.get(practice)?.values() ?? [])].sort((a, b) => b.fence - a.fence);
}

/**
 * The state of a practice: that of its greatest fence which has a checkpoint that verifies.
 * @param {Copy} copy @param {string} practice
 * @returns {{ fence: FenceFolder, journal: Journal } | null} null when no checkpoint verifies
 */
function readState(copy, practice) {
  /** @type {{ fence: FenceFolder, journal: Journal }[]} */
  const unproven = [];
  for (const fence of fencesOf(copy, practice)) {
    const journal = readFence(copy, fence);
    if (journal.size === 0) {
      unproven.push({ fence, journal });
      continue;
    }
    for (const one of unproven.splice(0)) tellUnproven(copy, one, journal);
    const early = new Set(journal.notes.filter(({ note }) => isOfLaterHost(note, journal)).map(({ object }) => object));
    const isEarly = (/** @type {Finding} */ { code, object }) => code === 'CHECKPOINT_INVALID' && early.has(object);
    copy.findings.push(...journal.findings.filter((finding) => !isEarly(finding)));
    if (fence.fence > journal.verifier.state.fence) {
      copy.find('FENCE_UNACKNOWLEDGED', fence.path, String(fence.fence));
    }
    return { fence, journal };
  }
  for (const { journal } of unproven) copy.findings.push(...journal.findings);
  copy.find('STATE_UNREADABLE', practice, 'no checkpoint verifies');
  return null;
}

/** Whether a restored vault signed this while it waited: right at its size, by the host that the acknowledgement of its
 * fence then named. @param {string} note @param {Journal} journal */
function isOfLaterHost(note, { verifier }) {
  try {
    const { size, root, fence } = parseNote(note).checkpoint;
    if (fence > verifier.state.fence || size > verifier.tree.size) return false;
    if (!sameBytes(verifier.tree.root(size), root)) return false;
    return verifier.reigns.some(({ from, host }) => from > size && isSignedBy(note, host));
  } catch (error) {
    if (error instanceof ReaderError) return false;
    throw error;
  }
}

/** @param {string} note @param {Uint8Array} host */
function isSignedBy(note, host) {
  try {
    openCheckpoint(note, host);
    return true;
  } catch (error) {
    if (error instanceof ReaderError) return false;
    throw error;
  }
}

/** Tells why a fence does not verify. @param {Copy} copy @param {{ fence: FenceFolder, journal: Journal }} unproven
 * @param {Journal} proven of the fence before */
function tellUnproven(copy, { fence, journal }, proven) {
  const unsigned = journal.findings.every(({ code }) => code === 'CHECKPOINT_INVALID');
  const continues =
    journal.notes.length > 0 && journal.notes.every(({ note }) => isOfUnknownHost(note, journal, proven));
  if (unsigned && continues) copy.find('RESTORE_UNACKNOWLEDGED', fence.path);
  else copy.findings.push(...journal.findings);
}

/** Whether a checkpoint has the root that is proven at its size, and names none of the hosts as its signer.
 * @param {string} note @param {Journal} journal @param {Journal} proven */
function isOfUnknownHost(note, { verifier }, proven) {
  try {
    const { checkpoint, origin, signatures } = parseNote(note);
    const keyIds = verifier.reigns.map(({ host }) => keyIdOf(origin, host));
    const known = signatures.some((one) => one.name === origin && keyIds.some((keyId) => sameBytes(keyId, one.keyId)));
    const { size, root } = checkpoint;
    return !known && size <= proven.size && sameBytes(proven.verifier.tree.root(size), root);
  } catch (error) {
    if (error instanceof ReaderError) return false;
    throw error;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Verifying a copy: everything that can be recomputed without a key
// ---------------------------------------------------------------------------------------------------------------------

/** @typedef {{ practice: string, fence: number | null, size: number, root: string | null }} PracticeSummary */

/**
 * @param {string} folder
 * @returns {{ findings: Finding[], practices: PracticeSummary[] }} `fence` is null where nothing verifies
 */
export function verifyCopy(folder) {
  const copy = new Copy(folder);
  const practices = [...copy.practices.keys()].map((practice) => verifyPractice(copy, practice));
  for (const name of copy.blobs) {
    const bytes = copy.read(name);
    if (bytes && !name.endsWith(toHex(hash(bytes)))) copy.find('BLOB_MISMATCH', name);
  }
  return { findings: distinct(copy.findings), practices };
}

/** Objects are read more than once; each finding is told once. @param {Finding[]} findings */
function distinct(findings) {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** @param {Copy} copy @param {string} practice @returns {PracticeSummary} */
function verifyPractice(copy, practice) {
  const state = readState(copy, practice);
  if (!state) return { practice, fence: null, size: 0, root: null };
  for (const fence of fencesOf(copy, practice)) {
    if (fence.fence > state.fence.fence) continue;
    const journal = fence === state.fence ? state.journal : readFence(copy, fence);
    if (fence !== state.fence) copy.findings.push(...journal.findings);
    verifyObjects(copy, fence, journal);
  }
  const { size } = state.journal;
  return { practice, fence: state.fence.fence, size, root: toHex(state.journal.verifier.tree.root(size)) };
}

/**
 * Recomputes every object under a journal's greatest checkpoint.
 * @param {Copy} copy @param {FenceFolder} fence @param {Journal} journal
 */
function verifyObjects(copy, fence, { size, verifier }) {
  const { tree } = verifier;
  /** @type {(Uint8Array | null)[]} */
  let indexes = [];
  for (let number = 0; number * BUNDLE < size; number++) {
    const bundle = readBundle(copy, fence, number);
    for (const place of bundle.places) if (place.index < size) verifyPlace(copy, fence, place);
    verifyTails(copy, fence, { number, tree });
    if ((number + 1) * BUNDLE > size) break;
    verifyBundle(copy, fence, { number, bundle, tree });
    const index = indexOf(number, bundle);
    indexes.push(index);
    if (index) expectObject(copy, fence.object('index/0', number), index);
  }
  for (let level = 0; BUNDLE ** (level + 1) <= size; level++) verifyTiles(copy, fence, { level, size, tree });
  for (let level = 1; indexes.length >= INDEX_FANOUT; level++) {
    indexes = Array.from({ length: Math.floor(indexes.length / INDEX_FANOUT) }, (_, number) => {
      const parts = indexes.slice(number * INDEX_FANOUT, (number + 1) * INDEX_FANOUT).filter((part) => part !== null);
      const merged = parts.length === INDEX_FANOUT ? mergeIndexes(parts) : null;
      if (merged) expectObject(copy, fence.object(`index/${level}`, number), merged);
      return merged;
    });
  }
}

/** @param {Copy} copy @param {string} name @param {Uint8Array} expected */
function expectObject(copy, name, expected) {
  const bytes = copy.read(name);
  if (bytes === null) copy.find('OBJECT_MISSING', name);
  else if (!sameBytes(bytes, expected)) copy.find('OBJECT_MISMATCH', name);
}

/** @param {Copy} copy @param {FenceFolder} fence @param {{ level: number, size: number, tree: Tree }} where */
function verifyTiles(copy, fence, { level, size, tree }) {
  const row = tree.levels[8 * level] ?? [];
  for (let number = 0; (number + 1) * BUNDLE ** (level + 1) <= size; number++) {
    const hashes = row.slice(number * BUNDLE, (number + 1) * BUNDLE);
    expectObject(copy, fence.object(`tile/${level}`, number), concat(...hashes));
    if (level === 0) expectObject(copy, fence.object('nodes', number), nodesOf(hashes));
  }
}

/** A full bundle's own entries and payloads. @param {Copy} copy @param {FenceFolder} fence
 * @param {{ number: number, bundle: Bundle, tree: Tree }} which */
function verifyBundle(copy, fence, { number, bundle, tree }) {
  const name = fence.object('tile/entries', number);
  const entries = copy.readAs(name, splitEntryBundle);
  if (!copy.has(name)) copy.find('OBJECT_MISSING', name);
  const leaves = tree.levels[0] ?? [];
  if (entries?.some((entry, i) => !sameBytes(leafHash(entry), leaves[number * BUNDLE + i] ?? null))) {
    copy.find('OBJECT_MISMATCH', name);
  }
  const payloadName = fence.object('payload', number);
  if (!copy.has(payloadName)) copy.find('OBJECT_MISSING', payloadName);
  for (const [i, payload] of bundle.payloads?.entries() ?? []) {
    const header = readHeader(bundle.places[i]?.bytes ?? null);
    if (payload === null || !header) continue;
    if (checkPayload(header.payloadHash, payload)) {
      copy.findings.push({ index: number * BUNDLE + i, code: 'PAYLOAD_MISMATCH', detail: null, object: payloadName });
    }
  }
}

/** Tails that a bundle covers must not differ from it. @param {Copy} copy @param {FenceFolder} fence
 * @param {{ number: number, tree: Tree }} which */
function verifyTails(copy, fence, { number, tree }) {
  const leaves = tree.levels[0] ?? [];
  for (const object of fence.tails.get(number) ?? []) {
    const tail = copy.readAs(object, parseTail);
    if (!tail) continue;
    if (object !== `${fence.path}/tail/${tailRange(tail)}`) copy.find('OBJECT_MISMATCH', object, 'range');
    for (const [i, { entry }] of tail.items.entries()) {
      const leaf = leaves[tail.from + i];
      if (leaf && !sameBytes(leafHash(entry), leaf)) copy.find('OBJECT_MISMATCH', object, `entry ${tail.from + i}`);
    }
  }
}

/** @param {Tail} tail */
function tailRange({ from, items }) {
  return [from, from + items.length].map((number) => String(number).padStart(16, '0')).join('-');
}

/** @param {Uint8Array | null} bytes an entry @returns {(Header & { payloadHash: Uint8Array | null }) | null} */
function readHeader(bytes) {
  try {
    const entry = bytes && parseEntry(bytes);
    return entry && { ...parseHeader(entry.headerBytes), payloadHash: entry.payloadHash };
  } catch (error) {
    if (error instanceof ReaderError) return null;
    throw error;
  }
}

/** @param {number} number @param {Bundle} bundle @returns {Uint8Array | null} null when the bundle cannot be read */
function indexOf(number, { places, payloads }) {
  const items = places.flatMap(({ bytes }, i) => {
    const header = readHeader(bytes);
    return bytes && header
      ? [{ stream: header.stream, entrySize: bytes.length, payloadSize: payloads?.[i]?.length ?? null }]
      : [];
  });
  return payloads && items.length === BUNDLE ? indexOfBundle(number, items) : null;
}

/** An entry's payload and documents. @param {Copy} copy @param {FenceFolder} fence @param {Place} place */
function verifyPlace(copy, fence, place) {
  const header = readHeader(place.bytes);
  if (!header) return;
  const find = (/** @type {string} */ code, /** @type {string} */ object) =>
    copy.findings.push({ index: place.index, code, detail: null, object });
  if (header.payloadHash && !payloadOf(copy, fence, place, header.payloadHash)) {
    const object = fence.object('payload', Math.floor(place.index / BUNDLE));
    find(place.payloads.length > 0 ? 'PAYLOAD_MISMATCH' : 'PAYLOAD_MISSING', object);
  }
  for (const blob of header.blobs) {
    const name = copy.blobName(fence.practice, blob.hash);
    if (!copy.has(name)) find('BLOB_MISSING', name);
    else if (copy.size(name) !== blob.size) find('BLOB_MISMATCH', name);
  }
}

/** The payload of an entry: of its bundle or tail, else the blob of that hash. @param {Copy} copy
 * @param {FenceFolder} fence @param {Place} place @param {Uint8Array} payloadHash */
function payloadOf(copy, fence, { payloads }, payloadHash) {
  const beside = payloads.find((payload) => checkPayload(payloadHash, payload) === null);
  if (beside) return beside;
  const blob = copy.read(copy.blobName(fence.practice, payloadHash));
  return blob && checkPayload(payloadHash, blob) === null ? blob : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Opening a copy: the kit gives member keys, these give epoch keys, these open payloads (keys.md)
// ---------------------------------------------------------------------------------------------------------------------

/**
 * @typedef {object} Keyring
 * @property {string} member whose kit it is
 * @property {Map<string, Map<number, Uint8Array>>} epochKeys for each compartment, the key of each epoch
 * @property {Map<number, Uint8Array>} inboxes seeds, of each epoch of `clinical`
 * @property {Finding[]} findings
 */

/**
 * @param {Uint8Array} seed the kit's @param {Uint8Array} practice
 * @param {ReadEntry[]} governance the governance entries, in order
 * @returns {Keyring | null} null when no entry names this kit
 */
export function readKeyring(seed, practice, governance) {
  const author = authorOfSeed(seed);
  const own = governance.find(({ header }) => header.kind === 'kit' && sameBytes(header.body[1], author));
  if (!(own && sameBytes(own.header.body[2], recipientOfSeed(seed)))) return null;
  /** @type {Keyring} */
  const keyring = { member: toHex(own.header.body[0]), epochKeys: new Map(), inboxes: new Map(), findings: [] };
  const nonce = governance.find(({ header }) => header.kind === 'genesis')?.header.body[0] ?? practice;
  /** The practice as an entry's author knew it: in the genesis batch, the nonce. @param {Header} header */
  const scopeOf = (header) => (header.seen === null ? nonce : practice);
  const memberKeys = readMemberKeys({ seed, author, governance, scopeOf }, keyring);
  readGrants({ memberKeys, governance, scopeOf }, keyring);
  readPreviousKeys({ governance, scopeOf }, keyring);
  readInboxes({ governance, scopeOf }, keyring);
  return keyring;
}

/** Runs an opening; what does not open is a finding of that entry. @param {Keyring} keyring @param {number} index
 * @param {() => Uint8Array} open @returns {Uint8Array | null} */
function openKey(keyring, index, open) {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error;
    keyring.findings.push({ index, code: 'KEY_UNREADABLE', detail: error.code });
    return null;
  }
}

/** @typedef {(header: Header) => Uint8Array} ScopeOf */

/**
 * The member's key of each generation that was wrapped to this kit.
 * @param {{ seed: Uint8Array, author: Uint8Array, governance: ReadEntry[], scopeOf: ScopeOf }} from
 * @param {Keyring} keyring
 */
function readMemberKeys({ seed, author, governance, scopeOf }, keyring) {
  /** @type {Map<number, Uint8Array>} */
  const keys = new Map();
  /** @type {Map<number, Uint8Array>} */
  const recipients = new Map();
  for (const { index, header } of governance) {
    const { kind, body } = header;
    if ((kind !== 'member' && kind !== 'kit') || toHex(body[0]) !== keyring.member) continue;
    if (kind === 'member') recipients.set(body[2], body[3]);
    const generation = kind === 'kit' ? body[4] : body[2];
    const wraps = kind === 'kit' ? [[body[1], body[5]]] : body[4];
    const wrap = wraps.find((/** @type {Uint8Array[]} */ [holder]) => holder && sameBytes(holder, author))?.[1];
    if (!wrap) continue;
    const key = openKey(keyring, index, () => {
      const subject = /** @type {[Uint8Array, number]} */ ([body[0], generation]);
      const opened = openWrap(seed, wrap, { purpose: 'member', practice: scopeOf(header), subject });
      const pinned = recipients.get(generation) ?? null;
      return sameBytes(recipientOfSeed(opened), pinned) ? opened : wrapInvalid('not the key of the pinned recipient');
    });
    if (key) keys.set(generation, key);
  }
  return keys;
}

/**
 * @param {{ memberKeys: Map<number, Uint8Array>, governance: ReadEntry[], scopeOf: ScopeOf }} from
 * @param {Keyring} keyring
 */
function readGrants({ memberKeys, governance, scopeOf }, keyring) {
  const checks = new Map();
  for (const { index, header } of governance) {
    const { kind, body } = header;
    if (kind === 'epoch') checks.set(`${body[0]} ${body[1]}`, body[3]);
    if (kind !== 'grant' || toHex(body[2]) !== keyring.member) continue;
    const [compartment, number, , generation, wrap] = body;
    const memberKey = memberKeys.get(generation);
    if (!memberKey) continue;
    const key = openKey(keyring, index, () => {
      const subject = /** @type {[string, number]} */ ([compartment, number]);
      const opened = openWrap(memberKey, wrap, { purpose: 'epoch', practice: scopeOf(header), subject });
      const pinned = checks.get(`${compartment} ${number}`) ?? null;
      return sameBytes(epochCheck(opened), pinned) ? opened : wrapInvalid('not the key of the pinned check value');
    });
    if (key) keepEpochKey(keyring, { compartment, number, key });
  }
}

/** @param {Keyring} keyring @param {{ compartment: string, number: number, key: Uint8Array }} epoch */
function keepEpochKey(keyring, { compartment, number, key }) {
  const keys = keyring.epochKeys.get(compartment) ?? new Map();
  keyring.epochKeys.set(compartment, keys.set(number, key));
}

/** Each epoch's key opens the one before it. @param {{ governance: ReadEntry[], scopeOf: ScopeOf }} from
 * @param {Keyring} keyring */
function readPreviousKeys({ governance, scopeOf }, keyring) {
  const epochs = governance.filter(({ header }) => header.kind === 'epoch');
  const checks = new Map(epochs.map(({ header }) => [`${header.body[0]} ${header.body[1]}`, header.body[3]]));
  for (const { index, header } of epochs.toReversed()) {
    const [compartment, number, , , , sealed] = header.body;
    const keys = keyring.epochKeys.get(compartment);
    const epochKey = keys?.get(number);
    if (!epochKey || sealed === null || keys?.has(number - 1)) continue;
    const key = openKey(keyring, index, () => {
      const scope = scopeOf(header);
      const opened = openEpochSecret({ epochKey, scope, compartment, number, sealed, use: 'previous' });
      const pinned = checks.get(`${compartment} ${number - 1}`) ?? null;
      return sameBytes(epochCheck(opened), pinned) ? opened : sealedInvalid();
    });
    if (key) keepEpochKey(keyring, { compartment, number: number - 1, key });
  }
}

/** What deposits were wrapped to. @param {{ governance: ReadEntry[], scopeOf: ScopeOf }} from @param {Keyring} keyring */
function readInboxes({ governance, scopeOf }, keyring) {
  for (const { index, header } of governance) {
    if (header.kind !== 'epoch' || header.body[0] !== 'clinical') continue;
    const [compartment, number, recipient, , sealed] = header.body;
    const epochKey = keyring.epochKeys.get(compartment)?.get(number);
    if (!epochKey) continue;
    const seed = openKey(keyring, index, () => {
      const scope = scopeOf(header);
      const opened = openEpochSecret({ epochKey, scope, compartment, number, sealed, use: 'inbox' });
      return sameBytes(recipientOfSeed(opened), recipient) ? opened : sealedInvalid();
    });
    if (seed) keyring.inboxes.set(number, seed);
  }
}

/**
 * @typedef {object} OpenedPractice
 * @property {string} practice
 * @property {number} fence
 * @property {number} size
 * @property {boolean} verified false when no checkpoint verifies and this is what could be read all the same
 * @property {number} lost how many entries are missing or damaged
 * @property {string} member whose kit it is
 * @property {Map<string, Map<number, Uint8Array>>} epochKeys
 * @property {Map<number, Uint8Array>} inboxes of `clinical`, by epoch
 * @property {Map<string, StreamState>} streams
 * @property {Map<string, StreamState>} unjudged the same of the entries that a lost one may have allowed
 * @property {(Source & { batch: Batch, id: string })[]} deposits
 * @property {{ patient: string, author: string, time: number, receivedAt: number }[]} opened who looked at which file
 * @property {Record<string, number>} unreadable for each compartment, how many entries this kit gives no key to
 * @property {Finding[]} findings
 */

/**
 * Opens the practice of a kit.
 * @param {Copy} copy @param {Kit} kit
 * @returns {OpenedPractice}
 */
export function openPractice(copy, kit) {
  const practice = [...copy.practices.keys()].find((one) => one.startsWith(toHex(kit.practicePrefix)));
  if (!practice) throw new ReaderError('KIT_WRONG', 'this copy holds no practice of this kit');
  const state = readState(copy, practice) ?? salvageState(copy, practice);
  const { fence, journal, salvaged } = { salvaged: false, ...state };
  const lossy = salvaged || journal.lost.length > 0;
  const keyring = readKeyring(kit.seed, fromHex(practice), journal.governance);
  if (!keyring && lossy) throw new ReaderError('COPY_UNREADABLE', 'the entry that names this kit is lost or damaged');
  if (!keyring) throw new ReaderError('KIT_WRONG', 'this kit is not one of this practice');
  const revoked = journal.verifier.state.holders.get(toHex(authorOfSeed(kit.seed)))?.revoked;
  if (revoked) copy.find('KIT_REVOKED', practice, 'what was written since may be missing');
  /** @type {OpenedPractice} */
  const opened = {
    practice,
    fence: fence.fence,
    size: salvaged ? journal.reached : journal.size,
    verified: !salvaged,
    lost: journal.lost.length,
    member: keyring.member,
    epochKeys: keyring.epochKeys,
    inboxes: keyring.inboxes,
    streams: new Map(),
    unjudged: new Map(),
    deposits: [],
    opened: [],
    unreadable: {},
    findings: [],
  };
  copy.findings.push(...keyring.findings);
  readPayloads(copy, fence, { opened, usable: journal.accepted, into: opened.streams });
  readPayloads(copy, fence, { opened, usable: journal.unjudged, into: opened.unjudged });
  opened.findings = distinct(copy.findings);
  return opened;
}

/** Where no checkpoint verifies: what its authors signed and might. @param {Copy} copy @param {string} practice */
function salvageState(copy, practice) {
  for (const fence of fencesOf(copy, practice)) {
    const journal = readJournal(copy, fence, { byTiles: true });
    if (journal.accepted.size > 0) return { fence, journal, salvaged: true };
  }
  throw new ReaderError('COPY_UNREADABLE', 'the entries that all others rest on are lost or damaged');
}

/** @param {Copy} copy @param {FenceFolder} fence
 * @param {{ opened: OpenedPractice, usable: Set<number>, into: Map<string, StreamState> }} how */
function readPayloads(copy, fence, { opened, usable, into }) {
  /** @type {Map<string, { entries: (Source & { batch: Batch })[], whole: boolean }>} */
  const streams = new Map();
  /** @type {NumberedEntry[]} */
  const before = [];
  for (let number = 0; number * BUNDLE < opened.size; number++) {
    for (const place of readBundle(copy, fence, number).places) {
      if (place.index >= opened.size || place.bytes === null || !usable.has(place.index)) continue;
      readPayload(copy, fence, place, { opened, streams, before });
    }
  }
  for (const [stream, { entries }] of streams) {
    const state = foldStream(entries);
    into.set(stream, state);
    for (const { code, indexes } of state.findings) {
      copy.findings.push({ index: indexes[0] ?? null, code, detail: indexes.join(' '), object: `stream ${stream}` });
    }
  }
}

/**
 * @param {Copy} copy @param {FenceFolder} fence @param {Place} place
 * @param {{ opened: OpenedPractice, streams: Map<string, { entries: (Source & { batch: Batch })[], whole: boolean }>,
 *   before: NumberedEntry[] }} into
 */
function readPayload(copy, fence, place, { opened, streams, before }) {
  const entry = parseEntry(place.bytes ?? new Uint8Array(0));
  const header = parseHeader(entry.headerBytes);
  const { stream: streamId, author, compartment, kind } = header;
  before.push({ index: place.index, id: entryId(entry), stream: streamId, author, compartment, kind });
  if (entry.payloadHash === null || header.compartment === null) return;
  const name = toHex(header.stream);
  const stream = streams.get(name) ?? { entries: [], whole: true };
  streams.set(name, stream);
  const seed = header.kind === 'deposit' ? opened.inboxes.get(header.epoch) : null;
  const key = seed ?? (seed === null ? opened.epochKeys.get(header.compartment)?.get(header.epoch) : undefined);
  const payload = payloadOf(copy, fence, place, entry.payloadHash);
  const find = (/** @type {string} */ code, /** @type {string | null} */ detail = null) => {
    copy.findings.push({ index: place.index, code, detail });
    stream.whole = false;
  };
  if (!key) {
    opened.unreadable[header.compartment] = (opened.unreadable[header.compartment] ?? 0) + 1;
    stream.whole = false;
  } else if (!payload) find(place.payloads.length > 0 ? 'PAYLOAD_MISMATCH' : 'PAYLOAD_MISSING');
  else {
    try {
      const content = openPayload(seed ? depositKey(seed, header) : key, entry.headerBytes, payload);
      readContent({ content, entry, header, index: place.index }, { opened, stream, before, find });
    } catch (error) {
      if (!(error instanceof ReaderError)) throw error;
      find('PAYLOAD_UNREADABLE', error.code);
    }
  }
}

/** The key that a deposit's payload is sealed under. @param {Uint8Array} seed of the inbox @param {Header} header */
export function depositKey(seed, { practice, epoch, author, body }) {
  return openWrap(seed, body[1], { purpose: 'deposit', practice, subject: ['clinical', epoch, author] });
}

/** The deposits that nobody filed yet. @param {OpenedPractice} opened @returns {Map<string, StreamState>} by author and id */
function unfiledDeposits({ deposits, epochKeys, streams }) {
  const first = epochKeys.get('clinical')?.get(1);
  const unfiled = deposits.filter(
    ({ id }) => !(first && streams.get(toHex(streamId(first, `filed/${id}`)))?.records.size),
  );
  return new Map(unfiled.map((deposit) => [deposit.id, foldStream([deposit])]));
}

/**
 * @param {{ content: Uint8Array, entry: Entry, header: Header, index: number }} read
 * @param {{ opened: OpenedPractice, stream: { entries: (Source & { batch: Batch })[], whole: boolean },
 *   before: NumberedEntry[], find: (code: string, detail?: string | null) => void }} into
 */
function readContent({ content, entry, header, index }, { opened, stream, before, find }) {
  const { author, time } = header;
  const { receivedAt } = entry;
  if (header.kind === 'deposit') {
    const source = { index, entryId: entryId(entry), author, receivedAt, time, batch: parseBatch(content) };
    opened.deposits.push({ ...source, id: `${toHex(author)}/${toHex(header.body[0])}` });
  } else if (header.kind === 'records') {
    stream.entries.push({ index, entryId: entryId(entry), author, receivedAt, time, batch: parseBatch(content) });
  } else if (header.kind === 'snapshot') {
    checkSnapshot(content);
    const before = stream.entries.filter((one) => one.index <= header.body[0]);
    if (stream.whole && !sameBytes(encodeSnapshot(foldStream(before)), content)) find('SNAPSHOT_MISMATCH');
  } else if (header.kind === 'opened') {
    const items = decodeCbor(content);
    if (!tuple((one) => one === 1, text, count)(items)) throw new ReaderError('RECORD_INVALID', 'opened');
    const [, patient, at] = /** @type {[number, string, number]} */ (items);
    opened.opened.push({ patient, author: toHex(author), time: at, receivedAt });
  } else if (header.kind === 'heads') {
    const { size, root } = parseHeads(content);
    const [toldSize, toldRoot] = header.body;
    const isPlaced = size === toldSize && sameBytes(root, toldRoot) && size <= index && size % BUNDLE === 0;
    // Where the copy has lost entries, or some do not count, no heads stands for them.
    const isWhole = before.filter((one) => one.index < size).length === size;
    if (!(isPlaced && isWhole && sameBytes(encodeHeads(before, size, root), content))) find('HEADS_MISMATCH');
  } else if (header.kind === 'reread') parseReread(content);
  else decodeCbor(content);
}

// ---------------------------------------------------------------------------------------------------------------------
// Writing what was opened
// ---------------------------------------------------------------------------------------------------------------------

/** @type {Record<string, string>} */
const EXTENSIONS = {
  'application/dicom': '.dcm',
  'application/pdf': '.pdf',
  'application/xml': '.xml',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/tiff': '.tif',
  'text/plain': '.txt',
  'text/xml': '.xml',
};

/**
 * Writes an opened practice into a folder, and returns what index.json says.
 * @param {Copy} copy @param {OpenedPractice} opened @param {string} out
 */
export function writePractice(copy, opened, out) {
  for (const folder of ['patients', 'documents', 'drafts']) mkdirSync(join(out, folder), { recursive: true });
  const byPatient = groupByPatient(opened);
  const taken = new Set();
  const patients = [...byPatient].flatMap(([patient, versions]) => {
    if (patient === null) return [];
    const file = `patients/${fileNameOf(patient.slice('Patient/'.length), taken)}.json`;
    writeBundle(join(out, file), versions);
    return [{ id: patient, file, ...countRecords(versions) }];
  });
  const practiceVersions = byPatient.get(null) ?? [];
  writeBundle(join(out, 'practice.json'), practiceVersions);
  // In no patient's file: what may not have been allowed must neither hide what was, nor pass for it.
  const unjudged = currentOf(opened.unjudged);
  if (unjudged.length > 0) writeBundle(join(out, 'unjudged.json'), unjudged);
  const unfiled = unfiledDeposits(opened);
  if (unfiled.size > 0) writeBundle(join(out, 'deposits.json'), currentOf(unfiled));
  const index = {
    practice: opened.practice,
    fence: opened.fence,
    size: opened.size,
    verified: opened.verified,
    lost: opened.lost,
    member: opened.member,
    readable: Object.fromEntries(
      [...opened.epochKeys].map(([name, keys]) => [name, [...keys.keys()].sort((a, b) => a - b)]),
    ),
    unreadable: opened.unreadable,
    patients,
    practiceRecords: countRecords(practiceVersions),
    unjudged: countRecords(unjudged),
    deposits: [...unfiled].map(([id, state]) => ({ id, ...countRecords(currentOf(new Map([[id, state]]))) })),
    documents: writeDocuments(copy, opened, { out, unfiled }),
    drafts: writeDrafts(copy, opened, out),
    opened: opened.opened,
    findings: distinct(copy.findings),
  };
  writeFileSync(join(out, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  return index;
}

/** The current versions of each patient, removals left out. @param {OpenedPractice} opened */
function groupByPatient(opened) {
  /** @type {Map<string | null, PlacedVersion[]>} */
  const byPatient = new Map();
  for (const version of currentOf(opened.streams)) {
    const versions = byPatient.get(version.patient) ?? [];
    versions.push(version);
    byPatient.set(version.patient, versions);
  }
  return byPatient;
}

/** @param {Map<string, StreamState>} streams @returns {PlacedVersion[]} what stands in them, removals left out */
function currentOf(streams) {
  const records = [...streams.values()].flatMap((state) => [...state.records.values()]);
  return records.flatMap(({ current }) => current.filter(({ content }) => content !== null));
}

/** How many records, and which have several current versions. @param {PlacedVersion[]} versions */
function countRecords(versions) {
  /** @type {Map<string, Set<string | null>>} */
  const contents = new Map();
  for (const { id, content } of versions) contents.set(id, (contents.get(id) ?? new Set()).add(content));
  const conflicts = [...contents].filter(([, texts]) => texts.size > 1).map(([id]) => id);
  return { records: contents.size, conflicts };
}

/** A logical id as a file name: itself when that is safe on every system. @param {string} logicalId
 * @param {Set<string>} taken */
function fileNameOf(logicalId, taken) {
  const safe = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(logicalId);
  const hashed = `id-${toHex(hash(logicalId)).slice(0, 32)}`;
  // Two ids that differ only by case would be one file on some systems.
  const name = safe && !taken.has(logicalId.toLowerCase()) ? logicalId : hashed;
  taken.add(name.toLowerCase());
  return name;
}

/** A FHIR bundle with each resource exactly as it is stored. @param {string} path @param {PlacedVersion[]} versions */
function writeBundle(path, versions) {
  const entries = new Set(
    versions.map(({ fullUrl, content }) => {
      const url = fullUrl === null ? '' : `"fullUrl":${JSON.stringify(fullUrl)},`;
      return `{${url}"resource":${content}}`;
    }),
  );
  const list = entries.size === 0 ? '' : `,"entry":[\n${[...entries].join(',\n')}\n]`;
  writeFileSync(path, `{"resourceType":"Bundle","type":"collection"${list}}\n`);
}

/** @param {Copy} copy @param {OpenedPractice} opened @param {{ out: string, unfiled: Map<string, StreamState> }} how */
function writeDocuments(copy, opened, { out, unfiled }) {
  const states = [...opened.streams.values(), ...opened.unjudged.values(), ...unfiled.values()];
  const told = states.flatMap((state) => [...state.documents.values()]).sort((one, other) => one.index - other.index);
  // What was filed, or moved, stands under one key in two streams: it is of the patient who had it last.
  const documents = new Map(
    told.map((document) => [`${toHex(document.key.blobId)} ${toHex(document.key.key)}`, document]),
  );
  return [...documents.values()].map(({ key, patient, index }) => {
    const blobId = toHex(key.blobId);
    const description = { blobId, patient, mediaType: key.mediaType, size: key.size, hash: toHex(key.hash) };
    const clear = openStoredDocument(copy, opened.practice, { key, index });
    if (!clear) return { ...description, file: null };
    const file = `documents/${blobId}${EXTENSIONS[key.mediaType] ?? ''}`;
    writeFileSync(join(out, file), clear);
    return { ...description, file };
  });
}

/** @param {Copy} copy @param {string} practice @param {{ key: DocumentKey, index: number }} document */
function openStoredDocument(copy, practice, { key, index }) {
  const object = copy.blobName(practice, key.sealedHash);
  const find = (/** @type {string} */ code) => copy.findings.push({ index, code, detail: null, object });
  const sealed = copy.read(object);
  if (!sealed) return find('BLOB_MISSING') && null;
  if (!sameBytes(hash(sealed), key.sealedHash) || sealed.length !== key.sealedSize)
    return find('BLOB_MISMATCH') && null;
  try {
    const clear = openDocument({ key: key.key, practice: fromHex(practice), blobId: key.blobId, sealed });
    if (clear.length === key.size && sameBytes(hash(clear), key.hash)) return clear;
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error;
  }
  return find('PAYLOAD_UNREADABLE') && null;
}

/** @param {Copy} copy @param {OpenedPractice} opened @param {string} out */
function writeDrafts(copy, opened, out) {
  const slots = [...(copy.drafts.get(opened.practice) ?? [])];
  return slots.flatMap(([slot, revisions]) => {
    // What is no draft, or opens under no key, hides none of the revisions before it.
    for (const revision of revisions.sort((a, b) => b - a)) {
      const object = `${opened.practice}/draft/${slot}/${String(revision).padStart(16, '0')}`;
      const bytes = copy.read(object);
      if (bytes?.length === 0) return [];
      const clear = bytes && copy.attempt(object, () => openStoredDraft({ opened, slot, revision, bytes }));
      if (!clear) continue;
      writeFileSync(join(out, 'drafts', slot), clear);
      return [{ slot, revision, file: `drafts/${slot}` }];
    }
    return [];
  });
}

/** @param {{ opened: OpenedPractice, slot: string, revision: number, bytes: Uint8Array }} stored
 * @returns {Uint8Array | null} null without a key for it */
function openStoredDraft({ opened, slot, revision, bytes }) {
  const draft = parseDraft(bytes);
  if (draft.revision !== revision) throw new ReaderError('DRAFT_INVALID', 'another revision');
  const epochKey = opened.epochKeys.get(draft.compartment)?.get(draft.epoch);
  if (!epochKey) return null;
  return openDraft({ epochKey, practice: fromHex(opened.practice), slot: fromHex(slot), draft: bytes }).content;
}

// ---------------------------------------------------------------------------------------------------------------------
// Command line
// ---------------------------------------------------------------------------------------------------------------------

const USAGE = `usage: node reader.mjs verify COPY
       node reader.mjs open COPY --kit FILE --out DIR
       node reader.mjs rescue PAGE --phrase FILE
`;
const EXIT = { done: 0, findings: 1, usage: 2, wrongKit: 4, unreadable: 5 };

/** @param {Finding} finding @returns {string} one line */
function findingLine({ code, object, index, detail }) {
  const place = index === null ? '' : ` entry ${index}`;
  return `${code}${object === undefined ? '' : ` ${object}`}${place}${detail === null ? '' : ` (${detail})`}\n`;
}

/** @param {string[]} args @returns {number} exit status */
function runVerify([folder = '']) {
  const { findings, practices } = verifyCopy(folder);
  for (const finding of findings) process.stdout.write(findingLine(finding));
  for (const { practice, fence, size, root } of practices) {
    process.stdout.write(
      `practice ${practice}: ${fence === null ? 'nothing verifies' : `fence ${fence}, ${size} entries, root ${root}`}\n`,
    );
  }
  process.stdout.write(`${findings.length} findings\n`);
  if (practices.length > 0 && practices.every(({ fence }) => fence === null)) return EXIT.unreadable;
  return findings.length > 0 ? EXIT.findings : EXIT.done;
}

/** @param {string[]} args @returns {number} exit status */
function runOpen([folder = '', ...options]) {
  const values = new Map();
  for (let i = 0; i < options.length; i += 2) values.set(options[i], options[i + 1]);
  const kitFile = values.get('--kit');
  const out = values.get('--out');
  if (options.length !== 4 || values.size !== 2 || !kitFile || !out) return usage();
  if (existsSync(out) && readdirSync(out).length > 0) return usage(`${out} is not empty`);
  if (!existsSync(kitFile)) return usage(`${kitFile} is not there`);
  const kit = parseKitFile(readFileSync(kitFile, 'utf8'));
  const copy = new Copy(folder);
  const index = writePractice(copy, openPractice(copy, kit), out);
  for (const finding of index.findings) process.stdout.write(findingLine(finding));
  for (const [name, entries] of Object.entries(index.unreadable))
    process.stdout.write(`no key: ${name}, ${entries} entries\n`);
  const { patients, documents, findings } = index;
  process.stdout.write(`${patients.length} patients, ${documents.length} documents, ${findings.length} findings\n`);
  return findings.length > 0 ? EXIT.findings : EXIT.done;
}

/** @param {string[]} args @returns {number} exit status */
function runRescue([page = '', option, phraseFile = '']) {
  if (option !== '--phrase') return usage();
  for (const file of [page, phraseFile]) if (!existsSync(file)) return usage(`${file} is not there`);
  const { made, content } = openRescueCopy(
    findRescueCopy(readFileSync(page, 'utf8')),
    readFileSync(phraseFile, 'utf8'),
  );
  process.stderr.write(`made ${new Date(made).toISOString()}\n`);
  process.stdout.write(`${content}\n`);
  return EXIT.done;
}

/** @param {string} [why] */
function usage(why) {
  process.stderr.write(`${why === undefined ? '' : `${why}\n`}${USAGE}`);
  return EXIT.usage;
}

/** @param {string[]} args @returns {number} exit status */
export function main([command, ...args]) {
  try {
    if (command === 'verify' && args.length === 1) return runVerify(args);
    if (command === 'open' && args.length > 0) return runOpen(args);
    if (command === 'rescue' && args.length === 3) return runRescue(args);
    return usage();
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error;
    process.stderr.write(`${error.message}\n`);
    const isKey = /^(?:KIT_|RESCUE_PHRASE|SEALED_INVALID|FORMAT_UNKNOWN)/.test(error.code);
    return isKey ? EXIT.wrongKit : EXIT.unreadable;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
