// Writes vectors/record.json: node vectors/make/record.ts
import { writeFileSync } from 'node:fs';
import { bytesToHex } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import { textToDiv } from '../../packages/records/src/fhir/note-text.ts';
import { foldFindings, foldStream } from '../../packages/records/src/fold.ts';
import { encodeSnapshot } from '../../packages/records/src/snapshot.ts';
import { encodeRecordBatch, parseRecordBatch, type RecordVersion } from '../../packages/records/src/version.ts';
import {
  documentJson,
  entryOf,
  namesOf,
  type RecordVectors,
  versionJson,
} from '../../packages/records/test/vectors/record.ts';

const name = (byte: number) => new Uint8Array(16).fill(byte);
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const content = '{"resourceType":"Patient","id":"p1","birthDate":"1960-05-30","x":1.10}';
const version: CborValue[] = ['Patient/p1', name(1), [], 'import', 'urn:uuid:5', content];
const document: CborValue[] = [name(7), hash(1), hash(2), 96, 24, hash(3), 'application/pdf'];
const removed: CborValue[] = ['Patient/p1', name(2), [name(1)], 'removed', null, null];
const batchOf = (versions: CborValue[], documents: CborValue[] = [], patient: CborValue = null): CborValue => [
  1,
  patient,
  versions,
  documents,
];

const batches: readonly (readonly [string, CborValue])[] = [
  ['one version', batchOf([version])],
  ['a version, its removal, and a document', batchOf([version, removed], [document], 'Patient/p1')],
  ['a document alone', batchOf([], [document])],
  [
    'an id that FHIR would refuse',
    batchOf([['Basic/Jean_1 é', name(1), [], 'import', null, '{"resourceType":"Basic","id":"Jean_1 é"}']]),
  ],
  ['two versions replaced', batchOf([version.with(2, [name(8), name(9)]).with(3, 'edit')])],
  [
    'numbers as they were written',
    batchOf([version.with(5, '{"resourceType":"Patient","id":"p1","n":[1.10,12345678901234567890,-0,1E400]}')]),
  ],
  ['a lone surrogate, escaped', batchOf([version.with(5, '{"resourceType":"Patient","id":"p1","x":"\\ud800"}')])],
  ['text in any order of keys', batchOf([version.with(5, '{"x":{},"id":"p1","resourceType":"Patient"}')])],
];

const wrongVersions: readonly (readonly [string, CborValue])[] = [
  ['no version fields', []],
  ['a field less', version.slice(0, 5)],
  ['a field more', [...version, null]],
  ['an id without type', version.with(0, 'p1')],
  ['an id without logical id', version.with(0, 'Patient/')],
  ['an id with two slashes', version.with(0, 'Patient/p1/x')],
  ['a type in lower case', version.with(0, 'patient/p1').with(5, '{"resourceType":"patient","id":"p1"}')],
  ['an id with a control character', version.with(0, 'Patient/p\u0007')],
  ['an id of 256 bytes', version.with(0, `Patient/${'é'.repeat(128)}`)],
  ['a name of 15 bytes', version.with(1, new Uint8Array(15))],
  ['a name that is text', version.with(1, '01'.repeat(16))],
  ['a replaced name of 17 bytes', version.with(2, [new Uint8Array(17)])],
  ['replaced names out of order', version.with(2, [name(9), name(8)])],
  ['a replaced name twice', version.with(2, [name(9), name(9)])],
  ['a version that replaces itself', version.with(2, [name(1)])],
  ['an unknown change', version.with(3, 'delete')],
  ['a removal with content', version.with(3, 'removed')],
  ['no content and no removal', version.with(5, null)],
  ['content that is bytes', version.with(5, new Uint8Array(2))],
  ['an empty full URL', version.with(4, '')],
  ['a full URL of 4097 characters', version.with(4, 'x'.repeat(4097))],
  ['a full URL that is a number', version.with(4, 1)],
  ['empty content', version.with(5, '')],
  ['content that is no JSON', version.with(5, '{"resourceType":"Patient","id":"p1"')],
  ['content that is an array', version.with(5, '["Patient","p1"]')],
  ['content with a space', version.with(5, '{"resourceType":"Patient", "id":"p1"}')],
  ['content with a newline behind', version.with(5, `${content}\n`)],
  ['content of another type', version.with(5, '{"resourceType":"Person","id":"p1"}')],
  ['content of another id', version.with(5, '{"resourceType":"Patient","id":"p2"}')],
  ['content without id', version.with(5, '{"resourceType":"Patient"}')],
  ['content whose id is a number', version.with(0, 'Patient/1').with(5, '{"resourceType":"Patient","id":1}')],
  ['content with a key twice', version.with(5, '{"resourceType":"Patient","id":"p2","id":"p1"}')],
  ['content with a key twice, escaped', version.with(5, '{"resourceType":"Patient","id":"p1","\\u0069d":"p1"}')],
  [
    'content nested 201 deep',
    version.with(5, `{"resourceType":"Patient","id":"p1","x":${'['.repeat(200)}${']'.repeat(200)}}`),
  ],
];

