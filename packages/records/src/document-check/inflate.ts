import { Inflate, Unzlib } from 'fflate';

interface Bound {
  readonly maxBytes: number;
  /** Without the two bytes of zlib's header. */
  readonly isRaw?: boolean;
}

const pushedBytes = 16_384;

/** DEFLATE up to a size; null for what is damaged, cut or larger. What stands behind its end is left. */
export function inflateBounded(packed: Uint8Array, { maxBytes, isRaw = false }: Bound): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let size = 0;
  const take = (part: Uint8Array) => {
    size += part.length;
    if (size > maxBytes) throw new RangeError('More than was asked for');
    parts.push(part);
  };
  const inflate = isRaw ? new Inflate(take) : new Unzlib(take);
  try {
    for (let start = 0; start < packed.length || start === 0; start += pushedBytes)
      inflate.push(packed.subarray(start, start + pushedBytes), start + pushedBytes >= packed.length);
  } catch {
    return null;
  }
  const clear = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    clear.set(part, at);
    at += part.length;
  }
  return clear;
}
