import type { Bench } from '../../../bench/bench.ts';
import { copyLag } from '../../../bench/copy-lag.ts';
import { dump } from '../../../bench/dump.ts';
import { lockedBytes } from '../../../bench/locked-bytes.ts';
import { oneMore } from '../../../bench/one-more.ts';
import { openPatient } from '../../../bench/open-patient.ts';
import { rivals } from '../../../bench/rivals.ts';
import { measuredProof } from '../measured.ts';

const inMilliseconds: ReadonlySet<string> = new Set([
  'folder: 99th percentile',
  'Ceph: 99th percentile',
  'one of 1000000 entries, warm',
]);

/** Every bar that benches of copies have. */
export const copySpeedProofs = [
  ...proofsOf('a copy behind its vault', copyLag),
  ...proofsOf('a copy against restic and Borg', rivals),
  ...proofsOf('a copy against pg_dump', dump),
  ...proofsOf('a large vault against restic and Borg', oneMore),
  ...proofsOf('a locked bucket', lockedBytes),
  ...proofsOf('one patient out of a copy', openPatient),
];

function proofsOf(of: string, bench: Bench) {
  return Object.keys(bench.bars).map((label) =>
    measuredProof(of, { bench, label, unit: inMilliseconds.has(label) ? 'ms' : '×' }),
  );
}
