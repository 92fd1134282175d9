import { createHash } from 'node:crypto';
import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { type BodyOf, maxDrillCodes } from '@serment/core/journal/body';
import type { Entry } from '@serment/core/journal/entry';
import { JournalVerifier } from '@serment/core/journal/verifier';
import type { Destination } from './destination.ts';
import { type RestoredPractice, restoreCopy } from './restore.ts';
import type { RestoreSink } from './restore-sink.ts';
import { type CopyWeight, weighCopy } from './weigh.ts';

export interface DrillOptions {
  /** The copy alone: nothing else is read. */
  readonly destination: Destination;
  /**
   * An empty place of the kind that production restores into, with room for a copy of that many bytes; `close` of the
   * sink destroys it.
   */
  readonly openScratch: (copyBytes: number) => Promise<RestoreSink>;
  readonly practice?: string;
  /** Only entries that the host accepted until then, milliseconds since 1970. */
  readonly at?: number;
  /** The live journal's root at a size; null when it is smaller. Left out where there is no live one. */
  readonly liveRootAt?: (practice: string, size: number) => Promise<Bytes | null>;
  readonly now?: () => number;
}

/** What a `drill` entry says (docs/format/journal.md), for each practice. */
export interface DrillResult extends Omit<BodyOf<'drill'>, 'kind'> {
  readonly practice: string;
  /** The state that the copy proves, and what it weighs: what a `backup` entry says. Null where nothing was restored. */
  readonly copy: ({ readonly size: number; readonly root: Bytes } & CopyWeight) | null;
}

type Outcome = Omit<DrillResult, 'destination' | 'startedAt' | 'durationMs' | 'at' | 'findings' | 'outcome'>;

/**
 * Restores with the production code into a scratch place, then recomputes everything from that place: tree, signatures,
 * rights, payloads, documents. Never throws for the copy's sake: what prevents an answer is `inconclusive`.
 */
export async function runDrill(options: DrillOptions): Promise<DrillResult[]> {
  const { destination, practice, at = null, now = Date.now } = options;
  const startedAt = now();
  // How long it took is none of the clock's business, which may be set back meanwhile.
  const beganAt = performance.now();
  const results: DrillResult[] = [];
  const done = (result: Outcome, isAnswered = true) =>
    results.push({
      ...{
        ...result,
        at,
        startedAt,
        durationMs: Math.round(performance.now() - beganAt),
        destination: destination.name,
      },
      codes: distinct(result.codes),
      findings: isAnswered ? result.codes.length : 0,
      outcome: result.codes.length === 0 ? 'proven' : isAnswered ? 'failed' : 'inconclusive',
    });
  let sink: RestoreSink | null = null;
  try {
    const weight = await weighCopy(destination, practice);
    sink = await options.openScratch(weight.bytes);
    const report = await restoreCopy({
      ...{ destinations: [destination], sink, keepOpen: true },
      ...(practice === undefined ? {} : { practice }),
      ...(at === null ? {} : { at }),
    });
    for (const restored of report.practices) {
      const lost = report.findings.filter(({ reach }) => reach.practice === restored.practice).map(({ code }) => code);
      const { codes, ...counted } = await checkRestored(sink, restored);
      const { size, root, provenSize, provenRoot } = restored;
      const live = (await options.liveRootAt?.(restored.practice, size)) ?? null;
      done({
        ...{ practice: restored.practice, size, root, entries: size, ...counted },
        codes: [...lost, ...codes, ...(options.liveRootAt === undefined ? [] : differences(root, live))],
        copy: { size: provenSize, root: provenRoot, ...weight },
      });
    }
    for (const { reach, code } of report.findings)
      if (reach.practice !== null && !results.some(({ practice: known }) => known === reach.practice))
        done(nothing(reach.practice, code));
  } catch (cause) {
    const code = cause instanceof CodedError ? String(cause.code) : 'UNKNOWN';
    done(nothing(practice ?? '', code), code === 'RESTORE_ROOT_MISMATCH' || code === 'COPY_NOTHING_READABLE');
  } finally {
    await sink?.close();
  }
  return results;
}

