import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { demoPractice } from '@serment/records/demo/demo-practice';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { openPractice, type Practice } from '@serment/replica/practice';
import { Transport } from '@serment/replica/transport';
import { root } from '../web-build.ts';
import { done, type Serving, serve } from './installation.ts';

const today = '2026-11-20';
const imported = join(root, '../shared/data/fhir');

/** The practice into which records are imported, and the installation that holds it. */
export interface Scene {
  readonly folder: string;
  readonly isQuick: boolean;
  readonly dataDir: string;
  readonly copyDir: string;
  readonly kit: string;
  /** Bundles that were imported. */
  readonly bundles: readonly string[];
  /** What the server wrote on stderr, over every start. */
  readonly logs: string[];
  server: Serving;
  remove(): Promise<void>;
}

/** Starts an installation, creates a practice and imports into it: real bundles where there are some, and invented ones. */
export async function makeScene(isQuick: boolean): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-prove-'));
  const [dataDir, copyDir, kit] = [join(folder, 'data'), join(folder, 'copy'), join(folder, 'kit.txt')];
  const server = await serve(dataDir, '--copy', copyDir, '--host-key-out', join(folder, 'host.key'));
  const scene: Scene = {
    ...{ folder, isQuick, dataDir, copyDir, kit, server, logs: [] },
    bundles: [...realBundles(), ...(await inventedBundles(join(folder, 'invented'), isQuick ? 30 : 150))],
    async remove() {
      if (scene.server.isRunning()) await scene.server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  const names = ['--name', 'Cabinet des Tilleuls', '--doctor', 'Dr Claire Vasseur'];
  try {
    await done('practice', 'create', '--server', server.url, ...names, '--kit-out', kit);
    await done('import', '--server', server.url, '--kit', kit, ...scene.bundles);
  } catch (error) {
    await scene.remove();
    throw error;
  }
  return scene;
}

/** Opens the scene's practice as a new device of its own. */
export async function openDevice(url: string, kitText: string): Promise<Practice> {
  const transport = new Transport({ baseUrl: url });
  const enrolled = await enrolByKit({ transport, kitText, label: 'script' });
  return openPractice({ transport, cache: memoryCache(), ...enrolled });
}

export function realBundles(): string[] {
  return existsSync(imported)
    ? globSync('*.json', { cwd: imported })
        .sort()
        .map((name) => join(imported, name))
    : [];
}

/** One bundle for each invented patient; another seed gives other patients. */
export async function inventedBundles(folder: string, patients: number, seed = 1): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const { patientId, resources } of demoPractice({ patients, seed, today }).patients()) {
    const entry = resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource }));
    const file = join(folder, `${basename(patientId)}.json`);
    await writeFile(file, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));
    files.push(file);
  }
  return files;
}
