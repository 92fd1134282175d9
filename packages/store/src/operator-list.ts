import { randomBytes, randomInt } from 'node:crypto';
import { isOperatorName } from '@serment/core/journal/operator-act';
import { asOperators } from './database-scope.ts';
import { StoreError } from './error.ts';
import { hashOfCode, nameKey } from './operators.ts';
import type { Database } from './postgres/connect.ts';

export interface ListedOperator {
  readonly name: string;
  readonly created: number;
  /** How the operator enters; null until the first enrolment. */
  readonly way: 'passkey' | 'password' | null;
  /** Until when a code may enrol, ms; null when none waits. */
  readonly enrolsUntil: number | null;
}

export interface OperatorEnrolment {
  readonly name: string;
  /** Five groups of five characters. */
  readonly code: string;
  readonly expires: number;
  /** False when the operator was known, and is given a new way in. */
  readonly isNew: boolean;
}

const enrolmentMs = 3_600_000;
const codeLength = 25;
// Crockford's: nothing that is read for something else.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Adds an operator, or lets a known one enrol anew: the way in that stands goes on until the code is used. `owner` is
 * the schema's owner: the role that serves requests may not. Throws OPERATOR_NAME_INVALID.
 */
export async function addOperator(owner: Database, name: string, now: number): Promise<OperatorEnrolment> {
  if (!isOperatorName(name)) {
    throw new StoreError('OPERATOR_NAME_INVALID', 'This is no name for an operator', {
      hint: 'Use up to 64 letters and digits, with spaces, points, hyphens or apostrophes between them.',
    });
  }
  const characters = Array.from({ length: codeLength }, () => alphabet[randomInt(32)]).join('');
  const code = characters.match(/.{5}/g)?.join('-') ?? '';
  const expires = now + enrolmentMs;
  const [row] = await asOperators(
    owner,
    (sql) => sql<{ name: string; isNew: boolean }[]>`
      INSERT INTO serment_operators.operators (operator, name, name_key, created, enrolment_hash, enrolment_expires)
      VALUES (${new Uint8Array(randomBytes(16))}, ${name}, ${nameKey(name)}, ${now}, ${hashOfCode(code)}, ${expires})
      ON CONFLICT (name_key) DO UPDATE SET enrolment_hash = excluded.enrolment_hash,
        enrolment_expires = excluded.enrolment_expires
      RETURNING name, (xmax = 0) AS "isNew"`,
  );
  return { name: row?.name ?? name, code, expires, isNew: row?.isNew ?? true };
}

export async function listOperators(owner: Database, now: number): Promise<ListedOperator[]> {
  return asOperators(
    owner,
    (sql) => sql<ListedOperator[]>`
      SELECT name, created, CASE WHEN credential IS NOT NULL THEN 'passkey' WHEN password_hash IS NOT NULL THEN 'password' END
        AS way, CASE WHEN enrolment_expires > ${now} THEN enrolment_expires END AS "enrolsUntil"
      FROM serment_operators.operators ORDER BY name_key`,
  );
}

/** Removes an operator and ends its sessions. Throws OPERATOR_UNKNOWN. */
export async function removeOperator(owner: Database, name: string): Promise<string> {
  const [row] = await asOperators(
    owner,
    (sql) => sql<{ name: string }[]>`
      DELETE FROM serment_operators.operators WHERE name_key = ${nameKey(name)} RETURNING name`,
  );
  if (row !== undefined) return row.name;
  throw new StoreError('OPERATOR_UNKNOWN', 'There is no operator of that name', { hint: 'See: serment operator list' });
}
