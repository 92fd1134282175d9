import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { distinctiveTexts } from './distinctive-text.ts';
import { differingFiles } from './folder-equality.ts';
import { done, serment, serve } from './installation.ts';
import type { Proof } from './proof.ts';
import { bundleFiles, compareRecords, readBundles } from './record-equality.ts';
import { openDevice, type Scene } from './scene.ts';
import { needlesOf, TextSearch } from './text-search.ts';

const searchedTexts = 200;

interface CopyVerified {
  readonly practices: readonly { readonly practice: string; readonly size: number; readonly root: string }[];
  readonly damages: number;
  readonly notices: number;
  readonly findings: readonly unknown[];
}

/** What was imported comes out equal, is nowhere in clear, and survives the loss of everything but the copy. */
export const roundTripProofs: readonly Proof<Scene>[] = [
  {
    name: 'records imported, exported and equal',
    bar: 'all, with their references',
    async run(scene) {
      const out = join(scene.folder, 'exported');
      await done('export', '--server', scene.server.url, '--kit', scene.kit, '--out', out);
      const compared = compareRecords(await readBundles(scene.bundles), await readBundles(await bundleFiles(out)));
      const { resources, equal, references, resolved, differences } = compared;
      const holds = resources > 0 && equal === resources && resolved === references;
      const figure = `${equal} of ${resources} records, ${resolved} of ${references} references`;
      return { figure, holds, details: differences };
    },
  },
  {
    name: 'importing again stores nothing new',
    bar: '0 records',
    async run(scene) {
      const [bundle = ''] = scene.bundles;
      const again = await serment('import', '--server', scene.server.url, '--kit', scene.kit, bundle, '--json');
      const stored = countStored(JSON.parse(again.stdout));
      return { figure: `${stored} records`, holds: again.code === 0 && stored === 0 };
    },
  },
  {
    name: 'the copy is whole and holds the server’s last root',
    bar: 'no finding, same root',
    async run(scene) {
      const { size, root } = await lastHead(scene);
      await scene.server.stop();
      scene.logs.push(scene.server.log());
      const verified = await verify(scene.copyDir);
      const [held] = verified.practices;
      const isSame = held !== undefined && held.size >= size && (held.size > size || held.root === root);
      const figure = `${verified.findings.length} findings, ${held?.size ?? 0} entries for ${size}`;
      const details = verified.findings.map((finding) => JSON.stringify(finding));
      return { figure, holds: verified.findings.length === 0 && isSame, details };
    },
  },
  {
    name: 'records searched in clear: database, blobs, copy, log',
    bar: `0 of ${searchedTexts} texts; all planted ones found`,
    async run(scene) {
      const resources = (await readBundles(scene.bundles)).map(({ resource }) => resource);
      const texts = [...distinctiveTexts(resources, searchedTexts - scene.documents.length), ...scene.documents];
      const log = join(scene.folder, 'server.log');
      await writeFile(log, scene.logs.join('\n'));
      const search = new TextSearch(texts);
      const searched = await search.inFolders([scene.dataDir, scene.copyDir, log]);
      const planted = await findPlanted(scene, search, texts);
      const wanted = texts.length * needlesOf('').length;
      const holds = texts.length === searchedTexts && searched.hits.length === 0 && planted === wanted;
      const figure = `${searched.hits.length} found of ${texts.length} in ${searched.files} files, ${Math.round(searched.bytes / 1e6)} MB; ${planted} of ${wanted} planted found`;
      return { figure, holds, details: searched.hits.map((hit) => `${hit.encoding} at ${hit.offset} of ${hit.file}`) };
    },
  },
  {
    name: 'the copy opened with the kit alone gives the files of the export',
    bar: 'byte for byte',
    async run(scene) {
      const out = join(scene.folder, 'opened');
      await done('open', scene.copyDir, '--kit', scene.kit, '--out', out);
      return sameFiles(join(scene.folder, 'exported'), out);
    },
  },
  {
    name: 'data folder deleted, restored from the copy',
    bar: 'same root',
    async run(scene) {
      const before = await verify(scene.copyDir);
      await rm(scene.dataDir, { recursive: true });
      const restored = await done('restore', '--from', scene.copyDir, '--data', scene.dataDir);
      const practices = restored.practices as { practice: string; entries: number; root: string }[];
      const isSame = before.practices.every(({ practice, size, root }) =>
        practices.some((one) => one.practice === practice && one.entries === size && one.root === root),
      );
      const figure = practices.map(({ entries, root }) => `${entries} entries, ${root.slice(0, 16)}…`).join('; ');
      return { figure, holds: isSame && practices.length === before.practices.length };
    },
  },
  {
    name: 'the restored vault serves the kit at once, and exports the same files',
    bar: 'byte for byte',
    async run(scene) {
      scene.server = await serve(scene.dataDir, '--copy', scene.copyDir);
      const out = join(scene.folder, 'exported-again');
      await done('export', '--server', scene.server.url, '--kit', scene.kit, '--out', out);
      await done('practice', 'accept-restore', '--server', scene.server.url, '--kit', scene.kit);
      const [bundle = ''] = scene.bundles;
      await done('import', '--server', scene.server.url, '--kit', scene.kit, bundle);
      return sameFiles(join(scene.folder, 'exported'), out);
    },
  },
  {
    name: 'the copy of the restored vault, once a member accepted it',
    bar: 'no finding',
    async run(scene) {
      await waitForCopy(scene);
      const { findings, damages, practices } = await verify(scene.copyDir);
      const figure = `${findings.length} findings (${damages} damages), ${practices[0]?.size ?? 0} entries`;
      return { figure, holds: findings.length === 0, details: findings.map((finding) => JSON.stringify(finding)) };
    },
  },
];

