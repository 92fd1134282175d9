import { RecordsError } from '@serment/records/error';
import { extensionUrls } from '@serment/records/fhir/coding-system';
import { linkedPatients } from '@serment/records/fhir/patient-merge';
import type { RecordState } from '@serment/records/fold';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@serment/records/json-text';
import { type Alike, alikeness, blocksOf } from './alike.ts';
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
  /** Further names that a search finds: other given names, names of before. */
  readonly otherNames: readonly string[];
  /** `Patient/…` that this record was merged into; null for one that stands by itself, and while it stands in two versions. */
  readonly replacedBy: string | null;
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
  const given = texts(usual.given)[0] ?? texts(birth.given)[0] ?? '';
  const [replacedBy = null] = linkedPatients(patient, 'replaced-by');
  return {
    id: record.id,
    family,
    birthFamily: birthFamily === null || birthFamily === family ? null : birthFamily,
    given,
    birthDate: text(patient.birthDate),
    sex: gender === 'male' || gender === 'female' || gender === 'other' ? gender : 'unknown',
    deceased: patient.deceasedBoolean === true || typeof patient.deceasedDateTime === 'string',
    phones: objects(patient.telecom)
      .filter((point) => point.system === 'phone')
      .flatMap((point) => text(point.value) ?? []),
    identifiers: objects(patient.identifier).flatMap((identifier) => text(identifier.value) ?? []),
    otherNames: otherNames(names, [family, birthFamily ?? '', given]),
    replacedBy: record.current.length > 1 ? null : replacedBy,
    changedAt: version.receivedAt,
    conflict: record.current.length > 1,
  };
}

/** Every word of every name that is not shown already, once. */
function otherNames(names: readonly JsonObject[], shown: readonly string[]): string[] {
  const told = names.flatMap((name) => [
    text(name.family) ?? '',
    ...texts(name.given),
    ...objects(name.extension).flatMap((extension) =>
      extension.url === extensionUrls.birthGivenNames ? (text(extension.valueString) ?? '') : [],
    ),
  ]);
  // Most names are one word, shown already.
  const rest = told.filter((name) => !shown.includes(name));
  if (rest.length === 0) return [];
  const known = new Set(shown.flatMap((name) => fold(name).split(' ')));
  return [...new Set(rest.flatMap((name) => fold(name).split(' ')))].filter((word) => word !== '' && !known.has(word));
}

/** Somebody to compare with those of the directory. */
export type AlikeCandidate = Pick<
  PatientRow,
  'family' | 'birthFamily' | 'given' | 'birthDate' | 'identifiers' | 'phones' | 'sex'
>;

/** Two records that may be of one person, and why. */
export interface DuplicatePair {
  readonly rows: readonly [PatientRow, PatientRow];
  readonly alike: Alike;
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
  /** Every record, those that were merged into another one too. */
  readonly #rows = new Map<string, PatientRow>();
  /** Records by the one that they say goes on in their place, known or not. */
  readonly #replaced = new Map<string, Set<string>>();
  /** Those that lists and searches show. */
  readonly #byId = new Map<string, Indexed>();
  /** Null until it is asked for: filling a directory sorts it once. */
  #sorted: Indexed[] | null = null;
  /** Null when a change has passed it. */
  #scan: SearchScan | null = null;

  /** How many persons lists show: of merged records, one. */
  get size(): number {
    return this.#byId.size;
  }

  set(row: PatientRow): void {
    this.#change(row.id, row);
  }

  delete(id: string): void {
    this.#change(id, null);
  }

  /** Also of a record that was merged into another one. */
  get(id: string): PatientRow | null {
    return this.#rows.get(id) ?? null;
  }

