import type { ErrorFields } from '@serment/core/error';
import type { ImportFinding, ImportFindingCode, Severity } from '../finding.ts';

export interface TypeCounts {
  read: number;
  /** Versions that the batches hold; `keptAsReceived` of them are of a type for which Serment has no schema. */
  stored: number;
  keptAsReceived: number;
  /** The same record twice in the file, word for word. */
  identical: number;
  refused: number;
}

export type CountsByType = ReadonlyMap<string, Readonly<TypeCounts>>;

/** Under which a part is counted when it is too broken to tell its type. */
export const unknownType = '?';

export interface Place {
  readonly line: number | null;
  readonly entry: number | null;
}

export interface FindingDetails {
  readonly type?: string | null;
  readonly fields?: ErrorFields;
}

/** Collects what one file's reading finds and counts. */
export class ImportReport {
  readonly findings: ImportFinding[] = [];
  readonly counts = new Map<string, TypeCounts>();

  count(type: string, what: keyof TypeCounts): void {
    const counts = this.counts.get(type) ?? { read: 0, stored: 0, keptAsReceived: 0, identical: 0, refused: 0 };
    counts[what] += 1;
    this.counts.set(type, counts);
  }

  note(code: ImportFindingCode, place: Place, details: FindingDetails = {}): void {
    this.#add('note', code, { place, ...details });
  }

  warn(code: ImportFindingCode, place: Place, details: FindingDetails = {}): void {
    this.#add('warning', code, { place, ...details });
  }

  /** A part that was read and is not stored. */
  refuse(code: ImportFindingCode, place: Place, details: FindingDetails = {}): void {
    this.count(details.type ?? unknownType, 'refused');
    this.#add('refused', code, { place, ...details });
  }

  /** The whole file: what was counted stays said, nothing is stored. */
  refuseFile(code: ImportFindingCode, fields: ErrorFields = {}): ImportFinding {
    const finding: ImportFinding = { code, severity: 'refused', line: null, entry: null, type: null, fields };
    this.findings.push(finding);
    return finding;
  }

  #add(severity: Severity, code: ImportFindingCode, details: FindingDetails & { place: Place }): void {
    const { place, type = null, fields = {} } = details;
    this.findings.push({ code, severity, line: place.line, entry: place.entry, type, fields });
  }
}
