import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import { drillOutcomes } from '@serment/core/journal/body';
import {
  jsonCount,
  jsonHex,
  jsonList,
  jsonNullOr,
  jsonOneOf,
  jsonText,
  parseJson,
  parseObject,
} from '@serment/core/wire/json';
import type { DrillResult } from '@serment/store/copy/drill';
import type { CopyPlace } from '@serment/store/copy/places';

/**
 * What the process of a drill is told, as JSON: the first line of its input. Not among its arguments, which every account
 * of the machine can list: a place may hold credentials.
 */
export interface DrillOrder {
  readonly place: CopyPlace;
  /** In hexadecimal. */
  readonly practice: string;
  readonly at: number | null;
  readonly scratchDir: string;
}

const script = join(import.meta.dirname, 'drill-practice.ts');
/** How long a drill that is ended has to destroy its scratch database. */
const leaveMs = 15_000;

/**
 * Runs a drill in a process of its own. Null when that process ended without an answer: because `signal` asked it to, or
 * by itself.
 */
export function runDrillProcess(order: DrillOrder, signal: AbortSignal): Promise<DrillResult | null> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script], (error, output) => {
      signal.removeEventListener('abort', leave);
      clearTimeout(timer);
      resolve(error === null ? readDrillResult(output) : null);
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.write(`${JSON.stringify(order)}\n`);
    let timer: NodeJS.Timeout | undefined;
    const leave = () => {
      child.stdin?.end();
      timer = setTimeout(() => child.kill('SIGKILL'), leaveMs);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}

export function encodeDrillResult({ root, copy, ...rest }: DrillResult): string {
  const held = copy === null ? null : { ...copy, root: bytesToHex(copy.root) };
  return JSON.stringify({ ...rest, root: bytesToHex(root), copy: held });
}

const counts = [
  'size',
  'startedAt',
  'durationMs',
  'entries',
  'blobs',
  'bytes',
  'clinical',
  'billing',
  'findings',
] as const;

/** Null for what is no result: nothing that another process writes may throw here, where nobody would catch it. */
function readDrillResult(output: string): DrillResult | null {
  try {
    return parseDrillResult(output);
  } catch {
    return null;
  }
}

function parseDrillResult(output: string): DrillResult {
  const of = parseObject(parseJson(output), [
    'practice',
    'destination',
    'root',
    'at',
    'outcome',
    'codes',
    'copy',
    ...counts,
  ]);
  const count = (name: (typeof counts)[number]) => jsonCount(of(name));
  return {
    ...{ practice: jsonText(of('practice')), destination: jsonText(of('destination')) },
    ...{ size: count('size'), root: jsonHex(of('root'), 32), at: jsonNullOr(of('at'), jsonCount) },
    ...{ startedAt: count('startedAt'), durationMs: Math.round(count('durationMs')) },
    ...{ entries: count('entries'), blobs: count('blobs'), bytes: count('bytes') },
    ...{ clinical: count('clinical'), billing: count('billing'), findings: count('findings') },
    outcome: jsonOneOf(drillOutcomes)(of('outcome')),
    codes: jsonList(of('codes'), 64, jsonText),
    copy: jsonNullOr(of('copy'), (value) => {
      const held = parseObject(value, ['size', 'root', 'objects', 'bytes']);
      const [size, objects, bytes] = [held('size'), held('objects'), held('bytes')].map(jsonCount);
      return { size: size ?? 0, root: jsonHex(held('root'), 32), objects: objects ?? 0, bytes: bytes ?? 0 };
    }),
  };
}
