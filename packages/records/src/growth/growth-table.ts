import { tableInvalid, tableText } from '../tables/table-text.ts';

/**
 * What the WHO child growth standards of 2006 say for an age: weight, length or height, head circumference, body mass
 * index.
 */
export const growthIndicators = ['weight', 'length', 'head', 'bmi'] as const;
export type GrowthIndicator = (typeof growthIndicators)[number];

export type GrowthSex = 'male' | 'female';

/** Box-Cox power, median and coefficient of variation of one age. */
export interface Lms {
  readonly l: number;
  readonly m: number;
  readonly s: number;
}

/** One indicator, by age in days from 0, for each sex. */
export interface GrowthTable {
  readonly indicator: GrowthIndicator;
  readonly male: readonly Lms[];
  readonly female: readonly Lms[];
}

/** Last day of the WHO's tables, in days from birth: 60 months of 30.4375 days. */
export const lastGrowthDay = 1826;
/** From this day on a child is measured standing (WHO igrowup): 24 months of 30.4375 days. */
export const standingFromDay = 731;

const sexes: readonly GrowthSex[] = ['male', 'female'];
const columns = ['sex', 'age', 'l', 'm', 's'];

/**
 * Bounds that the median of a newborn of each indicator lies in, in kg, kg/m² and cm, and that of no other: a file
 * says by its figures what it is of, whatever it is called.
 */
const mediansAtBirth: readonly (readonly [GrowthIndicator, least: number, most: number])[] = [
  ['weight', 2, 5],
  ['bmi', 11, 16],
  ['head', 30, 38],
  ['length', 45, 55],
];

/**
 * One of the WHO's text files `weianthro.txt`, `lenanthro.txt`, `hcanthro.txt` and `bmianthro.txt`: a line of column
 * names, then sex (1 boys, 2 girls), age in days, l, m, s and, of those that concern height, how it was measured (L
 * lying, H standing), all separated by tabs. Throws TABLE_INVALID with the reason and the line, TEXT_FOREIGN,
 * TEXT_UTF16, TEXT_UNREADABLE.
 */
export function parseGrowthTable(bytes: Uint8Array): GrowthTable {
  const [head = '', ...lines] = linesOf(tableText(bytes));
  const names = head.toLowerCase().split('\t');
  const hasPosture = names.length === columns.length + 1 && names.at(-1) === 'loh';
  if (!(columns.every((name, place) => names[place] === name) && (hasPosture || names.length === columns.length)))
    throw tableInvalid('columns', 1);
  const bySex: Record<GrowthSex, Lms[]> = { male: [], female: [] };
  for (const [place, line] of lines.entries()) {
    const { sex, lms } = readLine(line, { number: place + 2, hasPosture, known: bySex });
    bySex[sex].push(lms);
  }
  const { male, female } = bySex;
  const cut = sexes.find((sex) => bySex[sex].length !== lastGrowthDay + 1);
  if (cut !== undefined) throw tableInvalid('incomplete', lines.length + 1);
  const indicator = indicatorOf(male[0], female[0]);
  const needsPosture = indicator === 'length' || indicator === 'bmi';
  if (needsPosture !== hasPosture) throw tableInvalid('columns', 1);
  return { indicator, male, female };
}

interface LinePlace {
  /** From 1. */
  readonly number: number;
  readonly hasPosture: boolean;
  readonly known: Readonly<Record<GrowthSex, readonly Lms[]>>;
}

function readLine(line: string, { number, hasPosture, known }: LinePlace): { sex: GrowthSex; lms: Lms } {
  const cells = line.split('\t');
  if (cells.length !== columns.length + (hasPosture ? 1 : 0)) throw tableInvalid('columns', number);
  const [code = '', day = '', l = '', m = '', s = '', posture] = cells.map((cell) => cell.trim());
  const sex = code === '1' ? 'male' : code === '2' ? 'female' : null;
  if (sex === null) throw tableInvalid('sex', number);
  if (sex === 'male' && known.female.length > 0) throw tableInvalid('order', number);
  const age = known[sex].length;
  if (!/^\d{1,4}$/.test(day)) throw tableInvalid('number', number);
  if (Number(day) !== age) throw tableInvalid(Number(day) > age ? 'missing-day' : 'order', number);
  const expected = age < standingFromDay ? 'L' : 'H';
  if (hasPosture && posture?.toUpperCase() !== expected) throw tableInvalid('posture', number);
  const lms = { l: decimal(l, number), m: decimal(m, number), s: decimal(s, number) };
  if (lms.m <= 0 || lms.s <= 0 || lms.s >= 1 || Math.abs(lms.l) > 5) throw tableInvalid('range', number);
  return { sex, lms };
}

function decimal(text: string, line: number): number {
  if (!/^-?\d{1,4}(?:\.\d{1,8})?$/.test(text)) throw tableInvalid('number', line);
  return Number(text);
}

function indicatorOf(male: Lms | undefined, female: Lms | undefined): GrowthIndicator {
  const found = mediansAtBirth.find(([, least, most]) =>
    [male, female].every((lms) => lms !== undefined && lms.m >= least && lms.m <= most),
  );
  if (found === undefined) throw tableInvalid('indicator', 2);
  return found[0];
}

/** Without the empty ones at the end. */
function linesOf(text: string): string[] {
  return text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
}
