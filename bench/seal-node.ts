import type { Bench, Figure } from './bench.ts';
import { sealBars, sealFigures, sealMethod } from './seal-figures.ts';
import { timeSealing } from './seal-work.ts';

const sizesMiB = [1, 16, 64];
const runtime = 'Node';

export const sealNode: Bench = {
  name: 'seal-node',
  title: 'Sealing and opening, in Node',
  method: sealMethod,
  bars: sealBars(runtime, sizesMiB.slice(1)),
  async run({ quick, progress }) {
    const figures: Figure[] = [];
    for (const size of sizesMiB) {
      progress(`${size} MiB`);
      const work = { sizeBytes: size * 2 ** 20, rounds: quick ? 5 : 21, repeats: Math.ceil((quick ? 16 : 32) / size) };
      figures.push(...sealFigures(runtime, work, await timeSealing(work)));
    }
    return figures;
  },
};
