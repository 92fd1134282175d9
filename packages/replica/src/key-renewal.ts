import { bytesToHex } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import { holdersOf } from '@serment/core/journal/checks';
import type { CompartmentState, GovernanceState, MemberState } from '@serment/core/journal/governance-state';
import { privateMember } from '@serment/core/journal/rules';
import { ReplicaError } from './error.ts';
import { type GovernanceBatch, type Governing, govern } from './governance-batch.ts';
import { type EpochSecret, type Generation, grantBody, newEpoch, newGeneration } from './key-bodies.ts';
import type { Practice } from './practice.ts';
import { privateCompartment } from './private-compartment.ts';

/** What draws keys: an open practice, or a kit that has just named a device. */
export type Renewing = Governing & Pick<Practice, 'practice' | 'keyring' | 'random'>;

/**
 * Draws the keys that who was revoked, an invitation that is used included, could still open what follows with, and
 * those that a kit held as it named a device; and gives them to who remains: a doctor's device those of all, any device
 * its own member's. What is to be done is read from the journal alone, so that it goes on where it was cut, and is
 * nothing when nothing of this happened. Throws what `govern` throws.
 */
export function renewKeys(practice: Renewing): Promise<void> {
  return govern(practice, (batch) => new Renewal(practice, batch).write());
}

class Renewal {
  readonly #practice: Renewing;
  readonly #batch: GovernanceBatch;
  readonly #governance: GovernanceState;
  readonly #own: string;
  readonly #isDoctor: boolean;
  readonly #exposed: Exposure;
  /** Generations as they are once the batch stands, by member. */
  readonly #current = new Map<string, Generation>();

  constructor(practice: Renewing, batch: GovernanceBatch) {
    this.#practice = practice;
    this.#batch = batch;
    this.#governance = practice.mirror.governance;
    this.#own = bytesToHex(practice.keyring.member);
    this.#isDoctor = this.#governance.members.get(this.#own)?.role === 'doctor';
    this.#exposed = new Exposure(this.#governance);
  }

