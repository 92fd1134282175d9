import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import { readFhir } from '@serment/records/import/bundle';
import { importBatches } from '@serment/replica/bulk-import';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import { done, serve } from './installation.ts';
import type { Proof } from './proof.ts';
import { verify } from './round-trip.ts';
import { inventedBundles, openDevice, type Scene } from './scene.ts';

/** Enough that an import is still under way when the cut falls, on a fast machine too. */
const patientsPerRound = 160;

/** An entry that the host acknowledged, as it was verified then. */
interface Acknowledged {
  readonly index: number;
  readonly id: string;
}

/** Server and database are killed during an import, again and again: what was acknowledged is there each time. */
export const powerCutProof: Proof<Scene> = {
  name: 'server and PostgreSQL killed during an import',
  bar: 'every acknowledged entry there, no damage in the copy',
  async run(scene) {
    const dataDir = join(scene.folder, 'cut/data');
    const copyDir = join(scene.folder, 'cut/copy');
    const kit = join(scene.folder, 'cut.kit');
    const rounds = scene.isQuick ? 2 : 20;
    let server = await serve(dataDir, '--copy', copyDir);
    try {
      const names = ['--name', 'Cabinet', '--doctor', 'Dr Claire Vasseur'];
      await done('practice', 'create', '--server', server.url, ...names, '--kit-out', kit);
      const kitText = await readFile(kit, 'utf8');
      const acknowledged: Acknowledged[] = [];
      const lost: string[] = [];
      let cutRounds = 0;
      for (let round = 0; round < rounds; round += 1) {
        const files = await inventedBundles(join(scene.folder, `cut-${round}`), patientsPerRound, 100 + round);
        const writer = await openDevice(server.url, kitText);
        const known = acknowledged.length;
        const cut = await importUntilCut(writer, files, { acknowledged, cut: () => server.cut() });
        if (cut) cutRounds += 1;
        else await server.cut();
        server = await serve(dataDir, '--copy', copyDir);
        lost.push(
          ...(await missing(server.url, kitText, { acknowledged, known })).map((what) => `round ${round + 1}: ${what}`),
        );
      }
      await server.stop();
      const verified = await verify(copyDir);
      const figure = `${acknowledged.length - new Set(lost).size} of ${acknowledged.length} entries, ${cutRounds} of ${rounds} rounds cut mid-import, ${verified.damages} damages (${verified.notices} notices of cut writes)`;
      const holds = lost.length === 0 && acknowledged.length > 0 && verified.damages === 0 && cutRounds > rounds / 2;
      const details = [...lost.slice(0, 10), ...verified.findings.slice(0, 10).map((one) => JSON.stringify(one))];
      return { figure, holds, details };
    } finally {
      if (server.isRunning()) await server.stop();
    }
  },
};

/** Imports until the power goes, at a moment of its own choosing after the first acknowledgement; false when it ended before. */
async function importUntilCut(
  writer: Practice,
  files: readonly string[],
  { acknowledged, cut }: { acknowledged: Acknowledged[]; cut: () => Promise<void> },
): Promise<boolean> {
  let cutting: Promise<void> | null = null;
  const told: number[] = [];
  // Small groups, so that the cut falls among many acknowledgements.
  async function* batches() {
    for (const file of files) {
      const { batches: read } = readFhir(await readFile(file), { name: file, random: writer.random });
      yield* read;
    }
  }
  const stopAfter = 1 + Math.floor(Math.random() * 4);
  const delayMs = Math.random() * 40;
  try {
    for await (const group of groupsOf(batches(), 12))
      await importBatches(writer, group, {
        onStored: (_, receipts) => {
          told.push(...receipts.map(({ index }) => index));
          if (cutting === null && told.length >= stopAfter * 12)
            cutting = new Promise((resolve) => setTimeout(resolve, delayMs)).then(cut);
        },
      });
    return false;
  } catch (error) {
    if (!(error instanceof ReplicaError) || cutting === null) throw error;
    return true;
  } finally {
    for (const index of told) acknowledged.push({ index, id: bytesToHex((await writer.mirror.entry(index)).id) });
    await cutting;
  }
}

async function* groupsOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** What a new device does not find of what was acknowledged: any of it, and byte for byte what is after `known`. */
async function missing(
  url: string,
  kitText: string,
  { acknowledged, known }: { acknowledged: readonly Acknowledged[]; known: number },
): Promise<string[]> {
  const reader = await openDevice(url, kitText);
  await reader.readUnread();
  const lost = reader.status().findings.map(({ code, index }) => `${code} at ${index}`);
  for (const [place, { index, id }] of acknowledged.entries()) {
    const entry = index < reader.mirror.size ? await reader.mirror.entry(index) : null;
    if (entry === null || bytesToHex(entry.id) !== id) lost.push(`entry ${index} is not the one acknowledged`);
    else if (place >= known) {
      const stream = { compartment: entry.header.compartment ?? '', name: '', id: entry.header.stream };
      const read = await reader.reader.content(index, stream);
      if (read.finding !== null) lost.push(`entry ${index}: ${read.finding.code}`);
    }
  }
  return lost;
}
