import { createHash } from 'node:crypto';
import { type Bytes, equalBytes, utf8ToBytes } from '@serment/core/bytes';
import { type CopyName, fencePath, formatCopyName, markerName, markerText } from '@serment/core/copy/names';
import { isAgeFile, isDraft } from './alone.ts';
import { readObject } from './bundle-check.ts';
import { CopyError, isOutOfReach } from './copy-error.ts';
import { type Destination, isLeftover } from './destination.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import { addName, emptyHeld, type Held, nameOrNull } from './held.ts';
import {
  compareToExpected,
  type ExpectedHead,
  type PracticeReport,
  type ProvenBefore,
  type VerifiedFence,
  verifyPractice,
} from './verify-practice.ts';

export interface VerifyOptions {
  /** Only this practice, in hexadecimal. */
  readonly practice?: string;
  readonly onFinding?: (finding: CopyFinding) => void;
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** What the copy must at least hold, from a source that the copy's keeper does not control. */
  readonly expect?: (practice: string) => ExpectedHead | null;
}

export interface VerifyProgress {
  readonly objects: number;
  readonly bytes: number;
  readonly entries: number;
}

export interface CopyReport {
  /** The newest proven state of each practice; other fences are verified too and count in the findings. */
  readonly practices: readonly PracticeReport[];
  /** The first 10 000; `counts` counts them all. */
  readonly findings: readonly CopyFinding[];
  readonly damages: number;
  readonly notices: number;
  readonly objects: number;
  readonly bytes: number;
  readonly durationMs: number;
}

const maxFindings = 10_000;

/**
 * Recomputes a copy from itself alone: names, bundles, trees, indexes, payloads, documents, signatures, rights,
 * checkpoints, tails. Goes on after each finding. Memory does not grow with entries nor documents. Throws CopyError
 * only when the copy is out of reach, or of a format of which this release knows nothing (COPY_FORMAT_UNKNOWN).
 */
export async function verifyCopy(destination: Destination, options: VerifyOptions = {}): Promise<CopyReport> {
  const startedAt = performance.now();
  const run = new VerifyRun(destination, options);
  await run.checkMarker();
  const practices = await run.list();
  const reports: PracticeReport[] = [];
  for (const [practice, fences] of practices) {
    let newest: PracticeReport | null = null;
    let before: ProvenBefore | null = null;
    for (const [fence, held] of [...fences].sort(([left], [right]) => left - right)) {
      const verified: VerifiedFence = await verifyPractice({
        destination,
        place: { practice, fence },
        ...{ held, before, claimed: claimedAfter(fences, fence) },
        badBlobs: run.badBlobs,
        find: run.find,
        onProgress: run.progress,
      });
      const { report, isUnacknowledged } = verified;
      if (report.size > 0) before = verified;
      // A fence under which nothing is proven is one by name alone: it never hides the one before.
      if (newest === null || report.size > 0 || newest.size === 0) newest = report;
      else if (!isUnacknowledged)
        run.find(makeFinding('FENCE_UNPROVEN', fencePath(practice, fence), { practice, from: 0, to: report.entries }));
    }
    if (newest === null) continue;
    for (const finding of compareToExpected(newest, options.expect?.(practice) ?? null)) run.find(finding);
    reports.push(newest);
  }
  run.findOverwritten();
  return run.report(reports, performance.now() - startedAt);
}

/** Sizes that names under the fences after one speak of. */
function claimedAfter(fences: ReadonlyMap<number, Held>, fence: number): Set<number> {
  const later = [...fences].flatMap(([number, held]) => (number > fence ? [held] : []));
  return new Set(later.flatMap(({ checkpoints, tails }) => [...checkpoints, ...tails.map(({ to }) => to)]));
}

class VerifyRun {
  /** Documents whose bytes are not those of their name. */
  readonly badBlobs = new Set<string>();
  readonly #destination: Destination;
  readonly #options: VerifyOptions;
  readonly #findings: CopyFinding[] = [];
  readonly #counts = { damage: 0, notice: 0 };
  readonly #progress = { objects: 0, bytes: 0, entries: 0 };

