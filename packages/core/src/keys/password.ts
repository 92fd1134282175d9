import { base64urlnopad } from '@scure/base';
import type { client } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex, concatBytes, ownBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from '../sealed/cobblestone.ts';

// Compiled in: a server that could choose them could ask for a password stretched so little that it can be guessed.
// RFC 9106's second choice, 64 MiB in 3 passes and 4 lanes.
export const argon2idCost = { memory: 65_536, iterations: 3, parallelism: 4 } as const;
const keyStretching = { 'argon2id-custom': argon2idCost } as const;
const serverIdentity = 'serment';

/** What the client keeps between the two steps, and what it sends. OPAQUE messages are base64url text. */
export interface OpaqueStart {
  readonly state: string;
  readonly request: string;
}

export interface OpaqueFinish {
  readonly password: string;
  /** Account id, 16 bytes. */
  readonly account: Uint8Array;
  readonly state: string;
  readonly response: string;
}

export interface Registration {
  /** What the server keeps. */
  readonly record: string;
  readonly exportKey: Bytes;
}

export interface Login {
  /** The last message, which proves the password to the server. */
  readonly request: string;
  readonly sessionKey: Bytes;
  /** 64 bytes that only the password gives. */
  readonly exportKey: Bytes;
}

export async function startRegistration(password: string): Promise<OpaqueStart> {
  const start = await withOpaque((client) => client.startRegistration({ password: typedPassword(password) }));
  return { state: start.clientRegistrationState, request: start.registrationRequest };
}

/** Throws OPAQUE_FAILED for a response that is none. */
export async function finishRegistration(finish: OpaqueFinish): Promise<Registration> {
  const result = await withOpaque((client) =>
    attempt(() =>
      client.finishRegistration({
        password: typedPassword(finish.password),
        clientRegistrationState: finish.state,
        registrationResponse: finish.response,
        identifiers: identifiers(finish.account),
        keyStretching,
      }),
    ),
  );
  return { record: result.registrationRecord, exportKey: keyBytes(result.exportKey) };
}

export async function startLogin(password: string): Promise<OpaqueStart> {
  const start = await withOpaque((client) => client.startLogin({ password: typedPassword(password) }));
  return { state: start.clientLoginState, request: start.startLoginRequest };
}

/** Throws PASSWORD_WRONG (the server then learns nothing more), OPAQUE_FAILED for a response that is none. */
export async function finishLogin(finish: OpaqueFinish): Promise<Login> {
  const result = await withOpaque((client) =>
    attempt(() =>
      client.finishLogin({
        password: typedPassword(finish.password),
        clientLoginState: finish.state,
        loginResponse: finish.response,
        identifiers: identifiers(finish.account),
        keyStretching,
      }),
    ),
  );
  if (result === undefined) throw new CoreError('PASSWORD_WRONG', 'The password does not open this account');
  return {
    request: result.finishLoginRequest,
    sessionKey: keyBytes(result.sessionKey),
    exportKey: keyBytes(result.exportKey),
  };
}

/** Seals the account's secret (32 bytes) under what the password gives; the server keeps it. */
export function sealAccountSecret(
  exportKey: Uint8Array,
  account: Uint8Array,
  accountSecret: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  return sealBytes(deriveKey(exportKey, accountSecretUse), accountContext(account), accountSecret, random);
}

/** Throws SEALED_INVALID. */
export function openAccountSecret(exportKey: Uint8Array, account: Uint8Array, sealed: Uint8Array): Promise<Bytes> {
  return openBytes(deriveKey(exportKey, accountSecretUse), accountContext(account), sealed);
}

/** The member's key of a generation, and the account whose secret is sealed under it. */
export interface MemberLock {
  readonly memberSeed: Uint8Array;
  readonly account: Uint8Array;
  readonly generation: number;
}

/** Seals the account's secret for the member's other devices, and for the day the password is forgotten. */
export function sealToMember(
  lock: MemberLock,
  accountSecret: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  return sealBytes(deriveKey(lock.memberSeed, memberUse), memberContext(lock), accountSecret, random);
}

/** Throws SEALED_INVALID. */
export function openAsMember(lock: MemberLock, sealed: Uint8Array): Promise<Bytes> {
  return openBytes(deriveKey(lock.memberSeed, memberUse), memberContext(lock), sealed);
}

const accountSecretUse = 'serment/account-secret/1';
const memberUse = 'serment/account-secret-member/1';

function accountContext(account: Uint8Array): Bytes {
  return concatBytes(utf8ToBytes(accountSecretUse), account);
}

function memberContext({ account, generation }: MemberLock): Bytes {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, generation);
  return concatBytes(utf8ToBytes(memberUse), account, number);
}

interface OpaqueLibrary {
  readonly client: typeof client;
  readonly ready: Promise<unknown>;
  /** Of a build for browsers (apps/web/opaque-wasm-plugin.ts). */
  readonly renew?: () => Promise<void>;
}

/**
 * It is the greater half of what a browser would have to fetch before it shows anything: it comes when it is wanted. What
 * stretched a password holds 64 MiB from then on, and what is left of the password: another instance takes its place.
 */
async function withOpaque<Result>(work: (opaque: typeof client) => Result): Promise<Result> {
  const library: OpaqueLibrary = await import('@serenity-kit/opaque');
  await library.ready;
  try {
    return work(library.client);
  } finally {
    // Nobody waits for it; where it fails, the one that is there goes on.
    library.renew?.().catch(() => undefined);
  }
}

/** One keyboard sends "é" as one character and another as two: both are the same password. */
export function typedPassword(password: string): string {
  return password.normalize('NFC');
}

function identifiers(account: Uint8Array): { client: string; server: string } {
  return { client: bytesToHex(account), server: serverIdentity };
}

function keyBytes(text: string): Bytes {
  return ownBytes(base64urlnopad.decode(text));
}

function attempt<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    throw new CoreError('OPAQUE_FAILED', 'An OPAQUE message is malformed', { cause });
  }
}