export async function verify(copy: string): Promise<CopyVerified> {
  const ran = await serment('verify', copy, '--json');
  return JSON.parse(ran.stdout);
}

async function sameFiles(left: string, right: string) {
  const { files, differing } = await differingFiles(left, right);
  const figure = `${files - differing.length} of ${files} files the same`;
  return { figure, holds: files > 0 && differing.length === 0, details: differing.slice(0, 10) };
}

/** Until the copy holds what the server holds. */
async function waitForCopy({ server, kit }: Scene): Promise<void> {
  const device = await openDevice(server.url, await readFile(kit, 'utf8'));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [copy] = await device.transport.copies();
    if (copy?.state === 'current') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await device.lock();
}

/** The head that the server tells before it stops, read by a device. */
async function lastHead({ server, kit }: Scene): Promise<{ size: number; root: string }> {
  const device = await openDevice(server.url, await readFile(kit, 'utf8'));
  await device.sync();
  const seen = device.mirror.seen();
  return { size: seen?.size ?? 0, root: Buffer.from(seen?.root ?? []).toString('hex') };
}

/** Every text, in every encoding, hidden among other bytes: how many of them the search finds. */
async function findPlanted(scene: Scene, search: TextSearch, texts: readonly string[]): Promise<number> {
  await mkdir(join(scene.folder, 'planted'), { recursive: true });
  const folder = await mkdtemp(join(scene.folder, 'planted/'));
  const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(37)));
  const needles = texts.flatMap(needlesOf);
  await writeFile(join(folder, 'file'), Buffer.concat(needles.flatMap(({ bytes }) => [noise, bytes])));
  const content = await readFile(join(folder, 'file'));
  const found = new Set(search.inBytes(content).map(({ needle }) => `${needle.encoding} ${needle.text}`));
  return needles.filter(({ encoding, text }) => found.has(`${encoding} ${text}`)).length;
}

function countStored(report: { files: { types: Record<string, { stored: number }> }[] }): number {
  return report.files.flatMap(({ types }) => Object.values(types)).reduce((sum, { stored }) => sum + stored, 0);
}
