import { expect } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, openDemo, sealed, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

test('one lands on the day, which says who comes, what waits, and what was begun', async ({ page }) => {
  test.setTimeout(180_000);
  await openDemo(page);
  await page.goto('/');
  await unlock(page, 'demonstration');
  await expect(
    page.getByRole('heading', { level: 1, name: /^(Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche) \d/ }),
  ).toBeVisible();
  const toSee = page.getByRole('region', { name: 'À voir' });
  await expect(toSee.getByRole('link').first()).toBeVisible();
  await toSee.getByRole('link').first().click();
  await expect(page).toHaveURL(/a-classer/);
  await page.goBack();
  const appointments = page.getByRole('region', { name: 'Rendez-vous' });
  await expect(
    appointments.locator('li').or(appointments.getByText('Aucun rendez-vous aujourd’hui.')).first(),
  ).toBeVisible();
});

test('a name is typed where one lands, whose file opens', async ({ page }) => {
  test.setTimeout(240_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Santoro', given: 'Élodie', birthDate: '14/02/1986' });
  // Before her in the list.
  await createPatient(page, { family: 'Aubert', given: 'Marc', birthDate: '02/11/1961' });
  for (const size of [
    { width: 1440, height: 900 },
    { width: 820, height: 1180 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    await page.goto('/');
    await unlock(page, password);
    await expect(page).toHaveURL(/aujourdhui$/);
    const filter = page.getByRole('combobox', { name: 'Filtrer les patients' });
    // A keyboard that comes by itself would cover a screen that is touched.
    if (size.width === 1440) await expect(filter).toBeFocused();
    else await filter.click();
    // On a phone nothing is listed before something is typed.
    await expect(page.getByRole('listbox')).toHaveCount(size.width === 390 ? 0 : 1);
    await expectAccessible(page);
    await page.keyboard.type('santoro');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('SANTORO');
  }
});

test('an empty practice begins with its first patient, and a note that was begun is found from the day', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await createPractice(page, password);
  await expect(page.getByRole('link', { name: 'Créer le premier patient' })).toBeVisible();
  await page.getByRole('link', { name: 'Aujourd’hui' }).click();
  await expect(page.getByText('Aucun rendez-vous aujourd’hui.')).toBeVisible();
  await expect(page.getByText('Rien n’attend d’être fini sur cet appareil.')).toBeVisible();
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Motif').fill('Toux');
  await sealed(page);
  await page.getByRole('link', { name: 'Aujourd’hui' }).click();
  await page
    .getByRole('region', { name: 'Commencé et pas fini' })
    .getByRole('link', { name: /BENOÎT Suzanne/ })
    .click();
  await expect(page.getByLabel('Motif')).toHaveValue('Toux');
});
