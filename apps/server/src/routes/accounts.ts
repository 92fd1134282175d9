import { randomBytes } from 'node:crypto';
import { server as opaque, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import {
  encodeLoginAnswer,
  encodeOpaqueMessage,
  encodeSecretAnswer,
  parseOpaqueMessage,
  parseRegistrationFinish,
  parseRegistrationStart,
} from '@serment/core/wire/account';
import { findAccount, refuseTaken, writeAccount } from '@serment/store/accounts';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { type Caller, callerOf, memberOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

interface Login {
  readonly account: string;
  readonly state: string;
  /** Null for an account that does not exist: its login goes on as any other and fails at the end. */
  readonly sealedSecret: Bytes | null;
  readonly expires: number;
}

const loginMs = 60_000;
const maxLogins = 5000;
// From anybody: what is read for nobody in particular is small.
const maxLoginBytes = 4096;

/** Sign-in by OPAQUE (RFC 9807): the password never comes here, and unknown accounts answer like known ones. */
export function addAccountRoutes(app: FastifyInstance, { store, clock }: AppContext): void {
  const { opaqueSetup: serverSetup } = store.hostKeys;
  const logins = new Map<string, Login>();
  const byAccount = new Throttle({ limit: 10, windowMs: 15 * 60_000, clock });
  const byMember = new Throttle({ limit: 20, windowMs: 15 * 60_000, clock });
  const byAddress = new Throttle({ limit: 60, windowMs: 60_000, clock });

  app.post('/api/accounts', { config: { session: true } }, async (request, reply) => {
    const caller = callerOf(request);
    // Each answer is an evaluation under the key that guards every password here.
    byMember.count(`${bytesToHex(caller.practice)}/${caller.member}`);
    const { account, request: registrationRequest } = parseRegistrationStart(bodyBytes(request));
    await refuseTaken(store.database, { account, ...ownerOf(caller) });
    await ready;
    const { registrationResponse } = failingAs('OPAQUE_FAILED', () =>
      opaque.createRegistrationResponse({ serverSetup, userIdentifier: bytesToHex(account), registrationRequest }),
    );
    return sendCbor(reply, encodeOpaqueMessage(registrationResponse));
  });

  app.put('/api/accounts/:account', { config: { session: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const account = idParam(request, 'account', 16);
    const { record, sealedSecret } = parseRegistrationFinish(bodyBytes(request));
    await writeAccount(store.database, { account, ...ownerOf(caller), record, sealedSecret });
    store.tellChange({ kind: 'accounts' });
    return reply.code(204).send();
  });

  app.post('/api/accounts/:account/login', { bodyLimit: maxLoginBytes }, async (request, reply) => {
    const account = idParam(request, 'account', 16);
    const name = bytesToHex(account);
    byAddress.count(request.ip);
    byAccount.count(name);
    const startLoginRequest = parseOpaqueMessage(bodyBytes(request));
    const found = await findAccount(store.database, account);
    await ready;
    const { serverLoginState, loginResponse } = failingAs('OPAQUE_FAILED', () =>
      opaque.startLogin({
        serverSetup,
        userIdentifier: name,
        registrationRecord: found?.record ?? null,
        startLoginRequest,
        identifiers: { client: name, server: 'serment' },
      }),
    );
    const login = new Uint8Array(randomBytes(16));
    const expires = clock() + loginMs;
    forgetOld(logins, clock());
    logins.set(bytesToHex(login), {
      account: name,
      state: serverLoginState,
      sealedSecret: found?.sealedSecret ?? null,
      expires,
    });
    return sendCbor(reply, encodeLoginAnswer({ login, response: loginResponse }));
  });

  app.post('/api/accounts/:account/login/:login', { bodyLimit: maxLoginBytes }, async (request, reply) => {
    const name = bytesToHex(idParam(request, 'account', 16));
    const loginName = bytesToHex(idParam(request, 'login', 16));
    const finishLoginRequest = parseOpaqueMessage(bodyBytes(request));
    const login = logins.get(loginName);
    // Each attempt serves once, right or wrong.
    logins.delete(loginName);
    if (login === undefined || login.account !== name || login.expires < clock()) throw wrongPassword();
    await ready;
    failingAs('PASSWORD_WRONG', () =>
      opaque.finishLogin({
        serverLoginState: login.state,
        finishLoginRequest,
        identifiers: { client: name, server: 'serment' },
      }),
    );
    if (login.sealedSecret === null) throw wrongPassword();
    byAccount.clear(name);
    return sendCbor(reply, encodeSecretAnswer(login.sealedSecret));
  });
}

function ownerOf(caller: Caller): { practice: Bytes; member: Bytes } {
  const { practice, member } = memberOf(caller);
  return { practice, member: hexToBytes(member) };
}

function failingAs<Result>(code: 'OPAQUE_FAILED' | 'PASSWORD_WRONG', run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (code === 'PASSWORD_WRONG') throw wrongPassword();
    throw new ServerError('REQUEST_INVALID', 'The sign-in message is malformed', { cause });
  }
}

function wrongPassword(): ServerError {
  return new ServerError('PASSWORD_WRONG', 'The account or the password is wrong');
}

function forgetOld(logins: Map<string, Login>, now: number): void {
  for (const [name, { expires }] of logins) {
    if (expires >= now && logins.size < maxLogins) return;
    logins.delete(name);
  }
}
