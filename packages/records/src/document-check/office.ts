import { inflate } from '@serment/core/deflate';
import { bytesToLatin, indexOfBytes, startsWith } from './byte-source.ts';
import type { RefusalReason } from './refusal.ts';

export type OfficeKind = 'docx' | 'odt' | 'rtf';

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly offset: number;
  readonly packed: number;
}

const maxEntries = 10_000;
const maxTypesBytes = 4_194_304;
/** Programs, macros and objects of other programs, in the folders where the two formats keep them. */
const program =
  /(?:^|\/)(?:vbaProject|vbaData|macros?|activeX|embeddings|oleObject|Basic|Scripts|Object \d+)(?:[/.\d]|$)|\.(?:bin|exe|dll|js|vbs|ps1|jar|class|ole|hta|lnk)$/i;

/** A document of a word processor, kept as it is and never opened here: which one it is, or why it is refused. */
export function readZipped(bytes: Uint8Array): { readonly kind: OfficeKind } | { readonly reason: RefusalReason } {
  const entries = zipEntries(bytes);
  if (entries === null) return { reason: 'ARCHIVE' };
  const names = new Set(entries.map(({ name }) => name));
  const isOdt = contentOf(bytes, entries, 'mimetype') === 'application/vnd.oasis.opendocument.text';
  const types = contentOf(bytes, entries, '[Content_Types].xml') ?? '';
  const isDocx = names.has('word/document.xml') && types !== '';
  const hasMacros = /macroEnabled|vbaProject/i.test(types);
  if (!(isOdt || isDocx)) return { reason: hasMacros ? 'MACROS' : 'ARCHIVE' };
  if (hasMacros || entries.some(({ name }) => program.test(name))) return { reason: 'MACROS' };
  return { kind: isOdt ? 'odt' : 'docx' };
}

/** Null unless the directory fills exactly what stands between the last entry and the end. */
function zipEntries(bytes: Uint8Array): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (end < 0 || !startsWith(bytes, 'PK\x05\x06', end)) return null;
  const [count, size, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (start + size !== end || count > maxEntries || count === 0) return null;
  const entries: ZipEntry[] = [];
  let at = start;
  for (let place = 0; place < count; place += 1) {
    if (at + 46 > end || !startsWith(bytes, 'PK\x01\x02', at)) return null;
    const nameBytes = view.getUint16(at + 28, true);
    const others = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = bytesToLatin(bytes.subarray(at + 46, at + 46 + nameBytes)).replaceAll('\\', '/');
    // An entry that asks for a key says nothing of what it holds.
    if ((view.getUint16(at + 8, true) & 1) === 1) return null;
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + others;
  }
  return at === end ? entries : null;
}

function contentOf(bytes: Uint8Array, entries: readonly ZipEntry[], wanted: string): string | null {
  const found = entries.filter(({ name }) => name === wanted);
  const [entry] = found;
  if (entry === undefined || found.length > 1) return null;
  const { offset, method, packed } = entry;
  if (offset + 30 > bytes.length || !startsWith(bytes, 'PK\x03\x04', offset)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const data = bytes.subarray(start, start + packed);
  if (method === 0) return bytesToLatin(data);
  const clear = method === 8 ? inflate(data, { maxBytes: maxTypesBytes }) : null;
  return clear === null ? null : bytesToLatin(clear.content);
}

/** Why a rich text is refused: it carries objects of other programs, or does not end as one. */
export function refuseRtf(bytes: Uint8Array): RefusalReason | null {
  const text = bytesToLatin(bytes);
  if (/\\(?:obj(?:data|emb|link|autlink|ocx|update|class|ect)|bin\d|field[^}]{0,40}DDE)/i.test(text)) return 'OBJECTS';
  const end = text.trimEnd().replace(/\0+$/, '').trimEnd();
  return end.endsWith('}') && indexOfBytes(bytes, '\0') === -1 ? null : 'TRUNCATED';
}
