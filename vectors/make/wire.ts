// Makes vectors/wire.json: node vectors/make/wire.ts
import { writeFileSync } from 'node:fs';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { type CborValue, encodeCanonical } from '@serment/core/cbor';
import { sessionMessage } from '@serment/core/wire/session';
import { shown, wireMessages } from '../../packages/core/test/vectors/wire.ts';

const bytes = (sizeBytes: number, start = 0): Bytes =>
  Uint8Array.from({ length: sizeBytes }, (_, place) => (start + place) % 256);
const note = 'serment/00/1\n1\nAA==\n\n— serment/00/1 AAAA\n';
const draftOf = (revision: number) => encodeCanonical([1, 'clinical', 2, revision, bytes(60)]);

const openerShown: CborValue[] = [bytes(32), bytes(16), bytes(32, 9), bytes(32, 3), null];
const revealed: CborValue[] = [bytes(32, 9), bytes(1216), bytes(32, 3), bytes(64)];

interface Sample {
  readonly name: string;
  readonly message: string;
  readonly items: readonly CborValue[];
}

const samples: readonly Sample[] = [
  {
    name: 'two entries, one with its payload',
    message: 'append request',
    items: [
      [
        [bytes(90), bytes(40)],
        [bytes(80), null],
      ],
    ],
  },
  {
    name: 'receipts of two entries',
    message: 'append answer',
    items: [
      [
        [41, 1_790_000_000_000],
        [42, 1_790_000_000_001],
      ],
      note,
    ],
  },
  {
    name: 'governance from the first entry',
    message: 'governance answer',
    items: [
      [
        [0, bytes(90)],
        [7, bytes(80)],
      ],
      12,
    ],
  },
  { name: 'what a witness signed', message: 'cosignature', items: [note] },
  {
    name: 'notes of two witnesses',
    message: 'cosignatures',
    items: [
      [
        [bytes(32), note],
        [bytes(32, 9), note],
      ],
    ],
  },
  { name: 'practice of a prefix', message: 'found practice', items: [bytes(32)] },
  { name: 'challenge asked', message: 'challenge request', items: [bytes(32), bytes(32, 9)] },
  { name: 'challenge given', message: 'challenge', items: [bytes(32), 1_790_000_060_000] },
  { name: 'challenge answered', message: 'session request', items: [bytes(32), bytes(32, 9), bytes(32, 3), bytes(64)] },
  { name: 'session opened', message: 'session', items: [bytes(32, 5), 1_790_043_200_000] },
  { name: 'entries from 300', message: 'entries answer', items: [300, [bytes(70), bytes(71)]] },
  { name: 'no entries beyond the end', message: 'entries answer', items: [301, []] },
  {
    name: 'page of a stream',
    message: 'stream answer',
    items: [
      [
        [5, bytes(20)],
        [9, null],
      ],
      12,
    ],
  },
  { name: 'last page of a stream', message: 'stream answer', items: [[], null] },
  { name: 'payloads asked', message: 'payloads request', items: [[9, 5, 0]] },
  {
    name: 'payloads given',
    message: 'payloads answer',
    items: [
      [
        [9, bytes(300)],
        [5, null],
      ],
    ],
  },
  { name: 'entries asked of a copy', message: 'copy entries request', items: ['chez le notaire', [9, 5, 0]] },
  {
    name: 'entries of a copy that has lost two and a payload',
    message: 'copy entries answer',
    items: [
      note,
      [
        [9, bytes(90), bytes(300)],
        [5, bytes(91), null],
        [0, null, null],
      ],
    ],
  },
  { name: 'proof of two hashes', message: 'proof answer', items: [[bytes(32), bytes(32, 1)]] },
  { name: 'proof of no hash', message: 'proof answer', items: [[]] },
  { name: 'smallest document', message: 'upload request', items: [bytes(32), 1] },
  { name: 'largest document', message: 'upload request', items: [bytes(32), 268_435_456] },
  { name: 'upload with a part received', message: 'upload answer', items: [bytes(16), 8_388_608, [0, 2]] },
  { name: 'document stored already', message: 'upload answer', items: [null, 8_388_608, []] },
  { name: 'upload closed', message: 'upload close', items: [] },
  { name: 'beat', message: 'beat', items: [bytes(584)] },
  { name: 'one draft', message: 'draft list', items: [[[bytes(16), 3, 1_790_000_000_000]]] },
  { name: 'draft read', message: 'draft answer', items: [draftOf(3)] },
  { name: 'first revision of a draft', message: 'draft write', items: [0, draftOf(1)] },
  { name: 'third revision of a draft', message: 'draft write', items: [2, draftOf(3)] },
  { name: 'registration begun', message: 'registration start', items: [bytes(16), 'bWVzc2FnZQ'] },
  { name: 'registration finished', message: 'registration finish', items: ['cmVjb3Jk', bytes(104), 1, bytes(104)] },
  { name: 'secret sealed anew to its member', message: 'sealed to member', items: [2, bytes(104)] },
  { name: 'PIN registered', message: 'pin finish', items: ['cmVjb3Jk', bytes(104)] },
  {
    name: 'account as its member sees it',
    message: 'account status',
    items: [bytes(16), [2, bytes(104)], '+33 6 •• •• •• 42', true, 9, '810001234567'],
  },
  { name: 'account that has nothing', message: 'account status', items: [null, null, null, false, 0, null] },
  { name: 'OPAQUE message', message: 'opaque message', items: ['bWVzc2FnZQ'] },
  { name: 'number given', message: 'phone request', items: ['06 39 98 00 42', 'fr'] },
  { name: 'code asked for', message: 'code request', items: ['en'] },
  { name: 'code sent', message: 'code sent', items: ['+33 6 •• •• •• 42', 1_790_000_000_000, null] },
  { name: 'code shown, on loopback', message: 'code sent', items: ['+33 6 •• •• •• 42', 1_790_000_000_000, '004217'] },
  { name: 'code typed', message: 'code', items: ['004 217'] },
  { name: 'secret of an authenticator', message: 'totp secret', items: [bytes(20)] },
  { name: 'recovery codes', message: 'recovery codes', items: [['7K2M9-QX4TA', '0000A-00001']] },
  { name: 'passkeys to sign', message: 'passkey asked', items: [bytes(32), [bytes(64), bytes(20, 7)]] },
  { name: 'first passkey to make', message: 'passkey asked', items: [bytes(32), []] },
  { name: 'passkey made', message: 'passkey made', items: [bytes(64), bytes(300), bytes(120)] },
  { name: 'passkey given', message: 'passkey given', items: [bytes(64), bytes(37), bytes(120), bytes(71)] },
  { name: 'passkeys of an account', message: 'passkey list', items: [[[bytes(64), 1_790_000_000_000]]] },
  { name: 'login asked for', message: 'login start', items: [bytes(32), bytes(32), 'bWVzc2FnZQ'] },
  { name: 'PIN asked for', message: 'pin login start', items: [bytes(32), 'bWVzc2FnZQ'] },
  { name: 'login begun', message: 'login answer', items: [bytes(16), 'cmVzcG9uc2U'] },
  { name: 'login finished', message: 'login finish', items: ['bWVzc2FnZQ', bytes(32)] },
  { name: 'second factor', message: 'factor answer', items: ['totp', '123456'] },
  { name: 'opened', message: 'opening', items: [bytes(104), 1_790_000_000_000, []] },
  {
    name: 'a second factor is asked for',
    message: 'opening',
    items: [
      null,
      0,
      [
        ['sms', '+33 6 •• •• •• 42'],
        ['totp', ''],
        ['recovery', '9'],
      ],
    ],
  },
  {
    name: 'a passkey is asked for first',
    message: 'opening',
    items: [
      null,
      0,
      [
        ['passkey', ''],
        ['totp', ''],
      ],
    ],
  },
  { name: 'gate asked for', message: 'gate request', items: [bytes(32)] },
  { name: 'gate open', message: 'gate answer', items: [1_790_000_000_000] },
  { name: 'identity to be proven', message: 'identity request', items: ['cps', bytes(32)] },
  { name: 'where to prove it', message: 'identity address', items: ['https://carte.example.fr/card/00'] },
  {
    name: 'identity proven, to open',
    message: 'identity login',
    items: ['00'.repeat(32), bytes(32), bytes(32), bytes(32), bytes(32)],
  },
  { name: 'identity proven, to be linked', message: 'identity proof', items: ['00'.repeat(32), bytes(32)] },
  { name: 'card share', message: 'card share', items: [bytes(32)] },
  { name: 'enrolment committed', message: 'enrolment start', items: [bytes(32)] },
  { name: 'enrolment named', message: 'enrolment begun', items: [bytes(16), bytes(5), 1_790_000_300_000] },
  { name: 'enrolment asked for', message: 'enrolment take', items: [] },
  { name: 'enrolment given', message: 'enrolment taken', items: [bytes(32), 1_790_000_300_000] },
  { name: 'answer to a typed reference', message: 'opener answer', items: [bytes(32), null] },
  { name: 'answer to a QR code', message: 'opener answer', items: [bytes(32), bytes(32, 7)] },
  { name: 'newcomer', message: 'newcomer revealed', items: revealed },
  { name: 'nobody yet', message: 'newcomer standing', items: ['open', null] },
  { name: 'an opener', message: 'newcomer standing', items: ['open', openerShown] },
  { name: 'added', message: 'newcomer standing', items: ['added', openerShown.with(4, bytes(32, 7))] },
  { name: 'no newcomer yet', message: 'opener standing', items: ['open', null] },
  { name: 'a newcomer', message: 'opener standing', items: ['open', revealed] },
  { name: 'a newcomer at a command line', message: 'opener standing', items: ['open', [...revealed, 'cli']] },
  { name: 'cancelled', message: 'opener standing', items: ['cancelled', revealed] },
  { name: 'two codes', message: 'enrolment ending', items: ['different'] },
  {
    name: 'two open sessions, of which one asks',
    message: 'open sessions',
    items: [
      [
        [bytes(32), bytes(32, 9), 1_790_000_000_000, 1_790_000_060_000, false],
        [bytes(32, 5), bytes(32, 9), 1_790_000_030_000, 1_790_000_090_000, true],
      ],
    ],
  },
  { name: 'no open session', message: 'open sessions', items: [[]] },
];

