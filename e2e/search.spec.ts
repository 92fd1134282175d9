import { expect } from '@playwright/test';
import { openDemo } from './steps.ts';
import { test } from './watched.ts';

test('a word is found in all files, once this device read them', async ({ page }) => {
  test.setTimeout(180_000);
  await openDemo(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('lombalgie');
  await page.getByRole('option', { name: 'Chercher « lombalgie » dans tous les dossiers' }).click();
  // Nothing is read before somebody says so.
  await expect(page.getByRole('heading', { name: 'Cet appareil n’a pas encore lu les dossiers' })).toBeVisible();
  await page.getByRole('button', { name: 'Lire tous les dossiers' }).click();
  await expect(page.getByText('textes peuvent être trouvés')).toBeVisible({ timeout: 120_000 });
  const results = page.getByRole('region', { name: 'Résultats' });
  await expect(results.locator('mark', { hasText: /lombalgie/i }).first()).toBeVisible();
  await page.getByRole('searchbox').fill('"mot qui n’est nulle part"');
  await page.keyboard.press('Enter');
  await expect(results.getByText('Rien ne contient tous ces mots.')).toBeVisible();
  await page.getByRole('searchbox').fill('LOMBALGIE aigue');
  await page.keyboard.press('Enter');
  const first = results.getByRole('link').first();
  const who = (await first.locator('.name').textContent()) ?? '';
  await first.click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.split(' ')[0] ?? '');
  // The file opens where the words are.
  await expect(page.locator('.event[aria-current]')).toContainText(/lombalgie/i);
  await expect(page.locator('.event[aria-current]')).toBeInViewport();
  // Back, it is there without another reading.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('lombalgie');
  await page.getByRole('option', { name: 'Chercher « lombalgie » dans tous les dossiers' }).click();
  await expect(results.getByRole('link').first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Retirer de cet appareil' }).click();
  await expect(page.getByRole('button', { name: 'Lire tous les dossiers' })).toBeVisible();
});