const wrongBatches: readonly (readonly [string, CborValue])[] = [
  ['null', null],
  ['an empty array', []],
  ['format 2', [2, null, [version], []]],
  ['a batch field less', [1, null, [version]]],
  ['a batch field more', [1, null, [version], [], null]],
  ['nothing in it', batchOf([])],
  ['a patient that is none', batchOf([version], [], 'Practitioner/p1')],
  ['a patient without type', batchOf([version], [], 'p1')],
  ['a patient that is a number', batchOf([version], [], 1)],
  ['versions that are null', [1, null, null, [document]]],
  ['the same version twice', batchOf([version, version])],
  ['a version before the one it replaces', batchOf([removed, version])],
  ['a document field less', batchOf([], [document.slice(1)])],
  ['a document key of 31 bytes', batchOf([], [document.with(1, new Uint8Array(31))])],
  ['a document size under zero', batchOf([], [document.with(4, -1)])],
  ['a document without media type', batchOf([], [document.with(6, '')])],
  ['the same document twice', batchOf([], [document, document.with(1, hash(9))])],
];

interface Said {
  readonly as: number;
  readonly over?: readonly number[];
  readonly id?: string;
  readonly text?: string | null;
  /** Of a Composition. */
  readonly status?: string;
  readonly change?: RecordVersion['change'];
}

/** One entry of a fold scenario: what its versions say, at an index. */
function entry(index: number, said: readonly Said[], documents: readonly CborValue[][] = []) {
  const versions = said.map((one): RecordVersion => {
    const { as, over = [], id = 'Basic/b', text = `v${as}`, status, change = text === null ? 'removed' : 'edit' } = one;
    const [type, logicalId] = id.split('/');
    const stands = status === undefined ? '' : `"status":"${status}",`;
    const content = text === null ? null : `{"resourceType":"${type}","id":"${logicalId}",${stands}"x":"${text}"}`;
    return {
      id,
      version: name(as),
      replaces: over.map(name),
      change,
      fullUrl: null,
      content,
    };
  });
  const bare = encodeRecordBatch({
    patient: null,
    versions: versions.length === 0 ? [] : versions,
    documents: documents.map(documentOf),
  });
  return {
    index,
    entryId: bytesToHex(hash(index)),
    author: bytesToHex(hash(200)),
    receivedAt: 1_795_000_000_000 + index,
    time: 1_795_000_000_000 - index,
    batch: bytesToHex(bare),
  };
}

function documentOf(fields: CborValue[]) {
  const parsed = parseRecordBatch(encodeCanonical(batchOf([], [fields])));
  const [first] = parsed.documents;
  if (first === undefined) throw new Error('A document was expected');
  return first;
}

