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
}

export type MemberAct = 'dates' | 'depart' | 'cancel' | 'again';
export type DeviceAct = 'freeze' | 'unfreeze' | 'revoke';

/** What this person may do about a member: what doctors decide, and never about oneself. */
export function memberActs(member: MemberView, viewer: Viewer): readonly MemberAct[] {
  if (viewer.role !== 'doctor' || member.member === viewer.member) return [];
  const standing = standingOf(member);
  if (standing === 'out') return ['again'];
  const dates = member.role === 'doctor' ? [] : (['dates'] as const);
  return standing === 'in' ? [...dates, 'depart'] : [...dates, 'again', 'cancel'];
}

/** What this person may do about a device: anybody stops another one, a doctor or its own member frees it. */
export function deviceActs(device: HolderView, owner: string, viewer: Viewer): readonly DeviceAct[] {
  const isInvitation = device.label === 'invitation';
  if (device.revokedAt !== null || device.author === viewer.author || isInvitation) return [];
  const isDoctor = viewer.role === 'doctor';
  const revoke = isDoctor ? (['revoke'] as const) : [];
  if (device.frozenAt === null) return ['freeze', ...revoke];
  return isDoctor || owner === viewer.member ? ['unfreeze', ...revoke] : [];
}

/** Whoever looks comes first, then who can enter, who was invited, who cannot enter any more; by name within each. */
export function inOrder(members: VaultView['members'], viewer: Viewer): MemberView[] {
  const place = (member: MemberView) =>
    member.member === viewer.member ? 0 : { in: 1, invited: 2, out: 3 }[standingOf(member)];
  const name = (member: MemberView) => member.name ?? '';
  return members.toSorted((left, right) => place(left) - place(right) || name(left).localeCompare(name(right), 'fr'));
}
