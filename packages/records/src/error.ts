import { CodedError } from '@serment/core/error';

/** Every code that `@serment/records` throws. What an import or a fold merely reports has its registry in finding.ts. */
export type RecordsCode =
  | 'TEXT_UTF16'
  | 'TEXT_WINDOWS_1252'
  | 'TEXT_UNREADABLE'
  | 'TEXT_FOREIGN'
  | 'JSON_EMPTY'
  | 'JSON_SYNTAX'
  | 'JSON_TRUNCATED'
  | 'JSON_TOO_DEEP'
  | 'JSON_DUPLICATE_KEY'
  | 'RECORD_INVALID'
  | 'SNAPSHOT_INVALID'
  | 'RESOURCE_INVALID'
  | 'MEASURE_UNREADABLE'
  | 'TABLE_INVALID';

export class RecordsError extends CodedError<RecordsCode> {}
