import { recordTitle } from '@serment/records/page/resource-words';
import { typeName } from '@serment/records/page/wording';
import type { PatientFile } from '@serment/replica/patient-file';
import type { Language } from '../i18n/language.ts';
import { readResource } from './reading.ts';

const toldRecords = 5;

/** What the practice reads in each entry of a file, by the entry's number: the records whose current version it holds. */
export function tellsByEntry(file: PatientFile, language: Language): Map<number, { tells: string[]; more: number }> {
  const found = new Map<number, { tells: string[]; more: number }>();
  for (const record of file.records) {
    for (const version of record.versions) {
      const resource = version.content === null ? null : readResource(version.content);
      if (version.index === null || resource === null) continue;
      const entry = found.get(version.index) ?? { tells: [], more: 0 };
      const words = recordTitle(resource, language);
      if (entry.tells.length < toldRecords)
        entry.tells.push([typeName(record.type, language), words].filter(Boolean).join(', '));
      else entry.more += 1;
      found.set(version.index, entry);
    }
  }
  return found;
}
