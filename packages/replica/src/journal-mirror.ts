import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { type Checkpoint, parseCheckpoint } from '@serment/core/journal/checkpoint';
import { type Entry, parseEntry } from '@serment/core/journal/entry';
import type { Finding, FindingCode } from '@serment/core/journal/finding';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { governanceStream, hostStream, type TreeHead } from '@serment/core/journal/header';
import type { LostEntry } from '@serment/core/journal/losses';
import { JournalVerifier, type UnreadJournal } from '@serment/core/journal/verifier';
import { type Cache, memoryCache } from './cache.ts';
import { ReplicaError } from './error.ts';
import { bytesOf, type JournalSource } from './journal-source.ts';
import { MirrorEntries } from './mirror-entries.ts';
import { decodeImage, dropImage, readImage, writeImage } from './mirror-image.ts';
import { MirrorTurns } from './mirror-turns.ts';
import { PinnedCheckpoint } from './pinned-checkpoint.ts';
import { indexInto, StreamIndex } from './stream-index.ts';
import { emptyJournal, readOn, saysSame, type VerifiedJournal } from './whole-journal.ts';

/** What a `heads` says of the entries before its size, and what of them was read already. */
export interface JournalStart extends UnreadJournal {
  readonly streams: StreamIndex;
  /** The `heads` itself: its stream and its number. */
  readonly stream: Bytes;
  readonly index: number;
  /** By their numbers, proven. */
  readonly chunks: ReadonlyMap<number, readonly Bytes[]>;
}

export interface SyncReport {
  /** Where the host's journal left what was known here: the size before, or less after an acknowledged restore. */
  readonly from: number;
  readonly to: number;
  readonly findings: readonly Finding[];
}

interface MirrorOptions {
  readonly practice: Bytes;
  readonly source: JournalSource;
  readonly cache: Cache;
  readonly isRecovering?: boolean;
  readonly isCopy?: boolean;
  /** Called before what was verified gives way to another history. What it throws keeps this image as it was. */
  readonly onLeaving?: (left: GovernanceState, next: GovernanceState) => Promise<void>;
}

interface Advance {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly pause?: number;
  /** Whether what was read is to be kept; when left out, it always is. */
  readonly accepts?: (findings: readonly Finding[]) => boolean;
}

/** The host's word against itself: nothing of such an answer is kept. */
const lies: ReadonlySet<FindingCode> = new Set(['ROOT_MISMATCH', 'CHECKPOINT_INVALID', 'ROLLBACK', 'FORK']);
const pageEntries = 2048;
/** The image is written whole: what came since is verified anew from the device's entries when it is opened. */
const imageEvery = 512;
const hostName = bytesToHex(hostStream);

/**
 * A verified image of the journal's entries (docs/format/journal.md, Verifying), without payloads. What it holds was
 * checked entry by entry up to a checkpoint of the host; an entry with a finding is kept out of its stream and reported.
 */
export class JournalMirror {
  readonly #source: JournalSource;
  readonly #cache: Cache;
  readonly #practice: Bytes;
  readonly #isRecovering: boolean;
  readonly #isCopy: boolean;
  readonly #onLeaving: MirrorOptions['onLeaving'];
  /** Numbers of the records that a lost entry keeps from being judged. */
  #aside: number[] = [];
  #verifier: JournalVerifier;
  #entries: MirrorEntries;
  #streams: StreamIndex;
  #note: string | null;
  readonly #pinned: PinnedCheckpoint;
  /** Of the entries, and of the last checkpoint. */
  #findings: Finding[];
  #checkpointFindings: readonly Finding[];
  #pausedRoot: Bytes | null = null;
  #wasReplaced = false;
  readonly #turns = new MirrorTurns<SyncReport>();
  #completing: Promise<boolean> | null = null;
  /** Size of the image that the device holds; 0 for none. */
  #imageSize = 0;

  /**
   * `isRecovering` is for a kit before a restored vault whose host no member has named yet: the checkpoint's signature
   * then proves nothing, entries and root are verified all the same, and the findings say so. `isCopy` is for a copy
   * that is read: entries may be lost there, which no server may say.
   */
  static async open(options: MirrorOptions): Promise<JournalMirror> {
    const mirror = new JournalMirror(options);
    await mirror.#load();
    return mirror;
  }

