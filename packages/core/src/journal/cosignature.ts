import { type Bytes, base64ToBytes, bytesToBase64, bytesToHex, concatBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { type Signer, verifySignature } from '../signature.ts';
import {
  type Checkpoint,
  hostSignatures,
  noteKeyId,
  parseCheckpoint,
  signatureLine,
  signaturesUnder,
  verifyCheckpoint,
} from './checkpoint.ts';

/** Who cosigns: what a practice is given, and names in its journal. */
export interface WitnessKey {
  /** As C2SP asks, an address without its scheme, such as `witness.example/w1`. */
  readonly name: string;
  /** Ed25519 public key, 32 bytes. */
  readonly key: Bytes;
}

/** That a witness saw this head, and none before that contradicts it. */
export interface Cosigned {
  readonly checkpoint: Checkpoint;
  /** The witness's clock, seconds since 1970. */
  readonly time: number;
}

const cosignatureType = 4;
const timeSizeBytes = 8;
const signatureSizeBytes = timeSizeBytes + 64;
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?$/;
const keyLinePattern = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/;

/** True for a name that a witness may have: 1 to 128 letters, digits, and `.` `_` `:` `/` `-` within. */
export function isWitnessName(name: string): boolean {
  return namePattern.test(name);
}

/** The one line that a practice is given (C2SP signed-note, verifier key, of type 4). */
export function formatWitnessKey({ name, key }: WitnessKey): string {
  const typed = concatBytes(new Uint8Array([cosignatureType]), key);
  return `${name}+${bytesToHex(noteKeyId(name, cosignatureType, key))}+${bytesToBase64(typed)}`;
}

/** Reads that line; space around it is a person's. Throws WITNESS_KEY_INVALID, for one that was typed wrong too. */
export function parseWitnessKey(line: string): WitnessKey {
  const [, name = '', keyId = '', encoded = ''] = keyLinePattern.exec(line.trim()) ?? [];
  if (!isWitnessName(name)) throw keyInvalid('name');
  const typed = decodeBase64(encoded);
  if (typed?.length !== 33 || typed[0] !== cosignatureType) throw keyInvalid('type');
  const key = typed.slice(1);
  if (bytesToHex(noteKeyId(name, cosignatureType, key)) !== keyId) throw keyInvalid('key id');
  return { name, key };
}

/**
 * The checkpoint of a note with a witness's cosignature beside the host's, and no other (C2SP tlog-cosignature, Ed25519).
 * `time` is in seconds since 1970. Throws CHECKPOINT_INVALID when the host did not sign it.
 */
export async function cosignCheckpoint(
  note: string,
  hostAuthor: Bytes,
  { name, signer, time }: { readonly name: string; readonly signer: Signer; readonly time: number },
): Promise<string> {
  await verifyCheckpoint(note, hostAuthor);
  const parsed = parseCheckpoint(note);
  const ofHost = hostSignatures(parsed, hostAuthor)[0];
  if (ofHost === undefined || !(isWitnessName(name) && isTime(time))) throw invalid('name or time');
  const signature = concatBytes(timeToBytes(time), await signer.sign(cosignedMessage(parsed.text, time)));
  const keyId = noteKeyId(name, cosignatureType, signer.author);
  return `${parsed.text}\n${signatureLine(ofHost)}${signatureLine({ name, keyId, signature })}`;
}

/**
 * What a witness cosigned, its signature alone: whether the host signed the head is for `verifyCheckpoint`. Throws
 * CHECKPOINT_INVALID for a malformed note, COSIGNATURE_INVALID when this witness did not cosign it, or did wrongly.
 */
export async function verifyCosignature(note: string, { name, key }: WitnessKey): Promise<Cosigned> {
  const parsed = parseCheckpoint(note);
  const own = signaturesUnder(parsed, name, noteKeyId(name, cosignatureType, key));
  if (own.length === 0) throw invalid('not cosigned by this witness');
  const times: number[] = [];
  for (const { signature } of own) {
    const time = timeOf(signature);
    if (!(await verifySignature(key, cosignedMessage(parsed.text, time), signature.slice(timeSizeBytes))))
      throw invalid('wrong signature of the witness');
    times.push(time);
  }
  return { checkpoint: parsed.checkpoint, time: Math.max(...times) };
}

/** What is signed: the statement's name, its time, and the checkpoint's text (C2SP tlog-cosignature, Ed25519 signed message). */
function cosignedMessage(text: string, time: number): Bytes {
  return utf8ToBytes(`cosignature/v1\ntime ${time}\n${text}`);
}

function timeToBytes(time: number): Bytes {
  const bytes = new Uint8Array(timeSizeBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return bytes;
}

function timeOf(signature: Bytes): number {
  if (signature.length !== signatureSizeBytes) throw invalid('length of the signature');
  const time = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
  if (!isTime(time)) throw invalid('time');
  return time;
}

function isTime(time: number): boolean {
  return Number.isSafeInteger(time) && time > 0;
}

function decodeBase64(text: string): Bytes | null {
  try {
    return base64ToBytes(text);
  } catch {
    return null;
  }
}

function invalid(rule: string): CoreError {
  return new CoreError('COSIGNATURE_INVALID', 'The cosignature is missing or not the witness’s', { fields: { rule } });
}

function keyInvalid(rule: string): CoreError {
  return new CoreError('WITNESS_KEY_INVALID', 'Not the key line of a witness', {
    fields: { rule },
    hint: 'Copy the whole line that the witness printed.',
  });
}
