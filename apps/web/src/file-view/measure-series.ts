import { measureTypes } from '@serment/records/measures/measure-types';
import { convertUnit, unitName } from '@serment/records/measures/units';
import {
  codesOf,
  conceptText,
  elementAt,
  type Fields,
  isFields,
  itemsAt,
  quantityText,
  textAt,
} from '@serment/records/page/element-text';
import type { SaveState } from '@serment/replica/patient-file';
import type { Language } from '../i18n/language.ts';
import { observationValue, type Read, type ReadingContext, type ShownVersions } from './reading.ts';

/** One measure over time: all its values are in one unit, or were converted to it. */
export interface MeasureSeries {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly isLaboratory: boolean;
  /** Of the same measure in a unit that is not converted to this one's, another series stands beside. */
  readonly isOtherUnit: boolean;
  /** Two for a blood pressure, else one; each oldest first. */
  readonly lines: readonly MeasureLine[];
  /** The reference range that came with the last result. */
  readonly band: { readonly low: number | null; readonly high: number | null } | null;
  /** Newest first. */
  readonly rows: readonly MeasureRow[];
}

export interface MeasureLine {
  /** '' where there is one. */
  readonly label: string;
  readonly points: readonly { readonly when: string; readonly value: number }[];
}

export interface MeasureRow extends ShownVersions {
  readonly when: string;
  readonly value: string;
  /** Of the source's interpretation. */
  readonly flag: 'high' | 'low' | 'abnormal' | null;
  /** The reference range, in words; '' when none came. */
  readonly range: string;
  readonly author: string;
  readonly state: SaveState;
  /** False for what is words, or only a bound: it stands in the table alone. */
  readonly isDrawn: boolean;
}

interface Value {
  readonly read: Read;
  readonly unit: string;
  readonly shownUnit: string;
  /** One number, or two for a blood pressure; null for words and bounds. */
  readonly numbers: readonly number[] | null;
  readonly band: { readonly low: number | null; readonly high: number | null } | null;
}

const pressures = ['8480-6', '8462-4'];
const order = new Map<string, number>(Object.values(measureTypes).map(({ loinc }, place) => [loinc, place]));

/**
 * Every measure and laboratory value of a file, by code and unit: what is taken by hand first, then the laboratory's.
 */
export function measureSeries(reads: readonly Read[], context: ReadingContext): MeasureSeries[] {
  const byCode = Map.groupBy(
    reads.filter((read) => read.day !== '' && observationValue(read.resource, context.language) !== ''),
    (read) => codeOf(read.resource),
  );
  const series = [...byCode].flatMap(([code, own]) => seriesOfCode(code, own, context));
  const rank = ({ key, isLaboratory }: MeasureSeries) =>
    (isLaboratory ? 1000 : 0) + (order.get(key.split(' ')[0] ?? '') ?? 500);
  return series.sort((left, right) =>
    left.isLaboratory && right.isLaboratory
      ? left.label.localeCompare(right.label, context.language)
      : rank(left) - rank(right),
  );
}

function seriesOfCode(code: string, reads: readonly Read[], context: ReadingContext): MeasureSeries[] {
  const values = reads.map(readValue).sort(oldestFirst);
  // The unit of the last figure is the axis; what cannot be converted to it has an axis of its own. Words go with the
  // first.
  const axes: { unit: string; values: Value[] }[] = [];
  const figures = values.filter(({ numbers }) => numbers !== null).reverse();
  for (const value of [...figures, ...values.filter(({ numbers }) => numbers === null)]) {
    const axis = axes.find(({ unit }) => value.numbers === null || convertUnit(1, value.unit, unit) !== null);
    if (axis === undefined) axes.push({ unit: value.unit, values: [value] });
    else axis.values.push(value);
  }
  for (const { values: own } of axes) own.sort(oldestFirst);
  return axes.map(({ unit, values: own }, place) => ({
    ...seriesOf(unit, own, context),
    ...{ key: place === 0 ? code : `${code} ${unit}`, isOtherUnit: place > 0 },
  }));
}

function seriesOf(unit: string, values: readonly Value[], context: ReadingContext) {
  const last = values.at(-1);
  const drawn = values.flatMap(({ read, unit: from, numbers }) => {
    const converted = numbers?.map((number) => convertUnit(number, from, unit)) ?? [];
    return converted.length === 0 || converted.some((number) => number === null)
      ? []
      : [{ when: read.when, numbers: converted.map(Number) }];
  });
  const count = Math.max(0, ...drawn.map(({ numbers }) => numbers.length));
  const lines = Array.from({ length: count }, (_, place) => ({
    label: count === 2 ? (pressures[place] ?? '') : '',
    points: drawn.flatMap(({ when, numbers }) => {
      const value = numbers[place];
      return value === undefined ? [] : [{ when, value }];
    }),
  }));
  return {
    label: last === undefined ? '' : conceptText(elementAt(last.read.resource, 'code')),
    unit: values.findLast((value) => value.unit === unit)?.shownUnit ?? '',
    isLaboratory: values.some(({ read }) => isLaboratory(read.resource)),
    lines,
    band: bandIn(
      unit,
      values.findLast(({ band }) => band !== null),
    ),
    rows: values.map((value) => rowOf(value, context)).reverse(),
  };
}

