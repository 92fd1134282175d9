import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bytesToHex } from '@serment/core/bytes';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import { useBadCopyFolder } from './bad-inputs.ts';
import { done, serve } from './installation.ts';
import type { Outcome, Proof } from './proof.ts';
import { openDevice, type Scene } from './scene.ts';

const run = promisify(execFile);
const notHere: Outcome = { figure: 'needs root and tmpfs', holds: null };

interface Saves {
  readonly acknowledged: string[];
  readonly waiting: string[];
}

/** Disks that end, on small file systems of their own: only root may make them. */
export const fullDiskProofs: readonly Proof<Scene>[] = [
  {
    name: 'a copy folder on a full disk',
    bar: 'serves on, and its state says failing with a code',
    run: (scene) => onSmallDisk(scene, '16k', (disk) => useBadCopyFolder(scene, disk)),
  },
  {
    name: 'a copy folder that can only be read',
    bar: 'serves on, and its state says failing with a code',
    run: (scene) => onSmallDisk(scene, '1m,ro', (disk) => useBadCopyFolder(scene, disk)),
  },
  {
    name: 'the disk of the data folder fills up',
    bar: 'saves wait with an error, none acknowledged is lost, all are sent once there is room',
    run: (scene) => onSmallDisk(scene, '400m', (disk) => fillDataDisk(scene, disk)),
  },
];

async function onSmallDisk(scene: Scene, size: string, prove: (disk: string) => Promise<Outcome>): Promise<Outcome> {
  const disk = join(scene.folder, `disk-${crypto.randomUUID()}`);
  await mkdir(disk);
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
  if (!isMounted) return notHere;
  try {
    return await prove(disk);
  } finally {
    await run('umount', ['-l', disk]);
  }
}

async function fillDataDisk(scene: Scene, disk: string): Promise<Outcome> {
  const dataDir = join(disk, 'data');
  const filler = join(disk, 'filler');
  const kit = join(scene.folder, 'full.kit');
  let server = await serve(dataDir);
  try {
    const names = ['--name', 'Cabinet', '--doctor', 'Dr Claire Vasseur', '--kit-out', kit];
    await done('practice', 'create', '--server', server.url, ...names);
    const kitText = await readFile(kit, 'utf8');
    const writer = await openDevice(server.url, kitText);
    const saves: Saves = { acknowledged: [], waiting: [] };
    const fill = async () => {
      const { bsize, bavail } = await statfs(disk);
      await writeFile(filler, new Uint8Array(Math.max(0, bsize * bavail - 65_536)));
    };
    await saveUntil(writer, saves, 20);
    await fill();
    const problem = await saveUntil(writer, saves, 400);
    await rm(filler);
    // A database that found no room for its log ends, and the server with it: it is started again.
    const hasEnded = !server.isRunning();
    if (hasEnded) server = await serve(dataDir);
    const waiting = hasEnded ? 0 : await sendWaiting(writer);
    const reader = await openDevice(server.url, kitText);
    const file = await reader.readPatient('Patient/full');
    const shown = new Set(file.records.map(({ id }) => id));
    // What waited is on the device; it is at the server too once it was sent.
    const due = hasEnded ? saves.acknowledged : [...saves.acknowledged, ...saves.waiting];
    const lost = due.filter((id) => !shown.has(id));
    const figure = `${problem ?? 'never full'}; ${due.length - lost.length} of ${due.length} saves there, ${waiting} still waiting`;
    return { figure, holds: problem !== null && lost.length === 0 && waiting === 0, details: lost.slice(0, 5) };
  } finally {
    if (server.isRunning()) await server.stop();
  }
}

/** Sends what waits, again for a while; returns how many saves are still waiting or were refused. */
async function sendWaiting(writer: Practice): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const sent = await writer.outbox.flush().then(
      () => true,
      () => false,
    );
    if (sent) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { pending, refused } = writer.status();
  return pending + refused;
}

/** Saves notes one by one; returns the code of what stopped it, null when nothing did. */
async function saveUntil(writer: Practice, saves: Saves, count: number): Promise<string | null> {
  const patient = { resourceType: 'Patient', id: 'full', name: [{ family: 'Plein' }] };
  for (let place = 0; place < count; place += 1) {
    const id = bytesToHex(writer.random(8));
    // What cannot be deflated takes the room that it takes.
    const resource = { resourceType: 'Basic', id, code: { text: bytesToHex(writer.random(24_000)) } };
    const first = writer.directory.get('Patient/full') === null ? [patient] : [];
    const records = [...first, resource].map((one) => ({ resource: one, change: 'create' as const, replaces: [] }));
    await writer.save({ patient: 'Patient/full', records });
    try {
      await writer.outbox.flush();
      saves.acknowledged.push(`Basic/${id}`);
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      saves.waiting.push(`Basic/${id}`);
      return `${error.code}${error.fields.server === undefined ? '' : ` ${error.fields.server}`}`;
    }
  }
  return null;
}
