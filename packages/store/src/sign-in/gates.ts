import { createHash } from 'node:crypto';
import { type Bytes, equalBytes } from '@serment/core/bytes';
import { inPractice } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** A device of an account. */
export interface GatedDevice {
  readonly practice: Bytes;
  /** 16 bytes. */
  readonly account: Bytes;
  /** 32 bytes. */
  readonly author: Bytes;
}

/**
 * How a ticket stands: `first` for a device that has none yet; `right`; `reused` when another place holds this device's
 * secrets, or its disk was set back.
 */
export type TicketVerdict = 'first' | 'right' | 'reused';

export interface Gate {
  readonly ticket: TicketVerdict;
  /** Milliseconds since 1970; 0 unless the ticket is right. */
  readonly openUntil: number;
}

const openMs = 16 * 3_600_000;

/** How the ticket that a device shows stands. `next` is known once the login ends; before, null. */
export async function readGate(
  database: Database,
  device: GatedDevice,
  { ticket, next }: { readonly ticket: Bytes; readonly next: Bytes | null },
): Promise<Gate> {
  const { practice, account, author } = device;
  const [row] = await inPractice(
    database,
    practice,
    (sql) => sql<{ current: Bytes; last: Bytes | null; openUntil: number }[]>`
      SELECT ticket_hash AS current, last_ticket_hash AS last, open_until AS "openUntil" FROM serment.gates
      WHERE account = ${account} AND author = ${author}`,
  );
  if (row === undefined) return { ticket: 'first', openUntil: 0 };
  const shown = hashOf(ticket);
  const isCurrent = equalBytes(shown, row.current);
  // Its answer was lost: the device shows the ticket it had, and has drawn the one that stands. The first one it had
  // was never shown, when a session opened the gate: drawing the one that stands is then enough.
  const isBefore = row.last === null ? next !== null : equalBytes(shown, row.last);
  const isLost = isBefore && (next === null || equalBytes(hashOf(next), row.current));
  return isCurrent || isLost ? { ticket: 'right', openUntil: row.openUntil } : { ticket: 'reused', openUntil: 0 };
}

/**
 * The next ticket takes its place; without one shown, the one that stood was the one before. The gate stays as it is,
 * or opens when a second factor was given.
 */
export async function passGate(
  database: Database,
  device: GatedDevice,
  passed: { readonly ticket: Bytes | null; readonly next: Bytes; readonly opensAt: number | null },
): Promise<number> {
  const { practice, account, author } = device;
  const [shown, next] = [passed.ticket === null ? null : hashOf(passed.ticket), hashOf(passed.next)];
  const openUntil = passed.opensAt === null ? null : passed.opensAt + openMs;
  const [row] = await inPractice(
    database,
    practice,
    (sql) => sql<{ openUntil: number }[]>`
      INSERT INTO serment.gates (practice, account, author, ticket_hash, last_ticket_hash, open_until)
      VALUES (${practice}, ${account}, ${author}, ${next}, ${shown}, ${openUntil ?? 0})
      ON CONFLICT (practice, account, author) DO UPDATE SET ticket_hash = excluded.ticket_hash,
        last_ticket_hash = coalesce(excluded.last_ticket_hash, CASE
          WHEN gates.ticket_hash = excluded.ticket_hash THEN gates.last_ticket_hash ELSE gates.ticket_hash END),
        open_until = coalesce(${openUntil}, gates.open_until)
      RETURNING open_until AS "openUntil"`,
  );
  return row?.openUntil ?? 0;
}

/** Closes the gate of a device until its next second factor. */
export async function closeGate(database: Database, { practice, account, author }: GatedDevice): Promise<void> {
  await inPractice(
    database,
    practice,
    (sql) => sql`UPDATE serment.gates SET open_until = 0 WHERE account = ${account} AND author = ${author}`,
  );
}

function hashOf(ticket: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(ticket).digest());
}
