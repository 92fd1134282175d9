import { bytesToHex } from '@serment/core/bytes';
import { isDoctor } from '@serment/replica/inbox-tasks';
import type { PatientFile } from '@serment/replica/patient-file';
import type { Practice } from '@serment/replica/practice';
import { fileView } from '../file-view/file-view.ts';
import type { FileView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';

/** A file as its page shows it to this member. */
export function shownFile(practice: Practice, file: PatientFile, language: Language): FileView {
  return fileView(file, {
    language,
    practitioners: practice.directoryRecords(),
    homonyms: practice.directory.homonymsOf(file.row.id),
    isDoctor: (member) => isDoctor(practice, member),
    self: `Practitioner/${bytesToHex(practice.keyring.member)}`,
  });
}
