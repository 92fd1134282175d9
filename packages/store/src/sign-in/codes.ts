import { createHmac, randomInt } from 'node:crypto';
import { type Bytes, equalSecret, utf8ToBytes } from '@serment/core/bytes';
import { inPractice } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';

/** What a code by SMS is for. */
export interface CodeUse {
  readonly practice: Bytes;
  /** 16 bytes. */
  readonly account: Bytes;
  /** To enter, or to make a number the account's. */
  readonly purpose: 'enter' | 'phone';
  /** What the code is good for and nothing else: the login's name, or the number. */
  readonly subject: string;
}

export interface CodesOptions {
  readonly database: Database;
  /** Secret, of the host, and not in the database: six digits alone would be guessed from their hash at once. */
  readonly key: Bytes;
  readonly clock: () => number;
}

const codeMs = 5 * 60_000;
const maxTries = 5;

/** Codes of six digits, one at a time for each login and for a new number, each for five minutes and five tries. */
export class Codes {
  readonly #options: CodesOptions;

  constructor(options: CodesOptions) {
    this.#options = options;
  }

  /** A new code in place of the one before. `phone` is kept beside it for `confirm` to give back. */
  async make(use: CodeUse, phone: string | null): Promise<{ code: string; expires: number }> {
    const { database, clock } = this.#options;
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const expires = clock() + codeMs;
    const { practice, account, purpose } = use;
    await inPractice(database, practice, async (sql) => {
      await sql`DELETE FROM serment.codes WHERE account = ${account} AND expires < ${clock()}`;
      await sql`
        INSERT INTO serment.codes (practice, account, purpose, login, code_hash, phone, expires)
        VALUES (${practice}, ${account}, ${purpose}, ${loginOf(use)}, ${this.#hash(use, code)}, ${phone}, ${expires})
        ON CONFLICT (practice, account, purpose, login) DO UPDATE
        SET code_hash = excluded.code_hash, phone = excluded.phone, tries = 0, expires = excluded.expires`;
    });
    return { code, expires };
  }

  /** The number that a code on its way is to confirm; null when there is none. */
  async awaited({ practice, account }: Pick<CodeUse, 'practice' | 'account'>): Promise<string | null> {
    const [row] = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ phone: string | null }[]>`
        SELECT phone FROM serment.codes WHERE account = ${account} AND purpose = 'phone'`,
    );
    return row?.phone ?? null;
  }

  /**
   * Takes a right code, once. Throws CODE_EXPIRED when none is on its way any more, CODE_SPENT after five tries, and
   * CODE_WRONG with the tries that are left. A try counts before it is compared, so that parallel ones gain nothing.
   */
  async confirm(use: CodeUse, typed: string): Promise<void> {
    const { database, clock } = this.#options;
    const { practice, account, purpose } = use;
    const [row] = await inPractice(
      database,
      practice,
      (sql) => sql<{ hash: Bytes; tries: number; expires: number }[]>`
        UPDATE serment.codes SET tries = least(tries, ${maxTries}) + 1
        WHERE account = ${account} AND purpose = ${purpose} AND login = ${loginOf(use)}
        RETURNING code_hash AS hash, tries, expires`,
    );
    if (row === undefined || row.expires < clock()) throw expired();
    if (row.tries > maxTries) throw spent();
    const isRight = equalSecret(this.#hash(use, typed.replaceAll(/[\s.-]/gu, '')), row.hash);
    if (!isRight) {
      const left = maxTries - row.tries;
      if (left === 0) throw spent();
      throw new StoreError('CODE_WRONG', 'This is not the code', { fields: { left } });
    }
    const taken = await inPractice(
      database,
      practice,
      (sql) => sql`
        DELETE FROM serment.codes
        WHERE account = ${account} AND purpose = ${purpose} AND login = ${loginOf(use)} AND code_hash = ${row.hash}
        RETURNING account`,
    );
    if (taken.length === 0) throw expired();
  }

  #hash({ practice, account, purpose, subject }: CodeUse, code: string): Bytes {
    const hmac = createHmac('sha256', this.#options.key).update(`serment/code/1/${purpose}/`);
    hmac
      .update(practice)
      .update(account)
      .update(utf8ToBytes(`${subject}/${code}`));
    return new Uint8Array(hmac.digest());
  }
}

/** Who begins another login puts no code in the place of this one's. */
function loginOf({ purpose, subject }: CodeUse): string {
  return purpose === 'enter' ? subject : '';
}

function expired(): StoreError {
  return new StoreError('CODE_EXPIRED', 'No code is on its way any more', { hint: 'Ask for a new code.' });
}

function spent(): StoreError {
  return new StoreError('CODE_SPENT', 'Too many wrong codes', { hint: 'Ask for a new code.' });
}
