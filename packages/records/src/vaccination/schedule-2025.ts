import type { Target } from './vaccines.ts';

/** A length of life, or of the time between two doses. */
export interface Age {
  readonly years?: number;
  readonly months?: number;
  readonly weeks?: number;
}

/** One dose of a rule. */
export interface ScheduledDose {
  /** The age from which it is due. */
  readonly from: Age;
  /** The age from which it is late; none where it may be given at any time after. */
  readonly to?: Age;
  /** The youngest age at which a dose given counts as this one; `from` unless it is said. */
  readonly counts?: Age;
  /** How long after the dose before it. */
  readonly after?: Age;
}

export interface VaccinationRule {
  /** Unique: the words of the interface are found by it. */
  readonly key: string;
  readonly target: Target;
  readonly doses: readonly ScheduledDose[];
  /** Of people born on that day or later. */
  readonly bornFrom?: string;
  /** Born on that day or later, it is an obligation. */
  readonly obligatoryFrom?: string;
  /** From that age on it is proposed no more. */
  readonly endsAt?: Age;
  /** A dose given from that age on is surely none of these: it is a booster, or another rule's. */
  readonly countsUntil?: Age;
  /** Only while its first dose was given, or would be given, from that age on, or before it. */
  readonly begunFrom?: Age;
  readonly begunBefore?: Age;
  /**
   * Appointments of a life, of which the last one reached takes the place of those before it; a series needs each of its
   * doses.
   */
  readonly kind: 'series' | 'appointments';
  /** A dose of this other target answers in part: a person must look. */
  readonly maybe?: { readonly target: Target; readonly from: Age };
}

/** A vaccine of each winter, from an age on. */
export interface SeasonalRule {
  readonly key: string;
  readonly target: Target;
  readonly from: Age;
}

export interface VaccinationSchedule {
  readonly key: string;
  readonly source: string;
  readonly rules: readonly VaccinationRule[];
  readonly seasonal: readonly SeasonalRule[];
  /** Months, from 1: when the vaccines of a winter are asked for, and from when on a dose counts for it. */
  readonly season: { readonly counts: number; readonly from: number; readonly to: number };
}

const months = (count: number): Age => ({ months: count });
const years = (count: number): Age => ({ years: count });
const dose = (from: Age, to: Age, more: Partial<ScheduledDose> = {}): ScheduledDose => ({ from, to, ...more });

/** The three doses of the first year; a dose counts from six weeks of life on. */
const firstYear = [
  dose(months(2), months(3), { counts: { weeks: 6 } }),
  dose(months(4), months(5), { counts: months(2), after: months(2) }),
  dose(months(11), months(12), { counts: months(6), after: months(6) }),
];

/**
 * "Calendrier des vaccinations et recommandations vaccinales 2025", ministère chargé de la santé: general population,
 * metropolitan France. Obligations: article L. 3111-2 of the public health code, eleven vaccines for those born since
 * 2018-01-01, with meningococci B and ACWY for those born since 2025-01-01. What is left out on purpose is listed in
 * docs/care-lists.md.
 */
