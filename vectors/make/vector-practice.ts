import { bytesToHex } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import { type Entry, encodeStatement, signedMessage } from '../../packages/core/src/journal/entry.ts';
import { makePractice, type TestPractice } from '../../packages/core/test/journal/practice-fixture.ts';
import { deterministicRandom, type TestSigner } from '../../packages/core/test/journal/signer.ts';

/** A practice of the vectors: the same bytes on every run, with short bytes where wraps would stand. */
export function vectorPractice(seed: string): Promise<TestPractice> {
  return makePractice({ random: deterministicRandom(`serment vectors ${seed}`), wrapBytes: 24 });
}

export function entriesToHex(entries: readonly Entry[]): string[] {
  return entries.map((entry) => bytesToHex(entry.bytes));
}

/** A statement of header items that no parser has seen. */
export async function rawStatement(
  signer: TestSigner,
  items: readonly CborValue[],
  payloadHash: Uint8Array<ArrayBuffer> | null,
) {
  const headerBytes = encodeCanonical(items);
  const signature = await signer.sign(signedMessage(headerBytes, payloadHash));
  return encodeStatement({ headerBytes, payloadHash, signature });
}
