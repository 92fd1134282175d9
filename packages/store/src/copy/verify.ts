import { type Bytes, equalBytes, utf8ToBytes } from '@serment/core/bytes';
import { type CopyName, fencePath, formatCopyName, markerName, markerText } from '@serment/core/copy/names';
import { inParallel } from '@serment/core/in-parallel';
import { isAgeFile, isDraft } from './alone.ts';
import { BlobCheck } from './blob-check.ts';
import { readObject } from './bundle-check.ts';
import { CopyError } from './copy-error.ts';
import { listFences } from './copy-state.ts';
import { type Destination, isAside, isLeftover } from './destination.ts';
import { FenceRun } from './fence-run.ts';
import { type CopyFinding, makeFinding, maxFindings } from './finding.ts';
import { nameOrNull } from './held.ts';
import { KeptRuns } from './kept-runs.ts';
import { type DamageReach, ReachCount } from './reach-count.ts';
import type { FencePlace } from './upper-levels.ts';
import { compareToExpected, type ExpectedHead, type PracticeReport, type ProvenBefore } from './verify-practice.ts';
import type { StateFolder } from './verify-state.ts';

export interface VerifyOptions {
  /** Only this practice, in hexadecimal. */
  readonly practice?: string;
  readonly onFinding?: (finding: CopyFinding) => void;
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** What the copy must at least hold, from a source that the copy's keeper does not control. */
  readonly expect?: (practice: string) => ExpectedHead | null;
  /**
   * Keeps how far this verification came, so that one that is cut goes on from there, and the next one reads what is
   * new. Nobody but the verifier may write to it.
   */
  readonly state?: StateFolder;
  /** Reads everything again although the state could do with what is new. */
  readonly isFull?: boolean;
  /**
   * Reads everything again, and compares the hash of its bytes with that of those which the state holds as judged: trees,
   * signatures and rights, which follow from the bytes alone, are judged again only where one is another, or is new.
   */
  readonly isReread?: boolean;
  /** How often the state is written while a practice or its documents are read, in ms. */
  readonly saveEveryMs?: number;
  readonly clock?: () => number;
}

export interface VerifyProgress {
  readonly objects: number;
  readonly bytes: number;
  readonly entries: number;
}

/** Why something that an earlier verification kept was not built upon. */
export interface DroppedState {
  /** null for what it kept of the whole copy. */
  readonly practice: string | null;
  readonly reason: 'damaged' | 'other-practice' | 'other-bytes' | 'restored-since';
}

export interface CopyReport {
  /**
   * `full` when this verification read and judged all of the copy, `reread` when it read all of it and found, of some, the
   * bytes that an earlier one had judged, `resumed` when it went on with a whole reading that was cut,
   * `incremental` when it read what came since earlier ones.
   */
  readonly kind: 'full' | 'reread' | 'resumed' | 'incremental';
  /** When the whole reading began that all of this rests on, milliseconds since 1970: nothing is known to be read later. */
  readonly readSince: number;
  /** When the reading began that judged the signatures and rights on which all of this rests. */
  readonly judgedSince: number;
  readonly dropped: readonly DroppedState[];
  /** The newest proven state of each practice; other fences are verified too and count in the findings. */
  readonly practices: readonly PracticeReport[];
  /** The first 10 000; `counts` counts them all. */
  readonly findings: readonly CopyFinding[];
  readonly damages: number;
  readonly notices: number;
  /** How far the damages reach, practice by practice. */
  readonly reach: readonly DamageReach[];
  /** Read by this verification itself. */
  readonly objects: number;
  readonly bytes: number;
  readonly durationMs: number;
}

const saveEveryMs = 10_000;

/**
 * Recomputes a copy from itself alone: names, bundles, trees, indexes, payloads, documents, signatures, rights,
 * checkpoints, tails. Goes on after each finding. Memory does not grow with entries nor documents. Throws CopyError
 * only when the copy is out of reach, of a format of which this release knows nothing (COPY_FORMAT_UNKNOWN), or when the
 * state cannot be written (VERIFY_STATE_UNWRITABLE).
 *
 * With a state that fits, it reads what is new: checkpoints and what they commit since the last one that was proven, on
 * top of the tree that it had then, and the documents that new entries need. Drafts, names that are none of the copy's,
 * and documents that no entry needs are looked at in whole readings alone. What a reading found damaged is read again
 * whole by the next one.
 */
