import { type Bytes, equalBytes, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { bundleSize, type CopyName, formatCopyName } from '@serment/core/copy/names';
import { encodeTail, type Tail, type TailItem } from '@serment/core/copy/tail';
import { readNote } from './adopt.ts';
import { readObject } from './bundle-check.ts';
import { commitOf, listCommits, parseOwnTail, readTails } from './copy-state.ts';
import type { Destination } from './destination.ts';
import { listUnder, type TailRange } from './held.ts';
import type { Mender, Unrepairable } from './mender.ts';
import type { OpenedState } from './open-copy.ts';
import type { PayloadPool } from './payload-pool.ts';
import { isSignedByHost } from './proven-host.ts';
import type { FencePlace } from './upper-levels.ts';

type WithoutPlace<Name> = Name extends { readonly fence: number } ? Omit<Name, 'practice' | 'fence'> : never;
export type NameInFence = WithoutPlace<CopyName>;

export function nameIn(place: FencePlace, name: NameInFence): string {
  return formatCopyName({ ...name, ...place });
}

/** Every note that any of these places has for a size, right or not. */
export async function notesAt(
  places: readonly Destination[],
  place: FencePlace,
  { size, tails }: { size: number; tails: readonly TailRange[] },
): Promise<Set<string>> {
  const notes = new Set<string>();
  if (size % bundleSize === 0)
    for (const destination of places) {
      const note = await readNote(destination, nameIn(place, { kind: 'checkpoint', size }));
      if (note !== null) notes.add(note);
    }
  for (const range of tails.filter(({ to }) => to === size))
    for (const { tail } of await readTails(places, place, range)) notes.add(tail.note);
  return notes;
}

export interface CommitRepairOptions {
  readonly opened: OpenedState;
  readonly bad: Destination;
  readonly places: readonly Destination[];
  readonly mender: Mender;
  readonly payloads: PayloadPool;
  /** The root of the proven tree at a size; null where nothing tells it. */
  readonly rootAt: (size: number) => Bytes | null;
  readonly onLost: (object: string, reason: Unrepairable, reach?: { from: number; to: number }) => void;
}

/** Checkpoints, and the tails after the last full bundle, at a damaged copy. */
export class CommitRepair {
  readonly #options: CommitRepairOptions;
  readonly #place: FencePlace;
  readonly #size: number;
  /** Entries in full bundles. */
  readonly #base: number;
  /** Ranges at the damaged copy that are right, or will be. */
  readonly #right: TailRange[] = [];
  #isCommitted = false;
  /** What is damaged there, and needed no more once the state is committed. */
  readonly surplus: string[] = [];

  constructor(options: CommitRepairOptions) {
    this.#options = options;
    const { place, size, tail } = options.opened.state;
    this.#place = place;
    this.#size = size;
    this.#base = size - tail.length;
  }

  async repair(): Promise<void> {
    const { bad, places } = this.#options;
    const { checkpoints, tails } = await listUnder(bad, this.#place, ['checkpoint/', 'tail/']);
    const { tails: all } = await listCommits(places, this.#place, ['tail']);
    for (const size of checkpoints) await this.#repairCheckpoint(size, all);
    for (const range of tails) if (range.to > this.#base || range.to === this.#size) await this.#repairTail(range, all);
    await this.#commit();
  }

  async #repairCheckpoint(size: number, tails: readonly TailRange[]): Promise<void> {
    const { bad, mender, onLost } = this.#options;
    const name = nameIn(this.#place, { kind: 'checkpoint', size });
    // Nothing that is left proves or refutes what it speaks of.
    if (size > this.#size) return onLost(name, 'nowhere', { from: this.#size, to: size });
    const own = await readNote(bad, name);
    let isRight = own !== null && (await this.#isRightNote(own, size));
    if (!isRight) {
      const note = await this.#noteAt(size, tails);
      if (note !== null) isRight = await mender.write(name, utf8ToBytes(note), true);
      else if (bad.putsAside) this.surplus.push(name);
      else onLost(name, 'locked');
    }
    if (isRight && size === this.#size) this.#isCommitted = true;
  }

  async #repairTail(range: TailRange, all: readonly TailRange[]): Promise<void> {
    const { bad, places, mender, onLost } = this.#options;
    const name = nameIn(this.#place, { kind: 'tail', ...range });
    if (range.to > this.#size) return onLost(name, 'nowhere', { from: Math.max(range.from, this.#size), to: range.to });
    const object = await readObject(bad, name);
    const own = object instanceof Uint8Array ? parseOwnTail(object, this.#place, range) : null;
    let isRight = own !== null && (await this.#isRightTail(own, range));
    // It may have been deleted meanwhile by the writer, as one that is covered.
    if (!isRight && object !== null) {
      const whole = await this.#tailFor(range, all, places);
      if (whole !== null) isRight = await mender.write(name, whole, true);
      else if (bad.putsAside) this.surplus.push(name);
      else onLost(name, 'locked', range);
    }
    if (isRight) this.#right.push(range);
  }

  /** Makes sure that what the damaged copy holds by now commits the whole state. */
  async #commit(): Promise<void> {
    const { opened, mender, onLost } = this.#options;
    if (this.#isCommitted || this.#isChained()) return;
    const { note, tail } = opened.state;
    const checkpoint = nameIn(this.#place, { kind: 'checkpoint', size: Math.max(bundleSize, this.#base) });
    if (tail.length === 0) {
      if (await mender.mend(checkpoint, utf8ToBytes(note))) return;
      // Something else stands in its place for good: a tail that ends there commits it.
      const last = await this.#itemsBefore();
      const range = { from: this.#size - 1, to: this.#size };
      if (last !== null)
        await mender.mend(nameIn(this.#place, { kind: 'tail', ...range }), this.#encode(range, last, note));
      return;
    }
    const range = { from: this.#base, to: this.#size };
    const name = nameIn(this.#place, { kind: 'tail', ...range });
    const items = await this.#itemsOf(range);
    if (items === null) onLost(name, 'nowhere', range);
    else await mender.mend(name, this.#encode(range, items, note));
  }

  /** Whether right tails join from the last full bundle to the end, or one commits what ends with it. */
  #isChained(): boolean {
    if (this.#size === this.#base) return this.#right.some(({ to }) => to === this.#size);
    let at = this.#base;
    for (let next: TailRange | undefined; at < this.#size; at = next.to) {
      next = this.#right
        .filter(({ from, to }) => from >= this.#base && from <= at && to > at)
        .sort((a, b) => b.to - a.to)[0];
      if (next === undefined) return false;
    }
    return true;
  }

  async #isRightNote(note: string, size: number): Promise<boolean> {
    const root = this.#options.rootAt(size);
    const committed = commitOf(note, this.#place, size);
    if (root === null || committed === null || !equalBytes(root, committed)) return false;
    return isSignedByHost(this.#options.opened.governance, size, note);
  }

  /** A right note for a size, from wherever there is one. */
  async #noteAt(size: number, tails: readonly TailRange[]): Promise<string | null> {
    const { places, opened } = this.#options;
    if (size === this.#size) return opened.state.note;
    for (const note of await notesAt(places, this.#place, { size, tails }))
      if (await this.#isRightNote(note, size)) return note;
    return null;
  }

  async #isRightTail(tail: Tail, { to }: TailRange): Promise<boolean> {
    const items = await this.#itemsOf({ from: tail.from, to });
    const isSame = items?.every(({ entry, payload }, at) => {
      const own = tail.items[at];
      return own !== undefined && equalBytes(own.entry, entry) && isSameOrNone(own.payload, payload);
    });
    return isSame === true && this.#isRightNote(tail.note, to);
  }

  /** What belongs under the name of a tail: proven entries and payloads, with a right note for its end. */
  async #tailFor(range: TailRange, all: readonly TailRange[], places: readonly Destination[]): Promise<Bytes | null> {
    for (const { tail } of await readTails(places, this.#place, range))
      if (await this.#isRightTail(tail, range)) return encodeTail(tail);
    const items = await this.#itemsOf(range);
    const note = items === null ? null : await this.#noteAt(range.to, all);
    return items === null || note === null ? null : this.#encode(range, items, note);
  }

  /** Entries after the last full bundle with their payloads; null when one is nowhere, or before it. */
  async #itemsOf({ from, to }: TailRange): Promise<TailItem[] | null> {
    const { opened, payloads } = this.#options;
    if (from < this.#base) return from === this.#size - 1 ? this.#itemsBefore() : null;
    const items: TailItem[] = [];
    for (const [at, { entry, payload: own }] of opened.state.tail.slice(from - this.#base, to - this.#base).entries()) {
      const payload = await payloads.of(from + at, entry, own);
      if (payload === undefined) return null;
      items.push({ entry, payload });
    }
    return items;
  }

  /** The last entry of the last full bundle. */
  async #itemsBefore(): Promise<TailItem[] | null> {
    const { opened, payloads } = this.#options;
    const number = this.#base / bundleSize - 1;
    const root = opened.state.bundleRoots.subarray(number * 32, number * 32 + 32);
    const entry = (await opened.source.entriesAndLosses(number, root))?.at(-1);
    if (!(entry instanceof Uint8Array)) return null;
    const payload = await payloads.of(this.#base - 1, entry, null);
    return payload === undefined ? null : [{ entry, payload }];
  }

  #encode({ from }: TailRange, items: readonly TailItem[], note: string): Bytes {
    const { practice, fence } = this.#place;
    return encodeTail({ practice: hexToBytes(practice), fence, from, items, note });
  }
}

function isSameOrNone(left: Bytes | null, right: Bytes | null): boolean {
  return left === null || right === null ? left === right : equalBytes(left, right);
}
