import { dayOf, type Fields, isFields, type Language, textAt } from './element-text.ts';
import { displayName, isInError, whenOf } from './resource-words.ts';
import { type Wording, wordingOf } from './wording.ts';

export interface PageRecord {
  /** The parsed JSON of a resource, numbers plain or as written. */
  readonly resource: unknown;
  /** Milliseconds since 1970, when known. */
  readonly receivedAt?: number;
  /** Who wrote it, for display. */
  readonly author?: string;
  /** `Bundle.entry.fullUrl`, through which references may point here. */
  readonly fullUrl?: string | null;
}

export interface PageDocument {
  /** Path of the file relative to the page. */
  readonly fileName: string;
  readonly title: string;
  /** The attachment's url in its DocumentReference, when there is one. */
  readonly url?: string;
}

/** A record sorted for display. */
export interface Item {
  readonly record: PageRecord;
  readonly resource: Fields;
  readonly type: string;
  readonly id: string;
  /** Full date or date and time, '' when undated. */
  readonly when: string;
  readonly day: string;
  readonly inError: boolean;
  /** Anchor of its entry in the complete data. */
  readonly anchor: string;
}

export interface PageContext {
  readonly language: Language;
  readonly wording: Wording;
  readonly items: readonly Item[];
  readonly unreadable: readonly PageRecord[];
  readonly documents: readonly PageDocument[];
  readonly nameOf: (reference: unknown) => string;
}

const namedTypes = new Set(['Organization', 'Location', 'Practitioner', 'RelatedPerson']);

export function buildContext(input: {
  readonly records: readonly PageRecord[];
  readonly documents: readonly PageDocument[];
  readonly language: Language;
}): PageContext {
  const items: Item[] = [];
  const unreadable: PageRecord[] = [];
  input.records.forEach((record, index) => {
    const item = itemOf(record, index);
    if (item === null) unreadable.push(record);
    else items.push(item);
  });
  const names = new Map<string, string>();
  for (const { resource, type, id, record } of items) {
    if (!namedTypes.has(type)) continue;
    const name = displayName(resource);
    if (name === '') continue;
    names.set(`${type}/${id}`, name);
    if (typeof record.fullUrl === 'string') names.set(record.fullUrl, name);
  }
  const nameOf = (reference: unknown): string => {
    const target = textAt(reference, 'reference');
    return (
      textAt(reference, 'display') ||
      (names.get(target) ?? names.get(target.replace(/^urn:uuid:/, 'Practitioner/')) ?? '')
    );
  };
  return {
    language: input.language,
    wording: wordingOf(input.language),
    items,
    unreadable,
    documents: input.documents,
    nameOf,
  };
}

function itemOf(record: PageRecord, index: number): Item | null {
  const { resource } = record;
  if (!isFields(resource)) return null;
  const type = textAt(resource, 'resourceType');
  if (type === '') return null;
  const when = whenOf(resource);
  return {
    record,
    resource,
    type,
    id: textAt(resource, 'id'),
    when,
    day: dayOf(when),
    inError: isInError(resource),
    anchor: `r${index + 1}`,
  };
}
