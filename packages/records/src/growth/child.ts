import { bodyMassIndex } from '../measures/body-mass.ts';
import {
  type GrowthIndicator,
  type GrowthSex,
  type GrowthTable,
  lastGrowthDay,
  standingFromDay,
} from './growth-table.ts';
import { zScore, zToCentile } from './z-score.ts';

/** How a length was taken; null where nothing says it. */
export type Posture = 'lying' | 'standing' | null;

/** What was measured on one day; in kg and cm, null for what was not. */
export interface ChildMeasures {
  /** Full date, `2026-11-23`. */
  readonly day: string;
  readonly weightKg: number | null;
  readonly lengthCm: number | null;
  readonly posture: Posture;
  readonly headCm: number | null;
}

/** One value of one indicator, placed in its table. */
export interface GrowthPoint {
  readonly indicator: GrowthIndicator;
  readonly day: string;
  readonly ageDays: number;
  /** As it counts in the table; of a length, adjusted for how it was taken. */
  readonly value: number;
  /** What was added to the measured length, cm: 0, 0.7 or −0.7. */
  readonly adjustedCm: number;
  /** Null where the practice has no such table, or the child is past its last day. */
  readonly z: number | null;
  /** Hundredths; null as `z`. */
  readonly centile: number | null;
}

export type GrowthTables = Partial<Readonly<Record<GrowthIndicator, GrowthTable>>>;

/** How much longer a child is lying than standing (WHO Multicentre Growth Reference Study): 0.7 cm. */
const lyingCm = 0.7;

/** Days between two full dates; null when one is not a full date or the second comes first. */
export function ageInDays(birthDate: string, day: string): number | null {
  const [born, at] = [dayNumber(birthDate), dayNumber(day)];
  return born === null || at === null || at < born ? null : at - born;
}

/**
 * A length as the table has it at that age: lying under 24 months, standing from then on. What was taken the other
 * way is converted by 0.7 cm; where nothing says how it was taken, it was taken as the table has it (WHO igrowup does
 * the same).
 */
export function adjustLength(
  lengthCm: number,
  ageDays: number,
  posture: Posture,
): { value: number; adjustedCm: number } {
  const adjustedCm =
    ageDays < standingFromDay && posture === 'standing'
      ? lyingCm
      : ageDays >= standingFromDay && posture === 'lying'
        ? -lyingCm
        : 0;
  return { value: Math.round((lengthCm + adjustedCm) * 1000) / 1000, adjustedCm };
}

/**
 * What was measured, placed in the tables by age in completed days from birth. The age is not corrected for a birth
 * before term: the tables are of children born at term, and who reads the curve is to know it. An index of mass takes
 * weight and length of one day.
 */
export function growthPoints(
  child: { readonly birthDate: string; readonly sex: GrowthSex },
  measured: readonly ChildMeasures[],
  tables: GrowthTables,
): GrowthPoint[] {
  return measured.flatMap((measures) => {
    const ageDays = ageInDays(child.birthDate, measures.day);
    if (ageDays === null) return [];
    const { weightKg, lengthCm, headCm, posture, day } = measures;
    const length = lengthCm === null ? null : adjustLength(lengthCm, ageDays, posture);
    const bmi = weightKg === null || length === null ? null : bodyMassIndex(weightKg, length.value);
    const values: readonly (readonly [GrowthIndicator, number | null])[] = [
      ['weight', weightKg],
      ['length', length?.value ?? null],
      ['head', headCm],
      ['bmi', bmi],
    ];
    return values.flatMap(([indicator, value]) => {
      if (value === null || value <= 0) return [];
      const lms = ageDays > lastGrowthDay ? undefined : tables[indicator]?.[child.sex][ageDays];
      const z = lms === undefined ? null : zScore(indicator, lms, value);
      const adjustedCm = indicator === 'length' || indicator === 'bmi' ? (length?.adjustedCm ?? 0) : 0;
      return [{ indicator, day, ageDays, value, adjustedCm, z, centile: z === null ? null : zToCentile(z) }];
    });
  });
}

function dayNumber(text: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
}