const own: readonly Sample[] = [
  { name: 'request of no entry', message: 'append request', items: [[]] },
  { name: 'entry of one item', message: 'append request', items: [[[bytes(9)]]] },
  { name: 'entry of three items', message: 'append request', items: [[[bytes(9), null, null]]] },
  { name: 'statement that is null', message: 'append request', items: [[[null, null]]] },
  { name: 'statement over 32 768 bytes', message: 'append request', items: [[[bytes(32_769), null]]] },
  { name: 'payload that is text', message: 'append request', items: [[[bytes(9), 'payload']]] },
  { name: 'receipt at a negative index', message: 'append answer', items: [[[-1, 5]], note] },
  { name: 'entries in no array', message: 'entries answer', items: [300, bytes(70)] },
  { name: 'entry over 32 768 bytes', message: 'entries answer', items: [300, [bytes(32_769)]] },
  { name: 'stored payload over 65 536 bytes', message: 'payloads answer', items: [[[1, bytes(65_537)]]] },
  { name: 'negative index asked', message: 'payloads request', items: [[-1]] },
  { name: 'entries asked of no copy', message: 'copy entries request', items: [null, [1]] },
  { name: 'entries of a copy without its checkpoint', message: 'copy entries answer', items: [null, []] },
  {
    name: 'more than 4096 indexes asked',
    message: 'payloads request',
    items: [Array.from({ length: 4097 }, (_, index) => index)],
  },
  { name: 'hash of 31 bytes in a proof', message: 'proof answer', items: [[bytes(31)]] },
  {
    name: 'proof longer than any tree is high',
    message: 'proof answer',
    items: [Array.from({ length: 129 }, () => bytes(32))],
  },
  { name: 'document of no byte', message: 'upload request', items: [bytes(32), 0] },
  { name: 'document over 256 MiB', message: 'upload request', items: [bytes(32), 268_435_457] },
  { name: 'parts of no byte', message: 'upload answer', items: [bytes(16), 0, []] },
  { name: 'draft that skips a revision', message: 'draft write', items: [1, draftOf(3)] },
  { name: 'draft of the revision it replaces', message: 'draft write', items: [3, draftOf(3)] },
  { name: 'draft that is no draft', message: 'draft write', items: [0, bytes(40)] },
  {
    name: 'draft of another format',
    message: 'draft write',
    items: [0, encodeCanonical([2, 'clinical', 2, 1, bytes(60)])],
  },
  { name: 'OPAQUE message over 2048 characters', message: 'opaque message', items: ['x'.repeat(2049)] },
  { name: 'sealed secret over 1024 bytes', message: 'opening', items: [bytes(1025), 1, []] },
  { name: 'opening that is neither open nor asks', message: 'opening', items: [null, 0, []] },
  { name: 'opening that is open and asks', message: 'opening', items: [bytes(104), 1, [['totp', '']]] },
  { name: 'opening that asks, with a time', message: 'opening', items: [null, 1, [['totp', '']]] },
  { name: 'opening of a factor that nobody knows', message: 'opening', items: [null, 0, [['fax', '']]] },
  { name: 'factor that nobody knows', message: 'factor answer', items: ['fax', '123456'] },
  { name: 'language that nobody speaks here', message: 'code request', items: ['de'] },
  { name: 'method of proof that nobody knows', message: 'identity request', items: ['cpx', bytes(32)] },
  { name: 'reference of 4 bytes', message: 'enrolment begun', items: [bytes(16), bytes(4), 1_790_000_300_000] },
  { name: 'commitment of 31 bytes', message: 'enrolment start', items: [bytes(31)] },
  { name: 'tag of 16 bytes', message: 'opener answer', items: [bytes(32), bytes(16)] },
  { name: 'recipient of a classic key', message: 'newcomer revealed', items: revealed.with(1, bytes(32)) },
  { name: 'opener without its member', message: 'newcomer standing', items: ['open', openerShown.toSpliced(1, 1)] },
  { name: 'opener with an item too many', message: 'newcomer standing', items: ['open', [...openerShown, null]] },
  { name: 'newcomer without its proof', message: 'opener standing', items: ['open', revealed.slice(0, 3)] },
  { name: 'state that nobody knows', message: 'opener standing', items: ['asked', null] },
  { name: 'ending that is none', message: 'enrolment ending', items: ['added'] },
  { name: 'open session of four items', message: 'open sessions', items: [[[bytes(32), bytes(32), 1, 1]]] },
  { name: 'open session of six items', message: 'open sessions', items: [[[bytes(32), bytes(32), 1, 1, true, null]]] },
  { name: 'open session named by 31 bytes', message: 'open sessions', items: [[[bytes(31), bytes(32), 1, 1, true]]] },
  { name: 'open session of no author', message: 'open sessions', items: [[[bytes(32), null, 1, 1, true]]] },
  {
    name: 'open session used before all time',
    message: 'open sessions',
    items: [[[bytes(32), bytes(32), 1, -1, true]]],
  },
  { name: 'open session that may be this one', message: 'open sessions', items: [[[bytes(32), bytes(32), 1, 1, 1]]] },
  {
    name: 'more than 256 open sessions',
    message: 'open sessions',
    items: [Array.from({ length: 257 }, () => [bytes(32), bytes(32), 1, 1, false])],
  },
  { name: 'beat of 583 bytes', message: 'beat', items: [bytes(583)] },
  { name: 'beat of 585 bytes', message: 'beat', items: [bytes(585)] },
  { name: 'number over 64 characters', message: 'phone request', items: ['0'.repeat(65), 'fr'] },
];

