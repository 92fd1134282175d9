import { CoreError } from '@serment/core/error';
import { parseEntry } from '@serment/core/journal/entry';
import type { HeadProofs } from '@serment/core/journal/followed';
import type { NumberedEntry } from '@serment/core/journal/governance-replay';
import { verifyInclusion } from '@serment/core/journal/proof';
import { ReplicaError } from '@serment/replica/error';
import type { Transport } from '@serment/replica/transport';

/** What a host proves over HTTP. What it refuses to give is null; where it cannot be reached, the transport's error is thrown. */
export function hostProofs(transport: Transport): HeadProofs {
  return {
    consistencyProof: (from, to) => given(() => transport.consistencyProof(from, to)),
    governance: (head) =>
      given(async () => {
        const entries: NumberedEntry[] = [];
        let from: number | null = 0;
        while (from !== null && from < head.size) {
          const page = await transport.governance(from);
          for (const [index, bytes] of page.entries) {
            if (index >= head.size) break;
            const entry = parseEntry(bytes);
            const proof = await transport.inclusionProof(index, head.size);
            // One that is not proven ends it: a host that makes them up is not read to its end.
            if (!verifyInclusion({ ...head, index, leaf: entry.leaf, proof })) return null;
            entries.push({ index, entry });
          }
          // A host that goes in circles is not followed.
          from = page.next !== null && page.next > from && page.entries.length > 0 ? page.next : null;
        }
        return entries;
      }),
  };
}

async function given<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CoreError) return null;
    if (error instanceof ReplicaError && error.code === 'SERVER_REFUSED') return null;
    throw error;
  }
}
