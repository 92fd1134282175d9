import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FhirFile, readFhir } from '../../src/import/bundle.ts';
import { encodeRecordBatch, parseRecordBatch } from '../../src/version.ts';

let drawn = 0;
/** Distinct and repeatable. */
const random = (sizeBytes: number) => {
  drawn += 1;
  return new Uint8Array(sizeBytes).fill(drawn % 256).fill(Math.floor(drawn / 256) % 256, 0, 1);
};
const read = (input: string | object, name = 'file.json', more: object = {}) =>
  readFhir(new Uint8Array(Buffer.from(typeof input === 'string' ? input : JSON.stringify(input))), {
    name,
    random,
    ...more,
  });
const bundle = (entry: readonly object[], type = 'collection', more: object = {}) => ({
  resourceType: 'Bundle',
  type,
  entry,
  ...more,
});
const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more });
const observation = (id: string, subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  subject: { reference: subject },
  ...more,
});
const versions = (file: FhirFile) => file.batches.flatMap(({ batch }) => batch.versions);
const codes = (file: FhirFile) => file.findings.map((finding) => finding.code);
const where = (file: FhirFile) =>
  file.batches.map(
    ({ compartment, stream, batch }) =>
      `${compartment} ${stream} ${batch.patient}: ${batch.versions.map((version) => version.id)}`,
  );

test('a bundle of any type is read, identities apart from clinical records, one patient at a time', () => {
  for (const type of [
    'collection',
    'transaction',
    'batch',
    'searchset',
    'document',
    'message',
    'transaction-response',
  ]) {
    const entry = [
      { resource: observation('o1', 'Patient/a') },
      { resource: patient('a') },
      { resource: patient('b') },
      { resource: { resourceType: 'Organization', id: 'org' } },
      { resource: observation('o2', 'Patient/b') },
      { resource: observation('o3', 'Patient/a') },
    ];
    assert.deepEqual(
      where(read(bundle(entry, type))),
      [
        'admin directory Patient/a: Patient/a',
        'admin directory Patient/b: Patient/b',
        'admin directory null: Organization/org',
        'clinical patient/a Patient/a: Observation/o1,Observation/o3',
        'clinical patient/b Patient/b: Observation/o2',
      ],
      type,
    );
  }
});

test('every batch can be written and read', () => {
  const file = read(
    bundle([
      { fullUrl: 'urn:uuid:1', resource: patient('a', { extension: [{ x: 1 }] }) },
      { resource: { resourceType: 'Unheard', id: 'ü!' } },
    ]),
  );
  for (const { batch } of file.batches) assert.deepEqual(parseRecordBatch(encodeRecordBatch(batch)), batch);
});

test('content is kept to the character, known type or not', () => {
  const file = read(
    '{"resourceType":"Bundle","type":"batch","entry":[{"resource": {"id":"u", "resourceType":"Unheard", "n":[1.10, 12345678901234567890], "t":"a\\u00e9  b"}}]}',
  );
  assert.equal(
    versions(file)[0]?.content,
    '{"id":"u","resourceType":"Unheard","n":[1.10,12345678901234567890],"t":"aé  b"}',
  );
  assert.deepEqual(file.counts.get('Unheard'), { read: 1, stored: 1, keptAsReceived: 1, identical: 0, refused: 0 });
});

test('a single resource and an empty search are files like others', () => {
  assert.deepEqual(where(read(patient('a'))), ['admin directory Patient/a: Patient/a']);
  assert.deepEqual(read({ resourceType: 'Bundle', type: 'searchset', total: 0 }), {
    name: 'file.json',
    refusal: null,
    batches: [],
    findings: [],
    counts: new Map(),
    assignedIds: new Set(),
  });
  assert.equal(read(bundle([])).refusal, null);
});

test('NDJSON is read by name or by its look, with CRLF and blank lines, bundles among the lines', () => {
  const text = `${JSON.stringify(patient('a'))}\r\n\r\n${JSON.stringify(bundle([{ resource: observation('o1', 'Patient/a') }]))}\r\n`;
  for (const name of ['x.ndjson', 'x.JSONL', 'x.json']) assert.equal(versions(read(text, name)).length, 2, name);
});

