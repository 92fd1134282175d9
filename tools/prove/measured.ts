import type { Bench, Figure } from '../../bench/bench.ts';
import { format, isHeld } from '../../bench/report.ts';
import type { Proof } from './proof.ts';

/** Benches that proofs read: one that several of them read runs once. */
export interface Measures {
  /** On small work, which is not that of the bars. */
  readonly isQuick: boolean;
  /** The figures of a bench, by their labels. */
  measure(bench: Bench): Promise<ReadonlyMap<string, Figure>>;
}

export function makeMeasures(isQuick: boolean): Measures {
  const measured = new Map<string, Promise<ReadonlyMap<string, Figure>>>();
  return {
    isQuick,
    measure(bench) {
      const known = measured.get(bench.name);
      if (known !== undefined) return known;
      const progress = (line: string) => process.stderr.write(`${bench.name}: ${line}\n`);
      const figures = bench.run({ quick: isQuick, progress });
      const byLabel = figures.then((all) => new Map(all.map((figure) => [figure.label, figure])));
      measured.set(bench.name, byLabel);
      return byLabel;
    },
  };
}

/** That a figure of a bench reaches the bar that the bench has for it. Throws RangeError for a label without one. */
export function measuredProof(
  of: string,
  { bench, label, unit }: { readonly bench: Bench; readonly label: string; readonly unit: string },
): Proof<Measures> {
  const bar = bench.bars[label];
  if (bar === undefined) throw new RangeError(`${bench.name} has no bar for ${label}`);
  const limits = [
    ...(bar.least === undefined ? [] : [`at least ${bar.least} ${unit}`]),
    ...(bar.most === undefined ? [] : [`at most ${bar.most} ${unit}`]),
  ];
  return {
    name: `${of}: ${label}`,
    bar: limits.join(', '),
    async run(scene) {
      const figure = (await scene.measure(bench)).get(label);
      if (figure === undefined || figure.unit !== unit)
        return { figure: 'not measured', holds: false, details: [`${bench.name} gave no “${label}” in ${unit}`] };
      const size = scene.isQuick ? ', on small work only: not the bar’s' : '';
      return { figure: `${format(figure)}${size}`, holds: isHeld(figure.value, bar) };
    },
  };
}
