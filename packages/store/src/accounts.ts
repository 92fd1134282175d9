import type { Bytes } from '@serment/core/bytes';
import { asHostInSnapshot, byValue, inPractice } from './database-scope.ts';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

/** A person's way to sign in: an OPAQUE record and what it opens. */
export interface Account {
  /** 16 bytes. */
  readonly account: Bytes;
  readonly practice: Bytes;
  /** 16 bytes. */
  readonly member: Bytes;
  readonly record: string;
  readonly sealedSecret: Bytes;
}

/** Throws ACCOUNT_TAKEN unless the account is new, or that member's own. */
export async function refuseTaken(
  database: Database,
  account: Omit<Account, 'record' | 'sealedSecret'>,
): Promise<void> {
  const standing = await findAccount(database, account.account);
  const isOwn =
    standing !== null && sameBytes(standing.practice, account.practice) && sameBytes(standing.member, account.member);
  if (standing !== null && !isOwn) throw taken();
}

/** Stores or replaces a member's account. Throws ACCOUNT_TAKEN when it is another's. */
export async function writeAccount(database: Database, account: Account): Promise<void> {
  const { practice, member, record, sealedSecret } = account;
  await refuseTaken(database, account);
  await inPractice(database, practice, async (sql) => {
    // Counted in the same transaction: a copy that sees the number sees the change.
    await sql`UPDATE serment.account_state SET sequence = sequence + 1`;
    const written = await sql`
      INSERT INTO serment.accounts (practice, account, member, record, sealed_secret)
      VALUES (${practice}, ${account.account}, ${member}, ${record}, ${sealedSecret})
      ON CONFLICT (practice, account) DO UPDATE SET record = excluded.record, sealed_secret = excluded.sealed_secret
      WHERE accounts.member = excluded.member RETURNING account`;
    if (written.length === 0) throw taken();
  });
}

/** The account of that name, in whichever practice; null when there is none. */
export async function findAccount(database: Database, account: Bytes): Promise<Account | null> {
  const [row] = await byValue(
    database,
    'account',
    account,
    (sql) => sql<Account[]>`
      SELECT account, practice, member, record, sealed_secret AS "sealedSecret" FROM serment.accounts
      WHERE account = ${account}`,
  );
  return row ?? null;
}

/** Every account of the installation and the number of changes so far, seen at one instant. */
export async function readAccounts(database: Database): Promise<{ sequence: number; accounts: Account[] }> {
  return asHostInSnapshot(database, async (sql) => {
    const accounts = await sql<Account[]>`
      SELECT account, practice, member, record, sealed_secret AS "sealedSecret" FROM serment.accounts
      ORDER BY practice, account`;
    const [state] = await sql<{ sequence: number }[]>`SELECT sequence FROM serment.account_state`;
    return { sequence: state?.sequence ?? 0, accounts: [...accounts] };
  });
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function taken(): StoreError {
  return new StoreError('ACCOUNT_TAKEN', 'This account is of somebody else');
}
