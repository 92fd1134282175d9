import type { Term } from '@serment/replica/members';
import { parseBirthDate } from '../patients/birth-date.ts';

/** The first and the last day on which a member may act, as they are typed; empty for no limit. */
export interface TermForm {
  readonly from: string;
  readonly until: string;
}

export type TermProblem = 'dayInvalid' | 'dayPast' | 'dayOrder';
export type TermProblems = Partial<Record<keyof TermForm, TermProblem>>;

export const emptyTermForm: TermForm = { from: '', until: '' };

/** What keeps the form from being a term, by field. `nowMs`: an access that has ended already is no access. */
export function termProblems(form: TermForm, nowMs: number): TermProblems {
  const from = midnight(form.from, 0);
  const until = midnight(form.until, 1);
  if (from === undefined) return { from: 'dayInvalid' };
  if (until === undefined) return { until: 'dayInvalid' };
  if (until !== null && until <= nowMs) return { until: 'dayPast' };
  return from !== null && until !== null && from >= until ? { until: 'dayOrder' } : {};
}

/** The form as a term, from midnight to midnight where this device is. Call it once `termProblems` is empty. */
export function formTerm(form: TermForm): Term | null {
  const from = midnight(form.from, 0) ?? null;
  const until = midnight(form.until, 1) ?? null;
  return from === null && until === null ? null : { from, until };
}

/** A term as it is typed. */
export function termForm(term: Term | null): TermForm {
  // The end is excluded: the last day is the one before it.
  return { from: dayOf(term?.from ?? null), until: dayOf(term?.until == null ? null : term.until - 1) };
}

/** Local midnight that begins the typed day, or the one after it; null for an empty field, undefined for no such day. */
function midnight(typed: string, daysLater: number): number | null | undefined {
  if (typed.trim() === '') return null;
  const iso = parseBirthDate(typed);
  if (iso === null) return undefined;
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  const ms = new Date(year, month - 1, day + daysLater).getTime();
  return ms >= 0 ? ms : undefined;
}

function dayOf(ms: number | null): string {
  if (ms === null) return '';
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`;
}
