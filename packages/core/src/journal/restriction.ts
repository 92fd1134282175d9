import { type Bytes, bytesToHex } from '../bytes.ts';
import type { GovernanceState } from './governance-state.ts';

/**
 * Whether a restriction keeps this member, in hexadecimal, from reading a stream: the one answer that the server and the
 * clients share. It is a rule and no key (docs/format/journal.md, Restricted streams).
 */
export function isShutOut({ restrictions }: GovernanceState, stream: Uint8Array, member: string): boolean {
  const known = restrictions.get(bytesToHex(stream));
  if (known === undefined || known.named.has(member)) return false;
  return !known.broken.some((glass) => glass.member === member);
}

/** The streams that restrictions keep from this member, in hexadecimal. */
export function shutOutOf(state: GovernanceState, member: string): Bytes[] {
  const streams = [...state.restrictions.values()].map(({ stream }) => stream);
  return streams.filter((stream) => isShutOut(state, stream, member));
}
