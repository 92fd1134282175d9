import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import {
  encodeAccountStatus,
  encodeOpaqueMessage,
  parseRegistrationFinish,
  parseRegistrationStart,
  parseSealedToMember,
} from '@serment/core/wire/account';
import { encodeGateAnswer, parseGateRequest } from '@serment/core/wire/login';
import { accountOf, refuseTaken, writePassword, writeToMember } from '@serment/store/sign-in/accounts';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { type Caller, callerOf, memberOf } from '../session-guard.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { maskPhoneNumber } from '../sms/phone-number.ts';
import { Throttle } from '../throttle.ts';

/** A member's account, as its own devices set it up. The password never comes here (OPAQUE, RFC 9807). */
export function addAccountRoutes(
  app: FastifyInstance,
  { store, clock }: AppContext,
  { opaque, entrance }: SignIn,
): void {
  const byMember = new Throttle({ limit: 20, windowMs: 15 * 60_000, clock });

  app.get('/api/account', { config: { session: true } }, async (request, reply) => {
    const own = await accountOf(store.database, ownerOf(callerOf(request)));
    return sendCbor(
      reply,
      encodeAccountStatus({
        account: own?.account ?? null,
        toMember: own?.toMember ?? null,
        phone: own?.phone == null ? null : maskPhoneNumber(own.phone),
        hasTotp: own !== null && own.totpSecret !== null,
        recoveryCodes: own?.recoveryCodes.length ?? 0,
        nationalId: own?.card?.nationalId ?? null,
      }),
    );
  });

  app.post('/api/accounts', { config: { session: true } }, async (request, reply) => {
    const caller = callerOf(request);
    // Each answer is an evaluation under the key that guards every password here.
    byMember.count(`${bytesToHex(caller.practice)}/${caller.member}`);
    const { id: account, request: registration } = parseRegistrationStart(bodyBytes(request));
    await refuseTaken(store.database, { account, ...ownerOf(caller) });
    return sendCbor(reply, encodeOpaqueMessage(await opaque.register(account, registration)));
  });

  app.put('/api/accounts/:account', { config: { session: true } }, async (request, reply) => {
    const account = idParam(request, 'account', 16);
    const { record, sealedSecret, toMember } = parseRegistrationFinish(bodyBytes(request));
    const caller = callerOf(request);
    await writePassword(store.database, { account, ...ownerOf(caller), record, sealedSecret, toMember });
    store.tellChange({ kind: 'accounts' });
    await entrance.trace('password', { ...caller, account });
    return reply.code(204).send();
  });

  app.put('/api/accounts/:account/member', { config: { session: true } }, async (request, reply) => {
    const own = await ownAccount(store, callerOf(request));
    if (!equalBytes(own.account, idParam(request, 'account', 16))) throw notFound();
    await writeToMember(store.database, { ...own, toMember: parseSealedToMember(bodyBytes(request)) });
    store.tellChange({ kind: 'accounts' });
    return reply.code(204).send();
  });

  app.put('/api/gates', { config: { session: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const own = await ownAccount(store, caller);
    const next = parseGateRequest(bodyBytes(request));
    // Whoever signs with a device's key has opened its seed already: this only lets its PIN serve for the day.
    await entrance.requireDevice(own, caller.author);
    const device = { practice: own.practice, account: own.account, author: caller.author };
    return sendCbor(reply, encodeGateAnswer(await entrance.open(device, { ticket: null, next })));
  });
}

export function ownerOf(caller: Caller): { practice: Bytes; member: Bytes } {
  const { practice, member } = memberOf(caller);
  return { practice, member: hexToBytes(member) };
}

/** The caller's account. Throws ACCOUNT_UNKNOWN when its member has none. */
export async function ownAccount(store: AppContext['store'], caller: Caller) {
  const own = await accountOf(store.database, ownerOf(caller));
  if (own === null) throw new ServerError('ACCOUNT_UNKNOWN', 'This member has no password yet');
  return own;
}
