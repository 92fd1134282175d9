import { RecordsError } from '@serment/records/error';
import type { RecordState } from '@serment/records/fold';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@serment/records/json-text';
import { type Marks, marksOf, SearchScan } from './search-scan.ts';
import { bestScore, type Searched, scorerOf } from './search-score.ts';
import { fold, nationalDigits, termsOf } from './search-terms.ts';

/** What a list or a search shows of one patient. Every field is display text as the record has it, or null. */
export interface PatientRow {
  /** `Patient/…` */
  readonly id: string;
  /** Name in use; the birth name when no other is known. */
  readonly family: string;
  /** Set only when it differs from `family`. */
  readonly birthFamily: string | null;
  readonly given: string;
  /** `2026-11-23`, or less precise as FHIR allows. */
  readonly birthDate: string | null;
  readonly sex: 'male' | 'female' | 'other' | 'unknown';
  readonly deceased: boolean;
  readonly phones: readonly string[];
  readonly identifiers: readonly string[];
  /** The host's clock when its last version was received, ms. */
  readonly changedAt: number;
  /** Several versions stand side by side until a person chooses. */
  readonly conflict: boolean;
}

/** The row of a patient's current record; null when it was removed or entered in error. Foreign resources are read as far as they go. */
export function patientRow(record: RecordState): PatientRow | null {
  const version = record.current.at(-1);
  if (version?.content == null || version.change === 'entered-in-error') return null;
  const patient = readObject(version.content);
  if (patient === null) return null;
  const names = objects(patient.name);
  const named = (use: string) => names.find((name) => name.use === use);
  const usual = named('usual') ?? named('official') ?? names[0] ?? {};
  const birth = named('maiden') ?? named('official') ?? usual;
  const family = text(usual.family) ?? text(birth.family) ?? text(usual.text) ?? '';
  const birthFamily = text(birth.family);
  const gender = text(patient.gender);
  return {
    id: record.id,
    family,
    birthFamily: birthFamily === null || birthFamily === family ? null : birthFamily,
    given: texts(usual.given)[0] ?? texts(birth.given)[0] ?? '',
    birthDate: text(patient.birthDate),
    sex: gender === 'male' || gender === 'female' || gender === 'other' ? gender : 'unknown',
    deceased: patient.deceasedBoolean === true || typeof patient.deceasedDateTime === 'string',
    phones: objects(patient.telecom)
      .filter((point) => point.system === 'phone')
      .flatMap((point) => text(point.value) ?? []),
    identifiers: objects(patient.identifier).flatMap((identifier) => text(identifier.value) ?? []),
    changedAt: version.receivedAt,
    conflict: record.current.length > 1,
  };
}

interface Indexed extends Searched {
  readonly row: PatientRow;
  readonly marks: Marks;
  readonly order: string;
  /** Folded, as the names beside them in the row. */
  readonly family: string;
  readonly birthFamily: string;
  readonly given: string;
}

/** The practice's patients in memory, for lists and searches that answer within a frame at 20 000 patients. */
export class Directory {
  readonly #byId = new Map<string, Indexed>();
  /** Null until it is asked for: filling a directory sorts it once. */
  #sorted: Indexed[] | null = null;
  /** Null when a change has passed it. */
  #scan: SearchScan | null = null;

  get size(): number {
    return this.#byId.size;
  }

  set(row: PatientRow): void {
    this.delete(row.id);
    const entry = indexed(row);
    this.#byId.set(row.id, entry);
    this.#scan = null;
    // One change among thousands must not make the next search sort them all.
    this.#sorted?.splice(placeOf(entry, this.#sorted), 0, entry);
  }

