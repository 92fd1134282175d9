import type { GrowthIndicator, Lms } from './growth-table.ts';

/**
 * Cole's LMS method, as the WHO Multicentre Growth Reference Study uses it (WHO child growth standards: methods and
 * development, 2006, chapter 7, and the documentation of igrowup): z = ((y/M)^L − 1) / (L·S), and ln(y/M)/S where L
 * is 0. Of what rests on weight, a z-score beyond ±3 is restricted: it goes on from 3 by as many times the distance
 * between 2 and 3 deviations as the value lies beyond, for the power distorts tails that no child of the study was
 * in. Length and head circumference are normal (L = 1), and are not restricted.
 */
export function zScore(indicator: GrowthIndicator, lms: Lms, value: number): number {
  const z = plainZ(lms, value);
  if (!isRestricted(indicator) || Math.abs(z) <= 3) return z;
  const side = Math.sign(z);
  const third = plainValue(lms, side * 3);
  const distance = Math.abs(third - plainValue(lms, side * 2));
  return side * (3 + Math.abs(value - third) / distance);
}

/** The value that has this z-score: what a line of a growth chart is drawn through. */
export function valueAtZ(indicator: GrowthIndicator, lms: Lms, z: number): number {
  if (!isRestricted(indicator) || Math.abs(z) <= 3) return plainValue(lms, z);
  const side = Math.sign(z);
  const third = plainValue(lms, side * 3);
  return third + (third - plainValue(lms, side * 2)) * (Math.abs(z) - 3);
}

/** Share of the reference that lies below a z-score, in hundredths: the normal distribution's. Right to 1e-5. */
export function zToCentile(z: number): number {
  // Abramowitz and Stegun, Handbook of mathematical functions, 26.2.17: |error| < 7.5e-8.
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return 100 * (z > 0 ? 1 - tail : tail);
}

/** z-scores of the centiles that charts show: the normal distribution's quantiles. */
export const centileZ = [
  [3, -1.880794],
  [15, -1.036433],
  [50, 0],
  [85, 1.036433],
  [97, 1.880794],
] as const;

function isRestricted(indicator: GrowthIndicator): boolean {
  return indicator === 'weight' || indicator === 'bmi';
}

function plainZ({ l, m, s }: Lms, value: number): number {
  return l === 0 ? Math.log(value / m) / s : ((value / m) ** l - 1) / (l * s);
}

function plainValue({ l, m, s }: Lms, z: number): number {
  return l === 0 ? m * Math.exp(s * z) : m * (1 + l * s * z) ** (1 / l);
}
