import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import {
  type AlertsView,
  type DrillCalendar,
  type DrillRun,
  type HostOverview,
  type JobsView,
  type PracticeDetail,
  type PracticeFilter,
  type PracticePage,
  type PracticeSort,
  parseAlertsView,
  parseDrillCalendar,
  parseDrillRuns,
  parseHostOverview,
  parseJobs,
  parsePracticeDetail,
  parsePracticePage,
} from '@serment/core/wire/console';
import { type AskedPlace, encodeAskedPlace, parseTriedPlace, type TriedPlace } from '@serment/core/wire/copy-place';
import { parseErrorBody } from '@serment/core/wire/error-body';
import {
  encodeCopyRetirement,
  encodeOperatorAsk,
  encodeOperatorCode,
  encodeOperatorPasskeyMade,
  encodeOperatorPasswordChosen,
  encodeOperatorPasswordConfirmed,
  encodeOperatorPasswordGiven,
  type OperatorOffer,
  type OperatorPasskeyMade,
  type OperatorPasswordChosen,
  type OperatorPasswordConfirmed,
  type OperatorPasswordGiven,
  type OperatorSession,
  parseOperatorChallenge,
  parseOperatorOffer,
  parseOperatorSession,
} from '@serment/core/wire/operator';
import { encodePasskeyGiven, type PasskeyGiven } from '@serment/core/wire/passkey';
import { encodeCopyNamed } from '@serment/core/wire/status';

interface Asked {
  readonly body?: Bytes;
  readonly token?: Bytes;
}

const path = '/api/operators';
/** Longer than a server waits for a place that is tried. */
const timeoutMs = 60_000;

/** What the page of the host asks of its server (docs/format/wire.md, Operators). Each throws the server's own codes, UNREACHABLE and ANSWER_INVALID. */
export const hostClient = {
  async offer(code: string): Promise<OperatorOffer> {
    return read(await ask('POST', '/enrolments', { body: encodeOperatorCode(code) }), parseOperatorOffer);
  },
  async enrolPasskey(made: OperatorPasskeyMade): Promise<OperatorSession> {
    const body = encodeOperatorPasskeyMade(made);
    return read(await ask('PUT', '/enrolments/passkey', { body }), parseOperatorSession);
  },
  async enrolPassword(chosen: OperatorPasswordChosen): Promise<OperatorSession> {
    const body = encodeOperatorPasswordChosen(chosen);
    return read(await ask('PUT', '/enrolments/password', { body }), parseOperatorSession);
  },
  async challenge(): Promise<Bytes> {
    return read(await ask('POST', '/challenges', { body: encodeOperatorAsk() }), parseOperatorChallenge);
  },
  async enterByPasskey(given: PasskeyGiven): Promise<OperatorSession> {
    const body = encodePasskeyGiven(given);
    return read(await ask('POST', '/sessions/passkey', { body }), parseOperatorSession);
  },
  async enterByPassword(given: OperatorPasswordGiven): Promise<OperatorSession> {
    const body = encodeOperatorPasswordGiven(given);
    return read(await ask('POST', '/sessions/password', { body }), parseOperatorSession);
  },
  async leave(token: Bytes): Promise<void> {
    await ask('DELETE', '/sessions', { token });
  },
  async overview(token: Bytes): Promise<HostOverview> {
    return readJson(token, '/overview', parseHostOverview);
  },
  async practices(token: Bytes, asked: AskedPractices): Promise<PracticePage> {
    const query = new URLSearchParams({ ...asked, from: String(asked.from) });
    return readJson(token, `/practices?${query}`, parsePracticePage);
  },
  /** `step`: how far apart samples stand, in minutes: 5, 60, 1440. */
  async practice(token: Bytes, practice: string, step: number): Promise<PracticeDetail> {
    return readJson(token, `/practices/${practice}?step=${step}`, parsePracticeDetail);
  },
  async calendar(token: Bytes): Promise<DrillCalendar> {
    return readJson(token, '/drills', parseDrillCalendar);
  },
  async runs(token: Bytes, night: string, copy: string): Promise<DrillRun[]> {
    return readJson(token, `/runs?${new URLSearchParams({ night, copy })}`, parseDrillRuns);
  },
  async jobs(token: Bytes): Promise<JobsView> {
    return readJson(token, '/jobs', parseJobs);
  },
  /** In the words of that language. */
  async alerts(token: Bytes, language: 'fr' | 'en'): Promise<AlertsView> {
    return readJson(token, `/alerts?${new URLSearchParams({ language })}`, parseAlertsView);
  },
  /** Says that this operator takes care of an alert. Throws NOT_FOUND where it is over, or somebody's already. */
  async acknowledge(token: Bytes, alert: number): Promise<void> {
    await ask('PUT', `/alerts/${alert}/acknowledgement`, { token });
  },
  /**
   * Throws COPY_LAST, with `count`, where it is the last good copy of that many practices and that was not said to be meant;
   * OPERATOR_UNCONFIRMED.
   */
  async retire(token: Bytes, copy: string, mayBeLast: boolean): Promise<void> {
    await ask('POST', '/copies/retirements', { token, body: encodeCopyRetirement({ copy, mayBeLast }) });
  },
  async putBack(token: Bytes, copy: string): Promise<void> {
    await ask('POST', '/copies/returns', { token, body: encodeCopyNamed(copy) });
  },
  /** Proves once more who is in, which is good for ten minutes and one grave act. Throws OPERATOR_REFUSED. */
  async confirmByPasskey(token: Bytes, given: PasskeyGiven): Promise<void> {
    await ask('PUT', '/confirmation/passkey', { token, body: encodePasskeyGiven(given) });
  },
  async confirmByPassword(token: Bytes, given: OperatorPasswordConfirmed): Promise<void> {
    await ask('PUT', '/confirmation/password', { token, body: encodeOperatorPasswordConfirmed(given) });
  },
  /** Throws OPERATOR_UNCONFIRMED, and COPY_REFUSED with the `reason` why nothing can be copied there. */
  async tryCopy(token: Bytes, place: AskedPlace): Promise<TriedPlace> {
    return read(await ask('POST', '/copies/trials', { token, body: encodeAskedPlace(place) }), parseTriedPlace);
  },
  /** The same. One that was added already is fine. */
  async addCopy(token: Bytes, place: AskedPlace): Promise<void> {
    await ask('POST', '/copies', { token, body: encodeAskedPlace(place) });
  },
  /** `practice` in hexadecimal. Suspending one throws OPERATOR_UNCONFIRMED. */
  async act(token: Bytes, { kind, practice, copy }: AskedAct): Promise<void> {
    const [method, what, isNamed] = acts[kind];
    const body = isNamed ? { body: encodeCopyNamed(copy) } : {};
    await ask(method, `/practices/${practice}/${what}`, { token, ...body });
  },
};