  private constructor(options: MirrorOptions) {
    const { practice, source, cache, isRecovering = false, isCopy = false } = options;
    this.#onLeaving = options.onLeaving;
    this.#practice = practice;
    this.#isRecovering = isRecovering;
    this.#isCopy = isCopy;
    this.#source = source;
    this.#cache = cache;
    this.#verifier = JournalVerifier.start(practice, { isCopy });
    this.#entries = this.#noEntries();
    this.#streams = new StreamIndex();
    this.#note = null;
    this.#pinned = new PinnedCheckpoint(cache);
    this.#findings = [];
    this.#checkpointFindings = [];
  }

  get practice(): Bytes {
    return this.#practice;
  }

  get size(): number {
    return this.#verifier.size;
  }

  get governance(): GovernanceState {
    return this.#verifier.governance;
  }

  /**
   * The entries that a `heads` stands for until `complete` has read them all: their streams are what a member's device
   * says they are, each entry is proven under this head when it is read. Null when all were read.
   */
  get unread(): TreeHead | null {
    return this.#verifier.unread;
  }

  /** The last checkpoint that verified, as the host signed it. */
  get note(): string | null {
    return this.#note;
  }

  /** Whether what was read, up to a size, leads through that checkpoint: it says nothing new, whoever signed it. */
  hasRead(note: string, upTo = this.size): boolean {
    try {
      const { checkpoint } = parseCheckpoint(note);
      const root = checkpoint.size <= upTo ? this.rootAt(checkpoint.size) : null;
      return root !== null && equalBytes(root, checkpoint.root) && this.#pinned.isSameHost(checkpoint);
    } catch {
      return false;
    }
  }