/** The same, once it was compared with the live journal's root at its size, or with null where that is smaller. */
export function comparedToLive(result: DrillResult, live: Bytes | null): DrillResult {
  if (result.size === 0) return result;
  const more = differences(result.root, live);
  if (more.length === 0) return result;
  const codes = distinct([...more, ...result.codes]);
  return { ...result, codes, findings: result.findings + more.length, outcome: 'failed' };
}

function differences(root: Bytes, live: Bytes | null): string[] {
  if (live === null) return ['ROLLBACK'];
  return equalBytes(live, root) ? [] : ['FORK'];
}

/** Codes, each once, as many as an entry names. */
function distinct(codes: readonly string[]): string[] {
  return [...new Set(codes)].slice(0, maxDrillCodes);
}

type Counted = Pick<DrillResult, 'blobs' | 'bytes' | 'clinical' | 'billing' | 'codes'>;

/** Reads everything back from the scratch place, and counts it. */
async function checkRestored(sink: RestoreSink, restored: RestoredPractice): Promise<Counted> {
  const journal = JournalVerifier.start(hexToBytes(restored.practice));
  const codes: string[] = [];
  const streams = { clinical: new Set<string>(), billing: new Set<string>() };
  let [blobs, bytes] = [0, 0];
  let batch: { entry: Bytes; payload: Bytes | null }[] = [];
  const flush = async () => {
    const verified = await journal.addMany(batch.map(({ entry }) => entry));
    for (const [position, { entry, findings }] of verified.entries()) {
      codes.push(...findings.map(({ code }) => code));
      if (entry === null) continue;
      const payload = batch[position]?.payload ?? null;
      bytes += entry.bytes.length + (payload?.length ?? 0);
      const { compartment, stream } = entry.header;
      if (compartment === 'clinical' || compartment === 'billing') streams[compartment].add(bytesToHex(stream));
      if (payload !== null && (entry.payloadHash === null || !equalBytes(sha256(payload), entry.payloadHash)))
        codes.push('PAYLOAD_MISMATCH');
      for (const hash of blobsOf(entry, payload)) {
        blobs += 1;
        const size = await sizeOfRight(sink, restored.practice, hash);
        if (size === null) codes.push('BLOB_MISMATCH');
        bytes += size ?? 0;
      }
    }
    batch = [];
  };
  for await (const item of sink.readBack(restored.practice)) {
    batch.push(item);
    if (batch.length === 256) await flush();
  }
  await flush();
  if (journal.size !== restored.size || !equalBytes(journal.root(), restored.root)) codes.push('ROOT_MISMATCH');
  if (restored.size === restored.provenSize)
    codes.push(
      ...(await journal.checkpoint(restored.note))
        .map(({ code }) => code)
        .filter((code) => code !== 'FENCE_UNACKNOWLEDGED'),
    );
  return { codes, blobs, bytes, clinical: streams.clinical.size, billing: streams.billing.size };
}

function blobsOf(entry: Entry, payload: Bytes | null): string[] {
  const hashes = entry.header.blobs.map(({ hash }) => bytesToHex(hash));
  if (entry.payloadHash !== null && payload === null) hashes.push(bytesToHex(entry.payloadHash));
  return hashes;
}

/** Size of a blob whose bytes are those of its name; null for any other. */
async function sizeOfRight(sink: RestoreSink, practice: string, hash: string): Promise<number | null> {
  const hasher = createHash('sha256');
  let size = 0;
  try {
    for await (const piece of sink.openBlob(practice, hash)) {
      hasher.update(piece);
      size += piece.length;
    }
  } catch {
    return null;
  }
  return hasher.digest('hex') === hash ? size : null;
}

function nothing(practice: string, code: string): Outcome {
  const none = { size: 0, root: new Uint8Array(32), entries: 0, blobs: 0, bytes: 0, clinical: 0, billing: 0 };
  return { practice, ...none, codes: [code], copy: null };
}
