import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { asHost } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** What a copy of a practice last proved, by the host's own word. Times in milliseconds. */
export interface Proof {
  /** In hexadecimal. */
  readonly practice: string;
  readonly copy: string;
  /** When proofs were first asked of it. */
  readonly since: number;
  /** The last trial restoration that gave everything back. */
  readonly restoredAt: number | null;
  /** Why the last one that had an answer did not; null once one did. */
  readonly restoreFailed: string | null;
  readonly restoreFailedAt: number | null;
  readonly verifiedAt: number | null;
  /** Of the last verification. */
  readonly findings: number;
}

/** Keeps the outcome of a trial restoration that had an answer: `failed` is its first code, null for one that proved. */
export async function keepDrill(
  database: Database,
  { practice, copy }: Pick<Proof, 'practice' | 'copy'>,
  { at, failed }: { readonly at: number; readonly failed: string | null },
): Promise<void> {
  const restored = failed === null ? at : null;
  const failedAt = failed === null ? null : at;
  await asHost(
    database,
    (sql) => sql`
      INSERT INTO serment.proofs (practice, copy, since, restored_at, restore_failed, restore_failed_at)
      VALUES (${hexToBytes(practice)}, ${copy}, ${at}, ${restored}, ${failed}, ${failedAt})
      ON CONFLICT (practice, copy) DO UPDATE SET restored_at = coalesce(EXCLUDED.restored_at, proofs.restored_at),
        restore_failed = EXCLUDED.restore_failed, restore_failed_at = EXCLUDED.restore_failed_at`,
  );
}

/** Keeps that proofs are asked of a copy from now on, and its last verification where it is newer than what is kept. */
export async function keepVerification(
  database: Database,
  { practice, copy }: Pick<Proof, 'practice' | 'copy'>,
  verification: { readonly since: number; readonly verifiedAt: number | null; readonly findings: number },
): Promise<void> {
  const { since, verifiedAt, findings } = verification;
  await asHost(
    database,
    (sql) => sql`
      INSERT INTO serment.proofs (practice, copy, since, verified_at, findings)
      VALUES (${hexToBytes(practice)}, ${copy}, ${since}, ${verifiedAt}, ${findings})
      ON CONFLICT (practice, copy) DO UPDATE SET verified_at = EXCLUDED.verified_at, findings = EXCLUDED.findings
      WHERE EXCLUDED.verified_at > coalesce(proofs.verified_at, 0)`,
  );
}

export async function listProofs(database: Database): Promise<Proof[]> {
  const rows = await asHost(
    database,
    (sql) => sql<(Omit<Proof, 'practice'> & { practice: Bytes })[]>`
      SELECT practice, copy, since, restored_at AS "restoredAt", restore_failed AS "restoreFailed",
        restore_failed_at AS "restoreFailedAt", verified_at AS "verifiedAt", findings FROM serment.proofs`,
  );
  return rows.map(({ practice, ...row }) => ({ ...row, practice: bytesToHex(practice) }));
}
