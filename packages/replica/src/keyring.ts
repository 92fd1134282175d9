import { type Bytes, bytesToHex, equalBytes, ownBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import type { AuthorState, CompartmentState, GovernanceState } from '@serment/core/journal/governance-state';
import { epochCheck, openPrevious, streamId, streamKey } from '@serment/core/keys/epoch';
import { seedToRecipient } from '@serment/core/keys/seed';
import { type Signer, seedToSigner } from '@serment/core/keys/signing';
import { unwrapSecret } from '@serment/core/keys/wrap';
import { ReplicaError } from './error.ts';

/** One epoch's key, with what entries sealed under it name. */
export interface EpochKey {
  readonly compartment: string;
  readonly epoch: number;
  readonly key: Bytes;
}

/** A stream with the compartment whose key must seal everything in it. */
export interface StreamRef {
  readonly compartment: string;
  /** One of docs/format/keys.md; never sent. */
  readonly name: string;
  readonly id: Bytes;
}

/**
 * The keys that one holder (device or kit) opens: its member's keys, and from their grants every epoch of every
 * compartment. Keys live here and nowhere else; `close` forgets them.
 */
export class Keyring {
  readonly signer: Signer;
  readonly member: Bytes;
  readonly #memberSeeds: ReadonlyMap<number, Bytes>;
  #epochKeys: Map<string, Bytes[]>;
  readonly #streamKeys = new Map<string, Bytes>();

  /** Throws HOLDER_UNKNOWN, HOLDER_REVOKED, and core's WRAP_INVALID or PUBLIC_KEY_MISMATCH when what is wrapped is not what was pinned. */
  static async open(seed: Bytes, governance: GovernanceState): Promise<Keyring> {
    const signer = await seedToSigner(seed);
    const holder = governance.authors.get(bytesToHex(signer.author));
    if (holder?.member == null)
      throw new ReplicaError('HOLDER_UNKNOWN', 'This practice does not know this device or kit');
    if (holder.revokedAt !== null) throw new ReplicaError('HOLDER_REVOKED', 'This device or kit was revoked');
    const keyring = new Keyring(signer, holder.member, await openMemberSeeds(seed, holder, governance), governance);
    await keyring.refresh(governance);
    return keyring;
  }

  private constructor(signer: Signer, member: string, seeds: ReadonlyMap<number, Bytes>, governance: GovernanceState) {
    const state = governance.members.get(member);
    if (state === undefined) throw new ReplicaError('HOLDER_UNKNOWN', 'This holder belongs to no member');
    this.signer = signer;
    this.member = state.member;
    this.#memberSeeds = seeds;
    this.#epochKeys = new Map();
  }

  /** Opens what was granted since the last time. */
  async refresh(governance: GovernanceState): Promise<void> {
    for (const compartment of governance.compartments.values()) {
      const known = this.#epochKeys.get(compartment.name);
      if (known && known.length === compartment.number) continue;
      const keys = await this.#openCompartment(compartment, governance);
      if (keys !== null) this.#epochKeys.set(compartment.name, keys);
    }
  }

  /** Compartments that this member can read, sorted. */
  compartments(): string[] {
    return [...this.#epochKeys.keys()].sort();
  }

  canRead(compartment: string): boolean {
    return this.#epochKeys.has(compartment);
  }

  /**
   * A copy: `close` overwrites the keys here, and what is being sealed at that moment must not be sealed under zeros.
   * Throws COMPARTMENT_CLOSED.
   */
  epochKey(compartment: string, epoch: number): Bytes {
    const key = this.#epochKeys.get(compartment)?.[epoch - 1];
    if (key === undefined) throw closed(compartment);
    return ownBytes(key);
  }

  /** The last epoch that was granted. Throws COMPARTMENT_CLOSED. */
  currentEpoch(compartment: string): EpochKey {
    const epoch = this.#epochKeys.get(compartment)?.length ?? 0;
    return { compartment, epoch, key: this.epochKey(compartment, epoch) };
  }

  /** The stream that a name of docs/format/keys.md stands for. Throws COMPARTMENT_CLOSED. */
  stream(compartment: string, name: string): StreamRef {
    let key = this.#streamKeys.get(compartment);
    if (key === undefined) {
      key = streamKey(this.epochKey(compartment, 1));
      this.#streamKeys.set(compartment, key);
    }
    return { compartment, name, id: streamId(key, name) };
  }

  /** The key of this member, for wrapping to a new holder. Throws HOLDER_UNKNOWN when this generation was never wrapped to us. */
  memberSeed(generation: number): Bytes {
    const seed = this.#memberSeeds.get(generation);
    if (seed === undefined)
      throw new ReplicaError('HOLDER_UNKNOWN', 'This holder has not the member key of that generation');
    return ownBytes(seed);
  }

  /** Overwrites the keys; nothing opens afterwards. */
  close(): void {
    for (const seed of this.#memberSeeds.values()) seed.fill(0);
    for (const keys of this.#epochKeys.values()) for (const key of keys) key.fill(0);
    for (const key of this.#streamKeys.values()) key.fill(0);
    this.#epochKeys.clear();
    this.#streamKeys.clear();
  }

  /** Every epoch key from 1 to the last one granted, or null when nothing was granted. */
  async #openCompartment(compartment: CompartmentState, governance: GovernanceState): Promise<Bytes[] | null> {
    const granted = (governance.grants.get(bytesToHex(this.member)) ?? [])
      .filter((grant) => grant.compartment === compartment.name && this.#memberSeeds.has(grant.generation))
      .at(-1);
    if (granted === undefined) return null;
    const subject = [compartment.name, granted.number] as const;
    const expected = { purpose: 'epoch', practice: granted.scope, subject } as const;
    let key = await unwrapSecret(granted.wrap, this.memberSeed(granted.generation), expected);
    const keys: Bytes[] = [];
    for (let number = granted.number; number >= 1; number -= 1) {
      const epoch = compartment.epochs[number - 1];
      if (epoch === undefined || !equalBytes(epochCheck(key), epoch.check)) throw mismatch('epoch');
      keys[number - 1] = key;
      if (epoch.sealedPrevious !== null)
        key = await openPrevious(
          key,
          { practice: epoch.scope, compartment: compartment.name, number },
          epoch.sealedPrevious,
        );
    }
    return keys;
  }
}

async function openMemberSeeds(
  seed: Bytes,
  holder: AuthorState,
  governance: GovernanceState,
): Promise<Map<number, Bytes>> {
  const seeds = new Map<number, Bytes>();
  const member = governance.members.get(holder.member ?? '');
  if (member === undefined) throw new ReplicaError('HOLDER_UNKNOWN', 'This holder belongs to no member');
  for (const record of governance.wraps.get(bytesToHex(holder.author)) ?? []) {
    const subject = [member.member, record.generation] as const;
    const memberSeed = await unwrapSecret(record.wrap, seed, { purpose: 'member', practice: record.scope, subject });
    const pinned = member.recipients[record.generation - 1];
    if (pinned === undefined || !equalBytes(await seedToRecipient(memberSeed), pinned)) throw mismatch('member');
    seeds.set(record.generation, memberSeed);
  }
  return seeds;
}

function closed(compartment: string): ReplicaError {
  const name = compartment.startsWith('private/') ? 'private' : compartment;
  return new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open this part of the vault', {
    fields: { compartment: name },
  });
}

function mismatch(what: string): CoreError {
  return new CoreError('PUBLIC_KEY_MISMATCH', 'A key is not the one that was pinned', { fields: { what } });
}
