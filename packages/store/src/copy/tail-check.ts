import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { parseTail, type Tail } from '@serment/core/copy/tail';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import { parseEntry, signedMessage } from '@serment/core/journal/entry';
import { Frontier, foldFrontier, leafHash } from '@serment/core/journal/tree';
import { verifySignature } from '@serment/core/signature';
import { type CheckedBundle, readObject } from './bundle-check.ts';
import type { CheckpointCheck } from './checkpoint-check.ts';
import type { EntryCheck } from './entry-check.ts';
import { type CopyFindingCode, makeFinding, type Reach } from './finding.ts';
import type { TailRange } from './held.ts';
import type { VerifyContext } from './verify-practice.ts';

/** Checks tails: those that bundles cover by comparison, those after the last bundle as a chain. */
export class TailCheck {
  readonly #context: VerifyContext;
  readonly #entries: EntryCheck;
  readonly #checkpoints: CheckpointCheck;

  constructor(context: VerifyContext, entries: EntryCheck, checkpoints: CheckpointCheck) {
    this.#context = context;
    this.#entries = entries;
    this.#checkpoints = checkpoints;
  }

  /** Whether any tail begins in a bundle. */
  covers(bundle: number): boolean {
    return this.#inside(bundle).length > 0;
  }

  /** Tails of a full bundle, which stay until the writer has read the bundle back; one that ends with it may commit it. */
  async checkCovered(bundle: CheckedBundle, root: Bytes | null): Promise<void> {
    const base = bundle.number * bundleSize;
    for (const range of this.#inside(bundle.number)) {
      const tail = await this.#read(range);
      if (tail === 'gone') continue;
      const isSame = tail?.items.every(({ entry }, position) => {
        const own = bundle.entries[range.from - base + position] ?? null;
        return own === null || equalBytes(own, entry);
      });
      if (tail === null) continue;
      const isEnd = range.to === base + bundleSize;
      const code =
        isSame !== true
          ? 'TAIL_DAMAGED'
          : isEnd
            ? await this.#checkpoints.check(tail.note, { size: range.to, root, name: this.#name(range) })
            : null;
      if (code !== null) this.#find(code, range, tail);
    }
  }

  #inside(bundle: number): TailRange[] {
    const base = bundle * bundleSize;
    return this.#context.held.tails.filter(({ from }) => from >= base && from < base + bundleSize);
  }

  /** Follows the tails after `bundles` full bundles; returns how many entries they hold. */
  async checkAfter(bundles: number, frontier: Frontier | null): Promise<number> {
    const base = bundles * bundleSize;
    const ranges = this.#context.held.tails
      .filter(({ to }) => to > base)
      .sort((left, right) => left.from - right.from || left.to - right.to);
    const chain = { partial: new Frontier(), leaves: [] as Bytes[] };
    let seenTo = base;
    for (const range of ranges) {
      const at = base + chain.partial.size;
      const tail = await this.#read(range);
      if (tail === 'gone') continue;
      const from = Math.max(at, seenTo);
      if (range.from > from)
        this.#context.find(makeFinding('TAIL_GAP', this.#name(range), this.#reach({ from, to: range.from })));
      seenTo = Math.max(seenTo, range.to);
      if (tail !== null) await this.#check({ range, tail, frontier, chain, base });
    }
    return chain.partial.size;
  }

  /** Checks one tail and, when it follows the chain, adds it. */
  async #check(found: {
    range: TailRange;
    tail: Tail;
    frontier: Frontier | null;
    chain: { partial: Frontier; leaves: Bytes[] };
    base: number;
  }): Promise<void> {
    const { range, tail, frontier, chain, base } = found;
    const leaves = tail.items.map(({ entry }) => leafHash(entry));
    const at = base + chain.partial.size;
    // After a gap there is nothing to compare with: the gap itself is the finding.
    if (range.from > at) return;
    const isOverlapSame = leaves.every((leaf, position) => {
      const known = chain.leaves[range.from - base + position];
      return known === undefined || equalBytes(known, leaf);
    });
    const partial = chain.partial.clone();
    for (const leaf of leaves.slice(at - range.from)) partial.append(leaf);
    const isLonger = range.to > at;
    const root = frontier === null || !isLonger ? null : foldFrontier([...frontier.hashes(), ...partial.hashes()]);
    const isRight = isOverlapSame && (root === null || equalBytes(root, parseCheckpoint(tail.note).checkpoint.root));
    if (!isRight) {
      const isFork = (await this.#checkpoints.isSigned(tail.note, range.to)) && (await areSigned(tail));
      this.#find(isFork ? 'CHECKPOINT_FORK' : 'TAIL_DAMAGED', range, tail);
      return;
    }
    if (!isLonger) return;
    const items = tail.items
      .slice(at - range.from)
      .map(({ entry, payload }, position) => ({ index: at + position, entry, payload }));
    await this.#entries.add(items, { entries: this.#name(range), payloads: this.#name(range) });
    chain.leaves.push(...leaves.slice(at - range.from));
    chain.partial = partial;
    const code = await this.#checkpoints.check(tail.note, { size: range.to, root, name: this.#name(range) });
    if (code !== null) this.#find(code, range, tail);
    this.#context.onProgress({ entries: items.length });
  }

  /** The tail, null when damaged, `gone` when a live writer has deleted it meanwhile. */
  async #read(range: TailRange): Promise<Tail | null | 'gone'> {
    const name = this.#name(range);
    const object = await readObject(this.#context.destination, name);
    this.#context.onProgress({ objects: 1, bytes: object instanceof Uint8Array ? object.length : 0 });
    if (object === null) return 'gone';
    if (object instanceof Uint8Array) {
      try {
        const tail = parseTail(object);
        const { practice, fence } = this.#context.place;
        const isOwn = bytesToHex(tail.practice) === practice && tail.fence === fence;
        if (isOwn && tail.from === range.from && tail.from + tail.items.length === range.to) return tail;
      } catch {
        // Told below.
      }
    }
    this.#find('TAIL_DAMAGED', range, null);
    return null;
  }

  #find(code: CopyFindingCode, range: TailRange, tail: Tail | null): void {
    this.#context.find(makeFinding(code, this.#name(range), { ...this.#reach(range), ...placesOf(tail) }));
  }

  #reach({ from, to }: TailRange): Partial<Reach> {
    return { practice: this.#context.place.practice, from, to, since: this.#entries.lastReceivedAt };
  }

  #name({ from, to }: TailRange): string {
    return formatCopyName({ kind: 'tail', ...this.#context.place, from, to });
  }
}

function placesOf(tail: Tail | null): Partial<Reach> {
  const streams = new Set<string>();
  let until: number | null = null;
  for (const { entry } of tail?.items ?? []) {
    try {
      const place = readEntryPlace(entry);
      streams.add(bytesToHex(place.stream));
      until = place.receivedAt;
    } catch {
      // Reach is told as far as it is known.
    }
  }
  return { streams: [...streams], until };
}

async function areSigned(tail: Tail): Promise<boolean> {
  try {
    const entries = tail.items.map(({ entry }) => parseEntry(entry));
    const signed = await Promise.all(
      entries.map(({ header, headerBytes, payloadHash, signature }) =>
        verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature),
      ),
    );
    return signed.every(Boolean);
  } catch {
    return false;
  }
}
