import type { Bytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';

/** What signing in needs and the journal does not hold; a copy has it sealed to the host (docs/format/copy.md). */
export interface AccountData {
  readonly time: number;
  readonly serverSetup: string;
  readonly accounts: readonly Account[];
}

/** A member's way to sign in: what the password opens, and what the server's gate asks for. */
export interface Account {
  /** 16 bytes. */
  readonly account: Bytes;
  readonly practice: Bytes;
  /** 16 bytes. */
  readonly member: Bytes;
  /** OPAQUE record. */
  readonly record: string;
  readonly sealedSecret: Bytes;
  /** The account's secret, sealed under its member's key of a generation. */
  readonly toMember: { readonly generation: number; readonly sealed: Bytes };
  /** E.164; null until a code sent there came back. */
  readonly phone: string | null;
  /** 20 bytes; null until a code of it came back. */
  readonly totpSecret: Bytes | null;
  /** Hashes of the recovery codes that are left, 32 bytes each. */
  readonly recoveryCodes: readonly Bytes[];
  /** The person's card, and what the account gives to it (32 bytes). */
  readonly card: { readonly nationalId: string; readonly share: Bytes } | null;
  /** Those that serve as second factors. */
  readonly passkeys: readonly AccountPasskey[];
}

/** What tells that a passkey was there (WebAuthn). */
export interface AccountPasskey {
  /** Id of the credential. */
  readonly credential: Bytes;
  /** COSE, as the authenticator gave it. */
  readonly publicKey: Bytes;
  /** The greatest that it signed; 0 for one that does not count. */
  readonly counter: number;
  /** Milliseconds since 1970. */
  readonly added: number;
}

/** An account's passkeys, alone. */
export function encodePasskeys(passkeys: readonly AccountPasskey[]): Bytes {
  return encodeCanonical(passkeys.map(passkeyItems));
}

/** Reads what `encodePasskeys` wrote. Throws COPY_OBJECT_INVALID. */
export function parsePasskeys(bytes: Uint8Array): AccountPasskey[] {
  const value = decodeCanonical(bytes);
  if (!isArray(value)) throw invalid();
  return value.map(parsePasskey);
}

export function encodeAccountData(data: AccountData): Bytes {
  const accounts = data.accounts.map(accountItems);
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

function accountItems(own: Account): CborValue {
  const { generation, sealed } = own.toMember;
  const card = own.card === null ? null : [own.card.nationalId, own.card.share];
  return [
    ...[own.account, own.practice, own.member, own.record, own.sealedSecret, generation, sealed],
    ...[own.phone, own.totpSecret, [...own.recoveryCodes], card],
    ...(own.passkeys.length === 0 ? [] : [own.passkeys.map(passkeyItems)]),
  ];
}

function parseAccount(value: CborValue): Account {
  if (!isArray(value) || value.length < 11 || value.length > 12) throw invalid();
  const [account, practice, member, record, sealedSecret, generation, sealed, phone, totpSecret, ...rest] = value;
  const [codes, card, passkeys] = rest;
  if (!(isBytes(account, 16) && isBytes(practice, 32) && isBytes(member, 16))) throw invalid();
  if (typeof record !== 'string' || !isBytes(sealedSecret)) throw invalid();
  if (typeof generation !== 'number' || generation < 1 || !isBytes(sealed)) throw invalid();
  if (phone !== null && typeof phone !== 'string') throw invalid();
  if (totpSecret !== null && !isBytes(totpSecret, 20)) throw invalid();
  return {
    ...{ account, practice, member, record, sealedSecret, toMember: { generation, sealed } },
    ...{
      phone: phone ?? null,
      totpSecret: totpSecret ?? null,
      recoveryCodes: parseHashes(codes),
      card: parseCard(card),
      passkeys: value.length === 11 ? [] : passkeysIn(passkeys),
    },
  };
}

function parseHashes(value: CborValue | undefined): Bytes[] {
  if (!isArray(value)) throw invalid();
  return value.map((hash) => {
    if (!isBytes(hash, 32)) throw invalid();
    return hash;
  });
}

function parseCard(value: CborValue | undefined): Account['card'] {
  if (value === null) return null;
  if (!isArray(value) || value.length !== 2) throw invalid();
  const [nationalId, share] = value;
  if (typeof nationalId !== 'string' || !isBytes(share, 32)) throw invalid();
  return { nationalId, share };
}

function passkeyItems({ credential, publicKey, counter, added }: AccountPasskey): CborValue {
  return [credential, publicKey, counter, added];
}

/** Without any, the item is left out. */
function passkeysIn(value: CborValue | undefined): AccountPasskey[] {
  if (!isArray(value) || value.length === 0) throw invalid();
  return value.map(parsePasskey);
}

function parsePasskey(value: CborValue): AccountPasskey {
  if (!isArray(value) || value.length !== 4) throw invalid();
  const [credential, publicKey, counter, added] = value;
  if (!(isBytes(credential) && isBytes(publicKey) && isCount(counter) && isCount(added))) throw invalid();
  return { credential, publicKey, counter, added };
}

function isCount(value: CborValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
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
