import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { RandomSource } from '@serment/core/random';
import { openDraft, parseDraft, sealDraft } from '@serment/core/sealed/draft';
import type { DraftListed } from '@serment/core/wire/draft';
import type { Keyring } from './keyring.ts';
import type { DraftStore } from './transport.ts';

export interface DraftContent {
  /** What the draft is of, such as `note/Patient/…`; sealed with it. */
  readonly key: string;
  readonly text: string;
  /** The device's clock at the last keystroke, ms. */
  readonly updatedAt: number;
}

/** A draft that stood in a slot before the one that stands there now, and the revision at which it was done with. */
export interface DoneDraft {
  /** 16 bytes that stand for its key. */
  readonly tag: Uint8Array;
  readonly revision: number;
}

/** Where a draft stands at the host, as it was last seen there. */
export interface DraftPlace {
  readonly slot: number;
  /** 0 for a slot that was never written. */
  readonly revision: number;
  /** Newest last. */
  readonly done: readonly DoneDraft[];
}

export interface PlacedDraft extends DraftContent {
  readonly place: DraftPlace;
}

/** What the host holds for one key. */
export interface DraftLook {
  /** Newest first; more than one only when two devices began the same draft at the same moment. */
  readonly found: readonly PlacedDraft[];
  /** Slots that the draft may be written to: those that hold nothing, or a draft that somebody has done with. */
  readonly free: readonly DraftPlace[];
  /** True when the draft that stood at `place` was done with, and its slot used again. */
  isDone(place: DraftPlace | null): boolean;
  /** Whether somebody had done with a draft of this key, as far as its slots tell. */
  readonly wasDone: boolean;
}

/** What stands in a member's slots. */
export interface SlotsRead {
  readonly drafts: readonly PlacedDraft[];
  /** Slots of this member that do not open here. */
  readonly unreadable: number;
}

/** Whose slots, where they are not one's own; and the compartment under which they are derived and sealed. */
export interface DraftOwner {
  /** 16 bytes. */
  readonly member: Uint8Array;
  readonly compartment: string;
}

export interface DraftSlotsParts {
  readonly practice: Uint8Array;
  readonly keyring: Keyring;
  readonly transport: Pick<DraftStore, 'draft' | 'putDraft'>;
  readonly random: RandomSource;
  readonly owner?: DraftOwner;
  /** Fewer only where a test fills them all. */
  readonly slotCount?: number;
}

/** Half of what the host lets a member write: slots are used again, and never asked for beyond. */
const standardCount = 2048;
const placesPerDraft = 4;
const keptDone = 32;
const readAtOnce = 8;

/**
 * A member's slots at the host (docs/decisions/0009): numbered, so that their count has an end. Each key has four of them
 * that it may stand in; a slot is used again once its draft was done with, and never while it holds one. Whoever holds
 * the compartment's keys finds those of any member (docs/format/keys.md).
 */
export class DraftSlots {
  readonly #parts: DraftSlotsParts;
  /** Of each slot by its id in hexadecimal, once they were wanted. */
  #numbers: ReadonlyMap<string, number> | null = null;

  constructor(parts: DraftSlotsParts) {
    this.#parts = parts;
  }

  /** A desk has no clinical key; what it types is no clinical record either. */
  get compartment(): string {
    return this.#parts.owner?.compartment ?? (this.#parts.keyring.canRead('clinical') ? 'clinical' : 'admin');
  }

  /** 16 bytes that stand for a key, which names a patient. */
  tagOf(key: string): Uint8Array {
    return this.#derived(`of/${key}`);
  }

