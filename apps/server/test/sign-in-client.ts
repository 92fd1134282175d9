import assert from 'node:assert/strict';
import { client, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import {
  encodePinFinish,
  encodeRegistrationFinish,
  encodeRegistrationStart,
  parseOpaqueMessage,
} from '@serment/core/wire/account';
import { encodeCode, encodeCodeRequest, encodePhoneRequest, parseCodeSent } from '@serment/core/wire/factor';
import {
  type CodeFactor,
  encodeFactorAnswer,
  encodeGateRequest,
  encodeLoginFinish,
  encodeLoginStart,
  encodePinLoginStart,
  parseLoginAnswer,
} from '@serment/core/wire/login';
import {
  encodePasskeyGiven,
  type PasskeyAsked,
  type PasskeyGiven,
  parsePasskeyAsked,
} from '@serment/core/wire/passkey';
import type { FastifyInstance } from 'fastify';
import { type Answer, ask } from './test-app.ts';

// A stretching that costs nothing: the server never sees it, and who guesses may use any.
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 1024, parallelism: 1 } } as const;
export const sealedSecret: Bytes = new Uint8Array(104).fill(3);
const toMember = { generation: 1, sealed: new Uint8Array(104).fill(4) };

export interface SignInClientOptions {
  readonly app: FastifyInstance;
  /** A session of the account's device. */
  readonly token: () => Promise<Bytes>;
  readonly author: Bytes;
  /** 16 bytes. */
  readonly account: Bytes;
  /** 16 bytes. */
  readonly pin: Bytes;
}

/** What a login shows and draws; what is left out is the client's own account and device, and a ticket of nowhere. */
export interface Attempt {
  readonly id?: Bytes;
  readonly by?: Bytes;
  readonly shown?: Bytes;
  readonly next?: Bytes;
}

export interface LoginEnd extends Answer {
  /** Where a second factor is given. */
  readonly path: string;
}

/** A client that signs in as the application's does, OPAQUE included, and goes on where that one would give up. */
export class SignInClient {
  readonly #options: SignInClientOptions;
  readonly accountPath: string;

  constructor(options: SignInClientOptions) {
    this.#options = options;
    this.accountPath = `/api/accounts/${bytesToHex(options.account)}`;
  }

  /** In the session of the account's device. */
  async own(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: Bytes): Promise<Answer> {
    const token = await this.#options.token();
    return ask(this.#options.app, method, path, { token, ...(body === undefined ? {} : { body }) });
  }

  async register(password: string, id = this.#options.account): Promise<Answer> {
    const record = await this.#registration('/api/accounts', id, password);
    const body = encodeRegistrationFinish({ record, sealedSecret, toMember });
    return this.own('PUT', `/api/accounts/${bytesToHex(id)}`, body);
  }

  async confirmPhone(number: string): Promise<Answer> {
    const path = `${this.accountPath}/phone`;
    const sent = await this.own('POST', path, encodePhoneRequest({ number, language: 'fr' }));
    assert.equal(sent.status, 200, sent.text);
    return this.own('PUT', path, encodeCode(parseCodeSent(sent.bytes).localCode ?? ''));
  }

  async setPin(digits: string): Promise<Answer> {
    const { pin } = this.#options;
    const record = await this.#registration('/api/pins', pin, digits);
    return this.own('PUT', `/api/pins/${bytesToHex(pin)}`, encodePinFinish({ record, sealedSecret }));
  }

  openGate(ticket: Bytes): Promise<Answer> {
    return this.own('PUT', '/api/gates', encodeGateRequest(ticket));
  }

  /** A login from beginning to end. */
  login(password: string, attempt: Attempt = {}): Promise<LoginEnd> {
    const { id = this.#options.account, by = this.#options.author, shown = newTicket() } = attempt;
    const begin = (request: string) => encodeLoginStart({ author: by, ticket: shown, request });
    return this.#login({ path: `/api/accounts/${bytesToHex(id)}/login`, id, secret: password, begin, ...attempt });
  }

  /** The same by PIN. */
  enter(digits: string, attempt: Attempt = {}): Promise<LoginEnd> {
    const { pin: id } = this.#options;
    const { shown = newTicket() } = attempt;
    const begin = (request: string) => encodePinLoginStart({ ticket: shown, request });
    return this.#login({ path: `/api/pins/${bytesToHex(id)}/login`, id, secret: digits, begin, ...attempt });
  }

  askCode(path: string): Promise<Answer> {
    return ask(this.#options.app, 'POST', `${path}/sms`, { body: encodeCodeRequest('fr') });
  }

  async sendCode(path: string): Promise<string> {
    const sent = await this.askCode(path);
    assert.equal(sent.status, 200, sent.text);
    return parseCodeSent(sent.bytes).localCode ?? '';
  }

  giveFactor(path: string, factor: CodeFactor, code: string): Promise<Answer> {
    return ask(this.#options.app, 'POST', `${path}/factor`, { body: encodeFactorAnswer({ factor, code }) });
  }

  async askPasskey(path: string): Promise<PasskeyAsked> {
    const asked = await ask(this.#options.app, 'POST', `${path}/passkey`);
    assert.equal(asked.status, 200, asked.text);
    return parsePasskeyAsked(asked.bytes);
  }

  givePasskey(path: string, given: PasskeyGiven): Promise<Answer> {
    return ask(this.#options.app, 'PUT', `${path}/passkey`, { body: encodePasskeyGiven(given) });
  }

  async #login(begun: Begun): Promise<LoginEnd> {
    await ready;
    const { path, id, secret, begin, next = newTicket() } = begun;
    const { app } = this.#options;
    const { clientLoginState, startLoginRequest } = client.startLogin({ password: secret });
    const started = await ask(app, 'POST', path, { body: begin(startLoginRequest) });
    if (started.status !== 200) return { ...started, path };
    const { login, response } = parseLoginAnswer(started.bytes);
    const finished = client.finishLogin({
      ...{ clientLoginState, loginResponse: response, password: secret, keyStretching },
      identifiers: identifiersOf(id),
    });
    // A client that cannot open the answer knows that the password is wrong; one that goes on all the same is told.
    const request = finished?.finishLoginRequest ?? startLoginRequest;
    const own = `${path}/${bytesToHex(login)}`;
    const answer = await ask(app, 'POST', own, { body: encodeLoginFinish({ request, nextTicket: next }) });
    return { ...answer, path: own };
  }

  /** The record that a client sends after its registration began at `path`. */
  async #registration(path: string, id: Bytes, secret: string): Promise<string> {
    await ready;
    const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: secret });
    const started = await this.own('POST', path, encodeRegistrationStart({ id, request: registrationRequest }));
    assert.equal(started.status, 200, started.text);
    return client.finishRegistration({
      ...{ clientRegistrationState, password: secret, keyStretching, identifiers: identifiersOf(id) },
      registrationResponse: parseOpaqueMessage(started.bytes),
    }).registrationRecord;
  }
}

interface Begun extends Attempt {
  readonly path: string;
  readonly id: Bytes;
  readonly secret: string;
  readonly begin: (request: string) => Bytes;
}

let tickets = 0;

/** One that no device had before. */
export function newTicket(): Bytes {
  tickets += 1;
  const ticket = new Uint8Array(32).fill(0x77);
  new DataView(ticket.buffer).setUint32(28, tickets);
  return ticket;
}

/** Another code of six digits. */
export function another(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

function identifiersOf(id: Bytes): { client: string; server: string } {
  return { client: bytesToHex(id), server: 'serment' };
}
