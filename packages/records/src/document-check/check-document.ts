import { type ByteSource, bytesToLatin, startsWith } from './byte-source.ts';
import { endsInArchive, foreignKind, hasScript } from './foreign-bytes.ts';
import { type OfficeKind, readZipped, refuseRtf } from './office.ts';
import type { ActivePart } from './pdf-names.ts';
import { scanPdf } from './pdf-scan.ts';
import { type PictureKind, pictureKind, refusePicture } from './picture.ts';
import { decodePlainText } from './plain-text.ts';
import type { RefusalReason } from './refusal.ts';

export type DocumentKind = 'pdf' | PictureKind | OfficeKind | 'text';

/** What a document is by its bytes. `active` lists what a PDF could do, and is taken out before it is kept. */
export type CheckedDocument =
  | { readonly verdict: 'accepted'; readonly kind: DocumentKind }
  | { readonly verdict: 'active'; readonly kind: 'pdf'; readonly active: readonly ActivePart[] }
  | { readonly verdict: 'refused'; readonly reason: RefusalReason };

/** What whoever gives a document calls it. */
export interface DeclaredDocument {
  readonly name: string;
  /** A media type; '' when it is not known. */
  readonly mediaType: string;
}

/** The media type and the ending under which each kind is kept and saved. */
export const documentKinds: Readonly<Record<DocumentKind, { readonly mediaType: string; readonly ending: string }>> = {
  pdf: { mediaType: 'application/pdf', ending: 'pdf' },
  jpeg: { mediaType: 'image/jpeg', ending: 'jpg' },
  png: { mediaType: 'image/png', ending: 'png' },
  webp: { mediaType: 'image/webp', ending: 'webp' },
  heic: { mediaType: 'image/heic', ending: 'heic' },
  text: { mediaType: 'text/plain', ending: 'txt' },
  rtf: { mediaType: 'application/rtf', ending: 'rtf' },
  odt: { mediaType: 'application/vnd.oasis.opendocument.text', ending: 'odt' },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ending: 'docx',
  },
};

const maxDocumentBytes = 200 * 1024 * 1024;
/** Of what is looked at whole: pictures, texts, documents of word processors. */
const maxWholeBytes = 64 * 1024 * 1024;
const headBytes = 4096;
const tailBytes = 2048;

/** Endings that some system runs, or opens with what runs them, whatever the bytes. */
const dangerousEnding =
  /\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vbs?|vbe|jse?|wsf?|wsh|hta|lnk|url|msi|msp|dll|cpl|jar|app|command|sh|desktop|reg|inf|docm|dotm|xlsm|pptm|htm|html|xhtml|svg|mht|chm|iso|img|vhdx?)$/i;

/** What declared types and endings mean; what is not listed says nothing. */
const declaredFamilies: readonly (readonly [RegExp, readonly DocumentKind[]])[] = [
  [/^application\/pdf$|\.pdf$/i, ['pdf']],
  [/^image\/|\.(?:jpe?g|png|webp|hei[cf]|gif|bmp|tiff?)$/i, ['jpeg', 'png', 'webp', 'heic']],
  [/^text\/plain$|\.(?:txt|text)$/i, ['text']],
  [/^(?:application|text)\/rtf$|\.rtf$/i, ['rtf']],
  [/opendocument|\.odt$/i, ['odt']],
  [/officedocument|\.docx$/i, ['docx']],
];

/** Looks at a document before it is let in. Never throws for what the document holds. */
export async function checkDocument(source: ByteSource, declared: DeclaredDocument): Promise<CheckedDocument> {
  if (source.size === 0) return refused('EMPTY');
  if (source.size > maxDocumentBytes) return refused('LARGE');
  const name = declared.name.trim().replace(/[. ]+$/, '');
  if (dangerousEnding.test(name)) return refused('NAME');
  const checked = await checkBytes(source);
  if (checked.verdict === 'refused') return checked;
  const known = [declared.mediaType, name].flatMap((said) =>
    declaredFamilies.filter(([pattern]) => pattern.test(said)),
  );
  return known.every(([, kinds]) => kinds.includes(checked.kind)) ? checked : refused('TYPE_OTHER');
}

async function checkBytes(source: ByteSource): Promise<CheckedDocument> {
  const head = await source.read(0, headBytes);
  if (startsWith(head, '%PDF-')) return checkPdf(source, head);
  const picture = pictureKind(head);
  const isZip = startsWith(head, 'PK\x03\x04');
  const foreign = picture === null && !isZip ? foreignKind(head) : null;
  if (foreign !== null) return refused(foreign);
  if (source.size > maxWholeBytes) return refused('LARGE');
  const bytes = await source.read(0, source.size);
  if (isZip) {
    const read = readZipped(bytes);
    return 'kind' in read ? accepted(read.kind) : refused(read.reason);
  }
  if (await endsInArchive(source)) return refused('POLYGLOT');
  if (picture !== null) {
    const reason = refusePicture(picture, bytes);
    return reason === null ? accepted(picture) : refused(reason);
  }
  // A header within the first bytes is one for most readers of PDF, whatever stands before it.
  if (bytesToLatin(head).slice(0, 1100).includes('%PDF-')) return refused('POLYGLOT');
  if (startsWith(head, '{\\rtf')) {
    const reason = refuseRtf(bytes);
    return reason === null ? accepted('rtf') : refused(reason);
  }
  if (decodePlainText(bytes) === null) return refused('TYPE_UNKNOWN');
  return hasScript(bytes) ? refused('MARKUP') : accepted('text');
}

async function checkPdf(source: ByteSource, head: Uint8Array): Promise<CheckedDocument> {
  if (!/^%PDF-[12]\.\d/.test(bytesToLatin(head.subarray(0, 16)))) return refused('DAMAGED');
  const tail = bytesToLatin(await source.read(Math.max(0, source.size - tailBytes), source.size));
  const end = tail.lastIndexOf('%%EOF');
  if (end === -1) return refused(source.size > tailBytes && (await endsInArchive(source)) ? 'POLYGLOT' : 'TRUNCATED');
  if (!/^%%EOF[\s\0]*$/.test(tail.slice(end)) || (await endsInArchive(source))) return refused('POLYGLOT');
  const { active, isEncrypted, hasHidden, isUnreadable } = await scanPdf(source);
  if (isEncrypted) return refused('PDF_ENCRYPTED');
  if (hasHidden) return refused('PDF_HIDDEN');
  if (isUnreadable) return refused('PDF_UNREADABLE');
  if (active.has('program')) return refused('PDF_PROGRAM');
  if (active.has('attachment')) return refused('PDF_ATTACHMENT');
  return active.size === 0 ? accepted('pdf') : { verdict: 'active', kind: 'pdf', active: [...active].sort() };
}

function accepted(kind: DocumentKind): CheckedDocument {
  return { verdict: 'accepted', kind };
}

function refused(reason: RefusalReason): CheckedDocument {
  return { verdict: 'refused', reason };
}
