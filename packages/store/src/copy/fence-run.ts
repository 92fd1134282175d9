import { equalBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { bundleSize, fencePath } from '@serment/core/copy/names';
import type { BlobCheck } from './blob-check.ts';
import type { Destination } from './destination.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import { type Held, listUnder } from './held.ts';
import { type FenceRecord, KeptFindings, type KeptRuns } from './kept-runs.ts';
import type { FencePlace } from './upper-levels.ts';
import type { DroppedState } from './verify.ts';
import {
  claimedSize,
  committedBundles,
  type ExpectedHead,
  farBundles,
  type PracticeReport,
  PracticeVerifier,
  type ProvenBefore,
  type VerifiedFence,
  type VerifyContext,
} from './verify-practice.ts';

interface Found {
  readonly record: FenceRecord | null;
  readonly head: ExpectedHead | null;
  readonly held: Held;
  readonly documentsTo: number;
  readonly judged: FenceRecord | null;
}

export interface FenceRunOptions {
  readonly destination: Destination;
  readonly place: FencePlace;
  readonly documents: BlobCheck;
  readonly kept: KeptRuns;
  readonly find: (finding: CopyFinding) => void;
  readonly onProgress: VerifyContext['onProgress'];
}

/** The verification of one practice under one fence: from its first entry, or from where an earlier one came. */
export class FenceRun {
  readonly #options: FenceRunOptions;
  /** What is built upon; null for a reading from the first entry. */
  #record: FenceRecord | null;
  /** What was judged of what is read again; null where everything is judged. */
  #judged: FenceRecord | null;
  /** Proven by an earlier verification: the copy must still hold it. */
  readonly #head: ExpectedHead | null;
  #held: Held;
  #findings = new KeptFindings();

  /** Documents of entries before this one are read by their names, since those stood there before. */
  readonly #documentsTo: number;

  private constructor(options: FenceRunOptions, found: Found) {
    this.#options = options;
    this.#record = found.record;
    this.#judged = found.judged;
    this.#head = found.head;
    this.#held = found.held;
    this.#documentsTo = found.documentsTo;
  }

  /** Lists what the fence holds; of one that is taken up, what may commit something new. Null for no name of a copy. */
  static async open(options: FenceRunOptions): Promise<FenceRun | null> {
    const { destination, place, kept } = options;
    const known = await kept.fence(place);
    const isWorth = known?.isFitting === true && (kept.alone !== 'earlier' || known.record.bundles > 0);
    const record = isWorth ? known.record : null;
    const head = known?.record.head ?? null;
    const documentsTo = kept.alone === 'earlier' ? 0 : (record?.documentsTo ?? 0);
    if (record !== null && record.bundles > 0) {
      const held = await listUnder(destination, place, ['checkpoint/', 'tail/']);
      // What names claim far from there is looked for among names.
      if (committedBundles(held) - record.bundles <= farBundles)
        return new FenceRun(options, { record, head, held, documentsTo, judged: null });
    }
    const held = await listUnder(destination, place, ['']);
    if (isEmpty(held)) return null;
    if (!kept.isFresh) return new FenceRun(options, { record, head, held, documentsTo, judged: null });
    const judged = await kept.judged(place);
    const run = new FenceRun(options, { record: null, head, held, documentsTo: claimedSize(held), judged });
    // It stays as it is until all of it was read again.
    if (judged !== null) return run;
    // For whoever takes this reading up, once there are documents that it did not see.
    await kept.saveFence(place, run.#recordAt(0, null, false));
    return run;
  }

  get held(): Held {
    return this.#held;
  }

  async verify(
    before: ProvenBefore | null,
    claimed: ReadonlySet<number>,
  ): Promise<Omit<VerifiedFence, 'report'> & { report: PracticeReport }> {
    const { kept, place } = this.#options;
    const verifier = await this.#start(before, claimed);
    const readFrom = this.#judged === null ? verifier.count * bundleSize : 0;
    const record = (isEnded: boolean) =>
      this.#recordAt(verifier.count, kept.isKept ? verifier.toCbor() : null, isEnded);
    await verifier.readBundles(async () => {
      if (kept.isSaveDue()) await kept.saveFence(place, record(false));
    });
    const ended = record(true);
    this.#findings = new KeptFindings();
    const verified = await verifier.finish();
    this.#compareToHead(verified);
    const damages = ended.findings.damages + this.#findings.damages;
    const { size, root } = verified.report;
    await kept.saveFence(place, { ...ended, damages, head: damages === 0 && size > 0 ? { size, root } : this.#head });
    return {
      ...verified,
      report: { ...verified.report, readFrom, readSince: ended.readSince, judgedSince: ended.judgedSince },
    };
  }

  #recordAt(bundles: number, checks: CborValue, isEnded: boolean): FenceRecord {
    const readSince = this.#record?.readSince ?? this.#options.kept.readSince;
    const judgedSince = this.#judged?.judgedSince ?? this.#record?.judgedSince ?? readSince;
    const [head, findings, documentsTo] = [this.#head, this.#findings, this.#documentsTo];
    return { readSince, judgedSince, isEnded, damages: 0, head, documentsTo, findings, bundles, checks };
  }

  /** A verifier that stands where the record says, or at the first entry when the copy is not the one it is about. */
  async #start(before: ProvenBefore | null, claimed: ReadonlySet<number>): Promise<PracticeVerifier> {
    const { kept, place, destination, find } = this.#options;
    const sizes = this.#head === null ? claimed : new Set([...claimed, this.#head.size]);
    const begin = (find = this.#find) =>
      new PracticeVerifier({
        ...{ ...this.#options, before, find },
        held: this.#held,
        claimed: sizes,
        documentsTo: this.#documentsTo,
      });
    if (this.#judged !== null) {
      const verifier = await this.#rereading(begin, this.#judged);
      if (verifier !== null) return verifier;
      this.#judged = null;
    }
    const record = this.#record;
    if (record === null || record.bundles === 0) return begin();
    const resumed = begin();
    const reason = await this.#unfit(resumed, record);
    if (reason === null) {
      this.#findings = record.findings;
      for (const finding of record.findings.all) find(finding);
      return resumed;
    }
    kept.dropped.push({ practice: place.practice, reason });
    this.#record = null;
    this.#held = await listUnder(destination, place, ['']);
    return begin();
  }

  /**
   * A verifier that stands after the bundles that were judged, once every byte of them was read again under the root that they
   * had; null where anything is not as it was then, for all of it to be judged.
   */
  async #rereading(begin: (find?: VerifyContext['find']) => PracticeVerifier, { checks }: FenceRecord) {
    let hasFound = false;
    const again = begin(() => {
      hasFound = true;
    });
    const verifier = begin();
    try {
      again.resume(checks);
      verifier.resume(checks);
    } catch {
      return null;
    }
    if (!(verifier.knowsClaimed && (await again.isSameAgain(() => hasFound)))) return null;
    return hasFound ? null : verifier;
  }

  async #unfit(verifier: PracticeVerifier, record: FenceRecord): Promise<DroppedState['reason'] | null> {
    try {
      verifier.resume(record.checks);
    } catch {
      return 'damaged';
    }
    if (!verifier.knowsClaimed) return 'restored-since';
    return (await verifier.isAnchored()) ? null : 'other-bytes';
  }

  readonly #find = (finding: CopyFinding): void => {
    this.#findings.add(finding);
    this.#options.find(finding);
  };

  /** What was proven once must still be there, and be the same. */
  #compareToHead({ report, roots }: VerifiedFence): void {
    const head = this.#head;
    if (head === null) return;
    const { practice, fence } = this.#options.place;
    const root = report.size === head.size ? report.root : (roots.get(head.size) ?? null);
    const code = report.size < head.size ? 'ROLLBACK' : root !== null && !equalBytes(root, head.root) ? 'FORK' : null;
    if (code === null) return;
    const reach = { practice, from: Math.min(report.size, head.size), to: head.size };
    this.#find(makeFinding(code, fencePath(practice, fence), reach));
  }
}

function isEmpty({ entries, payload, nodes, tiles, indexes, checkpoints, tails }: Held): boolean {
  const sizes = [entries, payload, nodes, tiles, indexes, checkpoints].map(({ size }) => size);
  return tails.length === 0 && sizes.every((size) => size === 0);
}
