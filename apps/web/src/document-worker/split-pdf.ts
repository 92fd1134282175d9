import { PDFDocument } from '@cantoo/pdf-lib';

/** Pages of one PDF, from 1, in their order. */
export interface PagesOf {
  readonly document: PDFDocument;
  readonly pages: readonly number[];
}

/** Throws what a damaged PDF makes of it. */
export async function openPdf(file: Blob): Promise<PDFDocument> {
  return PDFDocument.load(new Uint8Array(await file.arrayBuffer()), { updateMetadata: false });
}

/**
 * The pages, in their order, as one PDF: what each is made of is copied as it stands, so that a scan loses nothing. Throws
 * RangeError for a page that is not there.
 */
export async function joinedPages(runs: readonly PagesOf[]): Promise<Uint8Array<ArrayBuffer>> {
  const made = await PDFDocument.create({ updateMetadata: false });
  for (const { document, pages } of runs) {
    const places = pages.map((page) => page - 1);
    if (places.some((place) => place < 0 || place >= document.getPageCount())) throw new RangeError('No such page');
    for (const page of await made.copyPages(document, places)) made.addPage(page);
  }
  return Uint8Array.from(await made.save({ useObjectStreams: false, addDefaultPage: false }));
}
