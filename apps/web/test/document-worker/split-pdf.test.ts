import assert from 'node:assert/strict';
import { it } from 'node:test';
import { blobSource } from '@serment/records/document-check/byte-source';
import { checkDocument } from '@serment/records/document-check/check-document';
import { scanPdf } from '@serment/records/scan-pdf';
import { joinedPages, openPdf } from '../../src/document-worker/split-pdf.ts';

/** Bytes that stand for a scan: what matters is that they are the same afterwards. */
const scanned = (page: number) => Uint8Array.from({ length: 3000 }, (_, at) => (at * 31 + page * 7) % 256);
const pileOf = (pages: readonly number[]) =>
  scanPdf(pages.map((page) => ({ jpeg: new Blob([scanned(page)]), width: 1240, height: 1754 })));
const holds = (bytes: Uint8Array, page: number) =>
  Buffer.from(bytes).includes(Buffer.from(scanned(page))) ? page : null;

it('cuts pages out of a pile with the very bytes of their scans, in the order that is asked', async () => {
  const [first, second] = [await openPdf(pileOf([1, 2, 3, 4])), await openPdf(pileOf([5, 6]))];
  const bytes = await joinedPages([
    { document: first, pages: [4, 2] },
    { document: second, pages: [1] },
  ]);
  const held = [1, 2, 3, 4, 5, 6].map((page) => holds(bytes, page));
  assert.deepEqual(held, [null, 2, null, 4, 5, null]);
  assert.ok(Buffer.from(bytes).indexOf(Buffer.from(scanned(4))) < Buffer.from(bytes).indexOf(Buffer.from(scanned(2))));
  assert.equal((await openPdf(new Blob([bytes]))).getPageCount(), 3);
  const checked = await checkDocument(blobSource(new Blob([bytes])), { name: '', mediaType: '' });
  assert.deepEqual(checked, { verdict: 'accepted', kind: 'pdf' });
});

it('refuses a page that is not there, and what is no PDF', async () => {
  const document = await openPdf(pileOf([1]));
  for (const page of [0, 2, -1]) await assert.rejects(joinedPages([{ document, pages: [page] }]), RangeError);
  await assert.rejects(openPdf(new Blob(['no PDF at all'])));
});