function oldestFirst(left: Value, right: Value): number {
  if (left.read.when === right.read.when) return 0;
  return left.read.when < right.read.when ? -1 : 1;
}

function bandIn(unit: string, value: Value | undefined): MeasureSeries['band'] {
  if (value?.band == null) return null;
  const convert = (number: number | null) => (number === null ? null : convertUnit(number, value.unit, unit));
  const [low, high] = [convert(value.band.low), convert(value.band.high)];
  return low === null && high === null ? null : { low, high };
}

function rowOf({ read, numbers }: Value, { language, nameOf }: ReadingContext): MeasureRow {
  const { resource, record } = read;
  return {
    recordId: read.id,
    versions: record.versions.map(({ version }) => version),
    when: read.when,
    value: observationValue(resource, language),
    flag: flagOf(resource),
    range: rangeText(resource, language),
    author:
      itemsAt(resource, 'performer')
        .map(nameOf)
        .find((name) => name !== '') ?? '',
    state: record.state,
    isDrawn: numbers !== null,
  };
}

function readValue(read: Read): Value {
  const { resource } = read;
  const parts = itemsAt(resource, 'component').filter(isFields);
  const found = pressures.map((code) => parts.find((part) => codesOf(elementAt(part, 'code')).includes(code)));
  const holders = found.every((part) => part !== undefined) ? found : [resource];
  const [first] = holders;
  const numbers = holders.map((holder) => numberAt(holder, 'valueQuantity'));
  const shownUnit = textAt(first, 'valueQuantity.unit') || textAt(first, 'valueQuantity.code');
  const low = numberAt(resource, 'referenceRange.low');
  const high = numberAt(resource, 'referenceRange.high');
  const unit = unitName(textAt(first, 'valueQuantity.code'), textAt(first, 'valueQuantity.unit'));
  const isSameUnit = ['low', 'high'].every((side) => {
    const quantity = elementAt(resource, `referenceRange.${side}`);
    const own = unitName(textAt(quantity, 'code'), textAt(quantity, 'unit'));
    return own === '' || own === unit;
  });
  return {
    ...{ read, unit, shownUnit: shownUnit.replace(/[{}]/g, '') },
    numbers: numbers.some((number) => number === null) ? null : numbers.map(Number),
    band: isSameUnit && (low !== null || high !== null) ? { low, high } : null,
  };
}

/** Null for what is no number, and for one that says only that the value lies beyond it. */
function numberAt(holder: unknown, path: string): number | null {
  const text = textAt(holder, `${path}.value`);
  if (text === '' || textAt(holder, `${path}.comparator`) !== '') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The LOINC code, else any, else the words. */
function codeOf(resource: Fields): string {
  const codings = itemsAt(elementAt(resource, 'code'), 'coding');
  const loinc = codings.find((coding) => textAt(coding, 'system') === 'http://loinc.org');
  return textAt(loinc ?? codings[0], 'code') || conceptText(elementAt(resource, 'code'));
}

function isLaboratory(resource: Fields): boolean {
  return itemsAt(resource, 'category').some((category) => codesOf(category).includes('laboratory'));
}

function flagOf(resource: Fields): MeasureRow['flag'] {
  const codes = itemsAt(resource, 'interpretation').flatMap((one) => [...codesOf(one)]);
  if (codes.some((code) => /^H{1,2}U?$/.test(code))) return 'high';
  if (codes.some((code) => /^L{1,2}U?$/.test(code))) return 'low';
  return codes.some((code) => /^A{1,2}$/.test(code)) ? 'abnormal' : null;
}

function rangeText(resource: Fields, language: Language): string {
  const own = textAt(resource, 'referenceRange.text');
  if (own !== '') return own;
  const side = (name: string) => {
    const quantity = elementAt(resource, `referenceRange.${name}`);
    return isFields(quantity) ? quantityText({ value: quantity.value }, language) : '';
  };
  const [low, high] = [side('low'), side('high')];
  if (low !== '' && high !== '') return `${low} – ${high}`;
  if (low !== '') return `≥\u00a0${low}`;
  return high === '' ? '' : `≤\u00a0${high}`;
}
