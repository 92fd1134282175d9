import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import {
  type AccountStatus,
  encodePinFinish,
  encodeRegistrationFinish,
  encodeRegistrationStart,
  encodeSealedToMember,
  type PinFinish,
  parseAccountStatus,
  parseOpaqueMessage,
  type RegistrationFinish,
  type RegistrationStart,
  type SealedToMember,
} from '@serment/core/wire/account';
import {
  type CodeSent,
  encodeCode,
  encodeCodeRequest,
  encodePhoneRequest,
  type Language,
  type PhoneRequest,
  parseCodeSent,
  parseRecoveryCodes,
  parseTotpSecret,
} from '@serment/core/wire/factor';
import {
  encodeIdentityLogin,
  encodeIdentityProof,
  encodeIdentityRequest,
  type IdentityLogin,
  type IdentityProof,
  type IdentityRequest,
  parseCardShare,
  parseIdentityAddress,
} from '@serment/core/wire/identity';
import {
  encodeFactorAnswer,
  encodeGateRequest,
  encodeLoginFinish,
  encodeLoginStart,
  encodePinLoginStart,
  type FactorAnswer,
  type LoginAnswer,
  type LoginFinish,
  type LoginStart,
  type Opening,
  type PinLoginStart,
  parseGateAnswer,
  parseLoginAnswer,
  parseOpening,
} from '@serment/core/wire/login';
import {
  encodePasskeyGiven,
  encodePasskeyMade,
  type PasskeyAsked,
  type PasskeyGiven,
  type PasskeyListed,
  type PasskeyMade,
  parsePasskeyAsked,
  parsePasskeyList,
} from '@serment/core/wire/passkey';
import { parseAnswer, type Transport } from '../transport.ts';