test('a bad line is refused alone', () => {
  const text = [patient('a'), patient('b')]
    .map((resource) => JSON.stringify(resource))
    .join('\nnot json\n{"resourceType":"Patient","id":"c","id":"d"}\n[1]\n');
  const file = read(`${text}\n{"resourceType":"Patient","id":"e"`, 'x.ndjson');
  assert.equal(file.refusal, null);
  assert.deepEqual(
    versions(file).map((version) => version.id),
    ['Patient/a', 'Patient/b'],
  );
  assert.deepEqual(
    file.findings.map(({ code, line }) => [code, line]),
    [
      ['JSON_SYNTAX', 2],
      ['JSON_DUPLICATE_KEY', 3],
      ['NOT_A_RESOURCE', 4],
      ['JSON_TRUNCATED', 6],
    ],
  );
});

test('a last line cut inside a character is refused alone', () => {
  const bytes = new Uint8Array(Buffer.from(`${JSON.stringify(patient('a'))}\n{"resourceType":"Patient","id":"é`));
  const file = readFhir(bytes.subarray(0, -1), { name: 'x.ndjson', random });
  assert.deepEqual([versions(file).length, codes(file)], [1, ['JSON_TRUNCATED']]);
});

test('a truncated bundle is refused whole, with what had been read, at any cut', () => {
  const text = JSON.stringify(
    bundle([{ resource: patient('a') }, { resource: observation('o1', 'Patient/a', { note: 'é"\\' }) }]),
  );
  const bytes = new Uint8Array(Buffer.from(text));
  for (let size = 1; size < bytes.length; size += 1) {
    const file = readFhir(bytes.subarray(0, size), { name: 'x.json', random });
    assert.equal(file.refusal?.code, 'JSON_TRUNCATED', String(size));
    assert.deepEqual(file.batches, []);
  }
  const cut = read(text.slice(0, text.indexOf('"o1"')));
  assert.deepEqual(cut.counts.get('Patient'), { read: 1, stored: 0, keptAsReceived: 0, identical: 0, refused: 0 });
});

test('what is no FHIR JSON is refused by name', () => {
  const file = (bytes: readonly number[]) => readFhir(new Uint8Array(bytes), { name: 'x', random }).refusal;
  assert.equal(file([0x50, 0x4b, 3, 4])?.code, 'TEXT_FOREIGN');
  assert.equal(file([0xff, 0xfe, 0x7b, 0])?.code, 'TEXT_UTF16');
  assert.equal(file([0x22, 0xe9, 0x22])?.code, 'TEXT_WINDOWS_1252');
  assert.equal(file([])?.code, 'JSON_EMPTY');
  assert.equal(read('{} {}').refusal?.code, 'JSON_SYNTAX');
  assert.equal(
    read('{"resourceType":"Bundle","entry":[{"resource":{}} {"resource":{}}]}').refusal?.code,
    'JSON_SYNTAX',
  );
  assert.equal(read('{"resourceType":"Bundle","entry":[{"resource":{}},]}').refusal?.code, 'JSON_SYNTAX');
  assert.equal(read('{"resourceType":"Bundle","entry":[],"entry":[]}').refusal?.code, 'JSON_DUPLICATE_KEY');
  assert.equal(read(patient('a'), 'x', { maxBytes: 5 }).refusal?.code, 'FILE_TOO_LARGE');
  for (const text of ['[]', '"x"', '{"a":1}', '{"resourceType":7}', '{"resourceType":"patient","id":"a"}'])
    assert.deepEqual(codes(read(text)), ['NOT_A_RESOURCE'], text);
});

test('a byte order mark is taken off and noted', () => {
  const file = read(`\ufeff${JSON.stringify(patient('a'))}`);
  assert.deepEqual([versions(file).length, codes(file)], [1, ['BYTE_ORDER_MARK']]);
});

test('one bad resource is refused and the rest kept', () => {
  const deep = `${'['.repeat(300)}${']'.repeat(300)}`;
  const text = `{"resourceType":"Bundle","type":"batch","entry":[
    {"resource":{"resourceType":"Patient","id":"a"}},
    {"resource":{"resourceType":"Basic","id":"x","id":"y"}},
    {"resource":{"resourceType":"Basic","id":"x","deep":${deep}}},
    {"resource":{"resourceType":"Basic","id":"a/b"}},
    {"resource":{"resourceType":"Basic","id":""}},
    {"resource":{"resourceType":"Basic","id":7}},
    {"resource":{"resourceType":"Basic","id":null}},
    {"resource":{"resourceType":"Basic","id":"${'é'.repeat(200)}"}},
    {"resource":{"id":"x"}},
    {"fullUrl":"urn:uuid:1"},
    {"resource":{"resourceType":"Patient","id":"b"}}]}`;
  const file = read(text);
  assert.deepEqual(
    versions(file).map((version) => version.id),
    ['Patient/a', 'Patient/b'],
  );
  assert.deepEqual(
    file.findings.map(({ code, entry }) => `${entry} ${code}`),
    [
      '1 JSON_DUPLICATE_KEY',
      '2 JSON_TOO_DEEP',
      '3 ID_UNSTORABLE',
      '4 ID_UNSTORABLE',
      '5 ID_UNSTORABLE',
      '6 ID_UNSTORABLE',
      '7 ID_UNSTORABLE',
      '8 NOT_A_RESOURCE',
      '9 ENTRY_WITHOUT_RESOURCE',
    ],
  );
});

