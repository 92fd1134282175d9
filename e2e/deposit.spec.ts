import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { createPatient, createPractice, invite, join } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
/** A picture of one dot. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('a desk deposits what it cannot read, the doctor files it, and the desk says what it was asked to', async ({
  page: doctor,
  browser,
  serment,
}) => {
  test.setTimeout(180_000);
  await createPractice(doctor, password);
  await createPatient(doctor, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  const invited = await invite(doctor, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  const context = await browser.newContext({ baseURL: serment.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const desk = await context.newPage();
  await join(desk, invited, 'un mot de passe assez long');

  await desk.getByRole('option', { name: /BENOÎT Suzanne/ }).click();
  await expect(desk.getByText('Le dossier médical n’est pas visible avec vos droits.', { exact: false })).toBeVisible();
  await desk.getByRole('button', { name: 'Déposer un document ou un message' }).click();
  await desk.getByRole('button', { name: 'Déposer', exact: true }).click();
  await expect(desk.getByText('Écrivez un message, ou choisissez un document.')).toBeVisible();
  await desk.getByRole('textbox', { name: 'Message' }).fill('A rappelé pour ses résultats');
  await desk
    .locator('input[type="file"]')
    .setInputFiles({ name: 'virus.exe', mimeType: 'application/x-msdownload', buffer: dot });
  await expect(desk.getByText('Ce fichier n’est ni un PDF', { exact: false })).toBeVisible();
  await desk.locator('input[type="file"]').setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: dot });
  await noViolation(desk);
  await desk.getByRole('button', { name: 'Déposer', exact: true }).click();
  await expect(desk.getByText('A rappelé pour ses résultats')).toBeVisible();
  await expect(desk.locator('.deposit [data-state="host"], .deposit [data-state="copy"]')).toBeVisible();
  await expect(desk.getByText(/^Reçu de Sophie Lambert/)).toBeVisible();
  await desk.locator('.deposit').getByRole('button', { name: 'Ouvrir' }).click();
  await expect(desk.getByRole('img', { name: 'scan.png' })).toBeVisible();
  await noViolation(desk);

  await doctor.getByRole('link', { name: 'À classer (1)' }).click();
  await expect(doctor.getByRole('heading', { name: 'Dépôts de l’accueil' })).toBeVisible();
  await expect(doctor.getByText('A rappelé pour ses résultats')).toBeVisible();
  await noViolation(doctor);
  await doctor.getByRole('button', { name: 'Classer…' }).click();
  const filing = doctor.getByRole('dialog');
  await filing.getByRole('button', { name: 'Ouvrir' }).click();
  await expect(filing.getByRole('img', { name: 'scan.png' })).toBeVisible();
  await filing.getByRole('button', { name: 'Un autre patient' }).click();
  await filing.getByLabel('Dans le dossier de quel patient ?').fill('beno');
  await filing.getByRole('button', { name: 'BENOÎT Suzanne' }).click();
  await filing.getByRole('textbox', { name: 'À dire au patient' }).fill('Résultats normaux, rien à changer');
  await noViolation(doctor);
  await filing.getByRole('button', { name: 'Classer dans le dossier de BENOÎT Suzanne' }).click();
  await expect(doctor.getByText('Le dépôt est classé dans le dossier de BENOÎT Suzanne.')).toBeVisible();
  await doctor.getByRole('link', { name: 'Ouvrir le dossier' }).click();
  await expect(doctor.locator('.timeline').getByText('A rappelé pour ses résultats')).toBeVisible();
  await expect(doctor.locator('.timeline').getByText('scan.png')).toBeVisible();

  await expect(desk.getByText('« Résultats normaux, rien à changer »')).toBeVisible();
  await desk.getByRole('link', { name: 'Dépôts (1)' }).click();
  await expect(desk.getByRole('link', { name: 'BENOÎT Suzanne' })).toBeVisible();
  await noViolation(desk);
  await desk.getByRole('button', { name: 'C’est dit' }).click();
  await expect(desk.getByText('Rien n’est à dire.')).toBeVisible();
  await expect(desk.getByText('A rappelé pour ses résultats')).toBeVisible();
  await context.close();
});

test('what a desk deposits while the line is cut waits on its device, and leaves by itself', async ({
  page: doctor,
  browser,
  serment,
}) => {
  test.setTimeout(180_000);
  await createPractice(doctor, password);
  const invited = await invite(doctor, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  const context = await browser.newContext({ baseURL: serment.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const desk = await context.newPage();
  await join(desk, invited, 'un mot de passe assez long');
  await desk.getByRole('link', { name: 'Dépôts', exact: true }).click();
  await expect(desk.getByText('Vous n’avez rien déposé depuis 24 heures.')).toBeVisible();
  await context.setOffline(true);
  await desk.getByRole('button', { name: 'Déposer un document ou un message' }).click();
  await desk.getByRole('textbox', { name: 'Message' }).fill('Un courrier sans nom');
  await desk.getByRole('button', { name: 'Déposer', exact: true }).click();
  await expect(desk.locator('.deposit [data-state="device"]')).toBeVisible();
  await context.setOffline(false);
  await expect(desk.locator('.deposit [data-state="host"], .deposit [data-state="copy"]')).toBeVisible({
    timeout: 60_000,
  });
  await doctor.getByRole('link', { name: 'À classer (1)' }).click();
  await expect(doctor.getByText('Sans patient')).toBeVisible();
  await doctor.getByRole('button', { name: 'Classer…' }).click();
  await doctor.getByRole('button', { name: 'Classer', exact: true }).click();
  await expect(doctor.getByText('Choisissez d’abord un patient.')).toBeVisible();
  await context.close();
});

async function noViolation(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}
