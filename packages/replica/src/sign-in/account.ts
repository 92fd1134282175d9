import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import { isFrozen } from '@serment/core/journal/standing';
import {
  finishRegistration,
  openAsMember,
  sealAccountSecret,
  sealToMember,
  startRegistration,
} from '@serment/core/keys/password';
import { sealDeviceSeed, type Way } from '@serment/core/keys/unlocker';
import type { RandomSource } from '@serment/core/random';
import type { CodeSent, PhoneRequest } from '@serment/core/wire/factor';
import type { IdentityProof } from '@serment/core/wire/identity';
import type { PasskeyAsked, PasskeyListed, PasskeyMade } from '@serment/core/wire/passkey';
import { ReplicaError } from '../error.ts';
import { isKeptAside } from '../kept-aside.ts';
import type { Practice } from '../practice.ts';
import {
  type DeviceRecord,
  drawTicket,
  type KeepRecord,
  lockOf,
  type PasskeyLock,
  takeTicket,
} from './device-record.ts';
import { carryMark, followAccount, markOf, sealOffline } from './offline.ts';
import { judgePassword } from './password-strength.ts';
import { isPin } from './pin.ts';
import { SignInApi } from './sign-in-api.ts';
import { FactorAsked, type UnlockOptions, unlockByPassword } from './unlock.ts';

/** What the member has to enter with, as the interface shows it. */
export interface WaysIn {
  readonly hasPassword: boolean;
  /** Masked number. */
  readonly phone: string | null;
  readonly hasTotp: boolean;
  readonly recoveryCodes: number;
  readonly hasCard: boolean;
  /** Whether the card opens this device. */
  readonly isCardHere: boolean;
  readonly hasPin: boolean;
  readonly passkeys: number;
  /** Those that are asked for after the password, on any device. */
  readonly factorPasskeys: readonly PasskeyListed[];
  /** Of the same member: neither revoked nor stopped, and no program's. */
  readonly otherDevices: number;
}

/**
 * Whether two ways in beside the kit stand that no one loss takes for the same reason: what they are is decided in
 * docs/security/authentication.md (Two ways in).
 */
export function hasTwoWays(ways: WaysIn): boolean {
  const { hasPassword, phone, hasTotp, factorPasskeys, passkeys, isCardHere, otherDevices } = ways;
  // A second factor opens nothing without the password: two of them are one way.
  const byPassword = hasPassword && (phone !== null || hasTotp || factorPasskeys.length > 0);
  return [byPassword, passkeys > 0, isCardHere, otherDevices > 0].filter(Boolean).length >= 2;
}

export interface OpenDeviceOptions {
  /** Open on this device. */
  readonly practice: Practice;
  readonly record: DeviceRecord;
  /** Called with each change of the record before it counts. */
  readonly keep: KeepRecord;
}

/**
 * The ways into one device, set up while it is open. The account is the member's, and shared by its devices: a password is
 * chosen once, and replaced from any of them.
 */
export class OpenDevice {
  readonly #practice: Practice;
  readonly #api: SignInApi;
  readonly #keepRecord: KeepRecord;
  readonly #random: RandomSource;
  #record: DeviceRecord;
  #changing: Promise<void> = Promise.resolve();

  constructor({ practice, record, keep }: OpenDeviceOptions) {
    this.#practice = practice;
    this.#api = new SignInApi(practice.transport);
    this.#random = practice.random;
    this.#record = record;
    this.#keepRecord = keep;
  }

  get record(): DeviceRecord {
    return this.#record;
  }

  /** Also where this device learns that a password was changed elsewhere: the old one opens it offline no more. */
  async waysIn(): Promise<WaysIn> {
    const status = await this.#api.status();
    await this.#change((record) => followAccount(record, markOf(status), this.#practice.clock()));
    return {
      hasPassword: status.account !== null,
      phone: status.phone,
      hasTotp: status.hasTotp,
      recoveryCodes: status.recoveryCodes,
      hasCard: status.nationalId !== null,
      isCardHere: this.#record.card !== null,
      hasPin: this.#record.pin !== null,
      passkeys: this.#record.passkeys.length,
      otherDevices: this.otherDevices,
      factorPasskeys: status.account === null ? [] : await this.#api.passkeys(status.account),
    };
  }

