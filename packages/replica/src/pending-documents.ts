import { CodedError } from '@serment/core/error';
import { type DocumentKey, parseRecordBatch, type RecordBatch } from '@serment/records/version';
import type { OutboxPart } from './sending.ts';

/** The documents that a save or a deposit names, to be at the host before it. */
export function documentsOf(part: OutboxPart): readonly DocumentKey[] {
  return batchWithDocuments(part)?.documents ?? [];
}

/** What a save or a deposit says, where it names a document; null for any other. */
export function batchWithDocuments({ body, content, blobs }: OutboxPart): RecordBatch | null {
  if (blobs.length === 0 || !(body.kind === 'deposit' || body.kind === 'records')) return null;
  try {
    return parseRecordBatch(content);
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}
