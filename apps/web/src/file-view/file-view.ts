import { readPatient } from '@serment/records/fhir/patient';
import { conceptText, elementAt, itemsAt, textAt } from '@serment/records/page/element-text';
import { mainWords } from '@serment/records/page/resource-words';
import { typeName } from '@serment/records/page/wording';
import type { PatientRow } from '@serment/replica/directory';
import type { PatientFile, RecordView } from '@serment/replica/patient-file';
import type { Language } from '../i18n/language.ts';
import { careOf, todayHere } from './care.ts';
import { careWords } from './care-words.ts';
import { contactOf } from './contact.ts';
import { fieldChanges } from './history.ts';
import { namesOf, type Read, type ReadingContext, readRecord, readResource } from './reading.ts';
import { allergiesOf, flagsOf, isSecret, summaryOf } from './summary.ts';
import { timelineOf } from './timeline.ts';
import type { Allergies, Banner, Conflict, FileView } from './view.ts';
import { words } from './words.ts';

export interface FileViewOptions {
  readonly language: Language;
  /** The directory's records that are no patient. */
  readonly practitioners: readonly { readonly id: string; readonly content: string }[];
  /** Other patients of the very same name. */
  readonly homonyms: readonly PatientRow[];
  /** `Practitioner/…` who reads. */
  readonly self: string;
  /** `2026-11-23`; this device's day unless it is said. */
  readonly today?: string;
  /** Whether a member's reading of a result counts; in hexadecimal. */
  readonly isDoctor: (member: string) => boolean;
}

/** A patient's file as its page shows it. */
export function fileView(file: PatientFile, options: FileViewOptions): FileView {
  const { language, practitioners, homonyms, isDoctor, today = todayHere() } = options;
  const persons = file.records.flatMap(({ id, type, content }) =>
    type === 'RelatedPerson' && content !== null ? [{ id, content }] : [],
  );
  const context: ReadingContext = { language, nameOf: namesOf([...practitioners, ...persons]) };
  const reads = file.records.flatMap((record) => readRecord(record) ?? []);
  const { row } = file;
  return {
    row,
    merged: file.merged,
    mergedInto: file.mergedInto,
    origins: originsOf(file),
    banner: {
      birthDate: row.birthDate,
      sex: row.sex,
      deceased: row.deceased,
      ...whoOf(reads, options, context),
      homonyms,
      allergies: allergies(file, () => allergiesOf(reads, context)),
      flags: file.canReadClinical ? flagsOf(reads, today, context) : null,
      isSecret: isSecret(reads, row.birthDate, today),
    },
    timeline: timelineOf(reads, { ...context, isDoctor }),
    summary: summaryOf(reads, context),
    care: careOf(reads, context, {
      birthDate: row.birthDate,
      isWhole: file.isComplete && file.canReadClinical && !row.deceased,
      today,
    }),
    contact: contactOf(reads),
    findingCount: file.findings.length,
    absentCount: file.absent,
    isCopied: file.records.every(({ state }) => state === 'copy'),
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
  if (found.kind !== 'some' && file.merged.some(({ isShut }) => isShut)) return { kind: 'hidden' };
  return file.isComplete || found.kind === 'some' ? found : { kind: 'loading' };
}

/** What the Patient itself says for the banner. */
function whoOf(
  reads: readonly Read[],
  { self }: FileViewOptions,
  context: ReadingContext,
): Pick<Banner, 'deceasedOn' | 'status' | 'doctor'> {
  const patient = reads.find(({ type }) => type === 'Patient')?.resource;
  const [doctor] = itemsAt(patient, 'generalPractitioner');
  const name = context.nameOf(doctor);
  const isSelf = textAt(doctor, 'reference') === self;
  return {
    deceasedOn: textAt(patient, 'deceasedDateTime').slice(0, 10),
    status: readPatient(patient)?.identityStatus ?? 'provisional',
    doctor: name === '' && !isSelf ? null : { name, isSelf },
  };
}

function originsOf({ row, records, merged }: PatientFile): FileView['origins'] {
  const rows = new Map(merged.map((one) => [one.row.id, one.row]));
  return Object.fromEntries(
    records.flatMap(({ id, patient }) => {
      const from = patient === null || patient === row.id ? undefined : rows.get(patient);
      return from === undefined ? [] : [[id, from]];
    }),
  );
}

function conflictOf(record: RecordView, language: Language): Conflict {
  if (record.type === 'Patient') return patientConflict(record, language);
  const sides = record.versions.map((version) => {
    const resource = version.content === null ? null : readResource(version.content);
    const text =
      resource === null
        ? ''
        : careWords(resource, language) ||
          mainWords(resource) ||
          conceptText(elementAt(resource, 'name')) ||
          textAt(resource, 'status');
    return { version: version.version, author: version.authorName, at: version.receivedAt ?? version.time, text };
  });
  return { recordId: record.id, title: typeName(record.type, language), sides };
}

/** Of two identities, what each says otherwise than the other one. */
function patientConflict(record: RecordView, language: Language): Conflict {
  const read = record.versions.map(({ content }) => (content === null ? null : readResource(content)));
  // Two identities differ in what they say, and name nobody.
  const how = { language, named: () => null };
  const sides = record.versions.map((version, place) => {
    const other = read.find((_, at) => at !== place) ?? null;
    const told = fieldChanges(other, read[place] ?? null, how).map(({ label, segments }) => {
      const text = segments.filter(({ kind }) => kind !== 'removed').map((segment) => segment.text);
      return `${label}${words[language].file.colon}${text.join('') || '–'}`;
    });
    const at = version.receivedAt ?? version.time;
    return { version: version.version, author: version.authorName, at, text: told.join('\n') };
  });
  return { recordId: record.id, title: typeName(record.type, language), sides };
}
