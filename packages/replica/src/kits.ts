import { bytesToHex } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import type { GovernanceState } from '@serment/core/journal/governance-state';

/** A kit that served, in hexadecimal. */
export interface UsedKit {
  readonly author: string;
  readonly member: string;
}

/** What is to be said of the kits before all is well. */
export interface KitsStatus {
  /** Whether some doctor's kit stands that is not withdrawn. */
  readonly hasOne: boolean;
  /** Kits that signed something, or read from the server, and were not withdrawn since. */
  readonly used: readonly UsedKit[];
}

/** `hasRead` says whether the host traced that a kit, in hexadecimal, read something. */
export function kitsStatus(governance: GovernanceState, hasRead: (author: string) => boolean): KitsStatus {
  const kits = [...governance.members].flatMap(([member, { role }]) =>
    holdersOf(governance, member).flatMap((holder) =>
      holder.type === 'kit' ? [{ member, role, author: bytesToHex(holder.author), last: holder.last }] : [],
    ),
  );
  return {
    hasOne: kits.some(({ role }) => role === 'doctor'),
    used: kits.flatMap(({ author, member, last }) => (last !== null || hasRead(author) ? [{ author, member }] : [])),
  };
}

/** The kit, in hexadecimal, that named this device of a doctor; null once it is withdrawn, or where none did. */
export function kitToReplace(governance: GovernanceState, device: Uint8Array): string | null {
  const { addedBy = null, member = null } = governance.authors.get(bytesToHex(device)) ?? {};
  if (addedBy === null || member === null || governance.members.get(member)?.role !== 'doctor') return null;
  const kit = governance.authors.get(bytesToHex(addedBy));
  return kit?.type === 'kit' && kit.revokedAt === null ? bytesToHex(addedBy) : null;
}
