/** A page as a JPEG, with its size in pixels. */
export interface ScannedPage {
  readonly jpeg: Blob;
  readonly width: number;
  readonly height: number;
}

/** A4, in points. */
const paper = { short: 595, long: 842 };
/** Of a cross-reference: 10 digits, 5 digits, a letter and two characters that end it. */
const freeEntry = '0000000000 65535 f \n';

/**
 * A PDF 1.4 of pictures, a page for each (ISO 32000-2, 7.5). The pictures stay blobs, which a browser keeps where it likes:
 * 150 pages are never held in memory at once.
 */
export function scanPdf(pages: readonly ScannedPage[]): Blob {
  const parts: (string | Blob)[] = [];
  const offsets: number[] = [];
  let size = 0;
  // Every character that is written here is ASCII, so lengths are bytes.
  const write = (part: string | Blob) => {
    parts.push(part);
    size += typeof part === 'string' ? part.length : part.size;
  };
  const begin = (number: number, words: string) => {
    offsets[number] = size;
    write(`${number} 0 obj\n${words}`);
  };
  write('%PDF-1.4\n');
  begin(1, '<< /Type /Catalog /Pages 2 0 R >>\nendobj\n');
  const kids = pages.map((_, place) => `${pageNumber(place)} 0 R`).join(' ');
  begin(2, `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>\nendobj\n`);
  for (const [place, page] of pages.entries()) {
    const number = pageNumber(place);
    const { width, height } = pointsOf(page);
    const content = `q ${width} 0 0 ${height} 0 0 cm /P Do Q`;
    begin(
      number,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${number + 1} 0 R /Resources << /XObject << /P ${number + 2} 0 R >> >> >>\nendobj\n`,
    );
    begin(number + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\n`);
    begin(
      number + 2,
      `<< /Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${page.jpeg.size} >>\nstream\n`,
    );
    write(page.jpeg);
    write('\nendstream\nendobj\n');
  }
  const start = size;
  const entries = offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  write(`xref\n0 ${offsets.length}\n${freeEntry}${entries.join('')}`);
  write(`trailer\n<< /Size ${offsets.length} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return new Blob(parts, { type: 'application/pdf' });
}

function pageNumber(place: number): number {
  return 3 + 3 * place;
}

/** As large as a sheet of A4 lets it be, standing or lying as the picture does. */
function pointsOf({ width, height }: ScannedPage): { width: number; height: number } {
  const [across, down] = width > height ? [paper.long, paper.short] : [paper.short, paper.long];
  const scale = Math.min(across / width, down / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
