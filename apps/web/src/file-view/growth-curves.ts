import { type GrowthSex, type GrowthTable, lastGrowthDay, standingFromDay } from '@serment/records/growth/growth-table';
import { centileZ, valueAtZ } from '@serment/records/growth/z-score';

/** One line of a growth chart; a new stroke begins where the table passes from lying to standing. */
export interface GrowthLine {
  /** `15`, `−2`. */
  readonly label: string;
  readonly isMedian: boolean;
  readonly strokes: readonly (readonly (readonly [day: number, value: number])[])[];
}

export interface GrowthCurves {
  readonly centiles: readonly GrowthLine[];
  readonly deviations: readonly GrowthLine[];
}

const deviations = [-3, -2, -1, 0, 1, 2, 3];
const stepDays = 14;
const firstYear = 365;

/** The lines that a chart draws, of one sex. */
export function growthCurves(table: GrowthTable, sex: GrowthSex): GrowthCurves {
  const line = (z: number, label: string): GrowthLine => ({
    ...{ label, isMedian: z === 0 },
    strokes: strokesOf(table).map((days) =>
      days.flatMap((day) => {
        const lms = table[sex][day];
        return lms === undefined ? [] : [[day, round(valueAtZ(table.indicator, lms, z))] as const];
      }),
    ),
  });
  return {
    centiles: centileZ.map(([centile, z]) => line(z, String(centile))),
    deviations: deviations.map((z) => line(z, z > 0 ? `+${z}` : String(z).replace('-', '−'))),
  };
}

function strokesOf({ indicator }: GrowthTable): number[][] {
  const isHeight = indicator === 'length' || indicator === 'bmi';
  if (!isHeight) return [daysBetween(0, lastGrowthDay)];
  return [daysBetween(0, standingFromDay - 1), daysBetween(standingFromDay, lastGrowthDay)];
}

/** Close in the first weeks, when a child grows fast; the end of the first year is one, where a chart may end. */
function daysBetween(from: number, to: number): number[] {
  const days: number[] = [];
  for (let day = from; day < to; day += day < 90 ? 3 : stepDays) days.push(day);
  const year = firstYear > from && firstYear < to ? [firstYear] : [];
  return [...new Set([...days, ...year, to])].sort((left, right) => left - right);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
