import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serment } from './installation.ts';
import type { Outcome, Proof } from './proof.ts';
import { verify } from './round-trip.ts';
import type { Scene } from './scene.ts';

interface Damage {
  readonly name: string;
  /** Codes of which verify must find one. */
  readonly codes: readonly string[];
  /** Which object of the copy, by its path. */
  readonly object: RegExp;
  damage(file: string): Promise<void>;
}

const firstPayloads = /\/payload\/000$/;

const damages: readonly Damage[] = [
  {
    name: 'a flipped bit in an entry bundle',
    codes: ['BUNDLE_DAMAGED', 'ENTRY_DAMAGED'],
    object: /entries\/000$/,
    damage: flipBit,
  },
  {
    name: 'a flipped bit in a payload bundle',
    codes: ['PAYLOADS_DAMAGED', 'PAYLOAD_DAMAGED'],
    object: firstPayloads,
    damage: flipBit,
  },
  {
    name: 'a flipped bit in a document',
    codes: ['BLOB_DAMAGED', 'BLOB_MISMATCH'],
    object: /\/blob\//,
    damage: flipBit,
  },
  { name: 'a missing document', codes: ['BLOB_MISSING'], object: /\/blob\//, damage: (file) => rm(file) },
  { name: 'a missing tile', codes: ['TILE_MISSING'], object: /\/tile\/0\/000$/, damage: (file) => rm(file) },
  { name: 'a missing entry bundle', codes: ['BUNDLE_MISSING'], object: /entries\/000$/, damage: (file) => rm(file) },
  {
    name: 'a truncated bundle',
    codes: ['BUNDLE_DAMAGED', 'ENTRY_DAMAGED'],
    object: /entries\/000$/,
    damage: async (file) => truncate(file, (await readFile(file)).length >> 1),
  },
  {
    name: 'two swapped payloads',
    codes: ['PAYLOAD_SWAPPED', 'PAYLOAD_DAMAGED'],
    object: firstPayloads,
    damage: swapPayloads,
  },
];

/** Each damage is found, named, and never passes for whole; a whole copy beside it repairs the restore. */
export const damagedCopyProofs: readonly Proof<Scene>[] = [
  ...damages.map(
    (damage): Proof<Scene> => ({
      name: `a copy with ${damage.name}`,
      bar: `verify finds ${damage.codes.join(' or ')}, exit 1 or 5`,
      run: (scene) => proveFound(scene, damage),
    }),
  ),
  { name: 'a damaged copy beside a whole one', bar: 'restored whole, same root', run: proveRepaired },
];

async function proveFound(scene: Scene, { codes, object, damage }: Damage): Promise<Outcome> {
  const copyDir = await damagedCopy(scene, object, damage);
  if (copyDir === null) return { figure: 'the copy has no such object', holds: false };
  const ran = await serment('verify', copyDir, '--json');
  const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
  const found = [...new Set(findings.map(({ code }) => code))];
  await rm(copyDir, { recursive: true });
  const holds = (ran.code === 1 || ran.code === 5) && found.some((code) => codes.includes(code));
  return { figure: `${found.join(', ') || 'nothing'}, exit ${ran.code}`, holds };
}

async function proveRepaired(scene: Scene): Promise<Outcome> {
  const damaged = await damagedCopy(scene, /entries\/000$/, flipBit);
  if (damaged === null) return { figure: 'the copy has no bundle', holds: false };
  const whole = join(scene.folder, 'whole-copy');
  await cp(scene.copyDir, whole, { recursive: true });
  const { practices } = await verify(whole);
  const data = join(scene.folder, 'repaired');
  const ran = await serment('restore', '--from', damaged, '--from', whole, '--data', data, '--json');
  const restored = ran.stdout === '' ? [] : (JSON.parse(ran.stdout).practices as { root: string }[]);
  const holds = ran.code === 0 && practices.every(({ root }) => restored.some((one) => one.root === root));
  return {
    figure: `exit ${ran.code}, ${restored.length} of ${practices.length} practices`,
    holds,
    details: [ran.stderr.slice(-600)],
  };
}

/** A copy of the copy in which the first object of that kind was damaged; null when there is none. */
async function damagedCopy(scene: Scene, object: RegExp, damage: Damage['damage']): Promise<string | null> {
  const copyDir = join(scene.folder, `damaged-${crypto.randomUUID()}`);
  await cp(scene.copyDir, copyDir, { recursive: true });
  const files = (await readdir(copyDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const file = files.find((path) => object.test(path));
  if (file === undefined) return null;
  await damage(file);
  return copyDir;
}

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

/** Exchanges the first two payloads that stand in the bundle (docs/format/copy.md, payload bundle). */
async function swapPayloads(file: string): Promise<void> {
  const bytes = await readFile(file);
  const parts: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt32BE(offset);
    const end = offset + 4 + (length === 0xffff_ffff ? 0 : length);
    parts.push(bytes.subarray(offset, end));
    offset = end;
  }
  const [first = 0, second = 0] = parts.flatMap((part, place) => (part.length > 4 ? [place] : []));
  const swapped = parts.map((part, place) =>
    place === first ? (parts[second] ?? part) : place === second ? (parts[first] ?? part) : part,
  );
  await writeFile(file, Buffer.concat(swapped));
}
