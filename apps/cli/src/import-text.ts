import type { ImportFinding } from '@serment/records/finding';
import type { FileRefusal } from './import-files.ts';

type Fields = ImportFinding['fields'];

const texts: Readonly<Record<FileRefusal, string | ((fields: Fields) => string)>> = {
  NOT_A_FILE: 'not a file',
  UNREADABLE: ({ system }) => `the system does not let this file be read${system ? ` (${String(system)})` : ''}`,
  FILE_TOO_LARGE: ({ maxBytes }) =>
    `larger than ${Math.round(Number(maxBytes) / 1048576)} MiB: split it, one patient a file, or as NDJSON`,
  BYTE_ORDER_MARK: 'byte order mark passed over',
  TEXT_UTF16: ({ encoding }) => `looks like ${String(encoding)}: save it as UTF-8`,
  TEXT_WINDOWS_1252: 'not UTF-8, looks like Windows-1252: convert it to UTF-8, letters with accents would be lost',
  TEXT_UNREADABLE: 'not text in UTF-8',
  TEXT_FOREIGN: ({ looksLike }) => `not JSON${looksLike ? `, looks like ${String(looksLike)}` : ''}`,
  JSON_EMPTY: 'empty',
  JSON_SYNTAX: ({ offset }) => `not JSON, from character ${Number(offset)} on`,
  JSON_TRUNCATED: ({ offset }) => `cut at character ${Number(offset)}: fetch it again whole`,
  JSON_TOO_DEEP: 'nested too deeply',
  JSON_DUPLICATE_KEY: 'a key is given twice in one object: nobody can tell which counts',
  RECORD_INVALID: 'not a record',
  SNAPSHOT_INVALID: 'not a snapshot',
  RESOURCE_INVALID: 'not a resource that Serment can write',
  MEASURE_UNREADABLE: 'not a value of this measure',
  TABLE_INVALID: 'not such a table',
  NOT_A_RESOURCE: 'not a FHIR resource',
  RESOURCE_TOO_LARGE: 'one resource is over 16 million characters',
  ID_ASSIGNED: 'came without an id and was given one',
  ID_NOT_FHIR: 'kept under an id that FHIR does not allow',
  ID_UNSTORABLE: 'has an id that cannot be kept',
  ID_REUSED: 'the same id with other content: both are kept, a person chooses',
  FULL_URL_UNSTORABLE: 'the address that other records refer to cannot be kept',
  FULL_URL_REUSED: 'two records under one address: references to it are not followed',
  LONE_SURROGATE: 'kept with half a character in it, as it came',
  ENTRY_WITHOUT_RESOURCE: 'an entry without a resource',
  ENVELOPE_NOT_KEPT: 'what stood around the resources is not kept',
  PATIENT_UNKNOWN: 'its patient cannot be told: stored with the practice’s own records',
  PATIENT_SEVERAL: 'concerns several patients: stored with the practice’s own records',
  APPOINTMENT_WITH_REASON: 'stored with clinical records, since it says why',
  EDITED_HERE: 'was changed here since: the file’s version is put beside it, a person chooses',
  REMOVED_HERE: 'was removed here, and stays removed',
  OTHER_PERSON: 'the vault knows another person by this id: nothing of this patient is stored',
  OTHER_PATIENT: 'the same id stands in another patient’s file too',
};

/** What a finding of an import means, in a few words. */
export function sayFinding(code: FileRefusal, fields: Fields): string {
  const text = texts[code];
  return typeof text === 'string' ? text : text(fields);
}
