import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { randomBytes } from '@serment/core/random';
import {
  encodeCardShare,
  encodeIdentityAddress,
  type IdentityMethod,
  parseIdentityLogin,
  parseIdentityProof,
  parseIdentityRequest,
} from '@serment/core/wire/identity';
import { encodeOpening } from '@serment/core/wire/login';
import { findAccount, linkCard } from '@serment/store/sign-in/accounts';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { unknownAttempt } from '../identity/attempts.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { callerOf } from '../session-guard.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { Throttle } from '../throttle.ts';
import { ownAccount } from './accounts.ts';

const limits = { bodyLimit: 4096 };

/**
 * What an account does with a proof of identity: its member's card opens, and gives this account's share and no other.
 */
export function addIdentityAccountRoutes(app: FastifyInstance, context: AppContext, { entrance }: SignIn): void {
  const { store, attempts, clock } = context;
  const byAddress = new Throttle({ limit: 60, windowMs: 60_000, clock });

  app.post('/api/accounts/:account/identity', limits, async (request, reply) => {
    byAddress.count(request.ip);
    const account = idParam(request, 'account', 16);
    const { method, challenge } = parseIdentityRequest(bodyBytes(request));
    const base = addressOf(context, method);
    return sendCbor(reply, encodeIdentityAddress(base + attempts.begin({ account, method, challenge })));
  });

  app.post('/api/accounts/:account/identity/:attempt', limits, async (request, reply) => {
    byAddress.count(request.ip);
    const account = idParam(request, 'account', 16);
    const attempt = bytesToHex(idParam(request, 'attempt', 16));
    const { code, verifier, author, ticket, nextTicket: next } = parseIdentityLogin(bodyBytes(request));
    const { nationalId } = attempts.take(attempt, { account, code, verifier });
    const found = await findAccount(store.database, account);
    // Who holds a card of the right kind learns no more of an unknown account than of one that is another's.
    if (found?.card == null || found.card.nationalId !== nationalId) throw mismatch();
    await entrance.requireDevice(found, author);
    // The card and its code are two factors. A ticket that is not this device's is told, and opens all the same.
    const device = { practice: found.practice, account, author };
    await entrance.pass(device, { ticket, next });
    const openUntil = await entrance.open(device, { ticket, next });
    return sendCbor(reply, encodeOpening({ isOpen: true, secret: found.card.share, openUntil }));
  });

  app.put('/api/accounts/:account/identity/:attempt', { config: { session: true } }, async (request, reply) => {
    const own = await ownAccount(store, callerOf(request));
    const account = idParam(request, 'account', 16);
    if (!equalBytes(own.account, account)) throw notFound();
    const attempt = bytesToHex(idParam(request, 'attempt', 16));
    const { code, verifier } = parseIdentityProof(bodyBytes(request));
    const { nationalId } = attempts.take(attempt, { account, code, verifier });
    // Another person's card does not take the place of the one that stands: devices are sealed under its share.
    if (own.card !== null && own.card.nationalId !== nationalId) throw mismatch();
    const share = await linkCard(store.database, { ...own, card: { nationalId, share: randomBytes(32) } });
    store.tellChange({ kind: 'accounts' });
    if (own.card === null) await entrance.trace('card', { ...own, author: callerOf(request).author });
    return sendCbor(reply, encodeCardShare(share));
  });
}

function addressOf({ psc, cardOrigin }: AppContext, method: IdentityMethod): string {
  if (method === 'cps' && cardOrigin !== null) return `${cardOrigin}/card/`;
  if (method === 'psc' && psc !== null) return '/api/identity/psc/';
  throw unknownAttempt();
}

function mismatch(): ServerError {
  return new ServerError('IDENTITY_MISMATCH', 'This card is not the one of this account', {
    hint: 'Use the card of the person whose account it is.',
  });
}
