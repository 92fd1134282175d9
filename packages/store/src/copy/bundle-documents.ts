import { bytesToHex } from '@serment/core/bytes';
import { bundleSize } from '@serment/core/copy/names';
import type { CheckedBundle } from './bundle-check.ts';

/** Documents that the entries of a bundle name, each with its entry: their own, and payloads that are one. */
export function documentsOf({
  number,
  places,
  payloads,
}: Pick<CheckedBundle, 'number' | 'places' | 'payloads'>): { readonly hash: string; readonly index: number }[] {
  return (places ?? []).flatMap(({ blobs, payloadHash }, position) => {
    const isDocument = payloadHash !== null && payloads?.[position] === null;
    const index = number * bundleSize + position;
    return [...blobs, ...(isDocument ? [payloadHash] : [])].map((hash) => ({ hash: bytesToHex(hash), index }));
  });
}
