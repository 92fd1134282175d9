import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { sha256 } from '@serment/core/hash';
import type { CheckedBundle } from './bundle-check.ts';
import type { VerifyContext } from './verify-practice.ts';

/**
 * Whether every payload and document of a bundle is there and hashes to what its entry says; for entries that stand under
 * a root which was judged before, whose signatures and rights follow from it.
 */
export async function isWholeBeside(context: VerifyContext, bundle: CheckedBundle): Promise<boolean> {
  const { payloads, places } = bundle;
  if (payloads === null || places === null) return false;
  for (const [position, { payloadHash, blobs }] of places.entries()) {
    const payload = payloads[position] ?? null;
    const isRight = payload === null || (payloadHash !== null && equalBytes(sha256(payload), payloadHash));
    if (!isRight) return false;
    const isDocument = payload === null && payloadHash !== null;
    if (!isDocument && blobs.length === 0) continue;
    for (const hash of isDocument ? [...blobs, payloadHash] : blobs)
      if (!(await hasDocument(context, bytesToHex(hash), bundle.number * bundleSize + position))) return false;
  }
  return true;
}

async function hasDocument(
  { destination, place, documents, documentsTo }: VerifyContext,
  hash: string,
  index: number,
): Promise<boolean> {
  const { practice } = place;
  if ((await destination.size(formatCopyName({ kind: 'blob', practice, hash }))) === null) return false;
  if (index >= documentsTo) await documents.readOnce({ kind: 'blob', practice, hash });
  return !documents.isBad(practice, hash);
}
