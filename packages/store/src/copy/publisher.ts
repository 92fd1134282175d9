import type { Checkpoint } from '@serment/core/journal/checkpoint';
import type { CaptureSource } from './capture-source.ts';
import type { Destination } from './destination.ts';
import { Lane } from './lane.ts';

export interface PublisherOptions {
  readonly source: CaptureSource;
  readonly destinations: readonly Destination[];
  /** The host's signature on a checkpoint whose root the publisher has recomputed. */
  readonly signCheckpoint: (checkpoint: Checkpoint) => Promise<string>;
  /** Folder of the format's documents and of `reader.mjs`; every copy gets them. */
  readonly formatFolder?: string;
  /** Told when the status of a practice (in hexadecimal) changed. */
  readonly onStatus?: (practice: string) => void;
  readonly log?: (event: CopyLogEvent) => void;
  /** How often to look for what a lost notice announced. */
  readonly pollMs?: number;
  readonly now?: () => number;
}

export interface CopyLogEvent {
  readonly level: 'info' | 'warn';
  readonly code: string;
  readonly destination: string;
  readonly message: string;
  readonly hint: string | null;
  readonly cause: unknown;
}

/** How one practice stands at one destination (docs/format/wire.md, Copies). */
export interface CopyStatus {
  readonly name: string;
  readonly kind: Destination['kind'];
  /** Entries that are durable at the destination under a checkpoint. */
  readonly size: number;
  readonly publishedAt: number | null;
  /** Age of the oldest commit that is not copied; 0 when there is none; null before the first look. */
  readonly lagMs: number | null;
  readonly state: 'current' | 'behind' | 'failing';
  readonly error: string | null;
  readonly hint: string | null;
}

export interface Publisher {
  /** One status for each destination, in their order. */
  status(practice: string): CopyStatus[];
  /** Resolves once everything committed before the call is at every destination that works; failing ones are not waited for. */
  settled(): Promise<void>;
  /** Copies what is pending, once, then ends. */
  stop(): Promise<void>;
}

/** Copies every practice of a source to every destination, each at its own pace, from now until `stop`. */
export function startPublisher(options: PublisherOptions): Publisher {
  const lanes = options.destinations.map((destination) => new Lane(destination, options));
  const unsubscribe = options.source.onCommit((change) => {
    for (const lane of lanes) lane.wake(change);
  });
  for (const lane of lanes) lane.look();
  const timer = setInterval(() => {
    for (const lane of lanes) lane.look();
  }, options.pollMs ?? 2000);
  timer.unref();
  return {
    status: (practice) => lanes.map((lane) => lane.status(practice)),
    async settled() {
      await Promise.all(lanes.map((lane) => lane.settled()));
    },
    async stop() {
      unsubscribe();
      clearInterval(timer);
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}