interface AskedPractices {
  readonly sort: PracticeSort;
  readonly filter: PracticeFilter;
  readonly search: string;
  readonly from: number;
}

interface AskedAct {
  readonly kind: keyof typeof acts;
  readonly practice: string;
  readonly copy: string;
}

/** How each act is asked for, and whether it names a copy. */
const acts = {
  verify: ['POST', 'verifications', true],
  drill: ['POST', 'drills', true],
  close: ['DELETE', 'sessions', false],
  suspend: ['PUT', 'suspension', false],
  resume: ['DELETE', 'suspension', false],
} as const;

async function readJson<Value>(token: Bytes, place: string, parse: (text: string) => Value): Promise<Value> {
  const answer = await ask('GET', place, { token });
  return read(answer, (bytes) => parse(new TextDecoder().decode(bytes)));
}

async function ask(method: string, place: string, { body, token }: Asked): Promise<Bytes> {
  let [response, bytes]: [Response | null, Bytes] = [null, new Uint8Array()];
  try {
    response = await fetch(`${path}${place}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/cbor' }),
        ...(token === undefined ? {} : { authorization: `Operator ${bytesToHex(token)}` }),
      },
      ...(body === undefined ? {} : { body }),
      credentials: 'omit',
      signal: AbortSignal.timeout(timeoutMs),
    });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new CodedError('UNREACHABLE', 'The server cannot be reached', { cause });
  }
  if (response.ok) return bytes;
  const { status } = response;
  const { code, message, fields } = read(bytes, (text) => parseErrorBody(new TextDecoder().decode(text)));
  throw new CodedError(status >= 500 ? 'SERVER_FAILED' : code, message, { fields: { ...fields, status } });
}

function read<Answer>(bytes: Bytes, parse: (bytes: Bytes) => Answer): Answer {
  try {
    return parse(bytes);
  } catch (cause) {
    throw new CodedError('ANSWER_INVALID', 'The answer is none of a Serment server', { cause });
  }
}
