import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { changedAld, newAld } from '@serment/records/fhir/ald';
import {
  type AllergyFacts,
  changedAllergy,
  endedNoneKnown,
  newAllergy,
  noKnownAllergy,
} from '@serment/records/fhir/allergy';
import { changedCondition, newCondition } from '@serment/records/fhir/condition';
import { changedConsent, newConsent } from '@serment/records/fhir/consent';
import { changedCoverage, newCoverage } from '@serment/records/fhir/coverage';
import { changedFamilyHistory, newFamilyHistory } from '@serment/records/fhir/family-history';
import { changedImmunization, newImmunization } from '@serment/records/fhir/immunization';
import { inError } from '@serment/records/fhir/in-error';
import { changedInformation, newInformation } from '@serment/records/fhir/information';
import { changedSocialObservation, newSocialObservation } from '@serment/records/fhir/social-history';
import { changedTreatment, newTreatment, stoppedPrescription } from '@serment/records/fhir/treatment';
import type { JsonObject } from '@serment/records/json-text';
import { textAt } from '@serment/records/page/element-text';
import { type Target, targetsOf } from '@serment/records/vaccination/vaccines';
import { localDateTime } from '../features/file/note-draft.ts';
import { todayHere } from '../file-view/care.ts';
import {
  administrativeSubjects,
  type CareFacts,
  type CareList,
  type CareSubject,
  careList,
  noneKnownRecords,
} from '../file-view/care-list.ts';
import { documentView } from '../file-view/document-view.ts';
import type { ShownVersions } from '../file-view/reading.ts';
import { newWritten, parsedResource, type Saved, UndoDesk, type Written } from './undo.ts';

/** What a line says. */
interface CareLine<Subject extends CareSubject> {
  readonly patient: string;
  readonly subject: Subject;
  readonly facts: CareFacts[Subject];
}

export interface AddedLine<Subject extends CareSubject> extends CareLine<Subject> {
  /** Drawn when its form was begun: sent again, it is no second line. */
  readonly id: string;
}

export interface ChangedLine<Subject extends CareSubject> extends CareLine<Subject> {
  readonly changed: ShownVersions;
}

export interface VaccineList {
  readonly list: CareList<'vaccines'>;
  readonly targets: Readonly<Record<string, readonly Target[] | null>>;
}

export interface NamedDocument {
  /** `DocumentReference/…` */
  readonly recordId: string;
  readonly title: string;
  /** FHIR date, '' when it is not known. */
  readonly day: string;
}

interface Author {
  readonly patient: string;
  readonly recorder: string;
  readonly performer: string;
  /** Date and time with its offset. */
  readonly recordedDate: string;
  readonly recorded: string;
  /** The day. */
  readonly date: string;
}

/** The lists of a file: problems, allergies, treatments, vaccines, family, way of life, rights and consents. */
export class CareDesk extends UndoDesk {
  async list<Subject extends CareSubject>(patient: string, subject: Subject): Promise<CareList<Subject>> {
    const { files } = this.practice;
    return careList(
      await (administrativeSubjects.has(subject) ? files.administrative(patient) : files.read(patient)),
      subject,
    );
  }

  /** The doses of a file, and what each protects from; null for a vaccine that is not recognised. */
  async vaccines(patient: string): Promise<VaccineList> {
    const file = await this.practice.readPatient(patient);
    const list = careList(file, 'vaccines');
    const resources = new Map(file.records.map(({ id, content }) => [id, content]));
    const targets = list.items.map(({ recordId }) => {
      return [recordId, targetsOf(parsedResource(resources.get(recordId) ?? ''))] as const;
    });
    return { list, targets: Object.fromEntries(targets) };
  }

  /** The documents of a file that a consent may name, newest first. */
  async documents(patient: string): Promise<readonly NamedDocument[]> {
    const { records } = await this.practice.readPatient(patient);
    return records
      .flatMap((record) => documentView(record, { language: 'fr', nameOf: () => '' }) ?? [])
      .filter(({ isInError }) => !isInError)
      .map(({ recordId, title, typeText, day }) => ({ recordId, title: title || typeText, day }))
      .sort((left, right) => (left.day < right.day ? 1 : -1));
  }

