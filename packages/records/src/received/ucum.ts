/**
 * Units as French laboratories write them, and UCUM's (ucum.org, case sensitive). `UI` alone is left out: it is an
 * enzyme's unit (U) for some analyses and an arbitrary one ([IU]) for others, and the report does not say which.
 */
const known: Readonly<Record<string, string>> = {
  '%': '%',
  'g/l': 'g/L',
  'mg/l': 'mg/L',
  'ug/l': 'ug/L',
  'ng/l': 'ng/L',
  'g/dl': 'g/dL',
  'mg/dl': 'mg/dL',
  'ng/ml': 'ng/mL',
  'pg/ml': 'pg/mL',
  'ug/ml': 'ug/mL',
  'mmol/l': 'mmol/L',
  'umol/l': 'umol/L',
  'nmol/l': 'nmol/L',
  'pmol/l': 'pmol/L',
  'mmol/mol': 'mmol/mol',
  'mg/mmol': 'mg/mmol',
  'mg/g': 'mg/g',
  'meq/l': 'meq/L',
  'mui/l': 'm[IU]/L',
  'uui/ml': 'u[IU]/mL',
  'u/l': 'U/L',
  '/mm3': '/mm3',
  'giga/l': '10*9/L',
  'tera/l': '10*12/L',
  'ml/min': 'mL/min',
  'ml/mn': 'mL/min',
  'ml/min/1.73m2': 'mL/min/{1.73_m2}',
  fl: 'fL',
  pg: 'pg',
  mm: 'mm',
  sec: 's',
  mmhg: 'mm[Hg]',
};
/** Told from gram and from tesla by their capital. */
const capital: Readonly<Record<string, string>> = {
  'G/L': '10*9/L',
  'G/l': '10*9/L',
  'T/L': '10*12/L',
  'T/l': '10*12/L',
};

/** The UCUM code of a unit as it was received; null where it is not known for sure. */
export function ucumOf(unit: string): string | null {
  const text = unit.trim();
  if (Object.hasOwn(capital, text)) return capital[text] ?? null;
  const plain = text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/[µμ]/g, 'u')
    .replace('³', '3')
    .replace('²', '2')
    .replace('1,73', '1.73');
  return Object.hasOwn(known, plain) ? (known[plain] ?? null) : null;
}
