import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from '@playwright/test';
import { build } from 'vite';
import { test } from './watched.ts';

const vectors = join(import.meta.dirname, '../vectors');

test('the vectors of every format hold in this browser', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'serment-vectors-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        target: 'es2024',
        minify: false,
        lib: { entry: join(import.meta.dirname, 'vectors/run-all.ts'), formats: ['es'], fileName: () => 'run-all.js' },
      },
    });
    await page.route('**/vectors/**', async (route) => {
      const name = basename(new URL(route.request().url()).pathname);
      if (name === 'page')
        await route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><script type="module" src="run-all.js"></script>',
        });
      else await route.fulfill({ path: join(name.endsWith('.json') ? vectors : folder, name) });
    });
    await page.goto('/vectors/page');
    await page.waitForFunction(() => Reflect.has(globalThis, 'vectorFindings'));
    const findings = await page.evaluate(() => Reflect.get(globalThis, 'vectorFindings'));
    const names = (await readdir(vectors))
      .filter((name) => name.endsWith('.json'))
      .map((name) => basename(name, '.json'));
    expect(findings).toEqual(Object.fromEntries(names.map((name) => [name, []])));
    expect(await readFile(join(folder, 'run-all.js'), 'utf8')).not.toContain('node:');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
