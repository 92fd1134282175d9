/**
 * A table of growth written as the WHO writes its own, of invented children: smooth, and near enough to look like
 * growth.
 */
export interface GrowthFile {
  readonly name: string;
  readonly mimeType: 'text/plain';
  readonly buffer: Buffer;
}

const days = 1827;

/** From a first value to a last one, fast at first. */
const shapes = [
  { name: 'poids.txt', from: 3.3, to: 18.3, weeks: 60, spread: 0.12, power: -0.2, hasPosture: false },
  { name: 'taille.txt', from: 49.8, to: 110, weeks: 110, spread: 0.036, power: 1, hasPosture: true },
  { name: 'pc.txt', from: 34.4, to: 50.5, weeks: 26, spread: 0.03, power: 1, hasPosture: false },
  { name: 'imc.txt', from: 13.4, to: 15.3, weeks: 12, spread: 0.085, power: -0.4, hasPosture: true },
] as const;

export function growthFiles(): GrowthFile[] {
  return shapes.map(({ name, ...shape }) => ({
    ...{ name, mimeType: 'text/plain' },
    buffer: Buffer.from(`${linesOf(shape).join('\r\n')}\r\n`),
  }));
}

function linesOf({ from, to, weeks, spread, power, hasPosture }: Omit<(typeof shapes)[number], 'name'>): string[] {
  const lines = [`sex\tage\tl\tm\ts${hasPosture ? '\tloh' : ''}`];
  for (const sex of [1, 2])
    for (let day = 0; day < days; day += 1) {
      const reach = (1 - Math.exp(-day / (weeks * 7))) / (1 - Math.exp(-days / (weeks * 7)));
      const median = (from + (to - from) * reach) * (sex === 1 ? 1 : 0.985);
      const posture = hasPosture ? (day < 731 ? '\tL' : '\tH') : '';
      lines.push(`${sex}\t${day}\t${power}\t${median.toFixed(4)}\t${spread}${posture}`);
    }
  return lines;
}
