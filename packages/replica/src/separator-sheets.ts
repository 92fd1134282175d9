import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import {
  isSheetOf,
  kindOfSheet,
  parseSheet,
  type SheetReference,
  sheetKey,
  sheetQr,
  subjectMark,
} from '@serment/core/keys/sheet';
import { type DocumentTypeName, documentTypeNames, isDocumentType } from '@serment/records/fhir/document-types';
import type { Directory } from './directory.ts';
import { ReplicaError } from './error.ts';
import type { Keyring } from './keyring.ts';

/** A sheet to be printed: of a patient (`Patient/…`), of the patient of what stands before, or of one to be said. */
export interface SheetPrinted {
  readonly of: { readonly patient: string } | 'same' | 'ask';
  readonly type: DocumentTypeName | null;
}

/** What a sheet that was scanned says. `unknown`: of this practice by its mark, and of nobody that this device knows. */
export type SheetRead =
  | { readonly is: 'patient'; readonly patient: string; readonly type: DocumentTypeName | null }
  | { readonly is: 'same' | 'ask'; readonly type: DocumentTypeName | null }
  | { readonly is: 'other-practice' | 'unknown' | 'damaged' };

interface SheetsParts {
  readonly keyring: Keyring;
  readonly directory: () => Directory;
  /** Awaited between two pieces of work, so that others have their turn. */
  readonly pause: () => Promise<void>;
}

const marksAtOnce = 500;
const neutral = ['same', 'ask'] as const;

/** The sheets that cut a scanned batch: what their codes hold, and whose they are (docs/format/keys.md). */
export class SeparatorSheets {
  readonly #parts: SheetsParts;
  /** Patients by their mark in hexadecimal, and those that were marked. */
  readonly #patients = new Map<string, string>();
  readonly #marked = new Set<string>();

  constructor(parts: SheetsParts) {
    this.#parts = parts;
  }

  /** What the QR code of a sheet holds. Throws PATIENT_UNKNOWN, COMPARTMENT_CLOSED. */
  print({ of, type }: SheetPrinted): string {
    if (typeof of !== 'string' && this.#parts.directory().get(of.patient) === null)
      throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const subject = typeof of === 'string' ? of : subjectOf(of.patient);
    return sheetQr(this.#key(), { subject, kind: type ?? '' });
  }

  /** Whose sheet it is; null for what is no sheet. Of merged patients, the one that goes on. Throws COMPARTMENT_CLOSED. */
  async read(text: string): Promise<SheetRead | null> {
    let reference: SheetReference | null;
    try {
      reference = parseSheet(text);
    } catch (error) {
      if (error instanceof CodedError) return { is: 'damaged' };
      throw error;
    }
    const key = this.#key();
    if (reference === null) return null;
    if (!isSheetOf(reference, key)) return { is: 'other-practice' };
    for (const is of neutral) {
      const type = typeOf(reference, key, is);
      if (type !== undefined) return { is, type };
    }
    const patient = await this.#patientOf(reference, key);
    const type = patient === null ? undefined : typeOf(reference, key, subjectOf(patient));
    if (patient === null || type === undefined) return { is: 'unknown' };
    return { is: 'patient', patient: this.#parts.directory().survivorOf(patient), type };
  }

  #key() {
    const { keyring } = this.#parts;
    return sheetKey(keyring.epochKey('admin', 1));
  }

  async #patientOf({ subjectMark: wanted }: SheetReference, key: Uint8Array): Promise<string | null> {
    const name = bytesToHex(wanted);
    const unmarked = this.#patients.has(name)
      ? []
      : this.#parts
          .directory()
          .ids()
          .filter((id) => !this.#marked.has(id));
    for (const [place, id] of unmarked.entries()) {
      if (place % marksAtOnce === marksAtOnce - 1) await this.#parts.pause();
      this.#patients.set(bytesToHex(subjectMark(key, subjectOf(id))), id);
      this.#marked.add(id);
    }
    const found = this.#patients.get(name) ?? null;
    return found !== null && this.#parts.directory().get(found) !== null ? found : null;
  }
}

/** The kind that it names, null for none; undefined where it was not printed by this practice. */
function typeOf(reference: SheetReference, key: Uint8Array, subject: string): DocumentTypeName | null | undefined {
  const kind = kindOfSheet(reference, { key, subject, kinds: documentTypeNames });
  if (kind === null) return undefined;
  return isDocumentType(kind) ? kind : null;
}

function subjectOf(patient: string): string {
  return `patient/${patient.slice('Patient/'.length)}`;
}
