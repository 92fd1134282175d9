import { type Bytes, equalBytes } from '@serment/core/bytes';
import { bundleSize } from '@serment/core/copy/names';
import { Frontier, foldFrontier } from '@serment/core/journal/tree';
import { checkBundle, readRawBundle } from './bundle-check.ts';
import { CheckpointCheck } from './checkpoint-check.ts';
import type { Destination } from './destination.ts';
import { EntryCheck } from './entry-check.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import type { Held } from './held.ts';
import { IndexCheck } from './index-check.ts';
import { TailCheck } from './tail-check.ts';
import { TileCheck } from './tile-check.ts';
import type { FencePlace } from './upper-levels.ts';

const farBundles = 4096;

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
}

/** What one fence proves of the sizes that later ones claim. */
export interface ProvenBefore {
  readonly roots: ReadonlyMap<number, Bytes>;
}

export interface VerifiedFence extends ProvenBefore {
  readonly report: PracticeReport;
  /** True for a restored vault whose host no member has named yet: nothing of it is proven, and nothing in it is new. */
  readonly isUnacknowledged: boolean;
}

export interface VerifyContext {
  readonly destination: Destination;
  readonly place: FencePlace;
  readonly held: Held;
  /** The last proven fence before this one. */
  readonly before: ProvenBefore | null;
  /** Sizes that the fences after this one claim. */
  readonly claimed: ReadonlySet<number>;
  readonly badBlobs: ReadonlySet<string>;
  readonly find: (finding: CopyFinding) => void;
  readonly onProgress: (more: { objects?: number; bytes?: number; entries?: number }) => void;
}

/** Verifies one practice under one fence, bundle by bundle, then its tails. */
export async function verifyPractice(context: VerifyContext): Promise<VerifiedFence> {
  const { place, held, find, destination } = context;
  const entries = new EntryCheck(context);
  const checkpoints = new CheckpointCheck(context, entries);
  const tiles = new TileCheck(context);
  const indexes = new IndexCheck(context);
  const tails = new TailCheck(context, entries, checkpoints);
  const bundles = new Frontier();
  const count = reachableBundles(context, committedBundles(held));
  let ahead = count > 0 ? readRawBundle(destination, place, 0) : null;
  let isRootKnown = true;
  for (let number = 0; number < count; number += 1) {
    const raw = await ahead;
    if (raw === null) break;
    ahead = number + 1 < count ? readRawBundle(destination, place, number + 1) : null;
    const checked = checkBundle(raw, place, await tiles.parentOf(number));
    for (const finding of checked.findings) find(finding);
    await entries.addBundle(checked);
    if (checked.root === null) isRootKnown = false;
    else if (isRootKnown) bundles.append(new Uint8Array(checked.root));
    const root = isRootKnown ? bundles.root() : null;
    await tiles.add(checked.root);
    await indexes.add(checked);
    await checkpoints.checkAt((number + 1) * bundleSize, root);
    await tails.checkCovered(checked, root);
    context.onProgress({ objects: 5, bytes: bytesOf(raw), entries: bundleSize });
  }
  const partial = await tails.checkAfter(count, isRootKnown ? bundles : null);
  await checkpoints.finish(count);
  entries.finish();
  const size = checkpoints.proven?.size ?? 0;
  const report = {
    practice: place.practice,
    fence: place.fence,
    size,
    root: checkpoints.proven?.root ?? foldFrontier([]),
    note: checkpoints.proven?.note ?? null,
    receivedAt: entries.lastReceivedAt,
    entries: count * bundleSize + partial,
    payloadBytes: entries.payloadBytes,
    blobs: entries.blobs,
  };
  return { report, roots: entries.rootsUpTo(size), isUnacknowledged: checkpoints.isUnacknowledged };
}

/** Full bundles that some checkpoint commits, as names tell. */
function committedBundles(held: Held): number {
  let size = 0;
  for (const checkpoint of held.checkpoints) size = Math.max(size, checkpoint);
  // A tail commits what is under it: it was written only once that was durable.
  for (const { to } of held.tails) size = Math.max(size, to);
  return Math.floor(size / bundleSize);
}

/** A name alone can claim any number of bundles: after a gap no accident makes, nothing more is looked for. */
function reachableBundles({ held, find, place }: VerifyContext, count: number): number {
  const numbers = [...held.entries, ...held.payload, ...held.nodes, ...(held.tiles.get(0) ?? [])];
  let last = -1;
  for (const number of numbers.sort((left, right) => left - right)) {
    if (number - last > farBundles) break;
    last = number;
  }
  if (count - last <= farBundles) return count;
  const reach = { practice: place.practice, from: (last + 1) * bundleSize, to: count * bundleSize };
  find(makeFinding('BUNDLE_MISSING', null, reach));
  return last + 1;
}

/** How a copy falls short of what it must at least hold. */
export function compareToExpected(report: PracticeReport, expected: ExpectedHead | null): CopyFinding[] {
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
