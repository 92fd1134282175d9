import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { seedToSigner } from '@serment/core/keys/signing';
import { demoPractice } from '@serment/records/demo/demo-practice';
import type { RoutedBatch } from '@serment/records/import/batch';
import { patientStream } from '@serment/records/route';
import { newVersion } from '@serment/records/version';
import { importBatches } from '@serment/replica/bulk-import';
import { type Cache, cacheUnder, memoryCache } from '@serment/replica/cache';
import { prepareNewPractice } from '@serment/replica/device';
import { JournalMirror } from '@serment/replica/journal-mirror';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { startSerment } from '../e2e/harness/serment.ts';
import type { Bench, Figure } from './bench.ts';

const entriesPerPatient = 10;
/** Of the journal, what stands after the `heads`: half of what makes another one due. */
const sinceHeads = 1 / 16;

export const firstSync: Bench = {
  name: 'first-sync',
  title: 'First synchronisation of a new device',
  method: `A practice at \`serment start\`, ten entries for each patient, with a snapshot of its directory and a \`heads\` before
its last sixteenth. A new device, with nothing of it, opens it until its directory can be searched: from the \`heads\`, and by
reading every entry first. *Then one file* is the first file opened on it. *The rest, at leisure* is what the first still reads
afterwards. Server and client share the machine; bytes are those of the answers. For information.`,
  bars: {},
  async run({ quick, progress }) {
    const figures: Figure[] = [];
    for (const size of quick ? [5_000] : [5_000, 50_000]) {
      const serment = await startSerment();
      try {
        progress(`writing ${size} entries`);
        const made = await makeVault(serment.url, size);
        progress('opening');
        figures.push(...(await measure(serment.url, made, size)));
      } finally {
        await serment.stop();
      }
    }
    return figures;
  },
};

interface Made {
  readonly practice: Bytes;
  readonly seed: Bytes;
}

async function makeVault(url: string, size: number): Promise<Made> {
  const transport = new Transport({ baseUrl: url });
  const doctor = { family: 'Vasseur', given: 'Claire', prefix: 'Dr' };
  const prepared = await prepareNewPractice({ transport, practiceName: 'Cabinet mesuré', doctor, label: 'script' });
  const made = await prepared.commit();
  const practice = await openPractice({ transport, cache: memoryCache(), ...made });
  const patients = size / entriesPerPatient;
  const after = Math.floor(patients * sinceHeads);
  await importBatches(practice, batchesOf(practice, patients - after));
  await practice.upkeep.writeSnapshots();
  if (!(await practice.upkeep.writeHeads())) throw new RangeError('A heads is due');
  await importBatches(practice, batchesOf(practice, after));
  await practice.lock();
  return made;
}

function* batchesOf(practice: Practice, patients: number): Generator<RoutedBatch> {
  const today = new Date().toISOString().slice(0, 10);
  const version = (resource: { resourceType: string; id: string }) =>
    newVersion({ resource, change: 'create' }, practice.random);
  for (const { patientId, resources } of demoPractice({ patients, seed: practice.mirror.size, today }).patients()) {
    const patient = `Patient/${patientId}`;
    const [identity, ...records] = resources;
    if (identity === undefined) continue;
    const rest = { patient, documents: [] };
    yield { compartment: 'admin', stream: 'directory', batch: { ...rest, versions: [version(identity)] } };
    for (let place = 1; place < entriesPerPatient; place += 1) {
      const record = records[place % Math.max(1, records.length)];
      const versions = record === undefined ? [] : [version({ ...record, id: `${record.id}-${place}` })];
      if (versions.length > 0)
        yield { compartment: 'clinical', stream: patientStream(patient), batch: { ...rest, versions } };
    }
  }
}

async function measure(url: string, made: Made, size: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tell = (label: string, { ms, bytes }: Cost) => {
    figures.push({ label: `${size} entries, ${label}`, value: ms, unit: 'ms' });
    figures.push({ label: `${size} entries, ${label}: received`, value: bytes / 1e6, unit: 'MB' });
  };
  for (const isWhole of [true, false]) {
    const line = countingLine();
    const cache = memoryCache();
    const opened: { practice: Practice | null } = { practice: null };
    const how = isWhole ? 'reading every entry' : 'from the heads';
    tell(
      how,
      await line.cost(async () => {
        const transport = new Transport({ baseUrl: url, fetch: line.fetch });
        if (isWhole) await readWhole(transport, made, cache);
        opened.practice = await openPractice({ transport, cache, ...made });
      }),
    );
    const { practice } = opened;
    if (practice === null || (practice.mirror.unread === null) !== isWhole) throw new RangeError('Opened otherwise');
    const [row] = practice.directory.rows();
    tell(`${how}, then one file`, await line.cost(() => practice.readPatient(row?.id ?? '')));
    if (!isWhole) tell('the rest, at leisure', await line.cost(() => practice.readUnread()));
    await practice.lock();
  }
  return figures;
}

/** As a device that looks for no `heads`. */
async function readWhole(transport: Transport, { practice, seed }: Made, cache: Cache): Promise<void> {
  await transport.openSession(practice, await seedToSigner(seed));
  const own = cacheUnder(cache, `practice/${bytesToHex(practice)}`);
  const mirror = await JournalMirror.open({ practice, source: transport, cache: own });
  await mirror.sync();
  await mirror.persist();
}

interface Cost {
  readonly ms: number;
  readonly bytes: number;
}

/** The platform's fetch, with the bytes of its answers counted. */
function countingLine() {
  let bytes = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await globalThis.fetch(input, init);
    const counted = answer.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(part, controller) {
          bytes += part.length;
          controller.enqueue(part);
        },
      }),
    );
    return new Response(counted ?? null, answer);
  };
  const cost = async (work: () => Promise<unknown>): Promise<Cost> => {
    const before = { at: performance.now(), bytes };
    await work();
    return { ms: performance.now() - before.at, bytes: bytes - before.bytes };
  };
  return { fetch, cost };
}
