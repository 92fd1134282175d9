import type { PracticeStatus } from '@serment/replica/practice-status';

/** What the shield says: computed from what is known, in this order; the first condition that holds speaks. */
export interface Shield {
  readonly condition: ShieldCondition;
  /** Green is for what is proven, and nothing else. */
  readonly tone: 'proven' | 'plain' | 'amber' | 'red';
  /** Read without colour: amber and red have a shape of their own. */
  readonly shape: 'check' | 'shield' | 'clock' | 'triangle' | 'octagon';
  /** How many things, or the name of the copy that it is about. */
  readonly count: number;
  readonly copy: string | null;
  /** The instant that the words count from, ms. */
  readonly since: number | null;
  /** The one thing to do, if there is one. */
  readonly action: 'vault' | 'refused' | 'restored' | 'retry' | 'ways' | 'kit' | 'rewind' | 'held' | 'members' | null;
  /** The kit that it asks to replace, in hexadecimal. */
  readonly kit: string | null;
  /** The device whose writing it asks to look at, in hexadecimal. */
  readonly device: string | null;
}

export type ShieldCondition =
  | 'host-lies'
  | 'mass-noise'
  | 'mass-change'
  | 'damaged-copy'
  | 'drill-failed'
  | 'reread-failed'
  | 'findings'
  | 'refused'
  | 'restored'
  | 'offline'
  | 'host-failing'
  | 'this-held'
  | 'unknown'
  | 'kit-used'
  | 'device-held'
  | 'no-copy'
  | 'copy-failing'
  | 'copy-late'
  | PracticeStatus['alerts'][number]['cause']
  | 'no-kit'
  | 'same-disk'
  | 'drill-late'
  | 'witness-wrong'
  | 'witness-late'
  | 'reread-late'
  | 'copied'
  | 'verified-late'
  | 'one-way'
  | 'verified'
  | 'proven';

export interface ShieldInput extends StatusInput {
  /** Whether this member has two ways in beside the kit; null while it is not known. */
  readonly hasTwoWays: boolean | null;
}

type StatusInput = Pick<
  PracticeStatus,
  | 'online'
  | 'isFailing'
  | 'pending'
  | 'refused'
  | 'restored'
  | 'findings'
  | 'copies'
  | 'alerts'
  | 'drills'
  | 'witnesses'
  | 'rereads'
  | 'massChanges'
  | 'held'
  | 'isHeld'
  | 'compartments'
  | 'hostLie'
  | 'lastSyncAt'
  | 'size'
  | 'kits'
  | 'member'
  | 'role'
>;

/** A copy that is further behind says so. */
export const lateMs = 60_000;
/** Verification is nightly; a day and two hours leave room for a long one. */
export const staleVerificationMs = 26 * 3_600_000;
/** So are drills: half a day more leaves room for a night that was short, and tries that are made again. */
export const staleDrillMs = 36 * 3_600_000;
/** A device of the practice reads each copy back every week; one that was missed is no alarm. */
export const staleRereadMs = 15 * 86_400_000;

/** A witness is asked as often: after that long its silence is told. */
export const staleWitnessMs = 36 * 3_600_000;

const hostAlerts = [
  ...['other-history', 'wrote-much', 'restricted-much', 'read-much', 'came-back'],
  ...['disk-full', 'certificate-ends', 'lock-short'],
];

export function shieldOf(input: ShieldInput, nowMs: number): Shield {
  return danger(input) ?? interruption(input) ?? trouble(input) ?? standing(input, nowMs);
}

