import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { parseErrorBody } from '@serment/core/wire/error-body';
import {
  encodeOperatorAsk,
  encodeOperatorCode,
  encodeOperatorPasskeyMade,
  encodeOperatorPasswordChosen,
  encodeOperatorPasswordGiven,
  type HostView,
  type OperatorOffer,
  type OperatorPasskeyMade,
  type OperatorPasswordChosen,
  type OperatorPasswordGiven,
  type OperatorSession,
  parseHostView,
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
const timeoutMs = 30_000;

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
  async view(token: Bytes): Promise<HostView> {
    const answer = await ask('GET', '/practices', { token });
    return read(answer, (bytes) => parseHostView(new TextDecoder().decode(bytes)));
  },
  async verify(token: Bytes, practice: Bytes, copy: string): Promise<void> {
    await ask('POST', `/practices/${bytesToHex(practice)}/verifications`, { token, body: encodeCopyNamed(copy) });
  },
  async closeSessions(token: Bytes, practice: Bytes): Promise<void> {
    await ask('DELETE', `/practices/${bytesToHex(practice)}/sessions`, { token });
  },
};

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
