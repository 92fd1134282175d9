import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepositRequest } from '@serment/replica/deposits';
import type { Practice } from '@serment/replica/practice';
import type { ScannedDocument } from '@serment/replica/scanned-filing';
import { ScannedDesk } from '../../src/worker/scanned-desk.ts';

const document: ScannedDocument = {
  ...{ id: 'one', patient: 'Patient/anna', pdf: new Blob(['%PDF']), isMadeInert: false, isToRead: true },
  ...{ title: 'Courrier', type: 'letter', day: '', author: '', tags: [] },
};

/** The desk of a member who may not read medical files, and what it deposited. */
function frontDesk() {
  const deposited: DepositRequest[] = [];
  const deposits = {
    deposit: async (request: DepositRequest) => {
      deposited.push(request);
      return { id: String(deposited.length) };
    },
    own: async () =>
      deposited.map(({ patient, file }) => ({
        patient: { id: patient },
        document: { name: file?.name, size: document.pdf.size },
      })),
  };
  const practice = { keyring: { canRead: () => false }, deposits } as unknown as Practice;
  return {
    deposited,
    desk: new ScannedDesk({ practice: () => practice, send: () => undefined, keysChanged: async () => undefined }),
  };
}

test('who may not read medical files deposits the documents of a batch, each for its patient', async () => {
  const { deposited, desk } = frontDesk();
  assert.deepEqual(await desk.fileDocument(document, false), { id: '1' });
  const [request] = deposited;
  assert.deepEqual(
    [request?.patient, request?.text, request?.file?.name, request?.file?.mediaType],
    ['Patient/anna', '', 'Courrier.pdf', 'application/pdf'],
  );
});

test('a deposit whose end was not seen is looked for, and not made twice', async () => {
  const { deposited, desk } = frontDesk();
  await desk.fileDocument(document, true);
  assert.equal(await desk.fileDocument(document, true), null);
  assert.equal(deposited.length, 1);
  await desk.fileDocument({ ...document, patient: 'Patient/bea' }, true);
  assert.equal(deposited.length, 2);
});