  /** The other browsers that its member could work in now, as the journal says: what else is a device opens no other way. */
  get otherDevices(): number {
    const { keyring, mirror } = this.#practice;
    const own = bytesToHex(keyring.signer.author);
    return holdersOf(mirror.governance, bytesToHex(keyring.member)).filter((holder) => {
      const isWorkedIn = holder.type === 'device' && holder.label === 'browser' && !isFrozen(holder);
      return isWorkedIn && bytesToHex(holder.author) !== own;
    }).length;
  }

  /**
   * Lets the member's password open this device too, without typing it. False when the member has none yet, or one that was
   * sealed under a key from before this device: the member then chooses another one.
   */
  async joinAccount(): Promise<boolean> {
    const { account, toMember } = await this.#api.status();
    if (account === null || toMember === null) return false;
    if (!this.#practice.keyring.hasMemberSeed(toMember.generation)) return false;
    await this.#sealForPassword(account, await this.#openSecret(account, toMember));
    return true;
  }

  /** As the function of that name. True when there was something to do. */
  async sealToNewestKey(): Promise<boolean> {
    const renewed = await sealToNewestKey(this.#practice);
    if (renewed === null) return false;
    const [before, after] = [markOf({ toMember: renewed.before }), markOf({ toMember: renewed.after })];
    await this.#change((record) => carryMark(record, before, after));
    return true;
  }

  /** Chooses the member's password, or replaces a forgotten one: no other device is disturbed. */
  async setPassword(password: string): Promise<void> {
    const status = await this.#api.status();
    const account = status.account ?? this.#random(16);
    const secret = await this.#secretToSeal(account, status.toMember);
    const { state, request } = await startRegistration(password);
    const response = await this.#api.startRegistration({ id: account, request });
    const { record, exportKey } = await finishRegistration({ password, account, state, response });
    const lock = this.#memberLock(account, this.#generation());
    const toMember = { generation: lock.generation, sealed: await sealToMember(lock, secret, this.#random) };
    const sealedSecret = await sealAccountSecret(exportKey, account, secret, this.#random);
    await this.#api.finishRegistration(account, { record, sealedSecret, toMember });
    await this.#sealForPassword(account, secret);
    if (this.#record.offline === null) return;
    // The old password must not outlive the change, even where the new one is too weak or too heavy to stand here.
    await this.#change((known) => ({ ...known, offline: 'ended' }));
    if (isFitOffline(password)) await this.#sealOffline(password, markOf({ toMember })).catch(() => undefined);
  }

  /**
   * Lets the member's password open this device without the server, once it was proved to it. Throws PASSWORD_WEAK,
   * core's PASSWORD_WRONG and MEMORY_SHORT, and what `unlockByPassword` throws.
   */
  async allowOffline(password: string): Promise<void> {
    if (!isFitOffline(password))
      throw new ReplicaError('PASSWORD_WEAK', 'A password that opens without the server must be long, and not common');
    const mark = markOf(await this.#api.status());
    // A second factor that it asks for besides changes nothing: the password was right.
    await unlockByPassword(this.#unlocking(), password);
    await this.#sealOffline(password, mark);
  }

  /**
   * Begins to say, by password and second factor, that what this held device did is meant: the host lets it go once the
   * factor is given. Throws as `unlockByPassword` does.
   */
  async beginLettingGo(password: string): Promise<FactorAsked> {
    const asked = await unlockByPassword({ ...this.#unlocking(), letsGo: true }, password);
    if (asked instanceof FactorAsked) return asked;
    throw new ReplicaError('ANSWER_INVALID', 'The server lets this device in without the factor that it is to ask for');
  }

  async forbidOffline(): Promise<void> {
    await this.#change((record) => (record.offline === null ? record : { ...record, offline: null }));
  }

  /** Sends a code to a number that is to be the account's. Throws PHONE_INVALID, SMS_FAILED, SERVER_FAILED. */
  sendPhoneCode(request: PhoneRequest): Promise<CodeSent> {
    return this.#api.sendPhoneCode(this.#account(), request);
  }

  /** The number is the account's from here on. Throws CODE_WRONG, CODE_EXPIRED, CODE_SPENT. */
  confirmPhone(code: string): Promise<void> {
    return this.#api.confirmPhone(this.#account(), code);
  }

  /** A secret for an authenticator, 20 bytes: it counts once a code of it is confirmed. */
  offerTotp(): Promise<Bytes> {
    return this.#api.offerTotp(this.#account());
  }

  /** Returns the recovery codes, which are shown this once. Throws CODE_WRONG. */
  confirmTotp(code: string): Promise<readonly string[]> {
    return this.#api.confirmTotp(this.#account(), code);
  }

  removeTotp(): Promise<void> {
    return this.#api.removeTotp(this.#account());
  }

  /** What a passkey is to be made for, that is to be asked for after the password: it counts once it is confirmed. */
  offerPasskey(): Promise<PasskeyAsked> {
    return this.#api.offerPasskey(this.#account());
  }

  /** Throws PASSKEY_REFUSED, and PASSKEYS_TOO_MANY. */
  confirmPasskey(made: PasskeyMade): Promise<void> {
    return this.#api.confirmPasskey(this.#account(), made);
  }

  /** Throws FACTOR_LAST when the account would have no second factor left. */
  removeFactorPasskey(credential: Bytes): Promise<void> {
    return this.#api.removePasskey(this.#account(), credential);
  }

  /** Opens the gate for the day: this device was opened by two factors, or has just been enrolled. */
  async openGate(): Promise<number> {
    await this.#change((record) => drawTicket(record, this.#random));
    const { ticket, nextTicket } = this.#record;
    const openUntil = await this.#api.openGate(hexToBytes(nextTicket ?? ticket));
    await this.#change(takeTicket);
    return openUntil;
  }

  /** Six digits that unlock this device again during the day. Throws PIN_INVALID. */
  async setPin(pin: string): Promise<void> {
    if (!isPin(pin)) throw new ReplicaError('PIN_INVALID', 'A PIN is six digits, not all alike nor in a row');
    const id = this.#random(16);
    const { state, request } = await startRegistration(pin);
    const response = await this.#api.startPin({ id, request });
    const { record, exportKey } = await finishRegistration({ password: pin, account: id, state, response });
    const secret = this.#random(32);
    const sealedSecret = await sealAccountSecret(exportKey, id, secret, this.#random);
    await this.#api.finishPin(id, { record, sealedSecret });
    const own = { id: bytesToHex(id), sealedSeed: await this.#sealFor('pin', secret) };
    await this.#change((record) => ({ ...record, pin: own }));
  }

  /** Lets a passkey of this device unlock it. `output` is what its PRF gave for `passkeyInput`, 32 bytes. */
  async addPasskey({ credential, output }: { readonly credential: string; readonly output: Bytes }): Promise<void> {
    const added = { credential, sealedSeed: await this.#sealFor('passkey', output) };
    await this.#change((record) => ({ ...record, passkeys: [...withoutPasskey(record, credential), added] }));
  }

  async removePasskey(credential: string): Promise<void> {
    await this.#change((record) => ({ ...record, passkeys: withoutPasskey(record, credential) }));
  }

  /** Lets the member's card, or Pro Santé Connect, unlock this device. Throws ATTEMPT_UNKNOWN, IDENTITY_MISMATCH. */
  async linkIdentity({ attempt, ...proof }: IdentityProof & { readonly attempt: string }): Promise<void> {
    const share = await this.#api.linkIdentity(this.#account(), attempt, proof);
    const card = await this.#sealFor('card', share);
    await this.#change((record) => ({ ...record, card }));
  }

  async #sealForPassword(account: Bytes, secret: Bytes): Promise<void> {
    const password = await this.#sealFor('password', secret);
    await this.#change((record) => ({ ...record, account: bytesToHex(account), password }));
  }

  async #sealOffline(password: string, mark: string): Promise<void> {
    const seed = this.#practice.keyring.holderSeed();
    const [record, random, nowMs] = [this.#record, this.#random, this.#practice.clock()];
    try {
      const offline = await sealOffline({ record, seed, password, mark, nowMs, random });
      await this.#change((known) => ({ ...known, offline }));
    } finally {
      seed.fill(0);
    }
  }

  async #sealFor(way: Way, share: Bytes): Promise<string> {
    const seed = this.#practice.keyring.holderSeed();
    try {
      return bytesToHex(await sealDeviceSeed(lockOf(this.#record, way, share), seed, this.#random));
    } finally {
      seed.fill(0);
    }
  }

  /** The account's secret; a new one when nothing that the member still holds was ever given it. */
  #secretToSeal(account: Bytes, toMember: { generation: number; sealed: Bytes } | null): Promise<Bytes> | Bytes {
    if (toMember === null) return this.#random(32);
    const { keyring, mirror } = this.#practice;
    const own = bytesToHex(keyring.signer.author);
    const isAlone = holdersOf(mirror.governance, bytesToHex(keyring.member)).every(
      (holder) => isKeptAside(holder) || bytesToHex(holder.author) === own,
    );
    // Who was invited anew has not the key that the secret was sealed to: it was a revoked device's.
    if (isAlone && !keyring.hasMemberSeed(toMember.generation)) return this.#random(32);
    return this.#openSecret(account, toMember);
  }

  #openSecret(account: Bytes, { generation, sealed }: { generation: number; sealed: Bytes }): Promise<Bytes> {
    return openAsMember(this.#memberLock(account, generation), sealed);
  }

  #memberLock(account: Bytes, generation: number) {
    return { memberSeed: this.#practice.keyring.memberSeed(generation), account, generation };
  }

  /** For proving the password again on the open device: of its record, the tickets alone change. */
  #unlocking(): UnlockOptions {
    const keep = ({ ticket, nextTicket }: DeviceRecord) => this.#change((known) => ({ ...known, ticket, nextTicket }));
    return { transport: this.#practice.transport, record: this.#record, keep, random: this.#random };
  }

  #generation(): number {
    return generationOf(this.#practice);
  }

  #account(): Bytes {
    if (this.#record.account === null) throw new ReplicaError('ACCOUNT_UNKNOWN', 'This device has no account yet');
    return hexToBytes(this.#record.account);
  }

  /** On the record as it then is: what two ways in change at the same time is all kept. */
  #change(change: (record: DeviceRecord) => DeviceRecord): Promise<void> {
    const changed = this.#changing.then(async () => {
      const record = change(this.#record);
      if (record === this.#record) return;
      await this.#keepRecord(record);
      this.#record = record;
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}

/** The account's secret, sealed to a member's key of one generation. */
interface ToMember {
  readonly generation: number;
  readonly sealed: Bytes;
}

/**
 * Seals the account's secret to the member's newest key, once a device or a kit was revoked and the key changed: what
 * is enrolled from then on has no older one. Null when there was nothing to do, or this holder has not both keys.
 */
export async function sealToNewestKey({
  transport,
  keyring,
  mirror,
  random,
}: Pick<Practice, 'transport' | 'keyring' | 'mirror' | 'random'>): Promise<{
  before: ToMember;
  after: ToMember;
} | null> {
  const api = new SignInApi(transport);
  const { account, toMember } = await api.status();
  const generation = generationOf({ keyring, mirror });
  if (account === null || toMember === null || toMember.generation >= generation) return null;
  if (!(keyring.hasMemberSeed(toMember.generation) && keyring.hasMemberSeed(generation))) return null;
  const lock = (of: number) => ({ memberSeed: keyring.memberSeed(of), account, generation: of });
  const secret = await openAsMember(lock(toMember.generation), toMember.sealed);
  const after = { generation, sealed: await sealToMember(lock(generation), secret, random) };
  await api.sealToMember(account, after);
  return { before: toMember, after };
}

function generationOf({ keyring, mirror }: Pick<Practice, 'keyring' | 'mirror'>): number {
  const member = mirror.governance.members.get(bytesToHex(keyring.member));
  if (member === undefined) throw new ReplicaError('HOLDER_UNKNOWN', 'This practice does not know this member');
  return member.generation;
}

/** Whoever holds the disk can try such a password at will: the rule is stricter than for one that the server counts. */
function isFitOffline(password: string): boolean {
  return ['enough', 'strong'].includes(judgePassword(password));
}

function withoutPasskey({ passkeys }: DeviceRecord, credential: string): readonly PasskeyLock[] {
  return passkeys.filter((own) => own.credential !== credential);
}
