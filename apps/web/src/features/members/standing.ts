import type { PracticeStatus } from '@serment/replica/practice-status';
import type { HolderView, MemberView, VaultView } from '@serment/replica/vault';

/** `in`: has a device; `invited`: has an invitation and nothing else; `out`: has nothing left to enter with. */
export type Standing = 'in' | 'invited' | 'out';

export function standingOf({ devices, kits }: Pick<MemberView, 'devices' | 'kits'>): Standing {
  const left = [...devices, ...kits].filter(({ revokedAt }) => revokedAt === null);
  if (left.some(({ label }) => label !== 'invitation')) return 'in';
  return left.length > 0 ? 'invited' : 'out';
}

/** Who looks at the members. */
export interface Viewer {
  /** In hexadecimal, as `author`. */
  readonly member: string;
  readonly author: string;
  readonly role: string;
  /** Whether names are written and read with this person's rights. */
  readonly canName: boolean;
  /** Whether this member's rights open what a device wrote. */
  readonly canRewind: boolean;
}

/** Who looks, on the device of that author. */
export function viewerOf({ member, role, compartments }: PracticeStatus, author: string): Viewer {
  return {
    member,
    author,
    role,
    canName: compartments.includes('admin'),
    canRewind: compartments.includes('clinical'),
  };
}

/** Whether the time within which a member may act has ended. */
export function isOver({ term }: Pick<MemberView, 'term'>, nowMs: number): boolean {
  return term !== null && term.until !== null && term.until <= nowMs;
}

/** `depart` leads to where what they were writing is taken over too, `drafts` to that alone. */
export type MemberAct = 'dates' | 'depart' | 'drafts' | 'cancel' | 'again';
export type DeviceAct = 'rename' | 'freeze' | 'unfreeze' | 'let-go' | 'revoke';

/** What a person works on, and calls by a name. */
const namedLabels = new Set(['browser', 'cli', 'script']);

/** What this person may do about a member: what doctors decide, and never about oneself. */
export function memberActs(member: MemberView, viewer: Viewer): readonly MemberAct[] {
  if (viewer.role !== 'doctor' || member.member === viewer.member) return [];
  const standing = standingOf(member);
  if (standing === 'out') return ['again', 'drafts'];
  const dates = member.role === 'doctor' ? [] : (['dates'] as const);
  return standing === 'in' ? [...dates, 'depart'] : [...dates, 'again', 'cancel'];
}

/**
 * What this person may do about a device: its own member names it, anybody stops another one, or says of a held one that
 * what it did is meant; a doctor or its own member frees one that is stopped.
 */
export function deviceActs(device: HolderView, owner: string, viewer: Viewer): readonly DeviceAct[] {
  if (device.revokedAt !== null || device.label === 'invitation') return [];
  const isNamed = owner === viewer.member && viewer.canName && namedLabels.has(device.label);
  const rename = isNamed ? (['rename'] as const) : [];
  if (device.author === viewer.author) return rename;
  const isDoctor = viewer.role === 'doctor';
  const revoke = isDoctor ? (['revoke'] as const) : [];
  if (device.hold !== null) return [...rename, 'let-go', 'freeze', ...revoke];
  if (device.frozenAt === null) return [...rename, 'freeze', ...revoke];
  return isDoctor || owner === viewer.member ? [...rename, 'unfreeze', ...revoke] : rename;
}

/** Whoever looks comes first, then who can enter, who was invited, who cannot enter any more; by name within each. */
export function inOrder(members: VaultView['members'], viewer: Viewer): MemberView[] {
  const place = (member: MemberView) =>
    member.member === viewer.member ? 0 : { in: 1, invited: 2, out: 3 }[standingOf(member)];
  const name = (member: MemberView) => member.name ?? '';
  return members.toSorted((left, right) => place(left) - place(right) || name(left).localeCompare(name(right), 'fr'));
}