function danger(input: ShieldInput): Shield | null {
  const damaged = input.copies.filter((copy) => (copy.verifiedFindings ?? 0) > 0);
  const red = (condition: ShieldCondition, more: Partial<Shield> = {}) =>
    shield(condition, 'red', 'octagon', { action: 'vault', ...more });
  if (input.hostLie !== null) return red('host-lies');
  const noise = input.massChanges.find(({ kind }) => kind === 'noise');
  if (noise !== undefined)
    return red('mass-noise', { action: 'rewind', device: noise.author, count: noise.saves, since: noise.since });
  if (damaged[0] !== undefined)
    return red('damaged-copy', { copy: damaged[0].name, count: damaged[0].verifiedFindings ?? 0 });
  const failed = drillsOf(input).find(({ answered }) => answered?.outcome === 'failed');
  if (failed !== undefined)
    return red('drill-failed', { copy: failed.destination, count: failed.answered?.findings ?? 0 });
  const reread = (input.rereads ?? []).find(
    ({ destination, answered }) => answered?.outcome === 'failed' && isThere(input, destination),
  );
  if (reread !== undefined) return red('reread-failed', { copy: reread.destination });
  if (input.findings.length > 0) return red('findings', { count: input.findings.length });
  if (input.refused > 0) return red('refused', { count: input.refused, action: 'refused' });
  return null;
}

function interruption(input: ShieldInput): Shield | null {
  if (input.restored !== null)
    return shield('restored', 'amber', 'triangle', { since: input.restored.at, action: 'restored' });
  if (!input.online) {
    const told = { count: input.pending, since: input.lastSyncAt, action: 'retry' } as const;
    return shield(input.isFailing ? 'host-failing' : 'offline', 'amber', 'triangle', told);
  }
  // What is written stays here meanwhile, and a person has to say something.
  if (input.isHeld)
    return shield('this-held', 'amber', 'triangle', { since: input.held[0]?.since ?? null, action: 'held' });
  return null;
}

function trouble(input: ShieldInput): Shield | null {
  const amber = (condition: ShieldCondition, more: Partial<Shield> = {}) =>
    shield(condition, 'amber', 'triangle', { action: 'vault', ...more });
  if (input.lastSyncAt === null) return shield('unknown', 'plain', 'clock');
  // Somebody may hold a key to everything: it waits for nothing else.
  const [used] = input.kits.used;
  if (used !== undefined) {
    const own = input.role === 'doctor' ? input.kits.used.find(({ member }) => member === input.member) : undefined;
    return amber('kit-used', own === undefined ? {} : { action: 'kit', kit: own.author });
  }
  const [mass] = input.massChanges;
  if (mass !== undefined)
    return amber('mass-change', { action: 'rewind', device: mass.author, count: mass.saves, since: mass.since });
  const [held] = input.held;
  if (held !== undefined) return amber('device-held', { device: held.author, since: held.since, action: 'members' });
  const wrong = input.witnesses.find(({ isWrong }) => isWrong);
  if (wrong !== undefined) return amber('witness-wrong', { copy: wrong.name });
  if (input.copies.length === 0) return amber('no-copy');
  const failing = input.copies.find((copy) => copy.state === 'failing');
  if (failing !== undefined) return amber('copy-failing', { copy: failing.name, since: failing.publishedAt });
  const late = input.copies.find((copy) => copy.state === 'behind' && (copy.lagMs ?? 0) > lateMs);
  if (late !== undefined) return amber('copy-late', { copy: late.name, since: late.publishedAt });
  // The most pressing first: what a device does, then the host's disk, how it is reached, a copy's locks.
  const told = hostAlerts.flatMap((cause) => input.alerts.filter((alert) => alert.cause === cause))[0];
  if (told !== undefined)
    return amber(told.cause, { copy: told.copy, since: told.since, action: told.entry === null ? null : 'vault' });
  if (!input.kits.hasOne && input.role === 'doctor') return amber('no-kit', { action: 'kit' });
  return null;
}