  /** Everything that did not verify, oldest first. */
  get findings(): readonly Finding[] {
    return [...this.#findings, ...this.#checkpointFindings];
  }

  /** What an entry written now says its author has seen; null before the first checkpoint. */
  seen(): TreeHead | null {
    return this.#verifier.size === 0 ? null : { size: this.#verifier.size, root: this.#verifier.root() };
  }

  /** The root when the journal had that size; null past the end, or too far back to know. */
  rootAt(size: number): Bytes | null {
    return this.#verifier.rootAt(size);
  }

  headOf(stream: Uint8Array): Bytes | null {
    return this.#verifier.headOf(stream)?.id ?? null;
  }

  lastEntryOf(author: Uint8Array): Bytes | null {
    return this.governance.authors.get(bytesToHex(author))?.last ?? null;
  }

  /** Numbers of the entries of a stream, ascending. */
  entriesOf(stream: Uint8Array): readonly number[] {
    return this.#streams.entriesOf(bytesToHex(stream));
  }

  /** Number of the stream's last snapshot before entry `before`, or null. */
  snapshotOf(stream: Uint8Array, before = Number.POSITIVE_INFINITY): number | null {
    return this.snapshotsOf(stream).findLast((index) => index < before) ?? null;
  }

  /** Numbers of the stream's snapshots, ascending. */
  snapshotsOf(stream: Uint8Array): readonly number[] {
    return this.#streams.snapshotsOf(bytesToHex(stream));
  }

  /** Every stream but the host's, in hexadecimal, in the order in which they began. */
  streams(): string[] {
    return this.#streams.names().filter((name) => name !== hostName);
  }

  /** Numbers of what the host did, ascending: all of its stream but the traces of what devices read. */
  hostEvents(): readonly number[] {
    return this.#streams.entriesOf(hostName);
  }

  /** Numbers of records that a copy holds, sealed and signed, and that a lost entry keeps from being judged. */
  get aside(): readonly number[] {
    return this.#aside;
  }

  /** An entry that verified. Throws RECORD_UNKNOWN past the end; reads from the host what the cache has lost. */
  async entry(index: number): Promise<Entry> {
    const bytes = index < this.size ? await this.#bytes(index) : null;
    if (bytes === null || bytes.length === 0)
      throw new ReplicaError('RECORD_UNKNOWN', 'No such entry on this device', { fields: { index } });
    return parseEntry(bytes);
  }

  /** Reads together what stands close of entries that are wanted and were not read yet. What cannot be proven is left. */
  prepare(indexes: readonly number[]): Promise<void> {
    return this.#entries.prepare(indexes);
  }

  /**
   * Reads and verifies what is new, from a moment after the call. Throws HOST_LIES, with the finding, when the host's
   * checkpoint and entries do not agree with each other or with what was verified before: this image then stays as it was.
   */
  sync(onProgress?: (done: number, total: number) => void): Promise<SyncReport> {
    return this.#turns.share(async () => this.#sync(onProgress, await this.#source.checkpoint()));
  }

  /** As `sync`, as far as a checkpoint that the host has just given, which then is not asked for. */
  async syncTo(note: string): Promise<void> {
    if (this.hasRead(note)) return;
    await this.#turns.take(async () => {
      // Another one may have read it meanwhile, and more.
      if (this.hasRead(note)) return;
      const isAfter = toldBy(note).size > this.size;
      await this.#sync(undefined, isAfter ? note : await this.#source.checkpoint());
    });
  }

  /**
   * Begins after the entries that a `heads` stands for, on a device that holds none, and reads what follows. False, and
   * nothing is kept, unless all of that verifies without a finding and holds the `heads`.
   */
  startFrom(start: JournalStart, onProgress?: (done: number, total: number) => void): Promise<boolean> {
    return this.#turns.take(async () => {
      this.#verifier = JournalVerifier.startAfter(start);
      this.#streams = start.streams;
      this.#entries = this.#noEntries();
      await this.#entries.clear();
      await this.#entries.resume(this.size);
      await this.#entries.keep(start.chunks, this.size);
      const accepts = (findings: readonly Finding[]) =>
        findings.length === 0 && this.entriesOf(start.stream).includes(start.index);
      try {
        const note = await this.#source.checkpoint();
        await this.#advance(note, toldBy(note), { onProgress, accepts });
        return true;
      } catch (error) {
        await this.#load();
        if (error instanceof ReplicaError && error.code === 'HOST_LIES') return false;
        throw error;
      }
    });
  }

  /**
   * Reads and verifies from the first one the entries that a `heads` stood for. True when they say something else than it
   * did: what was folded from this image must be folded again. Throws HOST_LIES and UNREACHABLE; what is there stays.
   */
  complete(): Promise<boolean> {
    const { unread } = this;
    if (unread === null) return Promise.resolve(false);
    this.#completing ??= this.#complete(unread).finally(() => {
      this.#completing = null;
    });
    return this.#completing;
  }

  async #complete(unread: TreeHead): Promise<boolean> {
    const whole = emptyJournal(this.#practice);
    const reading = { size: () => this.size, isWanted: () => this.unread === unread };
    await readOn(whole, { ...reading, read: (index) => this.#bytes(index, 'chunk') });
    return this.#turns.take(async () => {
      // The last ones came meanwhile and are here: nothing is asked of the host while others wait for their turn.
      await readOn(whole, { ...reading, read: (index) => this.#entries.held(index) });
      // A restore was followed meanwhile, or an answer of the host refused: that image has its own course.
      if (this.unread !== unread || whole.verifier.size < this.size) return false;
      if (this.#note !== null) await whole.verifier.checkpoint(this.#note);
      const isSame = saysSame(whole, { verifier: this.#verifier, streams: this.#streams });
      this.#take(whole);
      this.#entries.forgetRuns();
      this.#findings = entryFindings(whole.verifier);
      if (!isSame) await this.#tellReplaced();
      await this.#writeImage();
      return !isSame;
    });
  }

  /**
   * True, until `settleReplacement`, from when this image followed an acknowledged restore, or a `heads` proved wrong:
   * entry numbers changed meaning, or streams their entries.
   */
  get wasReplaced(): boolean {
    return this.#wasReplaced;
  }

  async settleReplacement(): Promise<void> {
    await this.#cache.delete('restored');
    this.#wasReplaced = false;
  }

  /** Once it returns, the device holds all that was read. */
  async persist(): Promise<void> {
    await this.#entries.persist();
    // Without an image what follows it would be in vain, and far from one it would be long to verify.
    if (this.#imageSize === 0 || this.size - this.#imageSize >= imageEvery) await this.#writeImage();
  }

  async #writeImage(): Promise<void> {
    await this.#entries.persist();
    // A copy is read anew each time, and what it has lost is told again.
    if (this.#isCopy) return;
    const { size } = this;
    await writeImage({ verifier: this.#verifier, streams: this.#streams }, this.#cache);
    this.#imageSize = size;
  }

  async #sync(onProgress: Advance['onProgress'], note: string): Promise<SyncReport> {
    const told = toldBy(note);
    try {
      return await this.#advance(note, told, { onProgress });
    } catch (error) {
      const isLie = error instanceof ReplicaError && error.code === 'HOST_LIES';
      if (!(isLie && this.#pinned.isBeforeRestore(told))) throw error;
      return this.#followRestore(note, told);
    }
  }

  /** Reads up to a checkpoint; pages stop at `pause`, so that the root at that size can be asked for. */
  async #advance(note: string, told: Checkpoint, { onProgress, pause = 0, accepts }: Advance): Promise<SyncReport> {
    const from = this.size;
    const target = told.size;
    const findings: Finding[] = [];
    while (this.size < target) {
      const end = this.size < pause ? Math.min(pause, target) : target;
      const page = await this.#source.entries(this.size, Math.min(pageEntries, end - this.size));
      if (page.length === 0 || this.size + page.length > target) return this.#refuse('ROOT_MISMATCH');
      findings.push(...(await this.#read(page)));
      if (this.#pinned.isLeftBy(told, (size) => this.rootAt(size))) return this.#refuse('FORK');
      if (this.size === pause) this.#pausedRoot = this.#verifier.root();
      onProgress?.(this.size - from, target - from);
    }
    const last = await this.#verifier.checkpoint(note);
    const lie = this.#pinned.isAheadOf(told) ? 'ROLLBACK' : last.find((finding) => lies.has(finding.code))?.code;
    if (lie !== undefined && !(this.#isRecovering && this.#isWhole(told))) return this.#refuse(lie);
    if (accepts?.([...findings, ...last]) === false) return this.#refuse('HEADS_MISMATCH');
    this.#note = note;
    this.#findings.push(...findings);
    this.#checkpointFindings = last;
    // Before the checkpoint, which proves them when they are read again.
    if (this.size > from) await this.persist();
    if (last.length === 0) await this.#pin(note, told);
    findings.push(...last);
    return { from, to: this.size, findings };
  }

  /**
   * A host that was restored shows a shorter history, or another one from some size on, under a greater fence. It is
   * followed only once a member has said so, and only if what came before is what was verified here. Throws
   * VAULT_RESTORED before that, HOST_LIES when it is another history altogether.
   */
  async #followRestore(note: string, told: Checkpoint): Promise<SyncReport> {
    const parts = { practice: this.#practice, source: this.#source, cache: memoryCache() };
    const other = new JournalMirror({ ...parts, isRecovering: true });
    const report = await other.#advance(note, told, { pause: this.size });
    if (other.governance.fence < told.fence)
      throw new ReplicaError('VAULT_RESTORED', 'The vault was restored, and no member has said yet that it goes on', {
        fields: { size: told.size, known: this.size },
        hint: 'What this device holds is kept. A doctor, or the kit, accepts the restored vault.',
      });
    const lie = other.#checkpointFindings.find((finding) => lies.has(finding.code));
    if (lie !== undefined) return this.#refuse(lie.code);
    const isWhole = other.#pausedRoot !== null && equalBytes(other.#pausedRoot, this.#verifier.root());
    const kept = isWhole ? this.size : await other.acknowledgedSize(told.fence);
    // Of what this device had not read yet, it knows no more than a new one.
    const isRead = kept >= (this.unread?.size ?? 0);
    const [own, theirs] = [this.rootAt(kept), other.rootAt(kept)];
    if (!isWhole && isRead && (own === null || (theirs !== null && !equalBytes(own, theirs))))
      return this.#refuse('FORK');
    await this.#adopt(other, note, told);
    return { ...report, from: kept };
  }

  /** The size that a member accepted a restored vault with, the last one when none is said; 0 for none. */
  async acknowledgedSize(fence = this.governance.fence): Promise<number> {
    for (const index of this.entriesOf(governanceStream).toReversed()) {
      const { body } = (await this.entry(index)).header;
      if (body.kind === 'restore-ack' && body.fence === fence) return body.size;
    }
    return 0;
  }

  /** Takes another image's place in the journal, into this one's cache. */
  async #adopt(other: JournalMirror, note: string, told: Checkpoint): Promise<void> {
    await this.#onLeaving?.(this.governance, other.governance);
    // A device that stops in between reads everything from the host again.
    await dropImage(this.#cache);
    const entries = this.#noEntries();
    for (let index = 0; index < other.size; index += 1) await entries.append(index, (await other.entry(index)).bytes);
    this.#entries = entries;
    this.#take({ verifier: JournalVerifier.resume(other.#verifier.encode()), streams: other.#streams });
    this.#findings = other.#findings;
    this.#checkpointFindings = other.#checkpointFindings;
    this.#note = note;
    await this.#pin(note, told);
    await this.#writeImage();
  }

  #take({ verifier, streams }: VerifiedJournal): void {
    this.#verifier = verifier;
    this.#streams = streams;
  }

  async #read(page: readonly (Bytes | LostEntry)[]): Promise<readonly Finding[]> {
    if (!this.#isCopy && page.some((item) => !(item instanceof Uint8Array))) return this.#refuse('ENTRY_LOST');
    const start = this.size;
    const verified = await this.#verifier.addMany(page);
    for (const [place, item] of page.entries()) await this.#entries.append(start + place, bytesOf(item));
    for (const [place, { entry, findings }] of verified.entries())
      if (entry?.header.kind === 'records' && findings.some(({ code }) => code === 'ENTRY_UNJUDGED'))
        this.#aside.push(start + place);
    indexInto(this.#streams, start, verified, this.governance);
    return verified.flatMap(({ findings }) => findings);
  }

  async #pin(note: string, checkpoint: Checkpoint): Promise<void> {
    // Before the checkpoint: what a restore asks for is asked for again after a crash in between.
    if (this.#pinned.isBeforeRestore(checkpoint)) await this.#tellReplaced();
    await this.#pinned.pin(note, checkpoint);
  }

  async #bytes(index: number, most?: 'run' | 'chunk'): Promise<Bytes | null> {
    return (await this.#entries.read(index, most)) ?? this.#turns.take(() => this.#refilled(index));
  }

  async #tellReplaced(): Promise<void> {
    await this.#cache.put('restored', new Uint8Array(1));
    this.#wasReplaced = true;
  }

  /** Reads all entries again when the device has lost one. Null when it is still missing. */
  async #refilled(index: number): Promise<Bytes | null> {
    const known = await this.#entries.held(index);
    if (known !== null) return known;
    const head = { size: this.size, root: this.#verifier.root() };
    return (await this.#entries.refill(head)) ? this.#entries.held(index) : this.#refuse('ROOT_MISMATCH');
  }

  /** True when the note's root is the root of the entries that were read, whoever signed it. */
  #isWhole(checkpoint: Checkpoint): boolean {
    const root = this.#verifier.rootAt(checkpoint.size);
    return checkpoint.size === this.size && root !== null && equalBytes(root, checkpoint.root);
  }

  /** Goes back to what the cache holds, which verified. */
  async #refuse(finding: FindingCode): Promise<never> {
    await this.#load();
    throw hostLies(finding);
  }

  async #load(): Promise<void> {
    await this.#loadImage();
    if (!(await this.#readAfterImage())) await this.#loadImage();
  }

  /** Verifies what the device holds beyond its image; false when the pinned checkpoint does not prove it. */
  async #readAfterImage(): Promise<boolean> {
    const proven = this.#pinned.size;
    if (this.#imageSize === 0 || this.#note === null || proven <= this.size) return true;
    for await (const page of this.#entries.archived(this.size, proven)) await this.#read(page);
    if (this.size !== proven || (await this.#verifier.checkpoint(this.#note)).length > 0) return false;
    this.#findings = entryFindings(this.#verifier);
    return true;
  }

  async #loadImage(): Promise<void> {
    this.#imageSize = 0;
    this.#verifier = JournalVerifier.start(this.#practice, { isCopy: this.#isCopy });
    this.#entries = this.#noEntries();
    this.#streams = new StreamIndex();
    this.#aside = [];
    this.#findings = [];
    this.#checkpointFindings = [];
    const [note, restored, stored] = await Promise.all([
      this.#pinned.load(),
      this.#cache.get('restored'),
      readImage(this.#cache),
    ]);
    this.#note = note;
    this.#wasReplaced = restored !== null;
    if (stored === null) return;
    try {
      const image = decodeImage(stored);
      if (await this.#entries.resume(image.verifier.size)) {
        this.#take(image);
        this.#imageSize = this.size;
        this.#findings = entryFindings(image.verifier);
        return;
      }
    } catch {
      // A cache of another version.
    }
    // The journal is read again from the host, into its first chunk.
    this.#entries = this.#noEntries();
  }

  #noEntries(): MirrorEntries {
    const unread = () => this.unread;
    return new MirrorEntries({ source: this.#source, cache: this.#cache, unread });
  }
}

/** What was said of a checkpoint is said again of the next one, if it still holds. */
function entryFindings({ findings }: JournalVerifier): Finding[] {
  return findings.filter(({ index }) => index !== null);
}

function toldBy(note: string): Checkpoint {
  try {
    return parseCheckpoint(note).checkpoint;
  } catch (cause) {
    throw hostLies('CHECKPOINT_INVALID', cause);
  }
}

function hostLies(finding: FindingCode, cause?: unknown): ReplicaError {
  return new ReplicaError(
    'HOST_LIES',
    'The host shows another history than before, or one that does not hold together',
    {
      cause,
      fields: { finding },
      hint: 'Nothing was taken from this answer. Compare the checkpoint on another device, and ask the host.',
    },
  );
}
