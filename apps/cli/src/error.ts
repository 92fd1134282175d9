import { CodedError } from '@serment/core/error';

/** Every code that the command line throws of its own. */
export type CliCode =
  | 'USAGE'
  | 'PATH_MISSING'
  | 'PATH_UNREADABLE'
  | 'OUTPUT_UNWRITABLE'
  | 'OUTPUT_NOT_EMPTY'
  | 'OUTPUT_NOT_EXPORT'
  | 'OUTPUT_ESCAPES'
  | 'TARGET_NOT_EMPTY'
  | 'KIT_FILE_EXISTS'
  | 'COPY_ABSENT'
  | 'HOST_KEY_WRONG'
  | 'PATIENT_ABSENT'
  | 'PRACTICE_INCOMPLETE'
  | 'SERVER_NOT_STARTED'
  | 'SERVER_SILENT'
  | 'PRACTICE_UNCLEAR'
  | 'PROGRAM_MISSING'
  | 'INTERRUPTED'
  | 'ANSWER_ABSENT'
  | 'DEVICE_DAMAGED'
  | 'DEVICE_IN_USE'
  | 'WITNESS_KEY_DAMAGED'
  | 'WITNESS_ADDRESS'
  | 'WITNESS_IN_USE'
  | 'WITNESS_STATE_DAMAGED'
  | 'WITNESS_FOLLOWS'
  | 'FACTOR_UNUSABLE'
  | 'PASSWORD_UNKNOWN';

export class CliError extends CodedError<CliCode> {}

export function usageError(message: string, command?: string): CliError {
  return new CliError('USAGE', message, { hint: `See: serment ${command === undefined ? '' : `${command} `}--help` });
}

/** The code of a failed call to the system, such as ENOENT; null for any other error. */
export function systemCode(cause: unknown): string | null {
  const isSystem = cause instanceof Error && 'code' in cause && 'syscall' in cause;
  return isSystem ? String(cause.code) : null;
}

/** What the system answered when a file or folder was written. */
export function outputError(cause: unknown): unknown {
  const system = systemCode(cause);
  if (system === null) return cause;
  const isFull = system === 'ENOSPC' || system === 'EDQUOT';
  return new CliError('OUTPUT_UNWRITABLE', isFull ? 'The disk is full' : 'The output cannot be written', {
    cause,
    fields: { system },
    hint: isFull ? 'Free space, or choose a folder on another disk.' : 'Choose a folder that you may write to.',
  });
}
