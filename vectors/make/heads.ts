// Contents of `heads` payloads for vectors/journal.json (docs/format/journal.md, Heads).
import { bytesToHex } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import type { HeadsVectors } from '../../packages/core/test/vectors/journal.ts';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const stream = (byte: number) => new Uint8Array(16).fill(byte);
const host = stream(0).with(15, 1);

const governance: CborValue[] = [stream(0), null, hash(5), [0, 1, 1, 250], []];
const file: CborValue[] = [stream(7), 'clinical', hash(6), [3, 4, 400], [7]];
const heads: CborValue[] = [1, 512, hash(1), [[hash(2), 511, hash(3)]], [governance, file]];
const withStream = (place: number, value: CborValue): CborValue => heads.with(4, [governance, file.with(place, value)]);

const accepted: readonly (readonly [string, CborValue, number[][]])[] = [
  [
    'governance and a file',
    heads,
    [
      [0, 1, 2, 252],
      [3, 7, 407],
    ],
  ],
  ['a stream of one entry, a snapshot', withStream(3, [7]), [[0, 1, 2, 252], [7]]],
  ['no stream and no author', [1, 256, hash(1), [], []], []],
  [
    'the last entry before the size',
    withStream(3, [7, 504]),
    [
      [0, 1, 2, 252],
      [7, 511],
    ],
  ],
];

const refused: readonly (readonly [string, CborValue])[] = [
  ['null', null],
  ['an item less', heads.slice(0, 4)],
  ['an item more', [...heads, null]],
  ['size zero', heads.with(1, 0)],
  ['a root too short', heads.with(2, new Uint8Array(31))],
  [
    'an author twice',
    heads.with(3, [
      [hash(2), 511, hash(3)],
      [hash(2), 510, hash(4)],
    ]),
  ],
  [
    'authors out of order',
    heads.with(3, [
      [hash(2), 511, hash(3)],
      [hash(1), 510, hash(4)],
    ]),
  ],
  ['an author whose entry is not before the size', heads.with(3, [[hash(2), 512, hash(3)]])],
  ['an author without an id', heads.with(3, [[hash(2), 511, null]])],
  ['a stream twice', heads.with(4, [file, file])],
  ['streams out of order', heads.with(4, [file, governance])],
  ['the host stream', heads.with(4, [[host, null, hash(5), [2], []], file])],
  ['a stream that is too short', withStream(0, new Uint8Array(15))],
  ['a compartment that is a number', withStream(1, 1)],
  ['a compartment of 257 bytes', withStream(1, 'x'.repeat(257))],
  ['an id too long', withStream(2, new Uint8Array(33))],
  ['no entries', withStream(3, [])],
  ['an entry twice', withStream(3, [3, 0, 4])],
  ['entries that go back', withStream(3, [3, -1])],
  ['an entry at the size', withStream(3, [7, 505])],
  ['entries that pass the size', withStream(3, [7, 504, 1])],
  ['a snapshot that is no entry', withStream(4, [8])],
  ['a snapshot twice', withStream(4, [7, 7])],
  ['snapshots out of order', withStream(4, [407, 7])],
];

export function makeHeads(): HeadsVectors {
  return {
    accepted: accepted.map(([name, value, entries]) => ({ name, bytes: bytesToHex(encodeCanonical(value)), entries })),
    refused: [
      ...refused.map(([name, value]) => ({
        name,
        bytes: bytesToHex(encodeCanonical(value)),
        error: 'PAYLOAD_INVALID',
      })),
      { name: 'not canonical', bytes: `${bytesToHex(encodeCanonical(heads))}00`, error: 'PAYLOAD_INVALID' },
      { name: 'another format', bytes: bytesToHex(encodeCanonical(heads.with(0, 2))), error: 'FORMAT_UNKNOWN' },
    ],
  };
}