const note = { id: 'Composition/n' } as const;
const signed = { ...note, as: 1, status: 'final' } as const;
const altered = { ...note, as: 2, over: [1], status: 'final' } as const;

const folds = [
  ['one creation', [entry(1, [{ as: 1 }])]],
  ['an edit', [entry(1, [{ as: 1 }]), entry(4, [{ as: 2, over: [1] }])]],
  [
    'two edits of one version',
    [entry(1, [{ as: 1 }]), entry(2, [{ as: 2, over: [1] }]), entry(3, [{ as: 3, over: [1] }])],
  ],
  ['a conflict settled', [entry(1, [{ as: 1 }]), entry(2, [{ as: 2 }]), entry(3, [{ as: 3, over: [1, 2] }])]],
  ['a removal', [entry(1, [{ as: 1 }]), entry(2, [{ as: 2, over: [1], text: null }])]],
  [
    'a removal beside an edit',
    [entry(1, [{ as: 1 }]), entry(2, [{ as: 2, over: [1], text: null }]), entry(3, [{ as: 3, over: [1] }])],
  ],
  ['a history in one entry', [entry(1, [{ as: 9 }, { as: 5, over: [9] }, { as: 1, over: [5] }])]],
  ['a version that replaces one not known', [entry(1, [{ as: 1, over: [7] }])]],
  ['a version seen twice', [entry(1, [{ as: 1 }]), entry(5, [{ as: 1 }])]],
  ['one name, two contents', [entry(1, [{ as: 1 }]), entry(5, [{ as: 1, text: 'other' }])]],
  [
    'one name, two contents, both replaced',
    [entry(1, [{ as: 1 }]), entry(5, [{ as: 1, text: 'other' }]), entry(6, [{ as: 2, over: [1] }])],
  ],
  [
    'the second of one name cannot replace',
    [entry(1, [{ as: 1 }]), entry(2, [{ as: 2 }]), entry(3, [{ as: 2, over: [1], text: 'other' }])],
  ],
  ['a circle', [entry(1, [{ as: 1, over: [2] }]), entry(2, [{ as: 2, over: [1] }])]],
  ['a version that replaces a later one', [entry(1, [{ as: 1, over: [2] }]), entry(2, [{ as: 2 }])]],
  ['another record is not replaced', [entry(1, [{ as: 1 }]), entry(2, [{ as: 2, over: [1], id: 'Basic/c' }])]],
  ['one name in two records', [entry(1, [{ as: 1 }]), entry(2, [{ as: 1, id: 'Basic/c' }])]],
  ['a document', [entry(1, [{ as: 1 }], [document])]],
  ['a note is signed', [entry(1, [{ ...note, as: 1, status: 'preliminary' }]), entry(2, [altered])]],
  ['a signed note is changed', [entry(1, [signed]), entry(2, [altered])]],
  [
    'an amended note is unsigned',
    [entry(1, [{ ...signed, status: 'amended' }]), entry(2, [{ ...altered, status: 'preliminary' }])],
  ],
  ['a signed note is said again', [entry(1, [signed]), entry(2, [{ ...altered, text: 'v1' }])]],
  [
    'a signed note was entered in error',
    [entry(1, [signed]), entry(2, [{ ...altered, status: 'entered-in-error', change: 'entered-in-error' }])],
  ],
  ['a signed note is removed', [entry(1, [signed]), entry(2, [{ ...altered, text: null }])]],
  ['a signed note that was imported is changed', [entry(1, [{ ...signed, change: 'import' }]), entry(2, [altered])]],
  [
    'a choice between two signed notes',
    [
      entry(1, [signed]),
      entry(2, [altered]),
      entry(3, [{ ...signed, as: 3, over: [1, 2], text: 'v1', change: 'restore' }]),
    ],
  ],
  ['one document, two keys', [entry(1, [], [document]), entry(2, [], [document.with(1, hash(9))])]],
] as const;