const hostStatus = {
  author: bytesToHex(bytes(32)),
  version: '0.1.0',
  time: 1_790_000_000_000,
  local: true,
  maxBlobBytes: 268_435_456,
  identity: ['cps', 'psc'],
};
const restored = { fence: 2, size: 300, root: bytesToHex(bytes(32)), at: 1_790_000_000_000 };
const copy = {
  name: 'copy',
  kind: 'folder',
  sameDisk: false,
  size: 300,
  publishedAt: 1_790_000_000_000,
  lagMs: 120,
  state: 'current',
  error: null,
  verifiedAt: null,
  verifiedSize: null,
  verifiedFindings: null,
};
const error = {
  code: 'REFUSED',
  message: 'The entry is refused',
  hint: null,
  fields: { refusal: 'PREV_STALE', position: 0 },
};

const there = { author: bytesToHex(bytes(32)), beat: bytesToHex(bytes(584)), ageMs: 12_000 };

const jsonSamples = [
  { name: 'host', message: 'host status', value: hostStatus },
  { name: 'host that reads no card', message: 'host status', value: { ...hostStatus, identity: [] } },
  { name: 'practice', message: 'practice status', value: { size: 300, fence: 1, restored: null } },
  { name: 'restored practice', message: 'practice status', value: { size: 300, fence: 2, restored } },
  { name: 'no copy', message: 'copies', value: [] },
  { name: 'copy that is current', message: 'copies', value: [copy] },
  {
    name: 'copy that fails',
    message: 'copies',
    value: [{ ...copy, state: 'failing', lagMs: null, publishedAt: null, error: 'COPY_FULL' }],
  },
  { name: 'news of a checkpoint', message: 'checkpoint event', value: { size: 301, note } },
  { name: 'another device that is there', message: 'presence event', value: there },
  { name: 'another device that left', message: 'presence event', value: { ...there, beat: null, ageMs: 0 } },
  { name: 'refusal', message: 'error', value: error },
  {
    name: 'error with a hint',
    message: 'error',
    value: { code: 'STORAGE_FULL', message: 'Full', hint: 'Free space', fields: {} },
  },
];

