import { dayOf, type Fields, textAt } from '../page/element-text.ts';
import type { Age, ScheduledDose, SeasonalRule, VaccinationRule, VaccinationSchedule } from './schedule-2025.ts';
import { type Target, targetsOf } from './vaccines.ts';

/**
 * Of one scheduled dose. `done`: a dose that was recorded is it. `due`: its time is there; `late`: its time has passed, and
 * none is recorded. `check`: it was one of a childhood, and an adult's file that lacks it shows no more than that it lacks
 * it. `unknown`: the doses recorded do not say (no date, or one that is not precise enough, or another vaccine). `later`:
 * not yet. `over`: proposed no more at this age.
 */
export type DoseStatus = 'done' | 'due' | 'late' | 'check' | 'unknown' | 'later' | 'over';

export interface PlannedDose {
  /** The rule, and the rank of the dose in it, from 1. */
  readonly rule: string;
  readonly rank: number;
  readonly target: Target;
  readonly status: DoseStatus;
  /** The first day on which it may be given, from the age and from the dose before it; null once given or over. */
  readonly from: string | null;
  /** The day that was recorded, as precise as it is; null unless done. */
  readonly given: string | null;
  readonly isObligatory: boolean;
  /** The age that the schedule gives it. */
  readonly age: Age;
}

export interface VaccinationPlan {
  readonly schedule: string;
  readonly doses: readonly PlannedDose[];
  /** Doses recorded that no rule could read: of a vaccine that is not recognised. */
  readonly unrecognised: number;
  /** Doses recorded without any date. */
  readonly undated: number;
}

/** A dose that was given: between two days, which are one when the day is known; null when nobody knows. */
interface Given {
  readonly targets: readonly Target[];
  readonly text: string;
  readonly span: { readonly first: string; readonly last: string } | null;
}

/** Below this age of today, a dose that lacks is late; from it on, an old file may simply not tell of it. */
const adultAge: Age = { years: 18 };
/** Two doses of one series closer than this are not two. */
const shortestInterval: Age = { weeks: 4 };

/**
 * What a schedule says of the doses of somebody born on `birthDate` (a whole day), from the Immunizations of the file and
 * the day it is. It counts what is recorded, guesses nothing, and leaves every decision to a doctor.
 */
export function vaccinationPlan(
  person: { readonly birthDate: string; readonly immunizations: readonly Fields[] },
  today: string,
  schedule: VaccinationSchedule,
): VaccinationPlan {
  const { birthDate } = person;
  const read = person.immunizations
    .filter((one) => textAt(one, 'status') === 'completed' || textAt(one, 'status') === '')
    .map((one) => ({ targets: targetsOf(one), span: spanOf(one), text: dayOf(textAt(one, 'occurrenceDateTime')) }))
    // What is dated after today was not given yet.
    .filter(({ span }) => span === null || span.first <= today);
  const given = read.flatMap(({ targets, ...one }): Given[] => (targets === null ? [] : [{ ...one, targets }]));
  const at: Moment = { birthDate, today, given };
  const doses = [
    ...schedule.rules.filter((rule) => applies(rule, at)).flatMap((rule) => dosesOf(rule, at)),
    ...schedule.seasonal.flatMap((rule) => seasonalDose(rule, schedule.season, at)),
  ];
  return {
    schedule: schedule.key,
    doses,
    unrecognised: read.filter(({ targets }) => targets === null).length,
    undated: read.filter(({ span }) => span === null).length,
  };
}

interface Moment {
  readonly birthDate: string;
  readonly today: string;
  readonly given: readonly Given[];
}

function applies(rule: VaccinationRule, { birthDate, today, given }: Moment): boolean {
  if (rule.bornFrom !== undefined && birthDate < rule.bornFrom) return false;
  const begun = given
    .flatMap(({ targets, span }) => (targets.includes(rule.target) && span !== null ? [span.first] : []))
    .sort()[0];
  const start = begun ?? today;
  if (rule.begunFrom !== undefined && start < dayAt(birthDate, rule.begunFrom)) return false;
  return rule.begunBefore === undefined || start < dayAt(birthDate, rule.begunBefore);
}

function dosesOf(rule: VaccinationRule, at: Moment): PlannedDose[] {
  const sure = allocate(rule, at, 'surely');
  const possible = allocate(rule, at, 'possibly');
  const isOver = rule.endsAt !== undefined && at.today >= dayAt(at.birthDate, rule.endsAt);
  const reached = rule.doses.filter(({ from }) => dayAt(at.birthDate, from) <= at.today).length;
  const isObligatory = rule.obligatoryFrom !== undefined && at.birthDate >= rule.obligatoryFrom;
  return rule.doses.flatMap((dose, place): PlannedDose[] => {
    const [got, before] = [sure[place] ?? null, place === 0 ? null : (sure[place - 1] ?? null)];
    const planned = { rule: rule.key, rank: place + 1, target: rule.target, isObligatory, age: dose.from };
    if (got !== null) return [{ ...planned, status: 'done', from: null, given: got.text }];
    // An appointment that a later one has taken the place of is nobody's to make up for.
    if (rule.kind === 'appointments' && place < reached - 1) return [];
    // Nor is the one after the next worth a line.
    if (rule.kind === 'appointments' && place > reached) return [];
    if (isOver) return [{ ...planned, status: 'over', from: null, given: null }];
    const isReached = at.today >= dayAt(at.birthDate, dose.counts ?? dose.from);
    if (isReached && possible[place] !== null) return [{ ...planned, status: 'unknown', from: null, given: null }];
    const from = firstDay(dose, before, at);
    const isWaiting = rule.kind === 'series' && place > 0 && before === null;
    const status = statusOf(dose, isWaiting ? null : from, at);
    if (status !== 'later' && isMaybe(rule, at)) return [{ ...planned, status: 'unknown', from: null, given: null }];
    return [{ ...planned, status, from, given: null }];
  });
}

