import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { emptyStream, foldStream } from '../src/fold.ts';
import { encodeSnapshot, parseSnapshot, streamFromSnapshot } from '../src/snapshot.ts';

const name = (byte: number) => new Uint8Array(16).fill(byte);
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const fields: readonly CborValue[] = [
  'Basic/b',
  name(1),
  [],
  'create',
  null,
  '{"resourceType":"Basic","id":"b"}',
  4,
  hash(1),
  hash(2),
  1000,
  2000,
];
const document: readonly CborValue[] = [name(1), hash(1), hash(2), 20, 10, hash(3), 'text/plain'];
const snapshot = (versions: CborValue[], documents: CborValue[] = []) => encodeCanonical([1, versions, documents]);

test('an empty stream has a snapshot', () => {
  assert.deepEqual(streamFromSnapshot(parseSnapshot(encodeSnapshot(emptyStream()))), emptyStream());
});

test('a snapshot read and written again has the same bytes', () => {
  const bytes = snapshot(
    [
      fields,
      fields.with(0, 'Basic/c').with(5, '{"resourceType":"Basic","id":"c"}'),
      fields.with(1, name(2)).with(6, 9),
    ],
    [document],
  );
  assert.deepEqual(encodeSnapshot(streamFromSnapshot(parseSnapshot(bytes))), bytes);
});

test('a version keeps its place, author and times', () => {
  const version = parseSnapshot(snapshot([fields])).versions[0];
  assert.deepEqual(
    [version?.index, version?.entryId, version?.author, version?.receivedAt, version?.time],
    [4, hash(1), hash(2), 1000, 2000],
  );
});

test('what is no snapshot is refused', () => {
  const wrong: readonly CborValue[] = [
    null,
    [1, []],
    [2, [], []],
    [1, [fields.slice(0, 10)], []],
    [1, [[...fields, 0]], []],
    [1, [fields.with(6, -1)], []],
    [1, [fields.with(7, hash(1).subarray(1))], []],
    [1, [fields.with(8, 'me')], []],
    [1, [fields.with(9, null)], []],
    [1, [fields.with(5, '{"resourceType":"Basic","id":"c"}')], []],
    [1, [fields, fields], []],
    [1, [fields, fields.with(1, name(2)).with(6, 3)], []],
    [1, [], [document, document]],
    [1, [], [document, document.with(0, name(0))]],
    [1, [], [document.slice(1)]],
  ];
  for (const value of wrong) assert.throws(() => parseSnapshot(encodeCanonical(value)), { code: 'SNAPSHOT_INVALID' });
});

test('the journal it stands for gives the same bytes', () => {
  const version = {
    id: 'Basic/b',
    version: name(1),
    replaces: [],
    change: 'create' as const,
    fullUrl: null,
    content: '{"resourceType":"Basic","id":"b"}',
  };
  const batch = { patient: null, versions: [version], documents: [] };
  const state = foldStream([{ index: 4, entryId: hash(1), author: hash(2), receivedAt: 1000, time: 2000, batch }]);
  assert.deepEqual(decodeCanonical(encodeSnapshot(state)), [1, [fields], []]);
});
