import { type DocumentReference, documentReferenceSchema } from '../fhir/clinical.ts';
import { documentScheme } from '../fhir/document.ts';
import { checkResource } from '../fhir/own-resource.ts';
import { hashIdentifier } from '../fhir/reading-task.ts';
import type { DocumentKey } from '../version.ts';

/** What a practice may load; a reader leaves kinds that it does not know where they are. */
export const tableKinds = ['who-growth', 'cim10'] as const;
export type TableKind = (typeof tableKinds)[number];

export interface TableFile {
  /** As the person's file was called. */
  readonly name: string;
  /** Which part of the table it is: an indicator of growth; null for a table of one file. */
  readonly part: string | null;
  /** In hexadecimal. */
  readonly blobId: string;
}

export interface TableInput {
  readonly kind: TableKind;
  /** In words: `OMS 2006, 0–5 ans`. */
  readonly edition: string;
  readonly files: readonly (TableFile & { readonly key: DocumentKey; readonly sha256: string })[];
  /** `Practitioner/…` */
  readonly author: string;
  /** Date and time with its offset. */
  readonly at: string;
}

export interface ReadTable {
  readonly kind: TableKind;
  readonly edition: string;
  readonly at: string;
  readonly files: readonly TableFile[];
}

const tableSystem = 'urn:serment:table';

/** The one record of a kind: two who load it at the same time are seen to. */
export function tableRecordId(kind: TableKind): string {
  return `DocumentReference/table-${kind}`;
}

/** A reference table that the practice loaded (docs/format/record.md, Reference tables). Throws RESOURCE_INVALID. */
export function newTable({ kind, edition, files, author, at }: TableInput): DocumentReference {
  const [, id] = tableRecordId(kind).split('/');
  return checkResource(documentReferenceSchema, {
    ...{ resourceType: 'DocumentReference', id, status: 'current' },
    identifier: files.map(({ sha256 }) => hashIdentifier(sha256)),
    ...{ type: { coding: [{ system: tableSystem, code: kind }] }, description: edition },
    ...{ date: at, author: [{ reference: author }] },
    content: files.map(({ name, part, blobId, key }) => ({
      attachment: { contentType: key.mediaType, url: `${documentScheme}${blobId}`, size: key.size, title: name },
      ...(part === null ? {} : { format: { system: tableSystem, code: part } }),
    })),
  });
}

/** Null for what is no table of a kind that is known. */
export function readTable(resource: unknown): ReadTable | null {
  const read = documentReferenceSchema.safeParse(resource);
  if (!read.success || read.data.subject !== undefined || read.data.status !== 'current') return null;
  const { type, description = '', date = '', content } = read.data;
  const code = type?.coding?.find(({ system }) => system === tableSystem)?.code;
  const kind = tableKinds.find((one) => one === code);
  if (kind === undefined) return null;
  const files = content.flatMap(({ attachment: { url = '', title = '' }, format }) =>
    url.startsWith(documentScheme)
      ? [{ name: title, part: format?.code ?? null, blobId: url.slice(documentScheme.length) }]
      : [],
  );
  return { kind, edition: description, at: date, files };
}
