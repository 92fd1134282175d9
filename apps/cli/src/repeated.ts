import { setTimeout as sleep } from 'node:timers/promises';
import type { Given, Option } from './command.ts';
import { usageError } from './error.ts';
import { failureOf } from './failure.ts';
import type { Terminal } from './terminal.ts';

export const everyOption: Option = {
  name: 'every',
  value: 'HOURS',
  help: 'go on, once in so many hours, until stopped; one result each time',
};
export const everyMinutesOption: Option = {
  name: 'every',
  value: 'MINUTES',
  help: 'go on, once in so many minutes, until stopped; one result each time',
};

const hour = { name: 'hours', ms: 3_600_000 };
export const minute = { name: 'minutes', ms: 60_000 };
const firstRetryMs = 60_000;

/**
 * Runs once, or again and again with `--every`: then a run that fails is told and tried again sooner, and the last one's
 * status is the program's when it is told to stop.
 */
export async function repeated(
  given: Given,
  terminal: Terminal,
  {
    command,
    safe,
    run,
    unit = hour,
  }: { command: string; safe: string; run: () => Promise<number>; unit?: { name: string; ms: number } },
): Promise<number> {
  const text = given.optional('every');
  if (text === null) return run();
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count < 1)
    throw usageError(`--every is a number of ${unit.name}, from 1 to 999`, command);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  let status = 0;
  let failures = 0;
  while (!stop.signal.aborted) {
    try {
      status = await run();
      failures = 0;
    } catch (error) {
      const failure = failureOf(error, safe);
      terminal.fail(failure);
      status = failure.exit;
      failures += 1;
    }
    const waitMs = failures === 0 ? count * unit.ms : Math.min(count * unit.ms, firstRetryMs * 2 ** (failures - 1));
    await sleep(waitMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  return status;
}
