import './require-node-24.js';
import { fuzzProof } from './prove/access/fuzz.ts';
import { guessingProof } from './prove/access/guessing.ts';
import { makeAccessScene } from './prove/access/scene.ts';
import { unlockProof } from './prove/access/unlock.ts';
import { badInputProofs } from './prove/bad-inputs.ts';
import { faultsProofs } from './prove/copies/faults.ts';
import { ransomwareProof } from './prove/copies/ransomware.ts';
import { type CopiesScene, makeCopiesScene } from './prove/copies/scene.ts';
import { copySpeedProofs } from './prove/copies/speed.ts';
import { damagedCopyProofs } from './prove/damaged-copies.ts';
import { fullDiskProofs } from './prove/full-disks.ts';
import { lyingHostProof } from './prove/lies.ts';
import { powerCutProof } from './prove/power-cuts.ts';
import { type Proof, type Proven, runProofs } from './prove/proof.ts';
import { flowProofs } from './prove/record/flows.ts';
import { makeRecordScene, type RecordScene } from './prove/record/scene.ts';
import { axeProof, picturesProof } from './prove/record/screens.ts';
import { speedProofs } from './prove/record/speed.ts';
import { roundTripProofs } from './prove/round-trip.ts';
import { makeScene, type Scene } from './prove/scene.ts';

const usage = `npm run prove vault [-- --json] [-- --quick] [-- --only=WORDS]
npm run prove access [-- --json] [-- --quick] [-- --only=WORDS]
npm run prove record [-- --json] [-- --quick] [-- --only=WORDS]
npm run prove copies [-- --json] [-- --quick] [-- --only=WORDS]

Runs what the vault promises, who may enter it, what a doctor's day in it asks for, or what its copies are for, and prints, for each promise, the figure, the bar and whether it holds.
Exits 1 if one falls short. --only runs the proofs whose name holds these words; some need the ones before them.
`;

interface ProveOptions {
  readonly isQuick: boolean;
  readonly only: string;
}

type Prove = (options: ProveOptions, onProven: (proven: Proven) => void) => Promise<Proven[]>;

const subjects = new Map<string, Prove>([
  ['vault', proveVault],
  ['access', proveAccess],
  ['record', proveRecord],
  ['copies', proveCopies],
]);

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const only = args.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';
  const [subject = ''] = args.filter((argument) => subjects.has(argument));
  const prove = subjects.get(subject);
  const isKnown = (argument: string) => [subject, '--json', '--quick', `--only=${only}`].includes(argument);
  if (prove === undefined || !args.every(isKnown)) {
    process.stderr.write(usage);
    process.exit(2);
  }
  // `npm run prove vault --json`, without `--` before it, is npm's own option: it only tells of it.
  const isJson = args.includes('--json') || process.env.npm_config_json === 'true';
  const proven = await prove({ isQuick: args.includes('--quick'), only }, (one) => {
    if (!isJson) process.stdout.write(lineOf(one));
  });
  if (proven.length === 0) process.stderr.write(`No proof has “${only}” in its name.\n`);
  const holds = proven.length > 0 && proven.every((one) => one.holds !== false);
  if (isJson) process.stdout.write(`${JSON.stringify({ proof: subject, holds, proofs: proven }, null, 1)}\n`);
  else process.stdout.write(holds ? 'All of it holds.\n' : 'Some of it falls short.\n');
  process.exitCode = holds ? 0 : 1;
}

function proveVault({ isQuick, only }: ProveOptions, onProven: (proven: Proven) => void): Promise<Proven[]> {
  const proofs: readonly Proof<Scene>[] = [
    ...roundTripProofs,
    ...badInputProofs,
    ...damagedCopyProofs,
    ...fullDiskProofs,
    powerCutProof,
    lyingHostProof,
  ];
  return runIn({ scene: makeScene(isQuick), end: (scene) => scene.remove(), proofs, only }, onProven);
}

function proveAccess({ isQuick, only }: ProveOptions, onProven: (proven: Proven) => void): Promise<Proven[]> {
  const proofs = [fuzzProof, guessingProof, ...(isQuick ? [] : [unlockProof])];
  return runIn(
    { scene: makeAccessScene(isQuick ? 'quick' : 'whole'), end: (scene) => scene.close(), proofs, only },
    onProven,
  );
}

function proveRecord({ isQuick, only }: ProveOptions, onProven: (proven: Proven) => void): Promise<Proven[]> {
  const proofs: readonly Proof<RecordScene>[] = [...flowProofs, axeProof, picturesProof, ...speedProofs];
  return runIn({ scene: makeRecordScene(isQuick), end: (scene) => scene.close(), proofs, only }, onProven);
}

function proveCopies({ isQuick, only }: ProveOptions, onProven: (proven: Proven) => void): Promise<Proven[]> {
  const proofs: readonly Proof<CopiesScene>[] = [ransomwareProof, ...faultsProofs, ...copySpeedProofs];
  return runIn({ scene: makeCopiesScene(isQuick), end: (scene) => scene.remove(), proofs, only }, onProven);
}

interface Run<Scene> {
  readonly scene: Promise<Scene>;
  readonly end: (scene: Scene) => Promise<void>;
  readonly proofs: readonly Proof<Scene>[];
  readonly only: string;
}

async function runIn<Scene>(run: Run<Scene>, onProven: (proven: Proven) => void): Promise<Proven[]> {
  const scene = await run.scene;
  const end = () => run.end(scene);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(130)));
  try {
    const chosen = run.proofs.filter(({ name }) => name.includes(run.only));
    return await runProofs(chosen, scene, onProven);
  } finally {
    await end();
  }
}

function lineOf({ name, figure, bar, holds, details = [], seconds }: Proven): string {
  const word = holds === null ? 'not run' : holds ? 'holds' : 'FALLS SHORT';
  const lines = [`${word.padEnd(12)}${name}`, `            ${figure} (bar: ${bar}; ${seconds} s)`];
  if (holds === false) lines.push(...details.map((detail) => `              ${detail}`));
  return `${lines.join('\n')}\n`;
}
