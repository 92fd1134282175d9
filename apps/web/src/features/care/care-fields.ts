import type { Language } from '../../i18n/language.ts';
import { parsePartialDate, typedDate } from '../patients/birth-date.ts';

/** What stands in the fields of a form, by their names; a field that is not there is empty. */
export type CareValues = Readonly<Record<string, string>>;

export type CareFieldKind = 'text' | 'date' | 'number' | 'diagnosis' | 'vaccine' | 'choice' | 'document' | 'nir';

export interface CareField {
  readonly name: string;
  readonly kind: CareFieldKind;
  readonly isRequired?: boolean;
  /** Of a choice: its answers, '' first where none needs to be given. */
  readonly options?: readonly string[];
  /** Folded away: most lines do without. */
  readonly isRare?: boolean;
  /** What its answers are called, where they are of no catalogue of words. */
  readonly answers?: (option: string, language: Language) => string;
  /** Only while another field has one of these answers. */
  readonly when?: readonly [name: string, ...answers: string[]];
}

export const rareNote: CareField = { name: 'note', kind: 'text', isRare: true };

/** Whether a field is asked, by what stands in the others. */
export function isAsked({ when }: CareField, values: CareValues): boolean {
  if (when === undefined) return true;
  const [name, ...answers] = when;
  return answers.includes(values[name] ?? '');
}

export function textOf(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

export function shown(date: string | undefined): string {
  return typedDate(date ?? '');
}

export function shownNumber(value: number | undefined): string {
  return value === undefined ? '' : String(value).replace('.', ',');
}

/** A date that nobody touched stays as precise as it was received. */
export function dateOf(text: string | undefined, received: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return text === shown(received) ? received : (parsePartialDate(text) ?? undefined);
}

export function numberOf(text: string): number | undefined {
  return /^\d{1,3}(?:[.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : undefined;
}
