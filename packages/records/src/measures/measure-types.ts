/** What is measured: LOINC code, UCUM unit, French name and unit, decimals kept, and how it is typed. */
export interface MeasureType {
  readonly loinc: string;
  readonly text: string;
  readonly ucum: string;
  readonly unit: string;
  readonly decimals: number;
  readonly laboratory: boolean;
  /**
   * From the least to the most that a hand is likely to mean, in `unit`; of a blood pressure, the systolic one. What
   * lies outside is said before it is kept, never refused. These catch a slip of the keyboard: they are no range of
   * health.
   */
  readonly plausible: readonly [least: number, most: number] | null;
  /** One value, as a French hand types it. */
  readonly example: string;
}

type Typed = Pick<MeasureType, 'decimals' | 'plausible' | 'example'>;

const vital = (loinc: string, text: string, [ucum, unit]: readonly [string, string], typed: Typed): MeasureType => ({
  ...{ loinc, text, ucum, unit },
  ...typed,
  laboratory: false,
});

const lab = (loinc: string, text: string, units: readonly [string, string], decimals: number): MeasureType => ({
  ...vital(loinc, text, units, { decimals, plausible: null, example: '' }),
  laboratory: true,
});

/**
 * Codes are LOINC's, for the vital signs those that the FHIR R4 vital signs profiles name. `height` says nothing of
 * the posture; `length` is taken lying and `standingHeight` standing, which growth tables tell apart.
 */
export const measureTypes = {
  weight: vital('29463-7', 'Poids', ['kg', 'kg'], { decimals: 1, plausible: [0.4, 300], example: '68,4' }),
  height: vital('8302-2', 'Taille', ['cm', 'cm'], { decimals: 0, plausible: [25, 230], example: '166' }),
  length: vital('8306-3', 'Taille couchée', ['cm', 'cm'], { decimals: 1, plausible: [25, 130], example: '67,5' }),
  standingHeight: vital('8308-9', 'Taille debout', ['cm', 'cm'], {
    ...{ decimals: 1, plausible: [55, 230], example: '92,5' },
  }),
  bmi: vital('39156-5', 'IMC', ['kg/m2', 'kg/m²'], { decimals: 1, plausible: [8, 90], example: '24,8' }),
  headCircumference: vital('9843-4', 'Périmètre crânien', ['cm', 'cm'], {
    ...{ decimals: 1, plausible: [20, 65], example: '44,5' },
  }),
  waist: vital('8280-0', 'Tour de taille', ['cm', 'cm'], { decimals: 0, plausible: [30, 220], example: '88' }),
  bloodPressure: vital('85354-9', 'Pression artérielle', ['mm[Hg]', 'mmHg'], {
    ...{ decimals: 0, plausible: [50, 260], example: '128/76' },
  }),
  pulse: vital('8867-4', 'Pouls', ['/min', '/min'], { decimals: 0, plausible: [25, 250], example: '72' }),
  temperature: vital('8310-5', 'Température', ['Cel', '°C'], { decimals: 1, plausible: [30, 43], example: '37,2' }),
  saturation: vital('59408-5', 'SpO2', ['%', '%'], { decimals: 0, plausible: [50, 100], example: '98' }),
  respiratoryRate: vital('9279-1', 'Fréquence respiratoire', ['/min', '/min'], {
    ...{ decimals: 0, plausible: [5, 100], example: '16' },
  }),
  pain: vital('72514-3', 'Douleur', ['{score}', '/10'], { decimals: 0, plausible: [0, 10], example: '4' }),
  capillaryGlucose: vital('41653-7', 'Glycémie capillaire', ['g/L', 'g/l'], {
    ...{ decimals: 2, plausible: [0.2, 6], example: '1,12' },
  }),
  peakFlow: vital('19935-6', 'Débit expiratoire de pointe', ['L/min', 'l/min'], {
    ...{ decimals: 0, plausible: [50, 900], example: '420' },
  }),
  uterineHeight: vital('11881-0', 'Hauteur utérine', ['cm', 'cm'], { decimals: 0, plausible: [5, 50], example: '28' }),
  mmse: vital('72106-8', 'MMSE', ['{score}', '/30'], { decimals: 0, plausible: [0, 30], example: '26' }),
  phq9: vital('44261-6', 'PHQ-9', ['{score}', '/27'], { decimals: 0, plausible: [0, 27], example: '8' }),
  hba1c: lab('4548-4', 'HbA1c', ['%', '%'], 1),
  glucose: lab('14771-0', 'Glycémie à jeun', ['mmol/L', 'mmol/l'], 1),
  creatinine: lab('14682-9', 'Créatinine', ['umol/L', 'µmol/l'], 0),
  gfr: lab('62238-1', 'DFG (CKD-EPI)', ['mL/min/{1.73_m2}', 'ml/min/1,73 m²'], 0),
  potassium: lab('2823-3', 'Potassium', ['mmol/L', 'mmol/l'], 1),
  ldl: lab('2089-1', 'LDL-cholestérol', ['g/L', 'g/l'], 2),
  tsh: lab('3016-3', 'TSH', ['m[IU]/L', 'mUI/l'], 2),
  hemoglobin: lab('718-7', 'Hémoglobine', ['g/dL', 'g/dl'], 1),
  ferritin: lab('2276-4', 'Ferritine', ['ug/L', 'µg/l'], 0),
  crp: lab('1988-5', 'CRP', ['mg/L', 'mg/l'], 0),
  psa: lab('2857-1', 'PSA', ['ng/mL', 'ng/ml'], 2),
  uricAcid: lab('14933-6', 'Acide urique', ['umol/L', 'µmol/l'], 0),
} as const satisfies Readonly<Record<string, MeasureType>>;

export type MeasureKind = keyof typeof measureTypes;

/** Of the diastolic pressure; `plausible` of a blood pressure is of the systolic one. */
export const plausibleDiastolic = [20, 160] as const;

const everyday = ['temperature', 'pulse', 'saturation', 'respiratoryRate', 'pain', 'capillaryGlucose'] as const;

/**
 * What is usually taken of somebody of this age in months, the commonest first; null when the age is not known. A
 * body mass index is computed (body-mass.ts), and a score is what a questionnaire gives: neither is here.
 */
export function takenMeasures(ageMonths: number | null): readonly MeasureKind[] {
  if (ageMonths !== null && ageMonths < 60)
    return ['weight', 'length', 'standingHeight', 'headCircumference', ...everyday];
  if (ageMonths !== null && ageMonths < 192) return ['weight', 'height', 'bloodPressure', ...everyday, 'peakFlow'];
  return ['bloodPressure', 'weight', 'height', ...everyday, 'waist', 'peakFlow'];
}

/** The value rounded to the decimals with which it is measured. */
export function roundMeasure(kind: MeasureKind, value: number): number {
  const factor = 10 ** measureTypes[kind].decimals;
  return Math.round(value * factor) / factor;
}

/** 68.4 as a French reader writes it, 68,4. */
export function frenchNumber(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('.', ',');
}