  constructor(destination: Destination, options: VerifyOptions) {
    this.#destination = destination;
    this.#options = options;
  }

  readonly find = (finding: CopyFinding): void => {
    this.#counts[finding.severity] += 1;
    if (this.#findings.length < maxFindings) this.#findings.push(finding);
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

  /** Names by practice and fence; what stands alone (documents, drafts, account data) is checked at once. */
  async list(): Promise<Map<string, Map<number, Held>>> {
    const practices = new Map<string, Map<number, Held>>();
    for await (const text of this.#destination.list('')) {
      const name = nameOrNull(text);
      if (name === null) this.find(makeFinding(isLeftover(text) ? 'LEFTOVER' : 'FOREIGN_OBJECT', text));
      else if ('practice' in name && this.#options.practice !== undefined && name.practice !== this.#options.practice)
        continue;
      else if ('fence' in name) addName(heldOf(practices, name), name);
      else await this.#checkAlone(name);
    }
    return practices;
  }

  findOverwritten(): void {
    for (const text of this.#destination.overwritten()) {
      const name = nameOrNull(text);
      const practice = name !== null && 'practice' in name ? name.practice : null;
      const isAsked = practice === null || practice === (this.#options.practice ?? practice);
      if (isAsked) this.find(makeFinding('OBJECT_OVERWRITTEN', text, { practice }));
    }
  }

  report(practices: readonly PracticeReport[], durationMs: number): CopyReport {
    const { objects, bytes } = this.#progress;
    const { damage: damages, notice: notices } = this.#counts;
    return { practices, findings: this.#findings, damages, notices, objects, bytes, durationMs };
  }

  async #checkAlone(name: CopyName): Promise<void> {
    if (name.kind === 'blob') await this.#checkBlob(name);
    else if (name.kind === 'draft')
      await this.#checkSmall(name, 'DRAFT_DAMAGED', (bytes) => isDraft(bytes, name.revision));
    else if (name.kind === 'host') await this.#checkSmall(name, 'ACCOUNTS_DAMAGED', isAgeFile);
    else this.progress({ objects: 1 });
  }

  async #checkBlob(name: Extract<CopyName, { kind: 'blob' }>): Promise<void> {
    const text = formatCopyName(name);
    const hasher = createHash('sha256');
    let bytes = 0;
    try {
      for await (const piece of this.#destination.stream(text)) {
        hasher.update(piece);
        bytes += piece.length;
      }
    } catch (cause) {
      if (!(cause instanceof CopyError) || isOutOfReach(cause)) throw cause;
      this.badBlobs.add(`${name.practice}/${name.hash}`);
      this.find(makeFinding('OBJECT_UNREADABLE', text, { practice: name.practice }, cause.code));
      return;
    }
    this.progress({ objects: 1, bytes });
    if (hasher.digest('hex') === name.hash) return;
    this.badBlobs.add(`${name.practice}/${name.hash}`);
    // The entries that name it say whom it touches, in findings of their own.
    this.find(makeFinding('BLOB_DAMAGED', text, { practice: name.practice }));
  }

  async #checkSmall(
    name: CopyName,
    code: 'DRAFT_DAMAGED' | 'ACCOUNTS_DAMAGED',
    isRight: (bytes: Bytes) => boolean,
  ): Promise<void> {
    const text = formatCopyName(name);
    const object = await readObject(this.#destination, text);
    this.progress({ objects: 1, bytes: object instanceof Uint8Array ? object.length : 0 });
    if (object instanceof Uint8Array && isRight(object)) return;
    const detail = object instanceof CopyError ? object.code : null;
    this.find(makeFinding(code, text, { practice: 'practice' in name ? name.practice : null }, detail));
  }
}

function heldOf(practices: Map<string, Map<number, Held>>, name: { practice: string; fence: number }): Held {
  const fences = practices.get(name.practice) ?? new Map<number, Held>();
  practices.set(name.practice, fences);
  const held = fences.get(name.fence) ?? emptyHeld();
  fences.set(name.fence, held);
  return held;
}
