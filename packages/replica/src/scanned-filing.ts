import { bytesToHex } from '@serment/core/bytes';
import { type DocumentDetails, newDocument } from '@serment/records/fhir/document';
import { filedReadingTask, toReadTask } from '@serment/records/fhir/reading-task';
import { newVersion } from '@serment/records/version';
import { arrivalStream } from './arrivals.ts';
import { ReplicaError } from './error.ts';
import { practitioner } from './inbox-tasks.ts';
import { addDocument, blobIdOf } from './patient-documents.ts';
import type { Practice } from './practice.ts';
import { recordsPart } from './saving.ts';

/** One document of a batch that was scanned, as a person confirmed it. */
export interface ScannedDocument extends DocumentDetails {
  /** Logical id of its records: the same when it is filed again after a cut. */
  readonly id: string;
  /** `Patient/…` */
  readonly patient: string;
  readonly pdf: Blob;
  readonly isMadeInert: boolean;
  /** Whether a doctor is to read it. */
  readonly isToRead: boolean;
}

/**
 * Writes a document of a batch in a patient's file and, in the same save, that it is to be read: all of it or nothing. It
 * is kept on this device first, and goes once the host answers. Throws PATIENT_UNKNOWN, and as `addDocument`.
 */
export async function fileScanned(
  practice: Practice,
  { id, patient, pdf, isToRead, ...details }: ScannedDocument,
): Promise<{ id: string }> {
  if (practice.directory.get(patient) === null)
    throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
  const mediaType = 'application/pdf';
  const at = new Date(practice.clock()).toISOString();
  const by = practitioner(bytesToHex(practice.keyring.member));
  const filed = { ...details, patient, filedBy: by, at, mediaType };
  return addDocument(practice, {
    patient,
    upload: { clear: pdf.stream(), mediaType },
    resource: (key) => newDocument(id, { ...filed, blobId: blobIdOf(key), size: key.size }),
    also: ({ hash }) => {
      if (!isToRead) return [];
      const focus = `DocumentReference/${id}`;
      const { title } = details;
      const asked = toReadTask(id, {
        hash: bytesToHex(hash),
        title,
        focus,
        at,
        by,
        owner: null,
        isUrgent: false,
        outOfRange: [],
      });
      const version = newVersion({ resource: filedReadingTask(asked, patient), change: 'create' }, practice.random);
      return [recordsPart(arrivalStream(practice.keyring), { patient, versions: [version], documents: [] })];
    },
  });
}

/** Whether a document of that logical id is in the file already. Throws UNREACHABLE where the file is not here. */
export async function isFiled(practice: Practice, { id, patient }: Pick<ScannedDocument, 'id' | 'patient'>) {
  const { records } = await practice.readPatient(patient);
  return records.some((record) => record.id === `DocumentReference/${id}`);
}
