import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import {
  encodeCodeSent,
  encodeRecoveryCodes,
  encodeTotpSecret,
  parseCode,
  parsePhoneRequest,
} from '@serment/core/wire/factor';
import { encodePasskeyAsked, encodePasskeyList, parsePasskeyMade } from '@serment/core/wire/passkey';
import { offerTotp, removePasskey, writePhone, writeTotp } from '@serment/store/sign-in/accounts';
import type { CodeUse } from '@serment/store/sign-in/codes';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { ownOrigin } from '../same-origin.ts';
import { callerOf } from '../session-guard.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { parsePhoneNumber } from '../sms/phone-number.ts';
import { Throttle } from '../throttle.ts';
import { ownAccount } from './accounts.ts';

const session = { config: { session: true } };

/** The second factors of the caller's own account. Each counts once a code of it came back. */
export function addFactorRoutes(
  app: FastifyInstance,
  { store, clock, publicUrl }: AppContext,
  { factors, entrance }: SignIn,
): void {
  const byAccount = new Throttle({ limit: 10, windowMs: 15 * 60_000, clock });

  app.post('/api/accounts/:account/phone', session, async (request, reply) => {
    const own = await pathAccount(request);
    const { number, language } = parsePhoneRequest(bodyBytes(request));
    byAccount.count(bytesToHex(own.account));
    const phone = parsePhoneNumber(number);
    return sendCbor(
      reply,
      encodeCodeSent(await factors.sendCode(phoneUse(own, phone), { phone, language, lane: bytesToHex(own.account) })),
    );
  });

  app.put('/api/accounts/:account/phone', session, async (request, reply) => {
    const own = await pathAccount(request);
    const code = parseCode(bodyBytes(request));
    const phone = await store.codes.awaited(own);
    if (phone === null) throw new ServerError('CODE_EXPIRED', 'No code is on its way', { hint: 'Ask for a new code.' });
    await store.codes.confirm(phoneUse(own, phone), code);
    await writePhone(store.database, { ...own, phone });
    store.tellChange({ kind: 'accounts' });
    await entrance.trace('phone', { ...own, author: callerOf(request).author });
    return reply.code(204).send();
  });

  app.post('/api/accounts/:account/totp', session, async (request, reply) => {
    const own = await pathAccount(request);
    byAccount.count(bytesToHex(own.account));
    const totpSecret = factors.newTotpSecret();
    await offerTotp(store.database, { ...own, totpSecret });
    return sendCbor(reply, encodeTotpSecret(totpSecret));
  });

  app.put('/api/accounts/:account/totp', session, async (request, reply) => {
    const own = await pathAccount(request);
    const codes = await factors.confirmTotp(own, parseCode(bodyBytes(request)));
    store.tellChange({ kind: 'accounts' });
    await entrance.trace('totp', { ...own, author: callerOf(request).author });
    return sendCbor(reply, encodeRecoveryCodes(codes));
  });

  app.delete('/api/accounts/:account/totp', session, async (request, reply) => {
    const own = await pathAccount(request);
    if (own.phone === null && own.passkeys.length === 0) throw lastFactor();
    await writeTotp(store.database, { ...own, totpSecret: null, recoveryCodes: [], step: 0 });
    store.tellChange({ kind: 'accounts' });
    await entrance.trace('totp', { ...own, author: callerOf(request).author });
    return reply.code(204).send();
  });

  app.get('/api/accounts/:account/passkeys', session, async (request, reply) => {
    return sendCbor(reply, encodePasskeyList((await pathAccount(request)).passkeys));
  });

  app.post('/api/accounts/:account/passkeys', session, async (request, reply) => {
    const own = await pathAccount(request);
    byAccount.count(bytesToHex(own.account));
    return sendCbor(reply, encodePasskeyAsked(factors.offerPasskey(own)));
  });

  app.put('/api/accounts/:account/passkeys', session, async (request, reply) => {
    const own = await pathAccount(request);
    await factors.confirmPasskey(own, ownOrigin(request, publicUrl), parsePasskeyMade(bodyBytes(request)));
    store.tellChange({ kind: 'accounts' });
    await entrance.trace('passkey', { ...own, author: callerOf(request).author });
    return reply.code(204).send();
  });

  app.delete('/api/accounts/:account/passkeys/:passkey', session, async (request, reply) => {
    const own = await pathAccount(request);
    const name = idParam(request, 'passkey', 32);
    const passkey = own.passkeys.find(({ credential }) => equalBytes(sha256(credential), name));
    if (passkey === undefined) throw notFound();
    if (own.phone === null && own.totpSecret === null && own.passkeys.length === 1) throw lastFactor();
    await removePasskey(store.database, { ...own, credential: passkey.credential });
    store.tellChange({ kind: 'accounts' });
    await entrance.trace('passkey', { ...own, author: callerOf(request).author });
    return reply.code(204).send();
  });

  /** The caller's account, which must be the one in the path. Throws NOT_FOUND, ACCOUNT_UNKNOWN. */
  async function pathAccount(request: FastifyRequest) {
    const own = await ownAccount(store, callerOf(request));
    if (!equalBytes(own.account, idParam(request, 'account', 16))) throw notFound();
    return own;
  }
}

function lastFactor(): ServerError {
  return new ServerError('FACTOR_LAST', 'This is the account’s last second factor', {
    hint: 'Set another one up first.',
  });
}

function phoneUse({ practice, account }: Pick<CodeUse, 'practice' | 'account'>, phone: string): CodeUse {
  return { practice, account, purpose: 'phone', subject: phone };
}
