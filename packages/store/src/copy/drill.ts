import { createHash } from 'node:crypto';
import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import type { DrillOutcome } from '@serment/core/journal/body';
import type { Entry } from '@serment/core/journal/entry';
import { JournalVerifier } from '@serment/core/journal/verifier';
import type { Destination } from './destination.ts';
import { type RestoredPractice, restoreCopy } from './restore.ts';
import type { RestoreSink } from './restore-sink.ts';

export interface DrillOptions {
  /** The copy alone: nothing else is read. */
  readonly destination: Destination;
  /** An empty place of the kind that production restores into; `close` of the sink destroys it. */
  readonly openScratch: () => Promise<RestoreSink>;
  readonly practice?: string;
  /** The live journal's root at a size; null when it is smaller. Left out where there is no live one. */
  readonly liveRootAt?: (practice: string, size: number) => Promise<Bytes | null>;
  readonly now?: () => number;
}

/** What a `drill` entry says (docs/format/journal.md), for each practice. */
export interface DrillResult {
  readonly practice: string;
  readonly destination: string;
  readonly size: number;
  readonly root: Bytes;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly entries: number;
  readonly blobs: number;
  readonly findings: number;
  readonly outcome: DrillOutcome;
  /** Codes of what was found, or of what kept the drill from an answer. */
  readonly codes: readonly string[];
}

/**
 * Restores with the production code into a scratch place, then recomputes everything from that place: tree, signatures,
 * rights, payloads, documents. Never throws for the copy's sake: what prevents an answer is `inconclusive`.
 */
export async function runDrill(options: DrillOptions): Promise<DrillResult[]> {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const results: DrillResult[] = [];
  const done = (result: Omit<DrillResult, 'destination' | 'startedAt' | 'durationMs'>) =>
    results.push({ ...result, destination: options.destination.name, startedAt, durationMs: now() - startedAt });
  let sink: RestoreSink | null = null;
  try {
    sink = await options.openScratch();
    const open = sink;
    const { practice } = options;
    const report = await restoreCopy({
      destinations: [options.destination],
      sink,
      keepOpen: true,
      ...(practice === undefined ? {} : { practice }),
    });
    for (const restored of report.practices) {
      const lost = report.findings.filter(({ reach }) => reach.practice === restored.practice).map(({ code }) => code);
      const check = await checkRestored(open, restored, options);
      const codes = [...lost, ...check.codes];
      const outcome = codes.length === 0 ? 'proven' : 'failed';
      const { size, root } = restored;
      done({
        practice: restored.practice,
        size,
        root,
        entries: size,
        blobs: check.blobs,
        findings: codes.length,
        outcome,
        codes,
      });
    }
    for (const { reach, code } of report.findings)
      if (reach.practice !== null && !results.some(({ practice: known }) => known === reach.practice))
        done({ ...nothing(reach.practice), findings: 1, outcome: 'failed', codes: [code] });
  } catch (cause) {
    const code = cause instanceof CodedError ? String(cause.code) : 'UNKNOWN';
    const isFailed = code === 'RESTORE_ROOT_MISMATCH' || code === 'COPY_NOTHING_READABLE';
    done({
      ...nothing(options.practice ?? ''),
      findings: isFailed ? 1 : 0,
      outcome: isFailed ? 'failed' : 'inconclusive',
      codes: [code],
    });
  } finally {
    await sink?.close();
  }
  return results;
}

async function checkRestored(
  sink: RestoreSink,
  restored: RestoredPractice,
  options: DrillOptions,
): Promise<{ codes: string[]; blobs: number }> {
  const journal = JournalVerifier.start(hexToBytes(restored.practice));
  const codes: string[] = [];
  let blobs = 0;
  let batch: { entry: Bytes; payload: Bytes | null }[] = [];
  const flush = async () => {
    const verified = await journal.addMany(batch.map(({ entry }) => entry));
    for (const [position, { entry, findings }] of verified.entries()) {
      codes.push(...findings.map(({ code }) => code));
      if (entry === null) continue;
      const payload = batch[position]?.payload ?? null;
      if (payload !== null && (entry.payloadHash === null || !equalBytes(sha256(payload), entry.payloadHash)))
        codes.push('PAYLOAD_MISMATCH');
      for (const hash of blobsOf(entry, payload)) {
        blobs += 1;
        if (!(await isBlobRight(sink, restored.practice, hash))) codes.push('BLOB_MISMATCH');
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
  const isWhole = restored.size === restored.provenSize;
  if (isWhole)
    codes.push(
      ...(await journal.checkpoint(restored.note))
        .map(({ code }) => code)
        .filter((code) => code !== 'FENCE_UNACKNOWLEDGED'),
    );
  const live = await options.liveRootAt?.(restored.practice, restored.size);
  if (live === null) codes.push('ROLLBACK');
  else if (live !== undefined && !equalBytes(live, restored.root)) codes.push('FORK');
  return { codes, blobs };
}

function blobsOf(entry: Entry, payload: Bytes | null): string[] {
  const hashes = entry.header.blobs.map(({ hash }) => bytesToHex(hash));
  if (entry.payloadHash !== null && payload === null) hashes.push(bytesToHex(entry.payloadHash));
  return hashes;
}

async function isBlobRight(sink: RestoreSink, practice: string, hash: string): Promise<boolean> {
  const hasher = createHash('sha256');
  try {
    for await (const piece of sink.openBlob(practice, hash)) hasher.update(piece);
  } catch {
    return false;
  }
  return hasher.digest('hex') === hash;
}

function nothing(practice: string) {
  return { practice, size: 0, root: new Uint8Array(32), entries: 0, blobs: 0 };
}
