import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import {
  type EnrolmentEnding,
  type EnrolmentState,
  encodeEnrolmentBegun,
  encodeEnrolmentTaken,
  encodeNewcomerStanding,
  encodeOpenerStanding,
  parseEnrolmentEnding,
  parseEnrolmentStart,
  parseEnrolmentTake,
  parseNewcomerRevealed,
  parseOpenerAnswer,
} from '@serment/core/wire/enrolment';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { callerOf, memberOf } from '../session-guard.ts';
import {
  answerEnrolment,
  type Enrolment,
  type EnrolmentOpener,
  Enrolments,
  endEnrolment,
  revealEnrolment,
} from '../sign-in/enrolments.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { Throttle } from '../throttle.ts';

// From anybody: what is read for nobody in particular is small.
const limits = { bodyLimit: 4096 };
const ofNewcomer = '/api/enrolments/:enrolment';
const ofOpener = '/api/practices/:practice/enrolments/:reference';

/** Lets a new device and an open one of its member compare a code. What passes here is public, and proves nothing. */
export function addEnrolmentRoutes(app: FastifyInstance, { store, clock }: AppContext, { entrance }: SignIn): void {
  const enrolments = new Enrolments(clock);
  const begunByAddress = new Throttle({ limit: 60, windowMs: 60_000, clock });
  const byAddress = new Throttle({ limit: 300, windowMs: 60_000, clock });
  const takenByMember = new Throttle({ limit: 20, windowMs: 15 * 60_000, clock });

  const newcomers = (request: FastifyRequest): Enrolment => {
    byAddress.count(request.ip);
    return enrolments.ofNewcomer(idParam(request, 'enrolment', 16));
  };
  const openers = (request: FastifyRequest): Enrolment =>
    enrolments.ofOpener(idParam(request, 'reference', 5), callerOf(request));

  /** Once the journal names the new device, nobody has to say so. */
  const stateOf = async ({ opener, revealed, ending }: Enrolment): Promise<EnrolmentState> => {
    if (opener === null || revealed === null) return ending ?? 'open';
    const governance = await store.governance(opener.practice);
    return governance?.authors.has(bytesToHex(revealed.author)) === true ? 'added' : (ending ?? 'open');
  };

  const end = async (enrolment: Enrolment, ending: EnrolmentEnding): Promise<void> => {
    if (endEnrolment(enrolment, ending) && ending === 'different' && enrolment.opener !== null)
      await entrance.traceMember('device-different', enrolment.opener, [enrolment.opener.author]);
  };

  app.post('/api/enrolments', limits, async (request, reply) => {
    begunByAddress.count(request.ip);
    return sendCbor(reply, encodeEnrolmentBegun(enrolments.begin(parseEnrolmentStart(bodyBytes(request)))));
  });

  app.get(ofNewcomer, async (request, reply) => {
    const enrolment = newcomers(request);
    const { opener, answer } = enrolment;
    const given = opener === null || answer === null ? null : { ...opener, ...answer };
    return sendCbor(reply, encodeNewcomerStanding({ state: await stateOf(enrolment), given }));
  });

  app.put(ofNewcomer, limits, async (request, reply) => {
    revealEnrolment(newcomers(request), parseNewcomerRevealed(bodyBytes(request)));
    return reply.code(204).send();
  });

  app.post(`${ofNewcomer}/end`, limits, async (request, reply) => {
    await end(newcomers(request), parseEnrolmentEnding(bodyBytes(request)));
    return reply.code(204).send();
  });

  app.post(ofOpener, limits, async (request, reply) => {
    const opener = await openerOf(store, request);
    // Whoever tries references out stands in somebody's way, and learns no more.
    takenByMember.count(`${bytesToHex(opener.practice)}/${bytesToHex(opener.member)}`);
    parseEnrolmentTake(bodyBytes(request));
    return sendCbor(reply, encodeEnrolmentTaken(enrolments.take(idParam(request, 'reference', 5), opener)));
  });

  app.put(ofOpener, limits, async (request, reply) => {
    answerEnrolment(openers(request), parseOpenerAnswer(bodyBytes(request)));
    return reply.code(204).send();
  });

  app.get(ofOpener, async (request, reply) => {
    const enrolment = openers(request);
    const standing = { state: await stateOf(enrolment), given: enrolment.revealed };
    return sendCbor(reply, encodeOpenerStanding(standing));
  });

  app.post(`${ofOpener}/end`, limits, async (request, reply) => {
    await end(openers(request), parseEnrolmentEnding(bodyBytes(request)));
    return reply.code(204).send();
  });
}

/** Who asks to be an opener: a device, since nothing else names another one here. Throws MEMBER_REQUIRED. */
async function openerOf(store: AppContext['store'], request: FastifyRequest): Promise<EnrolmentOpener> {
  const { practice, author, member } = memberOf(callerOf(request));
  const governance = await store.governance(practice);
  if (governance?.authors.get(bytesToHex(author))?.type !== 'device')
    throw new ServerError('MEMBER_REQUIRED', 'Only a device of a member may do this');
  return { practice, author, member: hexToBytes(member) };
}