  /** Throws RESOURCE_INVALID, SAVE_INVALID. */
  async add<Subject extends CareSubject>({ patient, subject, id, facts }: AddedLine<Subject>): Promise<Saved> {
    const kind: Kind<Subject> = kinds[subject];
    const added = newWritten(kind.make(id, this.#author(patient), facts));
    // In the same save: nobody ever reads "none known" beside an allergy, nor neither.
    const ended = subject === 'allergies' && counts(facts as AllergyFacts) ? await this.#endedNone(patient) : [];
    return this.write(patient, [added, ...ended]);
  }

  /** Throws RESOURCE_INVALID, RECORD_UNKNOWN, SAVE_INVALID. */
  async change<Subject extends CareSubject>(line: ChangedLine<Subject>): Promise<Saved> {
    const { patient, subject, changed, facts } = line;
    const kind: Kind<Subject> = kinds[subject];
    const before = await this.shown(patient, changed);
    return this.write(patient, [{ ...changed, before, after: kind.change(before, facts) }]);
  }

  /** Asked, and none is known. Throws CARE_CONTRADICTS where an allergy stands. */
  async answerNone(patient: string): Promise<Saved> {
    const { items, isComplete } = await this.list(patient, 'allergies');
    if (!isComplete || items.some(({ isPast }) => !isPast))
      throw new CodedError('CARE_CONTRADICTS', 'An allergy stands, or the file is not whole');
    return this.write(patient, [newWritten(noKnownAllergy(crypto.randomUUID(), this.#author(patient)))]);
  }

  /** Prescriptions that run no more, all of them or none. */
  async stopOrders(patient: string, orders: readonly ShownVersions[], reason: string | null): Promise<Saved> {
    const stopped = orders.map(async (order) => {
      const before = await this.shown(patient, order);
      return { ...order, before, after: stoppedPrescription(before, reason ?? undefined) };
    });
    return this.write(patient, await Promise.all(stopped));
  }

  /** What should never have been written: out of every list, and in the history. */
  async retract(patient: string, record: ShownVersions): Promise<Saved> {
    const before = await this.shown(patient, record);
    return this.write(patient, [{ ...record, before, after: inError(before) }], 'entered-in-error');
  }

  async #endedNone(patient: string): Promise<Written[]> {
    const file = await this.practice.readPatient(patient);
    return noneKnownRecords(file).map(({ record, id }) => {
      const before = parsedResource(record.content ?? '');
      const versions = record.versions.map(({ version }) => version);
      return { recordId: id, versions, before, after: endedNoneKnown(before) };
    });
  }

  #author(patient: string): Author {
    const recorder = `Practitioner/${bytesToHex(this.practice.keyring.member)}`;
    const now = localDateTime(Date.now());
    return { patient, recorder, performer: recorder, recordedDate: now, recorded: now, date: todayHere() };
  }
}

/** How each list makes and changes its resources. */
interface Kind<Subject extends CareSubject> {
  readonly make: (
    id: string,
    by: Author,
    facts: CareFacts[Subject],
  ) => { readonly resourceType: string; readonly id: string };
  readonly change: (received: JsonObject, facts: CareFacts[Subject]) => JsonObject;
}

const kinds: { readonly [Subject in CareSubject]: Kind<Subject> } = {
  problems: {
    make: (id, by, facts) => newCondition(id, { ...by, ...facts, category: 'problem-list-item' }),
    change: changedCondition,
  },
  allergies: { make: newAllergy, change: changedAllergy },
  treatments: { make: newTreatment, change: changedTreatment },
  vaccines: { make: newImmunization, change: changedImmunization },
  family: { make: newFamilyHistory, change: changedFamilyHistory },
  ald: { make: newAld, change: changedAld },
  consents: { make: newConsent, change: changedConsent },
  coverage: { make: newCoverage, change: changedCoverage },
  information: { make: newInformation, change: changedInformation },
  social: {
    make: newSocialObservation,
    // A correction is of the day that it corrects; what is new today is a line of its own.
    change: (received, facts) =>
      changedSocialObservation(received, facts, textAt(received, 'effectiveDateTime') || todayHere()),
  },
};

function counts({ verification, isOver }: AllergyFacts): boolean {
  return verification !== 'refuted' && isOver !== true;
}
