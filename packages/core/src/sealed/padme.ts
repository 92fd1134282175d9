const minimumSizeBytes = 256;

/**
 * The size that `sizeBytes` is padded to (PADMÉ, Nikitin and others, "Reducing Metadata Leakage from Encrypted Files"):
 * it leaks O(log log n) bits of a size and costs at most 12 %. At least 256.
 */
export function padmeSize(sizeBytes: number): number {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError('Not a size');
  if (sizeBytes <= minimumSizeBytes) return minimumSizeBytes;
  const exponent = bitLength(sizeBytes) - 1;
  const unit = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(sizeBytes / unit) * unit;
}

function bitLength(value: number): number {
  return value.toString(2).length;
}
