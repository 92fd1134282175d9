import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCodeSent, parseCodeRequest } from '@serment/core/wire/factor';
import {
  encodeLoginAnswer,
  encodeOpening,
  parseFactorAnswer,
  parseLoginFinish,
  parseLoginStart,
} from '@serment/core/wire/login';
import { encodePasskeyAsked, parsePasskeyGiven } from '@serment/core/wire/passkey';
import { findAccount, type GatedAccount } from '@serment/store/sign-in/accounts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { letGo } from '../held.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { ownOrigin } from '../same-origin.ts';
import { wrongPassword } from '../sign-in/opaque-server.ts';
import { PendingLogins } from '../sign-in/pending-logins.ts';
import { enterUse, passkeyRefused } from '../sign-in/second-factors.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { Throttle } from '../throttle.ts';

interface Started {
  /** In hexadecimal. */
  readonly account: string;
  readonly author: Bytes;
  readonly ticket: Bytes;
  /** Where its tries count. */
  readonly lane: string;
  readonly state: string;
  /** Null for an account that does not exist: its login goes on as any other and fails at the end. */
  readonly found: GatedAccount | null;
}

/** The password was right; a second factor is awaited. */
interface Proven {
  readonly account: string;
  readonly author: Bytes;
  readonly ticket: Bytes;
  readonly next: Bytes;
  readonly lane: string;
  /** Whether the second factor says that what the held device did is meant. */
  readonly letsGo: boolean;
  wrong: number;
  /** What a passkey is asked to sign; null until it is, and once it was answered. */
  challenge: Bytes | null;
}

const startedMs = 60_000;
const provenMs = 10 * 60_000;
const maxWrong = 5;
// From anybody: what is read for nobody in particular is small.
const limits = { bodyLimit: 4096 };

