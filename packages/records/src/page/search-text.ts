import { consentFacts } from '../fhir/consent.ts';
import { conceptText, dayOf, elementAt, type Fields, itemsAt, textAt } from './element-text.ts';
import { isInError, mainWords, noteSections, whenOf } from './resource-words.ts';

/** What a search in all files looks into, of one record. */
export interface SearchedText {
  readonly title: string;
  readonly text: string;
  /** A FHIR day, month or year; '' when the record says none. */
  readonly day: string;
}

type Reader = (resource: Fields) => readonly string[];

/** What is written as sentences, and what names a document; measures and doses are found in their file. */
const readers: Readonly<Record<string, Reader>> = {
  Composition: (resource) =>
    noteSections(resource).map(({ title, text }) => (title === '' ? text : `${title} : ${text}`)),
  DocumentReference: (resource) => [
    textAt(resource, 'content.attachment.title'),
    conceptText(elementAt(resource, 'type')),
    textAt(resource, 'author.display'),
  ],
  DiagnosticReport: (resource) => [textAt(resource, 'conclusion'), textAt(resource, 'performer.display')],
  Communication: (resource) => [
    ...itemsAt(resource, 'payload').map((part) => textAt(part, 'contentString')),
    ...notesOf(resource),
  ],
  Consent: (resource) => [consentFacts(resource).note ?? ''],
  Condition: notesOf,
  Procedure: notesOf,
  AllergyIntolerance: notesOf,
  FamilyMemberHistory: notesOf,
};

/** Null for a record that is not searched, says nothing, or should never have been written. */
export function searchedText(resource: Fields): SearchedText | null {
  const type = textAt(resource, 'resourceType');
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read === undefined || isInError(resource)) return null;
  const title = textAt(resource, 'title') || textAt(resource, 'description') || mainWords(resource);
  const text = [...new Set(read(resource))].filter((part) => part.trim() !== '' && part !== title).join('\n');
  return title === '' && text === '' ? null : { title, text, day: dayOf(whenOf(resource)) };
}

function notesOf(resource: Fields): readonly string[] {
  return itemsAt(resource, 'note').map((note) => textAt(note, 'text'));
}
