import { CodedError, type CoreCode } from '@serment/core/error';
import type { RecordsCode } from '@serment/records/error';
import type { ReplicaCode } from '@serment/replica/error';
import type { ServerCode } from '@serment/server/error';
import type { CopyCode } from '@serment/store/copy/copy-error';
import type { StoreCode } from '@serment/store/error';
import type { CliCode } from './error.ts';

type KnownCode = CliCode | CoreCode | RecordsCode | ReplicaCode | StoreCode | CopyCode | ServerCode;

/** Exit statuses, the same for every command. */
export const exits = { done: 0, findings: 1, usage: 2, unreachable: 3, wrongKey: 4, damaged: 5 } as const;

/** Codes that are not exit 1, by exit status. */
const codesByExit: Readonly<Record<number, readonly KnownCode[]>> = {
  [exits.usage]: [
    'USAGE',
    'PATH_MISSING',
    'OUTPUT_NOT_EMPTY',
    'OUTPUT_NOT_EXPORT',
    'TARGET_NOT_EMPTY',
    'KIT_FILE_EXISTS',
    'PATIENT_ABSENT',
    'HTTPS_REQUIRED',
    'RESTORE_TARGET_NOT_EMPTY',
    'RESOURCE_INVALID',
    'INVITATION_REQUIRED',
    'ANSWER_ABSENT',
    'OPERATOR_NAME_INVALID',
    'OPERATOR_UNKNOWN',
    'PRACTICE_UNCLEAR',
    'WITNESS_FOLLOWS',
  ],
  [exits.unreachable]: [
    'UNREACHABLE',
    'SERVER_FAILED',
    'SERVER_NOT_STARTED',
    'SERVER_SILENT',
    'ANSWER_INVALID',
    'PORT_IN_USE',
    'ADDRESS_UNAVAILABLE',
    'PATH_UNREADABLE',
    'OUTPUT_UNWRITABLE',
    'COPY_ABSENT',
    'PROGRAM_MISSING',
    'CACHE_FAILED',
    'DEVICE_IN_USE',
    'WITNESS_ADDRESS',
    'WITNESS_IN_USE',
    'SMS_FAILED',
    'STOPPING',
    'DATA_IN_USE',
    'DATA_NOT_WRITABLE',
    'DISK_FULL',
    'STORAGE_FULL',
    'DATABASE_UNAVAILABLE',
    'BLOB_STORE_FAILED',
    'DATABASE_BINARIES_MISSING',
    'DATABASE_BINARIES_UNUSABLE',
    'DATABASE_ACCOUNT',
    'DATABASE_INIT_FAILED',
    'DATABASE_START_FAILED',
    'DATABASE_URL_INVALID',
    'DATABASE_UNFIT',
    'HOST_KEY_MISSING',
    'HOST_KEY_UNWRITABLE',
    'COPY_NOT_FOUND',
    'COPY_FULL',
    'COPY_READ_ONLY',
    'COPY_FORBIDDEN',
    'COPY_FOLDER_MISSING',
    'COPY_SYNC_FAILED',
    'COPY_NO_LINKS',
    'COPY_DISK_ERROR',
    'COPY_IO_FAILED',
    'SCRATCH_TOO_SMALL',
    'VERIFY_STATE_UNWRITABLE',
    'COPY_UNREACHABLE',
    'COPY_CREDENTIALS_REFUSED',
    'COPY_BUCKET_MISSING',
    'COPY_NOT_LOCKED',
    'COPY_CLOCK_SKEWED',
  ],
  [exits.wrongKey]: [
    'KIT_INVALID',
    'KIT_CHECKSUM',
    'KIT_WRONG',
    'KIT_UNKNOWN',
    'KIT_WITHDRAWN',
    'KIT_QR_DAMAGED',
    'HOLDER_UNKNOWN',
    'HOLDER_REVOKED',
    'SESSION_REFUSED',
    'WRAP_INVALID',
    'PUBLIC_KEY_MISMATCH',
    'HOST_KEY_INVALID',
    'HOST_KEY_WRONG',
    'COMPARTMENT_CLOSED',
    'FORMAT_UNKNOWN',
    'SEALED_INVALID',
    'PASSWORD_WRONG',
    'CODE_WRONG',
    'CODE_EXPIRED',
    'CODE_SPENT',
    'FACTOR_MISSING',
    'FACTOR_UNUSABLE',
    'PASSWORD_UNKNOWN',
    'WAY_UNKNOWN',
  ],
  [exits.damaged]: [
    'DATA_NEWER',
    'DATA_OLDER',
    'DATA_DAMAGED',
    'JOURNAL_DAMAGED',
    'HOST_LIES',
    'COPY_DAMAGED',
    'COPY_FORMAT_UNKNOWN',
    'COPY_DIVERGED',
    'COPY_NOTHING_READABLE',
    'RESTORE_ROOT_MISMATCH',
    'COPY_PRACTICE_UNKNOWN',
    'DOCUMENT_INVALID',
    'COPY_OBJECT_INVALID',
    'ENTRY_INVALID',
    'ENROLMENT_FORGED',
    'DEVICE_DAMAGED',
    'WITNESS_KEY_DAMAGED',
    'WITNESS_STATE_DAMAGED',
  ],
};
const exitOf = new Map<string, number>(
  Object.entries(codesByExit).flatMap(([exit, codes]) => codes.map((code) => [code, Number(exit)] as const)),
);

