/** Reading of FHIR elements from anywhere: nothing is required, nothing throws, what is not understood is empty. */
export type Fields = Readonly<Record<string, unknown>>;
export type Language = 'fr' | 'en';

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

/** The element at a dotted path, undefined when missing; an array stands for its first item. */
export function elementAt(value: unknown, path: string): unknown {
  let current: unknown = value;
  for (const name of path.split('.')) {
    if (Array.isArray(current)) current = current[0];
    if (!(isFields(current) && Object.hasOwn(current, name))) return undefined;
    current = current[name];
  }
  return current;
}

/** The items of a repeating element; a lone value counts as one item. */
export function itemsAt(value: unknown, path: string): readonly unknown[] {
  const found = elementAt(value, path);
  if (found === undefined || found === null) return [];
  return Array.isArray(found) ? found : [found];
}

/** Text, boolean or number as its characters; numbers kept exactly as they were written. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (JSON.isRawJSON(value)) return value.rawJSON;
  return '';
}

/** The scalar at a path; of a repeating one, the first. */
export function textAt(value: unknown, path: string): string {
  const found = elementAt(value, path);
  return scalarText(Array.isArray(found) ? found[0] : found);
}

/** What a CodeableConcept, a Coding or a plain code says. */
export function conceptText(value: unknown): string {
  const concept = Array.isArray(value) ? value[0] : value;
  if (!isFields(concept)) return scalarText(concept);
  const own = textAt(concept, 'text');
  if (own !== '') return own;
  for (const coding of itemsAt(concept, 'coding')) {
    const found = textAt(coding, 'display') || textAt(coding, 'code');
    if (found !== '') return found;
  }
  return textAt(concept, 'display') || textAt(concept, 'code');
}

/** The codes of a concept, of whatever system. */
export function codesOf(value: unknown): readonly string[] {
  return itemsAt(value, 'coding').map((coding) => textAt(coding, 'code'));
}

/** The code of a concept in one system; undefined when it has none. */
export function codeIn(value: unknown, system: string): string | undefined {
  const coding = itemsAt(value, 'coding').find((one) => textAt(one, 'system') === system);
  return textAt(coding, 'code') || undefined;
}

export function quantityText(value: unknown, language: Language): string {
  const number = textAt(value, 'value');
  // A UCUM annotation, {score}, is a comment in braces.
  const unit = (textAt(value, 'unit') || textAt(value, 'code')).replace(/[{}]/g, '');
  const shown = language === 'fr' ? number.replace('.', ',') : number;
  return [textAt(value, 'comparator'), shown, unit].filter((part) => part !== '').join('\u00a0');
}

/** The day of a FHIR date or date and time, '' when there is none. */
export const dayOf = (value: string): string => /^\d{4}(-\d\d(-\d\d)?)?/.exec(value)?.[0] ?? '';

/** As `Intl` writes them for en-GB. */
const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

/** 2026-11-23T14:05:00+01:00 as 23/11/2026 14:05, 23 Nov 2026 14:05: the clock of the place where it was written. */
export function dateText(value: string, language: Language): string {
  const match = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d))?/.exec(value);
  if (match === null) return value;
  const [, year = '', month, day, time] = match;
  const parts =
    language === 'fr'
      ? [day, month, year]
      : [day === undefined ? undefined : String(Number(day)), englishMonths[Number(month) - 1] ?? month, year];
  const date = parts.filter((part) => part !== undefined).join(language === 'fr' ? '/' : '\u00a0');
  return time === undefined ? date : `${date} ${time}`;
}

/** A date that names its month, as French says it: the first is an ordinal, `1er décembre`. */
export function withFirst(text: string, language: Language): string {
  return language === 'fr' ? text.replace(/(?<!\d)1(?=[ \u00a0]\p{L})/u, '1er') : text;
}

/** Completed years at `on`, or null when either date is not complete. */
export function ageAt(birthDate: string, on: string): number | null {
  const birth = /^(\d{4})-(\d\d)-(\d\d)/.exec(birthDate);
  const now = /^(\d{4})-(\d\d)-(\d\d)/.exec(on);
  if (birth === null || now === null) return null;
  const before = `${now[2]}${now[3]}` < `${birth[2]}${birth[3]}`;
  return Number(now[1]) - Number(birth[1]) - (before ? 1 : 0);
}

/** Narrative XHTML as plain text: tags dropped, blocks on their own line. */
export function narrativeText(div: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: '\u00a0' };
  return div
    .replace(/<(?:br|\/p|\/li|\/tr|\/div|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<\/t[dh]>/gi, ' \u00a0')
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
      (match, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return named[name.toLowerCase()] ?? match;
        const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : match;
      },
    )
    .replace(/[ \t]*\n\s*/g, '\n')
    .trim();
}
