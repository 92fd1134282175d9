import { CodedError } from '@serment/core/error';

/** Every code that the copy throws. What verification finds has a registry of its own (finding.ts). */
export type CopyCode =
  | 'COPY_NAME_TAKEN'
  | 'COPY_NOT_FOUND'
  | 'COPY_FULL'
  | 'COPY_READ_ONLY'
  | 'COPY_FORBIDDEN'
  | 'COPY_FOLDER_MISSING'
  | 'COPY_SYNC_FAILED'
  | 'COPY_NO_LINKS'
  | 'COPY_DISK_ERROR'
  | 'COPY_IO_FAILED'
  | 'COPY_UNREACHABLE'
  | 'COPY_CREDENTIALS_REFUSED'
  | 'COPY_BUCKET_MISSING'
  | 'COPY_NOT_LOCKED'
  | 'COPY_CLOCK_SKEWED'
  | 'COPY_DELETE_REFUSED'
  | 'COPY_FORMAT_UNKNOWN'
  | 'COPY_NOT_EMPTY'
  | 'COPY_OF_ANOTHER'
  | 'COPY_PLACE_TAKEN'
  | 'COPIES_FILE_FIXED'
  | 'COPIES_FILE_CHANGED'
  | 'COPIES_FILE_INVALID'
  | 'COPIES_FILE_UNWRITABLE'
  | 'COPY_DIVERGED'
  | 'COPY_NEWER_FENCE'
  | 'COPY_SOURCE_FAILED'
  | 'COPY_SOURCE_INVALID'
  | 'COPY_BLOB_UNREADABLE'
  | 'COPY_DAMAGED'
  | 'COPY_PRACTICE_UNKNOWN'
  | 'COPY_NOTHING_READABLE'
  | 'RESTORE_TARGET_NOT_EMPTY'
  | 'RESTORE_ROOT_MISMATCH'
  | 'SCRATCH_TOO_SMALL'
  | 'VERIFY_STATE_UNWRITABLE';

export class CopyError extends CodedError<CopyCode> {}

const outOfReach: ReadonlySet<CopyCode> = new Set([
  'COPY_UNREACHABLE',
  'COPY_CREDENTIALS_REFUSED',
  'COPY_BUCKET_MISSING',
  'COPY_CLOCK_SKEWED',
]);

/** True for what is wrong with the whole place, and says nothing of one object. */
export function isOutOfReach({ code }: CopyError): boolean {
  return outOfReach.has(code);
}

const systemErrors: Readonly<Record<string, { code: CopyCode; message: string; hint: string }>> = {
  ENOSPC: {
    code: 'COPY_FULL',
    message: 'The copy’s disk is full',
    hint: 'Free space on the disk of the copy, or add another copy folder.',
  },
  EDQUOT: {
    code: 'COPY_FULL',
    message: 'The copy’s quota is used up',
    hint: 'Raise the quota of the copy, or add another copy folder.',
  },
  EROFS: {
    code: 'COPY_READ_ONLY',
    message: 'The copy’s disk is read-only',
    hint: 'Mount the disk of the copy for writing; a disk that turned read-only may be failing.',
  },
  EACCES: {
    code: 'COPY_FORBIDDEN',
    message: 'Writing to the copy is not permitted',
    hint: 'Give the server’s user the right to write in the copy folder.',
  },
  EPERM: {
    code: 'COPY_FORBIDDEN',
    message: 'Writing to the copy is not permitted',
    hint: 'Give the server’s user the right to write in the copy folder.',
  },
  ENOENT: {
    code: 'COPY_FOLDER_MISSING',
    message: 'The copy folder is not there',
    hint: 'Connect or mount the disk of the copy again; nothing is written elsewhere meanwhile.',
  },
  ENOTDIR: {
    code: 'COPY_FOLDER_MISSING',
    message: 'The copy folder is not a folder',
    hint: 'Check the path of the copy folder.',
  },
  EIO: {
    code: 'COPY_DISK_ERROR',
    message: 'The copy’s disk failed to read or write',
    hint: 'Replace the disk of the copy and start a new copy.',
  },
};

/** The coded error of a failed call to the system; anything else came from the store that is copied. */
export function systemToCopyError(cause: unknown): CopyError {
  if (cause instanceof CopyError) return cause;
  const isSystem = cause instanceof Error && 'code' in cause && 'syscall' in cause && typeof cause.code === 'string';
  if (!isSystem) return new CopyError('COPY_SOURCE_FAILED', 'The store could not be read', { cause });
  const system = String(cause.code);
  const known = systemErrors[system];
  if (known !== undefined)
    return new CopyError(known.code, known.message, { cause, fields: { system }, hint: known.hint });
  return new CopyError('COPY_IO_FAILED', 'The copy could not be reached', {
    cause,
    fields: { system },
    hint: 'Check the disk of the copy.',
  });
}