  async write(): Promise<void> {
    for (const [name, member] of this.#governance.members) {
      const isExposed = this.#exposed.hasGeneration(name, member.generation);
      // Whoever made the key of a member can open what is granted to it: each makes its own.
      const isWanted = name === this.#own ? isExposed || !member.isOwn : isExposed && this.#isDoctor;
      if (isWanted && holdersOf(this.#governance, name).length > 0) await this.#renewGeneration(name, member);
    }
    if (this.#isDoctor)
      for (const compartment of this.#governance.compartments.values())
        if (privateMember(compartment.name) === null) await this.#renewCompartment(compartment);
    await this.#renewPrivate();
  }

  async #renewGeneration(name: string, { member, role, generation }: MemberState): Promise<void> {
    const { keyring, random, practice: scope } = this.#practice;
    const holders = holdersOf(this.#governance, name);
    const request = { scope, member, role, generation: generation + 1, holders };
    const { body } = await newGeneration(request, random);
    await this.#batch.add(keyring.signer, body);
    this.#current.set(name, body);
  }

  async #renewCompartment(compartment: CompartmentState): Promise<void> {
    const members = [...compartment.grants].filter((member) => holdersOf(this.#governance, member).length > 0);
    if (!this.#holdsCurrent(compartment)) return;
    if (this.#exposed.hasEpoch(compartment)) {
      const epoch = await this.#drawEpoch(compartment.name);
      for (const member of members) await this.#grant(epoch, member);
      return;
    }
    for (const member of members)
      if (!this.#isGranted(compartment, member)) await this.#grant(epochOf(this.#practice, compartment.name), member);
  }

  /** A member's own notes: nobody else may name their keys. */
  async #renewPrivate(): Promise<void> {
    const name = privateCompartment(this.#practice.keyring.member);
    const compartment = this.#governance.compartments.get(name);
    if (compartment === undefined && !this.#current.has(this.#own)) return;
    if (compartment !== undefined && !this.#holdsCurrent(compartment)) return;
    if (compartment === undefined || this.#exposed.hasEpoch(compartment))
      await this.#grant(await this.#drawEpoch(name), this.#own);
    else if (!this.#isGranted(compartment, this.#own)) await this.#grant(epochOf(this.#practice, name), this.#own);
  }

  async #drawEpoch(compartment: string): Promise<EpochSecret> {
    const { keyring, random, practice: scope } = this.#practice;
    const known = this.#governance.compartments.get(compartment);
    const previous = known === undefined ? null : keyring.epochKey(compartment, known.number);
    const number = (known?.number ?? 0) + 1;
    const { body, epoch } = await newEpoch({ scope, compartment, number, previous }, random);
    await this.#batch.add(keyring.signer, body);
    return epoch;
  }

  /** Leaves out a member whose own key is none: the others must not go without theirs for it. */
  async #grant(epoch: EpochSecret, member: string): Promise<void> {
    const to = this.#current.get(member) ?? this.#governance.members.get(member);
    if (to === undefined) return;
    try {
      await this.#batch.add(this.#practice.keyring.signer, await grantBody(epoch, to));
    } catch (error) {
      if (!(error instanceof CoreError && error.code === 'RECIPIENT_INVALID')) throw error;
    }
  }

  #holdsCurrent({ name, number }: CompartmentState): boolean {
    const { keyring } = this.#practice;
    return keyring.canRead(name) && keyring.currentEpoch(name).epoch === number;
  }

  #isGranted({ name, number }: CompartmentState, member: string): boolean {
    const generation = (this.#current.get(member) ?? this.#governance.members.get(member))?.generation;
    const grants = this.#governance.grants.get(member) ?? [];
    return grants.some(
      (grant) => grant.compartment === name && grant.number === number && grant.generation === generation,
    );
  }
}

/**
 * What is no secret of those who remain: the generations that were wrapped to a revoked holder, or to a kit before it
 * named a device, and the epochs granted to these.
 */
class Exposure {
  readonly #governance: GovernanceState;
  /** Member and generation. */
  readonly #generations = new Set<string>();

  constructor(governance: GovernanceState) {
    this.#governance = governance;
    for (const [author, wraps] of governance.wraps) {
      const revokedAt = governance.authors.get(author)?.revokedAt ?? null;
      if (revokedAt === null) continue;
      for (const { member, generation } of wraps) this.#generations.add(`${member} ${generation}`);
    }
    for (const { addedAt, addedBy } of governance.authors.values()) {
      const signer = addedBy === null ? '' : bytesToHex(addedBy);
      if (governance.authors.get(signer)?.type !== 'kit') continue;
      for (const { member, generation, index } of governance.wraps.get(signer) ?? [])
        if (index < addedAt) this.#generations.add(`${member} ${generation}`);
    }
  }

  hasGeneration(member: string, generation: number): boolean {
    return this.#generations.has(`${member} ${generation}`);
  }

  /** Whether the current epoch was granted to one of them. */
  hasEpoch({ name, number }: CompartmentState): boolean {
    return [...this.#governance.grants].some(([member, grants]) =>
      grants.some(
        (grant) =>
          grant.compartment === name && grant.number === number && this.hasGeneration(member, grant.generation),
      ),
    );
  }
}

/**
 * Throws KEYS_PENDING while the member's newest key, the only one that a new holder would be given, opens less than this
 * device does: a doctor's device grants it the current epochs (docs/format/keys.md, Members).
 */
export function requireGranted({ keyring, mirror }: Pick<Practice, 'keyring' | 'mirror'>): void {
  const name = bytesToHex(keyring.member);
  const { members, compartments, grants } = mirror.governance;
  const generation = members.get(name)?.generation;
  const isGranted = (compartment: string) =>
    (grants.get(name) ?? []).some(
      (grant) =>
        grant.compartment === compartment &&
        grant.number === compartments.get(compartment)?.number &&
        grant.generation === generation,
    );
  if (keyring.compartments().every(isGranted)) return;
  throw new ReplicaError('KEYS_PENDING', 'The newest key of this member is not granted everything yet', {
    hint: 'A doctor’s device grants it by itself as soon as it is open.',
  });
}

/** A compartment's current key. Throws COMPARTMENT_CLOSED. */
export function epochOf(practice: Pick<Practice, 'keyring' | 'practice'>, compartment: string): EpochSecret {
  const { epoch: number, key } = practice.keyring.currentEpoch(compartment);
  return { scope: practice.practice, compartment, number, key };
}
