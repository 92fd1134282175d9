import { blobSource } from '@serment/records/document-check/byte-source';
import {
  type CheckedDocument,
  checkDocument,
  type DeclaredDocument,
} from '@serment/records/document-check/check-document';
import { type ScannedPage, scanPdf } from '@serment/records/scan-pdf';
import type { Certificate } from '@serment/replica/certificate/certificate';
import type { CertificateLanguage } from '@serment/replica/certificate/certificate-words';
import { expose } from 'comlink';
import { type Corners, guessCorners, isWhole, sheetSize, straighten } from './perspective.ts';
import type { ScannedFile, ScannedRun, SeenPage } from './scanned-work.ts';

/** A page as it is kept, and the corners that it was cut along. */
export interface StraightPage extends ScannedPage {
  readonly corners: Corners;
}

/** About 190 dots per inch on A4: small print stays legible. */
const longestSide = 2200;
const guessedSide = 320;
const quality = 0.75;
/** What rewriting a PDF needs of memory is several times its size. */
const maxRewrittenBytes = 64 * 1024 * 1024;

/** What is done with documents from anywhere: apart from the keys, and ended where it takes too long. */
const work = {
  check: (blob: Blob, declared: DeclaredDocument): Promise<CheckedDocument> =>
    checkDocument(blobSource(blob), declared),

  /** The same PDF without what acts, checked again; null where that cannot be done. */
  async makeInert(blob: Blob): Promise<Blob | null> {
    if (blob.size > maxRewrittenBytes) return null;
    const { inertPdf } = await import('./inert-pdf.ts');
    const bytes = await inertPdf(new Uint8Array(await blob.arrayBuffer())).catch(() => null);
    if (bytes === null) return null;
    const inert = new Blob([bytes], { type: 'application/pdf' });
    const { verdict } = await checkDocument(blobSource(inert), { name: '', mediaType: '' });
    return verdict === 'accepted' ? inert : null;
  },

  /** Cut along its corners, or along those that are guessed; turned by quarters; as a JPEG of a reasonable weight. */
  async straighten(
    blob: Blob,
    { corners, quarters }: { corners: Corners | null; quarters: number },
  ): Promise<StraightPage> {
    const picture = await createImageBitmap(blob);
    const cut = corners ?? guessCorners(pixelsOf(picture, scaledTo(picture, guessedSide)));
    const size = sheetSize(cut, picture, longestSide);
    const sheet = isWhole(cut)
      ? pixelsOf(picture, size)
      : straighten(pixelsOf(picture, scaledTo(picture, 2 * longestSide)), cut, size);
    picture.close();
    const jpeg = await turnedJpeg(sheet, quarters);
    const [width, height] = quarters % 2 === 1 ? [size.height, size.width] : [size.width, size.height];
    return { jpeg, width, height, corners: cut };
  },

  async certificate(certificate: Certificate, language: CertificateLanguage): Promise<Blob> {
    const { certificatePdf } = await import('@serment/replica/certificate/certificate-pdf');
    return new Blob([await certificatePdf(certificate, language)], { type: 'application/pdf' });
  },

  assemble: async (pages: readonly ScannedPage[]): Promise<Blob> => scanPdf(pages),

  pageCount: async (file: ScannedFile): Promise<number> => (await scanned()).pageCount(file),
  seePage: async (file: ScannedFile, page: number): Promise<SeenPage> => (await scanned()).seePage(file, page),
  hasSheet: async (files: readonly ScannedFile[], pictures: readonly Blob[]): Promise<boolean> =>
    (await scanned()).hasSheet(files, pictures),
  pagePicture: async (file: ScannedFile, page: number): Promise<Blob> => (await scanned()).pagePicture(file, page),
  cutDocument: async (runs: readonly ScannedRun[]): Promise<Blob | null> => (await scanned()).cutDocument(runs),
};

export type DocumentWork = typeof work;

/** What reads a scanned batch comes with the first one. */
function scanned() {
  return import('./scanned-work.ts');
}

function scaledTo({ width, height }: ImageBitmap, longest: number) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function pixelsOf(picture: ImageBitmap, { width, height }: { width: number; height: number }): ImageData {
  const context = contextOf(new OffscreenCanvas(width, height));
  // What is transparent is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

async function turnedJpeg(
  { data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>,
  quarters: number,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  const isAside = quarters % 2 === 1;
  const turned = new OffscreenCanvas(isAside ? height : width, isAside ? width : height);
  const context = contextOf(turned);
  context.translate(turned.width / 2, turned.height / 2);
  context.rotate((quarters * Math.PI) / 2);
  context.drawImage(canvas, -width / 2, -height / 2);
  return turned.convertToBlob({ type: 'image/jpeg', quality });
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('No canvas');
  return context;
}

expose(work);
