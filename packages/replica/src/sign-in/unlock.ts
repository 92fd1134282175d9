import { type Bytes, hexToBytes } from '@serment/core/bytes';
import { finishLogin, openAccountSecret, startLogin } from '@serment/core/keys/password';
import { openDeviceSeed } from '@serment/core/keys/unlocker';
import { type RandomSource, randomBytes } from '@serment/core/random';
import type { CodeSent, Language } from '@serment/core/wire/factor';
import type { IdentityProof } from '@serment/core/wire/identity';
import type { FactorAnswer, FactorOffer, Opening } from '@serment/core/wire/login';
import type { PasskeyAsked, PasskeyGiven } from '@serment/core/wire/passkey';
import { ReplicaError } from '../error.ts';
import type { Transport } from '../transport.ts';
import { type DeviceRecord, drawTicket, type KeepRecord, lockOf, takeTicket } from './device-record.ts';
import { SignInApi } from './sign-in-api.ts';

export interface UnlockOptions {
  readonly transport: Transport;
  readonly record: DeviceRecord;
  /** Called with each change of the record before it counts. */
  readonly keep: KeepRecord;
  readonly random?: RandomSource;
  /** Whether the second factor, which is then asked for in any case, lets the held device go. */
  readonly letsGo?: boolean;
}

/** An open lock: the device's seed, and the record as it is now. */
export interface Unlocked {
  readonly seed: Bytes;
  readonly record: DeviceRecord;
}

/**
 * Opens a device by password: the seed at once while its gate is open, else what a second factor must be given to. Throws
 * core's PASSWORD_WRONG, FACTOR_MISSING, HOLDER_REVOKED, and UNREACHABLE: the server holds half of what opens.
 */
export async function unlockByPassword(options: UnlockOptions, password: string): Promise<Unlocked | FactorAsked> {
  const { transport, keep, random = randomBytes, letsGo = false } = options;
  const sealedSeed = requireWay(options.record.password);
  const account = hexToBytes(requireWay(options.record.account));
  const api = new SignInApi(transport);
  const { state, request } = await startLogin(password);
  const start = { author: hexToBytes(options.record.author), ticket: hexToBytes(options.record.ticket), request };
  const { login, response } = await api.startLogin(account, start);
  const { request: finish, exportKey } = await finishLogin({ password, account, state, response });
  const record = await keptTicket(options.record, keep, random);
  const opening = await api.finishLogin(account, login, { request: finish, nextTicket: nextOf(record), letsGo });
  const open = async (secret: Bytes): Promise<Unlocked> => {
    const share = await openAccountSecret(exportKey, account, secret);
    const seed = await openDeviceSeed(lockOf(record, 'password', share), hexToBytes(sealedSeed));
    return passed({ seed, record }, keep);
  };
  return opening.isOpen
    ? open(opening.secret)
    : new FactorAsked({ api, account, login, open, offers: opening.factors });
}

interface FactorParts {
  readonly api: SignInApi;
  readonly account: Bytes;
  readonly login: Bytes;
  readonly open: (secret: Bytes) => Promise<Unlocked>;
  readonly offers: readonly FactorOffer[];
}

/** The password was right, and a second factor is asked for: within ten minutes, five wrong codes at most. */
export class FactorAsked {
  readonly offers: readonly FactorOffer[];
  readonly #parts: FactorParts;

  constructor(parts: FactorParts) {
    this.#parts = parts;
    this.offers = parts.offers;
  }

  /** Throws SMS_FAILED, and SERVER_FAILED with the seconds to wait. */
  sendCode(language: Language): Promise<CodeSent> {
    const { api, account, login } = this.#parts;
    return api.sendCode(account, login, language);
  }

  /** Throws CODE_WRONG, CODE_EXPIRED, CODE_SPENT; SESSION_REFUSED once the ten minutes are over. */
  async answer(answer: FactorAnswer): Promise<Unlocked> {
    const { api, account, login, open } = this.#parts;
    return open(secretOf(await api.giveFactor(account, login, answer)));
  }

  /** What one of the account's passkeys is to sign. Throws FACTOR_MISSING; SESSION_REFUSED as `answer` does. */
  askPasskey(): Promise<PasskeyAsked> {
    const { api, account, login } = this.#parts;
    return api.askPasskey(account, login);
  }

