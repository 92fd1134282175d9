import type { PresentFile } from '@serment/replica/presence';

/** Who has one of these files open, each member once: those who write first, oneself on another device last. */
export function othersIn(present: readonly PresentFile[], patients: readonly string[]): readonly PresentFile[] {
  const members = new Map<string, PresentFile>();
  for (const one of present) {
    if (!patients.includes(one.patient)) continue;
    const known = members.get(one.member);
    if (known === undefined || (one.writes && !known.writes)) members.set(one.member, one);
  }
  return [...members.values()].sort(
    (one, other) => Number(one.isSelf) - Number(other.isSelf) || Number(other.writes) - Number(one.writes),
  );
}
