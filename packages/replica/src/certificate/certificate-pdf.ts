import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from '@cantoo/pdf-lib';
import { encodeQR } from 'qr';
import type { Certificate } from './certificate.ts';
import { type CertificateLanguage, certificateText } from './certificate-words.ts';
import { checkScript } from './check-script.ts';

/** A4 in points. */
const paper = { width: 595, height: 842, margin: 57 };
const [ink, soft, hair] = [rgb(0.11, 0.11, 0.1), rgb(0.36, 0.35, 0.32), rgb(0.84, 0.83, 0.8)];
const labelWidth = 130;
const qrSize = 104;

interface Fonts {
  readonly serif: PDFFont;
  readonly sans: PDFFont;
  readonly mono: PDFFont;
}

/** Two pages, legible in grey: one in the doctor's words, one in the host's with what checks it. */
export async function certificatePdf(
  certificate: Certificate,
  language: CertificateLanguage,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = certificateText(certificate, language);
  const document = await PDFDocument.create();
  document.setTitle(`Serment · ${text.number}`);
  document.setLanguage(language);
  document.setCreationDate(new Date(certificate.madeAt));
  document.setProducer('Serment');
  document.setCreator('Serment');
  const fonts = {
    serif: await document.embedFont(StandardFonts.TimesRoman),
    sans: await document.embedFont(StandardFonts.Helvetica),
    mono: await document.embedFont(StandardFonts.Courier),
  };

  const first = new Sheet(document.addPage([paper.width, paper.height]), fonts);
  first.head(text.number);
  first.title(text.title);
  for (const row of text.rows) first.row(row);
  first.line();
  first.heading(text.limitsTitle);
  first.paragraph(text.limits);
  const beside = first.y;
  first.heading(text.checkTitle);
  const [rootOf = '', root = '', how = ''] = text.check;
  first.paragraph(rootOf, qrSize + 20);
  first.gap();
  first.mono(root.match(/.{1,32}/g) ?? []);
  first.paragraph(how, qrSize + 20);
  first.qr(certificate.note, beside - 26);

  const second = new Sheet(document.addPage([paper.width, paper.height]), fonts);
  second.head(text.number);
  second.heading(text.hostTitle);
  second.paragraph(text.hostLead);
  second.gap();
  for (const row of text.hostRows) second.row(row, 8);
  second.line();
  second.heading(text.scriptTitle);
  second.paragraph(text.scriptLead);
  second.mono(checkScript(certificate, text.script), 7);
  return Uint8Array.from(await document.save({ useObjectStreams: false }));
}

/** A page that is written from its top to its foot. */
class Sheet {
  y = paper.height - paper.margin;
  readonly #page: PDFPage;
  readonly #fonts: Fonts;

  constructor(page: PDFPage, fonts: Fonts) {
    this.#page = page;
    this.#fonts = fonts;
  }

  head(words: string): void {
    const { serif, sans } = this.#fonts;
    this.#draw('Serment', { font: serif, size: 15 });
    const right = safe(words, sans);
    this.#draw(right, { font: sans, size: 8.5, x: paper.width - paper.margin - sans.widthOfTextAtSize(right, 8.5) });
    this.y -= 40;
  }

  title(words: string): void {
    this.#wrapped(words, { font: this.#fonts.serif, size: 23, leading: 28, room: 380 });
    this.y -= 16;
  }

  heading(words: string): void {
    this.y -= 24;
    this.#wrapped(words, { font: this.#fonts.serif, size: 13, leading: 17 });
    this.y -= 4;
  }

  paragraph(words: string, kept = 0): void {
    const room = Math.min(paper.width - 2 * paper.margin - kept, 400);
    this.#wrapped(words, { font: this.#fonts.sans, size: 9.5, leading: 14, room });
  }

  row([label, value]: readonly [string, string], size = 9.5): void {
    this.line();
    const { sans } = this.#fonts;
    const top = this.y;
    this.y -= 4;
    this.#draw(label, { font: sans, size, color: soft, y: this.y - size });
    const room = paper.width - 2 * paper.margin - labelWidth;
    this.#wrapped(value, { font: sans, size, leading: size * 1.45, x: paper.margin + labelWidth, room });
    this.y = Math.min(this.y, top - size - 8) - 5;
  }

  mono(lines: readonly string[], size = 8.5): void {
    for (const line of lines) {
      this.y -= size * 1.25;
      this.#draw(line, { font: this.#fonts.mono, size });
    }
    this.gap();
  }

  gap(): void {
    this.y -= 8;
  }

  line(): void {
    const [start, end] = [paper.margin, paper.width - paper.margin].map((x) => ({ x, y: this.y }));
    if (start !== undefined && end !== undefined) this.#page.drawLine({ start, end, thickness: 0.6, color: hair });
  }

  /** At the right, its top at `top`. */
  qr(text: string, top: number): void {
    const modules = encodeQR(text, 'raw', { ecc: 'low', border: 1 });
    const side = qrSize / modules.length;
    const left = paper.width - paper.margin - qrSize;
    for (const [row, cells] of modules.entries())
      for (const [column, isDark] of cells.entries())
        if (isDark)
          this.#page.drawRectangle({
            ...{ x: left + column * side, y: top - (row + 1) * side },
            // A hair over, or viewers show seams.
            ...{ width: side + 0.05, height: side + 0.05, color: ink },
          });
  }

  #wrapped(
    words: string,
    {
      font,
      size,
      leading,
      room,
      x = paper.margin,
    }: { font: PDFFont; size: number; leading: number; room?: number; x?: number },
  ): void {
    const width = room ?? paper.width - 2 * paper.margin;
    for (const line of wrap(safe(unparted(words), font), (text) => font.widthOfTextAtSize(text, size) <= width)) {
      this.y -= leading;
      this.#draw(line, { font, size, x, y: this.y + leading - size });
    }
  }

  #draw(
    words: string,
    {
      font,
      size,
      color = ink,
      x = paper.margin,
      y = this.y,
    }: { font: PDFFont; size: number; color?: typeof ink; x?: number; y?: number },
  ): void {
    this.#page.drawText(safe(words, font), { font, size, color, x, y });
  }
}

/** No line begins with a punctuation mark, nor parts a figure from what it counts. */
function unparted(text: string): string {
  return text.replace(/ (?=[:;?!»])|(?<=[«°]) |(?<=\d) (?=\p{L})/gu, '\u00a0');
}

/** Lines that fit; a word that does not is cut. */
function wrap(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (fits(longer)) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    current = '';
    for (const character of word) {
      if (!fits(current + character)) {
        lines.push(current);
        current = '';
      }
      current += character;
    }
  }
  return [...lines, current];
}

/** What the fonts of every PDF reader can write (Windows-1252); anything else becomes its base letter, or a question mark. */
function safe(text: string, font: PDFFont): string {
  const known = new Set(font.getCharacterSet());
  const has = (character: string) => known.has(character.codePointAt(0) ?? 0);
  let written = '';
  for (const character of text.replaceAll('\u202f', '\u00a0')) {
    const base = character.normalize('NFD').charAt(0);
    written += has(character) ? character : has(base) ? base : '?';
  }
  return written;
}
