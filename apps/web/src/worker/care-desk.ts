import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import {
  type AllergyFacts,
  changedAllergy,
  endedNoneKnown,
  newAllergy,
  noKnownAllergy,
} from '@serment/records/fhir/allergy';
import { changedCondition, newCondition } from '@serment/records/fhir/condition';
import { changedFamilyHistory, newFamilyHistory } from '@serment/records/fhir/family-history';
import { changedImmunization, newImmunization } from '@serment/records/fhir/immunization';
import { inError } from '@serment/records/fhir/in-error';
import { changedSocialObservation, newSocialObservation } from '@serment/records/fhir/social-history';
import { changedTreatment, newTreatment, stoppedPrescription } from '@serment/records/fhir/treatment';
import { equalJson, isJsonObject, type JsonObject, parseJson } from '@serment/records/json-text';
import { textAt } from '@serment/records/page/element-text';
import { type Target, targetsOf } from '@serment/records/vaccination/vaccines';
import { ReplicaError } from '@serment/replica/error';
import type { SaveRequest } from '@serment/replica/practice';
import { localDateTime } from '../features/file/note-draft.ts';
import { todayHere } from '../file-view/care.ts';
import {
  type CareFacts,
  type CareList,
  type CareSubject,
  type CareVersions,
  careList,
  noneKnownRecords,
} from '../file-view/care-list.ts';
import { Desk } from './desk.ts';

/** A line that is added, when `changed` is null, or changed. */
export interface CareEdit<Subject extends CareSubject> {
  readonly patient: string;
  readonly subject: Subject;
  readonly changed: CareVersions | null;
  readonly facts: CareFacts[Subject];
}

export interface VaccineList {
  readonly list: CareList<'vaccines'>;
  readonly targets: Readonly<Record<string, readonly Target[] | null>>;
}

interface Saved {
  readonly id: string;
}

interface Written {
  readonly recordId: string;
  /** What stood there; null for what is new. */
  readonly before: JsonObject | null;
  readonly after: JsonObject;
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

/** Saves that can be taken back by *Annuler*; older ones are in the history. */
const keptSaves = 20;

/** The lists of a file: problems, allergies, treatments, vaccines, family and way of life. */
export class CareDesk extends Desk {
  /** In this worker alone: a lock forgets them. */
  readonly #takenBack = new Map<string, { readonly patient: string; readonly written: readonly Written[] }>();

  async list<Subject extends CareSubject>(patient: string, subject: Subject): Promise<CareList<Subject>> {
    return careList(await this.practice.readPatient(patient), subject);
  }

  /** The doses of a file, and what each protects from; null for a vaccine that is not recognised. */
  async vaccines(patient: string): Promise<VaccineList> {
    const file = await this.practice.readPatient(patient);
    const list = careList(file, 'vaccines');
    const resources = new Map(file.records.map(({ id, content }) => [id, content]));
    const targets = list.items.map(({ recordId }) => {
      return [recordId, targetsOf(parsed(resources.get(recordId) ?? ''))] as const;
    });
    return { list, targets: Object.fromEntries(targets) };
  }