const jsonRefused = [
  { name: 'host that is an array', message: 'host status', value: [hostStatus] },
  { name: 'author of 31 bytes', message: 'host status', value: { ...hostStatus, author: 'ab'.repeat(31) } },
  { name: 'author in upper case', message: 'host status', value: { ...hostStatus, author: 'AB'.repeat(32) } },
  { name: 'host with an unknown member', message: 'host status', value: { ...hostStatus, other: 1 } },
  { name: 'host with a card nobody knows', message: 'host status', value: { ...hostStatus, identity: ['cpx'] } },
  { name: 'host whose cards are no list', message: 'host status', value: { ...hostStatus, identity: 'cps' } },
  { name: 'host without its time', message: 'host status', value: { ...hostStatus, time: undefined } },
  { name: 'size with a fraction', message: 'practice status', value: { size: 1.5, fence: 1, restored: null } },
  {
    name: 'restored without a root',
    message: 'practice status',
    value: { size: 1, fence: 2, restored: { ...restored, root: null } },
  },
  { name: 'copies in an object', message: 'copies', value: { copy } },
  { name: 'copy in an unknown state', message: 'copies', value: [{ ...copy, state: 'perfect' }] },
  { name: 'copy that says nothing of its disk', message: 'copies', value: [{ ...copy, sameDisk: null }] },
  { name: 'news of a negative size', message: 'checkpoint event', value: { size: -1, note } },
  { name: 'presence of no device', message: 'presence event', value: { ...there, author: null } },
  { name: 'presence with a beat cut', message: 'presence event', value: { ...there, beat: there.beat.slice(2) } },
  { name: 'presence that says nothing of a beat', message: 'presence event', value: { ...there, beat: undefined } },
  { name: 'presence before it came', message: 'presence event', value: { ...there, ageMs: -1 } },
  { name: 'presence that says more', message: 'presence event', value: { ...there, patient: 'p-1' } },
  { name: 'error whose field is an array', message: 'error', value: { ...error, fields: { position: [0] } } },
  { name: 'error without a code', message: 'error', value: { ...error, code: null } },
];

