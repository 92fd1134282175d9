import { type Bytes, bytesToHex, equalBytes, ownBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import type { CompartmentState, GovernanceState } from '@serment/core/journal/governance-state';
import { epochCheck, openPrevious, streamId, streamKey } from '@serment/core/keys/epoch';
import { seedToSigner } from '@serment/core/keys/signing';
import type { InputKey } from '@serment/core/sealed/expand';
import { payloadKey } from '@serment/core/sealed/payload';
import type { Signer } from '@serment/core/signature';
import { ReplicaError } from './error.ts';
import { type WrapOpener, wrapOpener } from './opened-wraps.ts';

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

/** What wraps are opened with, each time there may be new ones. */
type OpenerOf = (holderSeed: Bytes) => WrapOpener;

/**
 * The keys that one holder (device or kit) opens: its member's keys, and from their grants every epoch of every
 * compartment. Keys live here and nowhere else; `close` forgets them.
 */
export class Keyring {
  readonly signer: Signer;
  readonly member: Bytes;
  readonly #seed: Bytes;
  readonly #openerOf: OpenerOf;
  /** By generation, with the public half that was pinned. */
  readonly #memberSeeds = new Map<number, { readonly seed: Bytes; readonly recipient: Bytes }>();
  /** Per compartment, by epoch number. */
  readonly #epochKeys = new Map<string, Map<number, Bytes>>();
  readonly #streamKeys = new Map<string, Bytes>();
  /** Made ready from epoch keys, by compartment and epoch. */
  readonly #payloadKeys = new Map<string, InputKey>();
  /** Of epochs that the host lost: they open what this device sealed for itself, and seal nothing. */
  #former: EpochKey[] = [];
  #isClosed = false;
  /** Numbers of the entries whose wrap does not open, or opens to another key than was pinned. */
  readonly #unreadable = new Set<number>();

  /**
   * A wrap or a grant that does not open is kept aside and told: one bad entry must not lock every holder out. Throws
   * HOLDER_UNKNOWN, HOLDER_REVOKED, and WRAP_INVALID when no key of the member opens at all.
   */
  static async open(seed: Bytes, governance: GovernanceState, openerOf: OpenerOf = () => wrapOpener): Promise<Keyring> {
    const signer = await seedToSigner(seed);
    const holder = governance.authors.get(bytesToHex(signer.author));
    if (holder?.member == null)
      throw new ReplicaError('HOLDER_UNKNOWN', 'This practice does not know this device or kit');
    if (holder.revokedAt !== null) throw new ReplicaError('HOLDER_REVOKED', 'This device or kit was revoked');
    const member = governance.members.get(holder.member);
    if (member === undefined) throw new ReplicaError('HOLDER_UNKNOWN', 'This holder belongs to no member');
    const keyring = new Keyring({ signer, member: member.member, seed, openerOf });
    await keyring.refresh(governance);
    if (keyring.#memberSeeds.size === 0) throw new CoreError('WRAP_INVALID', 'No key of this member opens here');
    return keyring;
  }

  private constructor(parts: { signer: Signer; member: Bytes; seed: Bytes; openerOf: OpenerOf }) {
    this.signer = parts.signer;
    this.member = parts.member;
    this.#seed = ownBytes(parts.seed);
    this.#openerOf = parts.openerOf;
  }

  /** Entries that give this holder nothing though they name it: damaged, or made by somebody who had not the key. */
  get unreadable(): readonly number[] {
    return [...this.#unreadable].sort((left, right) => left - right);
  }

  /**
   * Opens what was wrapped or granted since the last time. A host that was restored may have lost keys that were drawn, and
   * others may stand under their numbers by now: what is not pinned any more seals nothing from here on.
   */
  async refresh(governance: GovernanceState): Promise<void> {
    this.#leaveLost(governance);
    const opener = this.#openerOf(this.#seed);
    try {
      await this.#openMemberSeeds(governance, opener);
      for (const compartment of governance.compartments.values()) {
        const known = this.#epochKeys.get(compartment.name);
        if (known?.size === compartment.number) continue;
        const keys = await this.#openCompartment(compartment, { governance, opener });
        if (keys.size > 0) this.#epochKeys.set(compartment.name, keys);
      }
    } finally {
      await opener.keep();
    }
  }

  /** Compartments that this member can read, sorted. */
  compartments(): string[] {
    return [...this.#epochKeys.keys()].sort();
  }

  canRead(compartment: string): boolean {
    return this.#epochKeys.has(this.#named(compartment));
  }

  /** Every key that a journal pins, and this holder opened. */
  epochs(): EpochKey[] {
    return [...this.#epochKeys].flatMap(([compartment, keys]) =>
      [...keys].map(([epoch, key]) => ({ compartment, epoch, key: ownBytes(key) })),
    );
  }

  /** Takes keys of epochs that the host lost, for `localKeys` alone. */
  takeFormer(keys: readonly EpochKey[]): void {
    this.#former.push(...keys);
  }

  /** What this device may have sealed its own under at an epoch: the key that the journal pins, and what the host lost. */
  localKeys(compartment: string, epoch: number): Bytes[] {
    const pinned = this.#epochKeys.get(compartment)?.get(epoch);
    const former = this.#former.filter((one) => one.compartment === compartment && one.epoch === epoch);
    return [...(pinned === undefined ? [] : [pinned]), ...former.map(({ key }) => key)].map(ownBytes);
  }

  /**
   * A copy: `close` overwrites the keys here, and what is being sealed at that moment must not be sealed under zeros.
   * Throws COMPARTMENT_CLOSED.
   */
  epochKey(compartment: string, epoch: number): Bytes {
    const key = this.#epochKeys.get(compartment)?.get(epoch);
    if (key === undefined) throw closed(compartment);
    return ownBytes(key);
  }

  /** What opens the payloads of an epoch. Throws COMPARTMENT_CLOSED. */
  payloadKey(compartment: string, epoch: number): InputKey {
    const name = `${compartment}/${epoch}`;
    const known = this.#payloadKeys.get(name);
    if (known !== undefined) return known;
    const key = payloadKey(this.epochKey(compartment, epoch));
    this.#payloadKeys.set(name, key);
    return key;
  }

  /** The last epoch that was granted. Throws COMPARTMENT_CLOSED. */
  currentEpoch(compartment: string): EpochKey {
    const epoch = Math.max(0, ...(this.#epochKeys.get(compartment)?.keys() ?? []));
    return { compartment, epoch, key: this.epochKey(compartment, epoch) };
  }

  /** The stream that a name of docs/format/keys.md stands for. Throws COMPARTMENT_CLOSED. */
  stream(named: string, name: string): StreamRef {
    const compartment = this.#named(named);
    let key = this.#streamKeys.get(compartment);
    if (key === undefined) {
      key = streamKey(this.epochKey(compartment, 1));
      this.#streamKeys.set(compartment, key);
    }
    return { compartment, name, id: streamId(key, name) };
  }

  /** The key of this member, for wrapping to a new holder. Throws HOLDER_UNKNOWN when this generation was never wrapped to us. */
  memberSeed(generation: number): Bytes {
    const known = this.#memberSeeds.get(generation);
    if (known === undefined)
      throw new ReplicaError('HOLDER_UNKNOWN', 'This holder has not the member key of that generation');
    return ownBytes(known.seed);
  }

  hasMemberSeed(generation: number): boolean {
    return this.#memberSeeds.has(generation);
  }

  /** A copy of what this holder opens with, to be sealed for another way in; whoever asks overwrites it. Throws CLOSED. */
  holderSeed(): Bytes {
    if (this.#isClosed) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
    return ownBytes(this.#seed);
  }

  /** Overwrites the keys; nothing opens afterwards. */
  close(): void {
    this.#isClosed = true;
    this.#seed.fill(0);
    for (const { seed } of this.#memberSeeds.values()) seed.fill(0);
    for (const { key } of this.#former) key.fill(0);
    this.#former = [];
    for (const keys of this.#epochKeys.values()) for (const key of keys.values()) key.fill(0);
    for (const key of this.#streamKeys.values()) key.fill(0);
    this.#epochKeys.clear();
    this.#streamKeys.clear();
    this.#payloadKeys.clear();
  }

  /** `private` alone is this member's own. */
  #named(compartment: string): string {
    return compartment === 'private' ? `private/${bytesToHex(this.member)}` : compartment;
  }

  async #openMemberSeeds(governance: GovernanceState, opener: WrapOpener): Promise<void> {
    const member = governance.members.get(bytesToHex(this.member));
    for (const record of governance.wraps.get(bytesToHex(this.signer.author)) ?? []) {
      if (this.#memberSeeds.has(record.generation) || this.#unreadable.has(record.index)) continue;
      const subject = [this.member, record.generation] as const;
      const expected = { purpose: 'member', practice: record.scope, subject } as const;
      const pinned = member?.recipients[record.generation - 1];
      const seed = await opener.unwrap(record.wrap, this.#seed, expected).catch(nullWhenSealed);
      const isPinned = seed !== null && pinned !== undefined && equalBytes(await opener.recipientOf(seed), pinned);
      if (!isPinned) this.#unreadable.add(record.index);
      else this.#memberSeeds.set(record.generation, { seed, recipient: ownBytes(pinned) });
    }
  }

  /** Nothing is lost to it in a journal that only grows, nor in one that is not read as far as this member. */
  #leaveLost(governance: GovernanceState): void {
    const recipients = governance.members.get(bytesToHex(this.member))?.recipients;
    if (recipients === undefined) return;
    for (const [generation, { seed, recipient }] of this.#memberSeeds)
      if (!isPinnedAs(recipients[generation - 1], recipient)) {
        this.#memberSeeds.delete(generation);
        seed.fill(0);
        this.#unreadable.clear();
      }
    for (const [compartment, keys] of this.#epochKeys) {
      const epochs = governance.compartments.get(compartment)?.epochs ?? [];
      for (const [epoch, key] of keys) {
        if (isPinnedAs(epochs[epoch - 1]?.check, epochCheck(key))) continue;
        keys.delete(epoch);
        this.#former.push({ compartment, epoch, key });
        this.#payloadKeys.delete(`${compartment}/${epoch}`);
        if (epoch === 1) this.#streamKeys.delete(compartment);
        // Other entries stand under their numbers now.
        this.#unreadable.clear();
      }
      if (keys.size === 0) this.#epochKeys.delete(compartment);
    }
  }

  /** Every epoch key that some grant gives, alone or through the chain of previous keys. */
  async #openCompartment(
    compartment: CompartmentState,
    { governance, opener }: { readonly governance: GovernanceState; readonly opener: WrapOpener },
  ): Promise<Map<number, Bytes>> {
    const keys = new Map(this.#epochKeys.get(compartment.name));
    const grants = (governance.grants.get(bytesToHex(this.member)) ?? []).filter(
      (grant) => grant.compartment === compartment.name && !this.#unreadable.has(grant.index),
    );
    for (const grant of grants.toReversed()) {
      const memberSeed = this.#memberSeeds.get(grant.generation)?.seed;
      const epoch = compartment.epochs[grant.number - 1];
      if (memberSeed === undefined || epoch === undefined || keys.has(grant.number)) continue;
      const subject = [compartment.name, grant.number] as const;
      const expected = { purpose: 'epoch', practice: grant.scope, subject } as const;
      const key = await opener.unwrap(grant.wrap, memberSeed, expected).catch(nullWhenSealed);
      if (key === null || !equalBytes(epochCheck(key), epoch.check)) this.#unreadable.add(grant.index);
      else await this.#openChain(compartment, grant.number, key, keys);
    }
    return keys;
  }

  /** Follows the previous keys down from one epoch, as far as they open to the keys that were pinned. */
  async #openChain(compartment: CompartmentState, from: number, first: Bytes, keys: Map<number, Bytes>): Promise<void> {
    let key = first;
    for (let number = from; number >= 1 && !keys.has(number); number -= 1) {
      keys.set(number, key);
      const epoch = compartment.epochs[number - 1];
      const previous = compartment.epochs[number - 2];
      if (!epoch?.sealedPrevious || previous === undefined) return;
      const scope = { practice: epoch.scope, compartment: compartment.name, number };
      const opened = await openPrevious(key, scope, epoch.sealedPrevious).catch(nullWhenSealed);
      if (opened === null || !equalBytes(epochCheck(opened), previous.check)) {
        this.#unreadable.add(epoch.index);
        return;
      }
      key = opened;
    }
  }
}

function isPinnedAs(pinned: Uint8Array | undefined, own: Uint8Array): boolean {
  return pinned !== undefined && equalBytes(pinned, own);
}

function nullWhenSealed(error: unknown): null {
  if (error instanceof CoreError) return null;
  throw error;
}

function closed(compartment: string): ReplicaError {
  const name = compartment.startsWith('private/') ? 'private' : compartment;
  return new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open this part of the vault', {
    fields: { compartment: name },
  });
}