/** Entering by password and second factor. Unknown accounts answer like known ones. */
export function addLoginRoutes(app: FastifyInstance, { store, clock, publicUrl }: AppContext, signIn: SignIn): void {
  const { opaque, entrance, factors } = signIn;
  const started = new PendingLogins<Started>(clock);
  const proven = new PendingLogins<Proven>(clock);
  const byAccount = new Throttle({ limit: 10, windowMs: 15 * 60_000, clock });
  const byAddress = new Throttle({ limit: 60, windowMs: 60_000, clock });

  app.post('/api/accounts/:account/login', limits, async (request, reply) => {
    byAddress.count(request.ip);
    const account = idParam(request, 'account', 16);
    const { author, ticket, request: message } = parseLoginStart(bodyBytes(request));
    const found = await findAccount(store.database, account);
    // A device that shows its ticket has tries of its own: whoever else guesses does not use them up.
    const isKnown = found !== null && (await entrance.isKnown({ ...found, author }, ticket));
    const own = lane(account, isKnown ? author : null);
    byAccount.count(own);
    const { state, response } = await opaque.start(account, found?.record ?? null, message);
    const login = started.add({ account: bytesToHex(account), author, ticket, lane: own, state, found }, startedMs);
    return sendCbor(reply, encodeLoginAnswer({ login, response }));
  });

  app.post('/api/accounts/:account/login/:login', limits, async (request, reply) => {
    const account = idParam(request, 'account', 16);
    const name = bytesToHex(idParam(request, 'login', 16));
    const { request: message, nextTicket: next } = parseLoginFinish(bodyBytes(request));
    const login = started.take(name);
    if (login === null || login.account !== bytesToHex(account)) throw wrongPassword();
    await opaque.finish(account, login.state, message);
    const { found, author, ticket } = login;
    if (found === null) throw wrongPassword();
    await entrance.requireDevice(found, author);
    byAccount.clear(lane(account, author));
    const letsGo = isLettingGo(request);
    const device = { practice: found.practice, account, author };
    // To let a device go asks for the second factor, however open the gate is.
    const passed = letsGo ? null : await entrance.pass(device, { ticket, next });
    if (passed !== null) return sendCbor(reply, encodeOpening({ isOpen: true, secret: found.sealedSecret, ...passed }));
    const offers = factors.offers(found);
    if (offers.length === 0) throw new ServerError('FACTOR_MISSING', 'This account has no second factor yet');
    const { lane: own } = login;
    const begun = { account: login.account, author, ticket, next, lane: own, letsGo };
    proven.put(name, { ...begun, wrong: 0, challenge: null }, provenMs);
    return sendCbor(reply, encodeOpening({ isOpen: false, factors: offers }));
  });

  app.post('/api/accounts/:account/login/:login/sms', limits, async (request, reply) => {
    const { name, login, account } = await awaiting(request);
    const language = parseCodeRequest(bodyBytes(request));
    const { phone } = account;
    if (phone === null) throw new ServerError('FACTOR_MISSING', 'This account has no telephone number');
    return sendCbor(
      reply,
      encodeCodeSent(await factors.sendCode(enterUse(account, name), { phone, language, lane: login.lane })),
    );
  });

  app.post('/api/accounts/:account/login/:login/factor', limits, async (request, reply) => {
    const { name, login, account } = await awaiting(request);
    const answer = parseFactorAnswer(bodyBytes(request));
    await countWrong(login, account);
    await factors.check(account, { login: name, lane: login.lane }, answer);
    const opening = await opened(name, login, account);
    const { author } = login;
    if (answer.factor === 'recovery') await entrance.trace('recovery-code-used', { ...account, author });
    return sendCbor(reply, opening);
  });

  app.post('/api/accounts/:account/login/:login/passkey', limits, async (request, reply) => {
    const { login, account } = await awaiting(request);
    const asked = factors.askPasskey(account);
    login.challenge = asked.challenge;
    return sendCbor(reply, encodePasskeyAsked(asked));
  });

  app.put('/api/accounts/:account/login/:login/passkey', limits, async (request, reply) => {
    const { name, login, account } = await awaiting(request);
    const given = parsePasskeyGiven(bodyBytes(request));
    await countWrong(login, account);
    const { challenge, lane: own } = login;
    // A challenge is answered once, right or wrong.
    login.challenge = null;
    if (challenge === null) throw passkeyRefused();
    await factors.checkPasskey(account, { challenge, origin: ownOrigin(request, publicUrl), lane: own }, given);
    return sendCbor(reply, await opened(name, login, account));
  });

  /** Counted before it is looked at: answers that come together gain nothing. */
  async function countWrong(login: Proven, account: GatedAccount): Promise<void> {
    login.wrong += 1;
    if (login.wrong === maxWrong + 1) await entrance.trace('refused', { ...account, author: login.author });
    if (login.wrong > maxWrong) throw new ServerError('CODE_SPENT', 'Too many wrong codes', { hint: 'Begin again.' });
  }

  /** What a right factor opens, once. */
  async function opened(name: string, login: Proven, account: GatedAccount): Promise<Bytes> {
    if (proven.take(name) === null) throw wrongPassword();
    const { author, ticket, next } = login;
    await entrance.requireDevice(account, author);
    const openUntil = await entrance.open({ ...account, author }, { ticket, next });
    if (login.letsGo) await letGo(store, account.practice, author);
    byAccount.clear(lane(account.account, null));
    return encodeOpening({ isOpen: true, secret: account.sealedSecret, openUntil });
  }

  /** The login whose password was proven, and its account as it is now. */
  async function awaiting(request: FastifyRequest): Promise<{ name: string; login: Proven; account: GatedAccount }> {
    const id = idParam(request, 'account', 16);
    const name = bytesToHex(idParam(request, 'login', 16));
    const login = proven.get(name);
    const account = login?.account === bytesToHex(id) ? await findAccount(store.database, id) : null;
    if (login === null || account === null) throw wrongPassword();
    return { name, login, account };
  }
}

/** `?to=let-go`: docs/format/wire.md, Held devices. */
function isLettingGo({ query }: FastifyRequest): boolean {
  return typeof query === 'object' && query !== null && 'to' in query && query.to === 'let-go';
}

function lane(account: Bytes, author: Bytes | null): string {
  return author === null ? bytesToHex(account) : `${bytesToHex(account)}/${bytesToHex(author)}`;
}