/** The text of vectors/wire.json. */
export function makeWireVectors(): string {
  const accepted = [
    ...samples.map((sample) => ({ name: sample.name, message: sample.message, body: bodyOf(sample) })),
    ...jsonSamples.map(({ name, message, value }) => ({ name, message, body: JSON.stringify(value) })),
  ].map((one) => ({ ...one, value: shown(wireMessages[one.message]?.(one.body).value) }));
  const refused = [
    ...samples.flatMap(refusedForms),
    ...own.map((sample) => ({ name: sample.name, message: sample.message, body: bodyOf(sample) })),
    ...jsonRefused.map(({ name, message, value }) => ({ name, message, body: JSON.stringify(value) })),
    { name: 'host that is no JSON', message: 'host status', body: '{"author":' },
  ];
  const about =
    'docs/format/wire.md. Bodies are CBOR in hexadecimal, or JSON. Refused ones give WIRE_INVALID; accepted ones say `value`, bytes in hexadecimal.';
  const who = { practice: bytes(32), author: bytes(32, 9) };
  const sessionMessages = [
    {
      name: 'what opens a session',
      practice: bytesToHex(who.practice),
      author: bytesToHex(who.author),
      nonce: bytesToHex(bytes(32, 3)),
      message: bytesToHex(sessionMessage(who, bytes(32, 3))),
    },
  ];
  return `${JSON.stringify({ about, sessionMessages, accepted, refused }, null, 1)}\n`;
}

