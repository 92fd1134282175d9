import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import type { Freeze } from '@serment/core/journal/body';
import { holdersOf, isHolder } from '@serment/core/journal/checks';
import type { AuthorState } from '@serment/core/journal/governance-state';
import { termOf } from '@serment/core/journal/standing';
import { ReplicaError } from './error.ts';
import { GovernanceBatch, govern } from './governance-batch.ts';
import { renewKeys } from './key-renewal.ts';
import type { Practice } from './practice.ts';
import { refusalOf } from './sending.ts';

/** From when (included) until when (excluded) a member may act, ms of the host's clock; null for no limit. */
export interface Term {
  readonly from: number | null;
  readonly until: number | null;
}

/**
 * Says from when until when a member, in hexadecimal, may act; null lifts what was said. Throws MEMBER_UNKNOWN,
 * TERM_INVALID for a doctor and for an end that is not after the beginning, and what `govern` throws.
 */
export async function setTerm(practice: Practice, member: string, term: Term | null): Promise<void> {
  const { from, until } = term ?? { from: null, until: null };
  const { role } = knownMember(practice, member);
  checkTerm(role, { from, until });
  await govern(practice, async (batch) => {
    const known = knownMember(practice, member);
    const stands = termOf(known) ?? { from: null, until: null };
    if (stands.from === from && stands.until === until) return;
    await batch.add(practice.keyring.signer, { kind: 'term', member: known.member, from, until });
  });
}

/** Stops a device at once; it can be freed again. Throws HOLDER_UNKNOWN, HOLDER_SELF, and what `govern` throws. */
export function freezeDevice(practice: Practice, author: Bytes): Promise<void> {
  return setFrozen(practice, author, true);
}

/** Has nothing more taken of a device until a member says that it is meant; it goes on reading. Throws as `freezeDevice`. */
export function holdDevice(practice: Practice, author: Bytes): Promise<void> {
  return setFrozen(practice, author, 'held');
}

/** Lets a device that is stopped or held go on. Throws as `freezeDevice` does. */
export function unfreezeDevice(practice: Practice, author: Bytes): Promise<void> {
  return setFrozen(practice, author, false);
}

/** Says whether the host is to hold a device that does unusually much. Throws what `govern` throws. */
export async function setHoldsDevices(practice: Practice, isOn: boolean): Promise<void> {
  await govern(practice, async (batch) => {
    if (practice.mirror.governance.holdsDevices === isOn) return;
    await batch.add(practice.keyring.signer, { kind: 'hold', isOn });
  });
}

/**
 * Ends a holder's rights for good, then changes every key that it could open what follows with. Called again after a
 * cut, it goes on; a doctor's device that only looks after the vault does so too. Throws as `freezeDevice` does.
 */
export async function revokeDevice(practice: Practice, author: Bytes): Promise<void> {
  // Alone, since it binds to no head: what binds could be outrun by a device that keeps writing.
  await govern(practice, async (batch) => {
    const holder = otherHolder(practice, author);
    if (holder.revokedAt === null) await revoke(practice, batch, holder);
  });
  await renewKeys(practice);
}

/**
 * Ends the rights of all that a member holds, what it names meanwhile included, then changes every key that it could open
 * what follows with. Throws MEMBER_UNKNOWN, HOLDER_SELF for one's own, and what `govern` throws.
 */
export async function removeMember(practice: Practice, member: string): Promise<void> {
  knownMember(practice, member);
  if (bytesToHex(practice.keyring.member) === member) throw itself();
  const left = () => holdersOf(practice.mirror.governance, member);
  for (let round = 0; round === 0 || (left().length > 0 && round < maxRounds); round += 1)
    await govern(practice, async (batch) => {
      for (const holder of left()) await revoke(practice, batch, holder);
    });
  await renewKeys(practice);
}

