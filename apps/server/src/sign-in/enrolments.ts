import { randomBytes } from 'node:crypto';
import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import type {
  EnrolmentBegun,
  EnrolmentEnding,
  EnrolmentTaken,
  NewcomerRevealed,
  OpenerAnswer,
} from '@serment/core/wire/enrolment';
import { notFound, ServerError } from '../error.ts';
import { ExpiringMap } from '../expiring-map.ts';

/** The device that took an enrolment up, as its session showed. */
export interface EnrolmentOpener {
  readonly practice: Bytes;
  readonly author: Bytes;
  readonly member: Bytes;
}

/** An enrolment under way. Of what it relays this server checks the order, and believes nothing. */
export interface Enrolment {
  readonly commitment: Bytes;
  readonly expires: number;
  opener: EnrolmentOpener | null;
  answer: OpenerAnswer | null;
  revealed: NewcomerRevealed | null;
  ending: EnrolmentEnding | null;
}

const enrolmentMs = 5 * 60_000;

/** Enrolments by an open device (docs/format/wire.md, Enrolment), in memory: each has one opener and one attempt. */
export class Enrolments {
  readonly #clock: () => number;
  readonly #byName: ExpiringMap<Enrolment>;
  readonly #byReference: ExpiringMap<Enrolment>;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#byName = new ExpiringMap(clock);
    this.#byReference = new ExpiringMap(clock);
  }

  begin(commitment: Bytes): EnrolmentBegun {
    const name = new Uint8Array(randomBytes(16));
    const reference = this.#freeReference();
    const expires = this.#clock() + enrolmentMs;
    const enrolment = { commitment, expires, opener: null, answer: null, revealed: null, ending: null };
    this.#byName.put(bytesToHex(name), enrolment, enrolmentMs);
    this.#byReference.put(bytesToHex(reference), enrolment, enrolmentMs);
    return { enrolment: name, reference, expires };
  }

  /** The newcomer's. Throws NOT_FOUND, also once its time is over. */
  ofNewcomer(name: Bytes): Enrolment {
    const found = this.#byName.get(bytesToHex(name));
    if (found === null) throw notFound();
    return found;
  }

  /** Makes this device the opener, once or again. Throws NOT_FOUND for what another took, and after the end. */
  take(reference: Bytes, opener: EnrolmentOpener): EnrolmentTaken {
    const found = this.#byReference.get(bytesToHex(reference));
    if (found === null || found.ending !== null) throw notFound();
    found.opener ??= opener;
    if (!isSame(found.opener, opener)) throw notFound();
    return { commitment: found.commitment, expires: found.expires };
  }

  /** The opener's. Throws NOT_FOUND for anybody else. */
  ofOpener(reference: Bytes, opener: Pick<EnrolmentOpener, 'practice' | 'author'>): Enrolment {
    const found = this.#byReference.get(bytesToHex(reference));
    if (found === null || found.opener === null || !isSame(found.opener, opener)) throw notFound();
    return found;
  }

  #freeReference(): Bytes {
    while (true) {
      const reference = new Uint8Array(randomBytes(5));
      if (this.#byReference.get(bytesToHex(reference)) === null) return reference;
    }
  }
}

/** The opener's answer, once; the same again changes nothing. Throws ENROLMENT_ORDER. */
export function answerEnrolment(enrolment: Enrolment, answer: OpenerAnswer): void {
  const { ending, answer: stands } = enrolment;
  if (ending !== null || (stands !== null && !isSameAnswer(stands, answer))) throw outOfOrder();
  enrolment.answer = stands ?? answer;
}

/** What the newcomer committed to, once, and only after the answer. Throws ENROLMENT_ORDER. */
export function revealEnrolment(enrolment: Enrolment, revealed: NewcomerRevealed): void {
  const { ending, answer, revealed: stands } = enrolment;
  if (ending !== null || answer === null || (stands !== null && !isSameReveal(stands, revealed))) throw outOfOrder();
  enrolment.revealed = stands ?? revealed;
}

/** Ends it; the first ending counts. True when this one is it. */
export function endEnrolment(enrolment: Enrolment, ending: EnrolmentEnding): boolean {
  if (enrolment.ending !== null) return false;
  enrolment.ending = ending;
  return true;
}

function isSame(
  one: Pick<EnrolmentOpener, 'practice' | 'author'>,
  other: Pick<EnrolmentOpener, 'practice' | 'author'>,
): boolean {
  return equalBytes(one.practice, other.practice) && equalBytes(one.author, other.author);
}

function isSameAnswer(one: OpenerAnswer, other: OpenerAnswer): boolean {
  const noTag = new Uint8Array(0);
  return equalBytes(one.nonce, other.nonce) && equalBytes(one.tag ?? noTag, other.tag ?? noTag);
}

function isSameReveal(one: NewcomerRevealed, other: NewcomerRevealed): boolean {
  const parts = ['author', 'recipient', 'nonce', 'proof'] as const;
  return one.label === other.label && parts.every((part) => equalBytes(one[part], other[part]));
}

function outOfOrder(): ServerError {
  return new ServerError('ENROLMENT_ORDER', 'This enrolment waits for something else, or for nothing any more', {
    hint: 'Begin again on the new device.',
  });
}
