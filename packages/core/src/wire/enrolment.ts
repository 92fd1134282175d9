import type { Bytes } from '../bytes.ts';
import { type CborValue, encodeCanonical } from '../cbor.ts';
import { bytesOf, count, nullOr, oneOf, parseBody, parseBodyAs, type Shape, tuple, wireFormat } from './shape.ts';

export const enrolmentEndings = ['cancelled', 'refused', 'different'] as const;
export type EnrolmentEnding = (typeof enrolmentEndings)[number];

const states = ['open', 'added', ...enrolmentEndings] as const;
export type EnrolmentState = (typeof states)[number];

/** What a new device is given as it begins (docs/format/wire.md, Enrolment). */
export interface EnrolmentBegun {
  /** 16 bytes, which it alone is given. */
  readonly enrolment: Bytes;
  /** 5 bytes, which a person types elsewhere. */
  readonly reference: Bytes;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** What the opener is given as it takes an enrolment up. */
export interface EnrolmentTaken {
  /** 32 bytes. */
  readonly commitment: Bytes;
  readonly expires: number;
}

/** What the opener answers: 32 bytes, and 32 or null. */
export interface OpenerAnswer {
  readonly nonce: Bytes;
  readonly tag: Bytes | null;
}

/** The same, with whose it is: 32, 16 and 32 bytes. */
export interface OpenerShown extends OpenerAnswer {
  readonly practice: Bytes;
  readonly member: Bytes;
  readonly author: Bytes;
}

/** What the new device reveals: 32, 1216, 32 and 64 bytes. */
export interface NewcomerRevealed {
  readonly author: Bytes;
  readonly recipient: Bytes;
  readonly nonce: Bytes;
  readonly proof: Bytes;
  /** What it says of itself; left out for a browser. */
  readonly label?: 'cli';
}

/** How an enrolment stands, and what the other side has given; null until it has. */
export interface EnrolmentStanding<Given> {
  readonly state: EnrolmentState;
  readonly given: Given | null;
}

export function encodeEnrolmentStart(commitment: Bytes): Bytes {
  return encodeCanonical([wireFormat, commitment]);
}

/** Throws WIRE_INVALID. */
export function parseEnrolmentStart(bytes: Uint8Array): Bytes {
  const [commitment] = parseBody(bytes, bytesOf(32));
  return commitment;
}

export function encodeEnrolmentBegun({ enrolment, reference, expires }: EnrolmentBegun): Bytes {
  return encodeCanonical([wireFormat, enrolment, reference, expires]);
}

/** Throws WIRE_INVALID. */
export function parseEnrolmentBegun(bytes: Uint8Array): EnrolmentBegun {
  const [enrolment, reference, expires] = parseBody(bytes, bytesOf(16), bytesOf(5), count);
  return { enrolment, reference, expires };
}

/** Asks to be the opener. */
export function encodeEnrolmentTake(): Bytes {
  return encodeCanonical([wireFormat]);
}

/** Throws WIRE_INVALID. */
export function parseEnrolmentTake(bytes: Uint8Array): void {
  parseBody(bytes);
}

export function encodeEnrolmentTaken({ commitment, expires }: EnrolmentTaken): Bytes {
  return encodeCanonical([wireFormat, commitment, expires]);
}

/** Throws WIRE_INVALID. */
export function parseEnrolmentTaken(bytes: Uint8Array): EnrolmentTaken {
  const [commitment, expires] = parseBody(bytes, bytesOf(32), count);
  return { commitment, expires };
}

export function encodeOpenerAnswer({ nonce, tag }: OpenerAnswer): Bytes {
  return encodeCanonical([wireFormat, nonce, tag]);
}

/** Throws WIRE_INVALID. */
export function parseOpenerAnswer(bytes: Uint8Array): OpenerAnswer {
  const [nonce, tag] = parseBody(bytes, bytesOf(32), nullOr(bytesOf(32)));
  return { nonce, tag };
}

export function encodeNewcomerRevealed(revealed: NewcomerRevealed): Bytes {
  return encodeCanonical([wireFormat, ...revealedItems(revealed)]);
}

/** Throws WIRE_INVALID. */
export function parseNewcomerRevealed(bytes: Uint8Array): NewcomerRevealed {
  return parseBodyAs(bytes, revealedShape);
}

/** What the new device is told. */
export function encodeNewcomerStanding({ state, given }: EnrolmentStanding<OpenerShown>): Bytes {
  if (given === null) return encodeStanding(state, null);
  const { practice, member, author, nonce, tag } = given;
  return encodeStanding(state, [practice, member, author, nonce, tag]);
}

/** Throws WIRE_INVALID. */
export function parseNewcomerStanding(bytes: Uint8Array): EnrolmentStanding<OpenerShown> {
  const shown = tuple(bytesOf(32), bytesOf(16), bytesOf(32), bytesOf(32), nullOr(bytesOf(32)));
  const { state, given } = parseStanding(bytes, shown);
  if (given === null) return { state, given };
  const [practice, member, author, nonce, tag] = given;
  return { state, given: { practice, member, author, nonce, tag } };
}

/** What the opener is told. */
export function encodeOpenerStanding({ state, given }: EnrolmentStanding<NewcomerRevealed>): Bytes {
  return encodeStanding(state, given === null ? null : revealedItems(given));
}

/** Throws WIRE_INVALID. */
export function parseOpenerStanding(bytes: Uint8Array): EnrolmentStanding<NewcomerRevealed> {
  return parseStanding(bytes, revealedShape);
}

export function encodeEnrolmentEnding(ending: EnrolmentEnding): Bytes {
  return encodeCanonical([wireFormat, ending]);
}

/** Throws WIRE_INVALID. */
export function parseEnrolmentEnding(bytes: Uint8Array): EnrolmentEnding {
  const [ending] = parseBody(bytes, oneOf(enrolmentEndings));
  return ending;
}

const keysShape = tuple(bytesOf(32), bytesOf(1216), bytesOf(32), bytesOf(64));
const labelShape = oneOf(['cli']);

const revealedShape: Shape<NewcomerRevealed> = (value) => {
  const isLabelled = Array.isArray(value) && value.length === 5;
  const [author, recipient, nonce, proof] = keysShape(isLabelled ? value.slice(0, 4) : value);
  const revealed = { author, recipient, nonce, proof };
  return isLabelled ? { ...revealed, label: labelShape(value[4]) } : revealed;
};

function revealedItems({ author, recipient, nonce, proof, label }: NewcomerRevealed): CborValue[] {
  return [author, recipient, nonce, proof, ...(label === undefined ? [] : [label])];
}

function encodeStanding(state: EnrolmentState, given: CborValue): Bytes {
  return encodeCanonical([wireFormat, state, given]);
}

function parseStanding<Given>(bytes: Uint8Array, shape: Shape<Given>): EnrolmentStanding<Given> {
  const [state, given] = parseBody(bytes, oneOf(states), nullOr(shape));
  return { state, given };
}
