import type { ConsentFacts } from '../fhir/consent.ts';
import type { CoverageFacts } from '../fhir/coverage.ts';
import type { InformationFacts } from '../fhir/information.ts';
import type { Kinship } from '../fhir/related-person.ts';
import type { MeasureKind } from '../measures/measure-types.ts';
import { type Day, weekday } from './calendar.ts';
import type { DrugName } from './drugs.ts';
import type { Person } from './people.ts';
import { type PhraseContext, writePhrase } from './phrase.ts';
import type { Random } from './random.ts';
import type { VaccineName } from './vaccines.ts';

export type DoctorKey = 'vasseur' | 'morel';

export interface Measure {
  readonly kind: MeasureKind;
  readonly value: number;
  /** The diastolic pressure, for `bloodPressure` only. */
  readonly second?: number;
}

export interface Coded {
  readonly code: string;
  readonly display: string;
}

/** One consultation as it is told, before it becomes FHIR resources. */
export interface Visit {
  readonly day: Day;
  readonly minute: number;
  readonly doctor: DoctorKey;
  readonly setting: 'practice' | 'home' | 'remote';
  /** The one-line clinical sentence of the timeline. */
  readonly title: string;
  readonly reason: string;
  readonly history: string;
  readonly exam: string;
  readonly conclusion: string;
  readonly plan: string;
  readonly measures: readonly Measure[];
  readonly diagnosis: Coded | null;
  readonly drugs: readonly DrugName[];
  readonly vaccines: readonly VaccineName[];
}

export interface Problem extends Coded {
  /** ISO date, or a year alone when nothing more is known. */
  readonly since: string;
  readonly until?: string;
}

export interface Allergy {
  readonly atc: string | null;
  readonly substance: string;
  readonly kind: 'medication' | 'food' | 'environment';
  readonly reaction: string;
  readonly since: string;
  readonly severe: boolean;
}

export interface LabReport {
  readonly day: Day;
  readonly results: readonly Measure[];
}

export interface GivenVaccine {
  readonly vaccine: VaccineName;
  readonly day: Day;
  readonly lot: string;
  readonly site: 'LA' | 'RA' | 'LT' | 'RT';
}

export interface Letter {
  readonly day: Day;
  readonly title: string;
  readonly kind: 'report' | 'letter' | 'certificate';
  readonly mediaType: 'application/pdf' | 'text/plain';
  readonly from: string;
  readonly body: readonly string[];
}

/** Long-term condition with full cover ("ALD"), by its number in the French list. */
export interface FullCover {
  readonly number: number;
  readonly from: Day;
  readonly to: Day;
  readonly condition?: Coded;
  readonly protocol?: Day;
}

/** All that happened to one patient. Lists are filled in any order; `visits` is sorted when the course becomes resources. */
export interface Course {
  readonly problems: Problem[];
  allergies: readonly Allergy[] | 'none known' | 'not asked';
  readonly visits: Visit[];
  readonly labs: LabReport[];
  readonly vaccines: GivenVaccine[];
  readonly letters: Letter[];
  readonly cover: FullCover[];
  readonly coverage: CoverageFacts[];
  /** Other people of the cast, by their place in it. */
  readonly relatives: { readonly place: number; readonly kinship: Kinship }[];
  readonly consents: ConsentFacts[];
  readonly information: InformationFacts[];
  /** What is taken every day; the day it was begun matters only when no visit prescribes it. */
  readonly longTerm: Map<DrugName, Day | null>;
}

/** What a chapter of the invention (chronic care, childhood…) is told about a patient and writes into. */
export interface Teller {
  readonly person: Person;
  readonly random: Random;
  readonly today: Day;
  /** First day of the three years of activity. */
  readonly from: Day;
  readonly course: Course;
}

export function emptyCourse(): Course {
  return {
    problems: [],
    allergies: 'not asked',
    visits: [],
    labs: [],
    vaccines: [],
    letters: [],
    cover: [],
    coverage: [],
    relatives: [],
    consents: [],
    information: [],
    longTerm: new Map(),
  };
}

/** Writes a phrase about this patient. */
export function tell(teller: Teller, phrase: string, values: PhraseContext['values'] = {}): string {
  return writePhrase(phrase, { random: teller.random, female: teller.person.sex === 'female', values });
}

export type VisitDraft = Partial<Visit> & Pick<Visit, 'title' | 'reason' | 'conclusion'>;

/** Adds a consultation on the first open day from `day`, unless that lies outside the three years of activity. */
export function addVisit(teller: Teller, day: Day, draft: VisitDraft): Day | null {
  const { random } = teller;
  const open = weekday(day) === 6 ? day + 1 : day;
  if (open < teller.from || open >= teller.today) return null;
  // A full morning on Saturdays, no consultation over lunch on other days.
  const slot = random.below(weekday(open) === 5 ? 15 : 36);
  const minute = 8 * 60 + 30 + slot * 15 + (slot >= 15 ? 75 : 0);
  teller.course.visits.push({
    day: open,
    minute,
    doctor: doctorOn(open),
    setting: 'practice',
    history: '',
    exam: '',
    plan: '',
    measures: [],
    diagnosis: null,
    drugs: [],
    vaccines: [],
    ...draft,
  });
  return open;
}

/** Dr Morel stands in one week out of nine. */
function doctorOn(day: Day): DoctorKey {
  return Math.floor((day + 3) / 7) % 9 === 4 ? 'morel' : 'vasseur';
}

export function lotNumber(random: Random): string {
  return `${'ABCDEFGHJKLMNPRSTUVWX'.charAt(random.below(21))}${random.between(1000, 9999)}`;
}
