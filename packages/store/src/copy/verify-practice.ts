import { type Bytes, equalBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { tileRoot } from '@serment/core/copy/nodes';
import { sha256Stream } from '@serment/core/hash';
import { Frontier, foldFrontier } from '@serment/core/journal/tree';
import type { BlobCheck } from './blob-check.ts';
import { checkBundle, type RawBundle, readRawBundle } from './bundle-check.ts';
import { documentsOf } from './bundle-documents.ts';
import { CheckpointCheck } from './checkpoint-check.ts';
import { CopyError, isOutOfReach } from './copy-error.ts';
import type { Destination } from './destination.ts';
import { EntryCheck } from './entry-check.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import type { Held } from './held.ts';
import { IndexCheck } from './index-check.ts';
import { endingWith, hashObjects, isGiven, JudgedBytes } from './judged-bytes.ts';
import { TailCheck } from './tail-check.ts';
import { TileCheck } from './tile-check.ts';
import type { FencePlace } from './upper-levels.ts';
import { shape } from './verify-state.ts';

export const farBundles = 4096;
// Bundles that are read ahead, which may have 32 MiB each; most have a hundredth of that.
const aheadBytes = 48 * 1024 * 1024;
const objectsOfBundle = 5;

export interface ExpectedHead {
  readonly size: number;
  readonly root: Bytes;
}

export interface PracticeReport {
  readonly practice: string;
  readonly fence: number;
  /** Entries that stand proven under a checkpoint. */
  readonly size: number;
  readonly root: Bytes;
  readonly note: string | null;
  /** The host's clock at the last entry, milliseconds since 1970. */
  readonly receivedAt: number | null;
  readonly entries: number;
  readonly payloadBytes: number;
  readonly blobs: number;
  /** The first entry that this verification read; those before it were read by an earlier one. */
  readonly readFrom: number;
  /** When the reading began in which its first entry was read, milliseconds since 1970. */
  readonly readSince: number;
  /** When the reading began that judged its first entry, milliseconds since 1970. */
  readonly judgedSince: number;
}

/** What one fence proves of the sizes that later ones claim. */
export interface ProvenBefore {
  readonly roots: ReadonlyMap<number, Bytes>;
}

export interface VerifiedFence extends ProvenBefore {
  readonly report: Omit<PracticeReport, 'readFrom' | 'readSince' | 'judgedSince'>;
  /** True for a restored vault whose host no member has named yet: nothing of it is proven, and nothing in it is new. */
  readonly isUnacknowledged: boolean;
}

export interface VerifyContext {
  readonly destination: Destination;
  readonly place: FencePlace;
  readonly held: Held;
  /** The last proven fence before this one. */
  readonly before: ProvenBefore | null;
  /** Sizes whose roots are to be told: those that the fences after this one claim, and an earlier verification's. */
  readonly claimed: ReadonlySet<number>;
  readonly documents: BlobCheck;
  /** Documents of entries before this one are read by their names. */
  readonly documentsTo: number;
  readonly find: (finding: CopyFinding) => void;
  readonly onProgress: (more: { objects?: number; bytes?: number; entries?: number }) => void;
}

/** Verifies one practice under one fence, bundle by bundle, then its tails. */
export class PracticeVerifier {
  readonly #context: VerifyContext;
  readonly #entries: EntryCheck;
  readonly #checkpoints: CheckpointCheck;
  readonly #tiles: TileCheck;
  readonly #indexes: IndexCheck;
  readonly #tails: TailCheck;
  readonly #judged = new JudgedBytes();
  #bundles = new Frontier();
  #isRootKnown = true;
  #count = 0;
  /** SHA-256 of the five objects of the last bundle. */
  #last: readonly Bytes[] = [];
  /** What names claim beyond anything that is there. */
  #beyond: CopyFinding | null = null;

  constructor(context: VerifyContext) {
    this.#context = context;
    this.#entries = new EntryCheck(context);
    this.#checkpoints = new CheckpointCheck(context, this.#entries);
    this.#tiles = new TileCheck(context, this.#judged);
    this.#indexes = new IndexCheck(context, this.#judged);
    this.#tails = new TailCheck(context, this.#entries, this.#checkpoints);
  }

  /** All that is known after the full bundles that were read, without the tails that follow. */
  toCbor(): CborValue {
    const [isRootKnown, hashes] = [this.#isRootKnown, this.#isRootKnown ? this.#bundles.hashes() : []];
    return [
      ...[this.#count, hashes, isRootKnown, this.#last, this.#entries.toCbor()],
      ...[this.#checkpoints.toCbor(), this.#tiles.toCbor(), this.#indexes.toCbor(), this.#judged.toCbor()],
    ];
  }

  /** Goes on where `toCbor` was called, with whatever the copy holds by now. Throws CoreError for other values. */
  resume(item: CborValue): void {
    const [count, hashes, isRootKnown, last, entries, checkpoints, tiles, indexes, judged] = shape.array(item, 9);
    const hash = (value: CborValue) => shape.bytes(value, 32);
    this.#count = shape.uint(count);
    this.#isRootKnown = shape.flag(isRootKnown);
    const whole = shape.array(hashes).map(hash);
    this.#bundles = this.#isRootKnown ? Frontier.from(this.#count, whole) : new Frontier();
    this.#last = shape.array(last).map(hash);
    this.#entries.resume(entries);
    this.#checkpoints.resume(checkpoints);
    this.#tiles.resume(tiles);
    this.#indexes.resume(indexes);
    this.#judged.resume(judged);
  }

  get count(): number {
    return this.#count;
  }

  /** False when later fences claim sizes of which this state no longer knows the roots. */
  get knowsClaimed(): boolean {
    return this.#entries.knowsClaimed;
  }

  /** Whether the last bundle that was read is still the same, byte for byte. */
  async isAnchored(): Promise<boolean> {
    const { destination, place } = this.#context;
    if (this.#count === 0) return true;
    const found = hashObjects(await readRawBundle(destination, place, this.#count - 1));
    return found.length === this.#last.length && found.every((hash, at) => equalBytes(hash, this.#last[at] ?? hash));
  }

  /**
   * Reads again, from the first one, the bundles that `resume` has told of, and hashes every byte of them: what follows from
   * the bytes alone, hashes, signatures and rights, is as it was judged where these are the same. False as soon as anything
   * is not as it was or is found by `hasFound`: what it is, a verification that judges everything says.
   */
  async isSameAgain(hasFound: () => boolean): Promise<boolean> {
    if (!this.#isRootKnown) return false;
    const { place, held, onProgress } = this.#context;
    const read = new JudgedBytes();
    const bundles = new Frontier();
    for await (const raw of this.#readAhead(0, this.#count)) {
      const { number } = raw;
      if (!isGiven(raw)) return false;
      read.add(...hashObjects(raw));
      bundles.append(new Uint8Array(tileRoot(raw.nodes)));
      for (const name of endingWith(place, number)) {
        const above = await this.#hashOf(name);
        if (above === null) return false;
        read.add(above);
      }
      if (this.#judged.hasDocuments(number) && !(await this.#hasDocuments(raw))) return false;
      const size = (number + 1) * bundleSize;
      if (held.checkpoints.has(size)) await this.#checkpoints.checkAt(size, bundles.root());
      if (this.#tails.covers(number)) await this.#tails.checkCovered(checkBundle(raw, place, null), bundles.root());
      if (hasFound()) return false;
      onProgress({ objects: objectsOfBundle, bytes: bytesOf(raw), entries: bundleSize });
    }
    return read.isSame(this.#judged);
  }

  /** Reads the bundles that follow; `onBundle` is waited for after each one. */
  async readBundles(onBundle: () => Promise<void>): Promise<void> {
    const { place, find, onProgress } = this.#context;
    const { count, beyond } = reachableBundles(this.#context, this.#count);
    this.#beyond = beyond;
    for await (const raw of this.#readAhead(this.#count, count)) {
      const { number } = raw;
      const checked = checkBundle(raw, place, await this.#tiles.parentOf(number));
      const hashes = hashObjects(raw);
      this.#judged.add(...hashes);
      this.#judged.mark(documentsOf(checked).length > 0);
      for (const finding of checked.findings) find(this.#sinceBefore(finding));
      await this.#entries.addBundle(checked);
      if (checked.root === null) this.#isRootKnown = false;
      else if (this.#isRootKnown) this.#bundles.append(new Uint8Array(checked.root));
      const root = this.#isRootKnown ? this.#bundles.root() : null;
      await this.#tiles.add(checked.root);
      await this.#indexes.add(checked);
      await this.#checkpoints.checkAt((number + 1) * bundleSize, root);
      await this.#tails.checkCovered(checked, root);
      onProgress({ objects: objectsOfBundle, bytes: bytesOf(raw), entries: bundleSize });
      this.#count = number + 1;
      this.#last = hashes;
      await onBundle();
    }
  }

  /** Reads the tails after the bundles, and says what all of it proves. */
  async finish(): Promise<VerifiedFence> {
    const { place, find } = this.#context;
    if (this.#beyond !== null) find(this.#beyond);
    const partial = await this.#tails.checkAfter(this.#count, this.#isRootKnown ? this.#bundles : null);
    await this.#checkpoints.finish(this.#count);
    this.#entries.finish();
    const { proven, isUnacknowledged } = this.#checkpoints;
    const size = proven?.size ?? 0;
    const report = {
      practice: place.practice,
      fence: place.fence,
      size,
      root: proven?.root ?? foldFrontier([]),
      note: proven?.note ?? null,
      receivedAt: this.#entries.lastReceivedAt,
      entries: this.#count * bundleSize + partial,
      payloadBytes: this.#entries.payloadBytes,
      blobs: this.#entries.blobs,
    };
    return { report, roots: this.#entries.rootsUpTo(size), isUnacknowledged };
  }

  /** SHA-256 of an object; null where it is not given. */
  async #hashOf(name: string): Promise<Bytes | null> {
    const hasher = sha256Stream();
    try {
      for await (const piece of this.#context.destination.stream(name)) {
        hasher.update(piece);
        this.#context.onProgress({ bytes: piece.length });
      }
    } catch (cause) {
      if (cause instanceof CopyError && !isOutOfReach(cause)) return null;
      throw cause;
    }
    this.#context.onProgress({ objects: 1 });
    return hasher.digest();
  }

  /** Whether every document that entries of a bundle name is there, and whole. */
  async #hasDocuments(raw: RawBundle): Promise<boolean> {
    const { destination, place, documents, documentsTo } = this.#context;
    const { practice } = place;
    for (const { hash, index } of documentsOf(checkBundle(raw, place, null))) {
      if ((await destination.size(formatCopyName({ kind: 'blob', practice, hash }))) === null) return false;
      if (index >= documentsTo) await documents.readOnce({ kind: 'blob', practice, hash });
      if (documents.isBad(practice, hash)) return false;
    }
    return true;
  }

  /** What is lost tells no time of its own: it came after the last entry that is there. */
  #sinceBefore(finding: CopyFinding): CopyFinding {
    const { reach } = finding;
    const isTold = reach.since !== null || reach.streamCount === 0;
    return isTold ? finding : { ...finding, reach: { ...reach, since: this.#entries.lastReceivedAt } };
  }

  /** Bundles in order, some of them read ahead: as many as the place answers at once, of so many bytes together. */
  async *#readAhead(from: number, count: number): AsyncGenerator<RawBundle> {
    const { destination, place } = this.#context;
    const most = 1 + Math.ceil(destination.readsAtOnce / objectsOfBundle);
    const ahead: Promise<RawBundle>[] = [];
    let largest = aheadBytes;
    for (let next = from; next < count || ahead.length > 0; ) {
      while (next < count && (ahead.length === 0 || (ahead.length < most && ahead.length * largest < aheadBytes))) {
        const reading = readRawBundle(destination, place, next);
        // Seen when its turn comes; until then it must not count as unhandled.
        reading.catch(() => undefined);
        ahead.push(reading);
        next += 1;
      }
      const raw = await ahead.shift();
      if (raw === undefined) return;
      largest = Math.max(largest === aheadBytes ? 1 : largest, bytesOf(raw));
      yield raw;
    }
  }
}

/** Full bundles that some checkpoint commits, as names tell. */
export function committedBundles(held: Held): number {
  return Math.floor(claimedSize(held) / bundleSize);
}

/** The greatest size that names of checkpoints and tails speak of. */
export function claimedSize(held: Held): number {
  let size = 0;
  for (const checkpoint of held.checkpoints) size = Math.max(size, checkpoint);
  // A tail commits what is under it: it was written only once that was durable.
  for (const { to } of held.tails) size = Math.max(size, to);
  return size;
}

/** A name alone can claim any number of bundles: after a gap no accident makes, nothing more is looked for. */
function reachableBundles({ held, place }: VerifyContext, from: number): { count: number; beyond: CopyFinding | null } {
  const count = committedBundles(held);
  const numbers = [...held.entries, ...held.payload, ...held.nodes, ...(held.tiles.get(0) ?? [])];
  let last = from - 1;
  for (const number of numbers.sort((left, right) => left - right)) {
    if (number - last > farBundles) break;
    last = Math.max(last, number);
  }
  if (count - last <= farBundles) return { count, beyond: null };
  const reach = { practice: place.practice, from: (last + 1) * bundleSize, to: count * bundleSize };
  return { count: last + 1, beyond: makeFinding('BUNDLE_MISSING', null, reach) };
}

/** How a copy falls short of what it must at least hold. */
export function compareToExpected(
  report: Pick<PracticeReport, 'practice' | 'size' | 'root'>,
  expected: ExpectedHead | null,
): CopyFinding[] {
  if (expected === null) return [];
  const reach = { practice: report.practice, from: report.size, to: expected.size };
  if (report.size < expected.size) return [makeFinding('COPY_BEHIND', null, reach)];
  const isOther = report.size === expected.size && !equalBytes(report.root, expected.root);
  return isOther ? [makeFinding('FORK', null, reach)] : [];
}

function bytesOf(raw: object): number {
  let bytes = 0;
  for (const object of Object.values(raw)) if (object instanceof Uint8Array) bytes += object.length;
  return bytes;
}
