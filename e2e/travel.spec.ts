import { expect, type Page } from '@playwright/test';
import { createPatient, createPractice, writeNote } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

async function changeNote(page: Page, from: string, to: string): Promise<void> {
  await page.locator('.event', { hasText: from }).getByRole('button', { name: 'Modifier', exact: true }).click();
  await page.getByRole('textbox', { name: 'Conclusion' }).fill(to);
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(page.locator('.event h3', { hasText: to })).toBeVisible();
}

test('a file is seen as it was, and becomes that again', async ({ page }) => {
  test.setTimeout(180_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await writeNote(page, { reason: 'Chute', conclusion: 'Entorse de la cheville' });
  await expect(page.locator('.event h3', { hasText: 'Entorse de la cheville' })).toBeVisible();
  await changeNote(page, 'Entorse de la cheville', 'Fracture du péroné');
  await expect(page.locator('[data-testid="last-save"] [data-state="copy"]')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('link', { name: 'Remonter le temps' }).click();
  // It begins before the last change.
  await expect(page.getByRole('heading', { name: 'Entorse de la cheville' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Modifier', exact: true })).toBeHidden();
  await expect(page.getByText('modification', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Rétablir', exact: false }).click();
  await expect(page.getByText('Rien n’est coché.')).toBeVisible();
  await page.getByRole('slider').press('ArrowRight');
  await expect(page.getByRole('heading', { name: 'Fracture du péroné' })).toBeVisible();
  await expect(page.getByText('Rien n’a changé depuis cet instant.')).toBeVisible();
  await page.getByRole('button', { name: 'Plus tôt' }).click();
  await expect(page.getByRole('heading', { name: 'Entorse de la cheville' })).toBeVisible();
  await page.getByRole('checkbox', { name: /^Entorse de la cheville/ }).check();
  await expect(page.locator('.difference-preview del', { hasText: 'Fracture' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Rétablir 1 fiche' }).click();
  await expect(page.getByText('1 fiche est redevenue ce qu’elle était.')).toBeVisible();
  await page.getByRole('link', { name: 'Revenir au dossier d’aujourd’hui' }).click();
  await expect(page.locator('.event h3', { hasText: 'Entorse de la cheville' })).toBeVisible();
  // One version is restored from the history too, and that is in the history.
  await page.locator('.event').first().getByRole('button', { name: 'Historique' }).click();
  await page.getByRole('button', { name: 'Rétablir cette version' }).first().click();
  await expect(page.locator('.history-version')).toHaveCount(4);
});

test('what was written in the wrong file goes to the right one, and back', async ({ page }) => {
  test.setTimeout(180_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Morel', given: 'Béatrice', birthDate: '12/01/1970' });
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await writeNote(page, { reason: 'Toux', conclusion: 'Bronchite aiguë' });
  await page.locator('.event', { hasText: 'Bronchite aiguë' }).getByRole('button', { name: 'Mauvais dossier' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Déplacer', exact: true }).click();
  await expect(sheet.getByText('Choisissez le bon patient.')).toBeVisible();
  await sheet.getByRole('textbox').fill('morel');
  await sheet.getByRole('button', { name: /MOREL Béatrice/ }).click();
  await sheet.getByRole('button', { name: 'Déplacer chez MOREL Béatrice' }).click();
  await expect(page.getByText('Déplacé dans le dossier de MOREL Béatrice.')).toBeVisible();
  await expect(page.locator('.event', { hasText: 'Bronchite aiguë' })).toBeHidden();
  await page.getByRole('link', { name: 'Voir le dossier' }).click();
  await expect(page.locator('.event', { hasText: 'Bronchite aiguë' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('BENOÎT Suzanne');
  await expect(page.locator('.event', { hasText: 'Bronchite aiguë' })).toBeHidden();
});
