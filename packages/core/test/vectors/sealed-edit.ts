import { concatBytes, hexToBytes } from '@serment/core/bytes';

/** A change to sealed bytes, as the vectors name it. */
export type SealedEdit =
  /** The byte at this offset XOR 1. */
  | { readonly flip: number }
  /** Only the first bytes. */
  | { readonly cut: number }
  /** These bytes behind. */
  | { readonly append: string }
  /** Two sealed chunks in each other's place. */
  | { readonly swap: readonly [number, number] }
  /** A sealed chunk left out. */
  | { readonly drop: number }
  /** A sealed chunk twice. */
  | { readonly repeat: number };

const prefixSizeBytes = 56;
const sealedChunkSizeBytes = 16_400;

export function editSealed(sealed: Uint8Array, edit: SealedEdit): Uint8Array {
  if ('flip' in edit) return sealed.map((byte, offset) => (offset === edit.flip ? byte ^ 1 : byte));
  if ('cut' in edit) return sealed.slice(0, edit.cut);
  if ('append' in edit) return concatBytes(sealed, hexToBytes(edit.append));
  const chunks: Uint8Array[] = [];
  for (let start = prefixSizeBytes; start < sealed.length; start += sealedChunkSizeBytes)
    chunks.push(sealed.slice(start, start + sealedChunkSizeBytes));
  return concatBytes(sealed.slice(0, prefixSizeBytes), ...rearranged(chunks, edit));
}

function rearranged(chunks: readonly Uint8Array[], edit: Extract<SealedEdit, object>): Uint8Array[] {
  if ('swap' in edit) {
    const [left, right] = edit.swap;
    return chunks.map((chunk, index) => chunks[index === left ? right : index === right ? left : index] ?? chunk);
  }
  if ('drop' in edit) return chunks.filter((_, index) => index !== edit.drop);
  if ('repeat' in edit) return chunks.flatMap((chunk, index) => (index === edit.repeat ? [chunk, chunk] : [chunk]));
  return [...chunks];
}
