import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sheetKey, sheetQr } from '@serment/core/keys/sheet';
import { codeIn, isBlankPage } from '../../src/document-worker/scanned-page.ts';
import {
  cleanScan,
  type Drawing,
  letterDrawing,
  type ScanOptions,
  scanOf,
  seeded,
  sheetDrawing,
  tiredScan,
} from './synthetic-scan.ts';

it('reads sheets that lie as they fell, pale, grained and leaning', () => {
  const random = seeded(7);
  for (let number = 0; number < 8; number += 1) {
    const text = sheetQr(sheetKey(new Uint8Array(32).fill(number)), { subject: `patient/${number}`, kind: '' });
    const options = tiredScan(number, random);
    assert.equal(codeIn(scanOf(sheetDrawing(text), options)), text, JSON.stringify(options));
  }
});

it('finds no code on a page of text, nor on one that is blank', () => {
  for (const [drawing, seed] of [
    [letterDrawing, 3],
    [nothing, 4],
  ] as const)
    assert.equal(codeIn(scanOf(drawing, { ...cleanScan, paper: 240, ink: 40, grain: 8, seed })), null);
});

const nothing: Drawing = () => false;

it('takes a page for blank only when nothing stands on it', () => {
  const grey = { ...cleanScan, paper: 228, ink: 60, grain: 9, shadow: 30 };
  const blank = (drawing: Drawing, options: ScanOptions) => isBlankPage(scanOf(drawing, options));
  for (const dpi of [150, 300]) {
    assert.equal(blank(nothing, { ...grey, dpi }), true, `${dpi}, paper`);
    assert.equal(blank(nothing, { ...cleanScan, dpi }), true, `${dpi}, white`);
    assert.equal(blank(speck, { ...grey, dpi }), true, `${dpi}, dust`);
    assert.equal(blank(lid, { ...grey, dpi }), true, `${dpi}, the scanner's lid`);
    assert.equal(blank(letterDrawing, { ...grey, dpi }), false, `${dpi}, text`);
    assert.equal(blank(pageNumber, { ...grey, dpi }), false, `${dpi}, a page's number`);
    assert.equal(blank(pencil, { ...grey, ink: 185, dpi }), false, `${dpi}, a word in pale pencil`);
    assert.equal(blank(letterDrawing, { ...grey, ink: 205, grain: 3, dpi }), false, `${dpi}, a faded fax`);
  }
});

const speck: Drawing = (x, y) => Math.hypot(x - 60, y - 200) < 0.25 || Math.hypot(x - 160, y - 90) < 0.2;
const lid: Drawing = (x) => x < 3;
const pageNumber: Drawing = (x, y) => x > 104 && x < 105.6 && y > 282 && y < 284.6 && (x < 104.6 || y < 282.5);
const pencil: Drawing = (x, y) => x > 80 && x < 100 && Math.abs(y - 140 - 3 * Math.sin(x)) < 0.3;