export async function verifyCopy(destination: Destination, options: VerifyOptions = {}): Promise<CopyReport> {
  const startedAt = performance.now();
  const run = await VerifyRun.start(destination, options);
  await run.checkMarker();
  // Names of entries before those of documents: what entries need was there before them.
  const practices = await run.listPractices();
  await run.checkAlone();
  const reports: PracticeReport[] = [];
  for (const [practice, fences] of practices) {
    const newest = await verifyFences(run, practice, fences);
    if (newest === null) continue;
    for (const finding of compareToExpected(newest, options.expect?.(practice) ?? null)) run.find(finding);
    reports.push(newest);
  }
  run.findOverwritten();
  return run.finish(reports, performance.now() - startedAt);
}

/** Every fence of a practice, the oldest first; what the newest proven one says. */
async function verifyFences(
  run: VerifyRun,
  practice: string,
  fences: ReadonlyMap<number, FenceRun>,
): Promise<PracticeReport | null> {
  let newest: PracticeReport | null = null;
  let before: ProvenBefore | null = null;
  for (const [fence, fenceRun] of [...fences].sort(([left], [right]) => left - right)) {
    const { report, roots, isUnacknowledged } = await fenceRun.verify(before, claimedAfter(fences, fence));
    run.noteReading(report);
    if (report.size > 0) before = { roots };
    // A fence under which nothing is proven is one by name alone: it never hides the one before.
    if (newest === null || report.size > 0 || newest.size === 0) newest = report;
    else if (!isUnacknowledged)
      run.find(makeFinding('FENCE_UNPROVEN', fencePath(practice, fence), { practice, from: 0, to: report.entries }));
  }
  return newest;
}

/** Sizes that names under the fences after one speak of. */
function claimedAfter(fences: ReadonlyMap<number, FenceRun>, fence: number): Set<number> {
  const later = [...fences].flatMap(([number, { held }]) => (number > fence ? [held] : []));
  return new Set(later.flatMap(({ checkpoints, tails }) => [...checkpoints, ...tails.map(({ to }) => to)]));
}

class VerifyRun {
  readonly #destination: Destination;
  readonly #options: VerifyOptions;
  readonly #kept: KeptRuns;
  readonly #documents: BlobCheck;
  readonly #findings: CopyFinding[] = [];
  readonly #counts = { damage: 0, notice: 0 };
  readonly #reach = new ReachCount();
  readonly #progress = { objects: 0, bytes: 0, entries: 0 };
  readonly #readings: number[] = [];
  readonly #judgings: number[] = [];
  #isReread = false;

