import { constants } from 'node:os';

type Cleanup = () => Promise<void>;

/**
 * Runs `cleanup` once if the program is told to stop, then ends as a program stopped by that signal does. Returns what
 * ends the watch.
 */
export function whenInterrupted(cleanup: Cleanup): () => void {
  const stop = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => {
    cleanup()
      .catch(() => undefined)
      .finally(() => process.exit(128 + constants.signals[signal]));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