/**
 * Which given dose is which scheduled one. `surely` counts a dose only if it counts whatever day it was given on;
 * `possibly` if some day would do: where both agree nothing is guessed.
 */
function allocate(rule: VaccinationRule, at: Moment, how: 'surely' | 'possibly'): (Given | null)[] {
  const own = at.given
    .filter(({ targets, span }) => targets.includes(rule.target) && (span !== null || how === 'possibly'))
    .sort((left, right) => ((left.span?.first ?? '') < (right.span?.first ?? '') ? -1 : 1));
  const starts = rule.doses.map(({ from, counts }) => dayAt(at.birthDate, counts ?? from));
  if (rule.kind === 'appointments')
    return starts.map((start, place) => own.find((dose) => isWithin(dose, start, starts[place + 1], how)) ?? null);
  const end = rule.countsUntil === undefined || how === 'possibly' ? undefined : dayAt(at.birthDate, rule.countsUntil);
  const left = new Set(own);
  let open = '';
  return starts.map((start) => {
    const found = [...left].find((dose) => isWithin(dose, latest(start, open), end, how));
    if (found === undefined) return null;
    left.delete(found);
    if (found.span !== null) open = dayAfter(how === 'surely' ? found.span.last : found.span.first, shortestInterval);
    return found;
  });
}

/** From `start` on, and before `end`: on every day that it may have been given on, or on one of them. */
function isWithin({ span }: Given, start: string, end: string | undefined, how: 'surely' | 'possibly'): boolean {
  if (span === null) return how === 'possibly';
  const [first, last] = how === 'surely' ? [span.first, span.last] : [span.last, span.first];
  return first >= start && (end === undefined || last < end);
}

function isMaybe({ maybe }: VaccinationRule, { birthDate, given }: Moment): boolean {
  if (maybe === undefined) return false;
  return given.some(
    ({ targets, span }) =>
      targets.includes(maybe.target) && (span === null || span.last >= dayAt(birthDate, maybe.from)),
  );
}

function firstDay(dose: ScheduledDose, before: Given | null, { birthDate }: Moment): string {
  const byAge = dayAt(birthDate, dose.from);
  if (dose.after === undefined || before === null || before.span === null) return byAge;
  return latest(byAge, dayAfter(before.span.last, dose.after));
}

/** `from` is null while the dose before it is still to be given. */
function statusOf(dose: ScheduledDose, from: string | null, { birthDate, today }: Moment): DoseStatus {
  if (from === null || today < from) return 'later';
  if (dose.to === undefined) return 'due';
  const byAge = dayAt(birthDate, dose.to);
  const byInterval = dayAfter(from, { months: 1 });
  if (today < byAge || today < byInterval) return 'due';
  const isAdult = today >= dayAt(birthDate, adultAge);
  return isAdult && byAge <= dayAt(birthDate, adultAge) ? 'check' : 'late';
}

/** One dose a winter: of the season that runs, or of the next one. */
function seasonalDose(rule: SeasonalRule, season: VaccinationSchedule['season'], at: Moment): PlannedDose[] {
  const { birthDate, today, given } = at;
  const [year = 0, month = 0] = today.split('-').map(Number);
  const start = month >= season.counts ? year : year - 1;
  const counts = `${start}-${two(season.counts)}-01`;
  const opens = `${start}-${two(season.from)}-01`;
  const closes = `${start + 1}-${two(season.to + 1)}-01`;
  const eligible = dayAt(birthDate, rule.from);
  const planned = { rule: rule.key, rank: 1, target: rule.target, isObligatory: false, age: rule.from };
  if (eligible >= closes) return [];
  const own = given.filter(({ targets }) => targets.includes(rule.target));
  const got = own.find(({ span }) => span !== null && span.first >= counts);
  if (got !== undefined) return [{ ...planned, status: 'done', from: null, given: got.text }];
  if (own.some(({ span }) => span === null || span.last >= counts))
    return [{ ...planned, status: 'unknown', from: null, given: null }];
  const next = `${start + 1}-${two(season.from)}-01`;
  const from = today >= closes ? next : latest(eligible, opens);
  return [{ ...planned, status: today >= from ? 'due' : 'later', from, given: null }];
}

/** The days between which a dose was given; null when it says none. */
function spanOf(immunization: Fields): Given['span'] {
  const day = dayOf(textAt(immunization, 'occurrenceDateTime'));
  const [year, month, date] = day.split('-');
  if (!year) return null;
  if (month === undefined) return { first: `${year}-01-01`, last: `${year}-12-31` };
  if (date !== undefined) return { first: day, last: day };
  const length = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return { first: `${day}-01`, last: `${day}-${length}` };
}

/** The day on which somebody born on `birthDate` reaches an age. */
export function dayAt(birthDate: string, age: Age): string {
  return dayAfter(birthDate, age);
}

/** A month after 31 January is the last day of February: nobody waits for a day that does not exist. */
function dayAfter(day: string, { years = 0, months = 0, weeks = 0 }: Age): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const count = month - 1 + months + years * 12;
  const length = new Date(Date.UTC(year, count + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, count, Math.min(date, length) + weeks * 7)).toISOString().slice(0, 10);
}

const latest = (...days: readonly string[]): string => days.toSorted().at(-1) ?? '';

const two = (count: number): string => String(count).padStart(2, '0');
