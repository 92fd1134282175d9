import { createHmac, randomInt } from 'node:crypto';
import { client, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex, concatBytes } from '@serment/core/bytes';
import {
  encodePinFinish,
  encodeRegistrationFinish,
  encodeRegistrationStart,
  parseOpaqueMessage,
} from '@serment/core/wire/account';
import {
  encodeCode,
  encodeCodeRequest,
  encodePhoneRequest,
  parseCodeSent,
  parseTotpSecret,
} from '@serment/core/wire/factor';
import {
  encodeFactorAnswer,
  encodeGateRequest,
  encodeLoginFinish,
  encodeLoginStart,
  encodePinLoginStart,
  type Factor,
  parseLoginAnswer,
  parseOpening,
} from '@serment/core/wire/login';
import { type Answer, ask } from '../../../apps/server/test/test-app.ts';
import type { Outcome, Proof } from '../proof.ts';
import { type AccessScene, account } from './scene.ts';

// A stretching that costs nothing: the server never sees it, and an attacker may use any.
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 1024, parallelism: 1 } } as const;
const identifiers = (name: string) => ({ client: name, server: 'serment' });
const sealedSecret = new Uint8Array(104).fill(3);
const pin = new Uint8Array(16).fill(0x22);
const password = 'le bon mot de passe';
const rightPin = '271828';

export const guessingProof: Proof<AccessScene> = {
  name: 'wrong passwords, codes and PINs against one account, tickets stolen and not',
  bar: 'none accepted, and the owner enters during and after',
  run: guess,
};

/** One client of the account, with the disk of its device or with a ticket of nowhere. */
class Client {
  readonly #scene: AccessScene;
  ticket: Bytes;

  constructor(scene: AccessScene, ticket: Bytes) {
    this.#scene = scene;
    this.ticket = ticket;
  }

  async password(typed: string): Promise<Answer & { readonly path: string }> {
    const path = `/api/accounts/${bytesToHex(account)}/login`;
    const { author } = this.#scene.victim.device;
    return this.#login(path, account, typed, (request) => encodeLoginStart({ author, ticket: this.ticket, request }));
  }

  async pin(typed: string): Promise<Answer & { readonly path: string }> {
    const path = `/api/pins/${bytesToHex(pin)}/login`;
    return this.#login(path, pin, typed, (request) => encodePinLoginStart({ ticket: this.ticket, request }));
  }

  factor(path: string, factor: Factor, code: string): Promise<Answer> {
    return this.#ask(`${path}/factor`, encodeFactorAnswer({ factor, code }));
  }

  async sendCode(path: string): Promise<string | null> {
    const sent = await this.#ask(`${path}/sms`, encodeCodeRequest('fr'));
    return sent.status === 200 ? parseCodeSent(sent.bytes).localCode : null;
  }
  async #login(path: string, id: Bytes, typed: string, begin: (request: string) => Bytes) {
    const { clientLoginState, startLoginRequest } = client.startLogin({ password: typed });
    const started = await this.#ask(path, begin(startLoginRequest));
    if (started.status !== 200) return { ...started, path };
    const { login, response } = parseLoginAnswer(started.bytes);
    const finished = client.finishLogin({
      ...{ clientLoginState, loginResponse: response, password: typed, keyStretching },
      identifiers: identifiers(bytesToHex(id)),
    });
    const own = `${path}/${bytesToHex(login)}`;
    const nextTicket = newTicket();
    const request = finished?.finishLoginRequest ?? startLoginRequest;
    const answer = await this.#ask(own, encodeLoginFinish({ request, nextTicket }));
    if (answer.status === 200) this.ticket = nextTicket;
    return { ...answer, path: own };
  }

  #ask(path: string, body: Bytes): Promise<Answer> {
    return ask(this.#scene.app, 'POST', path, { body });
  }
}

interface Owner {
  readonly client: Client;
  /** Of the authenticator, 20 bytes. */
  readonly totpSecret: Bytes;
}

