import { type MeasureKind, roundMeasure } from '../measures/measure-types.ts';
import { ageYears, type Day } from './calendar.ts';
import type { Measure } from './course.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/** A body whose measures follow one another: each is a base, a slow trend over the years and the noise of the day. */
export interface Physiology {
  readonly heightCm: number;
  measure(kind: MeasureKind, day: Day): Measure;
  pressure(day: Day): Measure;
}

interface Course {
  readonly base: number;
  readonly perYear: number;
  readonly noise: number;
  readonly least: number;
  readonly most: number;
}

/** An adult body; children grow in childhood.ts. */
export function adultPhysiology(person: Person, random: Random, today: Day): Physiology {
  const age = ageYears(person.birth, today);
  const female = person.sex === 'female';
  const height = Math.round((female ? 163.5 : 176.5) - Math.max(0, age - 45) * 0.11 + random.bell() * 6.3);
  const bmi = Math.max(17.5, 22.4 + Math.min(age, 60) * 0.055 + random.bell() * 3.6 + (random.chance(0.12) ? 5 : 0));
  const weight = (bmi * height * height) / 10000;
  const systolic = 114 + Math.max(0, age - 25) * 0.33 + random.bell() * 7;
  const kidney = Math.max(28, 118 - age * 0.72 + random.bell() * 9);
  const trend = (base: number, perYear: number, noise: number, [least, most]: readonly [number, number]): Course => ({
    base,
    perYear,
    noise,
    least,
    most,
  });
  const courses: Partial<Record<MeasureKind, Course>> = {
    weight: trend(weight, random.bell() * 0.7 + (age > 78 ? -0.5 : 0.2), 0.6, [34, 190]),
    pulse: trend(72 + random.bell() * 6, 0, 4, [46, 118]),
    saturation: trend(97.4, 0, 0.8, [91, 100]),
    peakFlow: trend(female ? 400 : 520, -4, 18, [140, 690]),
    hba1c: trend(7 + random.bell() * 0.45, random.bell() * 0.22, 0.16, [5.6, 11.5]),
    glucose: trend(7.2 + random.bell() * 0.7, 0.1, 0.5, [4.4, 14]),
    creatinine: trend(((female ? 62 : 79) * 96) / Math.max(35, kidney + 12), 0.8, 3, [42, 260]),
    gfr: trend(kidney, -0.8, 2, [18, 125]),
    potassium: trend(4.3, 0, 0.2, [3.4, 5.4]),
    ldl: trend(1.05 + random.bell() * 0.22, -0.04, 0.08, [0.38, 2.4]),
    tsh: trend(2.1 + random.bell() * 0.6, 0, 0.5, [0.12, 8.9]),
    hemoglobin: trend((female ? 13.1 : 14.5) - Math.max(0, age - 70) * 0.04, 0, 0.35, [8.6, 17]),
    ferritin: trend(female && age < 50 ? 32 : 110, 0, 9, [6, 420]),
    crp: trend(2.5, 0, 2, [1, 12]),
    psa: trend(0.9 + Math.max(0, age - 50) * 0.05, 0.12, 0.2, [0.2, 9.5]),
    uricAcid: trend(345, 0, 25, [190, 620]),
    mmse: trend(22 + random.bell() * 2, -1.4, 0.8, [6, 30]),
    phq9: trend(9, -1.5, 2.2, [0, 27]),
  };
  // Noise comes from the day, not from the order of calls: two chapters that measure on one day agree.
  const measure = (kind: MeasureKind, day: Day): Measure => {
    const course = courses[kind];
    if (course === undefined) throw new RangeError(`no course for the measure ${kind}`);
    const years = (day - today) / 365.25;
    const value =
      course.base +
      course.perYear * years +
      course.noise * dayNoise(day, kind.length * 31 + kind.charCodeAt(0), height);
    return { kind, value: roundMeasure(kind, Math.max(course.least, Math.min(course.most, value))) };
  };
  return {
    heightCm: height,
    measure,
    pressure: (day) => {
      const value = Math.round(systolic + 6 * dayNoise(day, 7, height));
      return { kind: 'bloodPressure', value, second: Math.round(value * 0.47 + 15 + 4 * dayNoise(day, 11, height)) };
    },
  };
}

function dayNoise(day: Day, salt: number, body: number): number {
  let z = Math.imul(day ^ Math.imul(salt + body * 131, 0x9e3779b1), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (((z ^ (z >>> 16)) >>> 0) / 0x8000_0000 - 1) * 1.4;
}
