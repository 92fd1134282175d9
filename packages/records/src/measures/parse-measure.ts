import { RecordsError } from '../error.ts';
import { type MeasureKind, measureTypes, plausibleDiastolic } from './measure-types.ts';

export interface TypedMeasure {
  /** In the unit of its kind; of a blood pressure, the systolic one. */
  readonly value: number;
  /** Of a blood pressure, the diastolic one. */
  readonly second?: number;
  /** False for what is probably a slip of the keyboard: to say, never to refuse. */
  readonly plausible: boolean;
}

const longestInput = 40;
const numberForm = String.raw`(\d{1,4}(?:[.,]\d{1,3})?)`;
const oneForm = new RegExp(`^${numberForm}\\s*(\\D.*)?$`);
const pairForm = new RegExp(`^${numberForm}\\s*(?:[/\\\\\\-–]|sur|\\s)\\s*${numberForm}\\s*(\\D.*)?$`);
/** `38°5` and `1m66`: the sign stands where the comma would. */
const signForms: Readonly<Record<string, RegExp>> = {
  temperature: /^(\d{2})\s*°\s*(\d)$/,
  height: /^([12])\s*m\s*(\d{2})$/,
  standingHeight: /^([01])\s*m\s*(\d{2})$/,
};

/**
 * Other units that a hand writes, and by how much they are multiplied to give the unit of the kind. Exact conversions
 * only.
 */
const otherUnits: Partial<Readonly<Record<MeasureKind, Readonly<Record<string, number>>>>> = {
  weight: { g: 0.001 },
  height: { m: 100 },
  length: { m: 100 },
  standingHeight: { m: 100 },
  bloodPressure: { cmhg: 10 },
  pulse: { bpm: 1, '/mn': 1 },
  respiratoryRate: { '/mn': 1 },
  temperature: { '°': 1, c: 1 },
  capillaryGlucose: { 'mg/dl': 0.01 },
};

/**
 * What a hand typed for one measure: `68,4`, `68.4 kg`, `3450 g`, `1m66`, `38°5`, `128/76`. A blood pressure under 30
 * is in centimetres of mercury (`12/8`), a height under 3 in metres (`1,66`): nobody has the other one. Throws
 * MEASURE_UNREADABLE, with the reason: `empty`, `number` or `unit`.
 */
export function parseMeasure(kind: MeasureKind, text: string): TypedMeasure {
  const typed = text
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()
    .toLowerCase();
  if (typed === '') throw unreadable(kind, 'empty');
  if (typed.length > longestInput) throw unreadable(kind, 'number');
  if (kind === 'bloodPressure') return pressure(typed);
  const value = heightInCm(kind, single(kind, typed));
  return { value, plausible: isWithin(value, measureTypes[kind].plausible) };
}

function single(kind: MeasureKind, typed: string): number {
  const signed = signForms[kind]?.exec(typed);
  if (signed !== null && signed !== undefined) {
    const [, whole = '', part = ''] = signed;
    return Number(kind === 'temperature' ? `${whole}.${part}` : `${whole}${part}`);
  }
  const [, number, unit = ''] = oneForm.exec(typed) ?? [];
  if (number === undefined) throw unreadable(kind, 'number');
  return exact(numberOf(number) * factorOf(kind, unit));
}

function pressure(typed: string): TypedMeasure {
  const kind = 'bloodPressure';
  const [, first, last, unit = ''] = pairForm.exec(typed) ?? [];
  if (first === undefined || last === undefined) throw unreadable(kind, 'number');
  const systolic = numberOf(first);
  const factor = unit === '' && systolic < 30 ? 10 : factorOf(kind, unit);
  const value = exact(systolic * factor);
  const second = exact(numberOf(last) * factor);
  const plausible = isWithin(value, measureTypes[kind].plausible) && isWithin(second, plausibleDiastolic);
  return { value, second, plausible: plausible && second < value };
}

/** `1,66` of somebody's height: no one is smaller than 3 cm. */
function heightInCm(kind: MeasureKind, value: number): number {
  return (kind === 'height' || kind === 'standingHeight') && value > 0 && value < 3 ? exact(value * 100) : value;
}

function factorOf(kind: MeasureKind, written: string): number {
  const unit = plain(written);
  const { unit: shown, ucum } = measureTypes[kind];
  if (unit === '' || unit === plain(shown) || unit === plain(ucum)) return 1;
  const factor = otherUnits[kind]?.[unit];
  if (factor === undefined) throw unreadable(kind, 'unit');
  return factor;
}

function plain(unit: string): string {
  return unit.toLowerCase().replace(/\s/g, '').replace('²', '2');
}

function numberOf(text: string): number {
  return Number(text.replace(',', '.'));
}

/** 68.4 × 0.001 is 0.0684, not what binary fractions make of it. */
function exact(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function isWithin(value: number, range: readonly [number, number] | null): boolean {
  return range === null || (value >= range[0] && value <= range[1]);
}

function unreadable(kind: MeasureKind, reason: 'empty' | 'number' | 'unit'): RecordsError {
  return new RecordsError('MEASURE_UNREADABLE', 'What was typed is no value of this measure', {
    fields: { kind, reason },
  });
}
