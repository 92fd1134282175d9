import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asOwner } from '../src/open-owner.ts';

const root = join(import.meta.dirname, '../../..');
const made = join(root, 'node_modules/.cache/serment/made-data');
/** What decides how a database looks when its first start is done. */
const makers = ['package.json', 'src/migrations', 'src/postgres', 'src/migrate.ts', 'src/open-owner.ts'];

/**
 * Gives a data folder, which it makes, the database that a first start would make in it. That is most of
 * what a start takes: it is done once for this state of the sources, and copied. Not for tests of the first start itself.
 */
export async function makeDataFolder(dataDir: string): Promise<void> {
  const template = join(made, await fingerprint());
  if (!existsSync(template)) await makeTemplate(template);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // A thousand small files, which one call copies in a quarter of the time that as many promises take.
  for (const part of ['postgres', 'serment.json'])
    cpSync(join(template, part), join(dataDir, part), { recursive: true });
}

/** Made under another name, and renamed once whole: several test files may want it at once. */
async function makeTemplate(template: string): Promise<void> {
  const fresh = `${template}.${randomUUID()}`;
  try {
    await asOwner({ dataDir: fresh }, async () => undefined);
    await rename(fresh, template).catch((cause) => {
      if (!existsSync(template)) throw cause;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const store = join(import.meta.dirname, '..');
  for (const maker of makers) {
    const names = await readdir(join(store, maker)).catch(() => ['']);
    for (const name of names.sort()) hash.update(`${maker}/${name}\0`).update(await readFile(join(store, maker, name)));
  }
  return hash.digest('hex').slice(0, 32);
}
