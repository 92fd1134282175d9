import { createHash, randomBytes } from 'node:crypto';
import type { Bytes } from '@serment/core/bytes';
import { asOperators } from './database-scope.ts';
import type { Database } from './postgres/connect.ts';

export interface OperatorsOptions {
  /** Opened under the operators' own role. */
  readonly database: Database;
  readonly clock: () => number;
}

export interface Operator {
  /** 16 bytes. */
  readonly operator: Bytes;
  readonly name: string;
}

/** What an authenticator signs with. */
export interface OperatorPasskey {
  readonly credential: Bytes;
  /** COSE. */
  readonly publicKey: Bytes;
  readonly counter: number;
}

/** A password, hashed, and the authenticator application that goes with it. */
export interface OperatorPassword {
  readonly salt: Bytes;
  readonly hash: Bytes;
  readonly totpSecret: Bytes;
  readonly totpStep: number;
}

export interface OpenedSession {
  readonly token: Bytes;
  readonly expires: number;
}

const idleMs = 15 * 60_000;
const sessionMs = 8 * 3_600_000;
/** How far `used` may be behind. */
const usedMs = 15_000;

/** The host's operators and their sessions. Nothing here adds an operator: that takes the schema's owner. */
export class Operators {
  readonly #database: Database;
  readonly #clock: () => number;

  constructor({ database, clock }: OperatorsOptions) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Whom a code that is still good enrols; null for any other. It is not used up. */
  async findEnrolling(code: string): Promise<Operator | null> {
    const [row] = await asOperators(
      this.#database,
      (sql) => sql<Operator[]>`
        SELECT operator, name FROM serment_operators.operators
        WHERE enrolment_hash = ${hashOfCode(code)} AND enrolment_expires > ${this.#clock()}`,
    );
    return row ?? null;
  }

  /**
   * The way in that a code enrols, in the place of the one before, whose sessions end. The code is used up. Null when it
   * is not good any more, or when the passkey is another operator's.
   */
  async enrol(code: string, way: OperatorPasskey | OperatorPassword): Promise<Operator | null> {
    const passkey = 'credential' in way ? way : null;
    const password = 'salt' in way ? way : null;
    return asOperators(this.#database, async (sql) => {
      const { credential = null, publicKey = null, counter = 0 } = passkey ?? {};
      const { salt = null, hash = null, totpSecret = null, totpStep = 0 } = password ?? {};
      const [row] = await sql<Operator[]>`
        UPDATE serment_operators.operators SET enrolment_hash = NULL, enrolment_expires = 0, credential = ${credential},
          public_key = ${publicKey}, counter = ${counter}, password_salt = ${salt}, password_hash = ${hash},
          totp_secret = ${totpSecret}, totp_step = ${totpStep}
        WHERE enrolment_hash = ${hashOfCode(code)} AND enrolment_expires > ${this.#clock()}
          AND NOT EXISTS (SELECT FROM serment_operators.operators AS other
            WHERE other.credential = ${credential} AND other.enrolment_hash IS DISTINCT FROM ${hashOfCode(code)})
        RETURNING operator, name`;
      if (row === undefined) return null;
      await sql`DELETE FROM serment_operators.sessions WHERE operator = ${row.operator}`;
      return row;
    });
  }

  async findByCredential(credential: Bytes): Promise<(Operator & OperatorPasskey) | null> {
    const [row] = await asOperators(
      this.#database,
      (sql) => sql<(Operator & OperatorPasskey)[]>`
        SELECT operator, name, credential, public_key AS "publicKey", counter FROM serment_operators.operators
        WHERE credential = ${credential}`,
    );
    return row ?? null;
  }

  /** The operator of that name who enters by a password. */
  async findByName(name: string): Promise<(Operator & OperatorPassword) | null> {
    const [row] = await asOperators(
      this.#database,
      (sql) => sql<(Operator & OperatorPassword)[]>`
        SELECT operator, name, password_salt AS salt, password_hash AS hash, totp_secret AS "totpSecret",
          totp_step AS "totpStep" FROM serment_operators.operators
        WHERE name_key = ${nameKey(name)} AND password_hash IS NOT NULL`,
    );
    return row ?? null;
  }

  /** Takes a passkey's new counter. False when another answer went on from the same one meanwhile. */
  async passCounter({ credential, counter }: OperatorPasskey, next: number): Promise<boolean> {
    const rows = await asOperators(
      this.#database,
      (sql) => sql`
        UPDATE serment_operators.operators SET counter = ${next}
        WHERE credential = ${credential} AND counter = ${counter} RETURNING operator`,
    );
    return rows.length > 0;
  }

  /** Takes the step of a code. False when it, or a later one, served already. */
  async spendStep({ operator }: Operator, step: number): Promise<boolean> {
    const rows = await asOperators(
      this.#database,
      (sql) => sql`
        UPDATE serment_operators.operators SET totp_step = ${step}
        WHERE operator = ${operator} AND password_hash IS NOT NULL AND totp_step < ${step} RETURNING operator`,
    );
    return rows.length > 0;
  }

  async open({ operator }: Operator): Promise<OpenedSession> {
    const token = new Uint8Array(randomBytes(32));
    const now = this.#clock();
    const expires = now + sessionMs;
    await asOperators(
      this.#database,
      (sql) => sql`
        INSERT INTO serment_operators.sessions (token_hash, operator, used, expires)
        VALUES (${hashOf(token)}, ${operator}, ${now}, ${expires})`,
    );
    return { token, expires };
  }

  /** Whose token this is; null when it is nobody's, was long not used, or ended. */
  async find(token: Bytes): Promise<Operator | null> {
    const now = this.#clock();
    const hash = hashOf(token);
    return asOperators(this.#database, async (sql) => {
      const [row] = await sql<(Operator & { used: number })[]>`
        SELECT operator, name, used FROM serment_operators.sessions JOIN serment_operators.operators USING (operator)
        WHERE token_hash = ${hash} AND expires > ${now} AND used > ${now - idleMs}`;
      if (row === undefined) return null;
      const { operator, name, used } = row;
      if (used + usedMs <= now)
        await sql`UPDATE serment_operators.sessions SET used = ${now} WHERE token_hash = ${hash}`;
      return { operator, name };
    });
  }

  async end(token: Bytes): Promise<void> {
    await asOperators(
      this.#database,
      (sql) => sql`DELETE FROM serment_operators.sessions WHERE token_hash = ${hashOf(token)}`,
    );
  }

  /** Forgets sessions that ended. */
  async sweep(): Promise<void> {
    const now = this.#clock();
    await asOperators(
      this.#database,
      (sql) => sql`DELETE FROM serment_operators.sessions WHERE expires <= ${now} OR used <= ${now - idleMs}`,
    );
  }
}

/** What names are told apart by: neither their capitals nor how their accents are written. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Hash of an enrolment's code, however its letters and groups were typed. */
export function hashOfCode(code: string): Bytes {
  const plain = code.toUpperCase().replaceAll(/[\s-]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return new Uint8Array(createHash('sha256').update(`serment/operator/1/${plain}`).digest());
}

function hashOf(token: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(token).digest());
}
