import {
  codesOf,
  conceptText,
  dateText,
  type Fields,
  isFields,
  narrativeText,
  quantityText,
  scalarText,
  textAt,
} from '@serment/records/page/element-text';
import { taskWord, typeName } from '@serment/records/page/wording';
import type { Language } from '../i18n/language.ts';
import { words } from './words.ts';

/** What an element says in two versions of a record, '' where it says nothing, under its name in words. */
export interface ElementChange {
  readonly label: string;
  readonly was: string;
  readonly is: string;
}

/** What names and places a record: not what it says. */
const outside = new Set(['resourceType', 'id', 'meta', 'implicitRules', 'language']);

/** What is for machines within an element; where nothing else of it differs, it is told all the same. */
const technical = new Set([
  'contentType',
  'hash',
  'id',
  'language',
  'reference',
  'size',
  'system',
  'url',
  'use',
  'userSelected',
  'versionId',
]);

/** The elements that differ, each once; all of them that say something where there was no version before. */
export function elementChanges(before: Fields | null, after: Fields | null, told: Told): ElementChange[] {
  const type = textAt(after ?? before, 'resourceType');
  const names = new Set([after, before].flatMap((resource) => Object.keys(resource ?? {})));
  const changes = new Map<string, { readonly was: string[]; readonly is: string[] }>();
  for (const name of names) {
    if (outside.has(name) || JSON.stringify(before?.[name]) === JSON.stringify(after?.[name])) continue;
    const label = elementName(name, type, told.language);
    const [was, is] = textsOf(name, { ...told, before, after });
    const change = changes.get(label) ?? { was: [], is: [] };
    changes.set(label, change);
    change.was.push(was);
    change.is.push(is);
  }
  return [...changes].map(([label, { was, is }]) => ({ label, was: joined(was), is: joined(is) }));
}

/** How it is told: in which language, and who or what a reference is. */
export interface Told {
  readonly language: Language;
  /** Null for what has no name here. */
  readonly named: (reference: string) => string | null;
}

interface Versions extends Told {
  readonly before: Fields | null;
  readonly after: Fields | null;
}

function textsOf(name: string, { before, after, ...how }: Versions): [string, string] {
  const [was, is] = [before?.[name], after?.[name]];
  const told: [string, string] = [elementText(was, name, how.language), elementText(is, name, how.language)];
  if (before === null || after === null || told[0] !== told[1]) return told;
  // Words leave out what differs: the bare values must not read as no change.
  const [old, now] = [leaves(was, how), leaves(is, how)];
  const differing = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
    joined([...one].flatMap(([path, text]) => (other.get(path) === text ? [] : [text])));
  return [differing(old, now), differing(now, old)];
}

/** `valueQuantity` and `valueString` are one element of FHIR, value[x]; a reason is one as a code and as a reference. */
const choice =
  /^(abatement|deceased|effective|medication|occurrence|onset|performed|value)(?=[A-Z])|^(reason|location)(?:Code|Reference)$/;

/** What an element is called; where it has no name in words, another field. */
function elementName(name: string, type: string, language: Language): string {
  const { fields } = words[language];
  const [, ofChoice, ofReason] = choice.exec(name) ?? [];
  const base = ofChoice ?? ofReason ?? name;
  if (base === 'medication') return typeName('Medication', language);
  if (base === 'code' || base === 'vaccineCode') return typeName(type, language);
  if (base === 'act') return typeName('Procedure', language);
  return wordIn(fields.name, base) ?? fields.other;
}

/** An element of whatever shape in words, without what is for machines alone. */
function elementText(value: unknown, name: string, language: Language): string {
  if (Array.isArray(value)) return joined(value.map((item) => elementText(item, name, language)));
  if (!isFields(value)) return plainText(value, name, language);
  if (name.endsWith('Quantity') || ('value' in value && 'unit' in value)) return quantityText(value, language);
  if ('div' in value) return narrativeText(textAt(value, 'div'));
  if ('start' in value || 'end' in value)
    return ['start', 'end']
      .map((side) => dateText(textAt(value, side), language))
      .filter(Boolean)
      .join(' – ');
  if ('text' in value || 'display' in value || 'coding' in value)
    return taskWord(value, language) ?? codeWord(codesOf(value)[0] ?? '', name, language) ?? conceptText(value);
  const told = Object.entries(value).filter(([child]) => !technical.has(child));
  return told
    .map(([child, item]) => elementText(item, child, language))
    .filter((text) => text !== '')
    .join(', ');
}

function plainText(value: unknown, name: string, language: Language): string {
  const { yes, no } = words[language].fields;
  if (typeof value === 'boolean') return value ? yes : no;
  const text = scalarText(value);
  if (name === 'div') return narrativeText(text);
  return /^\d{4}-\d\d/.test(text) ? dateText(text, language) : (codeWord(text, name, language) ?? text);
}

function codeWord(code: string, name: string, language: Language): string | undefined {
  const { care, fields } = words[language];
  const own: Readonly<Record<string, object>> = {
    clinicalStatus: care.problems.status,
    verificationStatus: { ...care.problems.verification, ...care.allergies.verification },
    criticality: care.allergies.criticality,
    severity: care.allergies.severity,
  };
  return wordIn(own[name] ?? {}, code) ?? wordIn(fields.code, code);
}

function wordIn(table: object, key: string): string | undefined {
  return Object.hasOwn(table, key) ? (table as Readonly<Record<string, string>>)[key] : undefined;
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ; ');
}

/** Every leaf of an element under its path. */
function leaves(value: unknown, how: Told, path = '', found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const [place, item] of value.entries()) leaves(item, how, `${path} ${place}`, found);
  else if (isFields(value))
    for (const [name, item] of Object.entries(value)) leaves(item, how, `${path}.${name}`, found);
  else if (scalarText(value) !== '') found.set(path, leafText(scalarText(value), path, how));
  return found;
}

/** Of a record that has no name, its kind and the end of its id: two of them read as two. */
function leafText(text: string, path: string, { language, named }: Told): string {
  const [, type, end] = (path.endsWith('.reference') && /^([A-Z]\w+)\/.*?([^/]{1,4})$/.exec(text)) || [];
  if (type === undefined) return text;
  return named(text) ?? `${typeName(type, language)} …${end}`;
}
