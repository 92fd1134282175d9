import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { equalBytes, hexToBytes } from '../src/bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../src/cbor.ts';

const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.constantFrom(23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, -24, -25, -256, -257, -(2 ** 32) - 1),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), tie('value'))).map((pairs) => new Map(pairs)),
  ),
}));

test('what is encoded is read back as it was', () => {
  fc.assert(
    fc.property(value, (one) => {
      assert.deepEqual(decodeCanonical(encodeCanonical(one)), one);
    }),
  );
});

test('bytes are accepted exactly when another library reads them and writes them again the same', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 });
  const sealed = fc.tuple(value, damage, fc.nat(3), fc.nat(3)).map(([one, changes, cut, added]) => {
    const bytes = encodeCanonical(one);
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    const kept = bytes.subarray(0, Math.max(0, bytes.length - (cut === 1 ? 1 : 0)));
    return added === 1 ? new Uint8Array([...kept, 0]) : kept;
  });
  const any = fc.oneof(sealed, fc.uint8Array({ maxLength: 12 }));
  fc.assert(
    fc.property(any, (bytes) => {
      assert.deepEqual(outcome(decodeCanonical, bytes), outcome(decodeByEncodingAgain, bytes));
    }),
    { numRuns: 3000 },
  );
});

test('every pair of first bytes is judged as the other library judges it', () => {
  for (let first = 0; first < 256; first += 1)
    for (let second = 0; second < 256; second += 1)
      for (const rest of [[], [0], [0, 0, 0, 0, 0, 0, 0], [0x61, 0x61, 0x01]]) {
        const bytes = new Uint8Array([first, second, ...rest]);
        const ours = outcome(decodeCanonical, bytes);
        const theirs = outcome(decodeByEncodingAgain, bytes);
        // Almost all are refused by both, and comparing deeply takes longer than reading.
        if (ours !== theirs) assert.deepEqual(ours, theirs, `${bytes}`);
      }
});

test('what no encoder would write is refused', () => {
  const refused = {
    nothing: '',
    'a second value': '0000',
    'a longer head than needed': '1817',
    'a longer head of a text': '780161',
    'an integer over 2^53 - 1': '1b0020000000000000',
    'an integer under -(2^53 - 1)': '3b001fffffffffffff',
    'a float': 'fb3ff0000000000000',
    'a half float': 'f90000',
    undefined: 'f7',
    'a simple value': 'f0',
    'a tag': 'c000',
    'an array without end': '9fff',
    'a text without end': '7f6161ff',
    'a false count': '9a7fffffff',
    'a false count of pairs': 'bb001fffffffffffff',
    'a false size': '5b001fffffffffffff00',
    'a cut head': '1a0000',
    'keys that stand twice': 'a2616100616101',
    'keys out of order': 'a2616200616101',
    'a shorter key after a longer one': 'a262616100616201',
    'a key that is no text': 'a10000',
    'text that is cut inside a character': '61c3',
    'a surrogate': '63eda080',
    'an overlong character': '62c080',
    'seventeen arrays': '8181818181818181818181818181818181',
  };
  for (const [name, hex] of Object.entries(refused))
    assert.throws(() => decodeCanonical(hexToBytes(hex)), { code: 'CBOR_INVALID' }, name);
});

test('a byte order mark is a character like others', () => {
  assert.equal(decodeCanonical(hexToBytes('64efbbbf61')), '\uFEFFa');
});

test('byte strings do not share the buffer they were read from', () => {
  const bytes = encodeCanonical([new Uint8Array([1, 2, 3])]);
  const read = decodeCanonical(Buffer.from(bytes));
  bytes.fill(0);
  assert.deepEqual(read, [new Uint8Array([1, 2, 3])]);
});

test('sixteen levels are read and written, seventeen are not', () => {
  const nested = (levels: number): CborValue => (levels === 0 ? null : [nested(levels - 1)]);
  assert.deepEqual(decodeCanonical(encodeCanonical(nested(16))), nested(16));
  assert.throws(() => encodeCanonical(nested(17)), { code: 'CBOR_VALUE' });
});

test('what the formats cannot hold is not encoded', () => {
  const refused = [1.5, Number.NaN, -0, 2 ** 53, '\uD800', new Map([['\uDC00', 1]])];
  for (const one of refused) assert.throws(() => encodeCanonical(one), { code: 'CBOR_VALUE' });
});

test('a value of too many values is refused at once, however small each is', () => {
  const sizeBytes = 32 * 1_048_576;
  const bytes = new Uint8Array(sizeBytes).fill(0x80, 5);
  bytes[0] = 0x9a;
  new DataView(bytes.buffer).setUint32(1, sizeBytes - 5);
  const start = performance.now();
  assert.throws(() => decodeCanonical(bytes), { code: 'CBOR_INVALID' });
  // The same count, said in halves.
  const halves = new Uint8Array(6_291_456 + 11).fill(0x80);
  halves[0] = 0x82;
  for (const at of [1, 3_145_728 + 6]) {
    halves[at] = 0x9a;
    new DataView(halves.buffer).setUint32(at + 1, 3_145_728);
  }
  assert.throws(() => decodeCanonical(halves), { code: 'CBOR_INVALID' });
  assert.ok(performance.now() - start < 3000);
});

test('the count of values is that of arrays, of maps and of what they hold, keys apart', () => {
  const value = [1, new Map([['key', [null]]]), 'text'];
  const bytes = encodeCanonical(value);
  assert.deepEqual(decodeCanonical(bytes, 6), value);
  assert.throws(() => decodeCanonical(bytes, 5), { code: 'CBOR_INVALID' });
});

function outcome(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): unknown {
  try {
    return { value: read(bytes) };
  } catch {
    return 'refused';
  }
}

/** The rule as the document words it, at its own price: read loosely, then compare with a fresh encoding. */
function decodeByEncodingAgain(bytes: Uint8Array): unknown {
  const read: unknown = decode(bytes, {
    allowIndefinite: false,
    allowUndefined: false,
    allowInfinity: false,
    allowNaN: false,
    allowBigInt: false,
    strict: true,
    useMaps: true,
    rejectDuplicateMapKeys: true,
  });
  if (!(isHeld(read, 0) && equalBytes(encode(read), bytes))) throw new RangeError('Not canonical');
  return read;
}

function isHeld(read: unknown, depth: number): boolean {
  if (depth > 16) return false;
  if (typeof read === 'number') return Number.isSafeInteger(read) && !Object.is(read, -0);
  if (typeof read === 'string') return read.isWellFormed();
  if (Array.isArray(read)) return read.every((item) => isHeld(item, depth + 1));
  if (read instanceof Map) return [...read].every(([key, item]) => typeof key === 'string' && isHeld(item, depth + 1));
  return true;
}
