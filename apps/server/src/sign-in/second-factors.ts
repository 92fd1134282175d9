import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import type { CodeSent, Language } from '@serment/core/wire/factor';
import type { FactorAnswer, FactorOffer } from '@serment/core/wire/login';
import type { PasskeyAsked, PasskeyGiven, PasskeyMade } from '@serment/core/wire/passkey';
import {
  addPasskey,
  type GatedAccount,
  spendPasskeyCounter,
  spendRecoveryCode,
  spendTotpStep,
  writeTotp,
} from '@serment/store/sign-in/accounts';
import type { CodeUse } from '@serment/store/sign-in/codes';
import type { Store } from '@serment/store/store';
import { ServerError } from '../error.ts';
import { ExpiringMap } from '../expiring-map.ts';
import { passkeyCounter, passkeyMade, toText } from '../passkey-check.ts';
import { maskPhoneNumber } from '../sms/phone-number.ts';
import { codeText, type Sms } from '../sms/sms.ts';
import { Throttle } from '../throttle.ts';
import { totpStepOf } from './totp-step.ts';

export interface SecondFactorsOptions {
  readonly store: Store;
  readonly sms: Sms;
  /** Name of the host that browsers know, for phones to fill the code in there and nowhere else. */
  readonly hostname: string;
  readonly clock: () => number;
}

const passkeyMs = 5 * 60_000;
const recoveryCodeCount = 10;
const recoveryCodeLength = 10;
// Crockford's: nothing that is read for something else.
const recoveryAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The factors that come after a password: a passkey, a code by SMS, an authenticator's, or one from the list kept for a
 * bad day.
 */
export class SecondFactors {
  readonly #options: SecondFactorsOptions;
  readonly #sentByLane: Throttle;
  readonly #sentByNumber: Throttle;
  readonly #wrongByLane: Throttle;
  /** Challenges of passkeys that are about to be made, by account. */
  readonly #offered: ExpiringMap<Bytes>;

  constructor(options: SecondFactorsOptions) {
    this.#options = options;
    const { clock } = options;
    this.#sentByLane = new Throttle({ limit: 5, windowMs: 15 * 60_000, clock });
    // Twice as many: who knows the password leaves the owner's own device its codes.
    this.#sentByNumber = new Throttle({ limit: 10, windowMs: 15 * 60_000, clock });
    this.#wrongByLane = new Throttle({ limit: 20, windowMs: 24 * 3_600_000, clock });
    this.#offered = new ExpiringMap(clock);
  }

  /** What an account can be asked for; empty when none was ever confirmed. */
  offers({ passkeys, phone, totpSecret, recoveryCodes }: GatedAccount): FactorOffer[] {
    return [
      // The one that no false page can ask for comes first.
      ...(passkeys.length === 0 ? [] : [{ factor: 'passkey' as const, detail: '' }]),
      ...(phone === null ? [] : [{ factor: 'sms' as const, detail: maskPhoneNumber(phone) }]),
      ...(totpSecret === null ? [] : [{ factor: 'totp' as const, detail: '' }]),
      ...(recoveryCodes.length === 0 ? [] : [{ factor: 'recovery' as const, detail: String(recoveryCodes.length) }]),
    ];
  }

  /** Sends a code; counts in `lane`, as `check` does. Throws THROTTLED, SMS_FAILED and what the port throws. */
  async sendCode(
    use: CodeUse,
    to: { readonly phone: string; readonly language: Language; readonly lane: string },
  ): Promise<CodeSent> {
    const { phone, language, lane } = to;
    const { store, sms, hostname } = this.#options;
    this.#sentByLane.count(lane);
    this.#sentByNumber.count(phone);
    const { code, expires } = await store.codes.make(use, use.purpose === 'phone' ? phone : null);
    await sms.send({ to: phone, text: codeText({ code, host: hostname, language }) });
    return { to: maskPhoneNumber(phone), expires, localCode: sms.isLocal ? code : null };
  }

  /**
   * Counts in `lane`, the account's or that of a device which showed its ticket. Throws CODE_WRONG, CODE_EXPIRED,
   * CODE_SPENT, THROTTLED; FACTOR_MISSING when the account has not this factor.
   */
  async check(
    account: GatedAccount,
    { login, lane }: { readonly login: string; readonly lane: string },
    { factor, code }: FactorAnswer,
  ): Promise<void> {
    // Counted before it is looked at: answers that come together gain nothing.
    this.#wrongByLane.count(lane);
    if (factor === 'sms') await this.#options.store.codes.confirm(enterUse(account, login), code);
    else if (factor === 'totp') await this.#checkTotp(account, account.totpSecret, code);
    else await this.#checkRecovery(account, code);
    this.#wrongByLane.clear(lane);
  }

  /** What the account's passkeys are asked to sign, once. Throws FACTOR_MISSING. */
  askPasskey({ passkeys }: GatedAccount): PasskeyAsked {
    if (passkeys.length === 0) throw missing();
    return askedOf(passkeys);
  }

