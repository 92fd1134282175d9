import { expect } from '@playwright/test';
import { createPatient, createPractice, openDemo } from './steps.ts';
import { test } from './watched.ts';

test('the day says who comes, what waits, and what was begun', async ({ page }) => {
  test.setTimeout(180_000);
  await openDemo(page);
  await page.keyboard.press('Alt+j');
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

test('an empty practice says that nothing waits, and a note that was begun is found from there', async ({ page }) => {
  test.setTimeout(120_000);
  await createPractice(page, 'quatre tilleuls au printemps');
  await page.getByRole('link', { name: 'Aujourd’hui' }).click();
  await expect(page.getByText('Aucun rendez-vous aujourd’hui.')).toBeVisible();
  await expect(page.getByText('Rien n’attend d’être fini sur cet appareil.')).toBeVisible();
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Motif').fill('Toux');
  await expect(page.getByTestId('draft-state')).toBeVisible();
  await page.getByRole('link', { name: 'Aujourd’hui' }).click();
  await page
    .getByRole('region', { name: 'Commencé et pas fini' })
    .getByRole('link', { name: /BENOÎT Suzanne/ })
    .click();
  await expect(page.getByLabel('Motif')).toHaveValue('Toux');
});
