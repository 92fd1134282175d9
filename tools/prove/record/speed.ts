import type { Bench } from '../../../bench/bench.ts';
import { practiceChromium } from '../../../bench/practice-chromium.ts';
import { format, isHeld } from '../../../bench/report.ts';
import { web } from '../../../bench/web.ts';
import type { Proof } from '../proof.ts';
import type { RecordScene } from './scene.ts';

/** Figures of the benches, whose bars are theirs. */
const speeds: readonly (readonly [bench: Bench, label: string, unit: string])[] = [
  [web, 'cold start, password to usable list', 'ms'],
  [practiceChromium, 'one search, 99th percentile', 'ms'],
  [web, 'opening a file, 95th percentile', 'ms'],
  [web, 'typing, key to frame, 99th percentile', 'ms'],
  [web, 'full-text search, median', 'ms'],
  [web, 'longest task of the page while files are read', 'ms'],
  [web, 'memory of the page and its worker', 'MiB'],
  [web, 'first load, JavaScript', 'kB'],
];

export const speedProofs: readonly Proof<RecordScene>[] = speeds.map(([bench, label, unit]) => {
  const bar = bench.bars[label];
  if (bar?.most === undefined) throw new RangeError(`${bench.name} has no bar for ${label}`);
  return {
    name: `20 000 patients in Chromium: ${label}`,
    bar: `at most ${bar.most} ${unit}`,
    async run(scene) {
      const figure = (await scene.measure(bench)).get(label);
      if (figure === undefined || figure.unit !== unit)
        return { figure: 'not measured', holds: false, details: [`${bench.name} gave no “${label}” in ${unit}`] };
      const size = scene.isQuick ? ', with 2 000 patients only: not the bar’s size' : '';
      return { figure: `${format(figure)}${size}`, holds: isHeld(figure.value, bar) };
    },
  };
});
