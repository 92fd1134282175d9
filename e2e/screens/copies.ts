import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

/** What the host kept, by its path, while it is damaged: other subjects look at the same demonstration. */
const whole = new Map<string, Buffer>();

function damageDocuments(dataFolder: string): void {
  const blobs = join(dataFolder, 'blobs');
  for (const name of readdirSync(blobs, { recursive: true, encoding: 'utf8' })) {
    const path = join(blobs, name);
    if (!/\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(path) || statSync(path).isDirectory()) continue;
    whole.set(path, readFileSync(path));
    truncateSync(path, 100);
  }
}

function mendDocuments(): void {
  for (const [path, bytes] of whole) writeFileSync(path, bytes);
  whole.clear();
}

/** A file in a copy, beside the live one, and what a practice reads back. */
export const copyScreens: readonly Screen[] = [
  {
    name: 'copie',
    open: async (page) => {
      await openFile(page, 'santoro elodie', /SANTORO Élodie/);
      await page.getByRole('link', { name: 'Restaurer depuis une copie' }).click();
      await page.getByRole('button', { name: 'Comparer', exact: true }).click();
      await page.getByText('Rien à restaurer', { exact: false }).waitFor({ timeout: 120_000 });
    },
  },
  {
    name: 'copie-perdu',
    open: async (page, serment) => {
      damageDocuments(serment.dataFolder);
      await page.getByRole('button', { name: 'Comparer', exact: true }).click();
      await page.locator('.copy-choices').waitFor({ timeout: 120_000 });
    },
  },
  {
    name: 'relectures',
    open: async (page) => {
      mendDocuments();
      await page.keyboard.press('Alt+v');
      const section = page.getByRole('region', { name: 'Dossiers relus' });
      await section.getByRole('button', { name: /^Relire maintenant/ }).click();
      await section
        .getByText(/^Relu, ouvert, identique/)
        .first()
        .waitFor({ timeout: 60_000 });
      await section.scrollIntoViewIfNeeded();
    },
  },
];
