/** Numéro d'inscription au répertoire (NIR): 13 characters and a key of two digits. Structure: INSEE, decree 82-103. */
export interface Nir {
  /** 15 characters, no spaces, `2A` and `2B` in capitals. */
  readonly text: string;
  readonly sex: 'male' | 'female';
  /** Two digits: the century is not written. */
  readonly year: string;
  readonly month: string;
  /** `75`, `2A`, `971`, `99` (born abroad). */
  readonly department: string;
  /** INSEE code of the place of birth, five characters (a country code when born abroad). */
  readonly birthPlace: string;
  readonly order: string;
  readonly key: string;
}

export type NirFinding =
  /** Not 13 or 15 characters of the right kind. */
  | 'NIR_FORM'
  /** 13 characters: the key was computed, nothing was checked. */
  | 'NIR_KEY_MISSING'
  | 'NIR_KEY'
  /** First digit 3, 4, 7 or 8: a number waiting for its definitive one. */
  | 'NIR_TEMPORARY'
  /** Month 20, 30 to 42 or 50 to 99: birth date incomplete or month full; possible. */
  | 'NIR_MONTH_UNUSUAL'
  | 'NIR_MONTH'
  | 'NIR_DEPARTMENT';

export interface ParsedNir {
  /** Null only when the form allows no reading. */
  readonly nir: Nir | null;
  readonly findings: readonly NirFinding[];
}

const form = /^([123478])(\d\d)(\d\d)(\d\d|2[AB])(\d{3})(\d{3})(\d\d)?$/;
const sexes: Readonly<Record<string, Nir['sex']>> = {
  1: 'male',
  3: 'male',
  7: 'male',
  2: 'female',
  4: 'female',
  8: 'female',
};

/** Reads what a person typed or a card gave. Odd but possible numbers are read and reported; nothing is thrown. */
export function parseNir(input: string): ParsedNir {
  const compact = compactNir(input);
  const parts = form.exec(compact);
  if (parts === null) return { nir: null, findings: ['NIR_FORM'] };
  const [, first = '', year = '', month = '', place = '', commune = '', order = '', givenKey] = parts;
  const body = compact.slice(0, 13);
  const key = nirKey(body);
  const findings: NirFinding[] = [];
  if (givenKey === undefined) findings.push('NIR_KEY_MISSING');
  else if (givenKey !== key) findings.push('NIR_KEY');
  if ('3478'.includes(first)) findings.push('NIR_TEMPORARY');
  findings.push(...monthFindings(Number(month)));
  const overseas = place === '97' || place === '98';
  if (!(overseas || isDepartment(place))) findings.push('NIR_DEPARTMENT');
  const nir: Nir = {
    text: body + (givenKey ?? key),
    sex: sexes[first] ?? 'male',
    year,
    month,
    department: overseas ? place + commune.slice(0, 1) : place,
    birthPlace: place + commune,
    order,
    key: givenKey ?? key,
  };
  return { nir, findings };
}

/** The two digits of the key for the first 13 characters: 97 less the remainder by 97, Corsica counting 2A as 19 and 2B as 18. */
export function nirKey(body: string): string {
  const digits = body.slice(0, 13).toUpperCase().replace('2A', '19').replace('2B', '18');
  return String(97 - (Number(digits) % 97)).padStart(2, '0');
}

/** True when form and key hold. */
export function isNir(input: string): boolean {
  const { nir, findings } = parseNir(input);
  return nir !== null && !findings.includes('NIR_KEY') && !findings.includes('NIR_KEY_MISSING');
}

/** `2 55 08 14 168 025 38`, as printed on cards; other text is given back as it is. */
export function formatNir(text: string): string {
  const parts = form.exec(text);
  return parts === null ? text : parts.slice(1).filter(Boolean).join(' ');
}

/** What is typed of a number, without what stands between its groups, `2A` and `2B` in capitals. */
export function compactNir(text: string): string {
  return text.replace(/[\s.\u00a0\u202f-]/g, '').toUpperCase();
}

/** A number as far as it was typed. */
const begunForm = /^(?:\d{0,6}|(?:\d{7}|\d{5}2[AB])\d{0,8})$/;
const groupsForm = /^(.?)(.{0,2})(.{0,2})(.{0,2})(.{0,3})(.{0,3})(.{0,2})$/;

/** True for compact text that may become a number. */
export function beginsNir(compact: string): boolean {
  return begunForm.test(compact);
}

/** `2 55 08 14 1`: compact text that begins a number, in the groups that it will have. */
export function groupNir(compact: string): string {
  const groups = groupsForm.exec(compact)?.slice(1) ?? [compact];
  return groups.filter((group) => group !== '').join(' ');
}

export type NirDoubt = 'sex' | 'birth' | 'place';

/**
 * Where a number says something else than the identity beside it. Each is possible (a mistake of the civil registry, a
 * commune that changed its code), so it is said and never refused. A month above 12 says nothing of the birth.
 */
export function nirDoubts(
  nir: Nir,
  beside: { readonly sex: string; readonly birthDate: string; readonly birthPlaceCode: string },
): NirDoubt[] {
  const [, year, month] = /^\d\d(\d\d)(?:-(\d\d))?/.exec(beside.birthDate) ?? [];
  const isOtherSex = (beside.sex === 'male' || beside.sex === 'female') && beside.sex !== nir.sex;
  const isOtherYear = year !== undefined && year !== nir.year;
  const isOtherMonth = month !== undefined && Number(nir.month) <= 12 && month !== nir.month;
  return [
    ...(isOtherSex ? (['sex'] as const) : []),
    ...(isOtherYear || isOtherMonth ? (['birth'] as const) : []),
    ...(isOtherPlace(nir, beside.birthPlaceCode) ? (['place'] as const) : []),
  ];
}

/**
 * Corsica was 20 until 1976; Algeria (91 to 94), Morocco (95) and Tunisia (96) had departments before their independence and
 * are countries, 99…, today.
 */
function isOtherPlace({ birthPlace, department }: Nir, code: string): boolean {
  if (!/^(?:\d{5}|2[AB]\d{3})$/i.test(code)) return false;
  const place = code.toUpperCase();
  if (place === birthPlace) return false;
  if (department === '20') return !/^2[AB]/.test(place);
  return !(place.startsWith('99') && department >= '91' && department <= '96');
}

function monthFindings(month: number): NirFinding[] {
  if (month >= 1 && month <= 12) return [];
  const possible = month === 20 || (month >= 30 && month <= 42) || month >= 50;
  return [possible ? 'NIR_MONTH_UNUSUAL' : 'NIR_MONTH'];
}

/** 01 to 95 with Corsica, 96 (Tunisia and Morocco before their independence), 99 (abroad). 20 was Corsica until 1976. */
function isDepartment(place: string): boolean {
  return place === '2A' || place === '2B' || place === '99' || (place >= '01' && place <= '96');
}
