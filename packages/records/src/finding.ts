import type { ErrorFields } from '@serment/core/error';
import type { RecordsCode } from './error.ts';

/** What reading a file can find. A refusal of a text carries the code that its parser threw. */
export type ImportFindingCode =
  | RecordsCode
  | 'FILE_TOO_LARGE'
  | 'BYTE_ORDER_MARK'
  | 'NOT_A_RESOURCE'
  | 'RESOURCE_TOO_LARGE'
  | 'ID_ASSIGNED'
  | 'ID_NOT_FHIR'
  | 'ID_UNSTORABLE'
  | 'ID_REUSED'
  | 'FULL_URL_UNSTORABLE'
  | 'FULL_URL_REUSED'
  | 'LONE_SURROGATE'
  | 'ENTRY_WITHOUT_RESOURCE'
  | 'ENVELOPE_NOT_KEPT'
  | 'PATIENT_UNKNOWN'
  | 'PATIENT_SEVERAL'
  | 'APPOINTMENT_WITH_REASON'
  | 'EDITED_HERE'
  | 'REMOVED_HERE'
  | 'OTHER_PERSON'
  | 'OTHER_PATIENT';

/** `note`: stored, nothing to do. `warning`: stored, a person should look. `refused`: not stored, the rest was. */
export type Severity = 'note' | 'warning' | 'refused';

export interface ImportFinding {
  readonly code: ImportFindingCode;
  readonly severity: Severity;
  /** Line of an NDJSON file, from 1. */
  readonly line: number | null;
  /** Place in the bundle's `entry`, from 0. */
  readonly entry: number | null;
  readonly type: string | null;
  readonly fields: ErrorFields;
}