  /** Counts as `check` does. Throws PASSKEY_REFUSED, THROTTLED. */
  async checkPasskey(
    account: GatedAccount,
    { challenge, origin, lane }: { readonly challenge: Bytes; readonly origin: string; readonly lane: string },
    given: PasskeyGiven,
  ): Promise<void> {
    this.#wrongByLane.count(lane);
    const known = account.passkeys.find(({ credential }) => equalBytes(credential, given.credential));
    if (known === undefined) throw passkeyRefused();
    const counter = await passkeyCounter(given, known, { takes: only(challenge), origin });
    if (counter === null) throw passkeyRefused();
    const { practice, account: id } = account;
    const spent = { practice, account: id, credential: known.credential, counter };
    // Two answers with one counter: one of them is of a copy.
    if (!(await spendPasskeyCounter(this.#options.store.database, spent))) throw passkeyRefused();
    this.#wrongByLane.clear(lane);
  }

  /** What a passkey is to be made for; the offer before serves no more. */
  offerPasskey({ account, passkeys }: GatedAccount): PasskeyAsked {
    const asked = askedOf(passkeys);
    this.#offered.put(bytesToHex(account), asked.challenge, passkeyMs);
    return asked;
  }

  /** The passkey that was made becomes one of the account's. Throws PASSKEY_REFUSED, PASSKEYS_TOO_MANY. */
  async confirmPasskey({ practice, account }: GatedAccount, origin: string, made: PasskeyMade): Promise<void> {
    const challenge = this.#offered.take(bytesToHex(account));
    if (challenge === null) throw passkeyRefused();
    const { store, clock } = this.#options;
    const passkey = await passkeyMade(made, { takes: only(challenge), origin });
    if (passkey === null) throw passkeyRefused();
    await addPasskey(store.database, { practice, account, passkey: { ...passkey, added: clock() } });
  }

  newTotpSecret(): Bytes {
    return new Uint8Array(randomBytes(20));
  }

  /** The offered secret becomes the account's once a code of it is right. Returns new recovery codes, shown once. */
  async confirmTotp(account: GatedAccount, code: string): Promise<string[]> {
    if (account.totpOffered === null) throw missing();
    this.#wrongByLane.count(bytesToHex(account.account));
    const step = totpStepOf(account.totpOffered, code, this.#options.clock());
    if (step === null) throw wrongCode();
    this.#wrongByLane.clear(bytesToHex(account.account));
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    await writeTotp(this.#options.store.database, {
      ...{ practice: account.practice, account: account.account, totpSecret: account.totpOffered, step },
      recoveryCodes: codes.map((own) => this.#recoveryHash(account, own)),
    });
    return codes;
  }

  async #checkTotp(account: GatedAccount, secret: Bytes | null, code: string): Promise<void> {
    if (secret === null) throw missing();
    const step = totpStepOf(secret, code, this.#options.clock());
    if (step === null) throw wrongCode();
    // A code seen over the shoulder serves nobody after its owner.
    if (!(await spendTotpStep(this.#options.store.database, { ...account, step }))) throw wrongCode();
  }

  async #checkRecovery(account: GatedAccount, code: string): Promise<void> {
    const { practice, account: id } = account;
    const spent = { practice, account: id, hash: this.#recoveryHash(account, code) };
    if (!(await spendRecoveryCode(this.#options.store.database, spent))) throw wrongCode();
    this.#options.store.tellChange({ kind: 'accounts' });
  }

  #recoveryHash({ account }: GatedAccount, typed: string): Bytes {
    const code = typed.toUpperCase().replaceAll(/[\s-]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
    const hmac = createHmac('sha256', this.#options.store.hostKeys.codeKey).update('serment/recovery-code/1/');
    return new Uint8Array(hmac.update(account).update(code).digest());
  }
}

/** What a code that lets one login go on is good for. */
export function enterUse({ practice, account }: GatedAccount, login: string): CodeUse {
  return { practice, account, purpose: 'enter', subject: login };
}

export function passkeyRefused(): ServerError {
  return new ServerError('PASSKEY_REFUSED', 'This passkey was not asked for, or is none of this account');
}

function only(challenge: Bytes): (given: string) => boolean {
  return (given) => given === toText(challenge);
}

function askedOf(passkeys: GatedAccount['passkeys']): PasskeyAsked {
  const challenge = new Uint8Array(randomBytes(32));
  return { challenge, credentials: passkeys.map(({ credential }) => credential) };
}

function newRecoveryCode(): string {
  const characters = Array.from({ length: recoveryCodeLength }, () => recoveryAlphabet[randomInt(32)]).join('');
  return `${characters.slice(0, 5)}-${characters.slice(5)}`;
}

function wrongCode(): ServerError {
  return new ServerError('CODE_WRONG', 'This is not the code, or it served already', { fields: { left: null } });
}

function missing(): ServerError {
  return new ServerError('FACTOR_MISSING', 'This account has no such factor');
}
