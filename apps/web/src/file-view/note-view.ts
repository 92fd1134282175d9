import { isSigned } from '@serment/records/fhir/note';
import { codesOf, conceptText, elementAt, itemsAt, textAt } from '@serment/records/page/element-text';
import { mainWords, noteSections } from '@serment/records/page/resource-words';
import type { VersionView } from '@serment/replica/patient-file';
import { type Read, type ReadingContext, readResource } from './reading.ts';
import { measures, treatments } from './sentence.ts';
import type { Line, NoteSide, NoteView } from './view.ts';
import { words } from './words.ts';

/** A note with the measures and prescriptions of its meeting. */
export function noteView(note: Read, around: readonly Read[], context: ReadingContext): NoteView {
  const { record, resource } = note;
  const status = textAt(resource, 'status');
  const authors = itemsAt(resource, 'author')
    .map(context.nameOf)
    .filter((name) => name !== '');
  const last = record.versions.at(-1);
  return {
    recordId: record.id,
    title: textAt(resource, 'title') || words[context.language].file.consultation,
    author: authors.join(', ') || (last?.authorName ?? null),
    date: textAt(resource, 'date'),
    status,
    sections: noteSections(resource),
    encounter: note.encounter,
    measures: measures(around, context),
    diagnoses: diagnoses(around),
    acts: around.filter(({ type }) => type === 'Procedure').map((read) => mainWords(read.resource)),
    treatments: treatments(around),
    isAddendum: itemsAt(resource, 'relatesTo').some((one) => textAt(one, 'code') === 'appends'),
    signedAt: signedAt(resource),
    isEditable: record.versions.every(isUnsigned),
    versions: record.versions.map(({ version }) => version),
    sides: record.isConflict ? record.versions.flatMap((version) => noteSide(version)) : [],
    state: record.state,
    savedAt: record.savedAt,
    isChanged: record.change === 'edit',
  };
}

function diagnoses(around: readonly Read[]): Line[] {
  return around
    .filter(({ type }) => type === 'Condition')
    .map(({ resource }) => {
      const code = elementAt(resource, 'code');
      return { label: conceptText(code), detail: textAt(code, 'text') === '' ? '' : (codesOf(code)[0] ?? '') };
    });
}

/** Who answers for a note says so, and when: an import that is final without it was signed elsewhere. */
function signedAt(resource: Read['resource']): string {
  const attesters = itemsAt(resource, 'attester');
  return textAt(
    attesters.find((one) => textAt(one, 'mode') === 'legal'),
    'time',
  );
}

function isUnsigned({ content }: VersionView): boolean {
  const resource = content === null ? null : readResource(content);
  return resource === null || textAt(resource, 'status') === 'preliminary';
}

function noteSide(version: VersionView): NoteSide[] {
  const resource = version.content === null ? null : readResource(version.content);
  if (resource === null) return [];
  const at = version.receivedAt ?? version.time;
  return [
    {
      version: version.version,
      author: version.authorName,
      at,
      title: textAt(resource, 'title'),
      sections: noteSections(resource),
      isSigned: isSigned(resource),
    },
  ];
}
