import { documentScheme, isMadeInert } from '@serment/records/fhir/document';
import { type DocumentTypeName, documentTypeOf } from '@serment/records/fhir/document-types';
import { codesOf, conceptText, dayOf, elementAt, itemsAt, textAt } from '@serment/records/page/element-text';
import { isInError } from '@serment/records/page/resource-words';
import type { RecordView, SaveState } from '@serment/replica/patient-file';
import { type ReadingContext, readResource } from './reading.ts';

/** One document of a file: what is said of it, and where its bytes are. */
export interface DocumentView {
  readonly recordId: string;
  readonly title: string;
  /** Null where it is of none of the kinds that are chosen from here. */
  readonly type: DocumentTypeName | null;
  /** The kind in the words of the record. */
  readonly typeText: string;
  /** FHIR date of the document itself, '' when it is not known. */
  readonly day: string;
  readonly author: string;
  readonly tags: readonly string[];
  readonly place: DocumentPlace;
  readonly isInError: boolean;
  readonly isMadeInert: boolean;
  /** Names of the current versions. */
  readonly versions: readonly string[];
  readonly state: SaveState;
  readonly savedAt: number;
}

/** `elsewhere`: only its address came with an import, and nothing is fetched from there. */
export type DocumentPlace =
  | { readonly kind: 'vault'; readonly blobId: string }
  | { readonly kind: 'inline'; readonly base64: string }
  | { readonly kind: 'elsewhere' };

/** Null for a record that is no document, or was removed. */
export function documentView(record: RecordView, { nameOf }: ReadingContext): DocumentView | null {
  const resource = record.content === null ? null : readResource(record.content);
  if (resource === null || record.type !== 'DocumentReference') return null;
  const type = elementAt(resource, 'type');
  const authors = itemsAt(resource, 'author').map(nameOf);
  return {
    recordId: record.id,
    title: textAt(resource, 'content.attachment.title') || textAt(resource, 'description') || conceptText(type),
    type: documentTypeOf(codesOf(type), conceptText(type)),
    typeText: conceptText(type),
    day: dayOf(textAt(resource, 'content.attachment.creation') || textAt(resource, 'date')),
    author: authors.filter((name) => name !== '').join(', '),
    tags: itemsAt(resource, 'category')
      .map(conceptText)
      .filter((tag) => tag !== ''),
    place: placeOf(resource),
    isInError: record.change === 'entered-in-error' || isInError(resource),
    isMadeInert: isMadeInert(itemsAt(resource, 'meta.tag')),
    versions: record.versions.map(({ version }) => version),
    state: record.state,
    savedAt: record.savedAt,
  };
}

function placeOf(resource: unknown): DocumentPlace {
  const url = textAt(resource, 'content.attachment.url');
  if (url.startsWith(documentScheme)) return { kind: 'vault', blobId: url.slice(documentScheme.length) };
  const base64 = textAt(resource, 'content.attachment.data');
  return base64 === '' ? { kind: 'elsewhere' } : { kind: 'inline', base64 };
}
