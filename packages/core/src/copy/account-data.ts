import type { Bytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';

/** What signing in needs and the journal does not hold; a copy has it sealed to the host (docs/format/copy.md). */
export interface AccountData {
  readonly time: number;
  readonly serverSetup: string;
  readonly accounts: readonly Account[];
}

export interface Account {
  readonly account: Bytes;
  readonly practice: Bytes;
  readonly member: Bytes;
  readonly record: string;
  readonly sealedSecret: Bytes;
}

export function encodeAccountData(data: AccountData): Bytes {
  const accounts = data.accounts.map(
    (account): CborValue => [account.account, account.practice, account.member, account.record, account.sealedSecret],
  );
  return encodeCanonical([1, data.time, data.serverSetup, accounts]);
}

/** Throws COPY_OBJECT_INVALID for anything that `encodeAccountData` would not write of lawful accounts. */
export function parseAccountData(bytes: Uint8Array): AccountData {
  let value: CborValue;
  try {
    value = decodeCanonical(bytes);
  } catch (cause) {
    throw new CoreError('COPY_OBJECT_INVALID', 'Account data is not canonical CBOR', { cause });
  }
  if (!isArray(value) || value.length !== 4 || value[0] !== 1) throw invalid();
  const [, time, serverSetup, list] = value;
  if (typeof time !== 'number' || time < 0 || typeof serverSetup !== 'string' || !isArray(list)) throw invalid();
  return { time, serverSetup, accounts: list.map(parseAccount) };
}

function parseAccount(value: CborValue): Account {
  if (!isArray(value) || value.length !== 5) throw invalid();
  const [account, practice, member, record, sealedSecret] = value;
  if (!(isBytes(account, 16) && isBytes(practice, 32) && isBytes(member, 16))) throw invalid();
  if (typeof record !== 'string' || !isBytes(sealedSecret)) throw invalid();
  return { account, practice, member, record, sealedSecret };
}

function isArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}

function isBytes(value: CborValue | undefined, size?: number): value is Bytes {
  return value instanceof Uint8Array && (size === undefined || value.length === size);
}

function invalid(): CoreError {
  return new CoreError('COPY_OBJECT_INVALID', 'Account data has another shape');
}
