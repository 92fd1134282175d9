import { type Bytes, bytesToHex } from '@serment/core/bytes';
import {
  type EnrolmentBegun,
  type EnrolmentEnding,
  type EnrolmentStanding,
  type EnrolmentTaken,
  encodeEnrolmentEnding,
  encodeEnrolmentStart,
  encodeEnrolmentTake,
  encodeNewcomerRevealed,
  encodeOpenerAnswer,
  type NewcomerRevealed,
  type OpenerAnswer,
  type OpenerShown,
  parseEnrolmentBegun,
  parseEnrolmentTaken,
  parseNewcomerStanding,
  parseOpenerStanding,
} from '@serment/core/wire/enrolment';
import { ReplicaError } from './error.ts';
import { parseAnswer, type Transport } from './transport.ts';

/** The new device's side of docs/format/wire.md, Enrolment: no session. Methods throw what `Transport` throws. */
export class NewcomerApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async begin(commitment: Bytes): Promise<EnrolmentBegun> {
    return parseAnswer(
      await this.#transport.exchange('POST', '/api/enrolments', { body: encodeEnrolmentStart(commitment) }),
      parseEnrolmentBegun,
    );
  }

  async standing(enrolment: Bytes): Promise<EnrolmentStanding<OpenerShown>> {
    const answer = await this.#transport.exchange('GET', newcomerPath(enrolment), { body: null });
    return parseAnswer(answer, parseNewcomerStanding);
  }

  async reveal(enrolment: Bytes, revealed: NewcomerRevealed): Promise<void> {
    await this.#transport.exchange('PUT', newcomerPath(enrolment), { body: encodeNewcomerRevealed(revealed) });
  }

  async end(enrolment: Bytes, ending: EnrolmentEnding): Promise<void> {
    const path = `${newcomerPath(enrolment)}/end`;
    await this.#transport.exchange('POST', path, { body: encodeEnrolmentEnding(ending) });
  }
}

/** The opener's side, in the session of its practice. */
export class OpenerApi {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, practice: Bytes, reference: Bytes) {
    this.#transport = transport;
    this.#path = `/api/practices/${bytesToHex(practice)}/enrolments/${bytesToHex(reference)}`;
  }

  async take(): Promise<EnrolmentTaken> {
    return parseAnswer(await this.#inSession('POST', '', encodeEnrolmentTake()), parseEnrolmentTaken);
  }

  async answer(answer: OpenerAnswer): Promise<void> {
    await this.#inSession('PUT', '', encodeOpenerAnswer(answer));
  }

  async standing(): Promise<EnrolmentStanding<NewcomerRevealed>> {
    return parseAnswer(await this.#inSession('GET', '', null), parseOpenerStanding);
  }

  async end(ending: EnrolmentEnding): Promise<void> {
    await this.#inSession('POST', '/end', encodeEnrolmentEnding(ending));
  }

  #inSession(method: string, rest: string, body: Bytes | null): Promise<Bytes> {
    return this.#transport.exchange(method, this.#path + rest, { body, inSession: true });
  }
}

/** Whether the host knows of no such enrolment, or not any more. */
export function isGone(error: unknown): boolean {
  return error instanceof ReplicaError && error.fields.status === 404;
}

/** Whether the host waits for something else: the enrolment ended meanwhile, or had its one attempt. */
export function isOutOfOrder(error: unknown): boolean {
  return error instanceof ReplicaError && error.fields.server === 'ENROLMENT_ORDER';
}

/** What an ending means for the other side, which did not choose it. */
export function endedError(ending: EnrolmentEnding): ReplicaError {
  switch (ending) {
    case 'cancelled':
      return new ReplicaError('ENROLMENT_CANCELLED', 'The new device gave it up');
    case 'refused':
      return new ReplicaError('ENROLMENT_REFUSED', 'The open device did not add this one');
    case 'different':
      return new ReplicaError('ENROLMENT_DIFFERENT', 'The two devices did not show the same code');
  }
}

export function expired(): ReplicaError {
  return new ReplicaError('ENROLMENT_EXPIRED', 'The time for adding this device is over', {
    hint: 'Begin again on the new device.',
  });
}

/** Something between the two devices was changed: nothing of it is kept. */
export function forged(): ReplicaError {
  return new ReplicaError('ENROLMENT_FORGED', 'What came is not what the other device sent', {
    hint: 'Nothing was added. Somebody stands between the two devices, or the host does not tell the truth.',
  });
}

function newcomerPath(enrolment: Bytes): string {
  return `/api/enrolments/${bytesToHex(enrolment)}`;
}