  /** Throws RESOURCE_INVALID, RECORD_UNKNOWN, SAVE_INVALID. */
  async save<Subject extends CareSubject>(edit: CareEdit<Subject>): Promise<Saved> {
    const { patient, subject, changed, facts } = edit;
    const kind: Kind<Subject> = kinds[subject];
    if (changed !== null) {
      const before = await this.#received(patient, changed);
      return this.#write(patient, [{ ...changed, before, after: kind.change(before, facts) }]);
    }
    const id = crypto.randomUUID();
    const made = parsed(JSON.stringify(kind.make(id, this.#author(patient), facts)));
    const added = { recordId: `${textAt(made, 'resourceType')}/${id}`, versions: [], before: null, after: made };
    // In the same save: nobody ever reads "none known" beside an allergy, nor neither.
    const ended = subject === 'allergies' && counts(facts as AllergyFacts) ? await this.#endedNone(patient) : [];
    return this.#write(patient, [added, ...ended]);
  }

  /** Asked, and none is known. Throws CARE_CONTRADICTS where an allergy stands. */
  async answerNone(patient: string): Promise<Saved> {
    const { items, isComplete } = await this.list(patient, 'allergies');
    if (!isComplete || items.some(({ isPast }) => !isPast))
      throw new CodedError('CARE_CONTRADICTS', 'An allergy stands, or the file is not whole');
    const id = crypto.randomUUID();
    const after = parsed(JSON.stringify(noKnownAllergy(id, this.#author(patient))));
    return this.#write(patient, [{ recordId: `AllergyIntolerance/${id}`, versions: [], before: null, after }]);
  }

  /** Prescriptions that run no more, all of them or none. */
  async stopOrders(patient: string, orders: readonly CareVersions[], reason: string | null): Promise<Saved> {
    const stopped = orders.map(async (order) => {
      const before = await this.#received(patient, order);
      return { ...order, before, after: stoppedPrescription(before, reason ?? undefined) };
    });
    return this.#write(patient, await Promise.all(stopped));
  }

  /** What should never have been written: out of every list, and in the history. */
  async retract(patient: string, record: CareVersions): Promise<Saved> {
    const before = await this.#received(patient, record);
    return this.#write(patient, [{ ...record, before, after: inError(before) }], 'entered-in-error');
  }

  /**
   * Takes a save back by new versions that say what was said before it. Throws CARE_CHANGED when something of it was
   * changed meanwhile, here or by a colleague.
   */
  async undo(id: string): Promise<Saved> {
    const known = this.#takenBack.get(id);
    if (known === undefined) throw new CodedError('CARE_CHANGED', 'Nothing of that save is known any more');
    const { patient, written } = known;
    const file = await this.practice.readPatient(patient);
    const records = written.map(({ recordId, before, after }): SaveRequest['records'][number] => {
      const versions = file.records.find((one) => one.id === recordId)?.versions ?? [];
      const [standing] = versions;
      if (versions.length !== 1 || standing?.content == null || !equalJson(parsed(standing.content), after))
        throw new CodedError('CARE_CHANGED', 'It was changed since');
      const replaces = [standing.version];
      if (before === null) return { resource: inError(after), change: 'entered-in-error', replaces };
      return { resource: before, change: 'restore', replaces };
    });
    const saved = await this.practice.save({ patient, records });
    this.#takenBack.delete(id);
    this.at.send({ type: 'patient', patient });
    return { id: saved.id };
  }

  async #write(
    patient: string,
    written: readonly (Written & CareVersions)[],
    how: 'edit' | 'entered-in-error' = 'edit',
  ): Promise<Saved> {
    const records = written.map(({ before, after, versions }) => ({
      resource: after,
      change: before === null ? ('create' as const) : how,
      replaces: versions,
    }));
    const { id } = await this.practice.save({ patient, records });
    this.#takenBack.set(id, { patient, written });
    for (const old of [...this.#takenBack.keys()].slice(0, -keptSaves)) this.#takenBack.delete(old);
    this.at.send({ type: 'patient', patient });
    return { id };
  }

  /** The last of the versions that were on the screen, whatever came since. Throws RECORD_UNKNOWN. */
  async #received(patient: string, { recordId, versions }: CareVersions): Promise<JsonObject> {
    const history = await this.practice.history(patient, recordId);
    const shown = history.find(({ version }) => version === versions.at(-1));
    if (shown?.content == null) throw new ReplicaError('RECORD_UNKNOWN', 'That version is not there any more');
    return parsed(shown.content);
  }

  async #endedNone(patient: string): Promise<(Written & CareVersions)[]> {
    const file = await this.practice.readPatient(patient);
    return noneKnownRecords(file).map(({ record, id }) => {
      const before = parsed(record.content ?? '');
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
  readonly make: (id: string, by: Author, facts: CareFacts[Subject]) => object;
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

function parsed(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new ReplicaError('RECORD_UNKNOWN', 'That version is no resource');
  return value;
}
