import { codeSystems } from '@serment/records/fhir/coding-system';
import { newCondition } from '@serment/records/fhir/condition';
import { newMeeting } from '@serment/records/fhir/encounter';
import { type NoteSection, newNote } from '@serment/records/fhir/note';
import { newAct } from '@serment/records/fhir/procedure';
import { newMeasure } from '@serment/records/measures/new-measure';
import { type Fields, isFields, itemsAt, textAt } from '@serment/records/page/element-text';
import type { SaveRequest } from '@serment/replica/saving';
import { readResource } from '../file-view/reading.ts';
import type { BegunRecord, ConsultationInput } from './consultation-desk.ts';
import { actMark, diagnosisMark, measureMark, meetingMark } from './consultation-marks.ts';

export interface ConsultationContext {
  /** JSON text of a record of the file as it stands now; null for none. */
  readonly contentOf: (id: string) => string | null;
  /** `Practitioner/…` of who saves. */
  readonly self: string;
  /** `Organization/…` */
  readonly organization: string;
  readonly newId: () => string;
}

type Written = SaveRequest['records'][number];

/** LOINC codes of the sections that list records (docs/format/record.md). */
const listLoinc = { measures: '8716-3', diagnoses: '29308-4', acts: '29554-3' } as const;

/** Everything that one consultation writes: it stands together or not at all. Throws RESOURCE_INVALID. */
export function consultationRecords(input: ConsultationInput, context: ConsultationContext): Written[] {
  if (input.appends !== null) return [noteRecord(input, context, [])];
  const items = [...measureRecords(input, context), ...diagnosisRecords(input, context), ...actRecords(input, context)];
  const kept = new Set(items.map(({ id }) => id));
  const gone = input.begun.filter(({ id }) => id !== input.encounter && !kept.has(id));
  const sections = (['measures', 'diagnoses', 'acts'] as const).map(
    (list): NoteSection => ({
      title: input.titles[list],
      loinc: listLoinc[list],
      text: '',
      entries: items.filter((item) => item.list === list).map(({ id }) => id),
    }),
  );
  const listed = sections.filter(({ entries }) => entries !== undefined && entries.length > 0);
  return [
    ...meetingRecord(input, context),
    noteRecord(input, context, listed),
    ...items.flatMap(({ written }) => written ?? []),
    ...gone.flatMap((begun) => withdrawn(begun, context)),
  ];
}

interface Item {
  readonly list: keyof typeof listLoinc;
  readonly id: string;
  /** Null for what says what it said before. */
  readonly written: Written | null;
}

function measureRecords(input: ConsultationInput, context: ConsultationContext): Item[] {
  return input.measures.map((measure) => {
    const { kind, value, second } = measure;
    return item(input, context, {
      ...{ list: 'measures', type: 'Observation', recordId: measure.recordId, mark: measureMark(measure) },
      build: (id, author) =>
        newMeasure(id, {
          ...{ kind, value, second, patient: input.patient, date: input.date },
          ...{ encounter: input.encounter, performer: author },
        }),
    });
  });
}

function diagnosisRecords(input: ConsultationInput, context: ConsultationContext): Item[] {
  return input.diagnoses.map((diagnosis) => {
    const { text, code } = diagnosis;
    return item(input, context, {
      ...{ list: 'diagnoses', type: 'Condition', recordId: diagnosis.recordId, mark: diagnosisMark(diagnosis) },
      build: (id, author) =>
        newCondition(id, {
          ...{ patient: input.patient, category: 'encounter-diagnosis', diagnosis: { text, code } },
          ...{ encounter: input.encounter, recorder: author, recordedDate: input.date },
        }),
    });
  });
}

function actRecords(input: ConsultationInput, context: ConsultationContext): Item[] {
  return input.acts.map((act) =>
    item(input, context, {
      ...{ list: 'acts', type: 'Procedure', recordId: act.recordId, mark: actMark(act) },
      build: (id, author) =>
        newAct(id, {
          ...{ text: act.text, patient: input.patient, date: input.date },
          ...{ encounter: input.encounter, performer: author },
        }),
    }),
  );
}

