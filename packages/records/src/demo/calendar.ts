/** Days are counted from 1970-01-01 so that invented lives are plain arithmetic. */
export type Day = number;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const pad = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** The day of an ISO date 'YYYY-MM-DD'. Throws a RangeError when it is not a real date. */
export function parseDay(iso: string): Day {
  const match = DATE.exec(iso);
  if (match === null) throw new RangeError('a date is written YYYY-MM-DD');
  const day = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  if (isoDate(day) !== iso) throw new RangeError('no such date in the calendar');
  return day;
}

/** The day of a civil date in the Gregorian calendar. */
export function dayOf(year: number, month: number, date: number): Day {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

export function civil(day: Day): CivilDate {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

export function isoDate(day: Day): string {
  const { year, month, date } = civil(day);
  return `${year}-${pad(month)}-${pad(date)}`;
}

/** The French writing of a day, 23/11/2026. */
export function frenchDate(day: Day): string {
  const { year, month, date } = civil(day);
  return `${pad(date)}/${pad(month)}/${year}`;
}

/** An instant in French legal time, with its offset: the European rule changes it on the last Sundays of March and October. */
export function isoInstant(day: Day, minute: number): string {
  const year = civil(day).year;
  const summer = day >= lastSunday(year, 3) && day < lastSunday(year, 10);
  return `${isoDate(day)}T${pad(Math.floor(minute / 60))}:${pad(minute % 60)}:00+0${summer ? 2 : 1}:00`;
}

/** 0 is Monday, 6 is Sunday. */
export function weekday(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The same date `months` later, or the last day of that month. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, date } = civil(day);
  const index = year * 12 + month - 1 + months;
  const first = dayOf(Math.floor(index / 12), (((index % 12) + 12) % 12) + 1, 1);
  const next = dayOf(Math.floor((index + 1) / 12), ((((index + 1) % 12) + 12) % 12) + 1, 1);
  return Math.min(first + date - 1, next - 1);
}

/** Completed years between birth and `day`. */
export function ageYears(birth: Day, day: Day): number {
  const born = civil(birth);
  const now = civil(day);
  const before = now.month < born.month || (now.month === born.month && now.date < born.date);
  return now.year - born.year - (before ? 1 : 0);
}

/** Completed months between birth and `day`. */
export function ageMonths(birth: Day, day: Day): number {
  const born = civil(birth);
  const now = civil(day);
  return (now.year - born.year) * 12 + now.month - born.month - (now.date < born.date ? 1 : 0);
}

/** The nearest day, on or after, on which the practice is open (Monday to Saturday). */
export function openDay(day: Day): Day {
  return weekday(day) === 6 ? day + 1 : day;
}

function lastSunday(year: number, month: number): Day {
  const last = dayOf(year, month, 31);
  return last - ((weekday(last) + 1) % 7);
}
