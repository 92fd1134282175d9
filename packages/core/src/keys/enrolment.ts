import { type Bytes, concatBytes, equalBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError, type ErrorFields } from '../error.ts';
import { deriveKey, hmacSha256, sha256 } from '../hash.ts';
import { crockfordBytes, crockfordValue, encodeCrockford } from './crockford.ts';
import { recipientSizeBytes } from './seed.ts';

const qrVersion = 1;
const qrPrefix = 'SERMENT-DEVICE:';
const hashSizeBytes = 32;
const memberSizeBytes = 16;
const referenceSizeBytes = 5;
const referenceCharacterCount = 8;
const secretStart = 1 + referenceSizeBytes + hashSizeBytes;
const bodySizeBytes = secretStart + hashSizeBytes;
const checksumSizeBytes = 4;
/** Base32 of 74 bytes: the last character's three lowest bits are padding. */
const qrCharacterCount = 119;
const codeDigitCount = 8;
const codeCount = 100_000_000n;

const commitmentLabel = utf8ToBytes('serment/enrolment-commitment/1');
const transcriptLabel = utf8ToBytes('serment/enrolment/1');
const qrLabel = utf8ToBytes('serment/enrolment-qr/1');

/** What a new device commits itself to, then reveals (docs/format/keys.md, Enrolment by an open device). */
export interface Newcomer {
  /** 32 bytes. */
  readonly author: Bytes;
  /** 1216 bytes. */
  readonly recipient: Bytes;
  /** 32 random bytes. */
  readonly nonce: Bytes;
}

/** Who answers it: a device of that member, and what it drew. */
export interface Opener {
  /** 32 bytes. */
  readonly practice: Bytes;
  /** 16 bytes. */
  readonly member: Bytes;
  /** 32 bytes. */
  readonly author: Bytes;
  /** 32 random bytes. */
  readonly nonce: Bytes;
}

/** What the QR code of a new device holds. */
export interface EnrolmentQr {
  /** 5 bytes: the host's name of the enrolment. */
  readonly reference: Bytes;
  /** 32 bytes. */
  readonly commitment: Bytes;
  /** 32 bytes, which nobody is sent. */
  readonly secret: Bytes;
}

/** What a person gives an open device: the reference alone when it was typed. */
export interface EnrolmentGiven {
  readonly reference: Bytes;
  readonly scanned: Pick<EnrolmentQr, 'commitment' | 'secret'> | null;
}

/** 32 bytes that show nothing of the newcomer and allow no other. Throws KEY_INVALID for items of another size. */
export function enrolmentCommitment({ author, recipient, nonce }: Newcomer): Bytes {
  requireSizes([author, hashSizeBytes], [recipient, recipientSizeBytes], [nonce, hashSizeBytes]);
  return sha256(commitmentLabel, author, recipient, nonce);
}

/** The 8 digits that both screens show. Throws KEY_INVALID for items of another size. */
export function enrolmentCode(newcomer: Newcomer, opener: Opener): string {
  const commitment = enrolmentCommitment(newcomer);
  const revealed = concatBytes(newcomer.author, newcomer.recipient, newcomer.nonce);
  const transcript = sha256(transcriptLabel, commitment, revealed, openerBytes(opener));
  const derived = deriveKey(transcript, 'serment/enrolment-code/1', 8);
  const number = new DataView(derived.buffer, derived.byteOffset, derived.length).getBigUint64(0);
  return String(number % codeCount).padStart(codeDigitCount, '0');
}

/** Shows the newcomer that the opener read its QR code: 32 bytes. Throws KEY_INVALID for items of another size. */
export function enrolmentAnswerTag(
  { commitment, secret }: Pick<EnrolmentQr, 'commitment' | 'secret'>,
  opener: Opener,
): Bytes {
  requireSizes([commitment, hashSizeBytes], [secret, hashSizeBytes]);
  return hmacSha256(deriveKey(secret, 'serment/enrolment-answer/1'), concatBytes(commitment, openerBytes(opener)));
}

/** The reference as it is typed, 8 characters. Throws KEY_INVALID. */
export function formatEnrolmentReference(reference: Uint8Array): string {
  requireSizes([reference, referenceSizeBytes]);
  return encodeCrockford(reference);
}

/** What the QR code holds, as text. Throws KEY_INVALID. */
export function formatEnrolmentQr({ reference, commitment, secret }: EnrolmentQr): string {
  requireSizes([reference, referenceSizeBytes], [commitment, hashSizeBytes], [secret, hashSizeBytes]);
  const body = concatBytes(Uint8Array.of(qrVersion), reference, commitment, secret);
  return qrPrefix + encodeCrockford(concatBytes(body, checksum(body)));
}

// White space and the hyphens and dashes that people and word processors put between groups.
const separators = /[\s\u002d\u2010-\u2015\u2212]/gu;

/**
 * Reads a reference as a person types it, or the text of a QR code. Throws ENROLMENT_INVALID with `position`, or with
 * `found` and `expected`; ENROLMENT_CHECKSUM for a text that was changed, FORMAT_UNKNOWN for a newer one.
 */
export function parseEnrolment(text: string): EnrolmentGiven {
  const trimmed = text.trim();
  if (trimmed.slice(0, qrPrefix.length).toUpperCase() !== qrPrefix) {
    const values = readCharacters(trimmed, referenceCharacterCount);
    return { reference: crockfordBytes(values), scanned: null };
  }
  const values = readCharacters(trimmed.slice(qrPrefix.length), qrCharacterCount);
  if (((values[qrCharacterCount - 1] ?? 0) & 7) !== 0) throw invalid({ position: qrCharacterCount });
  const raw = crockfordBytes(values);
  if (!equalBytes(checksum(raw.subarray(0, bodySizeBytes)), raw.subarray(bodySizeBytes)))
    throw new CoreError('ENROLMENT_CHECKSUM', 'The text was changed or is not whole');
  if (raw[0] !== qrVersion) throw new CoreError('FORMAT_UNKNOWN', 'A QR code of an unknown format');
  const commitmentStart = 1 + referenceSizeBytes;
  return {
    reference: raw.slice(1, commitmentStart),
    scanned: { commitment: raw.slice(commitmentStart, secretStart), secret: raw.slice(secretStart, bodySizeBytes) },
  };
}

function readCharacters(text: string, expected: number): number[] {
  const values = Array.from(text.replace(separators, '')).map((character, index) => {
    const value = crockfordValue(character);
    if (value === null) throw invalid({ position: index + 1 });
    return value;
  });
  if (values.length !== expected) throw invalid({ found: values.length, expected });
  return values;
}

function openerBytes({ practice, member, author, nonce }: Opener): Bytes {
  requireSizes([practice, hashSizeBytes], [member, memberSizeBytes], [author, hashSizeBytes], [nonce, hashSizeBytes]);
  return concatBytes(practice, member, author, nonce);
}

function checksum(body: Uint8Array): Bytes {
  return sha256(qrLabel, body).slice(0, checksumSizeBytes);
}

/** Each item has one length: otherwise two transcripts could read the same. */
function requireSizes(...items: readonly (readonly [bytes: Uint8Array, sizeBytes: number])[]): void {
  if (items.every(([bytes, sizeBytes]) => bytes.length === sizeBytes)) return;
  throw new CoreError('KEY_INVALID', 'An item of an enrolment has another size');
}

function invalid(fields: ErrorFields): CoreError {
  return new CoreError('ENROLMENT_INVALID', 'Neither a reference nor the text of a QR code', { fields });
}
