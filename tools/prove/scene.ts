import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import { demoPractice } from '@serment/records/demo/demo-practice';
import type { RoutedBatch } from '@serment/records/import/batch';
import { patientStream } from '@serment/records/route';
import { newVersion } from '@serment/records/version';
import { importBatches } from '@serment/replica/bulk-import';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { uploadDocument } from '@serment/replica/documents';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { root } from '../web-build.ts';
import { done, type Serving, serve } from './installation.ts';

const today = '2026-11-20';
const fullBundleEntries = 256;
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
  /** Texts of documents that were filed. */
  readonly documents: string[];
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
    ...{ folder, isQuick, dataDir, copyDir, kit, server, logs: [], documents: [] },
    bundles: [...realBundles(), ...(await inventedBundles(join(folder, 'invented'), isQuick ? 12 : 150))],
    async remove() {
      if (scene.server.isRunning()) await scene.server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  const names = ['--name', 'Cabinet des Tilleuls', '--doctor', 'Dr Claire Vasseur'];
  try {
    await done('practice', 'create', '--server', server.url, ...names, '--kit-out', kit);
    await done('import', '--server', server.url, '--kit', kit, ...scene.bundles);
    scene.documents.push(...(await fillFile(scene, isQuick ? 3 : 12)));
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

/** One bundle for each invented patient, its documents inside; another seed gives other patients. */
export async function inventedBundles(folder: string, patients: number, seed = 1): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const { patientId, resources, documents } of demoPractice({ patients, seed, today }).patients()) {
    let text = JSON.stringify({
      resourceType: 'Bundle',
      type: 'collection',
      entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
    });
    for (const { id, bytes } of documents)
      text = text.replaceAll(`"url":"urn:serment:document:${id}"`, `"data":"${Buffer.from(bytes).toString('base64')}"`);
    const file = join(folder, `${basename(patientId)}.json`);
    await writeFile(file, text);
    files.push(file);
  }
  return files;
}

/** Files documents in one patient's file, and entries enough for a copy to hold a full bundle; returns the documents' texts. */
async function fillFile({ server, kit }: Scene, count: number): Promise<string[]> {
  const device = await openDevice(server.url, await readFile(kit, 'utf8'));
  const [patient] = device.directory.list(0, 1);
  if (patient === undefined) throw new Error('The import left no patient');
  const texts: string[] = [];
  for (let place = 0; place < count; place += 1) {
    const text = `Courrier confidentiel numéro ${place} de ${patient.family}, ${bytesToHex(device.random(12))}`;
    const clear = new Blob([`${text}\n`.repeat(2000)]).stream();
    const document = await uploadDocument({ clear, mediaType: 'text/plain' }, device);
    const url = `urn:serment:document:${bytesToHex(document.blobId)}`;
    const resource = {
      ...{ resourceType: 'DocumentReference', id: `courrier-${place}`, status: 'current', description: text },
      subject: { reference: patient.id },
      content: [{ attachment: { contentType: 'text/plain', url, title: text } }],
    };
    const records = [{ resource, change: 'create' as const, replaces: [] }];
    await device.save({ patient: patient.id, records, documents: [document] });
    texts.push(text);
  }
  await importBatches(device, smallNotes(device, patient.id));
  await device.lock();
  return texts;
}

function* smallNotes(device: Practice, patient: string): Generator<RoutedBatch> {
  for (let place = 0; place < fullBundleEntries; place += 1) {
    const resource = { resourceType: 'Basic', id: `note-${place}`, code: { text: `Note ${place}` } };
    const versions = [newVersion({ resource, change: 'create' }, device.random)];
    yield { compartment: 'clinical', stream: patientStream(patient), batch: { patient, versions, documents: [] } };
  }
}
