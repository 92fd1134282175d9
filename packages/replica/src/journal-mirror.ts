import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import { type Entry, parseEntry } from '@serment/core/journal/entry';
import type { Finding, FindingCode } from '@serment/core/journal/finding';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { hostStream, type TreeHead } from '@serment/core/journal/header';
import { JournalVerifier } from '@serment/core/journal/verifier';
import type { Cache } from './cache.ts';
import { EntryArchive } from './entry-archive.ts';
import { ReplicaError } from './error.ts';
import { StreamIndex } from './stream-index.ts';

/** Where entries and checkpoints come from: the server, or a copy. */
export interface JournalSource {
  checkpoint(): Promise<string>;
  /** Entries from `from` on, at least one while the journal goes further, at most `limit`. */
  entries(from: number, limit: number): Promise<readonly Bytes[]>;
}

export interface SyncReport {
  readonly from: number;
  readonly to: number;
  readonly findings: readonly Finding[];
}

/** The host's word against itself: nothing of such an answer is kept. */
const lies: ReadonlySet<FindingCode> = new Set(['ROOT_MISMATCH', 'CHECKPOINT_INVALID', 'ROLLBACK', 'FORK']);
const pageEntries = 2048;
const persistEveryMs = 2_000;

/**
 * A verified image of the journal's entries (docs/format/journal.md, Verifying), without payloads. What it holds was
 * checked entry by entry up to a checkpoint of the host; an entry with a finding is kept out of its stream and reported.
 */
export class JournalMirror {
  readonly #source: JournalSource;
  readonly #cache: Cache;
  readonly #practice: Bytes;
  readonly #isRecovering: boolean;
  #verifier: JournalVerifier;
  #archive: EntryArchive;
  #streams: StreamIndex;
  #note: string | null;
  #findings: Finding[];
  #syncing: Promise<SyncReport> | null = null;
  #persistedAt = 0;

  /**
   * `isRecovering` is for a kit before a restored vault whose host no member has named yet: the checkpoint's signature
   * then proves nothing, entries and root are verified all the same, and the findings say so.
   */
  static async open(options: {
    practice: Bytes;
    source: JournalSource;
    cache: Cache;
    isRecovering?: boolean;
  }): Promise<JournalMirror> {
    const mirror = new JournalMirror(options.practice, options.source, options.cache, options.isRecovering ?? false);
    await mirror.#load();
    return mirror;
  }

