import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newTable, readTable } from '../../src/tables/table-record.ts';

const key = {
  ...{ blobId: new Uint8Array(16), key: new Uint8Array(32), sealedHash: new Uint8Array(32), hash: new Uint8Array(32) },
  ...{ sealedSize: 100, size: 60, mediaType: 'text/plain' },
};
const file = { name: 'weianthro.txt', part: 'weight', blobId: '0'.repeat(32), key, sha256: 'a'.repeat(64) };
const input = {
  kind: 'who-growth' as const,
  ...{ edition: 'OMS 2006', files: [file], author: 'Practitioner/m', at: '2026-11-29T10:00:00Z' },
};

describe('the record of a reference table', () => {
  it('says its kind, its edition and its files', () => {
    const record = newTable(input);
    assert.equal(record.id, 'table-who-growth');
    assert.equal(record.identifier?.[0]?.value, 'a'.repeat(64));
    assert.deepEqual(readTable(record), {
      ...{ kind: 'who-growth', edition: 'OMS 2006', at: '2026-11-29T10:00:00Z' },
      files: [{ name: 'weianthro.txt', part: 'weight', blobId: '0'.repeat(32) }],
    });
  });

  it('is no record of a patient, nor of a kind that is not known, nor one taken back', () => {
    const record = newTable(input);
    assert.equal(readTable({ ...record, subject: { reference: 'Patient/a' } }), null);
    assert.equal(readTable({ ...record, type: { coding: [{ system: 'urn:serment:table', code: 'bdpm' }] } }), null);
    assert.equal(readTable({ ...record, type: { text: 'who-growth' } }), null);
    assert.equal(readTable({ ...record, status: 'entered-in-error' }), null);
  });
});