  delete(id: string): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#byId.delete(id);
    this.#scan = null;
    this.#sorted?.splice(placeOf(known, this.#sorted), 1);
  }

  get(id: string): PatientRow | null {
    return this.#byId.get(id)?.row ?? null;
  }

  /** Rows in the order of names. */
  list(offset = 0, limit = Number.POSITIVE_INFINITY): PatientRow[] {
    return this.#ordered()
      .slice(offset, offset + limit)
      .map((entry) => entry.row);
  }

  /**
   * Patients that match every word of the query, best first: by start of names in use or at birth (accents, case and
   * hyphens folded), by birth date in any usual form, by digits of a phone or an identifier. An empty query gives none.
   */
  search(query: string, limit: number): PatientRow[] {
    const terms = termsOf(query);
    if (terms.length === 0) return [];
    const scoreOf = scorerOf(terms);
    const entries = this.#ordered();
    this.#scan ??= new SearchScan(entries.map(({ marks }) => marks));
    // By score, each in the order of names, which is that of the scan: one letter matches almost everybody.
    const found: PatientRow[][] = Array.from({ length: terms.length * bestScore + 1 }, () => []);
    this.#scan.forEach(terms, (place, known) => {
      const entry = entries[place];
      const rows = entry && found[known ?? scoreOf(entry)];
      if (entry !== undefined && rows !== undefined && rows.length < limit) rows.push(entry.row);
    });
    return found.slice(1).reverse().flat().slice(0, limit);
  }

  /** Patients who may be the same person: same birth date and alike names, or the same identifier. */
  duplicatesOf(
    candidate: Pick<PatientRow, 'family' | 'birthFamily' | 'given' | 'birthDate' | 'identifiers'>,
  ): PatientRow[] {
    const families = new Set([fold(candidate.family), fold(candidate.birthFamily ?? candidate.family)]);
    const initial = fold(candidate.given).slice(0, 1);
    const found: PatientRow[] = [];
    for (const { row, family, birthFamily, given } of this.#byId.values()) {
      const sameIdentifier = row.identifiers.some((identifier) => candidate.identifiers.includes(identifier));
      const sameName = families.has(family) || families.has(birthFamily);
      const alike = sameName && given.slice(0, 1) === initial && row.birthDate === candidate.birthDate;
      if (sameIdentifier || alike) found.push(row);
    }
    return found;
  }

  rows(): PatientRow[] {
    return [...this.#byId.values()].map((entry) => entry.row);
  }

  clear(): void {
    this.#byId.clear();
    this.#sorted = null;
    this.#scan = null;
  }

  #ordered(): readonly Indexed[] {
    this.#sorted ??= [...this.#byId.values()].sort(compareOrder);
    return this.#sorted;
  }
}

function compareOrder(left: Indexed, right: Indexed): number {
  return left.order < right.order ? -1 : left.order > right.order ? 1 : 0;
}

/** Where an entry stands, or would stand, among sorted ones; the order ends with the id, so no two are the same. */
function placeOf(entry: Indexed, sorted: readonly Indexed[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compareOrder(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function indexed(row: PatientRow): Indexed {
  const [family, birth, given] = [fold(row.family), fold(row.birthFamily ?? ''), fold(row.given)];
  // "de la Tour" is looked for as such and as "delatour"; "Paul-Émile" as two words and as one.
  const words = [family, birth, given].filter((word) => word !== '');
  const joined = words.filter((word) => word.includes(' ')).map((word) => word.replaceAll(' ', ''));
  const numbers = [...row.phones.map(nationalDigits), ...row.identifiers];
  const digits = numbers.map((number) => number.replace(/[^0-9A-Za-z]/g, '')).join(' ');
  const searched = { words: ` ${[...words, ...joined].join(' ')} `, digits, birthDate: row.birthDate };
  return {
    row,
    ...searched,
    marks: marksOf(searched),
    order: `${family} ${given} ${row.birthDate ?? ''} ${row.id}`,
    ...{ family, birthFamily: row.birthFamily === null ? family : birth, given },
  };
}

function readObject(content: string): JsonObject | null {
  try {
    const value = parseJson(content);
    return isJsonObject(value) ? value : null;
  } catch (error) {
    if (error instanceof RecordsError) return null;
    throw error;
  }
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function texts(value: JsonValue | undefined): string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