  private constructor(practice: Bytes, source: JournalSource, cache: Cache, isRecovering: boolean) {
    this.#practice = practice;
    this.#isRecovering = isRecovering;
    this.#source = source;
    this.#cache = cache;
    this.#verifier = JournalVerifier.start(practice);
    this.#archive = new EntryArchive(cache);
    this.#streams = new StreamIndex();
    this.#note = null;
    this.#findings = [];
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

  /** The last checkpoint that verified, as the host signed it. */
  get note(): string | null {
    return this.#note;
  }

  /** Everything that did not verify, oldest first. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** What an entry written now says its author has seen; null before the first checkpoint. */
  seen(): TreeHead | null {
    return this.#verifier.size === 0 ? null : { size: this.#verifier.size, root: this.#verifier.root() };
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
    return this.#streams.snapshotsOf(bytesToHex(stream)).findLast((index) => index < before) ?? null;
  }

  /** Every stream but the host's, in hexadecimal, in the order in which they began. */
  streams(): string[] {
    return this.#streams.names();
  }

  /** An entry that verified. Throws RECORD_UNKNOWN past the end. */
  async entry(index: number): Promise<Entry> {
    const bytes = index < this.size ? await this.#archive.read(index) : null;
    if (bytes === null) throw new ReplicaError('RECORD_UNKNOWN', 'No such entry on this device', { fields: { index } });
    return parseEntry(bytes);
  }

  /**
   * Reads and verifies what is new. Throws HOST_LIES, with the finding, when the host's checkpoint and entries do not
   * agree with each other or with what was verified before: this image then stays as it was.
   */
  sync(onProgress?: (done: number, total: number) => void): Promise<SyncReport> {
    this.#syncing ??= this.#sync(onProgress).finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  /** Writes to the cache what `sync` has not written yet. */
  async persist(): Promise<void> {
    await this.#archive.persist();
    await this.#cache.putMany([
      ['streams', this.#streams.encode()],
      ['verifier', this.#verifier.encode()],
    ]);
    this.#persistedAt = Date.now();
  }

  async #sync(onProgress?: (done: number, total: number) => void): Promise<SyncReport> {
    const from = this.size;
    const note = await this.#source.checkpoint();
    const target = sizeOf(note);
    const findings: Finding[] = [];
    while (this.size < target) {
      const page = await this.#source.entries(this.size, Math.min(pageEntries, target - this.size));
      if (page.length === 0 || this.size + page.length > target) return this.#refuse('ROOT_MISMATCH');
      findings.push(...(await this.#take(page)));
      onProgress?.(this.size - from, target - from);
    }
    const last = await this.#verifier.checkpoint(note);
    const lie = last.find((finding) => lies.has(finding.code));
    if (lie !== undefined && !(this.#isRecovering && this.#isWhole(note))) return this.#refuse(lie.code);
    findings.push(...last);
    this.#note = note;
    this.#findings.push(...findings);
    if (this.size > from && Date.now() - this.#persistedAt > persistEveryMs) await this.persist();
    return { from, to: this.size, findings };
  }

  async #take(page: readonly Bytes[]): Promise<readonly Finding[]> {
    const start = this.size;
    const verified = await this.#verifier.addMany(page);
    for (const [place, bytes] of page.entries()) {
      const index = start + place;
      await this.#archive.append(index, bytes);
      const { entry, findings } = verified[place] ?? { entry: null, findings: [] };
      if (entry === null || findings.some((finding) => !isOnlyTold(finding))) continue;
      const { stream, kind } = entry.header;
      if (!equalBytes(stream, hostStream)) this.#streams.add(index, bytesToHex(stream), kind === 'snapshot');
    }
    return verified.flatMap(({ findings }) => findings);
  }

  /** True when the note's root is the root of the entries that were read, whoever signed it. */
  #isWhole(note: string): boolean {
    const { checkpoint } = parseCheckpoint(note);
    const root = this.#verifier.rootAt(checkpoint.size);
    return checkpoint.size === this.size && root !== null && equalBytes(root, checkpoint.root);
  }

  /** Goes back to what the cache holds, which verified. */
  async #refuse(finding: FindingCode): Promise<never> {
    await this.#load();
    throw new ReplicaError(
      'HOST_LIES',
      'The host shows another history than before, or one that does not hold together',
      {
        fields: { finding },
        hint: 'Nothing was taken from this answer. Compare the checkpoint on another device, and ask the host.',
      },
    );
  }

  async #load(): Promise<void> {
    this.#verifier = JournalVerifier.start(this.#practice);
    this.#archive = new EntryArchive(this.#cache);
    this.#streams = new StreamIndex();
    this.#findings = [];
    this.#note = null;
    const state = await this.#cache.get('verifier');
    const streams = await this.#cache.get('streams');
    if (state === null || streams === null) return;
    try {
      const verifier = JournalVerifier.resume(state);
      if (!(await this.#archive.resume(verifier.size))) return;
      this.#streams = StreamIndex.decode(streams, verifier.size);
      this.#verifier = verifier;
      this.#findings = [...verifier.findings];
    } catch {
      // A cache of another version, or a damaged one: the journal is read again from the host.
      this.#archive = new EntryArchive(this.#cache);
    }
  }
}

/** What says something of the host's clock or of what another device was shown, and nothing against the entry itself. */
function isOnlyTold(finding: Finding): boolean {
  return finding.code === 'TIME_DECREASES' || finding.code === 'SEEN_FORK';
}

function sizeOf(note: string): number {
  const size = Number(note.split('\n')[1]);
  if (!Number.isSafeInteger(size) || size < 0)
    throw new ReplicaError('HOST_LIES', 'Not a checkpoint', { fields: { finding: 'CHECKPOINT_INVALID' } });
  return size;
}
