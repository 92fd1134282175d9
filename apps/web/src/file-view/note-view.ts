import { itemsAt, textAt } from '@serment/records/page/element-text';
import { noteSections } from '@serment/records/page/resource-words';
import type { VersionView } from '@serment/replica/patient-file';
import { catalogues } from '../i18n/catalogues.ts';
import { type Read, type ReadingContext, readResource } from './reading.ts';
import { measures, treatments } from './sentence.ts';
import type { NoteSide, NoteView } from './view.ts';

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
    title: textAt(resource, 'title') || catalogues[context.language].file.consultation,
    author: authors.join(', ') || (last?.authorName ?? null),
    date: textAt(resource, 'date'),
    status,
    sections: noteSections(resource),
    measures: measures(around, context),
    treatments: treatments(around),
    isEditable: status === 'preliminary',
    versions: record.versions.map(({ version }) => version),
    sides: record.isConflict ? record.versions.flatMap((version) => noteSide(version)) : [],
    state: record.state,
    savedAt: record.savedAt,
    isChanged: record.change === 'edit',
  };
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
    },
  ];
}
