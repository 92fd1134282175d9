import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, bytesToHex, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { type DrillOutcome, drillOutcomes } from '@serment/core/journal/body';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import type { Followed, KnownHead } from '@serment/core/journal/followed';
import { CliError, outputError, systemCode } from '../error.ts';
import { writeWhole } from '../whole-file.ts';

/** What happened to a followed practice, for whoever looks after the witness. */
export const eventKinds = [
  'first',
  'fork',
  'rollback',
  'unacknowledged',
  'restored',
  'silence',
  'heard',
  'proven',
  'failed',
  'inconclusive',
  'clock',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** How a followed practice stands. */
export const watchStates = ['waiting', 'following', 'silent', 'fork', 'rollback', 'unacknowledged', 'clock'] as const;
export type WatchState = (typeof watchStates)[number];

export interface WatchEvent {
  /** Counts from 1, and never again. */
  readonly number: number;
  readonly kind: EventKind;
  /** Milliseconds since 1970, by the witness's clock. */
  readonly at: number;
  /** Notes that prove a fork or a rollback: the one that was known, and the one that was shown. */
  readonly notes: readonly string[];
  /** Hashes that the host gave as a proof between them and that did not hold, in hexadecimal. */
  readonly proof: readonly string[];
  /** Entries that a restoration lost. */
  readonly lost: number;
}

/** Where heads come from: a host's address, or a copy as its folder or its name in the file of copies. */
export type WatchSource = { readonly server: string } | { readonly copy: string };

/** What a witness keeps of one practice. */
export interface Watched {
  readonly followed: Followed;
  readonly source: WatchSource;
  readonly since: number;
  readonly state: WatchState;
  /** When a head was last taken, ms. */
  readonly answeredAt: number | null;
  /** The last cosignature: seconds, and the whole note. */
  readonly cosigned: { readonly time: number; readonly note: string } | null;
  /** The last drill of the copy that it is followed in; null before the first, and where there is none. */
  readonly drilled: { readonly at: number; readonly outcome: DrillOutcome; readonly codes: readonly string[] } | null;
  /** Oldest first. */
  readonly events: readonly WatchEvent[];
}

const format = 1;
const keptEvents = 100;
const filePattern = /^([0-9a-f]{64})\.json$/;

/** Practices that this folder follows, in hexadecimal. Throws PATH_UNREADABLE. */
export async function watchedPractices(dir: string): Promise<string[]> {
  const names = await readdir(folderOf(dir)).catch((cause: unknown) => {
    if (systemCode(cause) === 'ENOENT') return [];
    throw new CliError('PATH_UNREADABLE', 'What this witness keeps cannot be read', {
      cause,
      fields: { system: systemCode(cause) },
    });
  });
  return names.flatMap((name) => filePattern.exec(name)?.[1] ?? []).sort();
}

/** Throws WITNESS_STATE_DAMAGED for anything but what `writeWatched` left, of that practice. */
export async function readWatched(dir: string, practice: string): Promise<Watched> {
  const text = await readFile(pathOf(dir, practice), 'utf8').catch((cause: unknown) => {
    throw damaged(practice, cause);
  });
  const cut = text.indexOf('\n');
  const body = text.slice(cut + 1);
  if (text.slice(0, cut) !== checkOf(body)) throw damaged(practice);
  try {
    const watched = parseWatched(JSON.parse(body));
    if (bytesToHex(watched.followed.practice) !== practice) throw damaged(practice);
    return watched;
  } catch (cause) {
    throw damaged(practice, cause);
  }
}

/** On the disk, whole, when this returns; of the events, the newest are kept, and every fork. Throws OUTPUT_UNWRITABLE. */
export async function writeWatched(dir: string, watched: Watched): Promise<Watched> {
  const dropped = Math.max(0, watched.events.length - keptEvents);
  const events = watched.events.filter(({ kind }, place) => place >= dropped || kind === 'fork');
  const kept = { ...watched, events };
  const body = `${JSON.stringify({ format, ...watchedToJson(kept) }, null, 1)}\n`;
  await mkdir(folderOf(dir), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw outputError(cause);
  });
  await writeWhole(pathOf(dir, bytesToHex(watched.followed.practice)), `${checkOf(body)}\n${body}`);
  return kept;
}

