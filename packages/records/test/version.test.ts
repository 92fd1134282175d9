import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CborValue, encodeCanonical } from '@serment/core/cbor';
import {
  type DocumentKey,
  encodeRecordBatch,
  newVersion,
  parseRecordBatch,
  type RecordBatch,
  type RecordVersion,
  removedVersion,
} from '../src/version.ts';

const name = (byte: number) => new Uint8Array(16).fill(byte);
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const version: RecordVersion = {
  id: 'Patient/p1',
  version: name(1),
  replaces: [],
  change: 'import',
  fullUrl: 'urn:uuid:1',
  content: '{"resourceType":"Patient","id":"p1","x":1.10}',
};
const document: DocumentKey = {
  blobId: name(7),
  key: hash(1),
  sealedHash: hash(2),
  sealedSize: 120,
  size: 100,
  hash: hash(3),
  mediaType: 'application/pdf',
};
const batch: RecordBatch = { patient: 'Patient/p1', versions: [version], documents: [document] };

test('a batch comes back as it was', () => {
  const removed = removedVersion('Observation/o1', [name(9), name(8)], name.bind(null, 3));
  const whole = { patient: null, versions: [version, removed], documents: [document] };
  assert.deepEqual(parseRecordBatch(encodeRecordBatch(whole)), whole);
  assert.deepEqual(removed.replaces, [name(8), name(9)]);
});

test('ids, contents and names that break a rule are refused on both sides', () => {
  const wrong: readonly Partial<RecordVersion>[] = [
    { id: 'p1' },
    { id: 'Patient/' },
    { id: 'patient/p1' },
    { id: 'Patient/a/b' },
    { id: 'Patient/p2' },
    { id: 'Observation/p1' },
    { id: `Patient/${'a'.repeat(256)}` },
    { version: new Uint8Array(15) },
    { replaces: [new Uint8Array(17)] },
    { replaces: [name(1)] },
    { replaces: [name(2), name(2)] },
    { change: 'delete' as RecordVersion['change'] },
    { change: 'removed' },
    { content: null },
    { content: '' },
    { content: '[]' },
    { content: 'null' },
    { content: '{"resourceType":"Patient","id":"p1"' },
    { content: '{"resourceType":"Patient","id":"p1"} ' },
    { content: '{"resourceType":"Patient", "id":"p1"}' },
    { content: '{"resourceType":"Patient","id":"p1","id":"p1"}' },
    { content: '{"resourceType":"Patient","id":1}' },
    { content: '{"id":"p1"}' },
    { content: '{"resourceType":"Patient"}' },
    { content: `{"resourceType":"Patient","id":"p1","x":${'['.repeat(300)}${']'.repeat(300)}}` },
    { fullUrl: '' },
    { fullUrl: 'x'.repeat(4097) },
  ];
  for (const change of wrong)
    assert.throws(
      () => encodeRecordBatch({ ...batch, versions: [{ ...version, ...change }] }),
      { code: 'RECORD_INVALID' },
      JSON.stringify(change),
    );
});

test('a batch that is empty, says a thing twice or names no patient as its patient is refused', () => {
  const wrong: readonly Partial<RecordBatch>[] = [
    { versions: [], documents: [] },
    { versions: [version, version] },
    { documents: [document, { ...document, key: hash(9) }] },
    { patient: 'Practitioner/p1' },
    { patient: 'p1' },
    { documents: [{ ...document, size: -1 }] },
    { documents: [{ ...document, size: 1.5 }] },
    { documents: [{ ...document, mediaType: '' }] },
    { documents: [{ ...document, key: hash(1).subarray(1) }] },
  ];
  for (const change of wrong)
    assert.throws(() => encodeRecordBatch({ ...batch, ...change }), { code: 'RECORD_INVALID' }, JSON.stringify(change));
});

test('within a batch a version replaces only what stands before it', () => {
  const second = { ...version, version: name(2), replaces: [name(1)] };
  assert.doesNotThrow(() => encodeRecordBatch({ ...batch, versions: [version, second] }));
  assert.throws(() => encodeRecordBatch({ ...batch, versions: [second, version] }), { code: 'RECORD_INVALID' });
});

test('other shapes of CBOR are refused', () => {
  const fields: CborValue[] = [version.id, version.version, [], 'import', null, version.content];
  for (const value of [
    null,
    [],
    [1, null, []],
    [2, null, [fields], []],
    [1, null, [fields], [], null],
    [1, null, [[...fields, null]], []],
    [1, null, [fields.slice(1)], []],
    [1, 5, [fields], []],
    [1, null, [fields.with(2, null)], []],
    [1, null, [fields.with(4, 1)], []],
    [1, null, [fields], [[]]],
  ] satisfies CborValue[])
    assert.throws(() => parseRecordBatch(encodeCanonical(value)), { code: 'RECORD_INVALID' });
  assert.throws(() => parseRecordBatch(new Uint8Array()), { code: 'CBOR_INVALID' });
  assert.throws(() => parseRecordBatch(encodeRecordBatch(batch).subarray(1)), { code: 'CBOR_INVALID' });
});

test('replaced versions are written in order whatever order they were given in', () => {
  const given = { ...version, replaces: [name(9), name(3)] };
  assert.deepEqual(parseRecordBatch(encodeRecordBatch({ ...batch, versions: [given] })).versions[0]?.replaces, [
    name(3),
    name(9),
  ]);
});

test('a resource that Serment wrote becomes a version of it', () => {
  const made = newVersion(
    { resource: { resourceType: 'Organization', id: 'o1' }, change: 'create' },
    name.bind(null, 5),
  );
  assert.deepEqual(made, {
    id: 'Organization/o1',
    version: new Uint8Array(16).fill(16).fill(5),
    replaces: [],
    change: 'create',
    fullUrl: null,
    content: '{"resourceType":"Organization","id":"o1"}',
  });
  assert.throws(
    () => newVersion({ resource: { resourceType: 'Organization' }, change: 'create' }, name.bind(null, 5)),
    { code: 'RECORD_INVALID' },
  );
});

test('no error tells what a record holds', () => {
  const content = '{"resourceType":"Patient","id":"p1","name":"Martin" oops}';
  assert.throws(
    () => encodeRecordBatch({ ...batch, versions: [{ ...version, content }] }),
    (error: Error) => !`${error.message}${error.cause}${error.stack}`.includes('Martin'),
  );
});