/** What can be said better here than where the error arose. */
const sayings: Readonly<
  Partial<Record<string, { message?: (error: CodedError) => string; hint?: string; safe?: string }>>
> = {
  KIT_INVALID: {
    message: ({ message, fields }) =>
      typeof fields.group === 'number' ? `Group ${fields.group} has not the characters of a kit` : message,
    hint: 'Compare the kit with the paper: 17 groups of 5 characters.',
  },
  KIT_CHECKSUM: {
    message: ({ fields }) =>
      typeof fields.group === 'number'
        ? `The kit has a typing mistake, in group ${fields.group}`
        : 'The kit has a typing mistake',
    hint: 'Compare the kit with the paper, group by group.',
  },
  FORMAT_UNKNOWN: { hint: 'It was made by a newer version of Serment: use that one.' },
  HOLDER_UNKNOWN: { hint: 'Use the kit of this practice.' },
  HOLDER_REVOKED: {
    message: () => 'A member revoked this device or kit',
    hint: 'Use another kit of the practice, or add this computer anew: serment device add.',
  },
  PASSWORD_WRONG: { hint: 'Run the command again. A forgotten password is chosen anew on any open device.' },
  CODE_WRONG: { hint: 'Run the command again, with a fresh code.' },
  ENROLMENT_REFUSED: { hint: 'Nothing was added. Run device add again if it was a mistake.' },
  ENROLMENT_DIFFERENT: {
    hint: 'Nothing was added, and members are told. Try again on a line that you trust; if it happens again, ask the host.',
  },
  VAULT_RESTORED: {
    message: () => 'This vault was restored and no member has acknowledged it: nothing can be written yet',
    hint: 'With the practice’s agreement: serment practice accept-restore',
  },
  SERVER_REFUSED: {
    message: ({ message, fields }) => `The server refused (${String(fields.refusal ?? fields.server)}): ${message}`,
    hint: 'Run the command again; if the server still refuses, ask its operator.',
  },
  SERVER_FAILED: {
    message: ({ message, fields }) => `The server could not answer (${String(fields.server)}): ${message}`,
    hint: 'See the server’s log, then run the command again.',
  },
  SESSION_REFUSED: { hint: 'Use a kit of this practice that no member has revoked, or another device.' },
  SESSION_CLOSED: { hint: 'Its member closed it from another device: run the command again to go on.' },
  UPLOAD_LOST: { hint: 'Run the command again: the document is read and sent from its beginning.' },
  PRACTICE_INCOMPLETE: { safe: 'Its kit is kept; no other practice was touched' },
  COPY_PRACTICE_UNKNOWN: { hint: 'Give the copy of the practice that the kit belongs to.' },
};

export interface Failure {
  readonly exit: number;
  readonly code: string;
  /** What happened. */
  readonly message: string;
  /** What is safe. */
  readonly safe: string;
  /** What to do. */
  readonly hint: string;
}

/** An error as a person is told of it: three lines, and no more. `safe` is what the command says of its own effects. */
export function failureOf(error: unknown, safe: string): Failure {
  const coded = error instanceof CodedError ? error : null;
  if (coded === null) {
    const hint = 'Run again with SERMENT_DEBUG=1 to see more, and report it.';
    return { exit: exits.findings, code: 'UNEXPECTED', message: 'Something unexpected happened', safe, hint };
  }
  // What the server refused keeps its own code, which may say more.
  const server = String(coded.fields.server ?? '');
  const isOfServer = coded.code === 'SERVER_REFUSED' || coded.code === 'SERVER_FAILED';
  const code = isOfServer && exitOf.has(server) ? server : coded.code;
  const saying = sayings[code];
  return {
    exit: exitOf.get(code) ?? exits.findings,
    code,
    message: saying?.message?.(coded) ?? coded.message,
    safe: saying?.safe ?? safe,
    hint: coded.hint ?? saying?.hint ?? 'Run again with SERMENT_DEBUG=1 to see more.',
  };
}
