import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { encodeOpaqueMessage, parsePinFinish, parseRegistrationStart } from '@serment/core/wire/account';
import { encodeLoginAnswer, encodeOpening, parseLoginFinish, parsePinLoginStart } from '@serment/core/wire/login';
import { findAccount } from '@serment/store/sign-in/accounts';
import { clearPinTries, countPinTry, findPin, type Pin, writePin } from '@serment/store/sign-in/pins';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { callerOf } from '../session-guard.ts';
import { wrongPassword } from '../sign-in/opaque-server.ts';
import { PendingLogins } from '../sign-in/pending-logins.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { Throttle } from '../throttle.ts';
import { ownAccount } from './accounts.ts';

interface Started {
  readonly ticket: Bytes;
  readonly state: string;
  readonly found: Pin;
}

const startedMs = 60_000;
const limits = { bodyLimit: 4096 };
const session = { config: { session: true } };

/** The PIN of a device: unlocks it again while its gate is open. Five tries, kept in the database. */
export function addPinRoutes(app: FastifyInstance, { store, clock }: AppContext, { opaque, entrance }: SignIn): void {
  const started = new PendingLogins<Started>(clock);
  const byAddress = new Throttle({ limit: 60, windowMs: 60_000, clock });
  const byMember = new Throttle({ limit: 20, windowMs: 15 * 60_000, clock });

  app.post('/api/pins', session, async (request, reply) => {
    const caller = callerOf(request);
    byMember.count(`${bytesToHex(caller.practice)}/${caller.member}`);
    await entrance.requireDevice(await ownAccount(store, caller), caller.author);
    const { id, request: message } = parseRegistrationStart(bodyBytes(request));
    const standing = await findPin(store.database, id);
    if (standing !== null && !equalBytes(standing.author, caller.author)) throw taken();
    return sendCbor(reply, encodeOpaqueMessage(await opaque.register(id, message)));
  });

  app.put('/api/pins/:pin', session, async (request, reply) => {
    const caller = callerOf(request);
    const { practice, account, member } = await ownAccount(store, caller);
    const { author } = caller;
    await entrance.requireDevice({ practice, member }, author);
    const pin = idParam(request, 'pin', 16);
    await writePin(store.database, { practice, account, author, pin, ...parsePinFinish(bodyBytes(request)) });
    await entrance.trace('pin', { practice, account, author });
    return reply.code(204).send();
  });

  app.post('/api/pins/:pin/login', limits, async (request, reply) => {
    byAddress.count(request.ip);
    const pin = idParam(request, 'pin', 16);
    const { ticket, request: message } = parsePinLoginStart(bodyBytes(request));
    const found = await findPin(store.database, pin);
    const gate = found === null ? null : await entrance.read(found, ticket);
    // The same for a PIN that nobody has: names tell nothing.
    if (found === null || gate?.ticket !== 'right' || gate.openUntil <= clock()) throw gateClosed();
    // The answer lets the client try one PIN by itself: the try is counted now, and only for who holds the device.
    if ((await countPinTry(store.database, found)) === null) {
      await entrance.trace('pin-blocked', found);
      throw new ServerError('PIN_BLOCKED', 'Too many wrong PINs: this one is gone', { hint: 'Use the password.' });
    }
    const { state, response } = await opaque.start(pin, found.record, message);
    const login = started.add({ ticket, state, found }, startedMs);
    return sendCbor(reply, encodeLoginAnswer({ login, response }));
  });

  app.post('/api/pins/:pin/login/:login', limits, async (request, reply) => {
    const pin = idParam(request, 'pin', 16);
    const { request: message, nextTicket: next } = parseLoginFinish(bodyBytes(request));
    const login = started.take(bytesToHex(idParam(request, 'login', 16)));
    if (login === null || !equalBytes(login.found.pin, pin)) throw wrongPassword();
    await opaque.finish(pin, login.state, message);
    const { found, ticket } = login;
    const account = await findAccount(store.database, found.account);
    if (account === null) throw wrongPassword();
    await entrance.requireDevice(account, found.author);
    const passed = await entrance.pass(found, { ticket, next });
    if (passed === null) throw gateClosed();
    await clearPinTries(store.database, found);
    return sendCbor(reply, encodeOpening({ isOpen: true, secret: found.sealedSecret, ...passed }));
  });
}

function gateClosed(): ServerError {
  return new ServerError('GATE_CLOSED', 'The day’s second factor must come first', { hint: 'Use the password.' });
}

function taken(): ServerError {
  return new ServerError('ACCOUNT_TAKEN', 'This name is of somebody else’s PIN');
}
