import { demoPractice } from '@serment/records/demo/demo-practice';
import type { RoutedBatch } from '@serment/records/import/batch';
import { patientStream } from '@serment/records/route';
import { newVersion } from '@serment/records/version';
import { importBatches } from '@serment/replica/bulk-import';
import type { Practice } from '@serment/replica/practice';
import type { DemoProgress } from './protocol.ts';

export const demoPatients = 1200;

export interface DemoImport {
  /** `YYYY-MM-DD`: every invented date follows from it. */
  readonly today: string;
  readonly onProgress: (progress: DemoProgress) => void;
}

/** Fills a new practice with invented patients, through the same door as any import. */
export async function importDemo(practice: Practice, { today, onProgress }: DemoImport): Promise<void> {
  const { random } = practice;
  const demo = demoPractice({ patients: demoPatients, seed: 1, today });
  const version = (resource: { resourceType: string; id: string }) =>
    newVersion({ resource, change: 'create' }, random);

  function* batches(): Generator<RoutedBatch> {
    const own = [demo.organization, ...demo.practitioners].map(version);
    yield { compartment: 'admin', stream: 'directory', batch: { patient: null, versions: own, documents: [] } };
    for (const { patientId, resources } of demo.patients()) {
      const patient = `Patient/${patientId}`;
      const [identity, ...records] = resources;
      if (identity === undefined) continue;
      const batch = { patient, documents: [] };
      yield { compartment: 'admin', stream: 'directory', batch: { ...batch, versions: [version(identity)] } };
      if (records.length > 0)
        yield {
          compartment: 'clinical',
          stream: patientStream(patient),
          batch: { ...batch, versions: records.map(version) },
        };
    }
  }

  let done = 0;
  await importBatches(practice, batches(), {
    onStored: (stored) => {
      done += stored.filter(({ compartment, batch }) => compartment === 'admin' && batch.patient !== null).length;
      onProgress({ step: 'patients', done, total: demoPatients });
    },
  });
}
