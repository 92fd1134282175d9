// Contents of `reread` payloads for vectors/journal.json (docs/format/journal.md).
import { bytesToHex } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import type { RereadVectors } from '../../packages/core/test/vectors/journal.ts';

const root = new Uint8Array(32).fill(1);
const proven: CborValue[] = [1, 'chez le notaire', 4200, root, 2_300, 32, 4, 9_000_000, 'proven', []];
const failed: CborValue[] = proven.with(8, 'failed').with(9, ['PAYLOAD_MISSING', 'BLOB_MISMATCH']);
const silent: CborValue[] = [1, 'disque', 0, new Uint8Array(32), 8_000, 0, 0, 0, 'inconclusive', ['COPY_SILENT']];

const accepted: readonly (readonly [string, CborValue])[] = [
  ['one that is proven', proven],
  ['one of records alone', proven.with(6, 0)],
  ['one that found a document of another hash', failed],
  ['one of a copy that did not answer', silent],
];

const refused: readonly (readonly [string, CborValue])[] = [
  ['null', null],
  ['an item less', proven.slice(0, 9)],
  ['an item more', [...proven, null]],
  ['a name of 257 bytes', proven.with(1, 'x'.repeat(257))],
  ['a root too short', proven.with(3, new Uint8Array(31))],
  ['a negative duration', proven.with(4, -1)],
  ['an outcome of its own', proven.with(8, 'late')],
  ['one that is proven and read nothing', proven.with(5, 0)],
  ['one that is proven and says a code', proven.with(9, ['BLOB_MISSING'])],
  ['one that failed for nothing', failed.with(9, [])],
  ['a code twice', failed.with(9, ['BLOB_MISSING', 'BLOB_MISSING'])],
  [
    'seventeen codes',
    failed.with(
      9,
      Array.from({ length: 17 }, (_, place) => `CODE_${place}`),
    ),
  ],
  ['a code of 65 bytes', failed.with(9, ['x'.repeat(65)])],
];

export function makeRereads(): RereadVectors {
  return {
    accepted: accepted.map(([name, value]) => ({ name, bytes: bytesToHex(encodeCanonical(value)) })),
    refused: [
      ...refused.map(([name, value]) => ({
        name,
        bytes: bytesToHex(encodeCanonical(value)),
        error: 'PAYLOAD_INVALID',
      })),
      { name: 'not canonical', bytes: `${bytesToHex(encodeCanonical(proven))}00`, error: 'PAYLOAD_INVALID' },
      { name: 'another format', bytes: bytesToHex(encodeCanonical(proven.with(0, 2))), error: 'FORMAT_UNKNOWN' },
    ],
  };
}
