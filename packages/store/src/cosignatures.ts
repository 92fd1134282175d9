import { type Bytes, equalBytes } from '@serment/core/bytes';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { verifyCosignature, type WitnessKey } from '@serment/core/journal/cosignature';
import { hostAuthorAt } from '@serment/core/journal/governance';
import type { KeptCosignature } from '@serment/core/wire/witness';
import { asHost, inPractice } from './database-scope.ts';
import { StoreError } from './error.ts';
import { readRootAt } from './journal/read.ts';
import type { Store } from './store.ts';

/**
 * Keeps what a witness signed, in the place of what it signed before. Throws CHECKPOINT_INVALID and COSIGNATURE_INVALID as
 * `verifyCosignature` does, COSIGNATURE_REFUSED for another head than this journal's. What is older changes nothing.
 */
export async function keepCosignature(store: Store, practice: Bytes, witness: WitnessKey, note: string): Promise<void> {
  const { checkpoint, time } = await verifyCosignature(note, witness);
  const { size, root, fence } = checkpoint;
  const [governance, status] = [await store.governance(practice), await store.status(practice)];
  const hostAuthor = governance === null ? null : hostAuthorAt(governance, size);
  const isOwn = equalBytes(checkpoint.practice, practice) && fence === status.fence && size > 0;
  const own = isOwn ? await readRootAt(store.database, practice, size) : null;
  if (hostAuthor === null || own === null || !equalBytes(own, root)) throw refused();
  await verifyCheckpoint(note, hostAuthor);
  await inPractice(
    store.database,
    practice,
    (sql) => sql`
      INSERT INTO serment.cosignatures (practice, witness, time, note)
      VALUES (${practice}, ${witness.key}, ${time}, ${note})
      ON CONFLICT (practice, witness) DO UPDATE SET time = EXCLUDED.time, note = EXCLUDED.note
      WHERE cosignatures.time <= EXCLUDED.time`,
  );
}

/** The newest note of each witness, named by the practice now or before. */
export function readCosignatures({ database }: Store, practice: Bytes): Promise<KeptCosignature[]> {
  return inPractice(database, practice, async (sql) => {
    const rows = await sql<{ witness: Bytes; note: string }[]>`
      SELECT witness, note FROM serment.cosignatures WHERE practice = ${practice} ORDER BY witness`;
    return rows.map(({ witness, note }) => ({ key: witness, note }));
  });
}

function refused(): StoreError {
  return new StoreError('COSIGNATURE_REFUSED', 'The cosigned head is not one of this journal');
}

/** When each witness of each practice last signed, ms; those too that a practice does not name any more. */
export function readCosignedTimes({ database }: Store): Promise<{ practice: Bytes; witness: Bytes; time: number }[]> {
  return asHost(
    database,
    (sql) => sql<{ practice: Bytes; witness: Bytes; time: number }[]>`
      SELECT practice, witness, time * 1000 AS time FROM serment.cosignatures ORDER BY practice, witness`,
  );
}
