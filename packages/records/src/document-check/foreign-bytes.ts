import { type ByteSource, bytesToLatin, indexOfBytes, startsWith } from './byte-source.ts';
import type { RefusalReason } from './refusal.ts';

const archives = [
  'PK\x03\x04',
  'PK\x05\x06',
  'Rar!\x1a\x07',
  '7z\xbc\xaf\x27\x1c',
  '\x1f\x8b\x08',
  'BZh',
  '\xfd7zXZ\x00',
];
const moreArchives = ['MSCF', '!<arch>', '\x28\xb5\x2f\xfd', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'];
/** Mach-O in both byte orders, fat binaries and Java classes (CAFEBABE), DEX, WebAssembly. */
const executables = ['\x7fELF', '\xfe\xed\xfa\xce', '\xfe\xed\xfa\xcf', '\xce\xfa\xed\xfe', '\xcf\xfa\xed\xfe'];
const moreExecutables = ['\xca\xfe\xba\xbe', 'dex\n', '\x00asm'];
const shortcut = 'L\x00\x00\x00\x01\x14\x02\x00';

/** What a file is by its first bytes, when it is nothing that a record holds. */
export function foreignKind(head: Uint8Array): RefusalReason | null {
  if (startsWith(head, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'OLE';
  if (startsWith(head, 'MZ') || [...executables, ...moreExecutables].some((one) => startsWith(head, one)))
    return 'EXECUTABLE';
  if (startsWith(head, shortcut)) return 'SHORTCUT';
  if (startsWith(head, '#!')) return 'SCRIPT';
  if (archives.concat(moreArchives).some((one) => startsWith(head, one))) return 'ARCHIVE';
  if (startsWith(head, 'ustar', 257)) return 'ARCHIVE';
  if (startsWith(head, 'II*\x00') || startsWith(head, 'MM\x00*')) return 'TIFF';
  return isMarkup(head) ? 'MARKUP' : null;
}

/** HTML, SVG, XML: what begins with a tag, whatever mark or space stands before it. */
function isMarkup(head: Uint8Array): boolean {
  const text = bytesToLatin(head.subarray(0, 1024)).replace(/^(?:\u00ef\u00bb\u00bf)?[\s\0]*/, '');
  return /^<(?:[!?a-z])/i.test(text) || hasScript(head.subarray(0, 1024));
}

/** What a browser would run, where a picture or a text has no reason to hold it. */
export function hasScript(bytes: Uint8Array): boolean {
  return /<(?:script|html|svg|iframe|\?php|hta:)|javascript:/i.test(bytesToLatin(bytes));
}

/** Whether what follows a document's own end is another file. */
export function isForeignTail(tail: Uint8Array): boolean {
  const start = tail.findIndex((byte) => byte !== 0 && byte !== 0x0a && byte !== 0x0d && byte !== 0x20);
  if (start === -1) return false;
  const said = tail.subarray(start);
  if (foreignKind(said) !== null || startsWith(said, '%PDF')) return true;
  const anywhere = ['PK\x03\x04', 'PK\x05\x06', 'Rar!\x1a\x07', '7z\xbc\xaf\x27\x1c', '%PDF-', '\x7fELF'];
  return (
    anywhere.some((one) => indexOfBytes(said, one) !== -1) ||
    indexOfBytes(said, 'This program cannot be run') !== -1 ||
    hasScript(said)
  );
}

const endRecordBytes = 22;
const longestComment = 65_535;

/**
 * Whether a ZIP reader would find an archive: it looks for the directory's end from the file's end, whatever the file
 * begins with (GIFAR and the like).
 */
export async function endsInArchive(source: ByteSource): Promise<boolean> {
  const start = Math.max(0, source.size - endRecordBytes - longestComment);
  const tail = await source.read(start, source.size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = indexOfBytes(tail, 'PK\x05\x06'); at !== -1; at = indexOfBytes(tail, 'PK\x05\x06', at + 1)) {
    if (at + endRecordBytes > tail.length) return false;
    const [here, all] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const directory = view.getUint32(at + 12, true);
    if (view.getUint16(at + 4, true) === 0 && here === all && all > 0 && directory <= start + at) return true;
  }
  return false;
}
