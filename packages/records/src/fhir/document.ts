import { z } from 'zod/mini';
import { isJsonObject, type JsonObject, type JsonValue } from '../json-text.ts';
import { textAt } from '../page/element-text.ts';
import { type DocumentReference, documentReferenceSchema } from './clinical.ts';
import { type DocumentTypeName, documentTypeConcept } from './document-types.ts';
import { checkResource } from './own-resource.ts';

/** Where a document stands in a stream: `urn:serment:document:<blob id in hexadecimal>`. */
export const documentScheme = 'urn:serment:document:';

/** What a person says of a document, at once or later. */
export interface DocumentDetails {
  readonly title: string;
  /** Null for one that is left as it is, or not said. */
  readonly type: DocumentTypeName | null;
  /** Of the document itself, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; '' when it is not known. */
  readonly day: string;
  /** Whoever wrote it, in words; '' when it is not known. */
  readonly author: string;
  readonly tags: readonly string[];
}

export interface NewDocumentReference extends DocumentDetails {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` of whoever files it. */
  readonly filedBy: string;
  /** Date and time with its offset, of its filing. */
  readonly at: string;
  readonly blobId: string;
  readonly mediaType: string;
  readonly size: number;
  /** What the file that came could do was taken out of it before it was kept. */
  readonly isMadeInert: boolean;
}

const detailsSchema = z.pick(documentReferenceSchema, {
  type: true,
  category: true,
  author: true,
  description: true,
  content: true,
});
const markSystem = 'urn:serment:document';
const inertMark = 'made-inert';

/** A document of a patient's file. Throws RESOURCE_INVALID. */
export function newDocument(id: string, document: NewDocumentReference): DocumentReference {
  const { patient, filedBy, at, blobId, mediaType, size, title, day, author, isMadeInert } = document;
  return checkResource(documentReferenceSchema, {
    ...{ resourceType: 'DocumentReference', id, status: 'current' },
    ...(isMadeInert ? { meta: { tag: [{ system: markSystem, code: inertMark }] } } : {}),
    ...(document.type === null ? {} : { type: documentTypeConcept(document.type) }),
    ...categoryOf(document.tags),
    ...{ subject: { reference: patient }, date: at },
    author: author === '' ? [{ reference: filedBy }] : [{ display: author }],
    description: title,
    content: [
      {
        attachment: {
          ...{ contentType: mediaType, url: `${documentScheme}${blobId}`, size, title },
          ...(day === '' ? {} : { creation: day }),
        },
      },
    ],
  });
}

/**
 * The same document, described otherwise; whatever else its record says stays, as an import brought it. Throws
 * RESOURCE_INVALID for details that no document has.
 */
export function describedDocument(resource: JsonObject, details: DocumentDetails): JsonObject {
  const { title, type, day, author, tags } = details;
  const attachment = { title, ...(day === '' ? {} : { creation: day }) };
  const { content: _, ...said } = checkResource(detailsSchema, {
    ...(type === null ? {} : { type: documentTypeConcept(type) }),
    ...categoryOf(tags),
    ...(author === '' ? {} : { author: [{ display: author }] }),
    ...{ description: title, content: [{ attachment }] },
  });
  const { category: _before, ...rest } = resource;
  const contents: readonly JsonValue[] = Array.isArray(resource.content) ? resource.content : [];
  const content = contents.map((one, place) => {
    const known = isJsonObject(one) ? one.attachment : undefined;
    if (place > 0 || !isJsonObject(one) || !isJsonObject(known)) return one;
    const { creation: _day, ...kept } = known;
    return { ...one, attachment: { ...kept, ...attachment } };
  });
  return { ...rest, ...(said as JsonObject), content };
}

/** The same document, as one that stands in the wrong file, or no longer. */
export function withDocumentStatus(resource: JsonObject, status: DocumentReference['status']): JsonObject {
  return { ...resource, status };
}

/** Whether a document says that it was made inert before it was kept. */
export function isMadeInert(tags: readonly unknown[]): boolean {
  return tags.some((tag) => textAt(tag, 'system') === markSystem && textAt(tag, 'code') === inertMark);
}

function categoryOf(tags: readonly string[]) {
  return tags.length === 0 ? {} : { category: tags.map((text) => ({ text })) };
}
