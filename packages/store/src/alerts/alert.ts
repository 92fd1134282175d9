import type { AlertCause } from '@serment/core/wire/alert';

/** Something that is wrong now, as it was found. Times in milliseconds. */
export interface Observation {
  readonly cause: AlertCause;
  /** Name of a copy or of a channel, or another word that tells it from what else has this cause; at most 256 bytes. */
  readonly subject: string;
  /** Those that it concerns, in hexadecimal; none for the installation as a whole. */
  readonly practices: readonly string[];
  readonly since: number;
  /** What kept it from working. */
  readonly code: string | null;
  /** The instant that it is about: when a disk is full, a certificate or a lock ends. */
  readonly at: number | null;
  /** Number of the entry by which a practice's journal tells of it; null where none does. */
  readonly entry: number | null;
}

/** The same from when it was raised until after it was over. Of the practices, the first 1024; `practiceCount` counts all. */
export interface Alert extends Observation {
  readonly alert: number;
  readonly practiceCount: number;
  /** How often it was raised. */
  readonly times: number;
  readonly raised: number;
  readonly seen: number;
  readonly cleared: number | null;
  readonly acknowledged: number | null;
  readonly acknowledgedBy: string | null;
  /** How many practices people were last told of. */
  readonly toldCount: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const maxQuietMs = 24 * hourMs;

/**
 * How long nothing of it is seen before it is over. What is looked at each minute may be seen again the next; what is
 * looked at once an hour, or once a day, is over when two looks did not see it; what somebody did, a day after they last did.
 */
const quietMs: Readonly<Record<AlertCause, number>> = {
  'copy-failing': 5 * minuteMs,
  'copy-late': 5 * minuteMs,
  'copy-damaged': 5 * minuteMs,
  'verify-late': 5 * minuteMs,
  'drill-failed': 5 * minuteMs,
  'drill-late': 5 * minuteMs,
  'disk-full': 2 * hourMs,
  'certificate-ends': 3 * hourMs,
  'lock-short': 24 * hourMs,
  'witness-silent': 5 * minuteMs,
  'channel-failing': 5 * minuteMs,
  ...{ 'read-much': 24 * hourMs, 'wrote-much': 24 * hourMs, 'restricted-much': 24 * hourMs },
  ...{ 'came-back': 24 * hourMs, 'other-history': 24 * hourMs },
};

/** The same, twice as long each time that it came back soon after. */
export function quietOf({ cause, times }: Pick<Alert, 'cause' | 'times'>): number {
  return Math.min(quietMs[cause] * 2 ** Math.min(times - 1, 20), maxQuietMs);
}
