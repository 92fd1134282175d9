import { getDocument, type PDFPageProxy } from 'pdfjs-dist';
// Parsing stays in this frame, which has no origin: a worker of it could not be started, and is not needed.
import 'pdfjs-dist/build/pdf.worker.min.mjs';
import type { FrameData } from './frame.ts';
import { drawnScale, type ShownPage } from './shown-page.ts';

const maxImagePixels = 120_000_000;

/** The pages of a PDF. This release of pdf.js evaluates nothing, and has no option for it any more. Nothing of it runs: no scripts, no XFA, no links. Throws what pdf.js throws. */
export async function pdfPages(bytes: ArrayBuffer, data: FrameData): Promise<ShownPage[]> {
  class DataFactory {
    fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
      return data(filename);
    }
  }
  const task = getDocument({
    data: new Uint8Array(bytes),
    enableXfa: false,
    disableAutoFetch: true,
    useWorkerFetch: false,
    useSystemFonts: false,
    standardFontDataUrl: '/',
    wasmUrl: '/',
    iccUrl: '/',
    BinaryDataFactory: DataFactory,
    maxImageSize: maxImagePixels,
    verbosity: 0,
  });
  const document = await task.promise;
  const first = await document.getPage(1);
  const pages: ShownPage[] = [];
  // Most documents have pages of one size: the others take theirs when they are drawn.
  const { width, height } = first.getViewport({ scale: 1 });
  for (let number = 1; number <= document.numPages; number += 1)
    pages.push(shownPage(() => (number === 1 ? Promise.resolve(first) : document.getPage(number)), width, height));
  return pages;
}

function shownPage(ask: () => Promise<PDFPageProxy>, width: number, height: number): ShownPage {
  return {
    width,
    height,
    async draw(canvas, wanted, quarters) {
      const page = await ask();
      const own = page.getViewport({ scale: 1 });
      const fitted = (wanted * width) / own.width;
      const scale = drawnScale(own.width, own.height, fitted);
      const viewport = page.getViewport({ scale, rotation: (page.rotate + quarters * 90) % 360 });
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      await page.render({ canvas, viewport, annotationMode: 1 }).promise;
      page.cleanup();
    },
    async text() {
      const { items } = await (await ask()).getTextContent();
      return items.map((item) => ('str' in item ? item.str : '')).join(' ');
    },
  };
}