  private constructor(destination: Destination, options: VerifyOptions, kept: KeptRuns) {
    this.#destination = destination;
    this.#options = options;
    this.#kept = kept;
    this.#documents = new BlobCheck({
      destination,
      find: this.find,
      onRead: (bytes) => this.progress({ objects: 1, bytes }),
    });
  }

  static async start(destination: Destination, options: VerifyOptions): Promise<VerifyRun> {
    const { state = null, practice = null, isReread = false, clock = Date.now } = options;
    const isFull = options.isFull === true || isReread;
    const kept = await KeptRuns.open({
      ...{ state, practice, isFull, isReread, now: clock() },
      saveEveryMs: options.saveEveryMs ?? saveEveryMs,
    });
    return new VerifyRun(destination, options, kept);
  }

  readonly find = (finding: CopyFinding): void => {
    this.#counts[finding.severity] += 1;
    if (this.#findings.length < maxFindings) this.#findings.push(finding);
    this.#reach.add(finding);
    this.#options.onFinding?.(finding);
  };

  readonly progress = (more: Partial<VerifyProgress>): void => {
    this.#progress.objects += more.objects ?? 0;
    this.#progress.bytes += more.bytes ?? 0;
    this.#progress.entries += more.entries ?? 0;
    this.#options.onProgress?.({ ...this.#progress });
  };

  async checkMarker(): Promise<void> {
    const marker = await readObject(this.#destination, markerName);
    if (marker === null) return this.find(makeFinding('MARKER_MISSING', markerName));
    if (marker instanceof Uint8Array && equalBytes(marker, utf8ToBytes(markerText))) return;
    const text = marker instanceof Uint8Array ? new TextDecoder().decode(marker) : '';
    if (/^serment-copy [0-9]+\n$/.test(text))
      throw new CopyError('COPY_FORMAT_UNKNOWN', 'The copy is of another format', {
        hint: 'Use the release of Serment that wrote it, or a later one.',
      });
    this.find(makeFinding('MARKER_DAMAGED', markerName));
  }

  /** Practices and fences with the names that are to be verified: of one that is taken up, those that commit. */
  async listPractices(): Promise<Map<string, Map<number, FenceRun>>> {
    const practices = new Map<string, Map<number, FenceRun>>();
    const only = this.#options.practice;
    const folders = await this.#destination.listFolders('');
    for (const practice of folders.filter((name) => /^[0-9a-f]{64}$/.test(name)).sort()) {
      if (only !== undefined && practice !== only) continue;
      const fences = new Map<number, FenceRun>();
      for (const fence of await listFences(this.#destination, practice)) {
        const run = await FenceRun.open({
          ...{ destination: this.#destination, place: { practice, fence }, documents: this.#documents },
          ...{ kept: this.#kept, find: this.find, onProgress: this.progress },
        });
        if (run !== null) fences.set(fence, run);
      }
      if (fences.size > 0) practices.set(practice, fences);
    }
    const isThere = ({ practice, fence }: FencePlace) => practices.get(practice)?.has(fence) === true;
    for (const { practice, fence, size } of await this.#kept.missing(isThere))
      this.find(makeFinding('ROLLBACK', fencePath(practice, fence), { practice, from: 0, to: size }));
    return practices;
  }

  /** What stands alone: documents, drafts, account data, and names that are none of a copy's. */
  async checkAlone(): Promise<void> {
    const kept = this.#kept;
    this.#readings.push(kept.aloneSince);
    for (const finding of kept.aloneFindings) {
      const name = nameOrNull(finding.object ?? '');
      if (name?.kind === 'blob') this.#documents.markBad(name);
      this.find(finding);
    }
    if (kept.alone === 'read') return;
    const names = kept.alone === 'unread' ? this.#listAlone() : this.#listNewAccounts();
    const found: CopyFinding[] = [];
    let sequence = kept.sequence;
    await inParallel(names, Math.max(2, this.#destination.readsAtOnce), async ({ text, name, folder }) => {
      const finding = await this.#checkAlone(text, name);
      if (finding !== null) this.find(finding);
      if (name?.kind === 'host') sequence = Math.max(sequence, name.sequence);
      if (folder !== null) await folder.end(finding);
      else if (finding !== null && found.length < maxFindings) found.push(finding);
    });
    await kept.endAlone(found, sequence);
  }

  findOverwritten(): void {
    for (const text of this.#destination.overwritten()) {
      const name = nameOrNull(text);
      const practice = name !== null && 'practice' in name ? name.practice : null;
      const isAsked = practice === null || practice === (this.#options.practice ?? practice);
      if (isAsked) this.find(makeFinding('OBJECT_OVERWRITTEN', text, { practice }));
    }
  }

  noteReading({ readSince, judgedSince }: PracticeReport): void {
    this.#readings.push(readSince);
    this.#judgings.push(judgedSince);
    this.#isReread ||= judgedSince !== readSince;
  }

  async finish(practices: readonly PracticeReport[], durationMs: number): Promise<CopyReport> {
    const { isResumed, alone, dropped } = this.#kept;
    await this.#kept.end();
    const { objects, bytes } = this.#progress;
    const { damage: damages, notice: notices } = this.#counts;
    const readSince = Math.min(...this.#readings);
    const judgedSince = Math.min(readSince, ...this.#judgings);
    const whole = this.#isReread ? 'reread' : 'full';
    return {
      kind: alone === 'earlier' ? 'incremental' : isResumed ? 'resumed' : whole,
      ...{ readSince, judgedSince },
      ...{ dropped, practices, findings: this.#findings, damages, notices, reach: this.#reach.all() },
      ...{ objects, bytes, durationMs },
    };
  }

  /** Everything that stands alone, and names of no copy; documents of folders that were read before are left out. */
  async *#listAlone(): AsyncGenerator<AloneItem> {
    let folder: DocumentFolder | null = null;
    for await (const text of this.#destination.list('')) {
      const name = nameOrNull(text);
      if (name !== null && 'practice' in name && name.practice !== (this.#options.practice ?? name.practice)) continue;
      if (name !== null && 'fence' in name) continue;
      if (name?.kind !== 'blob') {
        yield { text, name, folder: null };
        continue;
      }
      const path = text.slice(0, text.lastIndexOf('/'));
      if (this.#kept.isDone(path)) continue;
      if (folder?.path !== path) {
        await folder?.seal();
        folder = new DocumentFolder(path, this.#kept);
      }
      folder.begin();
      yield { text, name, folder };
    }
    await folder?.seal();
  }

  async *#listNewAccounts(): AsyncGenerator<AloneItem> {
    for await (const text of this.#destination.list('host/')) {
      const name = nameOrNull(text);
      if (name?.kind === 'host' && name.sequence > this.#kept.sequence) yield { text, name, folder: null };
    }
  }

  async #checkAlone(text: string, name: CopyName | null): Promise<CopyFinding | null> {
    if (name === null)
      return makeFinding(isLeftover(text) ? 'LEFTOVER' : isAside(text) ? 'PUT_ASIDE' : 'FOREIGN_OBJECT', text);
    if (name.kind === 'blob') return this.#documents.read(name);
    if (name.kind === 'draft') return this.#checkSmall(name, 'DRAFT_DAMAGED', (bytes) => isDraft(bytes, name.revision));
    if (name.kind === 'host') return this.#checkSmall(name, 'ACCOUNTS_DAMAGED', isAgeFile);
    this.progress({ objects: 1 });
    return null;
  }

  async #checkSmall(
    name: CopyName,
    code: 'DRAFT_DAMAGED' | 'ACCOUNTS_DAMAGED',
    isRight: (bytes: Bytes) => boolean,
  ): Promise<CopyFinding | null> {
    const text = formatCopyName(name);
    const object = await readObject(this.#destination, text);
    this.progress({ objects: 1, bytes: object instanceof Uint8Array ? object.length : 0 });
    if (object instanceof Uint8Array && isRight(object)) return null;
    const detail = object instanceof CopyError ? object.code : null;
    return makeFinding(code, text, { practice: 'practice' in name ? name.practice : null }, detail);
  }
}

interface AloneItem {
  readonly text: string;
  readonly name: CopyName | null;
  /** That of a document. */
  readonly folder: DocumentFolder | null;
}

/** A folder of documents: done once it is listed to its end and each was read. */
class DocumentFolder {
  readonly path: string;
  readonly #kept: KeptRuns;
  readonly #findings: CopyFinding[] = [];
  #reading = 0;
  #isSealed = false;

  constructor(path: string, kept: KeptRuns) {
    this.path = path;
    this.#kept = kept;
  }

  begin(): void {
    this.#reading += 1;
  }

  async end(finding: CopyFinding | null): Promise<void> {
    if (finding !== null) this.#findings.push(finding);
    this.#reading -= 1;
    await this.#endIfDone();
  }

  /** No more documents of it come. */
  async seal(): Promise<void> {
    this.#isSealed = true;
    await this.#endIfDone();
  }

  async #endIfDone(): Promise<void> {
    if (this.#isSealed && this.#reading === 0) await this.#kept.endFolder(this.path, this.#findings);
  }
}