/** Every copy keeps up. A copy on the disk that it protects against proves nothing when that disk dies. */
function standing(input: ShieldInput, nowMs: number): Shield {
  const apart = input.copies.filter((copy) => !copy.sameDisk);
  if (apart.length === 0) return shield('same-disk', 'amber', 'triangle', { action: 'vault' });
  const proven = lastProof(input, apart);
  const begun = proven ?? input.drills.since;
  const isProven = proven !== null && nowMs - proven <= staleDrillMs;
  if (!isProven && begun !== null && nowMs - begun > staleDrillMs)
    return shield('drill-late', 'amber', 'triangle', { since: begun, action: 'vault' });
  const silent = input.witnesses.find((witness) => isWitnessLate(witness, nowMs));
  if (silent !== undefined)
    return shield('witness-late', 'amber', 'triangle', { copy: silent.name, since: silent.seenAt, action: 'vault' });
  const reread = lateReread(input, apart, nowMs);
  if (reread !== null) return shield('reread-late', 'amber', 'triangle', { since: reread, action: 'vault' });
  const verified = apart.filter((copy) => copy.verifiedAt !== null && copy.verifiedFindings === 0);
  const last = proven ?? Math.max(...verified.map((copy) => copy.verifiedAt ?? 0));
  if (!isProven && verified.length === 0)
    return shield('copied', 'plain', 'shield', { since: newestPublication(apart), action: 'vault' });
  if (!isProven && nowMs - last > staleVerificationMs)
    return shield('verified-late', 'amber', 'triangle', { since: last, action: 'vault' });
  // Nor is it green before it is known that its member can get in: the host is asked as soon as it is open.
  if (input.hasTwoWays === null) return shield('unknown', 'plain', 'clock');
  // What is proven serves nobody who cannot get in.
  if (input.hasTwoWays === false) return shield('one-way', 'amber', 'triangle', { action: 'ways' });
  return shield(isProven ? 'proven' : 'verified', 'proven', 'check', { since: last });
}

/** Whether a witness has not seen the journal for too long; from when it was named, until it first does. */
export function isWitnessLate({ seenAt, since }: ShieldInput['witnesses'][number], nowMs: number): boolean {
  return nowMs - (seenAt ?? since) > staleWitnessMs;
}

/** Of copies that there are: one that was given up says nothing any more. */
function drillsOf({ copies, drills }: Pick<ShieldInput, 'copies' | 'drills'>): ShieldInput['drills']['copies'] {
  return drills.copies.filter(({ destination }) => isThere({ copies }, destination));
}

function isThere({ copies }: Pick<ShieldInput, 'copies'>, destination: string): boolean {
  return copies.some(({ name }) => name === destination);
}

/** Since when one of these copies should have been read back, for a member whose device can; null while that is not late. */
function lateReread({ rereads, drills, compartments }: ShieldInput, copies: ShieldInput['copies'], nowMs: number) {
  if (rereads === null || drills.since === null || !compartments.includes('clinical')) return null;
  const { since } = drills;
  const last = copies.map(({ name }) => rereads.find((one) => one.destination === name)?.proven?.at ?? since);
  const oldest = Math.min(...last);
  return nowMs - oldest > staleRereadMs ? oldest : null;
}

/** When one of these copies was last restored and compared without a difference; null if never. */
function lastProof(input: ShieldInput, copies: ShieldInput['copies']): number | null {
  const proofs = drillsOf({ copies, drills: input.drills }).flatMap(({ proven }) => proven?.startedAt ?? []);
  return proofs.length === 0 ? null : Math.max(...proofs);
}

function newestPublication(copies: ShieldInput['copies']): number | null {
  const times = copies.flatMap((copy) => copy.publishedAt ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function shield(
  condition: ShieldCondition,
  tone: Shield['tone'],
  shape: Shield['shape'],
  more: Partial<Shield> = {},
): Shield {
  return { condition, tone, shape, count: 0, copy: null, since: null, action: null, kit: null, device: null, ...more };
}

/**
 * Whether two ticks may be green: whatever some copy holds, one that is not on the host's own disk holds too. While that
 * one is behind, nothing newer is counted as held by it.
 */
export function isCopyApart(copies: ShieldInput['copies']): boolean {
  const held = Math.max(0, ...copies.map(({ size }) => size));
  return copies.some((copy) => !copy.sameDisk && copy.size >= held);
}
