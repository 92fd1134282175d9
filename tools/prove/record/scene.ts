import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromiumAdvice, findChromium } from '../../chromium.ts';
import { type FlowReport, runBrowserTests } from '../../test-browser.ts';
import { buildWebIfStale, root } from '../../web-build.ts';
import { type Measures, makeMeasures } from '../measured.ts';

/** What proofs of the record share: a spec or a bench that several of them read runs once. */
export interface RecordScene extends Measures {
  /** What the flows of these specs, named as in e2e/, came to. Throws without a Chromium: no flow is passed over. */
  flows(specs: readonly string[]): Promise<FlowReport>;
  /** What a program of this repository writes on its standard output, and how it ended. */
  command(path: string): Promise<{ readonly lines: string[]; readonly code: number | null }>;
  /** Interrupts what runs, and waits for its end. */
  close(): Promise<void>;
}

export async function makeRecordScene(isQuick: boolean): Promise<RecordScene> {
  const stop = new AbortController();
  const running = new Set<Promise<unknown>>();
  const reports = new Map<string, Promise<FlowReport>>();
  const until = <Value>(work: Promise<Value>): Promise<Value> => {
    running.add(work);
    const end = () => running.delete(work);
    work.then(end, end);
    return work;
  };
  const run = async (specs: readonly string[]) => {
    const chromium = await findChromium();
    if (chromium === null) throw new Error(chromiumAdvice);
    await buildWebIfStale();
    return runBrowserTests(
      specs.map((spec) => `e2e/${spec}`),
      { chromium, signal: stop.signal, output: 'stderr' },
    );
  };
  return {
    ...makeMeasures(isQuick),
    async flows(specs) {
      const unread = specs.filter((spec) => !reports.has(spec));
      if (unread.length > 0) {
        const report = until(run(unread));
        for (const spec of unread) reports.set(spec, report);
      }
      const all = await Promise.all(new Set(specs.map((spec) => reports.get(spec))));
      return {
        flows: all.flatMap((report) => report?.flows ?? []).filter(({ file }) => specs.includes(file)),
        errors: all.flatMap((report) => report?.errors ?? []),
      };
    },
    command: (path) => until(commandLines(path, stop.signal)),
    async close() {
      stop.abort();
      await Promise.allSettled(running);
    },
  };
}

async function commandLines(path: string, signal: AbortSignal) {
  const child: ChildProcess = spawn(process.execPath, [join(root, path)], { cwd: root, stdio: ['ignore', 'pipe', 2] });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  let written = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { lines: written.split('\n').filter((line) => line !== ''), code };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