interface ItemSource {
  readonly list: Item['list'];
  readonly type: string;
  readonly recordId: string | null;
  readonly mark: string;
  readonly build: (id: string, author: string) => { readonly resourceType: string; readonly id: string };
}

function item(input: ConsultationInput, context: ConsultationContext, source: ItemSource): Item {
  const { list, type, recordId, mark, build } = source;
  const begun = recordId === null ? undefined : input.begun.find(({ id }) => id === recordId);
  if (begun === undefined) {
    const logicalId = context.newId();
    const written = { resource: build(logicalId, context.self), change: 'create' as const, replaces: [] };
    return { list, id: `${type}/${logicalId}`, written };
  }
  if (begun.was === mark) return { list, id: begun.id, written: null };
  const resource = build(begun.id.slice(type.length + 1), context.self);
  return { list, id: begun.id, written: { resource, change: 'edit', replaces: begun.versions } };
}

function meetingRecord(input: ConsultationInput, context: ConsultationContext): Written[] {
  const { patient, encounter, place, reason, date } = input;
  const begun = input.begun.find(({ id }) => id === encounter);
  if (begun?.was === meetingMark(place, reason)) return [];
  const known = readKnown(context.contentOf(encounter));
  const seenBy = itemsAt(known, 'participant').map((one) => textAt(one, 'individual.reference'));
  const resource = newMeeting(encounter.slice('Encounter/'.length), {
    ...{ patient, place, reason, organization: context.organization },
    practitioners: begun === undefined ? [context.self] : seenBy.filter((one) => one !== ''),
    start: textAt(known, 'period.start') || date,
    end: textAt(known, 'period.end') || endOf(input),
  });
  return [{ resource, change: begun === undefined ? 'create' : 'edit', replaces: begun?.versions ?? [] }];
}

/** A note that is entered of another day says nothing of how long the meeting was. */
function endOf({ date, now }: ConsultationInput): string | undefined {
  return date.slice(0, 10) === now.slice(0, 10) && Date.parse(now) >= Date.parse(date) ? now : undefined;
}

function noteRecord(input: ConsultationInput, context: ConsultationContext, lists: readonly NoteSection[]): Written {
  const authors = itemsAt(readKnown(context.contentOf(input.note)), 'author').map((one) => textAt(one, 'reference'));
  const [author = context.self, ...others] = [...new Set([...authors.filter((one) => one !== ''), context.self])];
  const resource = newNote(input.note.slice('Composition/'.length), {
    status: input.sign ? 'final' : 'preliminary',
    ...{ patient: input.patient, author, otherAuthors: others, date: input.date, title: input.title },
    ...(input.appends === null ? { encounter: input.encounter } : { appends: input.appends }),
    ...(input.sign ? { signature: { signer: context.self, time: input.now } } : {}),
    sections: [...input.sections, ...lists],
  });
  return { resource, change: input.replaces.length === 0 ? 'create' : 'edit', replaces: input.replaces };
}

/** What was taken out of a consultation says of itself that it should not be counted, and stays in the history. */
function withdrawn({ id, versions }: BegunRecord, context: ConsultationContext): Written[] {
  const known = readKnown(context.contentOf(id));
  if (known === null) return [];
  return [{ resource: inError(known), change: 'entered-in-error', replaces: versions }];
}

function inError(resource: Fields): object {
  if (resource.resourceType !== 'Condition') return { ...resource, status: 'entered-in-error' };
  // FHIR (con-5): what was entered in error has no clinical status.
  const { clinicalStatus: _, ...rest } = resource;
  const coding = [{ system: codeSystems.conditionVerification, code: 'entered-in-error' }];
  return { ...rest, verificationStatus: { coding } };
}

function readKnown(content: string | null): Fields | null {
  const resource = content === null ? null : readResource(content);
  return isFields(resource) ? resource : null;
}
