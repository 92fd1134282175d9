import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blobSource } from '../src/document-check/byte-source.ts';
import { checkDocument } from '../src/document-check/check-document.ts';
import { scanPdf } from '../src/scan-pdf.ts';
import { jpegWith } from './document-check/samples.ts';

describe('a scan', () => {
  const jpeg = new Blob([jpegWith()]);
  const pages = (count: number) => Array.from({ length: count }, () => ({ jpeg, width: 1240, height: 1754 }));

  it('of 150 pages is a PDF that is let in, every object where its table says', async () => {
    const pdf = scanPdf(pages(150));
    const checked = await checkDocument(blobSource(pdf), { name: 'scan.pdf', mediaType: 'application/pdf' });
    assert.deepEqual(checked, { verdict: 'accepted', kind: 'pdf' });
    const text = Buffer.from(await pdf.arrayBuffer()).toString('latin1');
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
    assert.equal(offsets.length, 2 + 3 * 150);
    for (const [place, offset] of offsets.entries())
      assert.ok(text.startsWith(`${place + 1} 0 obj`, offset), `${place + 1}`);
  });

  it('lies where its picture does, and fits on paper', async () => {
    const text = await scanPdf([{ jpeg, width: 3000, height: 1000 }]).text();
    assert.match(text, /MediaBox \[0 0 842 281\]/);
  });
});
