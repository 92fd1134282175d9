import { randomInt } from 'node:crypto';
import type { Bytes } from '@serment/core/bytes';
import { encodeCode, parseTotpSecret } from '@serment/core/wire/factor';
import { parseOpening } from '@serment/core/wire/login';
import { type Attempt, type LoginEnd, newTicket, SignInClient } from '../../../apps/server/test/sign-in-client.ts';
import type { Answer } from '../../../apps/server/test/test-app.ts';
import { totpOf } from '../../../apps/server/test/totp.ts';
import type { Outcome, Proof } from '../proof.ts';
import { type AccessScene, account } from './scene.ts';

const pin = new Uint8Array(16).fill(0x22);
const password = 'le bon mot de passe';
const rightPin = '271828';

export const guessingProof: Proof<AccessScene> = {
  name: 'wrong passwords, codes and PINs against one account, tickets stolen and not',
  bar: 'none accepted, and the owner enters during and after',
  run: guess,
};

/** What holds a ticket: the owner's device, or a thief with one of nowhere. */
class Holder {
  readonly client: SignInClient;
  #ticket = newTicket();

  constructor(client: SignInClient) {
    this.client = client;
  }

  async openGate(): Promise<void> {
    const next = newTicket();
    await expectDone(this.client.openGate(next));
    this.#ticket = next;
  }

  password(typed: string): Promise<LoginEnd> {
    return this.#taking((attempt) => this.client.login(typed, attempt));
  }

  pin(typed: string): Promise<LoginEnd> {
    return this.#taking((attempt) => this.client.enter(typed, attempt));
  }

  /** The next ticket is the holder's once an answer came, as a device has it. */
  async #taking(login: (attempt: Attempt) => Promise<LoginEnd>): Promise<LoginEnd> {
    const next = newTicket();
    const answer = await login({ shown: this.#ticket, next });
    if (answer.status === 200) this.#ticket = next;
    return answer;
  }
}

interface Owner {
  readonly device: Holder;
  /** Of the authenticator, 20 bytes. */
  readonly totpSecret: Bytes;
}

async function guess(scene: AccessScene): Promise<Outcome> {
  const client = new SignInClient({
    ...{ app: scene.app, token: () => scene.ownToken(), author: scene.victim.device.author, account, pin },
  });
  const owner = await setUp(scene, client);
  const attempts = scene.extent === 'whole' ? 10_000 : 300;
  const thief = new Holder(client);
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
        await client.askCode(login);
        continue;
      }
      answer = tried;
    } else if (kind === 4) answer = await thief.pin(String(randomInt(1_000_000)).padStart(6, '0'));
    else answer = await client.giveFactor(login, (['sms', 'totp', 'recovery'] as const)[kind - 1] ?? 'sms', '000000');
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
async function isIn(scene: AccessScene, { device, totpSecret }: Owner): Promise<boolean> {
  const answer = await device.password(password);
  if (answer.status !== 200) return false;
  if (parseOpening(answer.bytes).isOpen) return true;
  const given = await device.client.giveFactor(answer.path, 'totp', totpOf(totpSecret, scene.now()));
  return given.status === 200 && parseOpening(given.bytes).isOpen;
}

/** A password, a number, an authenticator, a PIN and an open gate for the doctor. */
async function setUp(scene: AccessScene, client: SignInClient): Promise<Owner> {
  await expectDone(client.register(password));
  await expectDone(client.confirmPhone('06 39 98 00 42'));
  const path = `${client.accountPath}/totp`;
  const totpSecret = parseTotpSecret((await expectDone(client.own('POST', path))).bytes);
  await expectDone(client.own('PUT', path, encodeCode(totpOf(totpSecret, scene.now()))));
  await expectDone(client.setPin(rightPin));
  const device = new Holder(client);
  await device.openGate();
  return { device, totpSecret };
}

async function expectDone(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
}
