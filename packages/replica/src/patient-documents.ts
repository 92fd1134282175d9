import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { DocumentKey } from '@serment/records/version';
import { type DocumentUpload, dropUpload, openDocumentBytes, sealUpload, waitingUpload } from './documents.ts';
import { ReplicaError } from './error.ts';
import { batchWithDocuments } from './pending-documents.ts';
import type { Practice } from './practice.ts';
import { isRestrictedHere } from './restricted-here.ts';
import { partsOfSave } from './saving.ts';
import type { OutboxPart } from './sending.ts';

export interface NewDocument {
  /** `Patient/…` */
  readonly patient: string;
  readonly upload: Pick<DocumentUpload, 'clear' | 'mediaType'>;
  /** The record that refers to it. */
  readonly resource: (key: DocumentKey) => object;
  /** What else the same save says, elsewhere than in this file. */
  readonly also?: (key: DocumentKey) => readonly OutboxPart[];
}

/** A document of a patient that is on its way to the host. */
export interface DocumentOnItsWay {
  /** Of its save. */
  readonly id: string;
  /** The records that came with it: JSON texts. */
  readonly contents: readonly string[];
  /** Sealed bytes. */
  readonly sent: number;
  readonly total: number;
}

/**
 * Seals a document and keeps it with its record on this device, then sends both: it is in the file at once, and may be
 * read here before the host has it. Throws DOCUMENT_INVALID, SAVE_INVALID, PATIENT_RESTRICTED,
 * CACHE_FAILED.
 */
export async function addDocument(
  practice: Practice,
  { patient, upload, resource, also = () => [] }: NewDocument,
): Promise<{ id: string }> {
  // A file that is kept from this member takes nothing from it either.
  if (isRestrictedHere(practice, patient))
    throw new ReplicaError('PATIENT_RESTRICTED', 'This file is restricted to others');
  const key = await sealUpload(upload, practice);
  try {
    const records = [{ resource: resource(key), change: 'create' as const, replaces: [] }];
    const { keyring, random } = practice;
    return await practice.saveParts([
      ...partsOfSave({ patient, records, documents: [key] }, keyring, random),
      ...also(key),
    ]);
  } catch (error) {
    await dropUpload(key, practice);
    throw error;
  }
}

/**
 * The clear bytes of a patient's document, from this device where the host has them not yet. Throws DOCUMENT_UNKNOWN,
 * DOCUMENT_INVALID, UNREACHABLE.
 */
export async function openDocument(
  practice: Practice,
  { patient, blobId }: { readonly patient: string; readonly blobId: string },
): Promise<{ bytes: Bytes; key: DocumentKey }> {
  const key = await practice.documentKey(patient, blobId);
  if (key === null) throw new ReplicaError('DOCUMENT_UNKNOWN', 'This file holds no such document');
  const { practice: id, transport, cache } = practice;
  const kept = await waitingUpload(key, cache);
  // What arrives at the host while it is read here goes from this device under the reader's feet.
  const bytes =
    kept === null
      ? null
      : await openDocumentBytes(key, { practice: id, transport: { blob: async () => kept } }).catch(() => null);
  return { bytes: bytes ?? (await openDocumentBytes(key, { practice: id, transport })), key };
}

/** The documents of a patient that the host has not yet, in the order in which they go. */
export function documentsOnTheirWay({ outbox }: Practice, patient: string): DocumentOnItsWay[] {
  return outbox.items.flatMap(({ id, parts, problem }): DocumentOnItsWay[] => {
    const batches = parts.flatMap((part) => (part.body.kind === 'records' && batchWithDocuments(part)) || []);
    const documents = batches.filter((batch) => batch.patient === patient).flatMap((batch) => batch.documents);
    if (documents.length === 0 || problem !== null) return [];
    const total = documents.reduce((size, { sealedSize }) => size + sealedSize, 0);
    const contents = batches.flatMap(({ versions }) => versions.flatMap(({ content }) => content ?? []));
    return [{ id, contents, ...(outbox.uploadOf(id) ?? { sent: 0, total }) }];
  });
}

/** As a record refers to it. */
export function blobIdOf({ blobId }: DocumentKey): string {
  return bytesToHex(blobId);
}
