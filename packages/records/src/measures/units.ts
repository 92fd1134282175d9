/** A unit of UCUM, its dimension, and by how much it is multiplied to give the dimension's first unit. */
interface Unit {
  readonly dimension: string;
  readonly factor: number;
}

const unit = (dimension: string, factor: number): Unit => ({ dimension, factor });

/**
 * Exact conversions only, but for the pressures (1 kPa is 7.500617 mmHg, BIPM). Mass and amount of substance are
 * never converted.
 */
const units: Readonly<Record<string, Unit>> = {
  kg: unit('mass', 1),
  g: unit('mass', 0.001),
  '[lb_av]': unit('mass', 0.45359237),
  cm: unit('length', 1),
  m: unit('length', 100),
  mm: unit('length', 0.1),
  '[in_i]': unit('length', 2.54),
  'mm[Hg]': unit('pressure', 1),
  'cm[Hg]': unit('pressure', 10),
  kPa: unit('pressure', 7.500617),
  'g/L': unit('mass concentration', 1),
  'g/dL': unit('mass concentration', 10),
  'mg/dL': unit('mass concentration', 0.01),
  'mg/L': unit('mass concentration', 0.001),
  'mg/mL': unit('mass concentration', 1),
  'ug/mL': unit('mass concentration', 0.001),
  'ug/L': unit('mass concentration', 1e-6),
  'ng/mL': unit('mass concentration', 1e-6),
  'ng/L': unit('mass concentration', 1e-9),
  'pg/mL': unit('mass concentration', 1e-9),
  'mol/L': unit('concentration', 1),
  'mmol/L': unit('concentration', 1e-3),
  'umol/L': unit('concentration', 1e-6),
  'nmol/L': unit('concentration', 1e-9),
  'pmol/L': unit('concentration', 1e-12),
  'm[IU]/L': unit('activity', 1),
  'u[IU]/mL': unit('activity', 1),
  '[IU]/L': unit('activity', 1000),
  '10*9/L': unit('count', 1),
  '10*3/uL': unit('count', 1),
  'mmol/mol': unit('molar share', 1),
};

/** What sources write in place of UCUM; case is kept where it tells units apart (UCUM's does). */
const written: Readonly<Record<string, string>> = {
  'g/l': 'g/L',
  'g/dl': 'g/dL',
  'mg/dl': 'mg/dL',
  'mg/l': 'mg/L',
  'µg/l': 'ug/L',
  'µg/L': 'ug/L',
  'ng/ml': 'ng/mL',
  'ng/l': 'ng/L',
  'pg/ml': 'pg/mL',
  'mmol/l': 'mmol/L',
  'µmol/l': 'umol/L',
  'µmol/L': 'umol/L',
  'nmol/l': 'nmol/L',
  'mUI/l': 'm[IU]/L',
  'mUI/L': 'm[IU]/L',
  'UI/l': '[IU]/L',
  'UI/L': '[IU]/L',
  'G/l': '10*9/L',
  'G/L': '10*9/L',
  mmHg: 'mm[Hg]',
  'kg/m²': 'kg/m2',
  '°C': 'Cel',
};

/** The name by which a unit is compared: UCUM's where it is known, else as it was written. */
export function unitName(code: string, shown: string): string {
  const name = (code || shown).trim().replaceAll('\u03bc', 'µ');
  return written[name] ?? name;
}

/** `value` in another unit, both by their names; null where there is no known conversion. */
export function convertUnit(value: number, from: string, to: string): number | null {
  if (from === to) return value;
  const [one, other] = [own(from), own(to)];
  if (one === undefined || other === undefined || one.dimension !== other.dimension) return null;
  return Number(((value * one.factor) / other.factor).toPrecision(12));
}

function own(name: string): Unit | undefined {
  return Object.hasOwn(units, name) ? units[name] : undefined;
}
