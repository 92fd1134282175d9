import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist';
// This is a worker of its own already: parsing stays in it.
import 'pdfjs-dist/build/pdf.worker.min.mjs';
import { frameData } from '../features/documents/frame-data.ts';

const maxImagePixels = 120_000_000;

/** The pages of a PDF as pictures, one at a time. Nothing of it runs: no scripts, no XFA, no links. */
export class DrawnPdf {
  readonly #document: PDFDocumentProxy;

  /** Throws what pdf.js throws. */
  static async open(bytes: Uint8Array): Promise<DrawnPdf> {
    const task = getDocument({
      data: bytes,
      enableXfa: false,
      disableAutoFetch: true,
      useWorkerFetch: false,
      useSystemFonts: false,
      // A worker has no document to add fonts to: letters are drawn as shapes.
      disableFontFace: true,
      standardFontDataUrl: '/',
      wasmUrl: '/',
      iccUrl: '/',
      BinaryDataFactory: DataFactory,
      CanvasFactory,
      FilterFactory,
      maxImageSize: maxImagePixels,
      verbosity: 0,
    });
    return new DrawnPdf(await task.promise);
  }

  private constructor(document: PDFDocumentProxy) {
    this.#document = document;
  }

  get pageCount(): number {
    return this.#document.numPages;
  }

  /** A page as it lies, its longer side `longest` pixels. Throws for a page that is damaged. */
  async draw(number: number, longest: number): Promise<OffscreenCanvas> {
    const page = await this.#document.getPage(number);
    try {
      const own = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: longest / Math.max(own.width, own.height, 1) });
      const canvas = new OffscreenCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
      await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport, annotationMode: 1 }).promise;
      return canvas;
    } finally {
      page.cleanup();
    }
  }

  async close(): Promise<void> {
    await this.#document.loadingTask.destroy();
  }
}

class DataFactory {
  async fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
    const bytes = await frameData(filename);
    if (bytes === null) throw new Error('No such file');
    return new Uint8Array(bytes);
  }
}

interface Drawing {
  canvas: OffscreenCanvas | null;
  context: OffscreenCanvasRenderingContext2D | null;
}

/** As pdf.js makes canvases of a page's document; a worker has none. */
class CanvasFactory {
  create(width: number, height: number): Drawing {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }

  reset({ canvas }: Drawing, width: number, height: number): void {
    if (canvas === null) return;
    canvas.width = width;
    canvas.height = height;
  }

  destroy(drawing: Drawing): void {
    if (drawing.canvas !== null) this.reset(drawing, 0, 0);
    drawing.canvas = null;
    drawing.context = null;
  }

  getNoAlphaContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D | null {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }
}

/** Filters are elements of a page, and change colours alone: a page is read without. */
class FilterFactory {
  addFilter(): string {
    return 'none';
  }
  addHCMFilter(): string {
    return 'none';
  }
  addAlphaFilter(): string {
    return 'none';
  }
  addLuminosityFilter(): string {
    return 'none';
  }
  addKnockoutFilter(): string {
    return 'none';
  }
  destroy(): void {
    // Nothing is held.
  }
}
