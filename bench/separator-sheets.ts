import { sheetKey, sheetQr } from '@serment/core/keys/sheet';
import { codeIn } from '../apps/web/src/document-worker/scanned-page.ts';
import {
  letterDrawing,
  scanOf,
  seeded,
  sheetDrawing,
  tiredScan,
} from '../apps/web/test/document-worker/synthetic-scan.ts';
import { type Bench, median } from './bench.ts';

export const separatorSheets: Bench = {
  name: 'separator-sheets',
  title: 'Separator sheets read in scans',
  method: `Sheets drawn as they are printed, then scanned by no scanner: at 150 or 300 dots per inch, in each of four
directions and up to 12° off, leaning up to 3 %, on paper of 190 to 255 with ink 60 to 190 darker, grain of a deviation up to
14, blurred by up to two boxes of three points, darker by up to 40 on one side, one in ten in black and white alone; seeded.
Each is read as the application reads a page. Pages of text, scanned so too, must give no code.`,
  bars: { 'sheets read': { least: 98 }, 'codes on pages of text': { most: 0 } },
  async run({ quick, progress }) {
    const random = seeded(20_261_129);
    const count = quick ? 20 : 200;
    const times: number[] = [];
    let [read, wrong] = [0, 0];
    for (let number = 0; number < count; number += 1) {
      const text = sheetQr(sheetKey(new Uint8Array(32).fill(number)), { subject: `patient/${number}`, kind: '' });
      const options = tiredScan(number, random);
      const pixels = scanOf(sheetDrawing(text), options);
      const start = performance.now();
      const found = codeIn(pixels);
      times.push(performance.now() - start);
      if (found === text) read += 1;
      else progress(`${found === null ? 'not read' : 'read as another'}: ${JSON.stringify(options)}`);
      if (number % 10 === 0 && codeIn(scanOf(letterDrawing, options)) !== null) wrong += 1;
    }
    return [
      { label: 'sheets', value: count, unit: '' },
      { label: 'sheets read', value: (100 * read) / count, unit: '%' },
      { label: 'codes on pages of text', value: wrong, unit: '' },
      { label: 'reading a page, median', value: median(times), unit: 'ms' },
      { label: 'reading a page, longest', value: Math.max(...times), unit: 'ms' },
    ];
  },
};
