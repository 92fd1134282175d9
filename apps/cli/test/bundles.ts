import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { demoPractice } from '@serment/records/demo/demo-practice';

const shared = resolve(import.meta.dirname, '../../../../shared/data/fhir');

/** Bundles to import: real ones where they are at hand, else three invented patients. */
export async function bundlesIn(folder: string): Promise<string[]> {
  if (existsSync(shared))
    return readdirSync(shared)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(shared, name));
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const seed of [7, 8, 9]) {
    const { organization, practitioners, patients } = demoPractice({ patients: 1, seed, today: '2026-11-23' });
    for (const { patientId, resources } of patients()) {
      const file = join(folder, `${patientId}.json`);
      // The bytes of letters come by another way than a bundle.
      const own = resources.filter(({ resourceType }) => resourceType !== 'DocumentReference');
      const text = JSON.stringify(own);
      const staff = [organization, ...practitioners].filter(({ resourceType, id }) =>
        text.includes(`"${resourceType}/${id}"`),
      );
      const entry = [...staff, ...own].map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource }));
      await writeFile(file, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));
      files.push(file);
    }
  }
  return files;
}
