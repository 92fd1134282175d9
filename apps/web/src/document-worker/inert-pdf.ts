import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFObject, PDFStream } from '@cantoo/pdf-lib';
import { activeNames } from '@serment/records/document-check/pdf-names';

/** What begins by itself, whatever it begins. */
const automatic = new Set(['AA', 'OpenAction']);

/**
 * The same pages, written anew without anything that acts: a key that holds an action goes, a dictionary that is one is
 * emptied. Older versions of the file and what no page uses go with it. Throws what a damaged PDF makes of it.
 */
export async function inertPdf(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  for (const [, object] of document.context.enumerateIndirectObjects()) clean(object);
  const written = await document.save({
    useObjectStreams: false,
    addDefaultPage: false,
    updateFieldAppearances: false,
  });
  return Uint8Array.from(written);
}

function clean(object: PDFObject): void {
  const waiting: PDFObject[] = [object];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PDFArray) waiting.push(...next.asArray());
    const dictionary = next instanceof PDFStream ? next.dict : next instanceof PDFDict ? next : null;
    if (dictionary === null) continue;
    const entries = dictionary.entries();
    const isActive = entries.some(([, value]) => value instanceof PDFName && activeNames.has(value.decodeText()));
    for (const [key, value] of entries) {
      const name = key.decodeText();
      if (isActive || activeNames.has(name) || (automatic.has(name) && !(value instanceof PDFArray)))
        dictionary.delete(key);
      else waiting.push(value);
    }
  }
}