function bodyOf({ items }: Sample): string {
  return bytesToHex(encodeCanonical([1, ...items]));
}

/** What goes wrong with any body. */
function refusedForms({ name, message, items }: Sample): { name: string; message: string; body: string }[] {
  const body = bodyOf({ name, message, items });
  const encoded = (value: CborValue) => bytesToHex(encodeCanonical(value));
  const forms: [string, string][] = [
    ['of another format', encoded([2, ...items])],
    ['without its format', encoded([...items])],
    ['with an item too many', encoded([1, ...items, null])],
    ['that is a map', encoded(new Map([['1', items[0] ?? null]]))],
    ['followed by a byte', `${body}00`],
    ['cut by a byte', body.slice(0, -2)],
    [
      'whose array has a longer head than needed',
      `98${(items.length + 1).toString(16).padStart(2, '0')}${body.slice(2)}`,
    ],
  ];
  if (items.length > 0) forms.push(['with an item missing', encoded([1, ...items.slice(0, -1)])]);
  for (const place of items.keys())
    forms.push([
      `whose item ${place + 1} is of another type`,
      encoded([1, ...items.with(place, otherType(items[place]))]),
    ]);
  return forms.map(([form, bad]) => ({ name: `${name}, ${form}`, message, body: bad }));
}

function otherType(value: CborValue | undefined): CborValue {
  // Where nothing may stand, many things may: but no negative number.
  if (value === null) return -1;
  if (value instanceof Uint8Array) return value.subarray(1).length === 0 ? true : bytesToHex(value);
  return typeof value === 'string' ? new Uint8Array([1]) : 'text';
}

if (import.meta.main) writeFileSync(new URL('../wire.json', import.meta.url), makeWireVectors());
