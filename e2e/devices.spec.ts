import { expect } from '@playwright/test';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, enrol, unlock, writeNote } from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

test('a second window sees the note as it is saved', async ({ page, context }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Perrin', given: 'Odile' });
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('PERRIN Odile');
  await writeNote(page, { reason: 'Genou douloureux', conclusion: 'Gonarthrose débutante.' });
  await expect(second.getByRole('heading', { name: 'Gonarthrose débutante' })).toBeVisible();
  await second.keyboard.press('Alt+l');
  await expect(page.getByRole('button', { name: 'Déverrouiller' })).toBeVisible();
});

test('another device, enrolled by the kit, sees the note, and two versions wait for a choice', async ({
  page,
  browser,
  baseURL,
}) => {
  const kit = await createPractice(page, password);
  await createPatient(page, { family: 'Garnier', given: 'Paule' });
  await writeNote(page, { reason: 'Contrôle', conclusion: 'Tension équilibrée.' });
  await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });

  const context = await browser.newContext({ baseURL, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const other = await context.newPage();
  await enrol(other, kit, null);
  await other.getByRole('option', { name: /GARNIER Paule/ }).click();
  await expect(other.getByRole('heading', { name: 'Tension équilibrée' })).toBeVisible({ timeout: 20_000 });

  // Both begin to change the same version.
  await page.getByRole('button', { name: 'Modifier', exact: true }).click();
  await other.getByRole('button', { name: 'Modifier', exact: true }).click();
  await page.getByLabel('Conclusion').fill('Tension équilibrée sous traitement.');
  await other.getByLabel('Conclusion').fill('Tension à revoir.');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(other.getByText('Cette note a changé pendant que vous écriviez')).toBeVisible({ timeout: 20_000 });
  await other.getByRole('button', { name: 'Enregistrer' }).click();
  for (const one of [page, other]) await expect(one.getByTestId('conflict')).toBeVisible({ timeout: 20_000 });
  await page
    .locator('.side-version', { hasText: 'Tension à revoir.' })
    .getByRole('button', { name: 'Garder celle-ci' })
    .click();
  for (const one of [page, other]) {
    await expect(one.getByTestId('conflict')).toBeHidden({ timeout: 20_000 });
    await expect(one.getByRole('heading', { name: 'Tension à revoir' })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Historique' }).click();
  await expect(page.locator('.history-version')).toHaveCount(4);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+v');
  await expect(page.getByText('Le kit de secours a servi à ajouter un appareil')).toBeVisible();
  await context.close();
});

installed('a cut line keeps the note on the device, and sends it when it is mended', async ({ page, serment }) => {
  const line = await startLine(serment.url);
  try {
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Blanc', given: 'Irène' });
    await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    line.cut();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 20_000 });
    await writeNote(page, { reason: 'Visite à domicile', conclusion: 'Plaie de jambe propre.' });
    const last = page.getByTestId('last-save');
    await expect(last.locator('[data-state=device]')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Plaie de jambe propre' })).toBeVisible();
    await expect(page.getByText(/écrits? en attente sur cet appareil/)).toBeVisible();
    // Locking with something unsent says so.
    await page.keyboard.press('Alt+l');
    await expect(page.getByText(/Les écrits en attente restent scellés/)).toBeVisible();
    line.mend();
    await unlock(page, password);
    await expect(page.getByText('Rien en attente sur cet appareil')).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('heading', { name: 'Plaie de jambe propre' })).toBeVisible({ timeout: 20_000 });
    await expect(page.locator('.event [data-state=copy]')).toBeVisible({ timeout: 20_000 });
  } finally {
    await line.stop();
  }
});

test('a window that was just reloaded waits for the worker that ends behind it', async ({ page }) => {
  await page.addInitScript(() => {
    void navigator.locks.request('serment-writer', () => new Promise((resolve) => setTimeout(resolve, 1500)));
  });
  await page.goto('/');
  const elsewhere = page.getByRole('heading', { name: 'Serment est ouvert dans une autre fenêtre' });
  await expect(elsewhere.or(page.getByRole('button', { name: /Créer un cabinet/ }))).toBeVisible();
  await expect(elsewhere).toBeHidden();
});

test('without shared workers one window writes, and another says that it must wait', async ({ page, context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
  await createPractice(page, password);
  await createPatient(page, { family: 'Colin', given: 'Berthe' });
  const second = await context.newPage();
  await second.goto('/');
  await expect(second.getByRole('heading', { name: 'Serment est ouvert dans une autre fenêtre' })).toBeVisible();
  await page.close();
  await second.getByRole('button', { name: 'Réessayer' }).click();
  await unlock(second, password);
  await expect(second.getByRole('option', { name: /COLIN Berthe/ }).first()).toBeVisible({ timeout: 20_000 });
});