async function guess(scene: AccessScene): Promise<Outcome> {
  await ready;
  const owner = await setUp(scene);
  const attempts = scene.isQuick ? 300 : 10_000;
  const thief = new Client(scene, newTicket());
  const answers = new Map<string, number>();
  const details: string[] = [];
  let accepted = 0;
  let entered = 0;
  const startedAt = performance.now();
  const startedOn = scene.now();
  let login: string | null = null;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // A third of the time the thief waits as long as the throttles ask for.
    scene.wait(attempt % 3 === 0 ? 90_000 : 200);
    if (attempt % Math.floor(attempts / 10) === 0 && (await isIn(scene, owner))) entered += 1;
    const kind = attempt % 5;
    let answer: Answer;
    if (kind === 0 || login === null) {
      // Every tenth one knows the password, and guesses the second factor.
      const isKnown = attempt % 50 < 5;
      const tried = await thief.password(isKnown ? password : `faux ${attempt}`);
      if (isKnown && tried.status === 200 && !parseOpening(tried.bytes).isOpen) {
        login = tried.path;
        await thief.sendCode(login);
        continue;
      }
      answer = tried;
    } else if (kind === 4) answer = await thief.pin(String(randomInt(1_000_000)).padStart(6, '0'));
    else answer = await thief.factor(login, (['sms', 'totp', 'recovery'] as const)[kind - 1] ?? 'sms', '000000');
    if (answer.code === 'CODE_SPENT') login = null;
    const told = answer.status === 200 ? 'opened' : (answer.code ?? String(answer.status));
    answers.set(told, (answers.get(told) ?? 0) + 1);
    if (answer.status === 200) accepted += 1;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const days = (scene.now() - startedOn) / 86_400_000;
  const isStillIn = await isIn(scene, owner);
  if (accepted > 0) details.push(`${accepted} were accepted`);
  if (entered < 10) details.push(`the owner entered ${entered} times of 10 meanwhile`);
  if (!isStillIn) details.push('the owner does not enter any more');
  const counts = [...answers].sort((left, right) => right[1] - left[1]).map(([told, count]) => `${count} ${told}`);
  const figure = `${attempts} attempts at ${Math.round(attempts / seconds)}/s over ${days.toFixed(1)} days of the server’s clock: ${counts.join(', ')}; accepted: ${accepted}; the owner entered ${entered} times of 10 meanwhile, and ${isStillIn ? 'once' : 'not'} after`;
  return { figure, holds: details.length === 0, details };
}

/** The owner enters with the ticket of its device, and with its authenticator when the gate was closed meanwhile. */
async function isIn(scene: AccessScene, { client: owner, totpSecret }: Owner): Promise<boolean> {
  const answer = await owner.password(password);
  if (answer.status !== 200) return false;
  if (parseOpening(answer.bytes).isOpen) return true;
  const given = await owner.factor(answer.path, 'totp', totpOf(totpSecret, scene.now()));
  return given.status === 200 && parseOpening(given.bytes).isOpen;
}

/** RFC 6238 with SHA-1, six digits and 30 seconds, by another road than the server's. */
function totpOf(secret: Bytes, atMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const place = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A password, a number, an authenticator, a PIN and an open gate for the doctor. */
async function setUp(scene: AccessScene): Promise<Owner> {
  const toMember = { generation: 1, sealed: sealedSecret };
  const record = await registration(scene, '/api/accounts', account, password);
  const path = `/api/accounts/${bytesToHex(account)}`;
  await done(scene, 'PUT', path, encodeRegistrationFinish({ record, sealedSecret, toMember }));
  const number = encodePhoneRequest({ number: '06 39 98 00 42', language: 'fr' });
  const sent = parseCodeSent((await done(scene, 'POST', `${path}/phone`, number)).bytes);
  await done(scene, 'PUT', `${path}/phone`, encodeCode(sent.localCode ?? ''));
  const totpSecret = parseTotpSecret((await done(scene, 'POST', `${path}/totp`)).bytes);
  await done(scene, 'PUT', `${path}/totp`, encodeCode(totpOf(totpSecret, scene.now())));
  const pinRecord = await registration(scene, '/api/pins', pin, rightPin);
  await done(scene, 'PUT', `/api/pins/${bytesToHex(pin)}`, encodePinFinish({ record: pinRecord, sealedSecret }));
  const ticket = newTicket();
  await done(scene, 'PUT', '/api/gates', encodeGateRequest(ticket));
  return { client: new Client(scene, ticket), totpSecret };
}

async function registration(scene: AccessScene, path: string, id: Bytes, typed: string): Promise<string> {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: typed });
  const started = await done(scene, 'POST', path, encodeRegistrationStart({ id, request: registrationRequest }));
  return client.finishRegistration({
    ...{ clientRegistrationState, password: typed, keyStretching, identifiers: identifiers(bytesToHex(id)) },
    registrationResponse: parseOpaqueMessage(started.bytes),
  }).registrationRecord;
}

async function done(scene: AccessScene, method: 'POST' | 'PUT', path: string, body?: Bytes): Promise<Answer> {
  const token = await scene.ownToken();
  const answer = await ask(scene.app, method, path, { token, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}

let tickets = 0;
function newTicket(): Bytes {
  tickets += 1;
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, tickets);
  return concatBytes(new Uint8Array(28).fill(0x77), number);
}
