import type { Bytes } from '@serment/core/bytes';

/** One value of a DER encoding. */
export interface DerValue {
  /** Its whole first byte: class, form and number. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

export const derTags = {
  integer: 0x02,
  sequence: 0x30,
  utcTime: 0x17,
  generalizedTime: 0x18,
  explicit0: 0xa0,
} as const;

/**
 * The values that follow each other in `bytes`, as they are asked for. For lists of a hundred thousand certificates,
 * which a general reader turns into a gigabyte of objects. Throws RangeError for a length that is indefinite or passes
 * the end, and for tags of several bytes.
 */
export function* derValues(bytes: Uint8Array): Generator<DerValue> {
  for (let start = 0; start < bytes.length; ) {
    const tag = byteAt(bytes, start);
    if ((tag & 0x1f) === 0x1f) throw new RangeError('A tag of several bytes');
    const first = byteAt(bytes, start + 1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (first === 0x80 || lengthBytes > 4) throw new RangeError('A length that DER has not, or that is too large');
    let length = first < 0x80 ? first : 0;
    for (let place = 0; place < lengthBytes; place++) length = length * 256 + byteAt(bytes, start + 2 + place);
    const contentStart = start + 2 + lengthBytes;
    const end = contentStart + length;
    if (end > bytes.length) throw new RangeError('A length that passes the end');
    yield { tag, content: bytes.subarray(contentStart, end), whole: bytes.subarray(start, end) };
    start = end;
  }
}

/** The values inside a value of that tag. Throws RangeError when it is of another. */
export function derInside(value: DerValue | undefined, tag: number): Generator<DerValue> {
  if (value?.tag !== tag) throw new RangeError('Another value was expected');
  return derValues(value.content);
}

/** A copy for the libraries that keep what they are given. */
export function derCopy({ whole }: DerValue): Bytes {
  return new Uint8Array(whole);
}

function byteAt(bytes: Uint8Array, place: number): number {
  const byte = bytes[place];
  if (byte === undefined) throw new RangeError('The end came too early');
  return byte;
}
