import { randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import {
  encodeOperatorChallenge,
  encodeOperatorOffer,
  encodeOperatorSession,
  parseOperatorAsk,
  parseOperatorCode,
  parseOperatorPasskeyMade,
  parseOperatorPasswordChosen,
  parseOperatorPasswordConfirmed,
  parseOperatorPasswordGiven,
} from '@serment/core/wire/operator';
import { parsePasskeyGiven } from '@serment/core/wire/passkey';
import { hashOfCode, type Operator } from '@serment/store/operators';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { ExpiringMap } from '../expiring-map.ts';
import type { Confirmations } from '../operators/confirmations.ts';
import { OperatorFactors, operatorRefused } from '../operators/operator-factors.ts';
import { operatorOf } from '../operators/operator-guard.ts';
import { passkeyMade, toText } from '../passkey-check.ts';
import { bodyBytes, sendCbor } from '../request.ts';
import { ownOrigin } from '../same-origin.ts';
import { totpStepOf } from '../sign-in/totp-step.ts';
import { Throttle } from '../throttle.ts';

interface Offered {
  /** In base64url, as browsers write it. */
  readonly challenge: string;
  readonly totpSecret: Bytes;
}

interface SignInContext extends Pick<AppContext, 'store' | 'publicUrl' | 'clock'> {
  readonly confirmations: Confirmations;
}

const path = '/api/operators';
const offeredMs = 15 * 60_000;
const limits = { bodyLimit: 16_384 };

/**
 * How the host's operators enter: by a passkey, or by a password and an authenticator in one answer, so that neither is
 * tried without the other. What is refused is refused in the same words, whoever asks.
 */
export function addOperatorSignInRoutes(
  app: FastifyInstance,
  { store, publicUrl, clock, confirmations }: SignInContext,
): void {
  const { operators } = store;
  const factors = new OperatorFactors({ operators, publicUrl, clock });
  const offered = new ExpiringMap<Offered>(clock);
  // By address alone: nobody's tries keep an operator out.
  const byAddress = new Throttle({ limit: 20, windowMs: 60_000, clock });
  const nameOf = (code: string) => bytesToHex(hashOfCode(code));
  const enter = async (reply: FastifyReply, operator: Operator) =>
    sendCbor(reply, encodeOperatorSession({ ...(await operators.open(operator)), name: operator.name }));

  app.post(`${path}/enrolments`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    const code = parseOperatorCode(bodyBytes(request));
    const found = await operators.findEnrolling(code);
    if (found === null) throw codeUnknown();
    const [challenge, totpSecret] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(20))];
    offered.put(nameOf(code), { challenge: toText(challenge), totpSecret }, offeredMs);
    const { operator, name } = found;
    return sendCbor(reply, encodeOperatorOffer({ name, operator, challenge, totpSecret }));
  });

  app.put(`${path}/enrolments/passkey`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    const { code, ...made } = parseOperatorPasskeyMade(bodyBytes(request));
    const offer = offered.get(nameOf(code));
    if (offer === null || (await operators.findEnrolling(code)) === null) throw codeUnknown();
    const takes = (challenge: string) => challenge === offer.challenge;
    const passkey = await passkeyMade(made, { takes, origin: ownOrigin(request, publicUrl) });
    if (passkey === null) throw operatorRefused();
    const operator = await operators.enrol(code, passkey);
    if (operator === null) throw codeUnknown();
    offered.take(nameOf(code));
    return enter(reply, operator);
  });

  app.put(`${path}/enrolments/password`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    const { code, password, totp } = parseOperatorPasswordChosen(bodyBytes(request));
    const offer = offered.get(nameOf(code));
    if (offer === null || (await operators.findEnrolling(code)) === null) throw codeUnknown();
    const { totpSecret } = offer;
    const totpStep = totpStepOf(totpSecret, totp, clock());
    if (totpStep === null) throw new ServerError('CODE_WRONG', 'This is not the code', { fields: { left: null } });
    const operator = await operators.enrol(code, { ...(await factors.passwords.make(password)), totpSecret, totpStep });
    if (operator === null) throw codeUnknown();
    offered.take(nameOf(code));
    return enter(reply, operator);
  });

  app.post(`${path}/challenges`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    parseOperatorAsk(bodyBytes(request));
    return sendCbor(reply, encodeOperatorChallenge(factors.challenge()));
  });

  app.post(`${path}/sessions/passkey`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    return enter(reply, await factors.byPasskey(request, parsePasskeyGiven(bodyBytes(request))));
  });

  app.post(`${path}/sessions/password`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    return enter(reply, await factors.byPassword(parseOperatorPasswordGiven(bodyBytes(request))));
  });

  // Who is in already proves it once more, before an act that a stolen session must not be enough for.
  const confirm = (request: FastifyRequest, reply: FastifyReply, { operator }: Operator) => {
    const caller = operatorOf(request);
    if (!equalBytes(operator, caller.operator)) throw operatorRefused();
    confirmations.note(caller);
    return reply.code(204).send();
  };

  app.put(`${path}/confirmation/passkey`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    return confirm(request, reply, await factors.byPasskey(request, parsePasskeyGiven(bodyBytes(request))));
  });

  app.put(`${path}/confirmation/password`, limits, async (request, reply) => {
    byAddress.count(request.ip);
    const given = parseOperatorPasswordConfirmed(bodyBytes(request));
    return confirm(request, reply, await factors.byPassword({ ...given, name: operatorOf(request).name }));
  });

  app.delete(`${path}/sessions`, async (request, reply) => {
    await operators.end(operatorOf(request).token);
    return reply.code(204).send();
  });
}

function codeUnknown(): ServerError {
  return new ServerError('OPERATOR_CODE_UNKNOWN', 'This code enrols nobody, or no longer', {
    hint: 'Make a new one at the host: serment operator add NAME',
  });
}