test('a resource too large is refused, the rest kept, and one merely large stands alone in its batch', () => {
  const large = observation('large', 'Patient/a', { valueString: 'x'.repeat(300_000) });
  const huge = observation('huge', 'Patient/a', { valueString: 'x'.repeat(17_000_000) });
  const file = read(
    bundle(
      [observation('o1', 'Patient/a'), large, huge, observation('o2', 'Patient/a')].map((resource) => ({ resource })),
    ),
  );
  assert.deepEqual(
    where(file),
    ['o1', 'large', 'o2'].map((id) => `clinical patient/a Patient/a: Observation/${id}`),
  );
  assert.deepEqual(codes(file), ['RESOURCE_TOO_LARGE']);
});

test('batches stay within their size', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    resource: observation(`o${index}`, 'Patient/a', { valueString: 'x'.repeat(20_000) }),
  }));
  const file = read(bundle(many));
  assert.equal(file.batches.length, 4);
  for (const { batch } of file.batches)
    assert.ok(batch.versions.reduce((sum, version) => sum + (version.content?.length ?? 0), 0) <= 256 * 1024);
});

test('the same record twice is stored once, two states of it are both stored and reported', () => {
  const same = read(bundle([{ resource: patient('a', { x: 1, y: 2 }) }, { resource: patient('a', { y: 2, x: 1 }) }]));
  assert.deepEqual([versions(same).length, codes(same), same.counts.get('Patient')?.identical], [1, [], 1]);
  const different = read(
    bundle([
      { resource: patient('a', { x: 1 }) },
      { resource: patient('a', { x: 1.0 }) },
      { resource: patient('a', { x: 2 }) },
    ]),
  );
  assert.deepEqual([versions(different).length, codes(different)], [2, ['ID_REUSED']]);
  assert.ok(versions(different).every((version) => version.replaces.length === 0));
  const precise = read(
    '{"resourceType":"Patient","id":"a","x":1}\n{"resourceType":"Patient","id":"a","x":1.0}',
    'x.ndjson',
  );
  assert.equal(versions(precise).length, 2);
});

test('a record under two fullUrls is kept under both', () => {
  const file = read(
    bundle(
      ['urn:uuid:1', 'urn:uuid:2'].map((fullUrl) => ({ fullUrl, resource: { resourceType: 'Practitioner', id: 'd' } })),
    ),
  );
  assert.deepEqual(
    versions(file).map((version) => version.fullUrl),
    ['urn:uuid:1', 'urn:uuid:2'],
  );
  assert.deepEqual(codes(file), []);
});

test('a record without id gets one, the same again when its fullUrl says it', () => {
  const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const entry = [
    { fullUrl: `urn:uuid:${uuid.toUpperCase()}`, resource: { resourceType: 'Patient' } },
    { fullUrl: 'https://x.example/Device/d7', resource: { resourceType: 'Device' } },
    { resource: { resourceType: 'Basic', code: 'x' } },
  ];
  const file = read(bundle(entry));
  const ids = versions(file).map((version) => version.id);
  assert.deepEqual(ids.slice(0, 2), [`Patient/${uuid}`, 'Device/d7']);
  assert.match(ids[2] ?? '', /^Basic\/[0-9a-f]{32}$/);
  assert.deepEqual([...file.assignedIds], [ids[2]]);
  assert.deepEqual(codes(file), ['ID_ASSIGNED', 'ID_ASSIGNED', 'ID_ASSIGNED']);
  assert.match(versions(file)[2]?.content ?? '', /^\{"resourceType":"Basic","id":"[0-9a-f]{32}","code":"x"\}$/);
});

test('an id that FHIR would refuse is kept and noted', () => {
  const file = read(patient('Jean_1 é'));
  assert.deepEqual([versions(file)[0]?.id, codes(file)], ['Patient/Jean_1 é', ['ID_NOT_FHIR']]);
});

