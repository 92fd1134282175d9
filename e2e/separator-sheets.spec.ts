import { expect } from '@playwright/test';
import { sheetKey, sheetQr } from '@serment/core/keys/sheet';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { printSheets, scanOf } from './scanned-pile.ts';
import { createPatient, createPractice, unlock } from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const families = ['Benoît', 'Morel', 'Nadal'];

installed(
  'a pile of three patients’ papers is scanned in one go, cut by its sheets, corrected and filed',
  async ({ page, context, serment }) => {
    test.setTimeout(280_000);
    const line = await startLine(serment.url);
    await createPractice(page, password, undefined, line.url);
    for (const family of families) await createPatient(page, { family, given: 'Suzanne', birthDate: '03/05/1958' });
    const [benoit, morel] = await printSheets(page, families.slice(0, 2));
    const stranger = sheetQr(sheetKey(new Uint8Array(32).fill(7)), { subject: 'patient/1', kind: '' });
    const pile = await scanOf(page, [
      { picture: benoit, degrees: 2 },
      { words: 'Courrier de Benoît, page 1' },
      { words: '' },
      { words: 'Courrier de Benoît, page 2' },
      { picture: morel, degrees: 181 },
      { words: 'Analyses de Morel' },
      { code: stranger },
      { words: 'Papier de Nadal' },
      { words: 'Fin du papier de Nadal' },
    ]);
    await page.getByRole('link', { name: /^À classer/ }).click();
    await page.getByRole('button', { name: 'Ajouter un lot numérisé' }).click();
    await expectAccessible(page);
    await page
      .getByTestId('batch-files')
      .setInputFiles({ name: 'pile.pdf', mimeType: 'application/pdf', buffer: pile });
    await expect(page.getByText('3 documents, 3 feuilles de séparation laissées de côté, 1 page blanche')).toBeVisible({
      timeout: 120_000,
    });
    const part = (number: number) => page.getByRole('region', { name: `Document ${number}`, exact: true });
    await expect(part(1)).toContainText('BENOÎT Suzanne');
    await expect(part(1)).toContainText('2 pages');
    await expect(part(2)).toContainText('MOREL Suzanne');
    await expect(part(2).getByText('Pris')).toHaveCount(0);
    await expect(part(3)).toContainText('La feuille vient d’un autre cabinet');
    await expect(page.getByText('1 document attend son patient', { exact: false })).toBeVisible();
    await expectAccessible(page);

    // The blank back is put back and left out again; a cut is moved, and moved back.
    await part(1).getByRole('button', { name: 'Remettre, page 3' }).click();
    await expect(part(1)).toContainText('3 pages');
    await part(1).getByRole('button', { name: 'Écarter, page 3' }).click();
    await part(1).getByRole('button', { name: 'Couper ici, page 4' }).click();
    await expect(part(2)).toContainText('BENOÎT Suzanne');
    await part(2).getByRole('button', { name: 'Joindre au document précédent' }).click();
    await expect(part(1)).toContainText('2 pages');
    await part(1).getByRole('button', { name: 'Lire la page 2' }).click();
    await expect(page.getByRole('img', { name: 'Page 2' })).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await part(1).getByLabel('Titre').fill('Courrier du cardiologue');

    // A window that closes loses nothing of it.
    const address = page.url();
    await page.close();
    const again = await context.newPage();
    await again.goto(address);
    await unlock(again, password);
    const kept = (number: number) => again.getByRole('region', { name: `Document ${number}`, exact: true });
    await expect(kept(1).getByLabel('Titre')).toHaveValue('Courrier du cardiologue', { timeout: 30_000 });
    await kept(3).getByLabel('De quel patient ?').fill('nadal');
    await kept(3).getByRole('button', { name: 'NADAL Suzanne' }).click();
    await expect(kept(3)).toContainText('NADAL Suzanne');

    // Without a network all of it is kept on this device, and goes when the line is back.
    line.cut();
    await again.getByRole('button', { name: 'Classer 3 documents' }).click();
    await expect(again.getByText('Les 3 documents sont classés.')).toBeVisible({ timeout: 60_000 });
    line.mend();
    await again.getByRole('button', { name: 'Terminer' }).click();
    await again.getByRole('button', { name: 'Supprimer ce lot', exact: true }).click();
    await expect(again.getByRole('heading', { name: 'À classer' })).toBeVisible();
    await expect(again.locator('.inbox-row', { hasText: 'NADAL' })).toBeVisible({ timeout: 30_000 });
    await expect(again.getByRole('link', { name: 'Reprendre' })).toHaveCount(0);

    await again.keyboard.press('Alt+p');
    await again.getByRole('option', { name: /BENOÎT Suzanne/ }).click();
    await again
      .locator('.timeline')
      .getByRole('button', { name: /Courrier du cardiologue/ })
      .click();
    await expect(again.getByText('sur 2')).toBeVisible({ timeout: 60_000 });
    await line.stop();
  },
);

test('a pile of 60 pages is read page after page, stopped and resumed, and leaves the window free', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Morel', given: 'Lucie' });
  const [sheet] = await printSheets(page, ['Morel']);
  const words = Array.from({ length: 8 }, (_, number) => ({ words: `Page ${number + 1}` }));
  const pile = await scanOf(page, [{ picture: sheet, degrees: 2 }, { words: '' }, ...words], 6);
  await page.getByRole('link', { name: /^À classer/ }).click();
  await page.getByRole('button', { name: 'Ajouter un lot numérisé' }).click();
  await page.getByTestId('batch-files').setInputFiles({ name: 'pile.pdf', mimeType: 'application/pdf', buffer: pile });
  await expect(page.getByText(/Lecture de la page \d+ sur 60/)).toBeVisible({ timeout: 60_000 });
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
    Reflect.set(globalThis, 'longTasks', tasks);
  });
  await page.getByRole('button', { name: 'Arrêter' }).click();
  await expect(page.getByText(/Lecture arrêtée à la page \d+ sur 60/)).toBeVisible();
  await page.getByRole('button', { name: 'Reprendre la lecture' }).click();
  await expect(page.getByText('6 documents, 6 feuilles de séparation laissées de côté, 6 pages blanches')).toBeVisible({
    timeout: 200_000,
  });
  const long = await page.evaluate(() => {
    const tasks: unknown = Reflect.get(globalThis, 'longTasks');
    return Array.isArray(tasks) ? tasks.filter((ms) => Number(ms) > 500).length : null;
  });
  // A page that is drawn in the window takes a second of it; a machine that does much else makes some task long.
  expect(long).toBeLessThan(6);
  await page.getByRole('button', { name: 'Classer 6 documents' }).click();
  await expect(page.getByText('Les 6 documents sont classés.')).toBeVisible({ timeout: 120_000 });
});

test('a pile that is given to one file says that it is a batch', async ({ page }) => {
  test.setTimeout(200_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Morel', given: 'Lucie' });
  const file = page.url();
  const [sheet] = await printSheets(page, ['Morel']);
  const pile = await scanOf(page, [{ picture: sheet, degrees: 88 }, { words: 'Analyses' }]);
  await page.goto(file);
  await unlock(page, password);
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Ajouter un document' });
  await expect(dialog.getByRole('link', { name: 'Imprimer une feuille de séparation' })).toBeVisible();
  await dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: 'pile.pdf', mimeType: 'application/pdf', buffer: pile });
  await dialog.getByRole('button', { name: 'En faire un lot numérisé' }).click({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Document 1' })).toContainText('MOREL Lucie', { timeout: 60_000 });
});
