import {
  type Bytes,
  base64ToBytes,
  bytesToBase64,
  bytesToHex,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8ToBytes,
} from '../bytes.ts';
import { CoreError } from '../error.ts';
import { hashSizeBytes, sha256 } from '../hash.ts';
import { type Signer, verifySignature } from '../signature.ts';
import { emptyRoot } from './tree.ts';

/** A signed statement of the host: the journal of that practice has this size and this root. */
export interface Checkpoint {
  readonly practice: Bytes;
  readonly fence: number;
  readonly size: number;
  readonly root: Bytes;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

export interface ParsedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The signed text, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export const maxNoteLength = 16_384;
const maxSignatures = 16;
const ed25519Type = 1;
const originPattern = /^serment\/([0-9a-f]{64})\/([1-9][0-9]{0,15})$/;
const sizePattern = /^(?:0|[1-9][0-9]{0,15})$/;
const signaturePattern = /^\u2014 ([^\s+\p{Cc}]+) ([A-Za-z0-9+/]+=*)$/u;

/** First line of a checkpoint, and the name of the key that signs it. */
export function formatOrigin(practice: Uint8Array, fence: number): string {
  return `serment/${bytesToHex(practice)}/${fence}`;
}

/** The text that is signed: three lines (C2SP tlog-checkpoint). Throws CHECKPOINT_INVALID for what no reader would accept. */
export function encodeCheckpointText(checkpoint: Checkpoint): string {
  return textUnder(formatOrigin(checkpoint.practice, checkpoint.fence), checkpoint);
}

function textUnder(origin: string, checkpoint: Checkpoint): string {
  refuseUnsound(checkpoint);
  return `${origin}\n${checkpoint.size}\n${bytesToBase64(checkpoint.root)}\n`;
}

/** The note of a checkpoint, signed by the host. */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): Promise<string> {
  return checkpointSigner(checkpoint, signer)(checkpoint);
}

/** Signs the checkpoints of one practice under one fence: what its notes have in common is made once. */
export function checkpointSigner(
  { practice, fence }: Pick<Checkpoint, 'practice' | 'fence'>,
  signer: Signer,
): (head: Pick<Checkpoint, 'size' | 'root'>) => Promise<string> {
  const name = formatOrigin(practice, fence);
  const keyId = noteKeyId(name, ed25519Type, signer.author);
  return async ({ size, root }) => {
    const text = textUnder(name, { practice, fence, size, root });
    const signature = await signer.sign(utf8ToBytes(text));
    return `${text}\n${signatureLine({ name, keyId, signature })}`;
  };
}

/** Reads a note without checking its signatures. Throws CHECKPOINT_INVALID for anything but the three lines and signatures. */
export function parseCheckpoint(note: string): ParsedCheckpoint {
  if (note.length > maxNoteLength) throw invalid('too long');
  const end = note.indexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw invalid('no signature');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > maxSignatures) throw invalid('too many signatures');
  return { checkpoint: parseText(text), text, signatures: lines.map(parseSignature) };
}

/** The checkpoint of a note that the host author signed. Throws CHECKPOINT_INVALID when malformed, unsigned or wrongly signed. */
export async function verifyCheckpoint(note: string, hostAuthor: Bytes): Promise<Checkpoint> {
  const parsed = parseCheckpoint(note);
  const own = hostSignatures(parsed, hostAuthor);
  if (own.length === 0) throw invalid('not signed by the host author');
  const message = utf8ToBytes(parsed.text);
  for (const { signature } of own)
    if (!(await verifySignature(hostAuthor, message, signature))) throw invalid('wrong signature of the host author');
  return parsed.checkpoint;
}

/** Whether a note says that this author signed it, rightly or not. Throws CHECKPOINT_INVALID when malformed. */
export function isSaidSigned(note: string, author: Bytes): boolean {
  return hostSignatures(parseCheckpoint(note), author).length > 0;
}

/** The signatures that say to be this host author's, rightly or not. */
export function hostSignatures(parsed: ParsedCheckpoint, author: Bytes): NoteSignature[] {
  const name = formatOrigin(parsed.checkpoint.practice, parsed.checkpoint.fence);
  return signaturesUnder(parsed, name, noteKeyId(name, ed25519Type, author));
}

/** The signatures of a note under that name and key id. */
export function signaturesUnder({ signatures }: ParsedCheckpoint, name: string, keyId: Bytes): NoteSignature[] {
  return signatures.filter((signature) => signature.name === name && equalBytes(signature.keyId, keyId));
}

/** First four bytes of the hash of name, signature type and key (C2SP signed-note). */
export function noteKeyId(name: string, type: number, key: Uint8Array): Bytes {
  return sha256(utf8ToBytes(name), new Uint8Array([0x0a, type]), key).slice(0, 4);
}

/** One signature of a note, with its newline. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${bytesToBase64(concatBytes(keyId, signature))}\n`;
}

function parseText(text: string): Checkpoint {
  const [origin = '', sizeLine = '', rootLine = '', ...rest] = text.split('\n');
  if (rest.length !== 1 || rest[0] !== '') throw invalid('not three lines');
  const [, practice = '', fenceText = ''] = originPattern.exec(origin) ?? [];
  if (practice === '') throw invalid('origin');
  if (!sizePattern.test(sizeLine)) throw invalid('size');
  const [fence, size] = [Number(fenceText), Number(sizeLine)];
  const checkpoint = { practice: hexToBytes(practice), fence, size, root: decodeBase64(rootLine) };
  refuseUnsound(checkpoint);
  return checkpoint;
}

function refuseUnsound({ practice, fence, size, root }: Checkpoint): void {
  if (practice.length !== hashSizeBytes || fence < 1) throw invalid('origin');
  if (!(Number.isSafeInteger(fence) && Number.isSafeInteger(size) && size >= 0)) throw invalid('number');
  if (root.length !== hashSizeBytes) throw invalid('root');
  if (size === 0 && !equalBytes(root, emptyRoot)) throw invalid('root of an empty tree');
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = signaturePattern.exec(line) ?? [];
  if (name === '') throw invalid('signature line');
  const bytes = decodeBase64(encoded);
  if (bytes.length < 5) throw invalid('signature too short');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function decodeBase64(text: string): Bytes {
  try {
    return base64ToBytes(text);
  } catch (cause) {
    throw new CoreError('CHECKPOINT_INVALID', 'The checkpoint holds invalid base64', { cause });
  }
}

function invalid(rule: string): CoreError {
  return new CoreError('CHECKPOINT_INVALID', 'The checkpoint is malformed or not signed by the host', {
    fields: { rule },
  });
}
