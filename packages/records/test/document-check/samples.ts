import { deflateSync, zipSync, zlibSync } from 'fflate';

/** Documents and hostile files, made here: none comes from elsewhere. */

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

export function joined(...parts: readonly (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part));
  const whole = new Uint8Array(all.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One page, and more objects from number 10 on; `catalog` is added to the catalog. */
export function pdfWith(
  objects: readonly (Uint8Array | string)[] = [],
  { catalog = '', trailer = '' }: { readonly catalog?: string; readonly trailer?: string } = {},
): Uint8Array<ArrayBuffer> {
  const content = 'BT /F1 12 Tf 72 720 Td (Bonjour \\(tout\\) le monde) Tj ET';
  const own = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  const numbered = [
    ...own.map((object, place) => [place + 1, object] as const),
    ...objects.map((object, place) => [place + 10, object] as const),
  ];
  let file = joined('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  const offsets = new Map<number, number>();
  for (const [number, object] of numbered) {
    offsets.set(number, file.length);
    file = joined(file, `${number} 0 obj\n`, object, '\nendobj\n');
  }
  const start = file.length;
  const size = 10 + objects.length;
  let table = `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let number = 1; number < size; number += 1) {
    const offset = offsets.get(number);
    table += offset === undefined ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  }
  return joined(file, table, `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`);
}

export function streamObject(entries: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(`<< ${entries} /Length ${data.length} >>\nstream\n`, data, '\nendstream');
}

/** An object stream of one object, packed as every producer does. */
export function objectStream(object: string, entries = '/Type /ObjStm'): Uint8Array<ArrayBuffer> {
  return streamObject(`${entries} /N 1 /First 5 /Filter /FlateDecode`, zlibSync(bytesOf(`20 0 ${object}`)));
}

const segment = (marker: number, data: string) =>
  joined(new Uint8Array([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]), data);

/** The structure of a JPEG; its picture says nothing. */
export function jpegWith(comment = ''): Uint8Array<ArrayBuffer> {
  return joined(
    '\xff\xd8',
    segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0'),
    comment === '' ? '' : segment(0xfe, comment),
    segment(0xda, '\x01\x01\0\0\x3f\0'),
    'donn\xff\x00es\xff\xd0fin',
    '\xff\xd9',
  );
}

/** One dot. */
export const png = bytesOf(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
);

export const webp = joined('RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0');
export const heic = joined('\0\0\0\x18ftypheic\0\0\0\0mif1heic', '\0\0\0\x0cmdatdata');

export const zip = (files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytesOf(text)])), { level: 0 }),
  );

const contentTypes = (main: string) => `<Types><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`;
const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

export const docx = (more: Readonly<Record<string, string>> = {}, main = wordType) =>
  zip({ '[Content_Types].xml': contentTypes(main), 'word/document.xml': '<w:document/>', ...more });

export const odt = (more: Readonly<Record<string, string>> = {}) =>
  zip({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<office/>', ...more });

/** A stream that unpacks to far more than it weighs. */
export function bomb(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(zlibSync(new Uint8Array(sizeBytes), { level: 9 }));
}

export const rawDeflate = (text: string) => Uint8Array.from(deflateSync(bytesOf(text)));