/** Takes back an invitation that was not accepted. Throws MEMBER_ACTIVE when its member has entered, and as `removeMember` does. */
export async function cancelInvitation(practice: Practice, member: string): Promise<void> {
  knownMember(practice, member);
  if (holdersOf(practice.mirror.governance, member).some(({ type }) => type !== 'invitation'))
    throw new ReplicaError('MEMBER_ACTIVE', 'This member has entered already');
  await removeMember(practice, member);
}

/** A known member, in hexadecimal. Throws MEMBER_UNKNOWN. */
export function knownMember({ mirror }: Pick<Practice, 'mirror'>, member: string) {
  const known = mirror.governance.members.get(member);
  if (known === undefined) throw new ReplicaError('MEMBER_UNKNOWN', 'This practice has no such member');
  return known;
}

/** Throws TERM_INVALID for a limit on a doctor, for no time, and for an end that is not after the beginning. */
export function checkTerm(role: string, { from, until }: Term): void {
  const isTime = (time: number | null) => time === null || (Number.isSafeInteger(time) && time >= 0);
  const isInOrder = from === null || until === null || from < until;
  const isAllowed = role !== 'doctor' || (from === null && until === null);
  if (isTime(from) && isTime(until) && isInOrder && isAllowed) return;
  throw new ReplicaError('TERM_INVALID', 'Not a time within which this member could act', { fields: { role } });
}

/**
 * Ends for good the rights of the device that one works with: the host takes nothing more of it. Its own session is over
 * then, and the keys that it held are drawn anew by a doctor's device, or by its member's. Throws what `append` throws.
 */
export async function revokeItself(practice: Practice): Promise<void> {
  const { mirror, keyring, transport } = practice;
  const { author } = keyring.signer;
  for (let round = 1; ; round += 1) {
    const batch = new GovernanceBatch(practice);
    await batch.add(keyring.signer, { kind: 'revoke', author, last: mirror.lastEntryOf(author) });
    try {
      await transport.append(batch.entries);
      return;
    } catch (error) {
      // An answer that was lost said yes.
      if (error instanceof ReplicaError && error.code === 'HOLDER_REVOKED') return;
      if (refusalOf(error)?.isStale !== true || round >= maxRounds) throw error;
      await practice.sync();
    }
  }
}

const maxRounds = 5;

async function setFrozen(practice: Practice, author: Bytes, frozen: Freeze): Promise<void> {
  await govern(practice, async (batch) => {
    const holder = otherHolder(practice, author);
    if (holder.type === 'kit') throw unknown('A kit is revoked, never stopped');
    const before = holder.freezes.at(-1)?.frozen ?? false;
    // What is stopped is not given its reading back by who only wants it held.
    if (holder.revokedAt !== null || before === frozen || (before === true && frozen === 'held')) return;
    await batch.add(practice.keyring.signer, { kind: 'freeze', author, frozen });
  });
}

/** Adds the end of a holder's rights, cut where this device last saw it. */
export function revoke(practice: Practice, batch: GovernanceBatch, { author }: AuthorState): Promise<void> {
  const body = { kind: 'revoke', author, last: practice.mirror.lastEntryOf(author) } as const;
  return batch.add(practice.keyring.signer, body);
}

/** A known holder, revoked or not. Throws HOLDER_UNKNOWN, and HOLDER_SELF for what one works with. */
export function otherHolder({ mirror, keyring }: Practice, author: Bytes): AuthorState {
  if (equalBytes(author, keyring.signer.author)) throw itself();
  const holder = mirror.governance.authors.get(bytesToHex(author));
  if (holder === undefined || !isHolder(holder)) throw unknown('This practice does not know this device or kit');
  return holder;
}

function unknown(message: string): ReplicaError {
  return new ReplicaError('HOLDER_UNKNOWN', message);
}

function itself(): ReplicaError {
  return new ReplicaError('HOLDER_SELF', 'What one works with cannot be taken away from itself', {
    hint: 'Do it from another device, or with the recovery kit.',
  });
}