  async look(key: string): Promise<DraftLook> {
    const tag = this.tagOf(key);
    const { slotCount = standardCount } = this.#parts;
    const seen = await Promise.all(numbersOf(tag, slotCount).map((slot) => this.#read(slot)));
    const read = seen.filter((one) => one !== null);
    const found = read.filter((one) => one.key === key).sort((left, right) => right.updatedAt - left.updatedAt);
    return {
      found,
      free: read.filter((one) => one.text === '' && one.key !== key).map(({ place }) => place),
      isDone: (place) =>
        read.some(
          (one) =>
            one.place.slot === place?.slot &&
            one.place.done.some((done) => equalBytes(done.tag, tag) && done.revision > place.revision),
        ),
      wasDone: read.some(({ place }) => place.done.some((done) => equalBytes(done.tag, tag))),
    };
  }

  /** What stands in those of the listed slots that are this member's: the host may list others, and names none of them. */
  async readListed(listed: readonly DraftListed[]): Promise<SlotsRead> {
    if (listed.length === 0) return { drafts: [], unreadable: 0 };
    this.#numbers ??= this.#allNumbers();
    const numbers = this.#numbers;
    const own = listed.flatMap(({ slot }) => numbers.get(bytesToHex(slot)) ?? []);
    const drafts: PlacedDraft[] = [];
    let unreadable = 0;
    for (let from = 0; from < own.length; from += readAtOnce) {
      const read = await Promise.all(own.slice(from, from + readAtOnce).map((number) => this.#read(number)));
      unreadable += read.filter((one) => one === null).length;
      drafts.push(...read.filter((one) => one !== null));
    }
    return { drafts, unreadable };
  }

  /** Writes over what was seen at a place, and gives the place as it is then. Throws DRAFT_STALE when something else stands. */
  async write({ key, text, updatedAt }: DraftContent, place: DraftPlace): Promise<DraftPlace> {
    const { keyring, practice, transport, random } = this.#parts;
    const { compartment } = this;
    const slot = this.#idOf(place.slot);
    const revision = place.revision + 1;
    const tag = this.tagOf(key);
    // The last word on this key is in its text now; an empty one becomes the next in the list.
    const others = place.done.filter((done) => !equalBytes(done.tag, tag));
    const done = text === '' ? [...others, { tag, revision }].slice(-keptDone) : others;
    const { epoch, key: epochKey } = keyring.currentEpoch(compartment);
    const doneValues = done.map((one): CborValue => [one.tag, one.revision]);
    const content = encodeCanonical([2, key, text, updatedAt, doneValues]);
    const draft = await sealDraft(epochKey, { practice, slot, compartment, epoch, revision }, content, random);
    await transport.putDraft(slot, place.revision, draft);
    return { slot: place.slot, revision, done };
  }

  /** Null for what this member cannot read: nothing is ever written over it. */
  async #read(number: number): Promise<PlacedDraft | null> {
    const { keyring, practice, transport } = this.#parts;
    const slot = this.#idOf(number);
    const bytes = await transport.draft(slot);
    if (bytes === null) return { ...nothing, place: { slot: number, revision: 0, done: [] } };
    try {
      const draft = parseDraft(bytes);
      if (draft.compartment !== this.compartment) return null;
      const key = keyring.epochKey(draft.compartment, draft.epoch);
      const read = decodeDraft(await openDraft(key, { practice, slot }, draft));
      return read && { ...read, place: { slot: number, revision: draft.revision, done: read.done } };
    } catch (error) {
      if (error instanceof CodedError) return null;
      throw error;
    }
  }

  #allNumbers(): ReadonlyMap<string, number> {
    const numbers = new Map<string, number>();
    const { slotCount = standardCount } = this.#parts;
    for (let number = 0; number < slotCount; number += 1) numbers.set(bytesToHex(this.#idOf(number)), number);
    return numbers;
  }

  #idOf(number: number): Uint8Array {
    return this.#derived(String(number));
  }

  #derived(name: string): Uint8Array {
    const { keyring, owner } = this.#parts;
    return keyring.stream(this.compartment, `draft/${bytesToHex(owner?.member ?? keyring.member)}/${name}`).id;
  }
}

const nothing = { key: '', text: '', updatedAt: 0 };

/** Four places of a key, two bytes each; one that is taken already gives way to the next. */
function numbersOf(tag: Uint8Array, slotCount: number): number[] {
  const view = new DataView(tag.buffer, tag.byteOffset, tag.byteLength);
  const numbers = new Set<number>();
  for (let place = 0; place < Math.min(placesPerDraft, slotCount); place += 1) {
    let number = view.getUint16(2 * place) % slotCount;
    while (numbers.has(number)) number = (number + 1) % slotCount;
    numbers.add(number);
  }
  return [...numbers];
}

function decodeDraft(bytes: Uint8Array): (DraftContent & { done: DoneDraft[] }) | null {
  const [format, key, text, updatedAt, done] = listOf(decodeCanonical(bytes));
  if (format !== 2 || typeof key !== 'string' || typeof text !== 'string' || typeof updatedAt !== 'number') return null;
  return { key, text, updatedAt, done: doneFromCbor(done) };
}

export function doneFromCbor(value: CborValue | undefined): DoneDraft[] {
  return listOf(value).flatMap((item) => {
    const [tag, revision] = listOf(item);
    return tag instanceof Uint8Array && typeof revision === 'number' ? [{ tag, revision }] : [];
  });
}

function listOf(value: CborValue | undefined): readonly CborValue[] {
  return Array.isArray(value) ? value : [];
}
