import type { Bytes } from '@serment/core/bytes';
import { demoPractice } from '@serment/records/demo/demo-practice';
import type { RoutedBatch } from '@serment/records/import/batch';
import { patientStream } from '@serment/records/route';
import { newVersion } from '@serment/records/version';
import { importBatches } from '@serment/replica/bulk-import';
import { memoryCache } from '@serment/replica/cache';
import { prepareNewPractice } from '@serment/replica/device';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';

export interface MadePatients {
  readonly kitText: string;
  /** Ids of patients whose files are whole. */
  readonly whole: readonly string[];
  readonly entries: number;
  /** Of records. */
  readonly versions: number;
}

export interface PatientCounts {
  readonly patients: number;
  /** The first of them have all their records; the others their identity and what opens their file. */
  readonly whole: number;
}

const shortRecords = 2;

/** A practice at a server, with invented patients. */
export async function makePatients(
  url: string,
  counts: PatientCounts,
  progress: (stored: number) => void,
): Promise<MadePatients> {
  const transport = new Transport({ baseUrl: url });
  const doctor = { family: 'Vasseur', given: 'Claire', prefix: 'Dr' };
  const made = await prepareNewPractice({ transport, practiceName: 'Cabinet mesuré', doctor, label: 'script' });
  const filled = await fillPractice(transport, await made.commit(), { counts, progress });
  return { kitText: made.kit.text, ...filled };
}

/** Invented patients, in a practice that exists. */
export async function fillPractice(
  transport: Transport,
  device: { readonly practice: Bytes; readonly seed: Bytes },
  { counts, progress }: { readonly counts: PatientCounts; readonly progress: (stored: number) => void },
): Promise<Omit<MadePatients, 'kitText'>> {
  const practice = await openPractice({ transport, cache: memoryCache(), ...device });
  const whole: string[] = [];
  const versions = { count: 0 };
  let stored = 0;
  await importBatches(practice, counted(batchesOf(practice, counts, whole), versions), {
    onStored(batches) {
      stored += batches.filter(({ compartment }) => compartment === 'admin').length;
      progress(stored);
    },
  });
  const { size } = practice.mirror;
  await practice.lock();
  return { whole, entries: size, versions: versions.count };
}

function* counted(batches: Iterable<RoutedBatch>, versions: { count: number }): Generator<RoutedBatch> {
  for (const routed of batches) {
    versions.count += routed.batch.versions.length;
    yield routed;
  }
}

function* batchesOf(practice: Practice, counts: PatientCounts, whole: string[]): Generator<RoutedBatch> {
  const today = new Date().toISOString().slice(0, 10);
  const demo = demoPractice({ patients: counts.patients, seed: 1, today });
  const version = (resource: { resourceType: string; id: string }) =>
    newVersion({ resource, change: 'create' }, practice.random);
  for (const { patientId, resources } of demo.patients()) {
    const patient = `Patient/${patientId}`;
    const [identity, ...records] = resources;
    if (identity === undefined) continue;
    const isWhole = whole.length < counts.whole;
    if (isWhole) whole.push(patient);
    const shown = isWhole ? records : records.slice(0, shortRecords);
    const rest = { patient, documents: [] };
    yield { compartment: 'admin', stream: 'directory', batch: { ...rest, versions: [version(identity)] } };
    const stream = patientStream(patient);
    if (shown.length > 0) yield { compartment: 'clinical', stream, batch: { ...rest, versions: shown.map(version) } };
  }
}
