/** Whose a report says it is, as its sender wrote it: proposed to a person, never believed. */
export interface ReceivedIdentity {
  /** In use, or all that is known. */
  readonly family: string;
  readonly given: string;
  readonly birthFamily: string | null;
  /** FHIR date. */
  readonly birthDate: string | null;
  readonly sex: 'male' | 'female' | null;
  /** 13 or 15 characters without spaces: often the number of who is insured, a parent's for a child. */
  readonly nir: string | null;
}

/** What a laboratory says of a value: below, far below, above, far above, within, or odd without a direction. */
export type ResultFlag = 'L' | 'LL' | 'H' | 'HH' | 'N' | 'A';

export interface ReceivedValue {
  /** A JSON number with the characters that were received, a comma made a point; null for words. */
  readonly number: string | null;
  readonly comparator: '<' | '<=' | '>' | '>=' | null;
  /** As received. */
  readonly text: string;
}

export interface ReceivedResult {
  readonly label: string;
  readonly loinc: string | null;
  /** The laboratory's own code. */
  readonly code: string | null;
  readonly value: ReceivedValue | null;
  /** As received, '' for none. */
  readonly unit: string;
  /** JSON numbers. */
  readonly low: string | null;
  readonly high: string | null;
  /** A range in words, '' for none. */
  readonly rangeText: string;
  readonly flag: ResultFlag | null;
  readonly status: 'final' | 'preliminary' | 'corrected';
  /** FHIR date or date and time; null for that of the report. */
  readonly at: string | null;
  /** What the laboratory recalls of an earlier sample. */
  readonly previous: { readonly text: string; readonly at: string | null } | null;
  /** What is said beside, '' for nothing. */
  readonly note: string;
}

/** Plain structured text: whatever a sender wrote, it is shown as characters and nothing else. */
export type TextBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Its lines and spaces are its layout. */
  | { readonly kind: 'lines'; readonly text: string }
  | { readonly kind: 'item'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly hasHead: boolean };

export type ReceivedFindingCode =
  /** Read as another encoding than UTF-8 (`encoding`). */
  | 'ENCODING_GUESSED'
  | 'CONTROL_CHARACTERS'
  /** A header of fewer lines than twelve. */
  | 'HEADER_SHORT'
  | 'IDENTITY_MISSING'
  | 'BIRTH_DATE_ODD'
  | 'DATE_ODD'
  | 'NIR_ODD'
  /** Without its end mark: it was cut. */
  | 'CUT'
  | 'RESULT_ODD'
  | 'RESULTS_MANY'
  /** More reports than were read: they stand in the part all the same. */
  | 'REPORTS_MANY'
  | 'TEXT_LONG'
  /** Too large to be looked into. */
  | 'FILE_LARGE'
  | 'XML_INVALID'
  | 'XML_DOCTYPE'
  | 'XML_DEEP';

export interface ReceivedFinding {
  readonly code: ReceivedFindingCode;
  /** How many times. */
  readonly count: number;
}

export interface ReceivedReport {
  readonly format: 'hprim' | 'cda';
  readonly isLaboratory: boolean;
  readonly title: string;
  readonly identity: ReceivedIdentity | null;
  /** Who made it: a laboratory, an author. */
  readonly sender: string;
  readonly recipient: string;
  /** The sender's own number for it. */
  readonly number: string;
  /** FHIR date, or date and time with its offset. */
  readonly at: string | null;
  readonly results: readonly ReceivedResult[];
  readonly blocks: readonly TextBlock[];
  readonly findings: readonly ReceivedFinding[];
}

/** Findings counted by code, in the order in which they came first. */
export class FindingCount {
  readonly #counts = new Map<ReceivedFindingCode, number>();

  add(code: ReceivedFindingCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  list(): ReceivedFinding[] {
    return [...this.#counts].map(([code, count]) => ({ code, count }));
  }
}

/** Longest text of one field that is taken over: what is longer is in the file, which is kept. */
const maxFieldLength = 2_000;

/** One field on one line: characters that no text has are taken out, spaces joined. */
export function fieldText(text: string): string {
  return text
    .slice(0, maxFieldLength)
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `0,91`, `< 0.12`, `4 450 000`: null for what is no figure. */
export function readNumber(text: string): Pick<ReceivedValue, 'number' | 'comparator'> | null {
  const parts = /^(<=|>=|<|>|≤|≥)?\s*([+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+|[+-]?\d{1,15})?(?:[.,](\d{1,12}))?$/.exec(
    text.trim(),
  );
  if (parts === null) return null;
  const [, sign, whole, decimals] = parts;
  if (whole === undefined && decimals === undefined) return null;
  const [, minus = '', digits = '0'] = /^([+-]?)0*(\d.*)$/.exec((whole ?? '0').replace(/[^\d+-]/g, '')) ?? [];
  const comparator = sign === '≤' ? '<=' : sign === '≥' ? '>=' : (sign as ReceivedValue['comparator'] | undefined);
  const number = `${minus === '-' ? '-' : ''}${digits}${decimals === undefined ? '' : `.${decimals}`}`;
  return { number, comparator: comparator ?? null };
}