  /** Throws PASSKEY_REFUSED: it is then asked anew. And CODE_SPENT, SESSION_REFUSED as `answer` does. */
  async answerPasskey(given: PasskeyGiven): Promise<Unlocked> {
    const { api, account, login, open } = this.#parts;
    return open(secretOf(await api.givePasskey(account, login, given)));
  }
}

/** Opens a device by its PIN while its gate is open. Throws core's PASSWORD_WRONG, PIN_BLOCKED, GATE_CLOSED. */
export async function unlockByPin(options: UnlockOptions, pin: string): Promise<Unlocked> {
  const { transport, keep, random = randomBytes } = options;
  const { id, sealedSeed } = requireWay(options.record.pin);
  const account = hexToBytes(id);
  const api = new SignInApi(transport);
  const { state, request } = await startLogin(pin);
  const ticket = hexToBytes(options.record.ticket);
  const { login, response } = await api.startPinLogin(account, { ticket, request }).catch(async (error: unknown) => {
    // Gone at the server: this device offers it no more.
    if (error instanceof ReplicaError && error.code === 'PIN_BLOCKED') await keep({ ...options.record, pin: null });
    throw error;
  });
  const { request: finish, exportKey } = await finishLogin({ password: pin, account, state, response });
  const record = await keptTicket(options.record, keep, random);
  const opening = await api.finishPinLogin(account, login, { request: finish, nextTicket: nextOf(record) });
  const share = await openAccountSecret(exportKey, account, secretOf(opening));
  const seed = await openDeviceSeed(lockOf(record, 'pin', share), hexToBytes(sealedSeed));
  return passed({ seed, record }, keep);
}

/**
 * Opens a device by a card, or by Pro Santé Connect: what the window brought back gives the account's share. Throws
 * ATTEMPT_UNKNOWN, IDENTITY_MISMATCH for another person's card.
 */
export async function unlockByIdentity(
  options: UnlockOptions,
  { attempt, ...proof }: IdentityProof & { readonly attempt: string },
): Promise<Unlocked> {
  const { transport, keep, random = randomBytes } = options;
  const sealedSeed = requireWay(options.record.card);
  const account = hexToBytes(requireWay(options.record.account));
  const record = await keptTicket(options.record, keep, random);
  const opening = await new SignInApi(transport).openByIdentity(account, attempt, {
    ...proof,
    author: hexToBytes(record.author),
    ticket: hexToBytes(record.ticket),
    nextTicket: nextOf(record),
  });
  const seed = await openDeviceSeed(lockOf(record, 'card', secretOf(opening)), hexToBytes(sealedSeed));
  return passed({ seed, record }, keep);
}

/**
 * Opens a device by a passkey: `output` is what its PRF gave for `passkeyInput`, 32 bytes. Nothing is asked of the server.
 * Throws HOLDER_UNKNOWN for a passkey of another device, and core's SEALED_INVALID.
 */
export async function unlockByPasskey(
  record: DeviceRecord,
  { credential, output }: { readonly credential: string; readonly output: Bytes },
): Promise<Unlocked> {
  const lock = requireWay(record.passkeys.find((own) => own.credential === credential) ?? null);
  return { seed: await openDeviceSeed(lockOf(record, 'passkey', output), hexToBytes(lock.sealedSeed)), record };
}

/** The record with the ticket that is to follow, which stands on the disk before it is sent. */
async function keptTicket(record: DeviceRecord, keep: KeepRecord, random: RandomSource): Promise<DeviceRecord> {
  const drawn = drawTicket(record, random);
  if (drawn !== record) await keep(drawn);
  return drawn;
}

async function passed({ seed, record }: Unlocked, keep: KeepRecord): Promise<Unlocked> {
  const taken = takeTicket(record);
  await keep(taken);
  return { seed, record: taken };
}

function secretOf(opening: Opening): Bytes {
  if (!opening.isOpen) throw new ReplicaError('ANSWER_INVALID', 'The server asks for a factor that was given');
  return opening.secret;
}

function nextOf({ ticket, nextTicket }: DeviceRecord): Bytes {
  return hexToBytes(nextTicket ?? ticket);
}

function requireWay<Value>(way: Value | null): Value {
  if (way === null) throw new ReplicaError('WAY_UNKNOWN', 'This way in was not set up on this device');
  return way;
}
