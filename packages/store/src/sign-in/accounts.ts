import { type Bytes, concatBytes, equalBytes, equalSecret } from '@serment/core/bytes';
import { type Account, type AccountPasskey, encodePasskeys, parsePasskeys } from '@serment/core/copy/account-data';
import { maxPasskeys } from '@serment/core/wire/passkey';
import { asHostInSnapshot, byValue, inPractice, type Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';

export type { Account, AccountPasskey };

/** Whose account: a member of a practice. */
export interface AccountOwner {
  readonly practice: Bytes;
  /** 16 bytes. */
  readonly member: Bytes;
}

/** What a password sets anew. */
export type Password = AccountOwner & Pick<Account, 'account' | 'record' | 'sealedSecret' | 'toMember'>;

/** An account as the server's gate needs it. */
export interface GatedAccount extends Account {
  /** Drawn for an authenticator, and not yet confirmed. */
  readonly totpOffered: Bytes | null;
}

interface Row extends Omit<Account, 'toMember' | 'card' | 'recoveryCodes' | 'passkeys'> {
  readonly recoveryCodes: Bytes;
  readonly generation: number;
  readonly toMember: Bytes;
  readonly nationalId: string | null;
  readonly cardShare: Bytes | null;
  readonly totpOffered: Bytes | null;
  readonly passkeys: Bytes;
}

/** Throws ACCOUNT_TAKEN unless the account is that member's own, or new and the member's first. */
export async function refuseTaken(database: Database, asked: AccountOwner & { account: Bytes }): Promise<void> {
  const standing = await findAccount(database, asked.account);
  if (standing !== null && !isOwnedBy(standing, asked)) throw taken();
  const own = standing ?? (await accountOf(database, asked));
  if (own !== null && !equalBytes(own.account, asked.account)) throw taken();
}

export function isOwnedBy(account: AccountOwner, { practice, member }: AccountOwner): boolean {
  return equalBytes(account.practice, practice) && equalBytes(account.member, member);
}

/** Makes a member's account, or replaces its password. Throws ACCOUNT_TAKEN when it is another's, or not the member's first. */
export async function writePassword(database: Database, password: Password): Promise<void> {
  const { practice, account, member, record, sealedSecret, toMember } = password;
  await refuseTaken(database, password);
  await changing(database, practice, async (sql) => {
    const written = await sql`
      INSERT INTO serment.accounts (practice, account, member, record, sealed_secret, generation, to_member)
      VALUES (${practice}, ${account}, ${member}, ${record}, ${sealedSecret}, ${toMember.generation}, ${toMember.sealed})
      ON CONFLICT (practice, account) DO UPDATE SET record = excluded.record, sealed_secret = excluded.sealed_secret,
        generation = excluded.generation, to_member = excluded.to_member
      WHERE accounts.member = excluded.member RETURNING account`;
    if (written.length === 0) throw taken();
  }).catch((cause: unknown) => {
    // Two devices of one member at the same moment, each with an account of its own.
    throw isDuplicate(cause) ? taken() : cause;
  });
}

/** Seals nothing: keeps the secret as a newer key of its member seals it. An older generation changes nothing. */
export async function writeToMember(
  database: Database,
  { practice, account, toMember }: Of<'toMember'>,
): Promise<void> {
  await changing(
    database,
    practice,
    (sql) => sql`
      UPDATE serment.accounts SET generation = ${toMember.generation}, to_member = ${toMember.sealed}
      WHERE account = ${account} AND generation < ${toMember.generation}`,
  );
}

export async function writePhone(database: Database, { practice, account, phone }: Of<'phone'>): Promise<void> {
  await changing(
    database,
    practice,
    (sql) => sql`UPDATE serment.accounts SET phone = ${phone} WHERE account = ${account}`,
  );
}

/** Draws nothing: `secret` waits until a code of it comes back. */
export async function offerTotp(
  database: Database,
  { practice, account, totpSecret }: Of<'totpSecret'>,
): Promise<void> {
  await inPractice(
    database,
    practice,
    (sql) => sql`UPDATE serment.accounts SET totp_offered = ${totpSecret} WHERE account = ${account}`,
  );
}

/** The offered secret becomes the account's, with new recovery codes and the step that confirmed it; null takes all away. */
export async function writeTotp(
  database: Database,
  changed: Of<'totpSecret' | 'recoveryCodes'> & { readonly step: number },
): Promise<void> {
  const { practice, account, totpSecret, recoveryCodes, step } = changed;
  await changing(
    database,
    practice,
    (sql) => sql`
      UPDATE serment.accounts SET totp_secret = ${totpSecret}, totp_offered = NULL, totp_step = ${step},
        recovery_codes = ${concatBytes(...recoveryCodes)} WHERE account = ${account}`,
  );
}

/** Whether this step of an account's authenticator serves for the first time; it then serves no more, nor any before. */
export async function spendTotpStep(
  database: Database,
  { practice, account, step }: { practice: Bytes; account: Bytes; step: number },
): Promise<boolean> {
  const spent = await inPractice(
    database,
    practice,
    (sql) => sql`
      UPDATE serment.accounts SET totp_step = ${step} WHERE account = ${account} AND totp_step < ${step}
      RETURNING account`,
  );
  return spent.length > 0;
}

/** Whether a recovery code was there; it is no more. */
export async function spendRecoveryCode(
  database: Database,
  { practice, account, hash }: { practice: Bytes; account: Bytes; hash: Bytes },
): Promise<boolean> {
  return changing(database, practice, async (sql) => {
    const [row] = await sql<{ left: Bytes }[]>`
      SELECT recovery_codes AS left FROM serment.accounts WHERE account = ${account} FOR UPDATE`;
    const hashes = row === undefined ? [] : hashesIn(row.left);
    const left = hashes.filter((own) => !equalSecret(own, hash));
    if (left.length === hashes.length) return false;
    await sql`UPDATE serment.accounts SET recovery_codes = ${concatBytes(...left)} WHERE account = ${account}`;
    return true;
  });
}

/** Adds a second factor; one of the same credential takes the place of the one before. Throws PASSKEYS_TOO_MANY. */
export async function addPasskey(
  database: Database,
  { practice, account, passkey }: { practice: Bytes; account: Bytes; passkey: AccountPasskey },
): Promise<void> {
  await changing(database, practice, async (sql) => {
    const others = (await lockedPasskeys(sql, account)).filter((own) => !isOf(own, passkey.credential));
    if (others.length >= maxPasskeys)
      throw new StoreError('PASSKEYS_TOO_MANY', 'This account has as many passkeys as it may', {
        hint: 'Remove one first.',
      });
    await putPasskeys(sql, account, [...others, passkey]);
  });
}

/** Whether this passkey was there; it is no more. */
export async function removePasskey(
  database: Database,
  { practice, account, credential }: { practice: Bytes; account: Bytes; credential: Bytes },
): Promise<boolean> {
  return changing(database, practice, async (sql) => {
    const passkeys = await lockedPasskeys(sql, account);
    const left = passkeys.filter((own) => !isOf(own, credential));
    if (left.length === passkeys.length) return false;
    await putPasskeys(sql, account, left);
    return true;
  });
}

/** Whether a passkey's counter goes on from where it was: one that does not was signed by a copy of it, or before. */
export async function spendPasskeyCounter(
  database: Database,
  spent: { practice: Bytes; account: Bytes; credential: Bytes; counter: number },
): Promise<boolean> {
  const { practice, account, credential, counter } = spent;
  return inPractice(database, practice, async (sql) => {
    const passkeys = await lockedPasskeys(sql, account);
    const known = passkeys.find((own) => isOf(own, credential));
    const counts = counter > 0 || (known !== undefined && known.counter > 0);
    if (known === undefined || (counts && counter <= known.counter)) return false;
    const moved = passkeys.map((own) => (own === known ? { ...own, counter } : own));
    if (counts) await putPasskeys(sql, account, moved);
    return true;
  });
}

/** Links a person's card. The share that stands is kept for the same person, and returned. */
export async function linkCard(
  database: Database,
  { practice, account, card }: Of<'card'> & { card: NonNullable<Account['card']> },
): Promise<Bytes> {
  const [row] = await changing(
    database,
    practice,
    (sql) => sql<{ share: Bytes }[]>`
      UPDATE serment.accounts SET national_id = ${card.nationalId},
        card_share = CASE WHEN national_id = ${card.nationalId} THEN card_share ELSE ${card.share}::bytea END
      WHERE account = ${account} RETURNING card_share AS share`,
  );
  if (row === undefined) throw new StoreError('ACCOUNT_UNKNOWN', 'There is no such account');
  return row.share;
}

type Of<Field extends keyof Account> = Pick<Account, 'practice' | 'account' | Field>;

async function lockedPasskeys(sql: Transaction, account: Bytes): Promise<AccountPasskey[]> {
  const [row] = await sql<{ passkeys: Bytes }[]>`
    SELECT passkeys FROM serment.accounts WHERE account = ${account} FOR UPDATE`;
  if (row === undefined) throw new StoreError('ACCOUNT_UNKNOWN', 'There is no such account');
  return parsePasskeys(row.passkeys);
}

async function putPasskeys(sql: Transaction, account: Bytes, passkeys: readonly AccountPasskey[]): Promise<void> {
  await sql`UPDATE serment.accounts SET passkeys = ${encodePasskeys(passkeys)} WHERE account = ${account}`;
}

function isOf(passkey: AccountPasskey, credential: Bytes): boolean {
  return equalBytes(passkey.credential, credential);
}

/** The account of that name, in whichever practice; null when there is none. */
export async function findAccount(database: Database, account: Bytes): Promise<GatedAccount | null> {
  const [row] = await byValue(
    database,
    'account',
    account,
    (sql) => sql<Row[]>`SELECT ${columns(sql)} FROM serment.accounts WHERE account = ${account}`,
  );
  return row === undefined ? null : fromRow(row);
}

/** A member's account; null when it has none. */
export async function accountOf(database: Database, { practice, member }: AccountOwner): Promise<GatedAccount | null> {
  const [row] = await inPractice(
    database,
    practice,
    (sql) => sql<Row[]>`SELECT ${columns(sql)} FROM serment.accounts WHERE member = ${member}`,
  );
  return row === undefined ? null : fromRow(row);
}

/** Every account of the installation and the number of changes so far, seen at one instant. */
export async function readAccounts(database: Database): Promise<{ sequence: number; accounts: Account[] }> {
  return asHostInSnapshot(database, async (sql) => {
    const rows = await sql<Row[]>`SELECT ${columns(sql)} FROM serment.accounts ORDER BY practice, account`;
    const [state] = await sql<{ sequence: number }[]>`SELECT sequence FROM serment.account_state`;
    return { sequence: state?.sequence ?? 0, accounts: rows.map(fromRow) };
  });
}

/** Puts accounts back as a copy held them. */
export async function restoreAccounts(database: Database, accounts: readonly Account[]): Promise<void> {
  for (const own of accounts)
    await inPractice(
      database,
      own.practice,
      (sql) => sql`
        INSERT INTO serment.accounts (practice, account, member, record, sealed_secret, generation, to_member, phone,
          totp_secret, recovery_codes, national_id, card_share, passkeys)
        VALUES (${own.practice}, ${own.account}, ${own.member}, ${own.record}, ${own.sealedSecret},
          ${own.toMember.generation}, ${own.toMember.sealed}, ${own.phone}, ${own.totpSecret},
          ${concatBytes(...own.recoveryCodes)}, ${own.card?.nationalId ?? null}, ${own.card?.share ?? null},
          ${encodePasskeys(own.passkeys)})
        ON CONFLICT DO NOTHING`,
    );
}

/** Counted in the same transaction as what changes: a copy that sees the number sees the change. */
function changing<Result>(
  database: Database,
  practice: Bytes,
  change: (sql: Transaction) => Promise<Result>,
): Promise<Result> {
  return inPractice(database, practice, async (sql) => {
    await sql`UPDATE serment.account_state SET sequence = sequence + 1`;
    return change(sql);
  });
}

function columns(sql: Transaction) {
  return sql`account, practice, member, record, sealed_secret AS "sealedSecret", generation, to_member AS "toMember",
    phone, totp_secret AS "totpSecret", totp_offered AS "totpOffered", recovery_codes AS "recoveryCodes",
    national_id AS "nationalId", card_share AS "cardShare", passkeys`;
}

function fromRow(row: Row): GatedAccount {
  const { generation, toMember: sealed, nationalId, cardShare: share, ...own } = row;
  const card = nationalId === null || share === null ? null : { nationalId, share };
  const [recoveryCodes, passkeys] = [hashesIn(row.recoveryCodes), parsePasskeys(row.passkeys)];
  return { ...own, recoveryCodes, passkeys, toMember: { generation, sealed }, card };
}

function hashesIn(bytes: Bytes): Bytes[] {
  return Array.from({ length: bytes.length / 32 }, (_, place) => bytes.slice(place * 32, (place + 1) * 32));
}

function isDuplicate(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === '23505';
}

function taken(): StoreError {
  return new StoreError('ACCOUNT_TAKEN', 'This account is of somebody else, or this member has another one');
}
