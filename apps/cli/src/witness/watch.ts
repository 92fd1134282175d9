import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { cosignCheckpoint } from '@serment/core/journal/cosignature';
import { type Evidence, type HeadProofs, type Judgement, judgeHead } from '@serment/core/journal/followed';
import { Transport } from '@serment/replica/transport';
import type { Destination } from '@serment/store/copy/destination';
import { copyHead } from './copy-head.ts';
import { hostProofs } from './host-proofs.ts';
import { type EventKind, type WatchEvent, type Watched, type WatchState, writeWatched } from './watch-file.ts';
import type { Witness } from './witness-key.ts';

export interface WatchOptions {
  /** The witness's folder. */
  readonly dir: string;
  readonly witness: Witness;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Opens a copy that a practice is followed in; throws where it is not there. */
  readonly openCopy: (copy: string) => Promise<Destination>;
  /** Longest that one host is asked, ms. */
  readonly stepMs: number;
}

/** What came of looking at one practice once. */
export interface Step {
  readonly watched: Watched;
  /** Why no head was taken, or the cosignature not handed over; null when all was done. */
  readonly code: string | null;
}

/** How long a practice may give no head before that is told. */
export const silenceMs = 3_600_000;
/** How far behind its last cosignature the witness's clock may be. */
const clockBackSeconds = 300;
/** Longest silence of a host within an answer. */
const maxPauseMs = 20_000;

/**
 * Looks at a practice once: asks for its head, judges it, keeps what it made of it on the disk, and only then gives the
 * host a cosignature. Throws OUTPUT_UNWRITABLE: what cannot be kept is not signed.
 */
export async function watchOnce(watched: Watched, options: WatchOptions): Promise<Step> {
  const { source } = watched;
  try {
    return 'copy' in source ? await watchCopy(watched, source, options) : await watchHost(watched, source, options);
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return { watched: await writeSilence(watched, options), code };
  }
}

async function watchHost(watched: Watched, { server }: { server: string }, options: WatchOptions): Promise<Step> {
  const deadline = AbortSignal.timeout(options.stepMs);
  const transport = new Transport({
    baseUrl: server,
    timeoutMs: Math.min(options.stepMs, maxPauseMs),
    fetch: (input, init) => fetch(input, { ...init, signal: withDeadline(deadline, init?.signal) }),
  });
  try {
    await transport.openSession(watched.followed.practice, options.witness.signer);
    const step = await keep(watched, await transport.checkpoint(), hostProofs(transport), options);
    const { cosigned } = step.watched;
    return step.code !== null || cosigned === null ? step : { ...step, code: await handOver(transport, cosigned.note) };
  } finally {
    await transport.closeSession().catch(() => undefined);
  }
}

/** Of a copy, nothing is handed over: what it saw stands in its folder, its page and its feed. */
async function watchCopy(watched: Watched, { copy }: { copy: string }, options: WatchOptions): Promise<Step> {
  const destination = await options.openCopy(copy);
  try {
    const { note, proofs } = await copyHead(destination, bytesToHex(watched.followed.practice));
    return await keep(watched, note, proofs, options);
  } finally {
    await destination.close();
  }
}

/** Judges a head, and keeps what came of it. */
async function keep(watched: Watched, note: string, proofs: HeadProofs, options: WatchOptions): Promise<Step> {
  const judged = await judgeHead(watched.followed, note, proofs);
  if (!('lost' in judged)) {
    const refused = await writeWatched(options.dir, refusedBy(watched, judged, options.clock()));
    return { watched: refused, code: judged.outcome.toUpperCase() };
  }
  const taken = await writeWatched(options.dir, await takenBy(watched, judged, options));
  return { watched: taken, code: taken.state === 'following' ? null : 'CLOCK' };
}

/** A practice that was never looked at. */
export function newWatched(
  followed: Watched['followed'],
  { source, since }: Pick<Watched, 'source' | 'since'>,
): Watched {
  return { followed, source, since, state: 'waiting', answeredAt: null, cosigned: null, drilled: null, events: [] };
}

/** With what happened at the end of its events. */
export function withEvent(
  watched: Watched,
  kind: EventKind,
  {
    at,
    evidence = null,
    lost = 0,
  }: { readonly at: number; readonly evidence?: Evidence | null; readonly lost?: number },
): Watched {
  const event: WatchEvent = {
    ...{ number: (watched.events.at(-1)?.number ?? 0) + 1, kind, at, lost },
    notes: evidence === null ? [] : [evidence.known, evidence.shown],
    proof: evidence?.proof.map(bytesToHex) ?? [],
  };
  return { ...watched, events: [...watched.events, event] };
}

/** Why the host was not given the cosignature, which it is given again the next time. */
async function handOver(transport: Transport, note: string): Promise<string | null> {
  try {
    await transport.putCosignature(note);
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return code;
  }
}

async function takenBy(
  watched: Watched,
  { outcome, next, lost }: Extract<Judgement, { lost: number }>,
  { witness, clock }: WatchOptions,
): Promise<Watched> {
  const at = clock();
  const time = Math.floor(at / 1000);
  const last = watched.cosigned?.time ?? 0;
  const isBack = time < last - clockBackSeconds;
  let told: Watched = { ...watched, followed: next, answeredAt: at, state: isBack ? 'clock' : 'following' };
  if (outcome === 'first') told = withEvent(told, 'first', { at });
  if (outcome === 'restored') told = withEvent(told, 'restored', { at, lost });
  if (isBack) return watched.state === 'clock' ? told : withEvent(told, 'clock', { at });
  if (watched.state !== 'following' && watched.state !== 'waiting' && outcome !== 'restored')
    told = withEvent(told, 'heard', { at });
  const { note, hostAuthor } = next.known;
  // A clock that stepped back a little says no earlier time than it said before.
  const signed = { ...witness, time: Math.max(time, last) };
  return { ...told, cosigned: { time: signed.time, note: await cosignCheckpoint(note, hostAuthor, signed) } };
}

function refusedBy(watched: Watched, judged: Exclude<Judgement, { lost: number }>, at: number): Watched {
  const { outcome, next, evidence } = judged;
  if (outcome === 'invalid' || outcome === 'unproven') return silenced(watched, at);
  const told = { ...watched, followed: next, state: outcome } as const;
  return watched.state === outcome ? told : withEvent(told, outcome, { at, evidence });
}

async function writeSilence(watched: Watched, { dir, clock }: WatchOptions): Promise<Watched> {
  const told = silenced(watched, clock());
  return told === watched ? watched : writeWatched(dir, told);
}

/** An alarm that stands is not hushed by silence. */
function silenced(watched: Watched, at: number): Watched {
  const quiet: readonly WatchState[] = ['following', 'waiting', 'clock'];
  const isSilent = at - (watched.answeredAt ?? watched.since) > silenceMs && quiet.includes(watched.state);
  return isSilent ? withEvent({ ...watched, state: 'silent' }, 'silence', { at }) : watched;
}

function withDeadline(deadline: AbortSignal, signal: AbortSignal | null | undefined): AbortSignal {
  return signal ? AbortSignal.any([deadline, signal]) : deadline;
}

/** The code of an error that is a host's; null for any other, which is not for this place. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof CodedError) || error.code === 'OUTPUT_UNWRITABLE') return null;
  const code = typeof error.fields.server === 'string' ? error.fields.server : error.code;
  // A host lets in whom the journal names, and tells nobody else whether it holds the practice.
  return code === 'CHALLENGE_INVALID' ? 'NOT_LET_IN' : code;
}
