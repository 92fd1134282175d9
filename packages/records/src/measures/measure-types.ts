/** What is measured: LOINC code, UCUM unit, French name and unit, decimals kept. */
export interface MeasureType {
  readonly loinc: string;
  readonly text: string;
  readonly ucum: string;
  readonly unit: string;
  readonly decimals: number;
  readonly laboratory: boolean;
}

const vital = (
  loinc: string,
  text: string,
  [ucum, unit]: readonly [string, string],
  decimals: number,
): MeasureType => ({
  loinc,
  text,
  ucum,
  unit,
  decimals,
  laboratory: false,
});

const lab = (loinc: string, text: string, units: readonly [string, string], decimals: number): MeasureType => ({
  ...vital(loinc, text, units, decimals),
  laboratory: true,
});

export const measureTypes = {
  weight: vital('29463-7', 'Poids', ['kg', 'kg'], 1),
  height: vital('8302-2', 'Taille', ['cm', 'cm'], 0),
  bmi: vital('39156-5', 'IMC', ['kg/m2', 'kg/m²'], 1),
  headCircumference: vital('9843-4', 'Périmètre crânien', ['cm', 'cm'], 1),
  bloodPressure: vital('85354-9', 'Pression artérielle', ['mm[Hg]', 'mmHg'], 0),
  pulse: vital('8867-4', 'Pouls', ['/min', '/min'], 0),
  temperature: vital('8310-5', 'Température', ['Cel', '°C'], 1),
  saturation: vital('59408-5', 'SpO2', ['%', '%'], 0),
  peakFlow: vital('19935-6', 'Débit expiratoire de pointe', ['L/min', 'l/min'], 0),
  uterineHeight: vital('11881-0', 'Hauteur utérine', ['cm', 'cm'], 0),
  mmse: vital('72106-8', 'MMSE', ['{score}', '/30'], 0),
  phq9: vital('44261-6', 'PHQ-9', ['{score}', '/27'], 0),
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

/** The value rounded to the decimals with which it is measured. */
export function roundMeasure(kind: MeasureKind, value: number): number {
  const factor = 10 ** measureTypes[kind].decimals;
  return Math.round(value * factor) / factor;
}

/** 68.4 as a French reader writes it, 68,4. */
export function frenchNumber(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('.', ',');
}
