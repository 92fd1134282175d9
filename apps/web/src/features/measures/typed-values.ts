import { CodedError } from '@serment/core/error';
import { type MeasureKind, measureTypes } from '@serment/records/measures/measure-types';
import { parseMeasure, type TypedMeasure } from '@serment/records/measures/parse-measure';
import type { Catalogue } from '../../i18n/catalogue.ts';

/** What a hand types: all that is no laboratory's. */
export type TypedKind = keyof Catalogue['measures']['kind'];

export const typedKinds = (Object.keys(measureTypes) as MeasureKind[]).filter(
  (kind): kind is TypedKind => !measureTypes[kind].laboratory,
);

/** What a hand typed in the sheet: text by kind, as it stands in the draft. */
export type TypedTexts = Partial<Readonly<Record<MeasureKind, string>>>;

export type Reading =
  | { readonly state: 'empty' }
  | { readonly state: 'unreadable'; readonly reason: 'number' | 'unit' }
  | { readonly state: 'read'; readonly measure: TypedMeasure };

export function readTyped(kind: MeasureKind, text: string): Reading {
  try {
    return { state: 'read', measure: parseMeasure(kind, text) };
  } catch (error) {
    if (!(error instanceof CodedError && error.code === 'MEASURE_UNREADABLE')) throw error;
    const { reason } = error.fields;
    if (reason === 'empty') return { state: 'empty' };
    return { state: 'unreadable', reason: reason === 'unit' ? 'unit' : 'number' };
  }
}

/** `128/76 mmHg`, with the decimals that were typed. */
export function measureWords(
  kind: MeasureKind,
  { value, second }: Omit<TypedMeasure, 'plausible'>,
  number: (value: number) => string,
): string {
  const { unit } = measureTypes[kind];
  const figures = [value, ...(second === undefined ? [] : [second])].map(number).join('/');
  return `${figures}\u00a0${unit}`;
}

/** True where the value that was read is not the one that stands there: `1,66` of a height, `12/8` of a pressure. */
export function isReadOtherwise(text: string, { value }: TypedMeasure): boolean {
  return Number(/\d+(?:[.,]\d+)?/.exec(text)?.[0].replace(',', '.')) !== value;
}
