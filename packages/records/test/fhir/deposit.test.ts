import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filedResource, newDeposit } from '../../src/fhir/deposit.ts';

const filing = { id: 'a1', patient: 'Patient/anna', author: 'Practitioner/lea' };
const bytes = new Uint8Array(32);
const document = {
  ...{ name: 'courrier.pdf', blobId: '0f'.repeat(16) },
  key: {
    blobId: bytes.slice(16),
    key: bytes,
    sealedHash: bytes,
    hash: bytes,
    sealedSize: 60,
    size: 12,
    mediaType: 'application/pdf',
  },
};
const [message = assert.fail(), filed = assert.fail()] = newDeposit('d1', {
  ...{ patient: null, author: 'Practitioner/autre', at: '2026-11-23T10:00:00+01:00', text: 'A rappelé' },
  document,
});

test('what is filed says what the deposit said, of whom and by whom the practice knows', () => {
  assert.deepEqual(filedResource(message, filing), {
    ...{ resourceType: 'Communication', id: 'a1', status: 'completed', subject: { reference: 'Patient/anna' } },
    ...{ sender: { reference: 'Practitioner/lea' }, sent: '2026-11-23T10:00:00+01:00' },
    payload: [{ contentString: 'A rappelé' }],
  });
  assert.deepEqual(filedResource(filed, filing), {
    ...{ resourceType: 'DocumentReference', id: 'a1', status: 'current', subject: { reference: 'Patient/anna' } },
    ...{ author: [{ reference: 'Practitioner/lea' }], date: '2026-11-23T10:00:00+01:00', description: 'courrier.pdf' },
    content: [
      {
        attachment: {
          contentType: 'application/pdf',
          url: `urn:serment:document:${document.blobId}`,
          ...{ size: 12, title: 'courrier.pdf' },
        },
      },
    ],
  });
});

test('nothing else that its depositor wrote comes into a file', () => {
  const coding = { coding: [{ system: 'urn:x', code: 'R' }] };
  const extra = { meta: { tag: [{ code: 'x' }] }, identifier: [{ value: '1' }], language: 'fr' };
  const hostile = { ...message, ...extra, status: 'entered-in-error', recipient: [{ reference: 'Patient/bea' }] };
  assert.deepEqual(filedResource(hostile, filing), filedResource(message, filing));
  const hidden = {
    ...{ ...filed, ...extra, status: 'superseded', docStatus: 'entered-in-error', securityLabel: [coding] },
    ...{ relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/other' } }], type: coding },
    context: { encounter: [{ reference: 'Encounter/other' }] },
  };
  assert.deepEqual(filedResource(hidden, filing), filedResource(filed, filing));
  const elsewhere = { ...filed, content: [{ attachment: { url: 'https://elsewhere.example/x' } }] };
  for (const none of [elsewhere, { resourceType: 'Patient', id: 'x' }, null, 7])
    assert.equal(filedResource(none, filing), null);
});
