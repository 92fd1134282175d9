import { bytesToHex } from '@serment/core/bytes';
import { sweepRuns } from '@serment/store/console/drill-runs';
import { addSamples, condenseSamples } from '@serment/store/console/samples';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { ConsolePractices } from '../console/console-practices.ts';

export interface SampleJobOptions {
  readonly store: Store;
  readonly practices: ConsolePractices;
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

export interface SampleJob {
  /** Keeps how practices stand now. Called by itself. */
  take(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 5 * 60_000;
/** Copies are looked at first. */
const firstMs = 15_000;

/** Keeps every five minutes how large each practice is and how far behind its copies are. */
export function startSamples({ store, practices, clock, log }: SampleJobOptions): SampleJob {
  const take = async () => {
    const now = clock();
    const samples = (await practices.all()).map(({ practice, entries, bytes, documentBytes, copies }) => ({
      ...{ practice: bytesToHex(practice), entries, bytes, documentBytes },
      lags: copies.flatMap(({ name, lagMs }) => (lagMs === null ? [] : [{ copy: name, lagMs }])),
    }));
    await addSamples(store.database, samples, now);
    await condenseSamples(store.database, now);
    await sweepRuns(store.database, now);
  };
  let running: Promise<void> = Promise.resolve();
  const again = () => {
    running = take().catch((err: unknown) => log.warn({ err }, 'no sample of practices was taken'));
  };
  const first = setTimeout(again, firstMs);
  const timer = setInterval(again, everyMs);
  for (const one of [first, timer]) one.unref();
  return {
    take,
    async stop() {
      clearTimeout(first);
      clearInterval(timer);
      await running;
    },
  };
}