  /** The record that goes on for this one: itself, unless it was merged. */
  survivorOf(id: string): string {
    const seen = new Set<string>([id]);
    let last = id;
    while (true) {
      const next = this.#rows.get(last)?.replacedBy ?? null;
      if (next === null || !this.#rows.has(next)) return last;
      // Each says that the other one goes on: nobody decided, and both are shown.
      if (seen.has(next)) return id;
      seen.add(next);
      last = next;
    }
  }

  /** The records that this one stands for, in the order of their ids. */
  mergedInto(id: string): PatientRow[] {
    if (this.#replaced.size === 0) return [];
    return [...this.#joined(id)]
      .filter((one) => one !== id && this.survivorOf(one) === id)
      .sort()
      .flatMap((one) => this.#rows.get(one) ?? []);
  }

  /** Rows in the order of names. */
  list(offset = 0, limit = Number.POSITIVE_INFINITY): PatientRow[] {
    return this.#ordered()
      .slice(offset, offset + limit)
      .map((entry) => entry.row);
  }

  /**
   * Patients that match every word of the query, best first: by start of names in use or at birth (accents, case and
   * hyphens folded), by birth date in any usual form, by digits of a phone or an identifier; also by those of the records
   * that were merged into them. An empty query gives none.
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

  /** Patients who may be the same person as somebody who is not in the directory yet, the most alike first. */
  duplicatesOf(candidate: AlikeCandidate): { row: PatientRow; alike: Alike }[] {
    const found: { row: PatientRow; alike: Alike }[] = [];
    for (const { row } of this.#byId.values()) {
      const alike = alikeness(candidate, row);
      if (alike !== null) found.push({ row, alike });
    }
    return found.sort((left, right) => right.alike.score - left.alike.score);
  }

  /** Other persons of the very same name in use: only their births tell them apart. */
  homonymsOf(id: string): PatientRow[] {
    const self = this.#byId.get(id);
    if (self === undefined || self.family === '') return [];
    const found: PatientRow[] = [];
    // They stand side by side in the order of names.
    const [entries, name] = [this.#ordered(), nameOrder(self)];
    let place = placeOf(self, entries);
    while (entries[place - 1]?.order.startsWith(name)) place -= 1;
    for (let entry = entries[place]; entry?.order.startsWith(name); entry = entries[++place])
      if (entry !== self && entry.family === self.family && entry.given === self.given) found.push(entry.row);
    return found;
  }

  /** Pairs of records that may be of one person, found piece by piece: `pause` is awaited between two pieces. */
  async possibleDuplicates(pause: () => Promise<void>): Promise<DuplicatePair[]> {
    const blocks = new Map<string, PatientRow[]>();
    const pairs = new Map<string, DuplicatePair>();
    const rows = this.list();
    for (const [place, row] of rows.entries()) {
      if (place % rowsAtOnce === rowsAtOnce - 1) await pause();
      for (const block of blocksOf(row)) {
        const others = blocks.get(block) ?? [];
        for (const other of others) {
          const key = `${other.id} ${row.id}`;
          const alike = pairs.has(key) ? null : alikeness(other, row, true);
          if (alike !== null) pairs.set(key, { rows: [other, row], alike });
        }
        // A number or a date that a whole practice shares by mistake says nothing of anybody.
        if (others.length < largestBlock) blocks.set(block, [...others, row]);
      }
    }
    // What was merged meanwhile is settled.
    return [...pairs.values()]
      .filter(({ rows: pair }) => pair.every(({ id }) => this.#byId.has(id)))
      .sort((left, right) => right.alike.score - left.alike.score);
  }

  rows(): PatientRow[] {
    return [...this.#byId.values()].map((entry) => entry.row);
  }

  /** Of every record, those that were merged into another one too. */
  ids(): string[] {
    return [...this.#rows.keys()];
  }

  clear(): void {
    this.#rows.clear();
    this.#replaced.clear();
    this.#byId.clear();
    this.#sorted = null;
    this.#scan = null;
  }

  #change(id: string, row: PatientRow | null): void {
    const before = this.#rows.get(id) ?? null;
    const isAlone = (before?.replacedBy ?? null) === null && (row?.replacedBy ?? null) === null;
    const isPlain = isAlone && !this.#replaced.has(id);
    const touched = isPlain ? [] : [...this.#joined(id)];
    if (before?.replacedBy != null) this.#replaced.get(before.replacedBy)?.delete(id);
    if (row === null) this.#rows.delete(id);
    else this.#rows.set(id, row);
    if (row?.replacedBy != null) {
      const others = this.#replaced.get(row.replacedBy) ?? new Set();
      this.#replaced.set(row.replacedBy, others.add(id));
    }
    if (isPlain) this.#show(id, row);
    else for (const one of new Set([...touched, ...this.#joined(id)])) this.#showAgain(one);
  }

  /** Every record that a merge ties to this one, itself too. */
  #joined(id: string): Set<string> {
    const joined = new Set<string>([id]);
    // A set grows while it is read.
    for (const one of joined) {
      const next = this.#rows.get(one)?.replacedBy;
      if (next != null) joined.add(next);
      for (const other of this.#replaced.get(one) ?? []) joined.add(other);
    }
    return joined;
  }

  #showAgain(id: string): void {
    const isShown = this.survivorOf(id) === id;
    this.#show(id, isShown ? (this.#rows.get(id) ?? null) : null);
  }

  /** Puts a row in lists and searches in the place of what they had of it; null takes it out. */
  #show(id: string, row: PatientRow | null): void {
    const known = this.#byId.get(id);
    if (known === undefined && row === null) return;
    this.#scan = null;
    // One change among thousands must not make the next search sort them all.
    if (known !== undefined) this.#sorted?.splice(placeOf(known, this.#sorted), 1);
    if (row === null) {
      this.#byId.delete(id);
      return;
    }
    const entry = indexed(row, this.mergedInto(id));
    this.#byId.set(id, entry);
    this.#sorted?.splice(placeOf(entry, this.#sorted), 0, entry);
  }

  #ordered(): readonly Indexed[] {
    this.#sorted ??= [...this.#byId.values()].sort(compareOrder);
    return this.#sorted;
  }
}

/** What the order of all who bear this name begins with. */
function nameOrder({ family, given }: Pick<Indexed, 'family' | 'given'>): string {
  return `${family} ${given} `;
}

const rowsAtOnce = 250;
const largestBlock = 40;

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

function indexed(row: PatientRow, merged: readonly PatientRow[]): Indexed {
  const [family, birth, given] = [fold(row.family), fold(row.birthFamily ?? ''), fold(row.given)];
  // "de la Tour" is looked for as such and as "delatour"; "Paul-Émile" as two words and as one.
  const others = merged.flatMap((one) => [one.family, one.birthFamily ?? '', one.given].map(fold));
  const further = [...row.otherNames, ...merged.flatMap((one) => one.otherNames)];
  const words = [family, birth, given, ...others, ...further].filter((word) => word !== '');
  const joined = words.filter((word) => word.includes(' ')).map((word) => word.replaceAll(' ', ''));
  const all = [row, ...merged];
  const numbers = all.flatMap((one) => [...one.phones.map(nationalDigits), ...one.identifiers]);
  const digits = numbers.map((number) => number.replace(/[^0-9A-Za-z]/g, '').toUpperCase()).join(' ');
  const searched = { words: ` ${[...words, ...joined].join(' ')} `, digits, birthDate: row.birthDate };
  return {
    row,
    ...searched,
    marks: marksOf(searched),
    order: `${nameOrder({ family, given })}${row.birthDate ?? ''} ${row.id}`,
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