function watchedToJson({ followed, ...rest }: Watched) {
  const { practice, known, isForked, pinned } = followed;
  return {
    practice: bytesToHex(practice),
    known: known && { note: known.note, hostAuthor: bytesToHex(known.hostAuthor) },
    isForked,
    pinned: pinned && { size: pinned.size, root: bytesToHex(pinned.root) },
    ...rest,
  };
}

// The check over the whole text says that this program wrote it; what it holds is still not taken for granted.
function parseWatched(value: unknown): Watched {
  const of = membersOf(value);
  if (of('format') !== format) throw new TypeError('Another format');
  const isForked = of('isForked');
  if (typeof isForked !== 'boolean') throw new TypeError('isForked');
  const events = of('events');
  if (!Array.isArray(events)) throw new TypeError('events');
  return {
    followed: {
      practice: hashOf(of('practice')),
      known: nullOr(of('known'), knownOf),
      isForked,
      pinned: nullOr(of('pinned'), (pinned) => ({
        size: countOf(membersOf(pinned)('size')),
        root: hashOf(membersOf(pinned)('root')),
      })),
    },
    source: sourceOf(of('source')),
    since: countOf(of('since')),
    state: oneOf(watchStates, of('state')),
    answeredAt: nullOr(of('answeredAt'), countOf),
    cosigned: nullOr(of('cosigned'), (cosigned) => ({
      time: countOf(membersOf(cosigned)('time')),
      note: textOf(membersOf(cosigned)('note')),
    })),
    drilled: nullOr(of('drilled'), (drilled) => {
      const drill = membersOf(drilled);
      return {
        ...{ at: countOf(drill('at')), outcome: oneOf(drillOutcomes, drill('outcome')) },
        codes: textsOf(drill('codes')),
      };
    }),
    events: events.map(eventOf),
  };
}

function knownOf(value: unknown): KnownHead {
  const note = textOf(membersOf(value)('note'));
  return { ...parseCheckpoint(note).checkpoint, note, hostAuthor: hashOf(membersOf(value)('hostAuthor')) };
}

function sourceOf(value: unknown): WatchSource {
  const of = membersOf(value);
  return of('copy') === undefined ? { server: textOf(of('server')) } : { copy: textOf(of('copy')) };
}

function eventOf(value: unknown): WatchEvent {
  const of = membersOf(value);
  return {
    number: countOf(of('number')),
    kind: oneOf(eventKinds, of('kind')),
    at: countOf(of('at')),
    notes: textsOf(of('notes')),
    proof: textsOf(of('proof')),
    lost: countOf(of('lost')),
  };
}

function membersOf(value: unknown): (name: string) => unknown {
  if (typeof value !== 'object' || value === null) throw new TypeError('Not an object');
  return (name) => Reflect.get(value, name);
}

function nullOr<Value>(value: unknown, read: (value: unknown) => Value): Value | null {
  return value === null ? null : read(value);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('Not a text');
  return value;
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError('Not a list');
  return value.map(textOf);
}

function countOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new TypeError('Not a count');
  return value;
}

function hashOf(value: unknown): Bytes {
  const bytes = hexToBytes(textOf(value));
  if (bytes.length !== 32) throw new TypeError('Not a hash');
  return bytes;
}

function oneOf<const Texts extends readonly string[]>(texts: Texts, value: unknown): Texts[number] {
  const found = texts.find((one) => one === value);
  if (found === undefined) throw new TypeError('Not one of the texts');
  return found;
}

function checkOf(body: string): string {
  return bytesToHex(sha256(utf8ToBytes(body)));
}

function folderOf(dir: string): string {
  return join(dir, 'practices');
}

function pathOf(dir: string, practice: string): string {
  return join(folderOf(dir), `${practice}.json`);
}

function damaged(practice: string, cause?: unknown): CliError {
  return new CliError('WITNESS_STATE_DAMAGED', 'What this witness keeps of a practice is damaged', {
    ...(cause === undefined ? {} : { cause }),
    fields: { practice },
    hint: 'Nothing of this practice is cosigned. Put its file back; never start it anew without asking the practice.',
  });
}
