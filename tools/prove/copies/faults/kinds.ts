/** What can go wrong at a write. */
export const kinds = [
  'error',
  'short',
  'unanswered',
  'full',
  'killed',
  'killed-done',
  'power-cut',
  'names-kept',
  'removals-kept',
  'latency',
  'clock-ahead',
  'clock-back',
] as const;

export type Kind = (typeof kinds)[number];

export const kindTexts: Readonly<Record<Kind, string>> = {
  error: 'the call fails, once (EIO; SQLSTATE 58030)',
  short: 'half of the bytes get through; a database loses the connection over it',
  unanswered: 'it is done, and its answer is an error or a lost connection',
  full: 'the disk is full from there on (ENOSPC; SQLSTATE 53100)',
  killed: 'the process is killed before it',
  'killed-done': 'the process is killed once the database has done it, before its answer is seen',
  'power-cut': 'killed, and nothing that was not synced is on the disk',
  'names-kept': 'killed, names are on the disk, unsynced bytes are not',
  'removals-kept': 'killed, removals are on the disk, unsynced bytes and names are not',
  latency: 'it takes 30 s',
  'clock-ahead': 'the clock jumps 6 hours ahead',
  'clock-back': 'the clock jumps 6 hours back',
};

/** A call that writes, as a first run without any fault saw it. */
export interface Write {
  /** Such as `link`, or how a statement begins. */
  readonly call: string;
  readonly isDatabase: boolean;
  /** Whether it carries bytes that could stop half-way. */
  readonly hasBytes: boolean;
  /** Whether an answer comes that could be lost. */
  readonly isAnswered: boolean;
  /** False for what only reads: a round trip of a transaction that writes nothing. */
  changes: boolean;
}

export interface Fault {
  /** Whether it befalls a call of the database, or of a file. */
  readonly isDatabase: boolean;
  /** Number of the call among those, from 1. */
  readonly at: number;
  readonly kind: Kind;
  /** True to wait 30 s by the machine's clock, and not by the process's own. */
  readonly isReal?: boolean;
}

const crashes: ReadonlySet<Kind> = new Set(['killed', 'killed-done', 'power-cut', 'names-kept', 'removals-kept']);

export function isCrash(kind: Kind): boolean {
  return crashes.has(kind);
}

/** Which kinds have a meaning at a write. What PostgreSQL syncs is its own: no power is cut to it here. */
export function kindsAt({ isDatabase, hasBytes, isAnswered }: Write): Kind[] {
  return kinds.filter((kind) => {
    if (kind === 'short') return hasBytes;
    if (kind === 'unanswered') return isAnswered;
    if (kind === 'killed-done') return isDatabase && isAnswered;
    return !(isDatabase && (kind === 'names-kept' || kind === 'removals-kept'));
  });
}
