import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { done, type Ran, serment, serve } from './installation.ts';
import type { Outcome, Proof } from './proof.ts';
import { bundleFiles, readBundles } from './record-equality.ts';
import { openDevice, type Scene } from './scene.ts';

const exits = { done: 0, findings: 1, usage: 2, unreachable: 3, wrongKey: 4, damaged: 5 } as const;

/** What people and disks do wrong: a clear error, and nothing lost. Run on the scene's installation, which goes on. */
export const badInputProofs: readonly Proof<Scene>[] = [
  {
    name: 'hostile files among good ones',
    bar: 'each refused by its own code, the good ones stored, exit 1',
    run: importHostile,
  },
  { name: 'a wrong kit', bar: 'exit 4, for import, export and open', run: useWrongKit },
  { name: 'an unreachable server', bar: 'exit 3', run: useNoServer },
  {
    name: 'a port in use',
    bar: 'exit 3, named',
    async run({ folder }) {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? String(address.port) : '0';
      const ran = await serment('start', '--data', join(folder, 'port-in-use'), '--port', port);
      other.close();
      return saysAs(ran, exits.unreachable, /PORT_IN_USE|port/i);
    },
  },
  {
    name: 'a data folder of a newer version',
    bar: 'exit 5, the folder untouched',
    async run({ folder }) {
      const dataDir = join(folder, 'newer');
      await mkdir(dataDir);
      await writeFile(join(dataDir, 'serment.json'), '{"format":99}\n');
      const ran = await serment('start', '--data', dataDir, '--port', '0');
      const outcome = saysAs(ran, exits.damaged, /newer/i);
      const isUntouched = (await readFile(join(dataDir, 'serment.json'), 'utf8')) === '{"format":99}\n';
      return { ...outcome, holds: outcome.holds === true && isUntouched };
    },
  },
  {
    name: 'a second server on the same data folder',
    bar: 'exit 3, the first one goes on',
    async run(scene) {
      const ran = await serment('start', '--data', scene.dataDir, '--port', '0');
      const health = await fetch(`${scene.server.url}/ready`);
      const outcome = saysAs(ran, exits.unreachable, /data folder|another/i);
      return { ...outcome, holds: outcome.holds === true && health.ok };
    },
  },
  {
    name: 'a copy folder that cannot be reached',
    bar: 'serves on, and its state says failing with a code',
    run: (scene) => useBadCopyFolder(scene, join(scene.kit, 'copy')),
  },
];

async function importHostile(scene: Scene): Promise<Outcome> {
  const folder = join(scene.folder, 'hostile');
  await mkdir(folder);
  const [good = ''] = scene.bundles;
  const text = await readFile(good, 'utf8');
  const marker = { resourceType: 'Patient', id: 'hostile-good', name: [{ family: 'Bonnefoi' }] };
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'good.json': JSON.stringify(marker),
    'truncated.json': text.slice(0, Math.floor(text.length / 2)),
    'windows-1252.json': Buffer.from(JSON.stringify({ ...marker, id: 'w', name: [{ family: 'Élisé' }] }), 'latin1'),
    'twice.json': '{"resourceType":"Patient","id":"a","id":"b"}',
    'deep.json': `${'['.repeat(5000)}${']'.repeat(5000)}`,
    'foreign.json': '<?xml version="1.0"?><ClinicalDocument/>',
    'other.json': '{"hello":"world"}',
    'empty.json': '',
    'zeros.json': new Uint8Array(4096),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const large = await open(join(folder, 'oversized.json'), 'w');
  await large.truncate(300 * 1024 * 1024);
  await large.close();
  const ran = await serment('import', '--server', scene.server.url, '--kit', scene.kit, folder, '--json');
  const report = JSON.parse(ran.stdout) as {
    files: { path: string; refused: { code: string } | null; findings: { code: string }[] }[];
  };
  const accepted = report.files.filter(({ refused, findings }) => refused === null && findings.length === 0);
  const codes = report.files.flatMap(({ refused, findings }) => refused?.code ?? findings.map(({ code }) => code));
  const out = join(scene.folder, 'hostile-out');
  await done('export', '--server', scene.server.url, '--kit', scene.kit, '--patient', 'hostile-good', '--out', out);
  const stored = (await readBundles(await bundleFiles(out))).some(({ resource }) => resource.id === 'hostile-good');
  const names = accepted.map(({ path }) => path.split('/').at(-1));
  const holds = ran.code === exits.findings && stored && names.length === 1 && names[0] === 'good.json';
  const figure = `${report.files.length - accepted.length} of ${Object.keys(files).length + 1} refused (${[...new Set(codes)].join(', ')}), exit ${ran.code}`;
  return { figure, holds, details: [`accepted: ${names.join(', ')}`, ran.stderr.slice(-400)] };
}

async function useWrongKit(scene: Scene): Promise<Outcome> {
  const kit = join(scene.folder, 'wrong.kit');
  const text = await readFile(scene.kit, 'utf8');
  const typed = text.replace(/[0-9A-Z]{5}(?:-[0-9A-Z]{5}){16}/, (line) =>
    line.replace(/.$/, (last) => (last === 'G' ? 'M' : 'G')),
  );
  await writeFile(kit, typed.replace(/SERMENT-KIT:[0-9A-Z]+/g, ''));
  const [bundle = ''] = scene.bundles;
  const at = ['--server', scene.server.url, '--kit', kit];
  const runs = [
    await serment('import', ...at, bundle, '--json'),
    await serment('export', ...at, '--out', join(scene.folder, 'wrong-1')),
    await serment('open', scene.copyDir, '--kit', kit, '--out', join(scene.folder, 'wrong-2')),
  ];
  const codes = runs.map(({ code }) => code);
  const details = runs.map(({ stderr }) => stderr.slice(-300));
  return { figure: `exit ${codes.join(', ')}`, holds: codes.every((code) => code === exits.wrongKey), details };
}

async function useNoServer(scene: Scene): Promise<Outcome> {
  const [bundle = ''] = scene.bundles;
  return saysAs(
    await serment('import', '--server', 'http://localhost:9', '--kit', scene.kit, bundle),
    exits.unreachable,
    /reach/i,
  );
}

/** Serves a new data folder with that copy folder, and asks for its state. */
export async function useBadCopyFolder(scene: Scene, copyDir: string): Promise<Outcome> {
  const dataDir = join(scene.folder, `bad-copy-${crypto.randomUUID()}`);
  const server = await serve(dataDir, '--copy', copyDir);
  try {
    const kit = `${dataDir}.kit`;
    const names = ['--name', 'Cabinet', '--doctor', 'Dr Claire Vasseur', '--kit-out', kit];
    await done('practice', 'create', '--server', server.url, ...names);
    const device = await openDevice(server.url, await readFile(kit, 'utf8'));
    let [copy] = await device.transport.copies();
    for (let attempt = 0; attempt < 50 && copy?.state !== 'failing'; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      [copy] = await device.transport.copies();
    }
    const holds = copy?.state === 'failing' && copy.error !== null;
    return { figure: `serves; copy ${copy?.state}, ${copy?.error}`, holds };
  } finally {
    await server.stop();
  }
}

function saysAs(ran: Ran, code: number, words: RegExp): Outcome {
  const lines = ran.stderr.trim().split('\n');
  const isClear = words.test(ran.stderr) && !/^\s+at .*:\d+:\d+/m.test(ran.stderr);
  return {
    figure: `exit ${ran.code}: ${lines[0]?.slice(0, 100)}`,
    holds: ran.code === code && isClear,
    details: lines,
  };
}
