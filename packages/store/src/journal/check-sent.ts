import { setImmediate } from 'node:timers/promises';
import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { parseStatement, type Statement, signedMessage } from '@serment/core/journal/entry';
import { verifySignature } from '@serment/core/signature';
import type { SentEntry } from '@serment/core/wire/append';
import { StoreError } from '../error.ts';

/** So many signatures are checked at once, about a millisecond. */
const maxAtOnce = 8;

/** A statement whose signature and payload hold. */
export interface CheckedEntry {
  readonly statement: Statement;
  readonly payload: Bytes | null;
}

/**
 * Checks what needs no state: canonical form, signature, payload hash. Throws ENTRY_INVALID, BODY_INVALID,
 * FORMAT_UNKNOWN, ENTRY_TOO_LARGE, REFUSED (KIND_UNKNOWN), SIGNATURE_INVALID, PAYLOAD_MISMATCH, each with the position.
 */
export async function checkSent(sent: readonly SentEntry[]): Promise<CheckedEntry[]> {
  const checked = sent.map((entry, position) => parseSent(entry, position));
  for (const [position, { statement }] of checked.entries()) {
    const { header, headerBytes, payloadHash, signature } = statement;
    // A large request gives others their turn.
    if (position % maxAtOnce === maxAtOnce - 1) await setImmediate();
    if (!(await verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature)))
      throw new StoreError('SIGNATURE_INVALID', 'The author did not sign this entry', { fields: { position } });
  }
  return checked;
}

function parseSent({ statement: bytes, payload }: SentEntry, position: number): CheckedEntry {
  const statement = parseAt(bytes, position);
  const { payloadHash } = statement;
  // A payload that is not sent was uploaded: its presence is checked with that of documents.
  if (payload !== null && (payloadHash === null || !equalBytes(sha256(payload), payloadHash)))
    throw new StoreError('PAYLOAD_MISMATCH', 'The payload is not the one that was signed', { fields: { position } });
  return { statement, payload };
}

function parseAt(bytes: Bytes, position: number): Statement {
  try {
    return parseStatement(bytes);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    const { refusal } = cause.fields;
    if (typeof refusal === 'string') throw refused(refusal, position);
    throw new CoreError(cause.code, cause.message, { cause, fields: { ...cause.fields, position } });
  }
}

/** What `authorize`, or the rules that need the database, say no with. */
export function refused(refusal: string, position: number, id?: Uint8Array): StoreError {
  return new StoreError('REFUSED', 'The entry is refused', {
    fields: { refusal, position, ...(id === undefined ? {} : { entry: bytesToHex(id) }) },
  });
}
