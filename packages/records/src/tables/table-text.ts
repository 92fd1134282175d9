import { RecordsError } from '../error.ts';
import { decodeText } from '../text-bytes.ts';

/** Why a table that somebody chose is not taken, whole. */
export type TableProblem =
  | 'empty'
  | 'size'
  | 'columns'
  | 'sex'
  | 'number'
  | 'order'
  | 'missing-day'
  | 'posture'
  | 'range'
  | 'incomplete'
  | 'indicator'
  | 'code'
  | 'label'
  | 'twice'
  | 'control';

/** Far above what any known table weighs: the whole CIM-10 is under 4 MB. */
export const maxTableBytes = 32 * 1024 * 1024;

/**
 * The text of a table's file, a byte order mark taken off. Throws TABLE_INVALID, TEXT_FOREIGN, TEXT_UTF16,
 * TEXT_WINDOWS_1252, TEXT_UNREADABLE.
 */
export function tableText(bytes: Uint8Array): string {
  if (bytes.length > maxTableBytes) throw tableInvalid('size', null);
  const { text, cut } = decodeText(bytes);
  if (text.trim() === '') throw tableInvalid('empty', null);
  if (cut) throw new RecordsError('TEXT_UNREADABLE', 'The text stops inside a character');
  return text;
}

/** @param line from 1; null for what concerns the whole file */
export function tableInvalid(reason: TableProblem, line: number | null): RecordsError {
  return new RecordsError('TABLE_INVALID', 'The file is not such a table', { fields: { reason, line } });
}
