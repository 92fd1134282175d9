import { RecordsError } from '@serment/records/error';
import type { RecordState } from '@serment/records/fold';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@serment/records/json-text';

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

interface Indexed {
  readonly row: PatientRow;
  /** Folded words, each after a space, so that a word's start is found by one scan. */
  readonly words: string;
  readonly digits: string;
  readonly dates: readonly string[];
  readonly order: string;
}

/** The practice's patients in memory, for lists and searches that answer within a frame at 20 000 patients. */
export class Directory {
  readonly #byId = new Map<string, Indexed>();
  #sorted: readonly Indexed[] | null = null;

  get size(): number {
    return this.#byId.size;
  }

  set(row: PatientRow): void {
    this.#byId.set(row.id, indexed(row));
    this.#sorted = null;
  }

  delete(id: string): void {
    if (this.#byId.delete(id)) this.#sorted = null;
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
    const scored: { entry: Indexed; score: number }[] = [];
    for (const entry of this.#ordered()) {
      let score = 0;
      for (const term of terms) {
        const found = scoreOf(entry, term);
        if (found === 0) {
          score = 0;
          break;
        }
        score += found;
      }
      if (score > 0) scored.push({ entry, score });
    }
    // The scan is in the order of names, and the sort is stable.
    scored.sort((left, right) => right.score - left.score);
    return scored.slice(0, limit).map(({ entry }) => entry.row);
  }

  /** Patients who may be the same person: same birth date and alike names, or the same identifier. */
  duplicatesOf(
    candidate: Pick<PatientRow, 'family' | 'birthFamily' | 'given' | 'birthDate' | 'identifiers'>,
  ): PatientRow[] {
    const families = new Set([fold(candidate.family), fold(candidate.birthFamily ?? candidate.family)]);
    const initial = fold(candidate.given).slice(0, 1);
    const found: PatientRow[] = [];
    for (const { row } of this.#byId.values()) {
      const sameIdentifier = row.identifiers.some((identifier) => candidate.identifiers.includes(identifier));
      const sameName = families.has(fold(row.family)) || families.has(fold(row.birthFamily ?? row.family));
      const alike = sameName && fold(row.given).slice(0, 1) === initial && row.birthDate === candidate.birthDate;
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
  }

  #ordered(): readonly Indexed[] {
    this.#sorted ??= [...this.#byId.values()].sort((left, right) =>
      left.order < right.order ? -1 : left.order > right.order ? 1 : 0,
    );
    return this.#sorted;
  }
}

/** Lower case without accents; apostrophes, hyphens and other signs become spaces. */
export function fold(input: string): string {
  return input
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

type Term =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'digits'; readonly text: string }
  | { readonly kind: 'date'; readonly text: string };

const dayPattern = /(?<!\d)(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})(?!\d)/g;
const isoPattern = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g;

function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  let rest = query.replace(isoPattern, (found) => {
    terms.push({ kind: 'date', text: found });
    return ' ';
  });
  rest = rest.replace(dayPattern, (_, day: string, month: string, year: string) => {
    terms.push({
      kind: 'date',
      text: `${year.length === 2 ? '' : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
    });
    return ' ';
  });
  // A phone or a NIR is typed with spaces or dots; its digits are one term.
  rest = rest.replace(/(?<![\p{L}\d])\+?[\d][\d .]*\d(?![\p{L}\d])/gu, (found) => {
    const digits = found.replace(/\D/g, '');
    if (digits.length < 3) return found;
    terms.push({ kind: 'digits', text: digits });
    return ' ';
  });
  for (const word of fold(rest).split(' ')) if (word !== '') terms.push({ kind: 'word', text: word });
  return terms;
}

function scoreOf(entry: Indexed, term: Term): number {
  if (term.kind === 'date') return entry.dates.some((date) => date.endsWith(term.text)) ? 4 : 0;
  if (term.kind === 'digits') return digitScore(entry, term.text);
  const at = entry.words.indexOf(` ${term.text}`);
  if (at < 0) return entry.words.includes(term.text) ? 1 : 0;
  const end = entry.words[at + term.text.length + 1];
  return (at === 0 ? 3 : 2) + (end === ' ' ? 1 : 0);
}

function digitScore(entry: Indexed, digits: string): number {
  if (entry.digits.includes(digits)) return 3;
  // +33 6 12… and 06 12… are the same phone.
  if (digits.startsWith('33') && entry.digits.includes(`0${digits.slice(2)}`)) return 3;
  if (digits.length === 8) {
    const date = `${digits.slice(4)}-${digits.slice(2, 4)}-${digits.slice(0, 2)}`;
    if (entry.dates.includes(date)) return 4;
  }
  return digits.length === 4 && entry.dates.some((date) => date.startsWith(digits)) ? 2 : 0;
}

function indexed(row: PatientRow): Indexed {
  const families = [row.family, row.birthFamily ?? ''];
  // "de la Tour" is looked for as such and as "delatour"; "Paul-Émile" as two words and as one.
  const words = [...families, row.given].map(fold).filter((word) => word !== '');
  const joined = words.filter((word) => word.includes(' ')).map((word) => word.replaceAll(' ', ''));
  const numbers = [...row.phones.map((phone) => phone.replace(/^\+33/, '0')), ...row.identifiers];
  return {
    row,
    words: ` ${[...words, ...joined].join(' ')} `,
    digits: numbers.map((number) => number.replace(/[^0-9A-Za-z]/g, '')).join(' '),
    dates: row.birthDate === null ? [] : [row.birthDate],
    order: `${fold(row.family)} ${fold(row.given)} ${row.birthDate ?? ''} ${row.id}`,
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
