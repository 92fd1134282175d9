import { type Bytes, bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../../packages/core/src/cbor.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { bodyToCbor } from '../../packages/core/src/journal/body.ts';
import {
  type Entry,
  encodeStatement,
  holderProofMessage,
  maxEntryBytes,
  signedMessage,
} from '../../packages/core/src/journal/entry.ts';
import { inboxStream } from '../../packages/core/src/journal/header.ts';
import type { TestPractice } from '../../packages/core/test/journal/practice-fixture.ts';
import { drillBody, vectorPractice } from './vector-practice.ts';

type ErrorCode = 'ENTRY_INVALID' | 'BODY_INVALID' | 'ENTRY_TOO_LARGE' | 'FORMAT_UNKNOWN';
interface Refused {
  readonly name: string;
  readonly bytes: string;
  readonly error: ErrorCode;
}

const signature = new Uint8Array(64);
const hash = sha256(utf8ToBytes('a hash of the vectors'));

/** Every shape of an entry, right and wrong. */
export async function makeEntries(): Promise<object> {
  const practice = await vectorPractice('entries');
  const entries = await oneOfEach(practice);
  const records = entries.find((entry) => entry.header.kind === 'records');
  if (records === undefined) throw new RangeError('No records entry');
  const device = practice.entries[2]?.header.body;
  if (device?.kind !== 'device') throw new RangeError('No device entry');
  return {
    accepted: entries.map((entry) => ({
      name: entry.header.kind,
      entry: bytesToHex(entry.bytes),
      statement: bytesToHex(encodeStatement(entry)),
      receivedAt: entry.receivedAt,
      header: bytesToHex(entry.headerBytes),
      payloadHash: entry.payloadHash === null ? null : bytesToHex(entry.payloadHash),
      signedMessage: bytesToHex(signedMessage(entry.headerBytes, entry.payloadHash)),
      id: bytesToHex(entry.id),
      leaf: bytesToHex(entry.leaf),
    })),
    holderProof: {
      scope: bytesToHex(practice.state.nonce ?? hash),
      member: bytesToHex(device.member),
      author: bytesToHex(device.author),
      recipient: bytesToHex(device.recipient),
      message: bytesToHex(
        holderProofMessage(practice.state.nonce ?? hash, device.member, device.author, device.recipient),
      ),
      proof: bytesToHex(device.proof),
    },
    entriesRefused: refusedEntries(records),
    statementsRefused: refusedStatements(records),
    headersRefused: [...refusedHeaders(records), ...refusedBodies(entries)],
  };
}

/** One entry of each kind, the first of the practice's own where it has one. */
async function oneOfEach(practice: TestPractice): Promise<Entry[]> {
  const { device: signer, host, founder } = practice;
  const root = practice.root();
  await practice.appendRecords({ blobs: [{ hash, size: 268_435_456 }], compartment: `private/${bytesToHex(founder)}` });
  await practice.append({ signer, body: { kind: 'snapshot', index: 12, id: practice.entries[12]?.id ?? hash } });
  await practice.append({ signer, body: { kind: 'heads', ...practice.head() } });
  await practice.append({ signer, body: { kind: 'opened' } });
  await practice.append({ signer, body: { kind: 'reread' } });
  const stream = practice.random(16);
  const items = [
    { what: 'stream', id: stream, from: 0, count: 3 },
    { what: 'entries', id: null, from: 0, count: 12 },
    { what: 'blob', id: hash, from: 0, count: 16_384 },
  ] as const;
  await practice.append({ signer: host, body: { kind: 'fetch', reader: signer.author, items } });
  await practice.append({
    signer: host,
    body: { kind: 'backup', destination: 'dossier de l\u2019h\u00e9bergeur', size: 12, root, objects: 3, bytes: 4096 },
  });
  await practice.append({ signer: host, body: drillBody({ size: 12, root }) });
  await practice.append({ signer: host, body: { kind: 'operator', action: 'restart', detail: '' } });
  await practice.append({
    signer: host,
    body: { kind: 'access', what: 'opened', member: founder, author: signer.author },
  });
  const member = await practice.addMember('substitute', ['clinical']);
  const term = { kind: 'term', member: member.member, from: 1_780_000_000_000, until: 1_790_000_000_000 } as const;
  await practice.append({ signer, body: term });
  await practice.append({ signer, body: practice.freezeBody(member.device.author) });
  await practice.append({ signer, body: { kind: 'hold', isOn: true } });
  await practice.append({ signer, body: practice.revokeBody(member.device.author) });
  await practice.append({
    signer,
    body: { kind: 'restore-ack', fence: 2, size: practice.size, root: practice.root() },
  });
  await practice.append({ signer, body: { kind: 'host', hostAuthor: hash } });
  const restricted = practice.random(16);
  await practice.append({ signer, body: practice.restrictBody(restricted, [member.member]) });
  await practice.append({ signer, body: practice.glassBody(restricted) });
  await practice.append({ signer, body: practice.witnessBody() });
  const desk = await practice.addMember('desk', ['admin']);
  const deposit = { signer: desk.device, body: practice.depositBody(), stream: inboxStream(desk.member) };
  await practice.append({ ...deposit, compartment: 'clinical' });
  const kinds = new Set<string>();
  return practice.entries.filter(({ header }) => !kinds.has(header.kind) && kinds.add(header.kind).size > 0);
}

function refusedEntries({ bytes, headerBytes, payloadHash, receivedAt }: Entry): Refused[] {
  const of = (name: string, items: readonly CborValue[], error: ErrorCode = 'ENTRY_INVALID') =>
    refused(name, encodeCanonical(items), error);
  const parts = [receivedAt, headerBytes, payloadHash, signature] as const;
  const tail = bytes.subarray(10);
  const head = (...values: number[]) => new Uint8Array(values);
  return [
    refused('nothing', head(), 'ENTRY_INVALID'),
    refused('cut by a byte', bytes.slice(0, -1), 'ENTRY_INVALID'),
    refused('cut in the header', bytes.slice(0, 100), 'ENTRY_INVALID'),
    refused('a byte more', concatBytes(bytes, head(0)), 'ENTRY_INVALID'),
    refused('twice', concatBytes(bytes, bytes), 'ENTRY_INVALID'),
    refused('past 32 768 bytes', new Uint8Array(maxEntryBytes + 1), 'ENTRY_TOO_LARGE'),
    refused('an array head of two bytes', concatBytes(head(0x98, 4), bytes.subarray(1)), 'ENTRY_INVALID'),
    refused('an array without length', concatBytes(head(0x9f), bytes.subarray(1), head(0xff)), 'ENTRY_INVALID'),
    refused(
      'receivedAt in more bytes than it needs',
      concatBytes(head(0x84, 0x1b, 0, 0, 0, 0, 0, 0, 0, 5), tail),
      'ENTRY_INVALID',
    ),
    refused(
      'receivedAt as a float',
      concatBytes(head(0x84, 0xfb, 0x42, 0x79, 0, 0, 0, 0, 0, 0), tail),
      'ENTRY_INVALID',
    ),
    refused('receivedAt past 2^53', concatBytes(head(0x84, 0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0), tail), 'ENTRY_INVALID'),
    refused('receivedAt tagged as a time', concatBytes(head(0x84, 0xc1), bytes.subarray(1)), 'ENTRY_INVALID'),
    refused('receivedAt undefined', concatBytes(head(0x84, 0xf7), tail), 'ENTRY_INVALID'),
    of('receivedAt under zero', [-1, headerBytes, payloadHash, signature]),
    of('receivedAt as text', ['0', headerBytes, payloadHash, signature]),
    of('an item more', [...parts, null]),
    of('an item less', parts.slice(0, 3)),
    of('no array', headerBytes as never),
    of('the header not in a byte string', [receivedAt, decodeCanonical(headerBytes), payloadHash, signature]),
    of('an empty header', [receivedAt, new Uint8Array(0), payloadHash, signature]),
    of('the header as text', [receivedAt, 'header', payloadHash, signature]),
    of('a payload hash of 31 bytes', [receivedAt, headerBytes, hash.slice(1), signature]),
    of('a payload hash of 33 bytes', [receivedAt, headerBytes, concatBytes(hash, head(0)), signature]),
    of('a payload hash of false', [receivedAt, headerBytes, false, signature]),
    of('a signature of 63 bytes', [receivedAt, headerBytes, payloadHash, signature.slice(1)]),
    of('a signature of 65 bytes', [receivedAt, headerBytes, payloadHash, new Uint8Array(65)]),
    of('no signature', [receivedAt, headerBytes, payloadHash, null]),
    of('a map', new Map([['entry', 1]]) as never),
  ];
}

function refusedStatements(entry: Entry): Refused[] {
  const { bytes, headerBytes, payloadHash } = entry;
  return [
    refused('nothing', new Uint8Array(0), 'ENTRY_INVALID'),
    refused('an entry for a statement', bytes, 'ENTRY_INVALID'),
    refused('a byte more', concatBytes(encodeStatement(entry), new Uint8Array(1)), 'ENTRY_INVALID'),
    refused('past 32 759 bytes', new Uint8Array(maxEntryBytes - 8), 'ENTRY_TOO_LARGE'),
    refused(
      'a signature of 63 bytes',
      encodeCanonical([headerBytes, payloadHash, signature.slice(1)]),
      'ENTRY_INVALID',
    ),
  ];
}

function refusedHeaders({ headerBytes }: Entry): Refused[] {
  const items = itemsOf(headerBytes);
  const at = (name: string, position: number, value: CborValue, error: ErrorCode = 'ENTRY_INVALID') =>
    refused(`header: ${name}`, encodeCanonical(items.with(position, value)), error);
  const pair = [hash, 1] as const;
  return [
    at('format 0', 0, 0, 'FORMAT_UNKNOWN'),
    at('format 2', 0, 2, 'FORMAT_UNKNOWN'),
    at('format as text', 0, '1', 'FORMAT_UNKNOWN'),
    at('no practice', 1, null),
    at('a practice of 31 bytes', 1, hash.slice(1)),
    at('a kind that is none', 2, 'note'),
    at('a kind with a capital', 2, 'Records'),
    at('a kind kept for later', 2, 'erase'),
    at('a kind as a number', 2, 9),
    at('an author of 33 bytes', 3, concatBytes(hash, new Uint8Array(1))),
    at('no author', 3, null),
    at('a stream of 32 bytes', 4, hash),
    at('a stream as text', 4, 'governance'),
    at('a compartment as bytes', 5, utf8ToBytes('admin')),
    at('a compartment of 257 bytes', 5, 'x'.repeat(257)),
    at('a compartment of 86 characters in 258 bytes', 5, '\u20ac'.repeat(86)),
    at('epoch 0 of a compartment', 6, 0),
    at('an epoch under zero', 6, -1),
    at('an epoch without compartment', 5, null),
    at('a base of 31 bytes', 7, hash.slice(1)),
    at('a base of false', 7, false),
    at('a previous entry as text', 8, 'genesis'),
    at('a checkpoint seen of size 0', 9, [0, hash]),
    at('a checkpoint seen without root', 9, [12]),
    at('a checkpoint seen with three items', 9, [12, hash, 1]),
    at('a checkpoint seen with a root of 31 bytes', 9, [12, hash.slice(1)]),
    at('a time under zero', 10, -1),
    at('no time', 10, null),
    at('no list of documents', 11, null),
    at('a document without size', 11, [[hash]]),
    at('a document of 0 bytes', 11, [[hash, 0]]),
    at('a document past 256 MiB', 11, [[hash, 268_435_457]]),
    at('a document with a hash of 16 bytes', 11, [[hash.slice(16), 1]]),
    at('a document named twice', 11, [pair, pair]),
    at('a document named twice with two sizes', 11, [pair, [hash, 2]]),
    refused('header: an item more', encodeCanonical([...items, null]), 'ENTRY_INVALID'),
    refused('header: an item less', encodeCanonical(items.slice(0, 12)), 'ENTRY_INVALID'),
    refused('header: no array', encodeCanonical('header'), 'ENTRY_INVALID'),
    refused('header: an empty array', encodeCanonical([]), 'FORMAT_UNKNOWN'),
    refused('header: a byte more', concatBytes(headerBytes, new Uint8Array(1)), 'ENTRY_INVALID'),
    refused('header: a byte less', headerBytes.slice(0, -1), 'ENTRY_INVALID'),
    refused(
      'header: format in two bytes',
      concatBytes(headerBytes.subarray(0, 1), new Uint8Array([0x18, 1]), headerBytes.subarray(2)),
      'ENTRY_INVALID',
    ),
    refused(
      'header: an array head of two bytes',
      concatBytes(new Uint8Array([0x98, 13]), headerBytes.subarray(1)),
      'ENTRY_INVALID',
    ),
    refused('header: text that is not UTF-8', replaceText(headerBytes, 'records', 0xff), 'ENTRY_INVALID'),
    refused('header: nested past 16', concatBytes(headerBytes.subarray(0, -1), nested(20)), 'ENTRY_INVALID'),
  ];
}

/** Each item of each body left out, doubled and of another type. */
function refusedBodies(entries: readonly Entry[]): Refused[] {
  return entries.flatMap(({ headerBytes, header }) => {
    const items = itemsOf(headerBytes);
    const body = bodyToCbor(header.body);
    const of = (name: string, value: CborValue) =>
      refused(`${header.kind}: ${name}`, encodeCanonical(items.with(12, value)), 'BODY_INVALID');
    if (!Array.isArray(body))
      return [of('an array', [body]), of('a number', 0), of('a text', ''), of('bytes', new Uint8Array(0))];
    const wrongs = body.flatMap((item: CborValue, position) =>
      wrongValues(item).map(([name, value]) => of(`item ${position} ${name}`, body.with(position, value))),
    );
    const values = header.kind === 'kit' ? ['', '7K2Q', '7K2QXX', 'ILOU0', '7k2qx'] : [];
    const own = ownValues(header.kind).map(([position, value, words = String(value)]) =>
      of(`item ${position} is ${words}`, body.with(position, value)),
    );
    const testValues = values.map((value) => of(`test value "${value}"`, body.with(3, value)));
    return [
      ...testValues,
      ...own,
      of('an item more', [...body, null]),
      of('an item less', body.slice(0, -1)),
      of('null', null),
      ...wrongs,
    ];
  });
}

/** What has the right type and is no value of that item. */
function ownValues(kind: string): (readonly [position: number, value: CborValue, words?: string])[] {
  if (kind === 'term')
    return [
      [1, 1_790_000_000_000],
      [1, 1_790_000_000_001],
      [2, 0],
      [1, false],
    ];
  if (kind === 'freeze') return [null, 'Held', ''].map((frozen) => [1, frozen]);
  if (kind === 'hold') return [[0, 'held']];
  if (kind === 'restrict') {
    const [low, high] = [new Uint8Array(16), new Uint8Array(16).fill(255)];
    return [
      [1, [], 'a list of nobody'],
      [1, [low, low], 'the same member twice'],
      [1, [high, low], 'members out of order'],
      [1, [new Uint8Array(15)], 'a member of 15 bytes'],
      [1, Array.from({ length: 65 }, (_, index) => new Uint8Array(16).with(15, index)), '65 members'],
    ];
  }
  if (kind === 'break-glass') return [[1, 0]];
  if (kind === 'witness')
    return ['', '.', 'witness example', 'witness+example', 't\u00e9moin', 'w/', 'w'.repeat(129)].map((name) => [
      1,
      name,
    ]);
  if (kind === 'drill')
    return [
      [11, 1, 'a finding of a proven drill'],
      [12, 'failed', 'failed with nothing found'],
      [12, 'late'],
      [13, ['ROOT_MISMATCH'], 'a code of a proven drill'],
    ];
  if (kind === 'access') return ['', 'Opened', 'sign-in', '+33612345678'].map((what) => [0, what]);
  return kind === 'device' ? ['', 'Browser', 'kit', 'tablet'].map((label) => [3, label]) : [];
}

function wrongValues(item: CborValue): (readonly [string, CborValue])[] {
  if (item instanceof Uint8Array) {
    const isFixed = [16, 32, 64, 104, 584, 1216].includes(item.length);
    // Long byte strings are only shortened to nothing: the vectors stay small.
    const short = item.length > 200 ? new Uint8Array(0) : item.slice(1);
    return isFixed
      ? [
          ['too short', short],
          ['too long', concatBytes(short, new Uint8Array(2))],
        ]
      : [
          ['empty', new Uint8Array(0)],
          ['past 4096 bytes', new Uint8Array(4097)],
        ];
  }
  if (typeof item === 'string')
    return [
      ['as a number', 7],
      ['past 256 bytes', 'x'.repeat(257)],
    ];
  if (typeof item === 'number')
    return [
      ['under zero', -1],
      ['as text', String(item)],
    ];
  if (typeof item === 'boolean') return [['as a number', Number(item)]];
  if (item === null) return [['false', false]];
  return [
    ['false', false],
    ['with something that is no pair', [1]],
  ];
}

function itemsOf(headerBytes: Bytes): readonly CborValue[] {
  const items = decodeCanonical(headerBytes);
  return Array.isArray(items) ? items : [];
}

function replaceText(bytes: Bytes, text: string, byte: number): Bytes {
  const found = utf8ToBytes(text);
  const at = bytes.findIndex((_, start) => found.every((value, offset) => bytes[start + offset] === value));
  return bytes.with(at, byte);
}

/** One-item arrays inside each other. */
function nested(depth: number): Bytes {
  return new Uint8Array([...new Array<number>(depth).fill(0x81), 0xf6]);
}

function refused(name: string, bytes: Bytes, error: ErrorCode): Refused {
  return { name, bytes: bytesToHex(bytes), error };
}
