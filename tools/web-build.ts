import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

// What the built pages are made of. Contents are hashed, since a checkout or a copy gives files any date.
const sources = [
  'apps/web/*.{html,ts,json}',
  'apps/web/{src,public}/**/*.*',
  'packages/{core,records,replica}/src/**/*.ts',
  'packages/{core,records,replica}/package.json',
  'package-lock.json',
];

/** Builds apps/web unless its dist was built from exactly the present sources. Throws if the build fails. */
export async function buildWebIfStale(): Promise<'built' | 'fresh'> {
  const stamp = join(root, 'node_modules/.cache/serment/web-sources');
  const fingerprint = fingerprintOfSources();
  const built = ['index.html', 'console/console.html'].every((page) => existsSync(join(root, 'apps/web/dist', page)));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return 'fresh';
  await runVite([]);
  await runVite(['--config', 'console.config.ts']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
  return 'built';
}

function fingerprintOfSources(): string {
  const hash = createHash('sha256');
  for (const path of globSync(sources, { cwd: root }).sort()) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function runVite(options: readonly string[]): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', ...options], {
    cwd: join(root, 'apps/web'),
    // Standard output belongs to the caller: `npm start` prints one URL there and nothing else.
    stdio: ['ignore', 2, 2],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error('The web application could not be built; the lines above say why.'));
    });
  });
}
