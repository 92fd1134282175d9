import { expect } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { chromiumLaunch } from './harness/chromium.ts';
import { createPatient, createPractice } from './steps.ts';
import { test } from './watched.ts';

const launch = await chromiumLaunch();

// A camera of Chromium's own, which films a moving picture; permission is given below, or not.
test.use({ launchOptions: { ...launch, args: [...launch.args, '--use-fake-device-for-media-stream'] } });

test('two pages are photographed in the page, straightened, and are one document of the file that was named', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000);
  await context.grantPermissions(['camera']);
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Ajouter un document' });
  await sheet.getByRole('button', { name: 'Photographier' }).click();
  // Whose file it goes to stands over the camera.
  await expect(sheet.getByText('BENOÎT Suzanne').last()).toBeVisible();
  await expectAccessible(page);
  for (const taken of [1, 2]) {
    await sheet.getByRole('button', { name: `Prendre la page ${taken}` }).click({ timeout: 20_000 });
    await expect(sheet.getByRole('img', { name: `Page ${taken}` })).toBeVisible({ timeout: 30_000 });
  }
  await sheet.getByRole('button', { name: 'Terminer les photos' }).click();
  // The light of the camera goes out.
  await expect(sheet.locator('video')).toHaveCount(0);
  await expect(sheet.getByText('Un PDF de 2 pages')).toBeVisible();
  await sheet.getByRole('button', { name: 'Recadrer la page 2' }).click();
  await sheet.getByRole('button', { name: 'Coin en haut à gauche' }).press('ArrowRight');
  await sheet.getByRole('button', { name: 'Redresser' }).click();
  await sheet.getByLabel('Titre').fill('Courrier photographié');
  await sheet.getByRole('button', { name: 'Ajouter au dossier' }).click();
  await expect(sheet).toBeHidden({ timeout: 30_000 });
  await page
    .locator('.timeline')
    .getByRole('button', { name: /Courrier photographié/ })
    .click();
  await expect(page.getByText('sur 2')).toBeVisible({ timeout: 30_000 });
  await expect(page.frameLocator('.document-frame').locator('.page canvas').first()).toBeVisible({ timeout: 30_000 });
});

test('a camera that is refused says so, and files can still be chosen', async ({ page, context }) => {
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Refus', given: 'Anne' });
  await context.clearPermissions();
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Ajouter un document' });
  await sheet.getByRole('button', { name: 'Photographier' }).click();
  await expect(sheet.getByText('L’appareil photo ne peut pas être utilisé.', { exact: false })).toBeVisible();
  await sheet.getByRole('button', { name: 'Fermer' }).last().click();
  await expect(sheet.getByRole('button', { name: 'Photographier' })).toBeVisible();
});