export const schedule2025: VaccinationSchedule = {
  key: '2025',
  source: 'Calendrier des vaccinations et recommandations vaccinales 2025, ministère chargé de la santé',
  rules: [
    {
      ...{ key: 'dtp', target: 'diphtheria-tetanus-polio', kind: 'series', doses: firstYear },
      obligatoryFrom: '2018-01-01',
      countsUntil: years(5),
    },
    {
      ...{ key: 'dtpBoosters', target: 'diphtheria-tetanus-polio', kind: 'appointments' },
      doses: [
        dose(years(6), years(7), { counts: years(5) }),
        dose(years(11), years(14), { counts: years(10) }),
        // A booster of the five years before an adult's appointment stands for it.
        ...[25, 45, 65, 75, 85, 95, 105].map((age) => dose(years(age), years(age + 1), { counts: years(age - 5) })),
      ],
    },
    {
      ...{ key: 'pertussis', target: 'pertussis', kind: 'series', doses: firstYear },
      obligatoryFrom: '2018-01-01',
      countsUntil: years(5),
    },
    {
      ...{ key: 'pertussisBoosters', target: 'pertussis', kind: 'appointments' },
      doses: [
        dose(years(6), years(7), { counts: years(5) }),
        dose(years(11), years(14), { counts: years(10) }),
        dose(years(25), years(26), { counts: years(20) }),
      ],
      endsAt: years(40),
    },
    {
      ...{ key: 'haemophilus', target: 'haemophilus', kind: 'series', doses: firstYear },
      obligatoryFrom: '2018-01-01',
      endsAt: years(5),
    },
    {
      ...{ key: 'hepatitisB', target: 'hepatitis-b', kind: 'series', doses: firstYear },
      obligatoryFrom: '2018-01-01',
      endsAt: years(16),
    },
    {
      ...{ key: 'pneumococcusInfant', target: 'pneumococcus', kind: 'series', doses: firstYear },
      obligatoryFrom: '2018-01-01',
      countsUntil: years(5),
      endsAt: years(2),
    },
    {
      ...{ key: 'rotavirus', target: 'rotavirus', kind: 'series' },
      doses: [
        dose(months(2), months(3), { counts: { weeks: 6 } }),
        dose(months(3), months(4), { counts: { weeks: 10 }, after: { weeks: 4 } }),
      ],
      // The shorter of the two limits, 24 weeks for Rotarix and 32 for RotaTeq.
      endsAt: { weeks: 24 },
    },
    {
      ...{ key: 'meningococcusB', target: 'meningococcus-b', kind: 'series' },
      doses: [
        dose(months(3), months(4), { counts: months(2) }),
        dose(months(5), months(6), { counts: months(4), after: months(2) }),
        dose(months(12), months(16), { counts: months(11), after: months(6) }),
      ],
      bornFrom: '2025-01-01',
      obligatoryFrom: '2025-01-01',
      endsAt: years(2),
    },
    {
      ...{ key: 'meningococcusInfant', target: 'meningococcus-acwy', kind: 'series' },
      doses: [
        dose(months(6), months(7), { counts: { weeks: 6 } }),
        dose(months(12), months(16), { counts: months(11), after: months(2) }),
      ],
      bornFrom: '2025-01-01',
      obligatoryFrom: '2025-01-01',
      countsUntil: years(10),
      endsAt: years(2),
    },
    {
      ...{ key: 'meningococcusAdolescent', target: 'meningococcus-acwy', kind: 'series' },
      doses: [dose(years(11), years(15))],
      endsAt: years(25),
    },
    {
      ...{ key: 'measles', target: 'measles-mumps-rubella', kind: 'series' },
      doses: [
        dose(months(12), months(13), { counts: months(12) }),
        dose(months(16), months(19), { counts: months(13), after: months(1) }),
      ],
      bornFrom: '1980-01-01',
      obligatoryFrom: '2018-01-01',
    },
    {
      ...{ key: 'papillomavirus', target: 'papillomavirus', kind: 'series' },
      doses: [
        dose(years(11), years(15), { counts: years(9) }),
        dose(years(11), years(15), { counts: years(9), after: months(6) }),
      ],
      begunBefore: years(15),
      endsAt: years(20),
    },
    {
      ...{ key: 'papillomavirusLate', target: 'papillomavirus', kind: 'series' },
      doses: [{ from: years(15) }, { from: years(15), after: months(2) }, { from: years(15), after: months(4) }],
      begunFrom: years(15),
      endsAt: years(20),
    },
    {
      ...{ key: 'zoster', target: 'zoster', kind: 'series' },
      doses: [
        { from: years(65), counts: years(18) },
        { from: years(65), counts: years(18), after: months(2) },
      ],
    },
    {
      ...{ key: 'pneumococcusSenior', target: 'pneumococcus-20', kind: 'series' },
      doses: [{ from: years(65), counts: years(18) }],
      maybe: { target: 'pneumococcus', from: years(18) },
    },
  ],
  seasonal: [
    { key: 'influenza', target: 'influenza', from: years(65) },
    { key: 'covid', target: 'covid', from: years(65) },
  ],
  season: { counts: 9, from: 10, to: 1 },
};