test('a record whose patient cannot be told shares a payload with no other', () => {
  const entry = ['urn:uuid:8', 'urn:uuid:9'].map((reference, index) => ({
    resource: observation(`o${index}`, reference),
  }));
  const file = read(
    bundle([
      ...entry,
      { resource: { resourceType: 'Medication', id: 'm' } },
      { resource: { resourceType: 'Device', id: 'd' } },
    ]),
  );
  assert.deepEqual(where(file), [
    'clinical practice null: Observation/o0',
    'clinical practice null: Observation/o1',
    'clinical practice null: Medication/m,Device/d',
  ]);
  assert.deepEqual(codes(file), ['PATIENT_UNKNOWN', 'PATIENT_UNKNOWN']);
});

test('an appointment that says why goes to the clinical file, and that is noted', () => {
  const participant = [{ actor: { reference: 'Patient/a' } }];
  const plain = { resourceType: 'Appointment', id: 'x', start: '2026-11-23T10:00:00Z', participant };
  const file = read(bundle([{ resource: plain }, { resource: { ...plain, id: 'y', description: 'toux' } }]));
  assert.deepEqual(where(file), [
    'admin agenda/2026-11 Patient/a: Appointment/x',
    'clinical patient/a Patient/a: Appointment/y',
  ]);
  assert.deepEqual(codes(file), ['APPOINTMENT_WITH_REASON']);
});

test('a history becomes versions that replace each other, oldest first, deletions included', () => {
  const state = (x: number, lastUpdated: string) => ({ resource: patient('a', { meta: { lastUpdated }, x }) });
  const newestFirst = [
    state(3, '2026-03-01T00:00:00Z'),
    state(2, '2026-02-01T00:00:00Z'),
    state(1, '2026-01-01T00:00:00Z'),
  ];
  for (const entry of [newestFirst, newestFirst.toReversed()]) {
    const found = versions(read(bundle(entry, 'history')));
    assert.deepEqual(
      found.map((version) => /"x":(\d)/.exec(version.content ?? '')?.[1]),
      ['1', '2', '3'],
    );
    assert.deepEqual(
      found.map((version) => version.replaces),
      [[], [found[0]?.version], [found[1]?.version]],
    );
  }
  const undated = bundle(
    [
      { request: { method: 'DELETE', url: 'Patient/a' } },
      { resource: patient('a', { x: 2 }) },
      { resource: patient('a', { x: 1 }) },
    ],
    'history',
  );
  const found = versions(read(undated));
  assert.deepEqual(
    found.map((version) => version.change),
    ['import', 'import', 'removed'],
  );
  assert.deepEqual(found[2]?.replaces, [found[1]?.version]);
});

test('a history that comes back to an earlier state keeps every step', () => {
  const file = read(
    bundle(
      [1, 2, 2, 1].map((x) => ({ resource: patient('a', { x }) })),
      'history',
    ),
  );
  assert.deepEqual([versions(file).length, file.counts.get('Patient')?.identical], [3, 1]);
});

test('what is not kept of the envelope is noted', () => {
  const file = read(bundle([{ resource: patient('a'), extension: [] }], 'document', { signature: {}, identifier: {} }));
  assert.deepEqual(
    file.findings.map(({ code, fields }) => [code, fields]),
    [
      ['ENVELOPE_NOT_KEPT', { keys: 2 }],
      ['ENVELOPE_NOT_KEPT', { keys: 1 }],
    ],
  );
});

test('odd fullUrls and lone surrogates are noted and nothing is lost', () => {
  const file = read(
    '{"resourceType":"Bundle","entry":[{"fullUrl":7,"resource":{"resourceType":"Patient","id":"a","x":"\\ud800"}},{"fullUrl":"\\udc00","resource":{"resourceType":"Patient","id":"b"}}]}',
  );
  assert.deepEqual(codes(file), ['FULL_URL_UNSTORABLE', 'LONE_SURROGATE', 'FULL_URL_UNSTORABLE']);
  assert.equal(versions(file).length, 2);
  const literal = read({ ...patient('a'), x: '\\ud800' });
  assert.deepEqual(codes(literal), []);
});

test('a bundle within a bundle is one record', () => {
  const inner = { ...bundle([{ resource: patient('a') }], 'document'), id: 'inner' };
  assert.deepEqual(where(read(bundle([{ resource: inner }]))), ['clinical patient/a Patient/a: Bundle/inner']);
});

test('findings hold no text of the file', () => {
  const file = read(
    '{"resourceType":"Bundle","entry":[{"Durand":1,"fullUrl":"Durand","resource":{"resourceType":"Patient","id":"Durand/1"}},{"resource":{"resourceType":"Basic","Durand":1,"Durand":2}}]}',
  );
  assert.equal(file.findings.length, 3);
  assert.ok(!JSON.stringify(file.findings).includes('Durand'));
});
