import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPractice } from './steps.ts';
import { test } from './watched.ts';

const run = promisify(execFile);
const cli = join(import.meta.dirname, '../apps/cli/src/main.ts');
const name = 'temoin.example/w1';

test('a doctor names a witness, reads when it last saw the journal, and lets it go', async ({
  page,
  serment,
}, info) => {
  info.setTimeout(200_000);
  const state = await mkdtemp(join(tmpdir(), 'serment-witness-'));
  const witness = async (...args: string[]) => {
    const { stdout } = await run(process.execPath, [cli, 'witness', ...args, '--state', state, '--json']);
    return JSON.parse(stdout);
  };
  try {
    await createPractice(page, 'quatre tilleuls au printemps');
    await page.keyboard.press('Alt+v');
    const section = page.getByRole('region', { name: 'Témoins' });
    await expect(section).toContainText('Le cabinet n’a pas de témoin.');
    await section.getByRole('button', { name: 'Nommer un témoin' }).click();
    const sheet = page.getByRole('dialog');
    const practice = (await sheet.locator('code').textContent()) ?? '';
    const { key } = await witness('follow', '--server', serment.url, '--practice', practice, '--name', name);
    await sheet.getByLabel('Ligne de sa clé').fill(key.slice(0, -3));
    await sheet.getByRole('button', { name: 'Nommer un témoin' }).click();
    await expect(sheet).toContainText('Ce n’est pas la ligne d’une clé de témoin.');
    await expectAccessible(page);
    await sheet.getByLabel('Ligne de sa clé').fill(key);
    await sheet.getByRole('button', { name: 'Nommer un témoin' }).click();
    await expect(section).toContainText(`${name} · n’a pas encore vu votre journal`);

    const looked = await witness();
    expect(looked.practices[0]).toMatchObject({ practice, state: 'following', code: null });
    await expect(section).toContainText(/a vu votre journal (à l’instant|il y a)/, { timeout: 130_000 });
    await expectAccessible(page);
    for (const [width, scheme] of [
      [390, 'light'],
      [1440, 'dark'],
      [1440, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await section.scrollIntoViewIfNeeded();
      await page.screenshot({ path: info.outputPath(`witness-${width}-${scheme}.png`) });
    }

    await section.getByRole('button', { name: `Retirer le témoin ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
    await expect(section).toContainText('Le cabinet n’a pas de témoin.');
    await expect(page.getByText(/Un témoin a été retiré/)).toBeVisible();
    const shut = await run(process.execPath, [cli, 'witness', '--state', state, '--json']).catch((error) => error);
    expect(shut.code).toBe(3);
  } finally {
    await rm(state, { recursive: true, force: true });
  }
});
