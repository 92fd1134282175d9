import { type Bytes, base64ToBytes, bytesToHex } from '@serment/core/bytes';
import {
  type DocumentDetails,
  describedDocument,
  newDocument,
  withDocumentStatus,
} from '@serment/records/fhir/document';
import { isJsonObject, type JsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from '@serment/replica/error';
import { addDocument, blobIdOf, documentsOnTheirWay, openDocument } from '@serment/replica/patient-documents';
import { type DocumentView, documentView } from '../file-view/document-view.ts';
import { namesOf } from '../file-view/reading.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';

/** A document that was looked at, and what is said of it. */
export interface DocumentInput extends DocumentDetails {
  readonly patient: string;
  readonly blob: Blob;
  /** By its bytes. */
  readonly mediaType: string;
  readonly isMadeInert: boolean;
  /** Date and time with its offset. */
  readonly at: string;
}

/** Which document is meant. */
export interface DocumentChoice {
  readonly patient: string;
  /** `DocumentReference/…` */
  readonly recordId: string;
}

/** What a person changes of a document, over the versions that were on the screen. */
export interface DocumentChange extends DocumentChoice {
  readonly replaces: readonly string[];
}

export interface DocumentUploadView {
  /** Of its save. */
  readonly id: string;
  readonly title: string;
  /** Sealed bytes. */
  readonly sent: number;
  readonly total: number;
}

/** Documents of the files, as the pages ask for them. */
export class DocumentDesk extends Desk {
  /** Seals it while it is read: what a person was told is kept may be closed at once. */
  async add({ patient, blob, mediaType, ...details }: DocumentInput): Promise<{ id: string; recordId: string }> {
    const id = crypto.randomUUID();
    const filedBy = `Practitioner/${bytesToHex(this.practice.keyring.member)}`;
    const saved = await addDocument(this.practice, {
      patient,
      upload: { clear: blob.stream(), mediaType },
      resource: (key) =>
        newDocument(id, { ...details, patient, filedBy, mediaType, blobId: blobIdOf(key), size: key.size }),
    });
    this.at.send({ type: 'patient', patient });
    return { id: saved.id, recordId: `DocumentReference/${id}` };
  }

  /** Throws RECORD_UNKNOWN. */
  async read(choice: DocumentChoice, language: Language): Promise<DocumentView> {
    const { record } = await this.#record(choice);
    const view = documentView(record, { language, nameOf: namesOf(this.practice.directoryRecords()) });
    if (view === null) throw unknown();
    return view;
  }

  /** The bytes of a document as they were filed. Throws DOCUMENT_UNKNOWN, DOCUMENT_INVALID, UNREACHABLE. */
  async bytes(choice: DocumentChoice): Promise<Blob> {
    const { place } = await this.read(choice, 'fr');
    if (place.kind === 'inline') return new Blob([inlineBytes(place.base64)]);
    if (place.kind === 'elsewhere')
      throw new ReplicaError('DOCUMENT_UNKNOWN', 'Only the address of this document came with its record');
    const { bytes } = await openDocument(this.practice, { patient: choice.patient, blobId: place.blobId });
    return new Blob([bytes]);
  }

  describe(change: DocumentChange, details: DocumentDetails): Promise<{ id: string }> {
    return this.#save(change, 'edit', (resource) => describedDocument(resource, details));
  }

  /** Takes it out of the views, prints and exports; its history and its bytes stay. */
  markInError(change: DocumentChange): Promise<{ id: string }> {
    return this.#save(change, 'entered-in-error', (resource) => withDocumentStatus(resource, 'entered-in-error'));
  }

  bringBack(change: DocumentChange): Promise<{ id: string }> {
    return this.#save(change, 'restore', (resource) => withDocumentStatus(resource, 'current'));
  }

  /** What of this file is on its way to the host. */
  async uploads(patient: string): Promise<readonly DocumentUploadView[]> {
    return documentsOnTheirWay(this.practice, patient).map(({ id, contents, sent, total }) => {
      const [content = '{}'] = contents;
      const { description } = JSON.parse(content) as { description?: unknown };
      return { id, title: typeof description === 'string' ? description : '', sent, total };
    });
  }

  async #save(
    { patient, recordId, replaces }: DocumentChange,
    change: 'edit' | 'restore' | 'entered-in-error',
    changed: (resource: JsonObject) => JsonObject,
  ): Promise<{ id: string }> {
    const { resource } = await this.#record({ patient, recordId });
    const records = [{ resource: changed(resource), change, replaces }];
    const saved = await this.practice.save({ patient, records });
    this.at.send({ type: 'patient', patient });
    return saved;
  }

  async #record({ patient, recordId }: DocumentChoice) {
    const { records } = await this.practice.readPatient(patient);
    const record = records.find(({ id }) => id === recordId);
    const resource = record?.content == null ? null : parseJson(record.content);
    if (record === undefined || resource === null || !isJsonObject(resource)) throw unknown();
    return { record, resource };
  }
}

/** What an import carried within its record, however it was written there. */
function inlineBytes(base64: string): Bytes {
  try {
    return base64ToBytes(base64.replace(/\s/g, ''));
  } catch {
    throw new ReplicaError('DOCUMENT_INVALID', 'The bytes in this record are not in base64');
  }
}

function unknown(): ReplicaError {
  return new ReplicaError('RECORD_UNKNOWN', 'This file holds no such document');
}
