import { base64ToBytes, bytesToHex } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import type { StreamState } from '@serment/records/fold';
import type { DocumentKey } from '@serment/records/version';

/** An attachment of a patient's records, to be written as a file. */
export interface FoundDocument {
  readonly fileName: string;
  readonly title: string;
  /** As it stands in the resource, for links; null for an attachment that holds its bytes. */
  readonly url: string | null;
  readonly inline: Uint8Array | null;
  readonly key: DocumentKey | null;
}

const scheme = 'urn:serment:document:';
const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/xml': 'xml',
  'application/xml': 'xml',
  'application/json': 'json',
  'application/dicom': 'dcm',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/tiff': 'tif',
};

/** The attachments in resources: those that the vault keeps as documents, and those that hold their bytes in base64. */
export function documentsOf(resources: readonly unknown[], streams: readonly StreamState[]): FoundDocument[] {
  const found = new Map<string, FoundDocument>();
  for (const resource of resources)
    for (const attachment of attachmentsIn(resource)) {
      const document = documentOf(attachment, streams);
      if (document !== null && !found.has(document.fileName)) found.set(document.fileName, document);
    }
  return [...found.values()].sort((left, right) => (left.fileName < right.fileName ? -1 : 1));
}

interface Attachment {
  readonly contentType?: unknown;
  readonly url?: unknown;
  readonly data?: unknown;
  readonly title?: unknown;
}

/** Every Attachment of a resource, wherever it stands; a Binary's own bytes too. */
function* attachmentsIn(value: unknown): Generator<Attachment> {
  if (Array.isArray(value)) for (const item of value) yield* attachmentsIn(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const holder: Attachment & { resourceType?: unknown } = value;
  const isAttachment =
    typeof holder.contentType === 'string' && (typeof holder.data === 'string' || typeof holder.url === 'string');
  if (isAttachment) yield holder;
  for (const item of Object.values(value)) yield* attachmentsIn(item);
}

function documentOf(attachment: Attachment, streams: readonly StreamState[]): FoundDocument | null {
  const mediaType = String(attachment.contentType).split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = extensions[mediaType] ?? 'bin';
  const title = typeof attachment.title === 'string' ? attachment.title : mediaType;
  if (typeof attachment.data === 'string') {
    const inline = decode(attachment.data);
    if (inline === null) return null;
    return { fileName: `${bytesToHex(sha256(inline)).slice(0, 32)}.${extension}`, title, url: null, inline, key: null };
  }
  const url = String(attachment.url);
  if (!url.startsWith(scheme)) return null;
  const blobId = url.slice(scheme.length);
  const key = streams.map((stream) => stream.documents.get(blobId)).find((document) => document !== undefined) ?? null;
  const isName = /^[0-9a-f]{32}$/.test(blobId);
  return isName ? { fileName: `${blobId}.${extension}`, title, url, inline: null, key } : null;
}

/** FHIR's base64 may hold white space. */
function decode(data: string): Uint8Array | null {
  try {
    return base64ToBytes(data.replace(/\s+/g, ''));
  } catch (error) {
    if (error instanceof CoreError) return null;
    throw error;
  }
}
