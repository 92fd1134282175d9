import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, count, flag, nullOr, parseBody, tuple, wireFormat } from './shape.ts';
import { opaqueMessage as message, sealedSecret, typed } from './sign-in-shapes.ts';

/** Registers an account's password, or a PIN, under its id (16 bytes). */
export interface RegistrationStart {
  readonly id: Bytes;
  /** OPAQUE registration request. */
  readonly request: string;
}

/** An account's secret, sealed under its member's key of a generation (docs/format/keys.md). */
export interface SealedToMember {
  readonly generation: number;
  readonly sealed: Bytes;
}

export interface RegistrationFinish {
  /** OPAQUE registration record. */
  readonly record: string;
  readonly sealedSecret: Bytes;
  readonly toMember: SealedToMember;
}

export interface PinFinish {
  readonly record: string;
  readonly sealedSecret: Bytes;
}

/** What a member's account has, as its own devices are told. */
export interface AccountStatus {
  /** 16 bytes; null before a password was ever set. */
  readonly account: Bytes | null;
  readonly toMember: SealedToMember | null;
  /** Masked; null when there is none. */
  readonly phone: string | null;
  readonly hasTotp: boolean;
  readonly recoveryCodes: number;
  readonly nationalId: string | null;
}

const toMemberShape = tuple(count, sealedSecret);

export function encodeRegistrationStart({ id, request }: RegistrationStart): Bytes {
  return encodeCanonical([wireFormat, id, request]);
}

/** Throws WIRE_INVALID. */
export function parseRegistrationStart(bytes: Uint8Array): RegistrationStart {
  const [id, request] = parseBody(bytes, bytesOf(16), message);
  return { id, request };
}

export function encodeRegistrationFinish(finish: RegistrationFinish): Bytes {
  const { generation, sealed } = finish.toMember;
  return encodeCanonical([wireFormat, finish.record, finish.sealedSecret, generation, sealed]);
}

/** Throws WIRE_INVALID. */
export function parseRegistrationFinish(bytes: Uint8Array): RegistrationFinish {
  const [record, secret, generation, sealed] = parseBody(bytes, message, sealedSecret, count, sealedSecret);
  return { record, sealedSecret: secret, toMember: { generation, sealed } };
}

/** The same secret, sealed anew once its member has another key. */
export function encodeSealedToMember({ generation, sealed }: SealedToMember): Bytes {
  return encodeCanonical([wireFormat, generation, sealed]);
}

/** Throws WIRE_INVALID. */
export function parseSealedToMember(bytes: Uint8Array): SealedToMember {
  const [generation, sealed] = parseBody(bytes, count, sealedSecret);
  return { generation, sealed };
}

export function encodePinFinish(finish: PinFinish): Bytes {
  return encodeCanonical([wireFormat, finish.record, finish.sealedSecret]);
}

/** Throws WIRE_INVALID. */
export function parsePinFinish(bytes: Uint8Array): PinFinish {
  const [record, secret] = parseBody(bytes, message, sealedSecret);
  return { record, sealedSecret: secret };
}

export function encodeAccountStatus(status: AccountStatus): Bytes {
  const { account, toMember, phone, hasTotp, recoveryCodes, nationalId } = status;
  const sealed = toMember === null ? null : [toMember.generation, toMember.sealed];
  return encodeCanonical([wireFormat, account, sealed, phone, hasTotp, recoveryCodes, nationalId]);
}

/** Throws WIRE_INVALID. */
export function parseAccountStatus(bytes: Uint8Array): AccountStatus {
  const [account, sealed, phone, hasTotp, recoveryCodes, nationalId] = parseBody(
    bytes,
    nullOr(bytesOf(16)),
    nullOr(toMemberShape),
    nullOr(typed),
    flag,
    count,
    nullOr(typed),
  );
  const toMember = sealed === null ? null : { generation: sealed[0], sealed: sealed[1] };
  return { account, toMember, phone, hasTotp, recoveryCodes, nationalId };
}

/** One OPAQUE message: a registration response. */
export function encodeOpaqueMessage(text: string): Bytes {
  return encodeCanonical([wireFormat, text]);
}

/** Throws WIRE_INVALID. */
export function parseOpaqueMessage(bytes: Uint8Array): string {
  const [text] = parseBody(bytes, message);
  return text;
}
