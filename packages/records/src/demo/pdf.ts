/** Helvetica advance widths for the printable ASCII characters, in thousandths of the type size (Adobe core font metrics). */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
] as const;

/** Characters of Windows-1252 that are not at their Unicode place. */
const special: Readonly<Record<string, number>> = {
  '€': 0x80,
  '…': 0x85,
  Œ: 0x8c,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  œ: 0x9c,
};

export interface PdfLetter {
  readonly title: string;
  readonly from: string;
  readonly paragraphs: readonly string[];
}

const page = { width: 595, height: 842, margin: 72 };

/** One A4 page of text as a PDF 1.4 file: no date, no random identifier, so that the same letter is the same bytes. */
export function writePdf(letter: PdfLetter): Uint8Array<ArrayBuffer> {
  const content = pageContent(letter);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    `<< /Title (${pdfText(letter.title)}) /Producer (Serment) >>`,
  ];
  let file = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n';
  const offsets: number[] = [];
  objects.forEach((object, index) => {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) file += `${String(offset).padStart(10, '0')} 00000 n \n`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  // Every character of the string is one byte here, so positions counted above are file offsets.
  return Uint8Array.from(file, (character) => character.charCodeAt(0));
}

function pageContent(letter: PdfLetter): string {
  let y = page.height - page.margin;
  let content = '';
  const line = (text: string, font: 'F1' | 'F2', size: number): void => {
    if (y < page.margin) return;
    content += `BT /${font} ${size} Tf ${page.margin} ${y} Td (${pdfText(text)}) Tj ET\n`;
    y -= Math.round(size * 1.45);
  };
  const room = page.width - 2 * page.margin;
  for (const text of wrap(letter.from, 10, room)) line(text, 'F1', 10);
  y -= 26;
  for (const text of wrap(letter.title, 16, room * 0.92)) line(text, 'F2', 16);
  y -= 12;
  for (const paragraph of letter.paragraphs) {
    for (const text of wrap(paragraph, 11, room)) line(text, 'F1', 11);
    y -= 8;
  }
  y = page.margin + 14;
  line('Document invent\u00e9 : cabinet de d\u00e9monstration.', 'F1', 8);
  return content;
}

function wrap(text: string, size: number, room: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (textWidth(longer, size) > room && current !== '') {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  if (current !== '') lines.push(current);
  return lines;
}

function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text.normalize('NFD')) {
    const code = character.charCodeAt(0);
    if (code < 0x300 || code > 0x36f) sum += widths[code - 32] ?? 556;
  }
  return (sum * size) / 1000;
}

/** A PDF string in Windows-1252; what that encoding lacks becomes its base letter or a question mark. */
function pdfText(text: string): string {
  let out = '';
  for (const character of text) {
    const base = character.normalize('NFD').charAt(0);
    const code =
      special[character] ??
      (character.charCodeAt(0) < 0x100
        ? character.charCodeAt(0)
        : base.charCodeAt(0) < 0x100
          ? base.charCodeAt(0)
          : 0x3f);
    const byte = String.fromCharCode(code);
    out += byte === '(' || byte === ')' || byte === '\\' ? `\\${byte}` : byte;
  }
  return out;
}
