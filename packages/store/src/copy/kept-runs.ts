import type { CborValue } from '@serment/core/cbor';
import { type CopyFinding, maxFindings } from './finding.ts';
import type { FencePlace } from './upper-levels.ts';
import type { DroppedState } from './verify.ts';
import type { ExpectedHead } from './verify-practice.ts';
import { anyText, findingToCbor, orNull, parseFinding, type StateFolder, shape } from './verify-state.ts';

const format = 3;
const copyName = 'copy';

/** Findings that a reading made so far, the first ones kept and all counted. */
export class KeptFindings {
  readonly #findings: CopyFinding[] = [];
  #damages = 0;
  #notices = 0;

  get all(): readonly CopyFinding[] {
    return this.#findings;
  }

  get damages(): number {
    return this.#damages;
  }

  add(finding: CopyFinding): void {
    if (finding.severity === 'damage') this.#damages += 1;
    else this.#notices += 1;
    if (this.#findings.length < maxFindings) this.#findings.push(finding);
  }

  toCbor(): CborValue {
    return [this.#findings.map(findingToCbor), this.#damages, this.#notices];
  }

  /** Throws CBOR_INVALID. */
  static parse(item: CborValue | undefined): KeptFindings {
    const [findings, damages, notices] = shape.array(item, 3);
    const kept = new KeptFindings();
    kept.#findings.push(...shape.array(findings).map(parseFinding));
    kept.#damages = shape.uint(damages);
    kept.#notices = shape.uint(notices);
    return kept;
  }
}

/** How far verifications came with one practice under one fence. */
export interface FenceRecord {
  /** When the reading began that read its first entry, milliseconds since 1970. */
  readonly readSince: number;
  /** When the reading began that judged it; earlier where only its bytes were read again since. */
  readonly judgedSince: number;
  /** False while that reading was cut before its end. */
  readonly isEnded: boolean;
  /** Counted at the end, tails included. */
  readonly damages: number;
  /** The greatest state that was proven of it. */
  readonly head: ExpectedHead | null;
  /** Its documents up to this entry are read by their names, in that same reading. */
  readonly documentsTo: number;
  /** Findings before the tails. */
  readonly findings: KeptFindings;
  readonly bundles: number;
  /** What PracticeVerifier.resume takes. */
  readonly checks: CborValue;
}

/** How far they came with what stands alone. */
interface AloneRecord {
  readonly readSince: number;
  readonly isEnded: boolean;
  /** Folders of documents that were read whole. */
  readonly folders: readonly string[];
  /** Of those folders; once ended, of all that stands alone. */
  readonly findings: KeptFindings;
  /** Greatest sequence of account data that was read. */
  readonly sequence: number;
}

export interface KeptRunsOptions {
  readonly state: StateFolder | null;
  /** The one practice that this verification is about, null for all. */
  readonly practice: string | null;
  readonly isFull: boolean;
  /** True to read everything again, and to judge again nothing that an earlier reading judged and found right. */
  readonly isReread: boolean;
  readonly now: number;
  readonly saveEveryMs: number;
}

/**
 * What verifications before this one have done, as far as this one builds on it: a whole reading that was cut is taken
 * up; after one that ended without damage, what is new is read; else a whole reading begins.
 */
export class KeptRuns {
  readonly #options: KeptRunsOptions;
  readonly dropped: DroppedState[] = [];
  /** When the whole reading began that is under way; null where only what is new is read. */
  #readingSince: number | null;
  /** Folders that the reading which is taken up has done. */
  readonly #doneBefore: ReadonlySet<string>;
  #alone: AloneRecord;
  readonly isResumed: boolean;
  #savedAt = performance.now();

  private constructor(
    options: KeptRunsOptions,
    found: { alone: AloneRecord; readingSince: number | null; isResumed: boolean },
  ) {
    this.#options = options;
    this.#alone = found.alone;
    this.#readingSince = found.readingSince;
    this.isResumed = found.isResumed;
    this.#doneBefore = new Set(found.alone.folders);
  }

  /** Throws VERIFY_STATE_UNWRITABLE. */
  static async open(options: KeptRunsOptions): Promise<KeptRuns> {
    const { state, practice, isFull, now } = options;
    const kept = (await state?.read(copyName)) ?? null;
    const record = kept === null || kept === 'damaged' ? kept : parseCopy(kept);
    const isFitting = record !== null && record !== 'damaged' && record.practice === practice;
    if (isFitting && !isFull && record.readingSince !== null)
      return new KeptRuns(options, { ...record, isResumed: true });
    if (isFitting && !isFull && record.alone.isEnded && record.alone.findings.damages === 0)
      return new KeptRuns(options, { ...record, isResumed: false });
    const none = { readSince: now, isEnded: false, folders: [], findings: new KeptFindings(), sequence: 0 };
    const fresh = new KeptRuns(options, { alone: none, readingSince: now, isResumed: false });
    if (record === 'damaged') fresh.dropped.push({ practice: null, reason: 'damaged' });
    else if (record !== null && !isFitting) fresh.dropped.push({ practice: null, reason: 'other-practice' });
    await fresh.#save();
    return fresh;
  }

  /** Whether what stands alone is still to be read, was read by this whole reading before it was cut, or by an earlier one. */
  get alone(): 'unread' | 'read' | 'earlier' {
    if (this.#readingSince === null) return 'earlier';
    return this.#alone.isEnded ? 'read' : 'unread';
  }

  get aloneSince(): number {
    return this.#alone.readSince;
  }

  /** What this whole reading has found of it before it was cut. */
  get aloneFindings(): readonly CopyFinding[] {
    return this.alone === 'earlier' ? [] : this.#alone.findings.all;
  }

  /** Greatest sequence of account data that was read. */
  get sequence(): number {
    return this.#alone.sequence;
  }

  isDone(folder: string): boolean {
    return this.#doneBefore.has(folder);
  }

  async endFolder(folder: string, findings: readonly CopyFinding[]): Promise<void> {
    for (const finding of findings) this.#alone.findings.add(finding);
    this.#alone = { ...this.#alone, folders: [...this.#alone.folders, folder] };
    if (this.isSaveDue()) await this.#save();
  }

  /** Ends the reading of what stands alone, or adds new account data to one that had ended. */
  async endAlone(findings: readonly CopyFinding[], sequence: number): Promise<void> {
    for (const finding of findings) this.#alone.findings.add(finding);
    this.#alone = { ...this.#alone, isEnded: true, folders: [], sequence };
    await this.#save();
  }

  /** What is kept of a fence; `isFitting` when this verification may build on it. */
  async fence(place: FencePlace): Promise<{ record: FenceRecord; isFitting: boolean } | null> {
    const kept = (await this.#options.state?.read(fenceName(place))) ?? null;
    if (kept === null) return null;
    const record = kept === 'damaged' ? kept : parseFence(kept, place);
    if (record === 'damaged') {
      this.dropped.push({ practice: place.practice, reason: 'damaged' });
      return null;
    }
    const isSound = !record.isEnded || record.damages === 0;
    const isFitting = this.#readingSince === null ? isSound : record.readSince === this.#readingSince;
    return { record, isFitting };
  }

  /** What an earlier reading, ended and without any finding, has judged of a fence whose bytes are read again. */
  async judged(place: FencePlace): Promise<FenceRecord | null> {
    if (!(this.#options.isReread && this.isFresh)) return null;
    const kept = (await this.#options.state?.read(fenceName(place))) ?? null;
    const record = kept === null || kept === 'damaged' ? kept : parseFence(kept, place);
    if (record === null || record === 'damaged') return null;
    const { isEnded, damages, head, findings, bundles } = record;
    const isSound = isEnded && damages === 0 && findings.all.length === 0;
    return isSound && head !== null && bundles > 0 ? record : null;
  }

  /** When a reading of a fence from its first entry begins. */
  get readSince(): number {
    return this.#readingSince ?? this.#options.now;
  }

  async saveFence(place: FencePlace, record: FenceRecord): Promise<void> {
    const { state } = this.#options;
    if (state === null) return;
    const { readSince, judgedSince, isEnded, damages, head, documentsTo, findings, bundles, checks } = record;
    await state.write(fenceName(place), [
      ...[format, place.practice, place.fence, readSince, judgedSince, isEnded, damages],
      ...[head === null ? null : [head.size, head.root], documentsTo, findings.toCbor(), bundles, checks],
    ]);
    this.#savedAt = performance.now();
  }

  /** True where everything is read from its beginning by this verification alone. */
  get isFresh(): boolean {
    return this.#readingSince !== null && !this.isResumed;
  }

  /** False where nothing is kept for later. */
  get isKept(): boolean {
    return this.#options.state !== null;
  }

  isSaveDue(): boolean {
    return this.#options.state !== null && performance.now() - this.#savedAt >= this.#options.saveEveryMs;
  }

  /** Fences of which a state was proven once, and that are not among these. */
  async missing(isThere: (place: FencePlace) => boolean): Promise<(FencePlace & { size: number })[]> {
    const missing: (FencePlace & { size: number })[] = [];
    for (const name of (await this.#options.state?.names()) ?? []) {
      const [, practice = '', fence = ''] = /^([0-9a-f]{64})-([0-9]+)$/.exec(name) ?? [];
      const place = { practice, fence: Number(fence) };
      if (practice === '' || (this.#options.practice ?? practice) !== practice || isThere(place)) continue;
      const size = (await this.fence(place))?.record.head?.size ?? 0;
      if (size > 0) missing.push({ ...place, size });
    }
    return missing;
  }

  async end(): Promise<void> {
    this.#readingSince = null;
    await this.#save();
  }

  async #save(): Promise<void> {
    const { state, practice } = this.#options;
    if (state === null) return;
    const { readSince, isEnded, folders, findings, sequence } = this.#alone;
    const alone = [readSince, isEnded, folders, findings.toCbor(), sequence];
    await state.write(copyName, [format, practice, this.#readingSince, alone]);
    this.#savedAt = performance.now();
  }
}

function fenceName({ practice, fence }: FencePlace): string {
  return `${practice}-${fence}`;
}

function parseCopy(
  value: CborValue,
): { practice: string | null; readingSince: number | null; alone: AloneRecord } | 'damaged' {
  return parsed(() => {
    const [version, practice, readingSince, alone] = shape.array(value, 4);
    shape.uint(version, format, format);
    const [readSince, isEnded, folders, findings, sequence] = shape.array(alone, 5);
    return {
      ...{ practice: orNull(practice, anyText), readingSince: orNull(readingSince, (item) => shape.uint(item)) },
      alone: {
        ...{ readSince: shape.uint(readSince), isEnded: shape.flag(isEnded) },
        ...{ folders: shape.array(folders).map(anyText), findings: KeptFindings.parse(findings) },
        sequence: shape.uint(sequence),
      },
    };
  });
}

function parseFence(value: CborValue, place: FencePlace): FenceRecord | 'damaged' {
  return parsed(() => {
    const [version, practice, fence, readSince, judgedSince, ...rest] = shape.array(value, 12);
    const [isEnded, damages, head, documentsTo, findings, bundles, checks] = rest;
    shape.uint(version, format, format);
    if (practice !== place.practice || fence !== place.fence) shape.fail('a file is named after what it is about');
    return {
      ...{ readSince: shape.uint(readSince), judgedSince: shape.uint(judgedSince) },
      ...{ isEnded: shape.flag(isEnded), damages: shape.uint(damages) },
      head: orNull(head, (item) => {
        const [size, root] = shape.array(item, 2);
        return { size: shape.uint(size), root: shape.bytes(root, 32) };
      }),
      ...{ documentsTo: shape.uint(documentsTo), findings: KeptFindings.parse(findings) },
      ...{ bundles: shape.uint(bundles), checks: checks ?? null },
    };
  });
}

function parsed<Value>(parse: () => Value): Value | 'damaged' {
  try {
    return parse();
  } catch {
    return 'damaged';
  }
}
