import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';

const everyMs = 3_600_000;

/** Drops old uploads and sessions every hour, and once at the start. Returns what ends it. */
export function startSweep(store: Store, log: FastifyBaseLogger): () => void {
  const sweep = () => store.sweep().catch((err: unknown) => log.warn({ err }, 'sweep failed'));
  const timer = setInterval(sweep, everyMs);
  timer.unref();
  sweep();
  return () => clearInterval(timer);
}