const folded: readonly CborValue[] = [...version, 4, hash(4), hash(200), 1000, 2000];
const wrongSnapshots: readonly (readonly [string, CborValue])[] = [
  ['null', null],
  ['format 2', [2, [folded], []]],
  ['no documents', [1, [folded]]],
  ['a version without its place', [1, [version], []]],
  ['a version with a field more', [1, [[...folded, 0]], []]],
  ['an index under zero', [1, [folded.with(6, -1)], []]],
  ['an entry id of 31 bytes', [1, [folded.with(7, new Uint8Array(31))], []]],
  ['an author that is text', [1, [folded.with(8, 'x')], []]],
  ['no clock', [1, [folded.with(9, null)], []]],
  ['versions out of order', [1, [folded, folded.with(1, name(3)).with(6, 3)], []]],
  ['a version twice', [1, [folded, folded], []]],
  ['content of another id', [1, [folded.with(5, '{"resourceType":"Patient","id":"p2"}')], []]],
  ['documents out of order', [1, [], [document, document.with(0, name(6))]]],
  ['a document twice', [1, [], [document, document]]],
];

const texts = [
  '',
  'TA 14/9',
  ' deux  lignes\n\n',
  'a < b & c > "d"',
  '</p></div>',
  '&amp;',
  'a\r\nb',
  '\u000b\u0000\ufffe',
  '\ufffd',
];

const vectors: RecordVectors = {
  about:
    'docs/format/record.md. Byte strings are hexadecimal. The entries of a fold give the same result in order, backwards and twice.',
  batches: batches.map(([scenario, value]) => {
    const bytes = encodeCanonical(value);
    const { patient, versions, documents } = parseRecordBatch(bytes);
    return {
      name: scenario,
      bytes: bytesToHex(bytes),
      patient,
      versions: versions.map(versionJson),
      documents: documents.map(documentJson),
    };
  }),
  batchesRefused: [
    ...[...wrongBatches, ...wrongVersions.map(([scenario, value]) => [scenario, batchOf([value])] as const)].map(
      ([scenario, value]) => ({
        name: scenario,
        bytes: bytesToHex(encodeCanonical(value)),
        error: 'RECORD_INVALID',
      }),
    ),
    { name: 'no bytes', bytes: '', error: 'CBOR_INVALID' },
    { name: 'a byte behind', bytes: `${bytesToHex(encodeCanonical(batchOf([version])))}00`, error: 'CBOR_INVALID' },
    { name: 'a byte less', bytes: bytesToHex(encodeCanonical(batchOf([version])).slice(0, -1)), error: 'CBOR_INVALID' },
    {
      name: 'the format in two bytes',
      bytes: bytesToHex(encodeCanonical(batchOf([version]))).replace('8401', '841801'),
      error: 'CBOR_INVALID',
    },
  ],
  folds: folds.map(([scenario, entries]) => {
    const state = foldStream(entries.map(entryOf));
    const [current, history] = [namesOf(state, 'current'), namesOf(state, 'history')];
    return {
      name: scenario,
      entries,
      current,
      history,
      findings: foldFindings(state),
      snapshot: bytesToHex(encodeSnapshot(state)),
    };
  }),
  snapshotsRefused: wrongSnapshots.map(([scenario, value]) => ({
    name: scenario,
    bytes: bytesToHex(encodeCanonical(value)),
    error: 'SNAPSHOT_INVALID',
  })),
  narratives: texts.map((text) => ({ text, div: textToDiv(text) })),
  foreignNarratives: [
    '',
    '<div>a</div>',
    textToDiv('x').replace('x', '<b>x</b>'),
    textToDiv('x').replace('x', '&eacute;'),
    textToDiv('x').replace('x', '>'),
    textToDiv('x').replace('x', '<span title="U+0041">\ufffd</span>'),
  ],
};

writeFileSync(new URL('../record.json', import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`);