/** Signing in, of docs/format/wire.md. Methods throw what `Transport` throws, and the codes of Entering. */
export class SignInApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What the session's member has. */
  async status(): Promise<AccountStatus> {
    return parseAnswer(await this.#inSession('GET', '/api/account'), parseAccountStatus);
  }

  async startRegistration(start: RegistrationStart): Promise<string> {
    return parseAnswer(
      await this.#inSession('POST', '/api/accounts', encodeRegistrationStart(start)),
      parseOpaqueMessage,
    );
  }

  async finishRegistration(account: Bytes, finish: RegistrationFinish): Promise<void> {
    await this.#inSession('PUT', accountPath(account), encodeRegistrationFinish(finish));
  }

  async sealToMember(account: Bytes, toMember: SealedToMember): Promise<void> {
    await this.#inSession('PUT', `${accountPath(account)}/member`, encodeSealedToMember(toMember));
  }

  async startPin(start: RegistrationStart): Promise<string> {
    return parseAnswer(await this.#inSession('POST', '/api/pins', encodeRegistrationStart(start)), parseOpaqueMessage);
  }

  async finishPin(pin: Bytes, finish: PinFinish): Promise<void> {
    await this.#inSession('PUT', pinPath(pin), encodePinFinish(finish));
  }

  async sendPhoneCode(account: Bytes, request: PhoneRequest): Promise<CodeSent> {
    const body = encodePhoneRequest(request);
    return parseAnswer(await this.#inSession('POST', `${accountPath(account)}/phone`, body), parseCodeSent);
  }

  async confirmPhone(account: Bytes, code: string): Promise<void> {
    await this.#inSession('PUT', `${accountPath(account)}/phone`, encodeCode(code));
  }

  async offerTotp(account: Bytes): Promise<Bytes> {
    return parseAnswer(await this.#inSession('POST', `${accountPath(account)}/totp`), parseTotpSecret);
  }

  async confirmTotp(account: Bytes, code: string): Promise<readonly string[]> {
    const body = encodeCode(code);
    return parseAnswer(await this.#inSession('PUT', `${accountPath(account)}/totp`, body), parseRecoveryCodes);
  }

  async removeTotp(account: Bytes): Promise<void> {
    await this.#inSession('DELETE', `${accountPath(account)}/totp`);
  }

  /** The account's passkeys that serve as second factors. */
  async passkeys(account: Bytes): Promise<readonly PasskeyListed[]> {
    return parseAnswer(await this.#inSession('GET', `${accountPath(account)}/passkeys`), parsePasskeyList);
  }

  async offerPasskey(account: Bytes): Promise<PasskeyAsked> {
    return parseAnswer(await this.#inSession('POST', `${accountPath(account)}/passkeys`), parsePasskeyAsked);
  }

  async confirmPasskey(account: Bytes, made: PasskeyMade): Promise<void> {
    await this.#inSession('PUT', `${accountPath(account)}/passkeys`, encodePasskeyMade(made));
  }

  async removePasskey(account: Bytes, credential: Bytes): Promise<void> {
    await this.#inSession('DELETE', `${accountPath(account)}/passkeys/${bytesToHex(sha256(credential))}`);
  }

  /** Until when the gate of the session's device is open. */
  async openGate(nextTicket: Bytes): Promise<number> {
    return parseAnswer(await this.#inSession('PUT', '/api/gates', encodeGateRequest(nextTicket)), parseGateAnswer);
  }

  startLogin(account: Bytes, start: LoginStart): Promise<LoginAnswer> {
    return this.#freely(`${accountPath(account)}/login`, encodeLoginStart(start), parseLoginAnswer);
  }

  /** `letsGo`: asks for the second factor in any case, which then lets the held device go. */
  finishLogin(account: Bytes, login: Bytes, finish: LoginFinish & { readonly letsGo?: boolean }): Promise<Opening> {
    const path = `${loginPath(accountPath(account), login)}${finish.letsGo ? '?to=let-go' : ''}`;
    return this.#freely(path, encodeLoginFinish(finish), parseOpening);
  }

  sendCode(account: Bytes, login: Bytes, language: Language): Promise<CodeSent> {
    return this.#freely(`${loginPath(accountPath(account), login)}/sms`, encodeCodeRequest(language), parseCodeSent);
  }

  giveFactor(account: Bytes, login: Bytes, answer: FactorAnswer): Promise<Opening> {
    return this.#freely(`${loginPath(accountPath(account), login)}/factor`, encodeFactorAnswer(answer), parseOpening);
  }

  askPasskey(account: Bytes, login: Bytes): Promise<PasskeyAsked> {
    return this.#freely(`${loginPath(accountPath(account), login)}/passkey`, null, parsePasskeyAsked);
  }

  async givePasskey(account: Bytes, login: Bytes, given: PasskeyGiven): Promise<Opening> {
    const path = `${loginPath(accountPath(account), login)}/passkey`;
    return parseAnswer(await this.#transport.exchange('PUT', path, { body: encodePasskeyGiven(given) }), parseOpening);
  }

  startPinLogin(pin: Bytes, start: PinLoginStart): Promise<LoginAnswer> {
    return this.#freely(`${pinPath(pin)}/login`, encodePinLoginStart(start), parseLoginAnswer);
  }

  finishPinLogin(pin: Bytes, login: Bytes, finish: LoginFinish): Promise<Opening> {
    return this.#freely(loginPath(pinPath(pin), login), encodeLoginFinish(finish), parseOpening);
  }

  /** The address that a window of the browser opens to prove who is there. */
  beginIdentity(account: Bytes, request: IdentityRequest): Promise<string> {
    return this.#freely(`${accountPath(account)}/identity`, encodeIdentityRequest(request), parseIdentityAddress);
  }

  openByIdentity(account: Bytes, attempt: string, login: IdentityLogin): Promise<Opening> {
    return this.#freely(`${accountPath(account)}/identity/${attempt}`, encodeIdentityLogin(login), parseOpening);
  }

  /** The card share of the session's account, once its person's card is linked. */
  async linkIdentity(account: Bytes, attempt: string, proof: IdentityProof): Promise<Bytes> {
    const path = `${accountPath(account)}/identity/${attempt}`;
    return parseAnswer(await this.#inSession('PUT', path, encodeIdentityProof(proof)), parseCardShare);
  }

  #inSession(method: string, path: string, body: Bytes | null = null): Promise<Bytes> {
    return this.#transport.exchange(method, path, { body, inSession: true });
  }

  /** A request of who has not entered yet. */
  async #freely<Answer>(path: string, body: Bytes | null, parse: (bytes: Bytes) => Answer): Promise<Answer> {
    return parseAnswer(await this.#transport.exchange('POST', path, { body }), parse);
  }
}

function accountPath(account: Bytes): string {
  return `/api/accounts/${bytesToHex(account)}`;
}

function pinPath(pin: Bytes): string {
  return `/api/pins/${bytesToHex(pin)}`;
}

function loginPath(of: string, login: Bytes): string {
  return `${of}/login/${bytesToHex(login)}`;
}
