import type { PDFDocument } from '@cantoo/pdf-lib';
import { isSheetText } from '@serment/core/keys/sheet';
import { blobSource } from '@serment/records/document-check/byte-source';
import { checkDocument } from '@serment/records/document-check/check-document';
import { DrawnPdf } from './drawn-pdf.ts';
import { codeIn, isBlankPage, readSide } from './scanned-page.ts';
import { joinedPages, openPdf, type PagesOf } from './split-pdf.ts';

/** A PDF of a batch, under a name that stays the same from one call to the next. */
export interface ScannedFile {
  readonly key: string;
  readonly blob: Blob;
}

/** What was seen on one page. */
export interface SeenPage {
  readonly isBlank: boolean;
  /** What its QR code holds; null for none. */
  readonly code: string | null;
  /** A small JPEG of it. */
  readonly picture: Blob;
}

/** A run of pages of one file, from 1. */
export interface ScannedRun {
  readonly file: ScannedFile;
  readonly pages: readonly number[];
}

const pictureSide = 420;
/** A pile begins with a sheet, or has one soon. */
const lookedThrough = 8;

/** Of a batch that goes through, one file is held at a time, to be drawn or to be cut. */
let drawn: { readonly key: string; readonly pdf: Promise<DrawnPdf> } | null = null;
let cut: { readonly key: string; readonly document: Promise<PDFDocument> } | null = null;

export async function pageCount(file: ScannedFile): Promise<number> {
  return (await drawnPdf(file)).pageCount;
}

export async function seePage(file: ScannedFile, page: number): Promise<SeenPage> {
  const canvas = await (await drawnPdf(file)).draw(page, readSide);
  const pixels = pixelsOf(canvas);
  return { isBlank: isBlankPage(pixels), code: codeIn(pixels), picture: await smallPicture(canvas) };
}

/** Whether a separator sheet lies among the first pages of what is being added to one file. */
export async function hasSheet(files: readonly ScannedFile[], pictures: readonly Blob[]): Promise<boolean> {
  for (const picture of pictures.slice(0, lookedThrough)) {
    const bitmap = await createImageBitmap(picture);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    bitmap.close();
    if (isSheetText(codeIn(pixelsOf(canvas)) ?? '')) return true;
  }
  for (const file of files) {
    const pdf = await drawnPdf(file);
    for (let page = 1; page <= Math.min(pdf.pageCount, lookedThrough); page += 1)
      if (isSheetText(codeIn(pixelsOf(await pdf.draw(page, readSide))) ?? '')) return true;
  }
  return false;
}

/** A page to be read by eye, as a JPEG. */
export async function pagePicture(file: ScannedFile, page: number): Promise<Blob> {
  const canvas = await (await drawnPdf(file)).draw(page, readSide);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

/** The pages as one PDF, looked at as every document is; null where that finds anything. */
export async function cutDocument(runs: readonly ScannedRun[]): Promise<Blob | null> {
  await closeDrawn();
  const opened: PagesOf[] = [];
  for (const { file, pages } of runs) opened.push({ document: await cutPdf(file), pages });
  const blob = new Blob([await joinedPages(opened)], { type: 'application/pdf' });
  const { verdict } = await checkDocument(blobSource(blob), { name: '', mediaType: '' });
  return verdict === 'accepted' ? blob : null;
}

async function drawnPdf({ key, blob }: ScannedFile): Promise<DrawnPdf> {
  if (drawn?.key !== key) {
    await closeDrawn();
    cut = null;
    drawn = { key, pdf: blob.arrayBuffer().then((bytes) => DrawnPdf.open(new Uint8Array(bytes))) };
  }
  return drawn.pdf;
}

async function closeDrawn(): Promise<void> {
  const before = drawn;
  drawn = null;
  await before?.pdf.then((pdf) => pdf.close()).catch(() => undefined);
}

async function cutPdf({ key, blob }: ScannedFile): Promise<PDFDocument> {
  if (cut?.key !== key) cut = { key, document: openPdf(blob) };
  return cut.document;
}

function pixelsOf(canvas: OffscreenCanvas): ImageData {
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
  if (pixels === undefined) throw new Error('No canvas');
  return pixels;
}

async function smallPicture(canvas: OffscreenCanvas): Promise<Blob> {
  const scale = pictureSide / Math.max(canvas.width, canvas.height);
  const small = new OffscreenCanvas(Math.ceil(canvas.width * scale), Math.ceil(canvas.height * scale));
  const context = small.getContext('2d');
  if (context === null) throw new Error('No canvas');
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, small.width, small.height);
  return small.convertToBlob({ type: 'image/jpeg', quality: 0.75 });
}
