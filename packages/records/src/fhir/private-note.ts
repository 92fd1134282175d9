import type { JsonObject } from '../json-text.ts';
import { codeIn, itemsAt } from '../page/element-text.ts';
import { noteSections } from '../page/resource-words.ts';
import { type Composition, compositionSchema, newNote } from './note.ts';
import { checkResource } from './own-resource.ts';

export interface PrivateNote {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` of the one who reads it. */
  readonly author: string;
  /** Date and time with its offset. */
  readonly date: string;
  readonly title: string;
  readonly text: string;
  /** `Encounter/…` that it stands beside. */
  readonly encounter?: string | undefined;
}

const system = 'urn:serment:note';

/** What a member writes for themself alone, as a Composition that says so (docs/format/record.md). Throws RESOURCE_INVALID. */
export function newPrivateNote(id: string, { text, ...note }: PrivateNote): Composition {
  return checkResource(compositionSchema, {
    ...newNote(id, { ...note, status: 'preliminary', sections: [{ text }] }),
    category: [{ coding: [{ system, code: 'private' }] }],
    // Very restricted (v3-Confidentiality): for programs that an export comes to.
    confidentiality: 'V',
  });
}

/** True for what goes to its author's own compartment, and to no file. */
export function isPrivateNote(resource: JsonObject): boolean {
  if (resource.resourceType !== 'Composition') return false;
  return itemsAt(resource, 'category').some((category) => codeIn(category, system) === 'private');
}

/** The text of one, exactly as it was typed. */
export function privateNoteText(resource: JsonObject): string {
  return noteSections(resource)
    .map(({ text }) => text)
    .join('\n');
}
