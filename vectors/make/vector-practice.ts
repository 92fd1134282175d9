import { bytesToHex } from '../../packages/core/src/bytes.ts';
import { type CborValue, encodeCanonical } from '../../packages/core/src/cbor.ts';
import type { BodyOf } from '../../packages/core/src/journal/body.ts';
import { type Entry, encodeStatement, signedMessage } from '../../packages/core/src/journal/entry.ts';
import type { TreeHead } from '../../packages/core/src/journal/header.ts';
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

/** A drill of twelve entries: proven, or failed with these codes as it was restored to an instant. */
export function drillBody(head: TreeHead, codes: readonly string[] = []): BodyOf<'drill'> {
  return {
    ...{ kind: 'drill', destination: 'folder', ...head, startedAt: 1_780_000_000_000, durationMs: 1500 },
    ...{ entries: head.size, blobs: 2, bytes: 4096, clinical: 3, billing: 1 },
    at: codes.length === 0 ? null : 1_779_000_000_000,
    findings: codes.length,
    outcome: codes.length === 0 ? 'proven' : 'failed',
    codes,
  };
}
