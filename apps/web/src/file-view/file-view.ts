import { conceptText, elementAt, textAt } from '@serment/records/page/element-text';
import { mainWords } from '@serment/records/page/resource-words';
import { typeName } from '@serment/records/page/wording';
import type { PatientFile, RecordView } from '@serment/replica/patient-file';
import type { Language } from '../i18n/language.ts';
import { contactOf } from './contact.ts';
import { namesOf, type ReadingContext, readRecord, readResource } from './reading.ts';
import { allergiesOf, flagsOf, summaryOf } from './summary.ts';
import { timelineOf } from './timeline.ts';
import type { Allergies, Conflict, FileView } from './view.ts';

export interface FileViewOptions {
  readonly language: Language;
  /** The directory's records that are no patient. */
  readonly practitioners: readonly { readonly id: string; readonly content: string }[];
  /** Whether a member's reading of a result counts; in hexadecimal. */
  readonly isDoctor?: (member: string) => boolean;
}

/** A patient's file as its page shows it. */
export function fileView(file: PatientFile, options: FileViewOptions): FileView {
  const { language, practitioners, isDoctor = () => false } = options;
  const context: ReadingContext = { language, nameOf: namesOf(practitioners) };
  const reads = file.records.flatMap((record) => readRecord(record) ?? []);
  const { row } = file;
  return {
    row,
    banner: {
      birthDate: row.birthDate,
      sex: row.sex,
      deceased: row.deceased,
      allergies: allergies(file, () => allergiesOf(reads, context)),
      flags: flagsOf(reads, context),
    },
    timeline: timelineOf(reads, { ...context, isDoctor }),
    summary: summaryOf(reads, context),
    contact: contactOf(reads),
    findingCount: file.findings.length,
    canReadClinical: file.canReadClinical,
    isComplete: file.isComplete,
    conflicts: file.records
      .filter((record) => record.isConflict && record.type !== 'Composition')
      .map((record) => conflictOf(record, language)),
  };
}

/** What is incomplete never says "none": only what it found, if it found an allergy. */
function allergies(file: PatientFile, read: () => Allergies): Allergies {
  if (!file.canReadClinical) return { kind: 'hidden' };
  const found = read();
  return file.isComplete || found.kind === 'some' ? found : { kind: 'loading' };
}

function conflictOf(record: RecordView, language: Language): Conflict {
  const sides = record.versions.map((version) => {
    const resource = version.content === null ? null : readResource(version.content);
    const text =
      resource === null
        ? ''
        : mainWords(resource) || conceptText(elementAt(resource, 'name')) || textAt(resource, 'status');
    return { version: version.version, author: version.authorName, at: version.receivedAt ?? version.time, text };
  });
  return { recordId: record.id, title: typeName(record.type, language), sides };
}
