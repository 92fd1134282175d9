import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, enrol, openMembers, openWays, sealed, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

const sessions = (page: Page) => page.getByRole('region', { name: 'Ouvert en ce moment' });

/** Gives the device in front of one another name. */
async function rename(page: Page, name: string): Promise<void> {
  await openWays(page);
  await page.getByRole('button', { name: 'Renommer' }).click();
  const sheet = page.getByRole('dialog', { name: 'Nom de l’appareil' });
  await sheet.getByLabel('Nom', { exact: true }).fill(name);
  await sheet.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.locator('.ways-row', { hasText: 'Nom de cet appareil' })).toContainText(name);
}

test('a session left open elsewhere is closed, locks there with a sentence, and its draft is there again', async ({
  page,
  browser,
  baseURL,
}) => {
  const kit = await createPractice(page, password);
  await createPatient(page, { family: 'Lenoir', given: 'Alice' });
  await openWays(page);
  // Named from its platform, without a question; nothing else is open.
  await expect(sessions(page).locator('.ways-row')).toHaveCount(1);
  await expect(sessions(page)).toContainText('Ordinateur Linux');
  await expect(sessions(page)).toContainText('Vous n’êtes ouvert nulle part ailleurs.');
  await rename(page, 'Portable');
  await expect(sessions(page).locator('.ways-row').first()).toContainText('Portable');

  const context = await browser.newContext({ baseURL, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const other = await context.newPage();
  await enrol(other, kit, null);
  await other.getByRole('option', { name: /LENOIR Alice/ }).waitFor({ timeout: 20_000 });
  await rename(other, 'Poste de l’accueil');
  await other.keyboard.press('Alt+p');
  await other.getByRole('option', { name: /LENOIR Alice/ }).click();
  await other.getByRole('button', { name: 'Consultation', exact: true }).click();
  await other.getByLabel('Motif').pressSequentially('Migraine depuis trois jours');
  await sealed(other);

  const row = sessions(page).locator('.ways-row', { hasText: 'Poste de l’accueil' });
  await expect(row).toContainText(/ouvert depuis \d\d:\d\d · dernière activité/, { timeout: 20_000 });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Fermer Poste de l’accueil' }).click();
  await expect(sessions(page)).toContainText('La session de « Poste de l’accueil » est fermée.');
  await expect(row).toHaveCount(0);

  await expect(other.getByRole('heading', { name: 'La session de cet appareil a été fermée' })).toBeVisible();
  await expect(other.getByText('Ce que vous avez tapé reste scellé ici', { exact: false })).toBeVisible();
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Déverrouiller' }).click();
  await unlock(other, password);
  await expect(other.getByLabel('Motif')).toHaveValue('Migraine depuis trois jours', { timeout: 20_000 });

  // It is open again, and all but this one are closed together.
  await expect(row).toHaveCount(1, { timeout: 20_000 });
  await page.getByRole('button', { name: 'Fermer toutes les autres' }).click();
  await expect(sessions(page)).toContainText('Toutes les autres sessions sont fermées.');
  await expect(other.getByRole('heading', { name: 'La session de cet appareil a été fermée' })).toBeVisible();
  await expect(sessions(page).locator('.ways-row')).toHaveCount(1);

  await openMembers(page);
  await expect(page.getByText('Poste de l’accueil')).toBeVisible();
  await page.getByRole('button', { name: 'Renommer Poste de l’accueil' }).click();
  const sheet = page.getByRole('dialog', { name: 'Nom de l’appareil' });
  await expectAccessible(page);
  await sheet.getByLabel('Nom', { exact: true }).fill('Téléphone');
  await sheet.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('L’appareil est renommé.')).toBeVisible();
  await expect(page.getByText('Téléphone', { exact: false })).toBeVisible();
  await page.keyboard.press('Alt+v');
  await expect(page.getByText('Une session a été fermée à distance').first()).toBeVisible();
  await context.close();
});
