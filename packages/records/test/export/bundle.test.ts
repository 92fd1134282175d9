import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalResource, indexRecords, patientBundle, practiceBundle } from '../../src/export/bundle.ts';
import { foldStream, type WrittenBatch } from '../../src/fold.ts';
import type { Change, RecordVersion } from '../../src/version.ts';

let names = 0;
const said = (content: string | null, more: Partial<RecordVersion> = {}): RecordVersion => {
  names += 1;
  const { resourceType, id } = content === null ? { resourceType: '', id: '' } : JSON.parse(content);
  const change: Change = content === null ? 'removed' : 'import';
  return {
    id: `${resourceType}/${id}`,
    version: new Uint8Array(16).fill(names),
    replaces: [],
    change,
    fullUrl: null,
    content,
    ...more,
  };
};
/** Names are given in the order of the journal. */
const written = (version: RecordVersion): WrittenBatch => ({
  index: version.version[0] ?? 0,
  entryId: new Uint8Array(32),
  author: new Uint8Array(32),
  receivedAt: 0,
  time: 0,
  batch: { patient: null, versions: [version], documents: [] },
});
const stream = (...versions: RecordVersion[]) => foldStream(versions.map(written));

const a = said('{"resourceType":"Patient","id":"a","generalPractitioner":[{"reference":"Practitioner/d"}]}', {
  fullUrl: 'urn:uuid:a',
});
const b = said('{"resourceType":"Patient","id":"b"}');
const d = said('{"resourceType":"Practitioner","id":"d","x":[{"reference":"urn:uuid:org"}]}');
const org = said('{"resourceType":"Organization","id":"o"}', { fullUrl: 'urn:uuid:org' });
const other = said('{"resourceType":"Practitioner","id":"e"}');
const weight = said('{"resourceType":"Observation","id":"w","subject":{"reference":"urn:uuid:a"},"value":72.50}');
const ids = (text: string) => JSON.parse(text).entry?.map((entry: { resource: { id: string } }) => entry.resource.id);

test('a patient leaves with their records and the shared ones these refer to, each to the character', () => {
  const index = indexRecords([stream(a, b, d, org, other), stream(weight)]);
  const out = patientBundle('Patient/a', index);
  assert.equal(
    out.text,
    `{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:a","resource":${a.content}},{"resource":${d.content}},{"fullUrl":"urn:uuid:org","resource":${org.content}},{"resource":${weight.content}}]}`,
  );
  assert.deepEqual([out.entries, out.conflicts, out.removed, out.unresolved], [4, [], [], []]);
  assert.deepEqual(ids(patientBundle('Patient/b', index).text), ['b']);
  assert.deepEqual(ids(practiceBundle(index).text), ['d', 'o', 'e']);
});

test('a patient nobody knows leaves an empty bundle', () => {
  assert.equal(patientBundle('Patient/zz', indexRecords([])).text, '{"resourceType":"Bundle","type":"collection"}');
});

test('both sides of a conflict leave, a removed record does not, and each is said', () => {
  const rival = said('{"resourceType":"Observation","id":"w","subject":{"reference":"Patient/a"},"value":73}');
  const gone = said('{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/a"}}');
  const removal = said(null, { id: 'Condition/c', replaces: [gone.version] });
  const out = patientBundle('Patient/a', indexRecords([stream(a, d, org), stream(weight, rival, gone, removal)]));
  assert.deepEqual([out.conflicts, out.removed, out.entries], [['Observation/w'], ['Condition/c'], 5]);
});

test('a reference that meets nothing is said', () => {
  const out = patientBundle('Patient/a', indexRecords([stream(a), stream(weight)]));
  assert.deepEqual(out.unresolved, ['Practitioner/d']);
});

test('nothing of a second patient enters the bundle of a first', () => {
  const both = said(
    '{"resourceType":"Appointment","id":"x","participant":[{"actor":{"reference":"Patient/a"}},{"actor":{"reference":"Patient/b"}}]}',
  );
  const mine = said(
    '{"resourceType":"Encounter","id":"e","subject":{"reference":"Patient/a"},"appointment":[{"reference":"Appointment/x"}],"x":{"reference":"Patient/b"}}',
  );
  const index = indexRecords([stream(a, b, d, org), stream(mine, both)]);
  assert.deepEqual(ids(patientBundle('Patient/a', index).text), ['a', 'd', 'o', 'e']);
  assert.ok(ids(practiceBundle(index).text).includes('x'));
});

test('equality of resources minds numbers, not key order', () => {
  assert.ok(equalResource('{"a":1.0,"b":2}', '{"b":2,"a":1.0}'));
  assert.ok(!equalResource('{"a":1.0}', '{"a":1}'));
});
