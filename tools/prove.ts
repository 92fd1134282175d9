import './require-node-24.js';
import { badInputProofs } from './prove/bad-inputs.ts';
import { damagedCopyProofs } from './prove/damaged-copies.ts';
import { fullDiskProofs } from './prove/full-disks.ts';
import { lyingHostProof } from './prove/lies.ts';
import { powerCutProof } from './prove/power-cuts.ts';
import { type Proof, type Proven, runProofs } from './prove/proof.ts';
import { roundTripProofs } from './prove/round-trip.ts';
import { makeScene, type Scene } from './prove/scene.ts';

const usage = `npm run prove vault [-- --json] [-- --quick] [-- --only=WORDS]

Runs what the vault promises and prints, for each promise, the figure, the bar and whether it holds.
Exits 1 if one falls short. --only runs the proofs whose name holds these words; some need the ones before them.
`;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const only = args.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';
  const isKnown = (argument: string) => ['vault', '--json', '--quick', `--only=${only}`].includes(argument);
  if (!(args.includes('vault') && args.every(isKnown))) {
    process.stderr.write(usage);
    process.exit(2);
  }
  // `npm run prove vault --json`, without `--` before it, is npm's own option: it only tells of it.
  const isJson = args.includes('--json') || process.env.npm_config_json === 'true';
  const proven = await proveVault({ isQuick: args.includes('--quick'), only }, (one) => {
    if (!isJson) process.stdout.write(lineOf(one));
  });
  const holds = proven.every((one) => one.holds !== false);
  if (isJson) process.stdout.write(`${JSON.stringify({ proof: 'vault', holds, proofs: proven }, null, 1)}\n`);
  else process.stdout.write(holds ? 'All of it holds.\n' : 'Some of it falls short.\n');
  process.exitCode = holds ? 0 : 1;
}

async function proveVault(
  { isQuick, only }: { isQuick: boolean; only: string },
  onProven: (proven: Proven) => void,
): Promise<Proven[]> {
  const proofs: readonly Proof<Scene>[] = [
    ...roundTripProofs,
    ...badInputProofs,
    ...damagedCopyProofs,
    ...fullDiskProofs,
    powerCutProof,
    lyingHostProof,
  ];
  const scene = await makeScene(isQuick);
  const removeOnSignal = () => void scene.remove().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, removeOnSignal);
  try {
    return await runProofs(
      proofs.filter(({ name }) => name.includes(only)),
      scene,
      onProven,
    );
  } finally {
    await scene.remove();
  }
}

function lineOf({ name, figure, bar, holds, details = [], seconds }: Proven): string {
  const word = holds === null ? 'not run' : holds ? 'holds' : 'FALLS SHORT';
  const lines = [`${word.padEnd(12)}${name}`, `            ${figure} (bar: ${bar}; ${seconds} s)`];
  if (holds === false) lines.push(...details.map((detail) => `              ${detail}`));
  return `${lines.join('\n')}\n`;
}
