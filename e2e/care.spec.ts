import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, invite, join, sealed, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

const ownPassword = 'cinq platanes en novembre';

const sheet = (page: Page) => page.locator('dialog.sheet');
const summary = (page: Page) => page.locator('.summary');

async function edit(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: words, exact: true }).click();
  await expect(sheet(page).locator('.care-form input').first()).toBeFocused();
}

async function close(page: Page): Promise<void> {
  await sheet(page).getByRole('button', { name: 'Fermer' }).click();
  await expect(sheet(page)).toHaveCount(0);
}

test('problems, allergies and treatments are written by keyboard, kept while typed, and taken back', async ({
  page,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Lemaire', given: 'Agathe', birthDate: '14/02/1971' });

  await edit(page, 'Modifier les problèmes');
  await page.keyboard.type('HTA depuis 2019');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items li')).toContainText('depuis 2019');
  await expect(page.getByTestId('last-save')).toContainText('LEMAIRE Agathe');
  const diagnosis = sheet(page).getByRole('combobox', { name: 'Diagnostic' });
  await expect(diagnosis).toBeFocused();
  await expect(diagnosis).toHaveValue('');
  await page.keyboard.type('asthme');
  await expect(sheet(page).getByRole('option').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.diagnosis-code')).toContainText('J45');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items li')).toHaveCount(2);
  await expect(sheet(page).locator('.care-items')).toContainText('J45');
  await expectAccessible(page);
  await sheet(page).getByRole('button', { name: 'Terminé : HTA' }).click();
  await expect(sheet(page).getByRole('heading', { name: 'Passé' })).toBeVisible();
  await sheet(page).getByRole('button', { name: 'Reprendre : HTA' }).click();
  await expect(sheet(page).getByRole('heading', { name: 'Passé' })).toHaveCount(0);
  await sheet(page).getByRole('button', { name: 'Modifier : HTA' }).click();
  await sheet(page).getByRole('textbox', { name: 'Depuis' }).fill('03/2018');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items')).toContainText('depuis 03/2018');
  await sheet(page).getByRole('button', { name: 'Historique : HTA' }).click();
  await expect(page.locator('.history-version').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await close(page);
  await expect(summary(page)).toContainText('HTA');

  await expect(summary(page)).toContainText('Non renseignées');
  await edit(page, 'Modifier les allergies');
  await sheet(page).getByRole('button', { name: 'Aucune connue' }).click();
  await expect(sheet(page).getByText('Aucune allergie connue : demandé, et enregistré.')).toBeVisible();
  await sheet(page).getByRole('textbox', { name: 'Substance' }).fill('Pénicilline');
  await page.keyboard.press('Enter');
  await expect(sheet(page).getByText('Pénicilline : ajouté.')).toBeVisible();
  await expect(sheet(page).getByText('demandé, et enregistré')).toHaveCount(0);
  // Both at once, as they were written.
  await sheet(page).locator('.notice').getByRole('button', { name: 'Annuler' }).click();
  await expect(sheet(page).getByText('demandé, et enregistré')).toBeVisible();
  await sheet(page).getByRole('textbox', { name: 'Substance' }).fill('Arachide');
  await page.keyboard.press('Enter');
  await close(page);
  await expect(summary(page)).toContainText('Arachide');

  await edit(page, 'Modifier les traitements');
  await page.keyboard.type('Ramipril 5 mg');
  await sheet(page).getByRole('textbox', { name: 'Posologie' }).fill('1 le matin');
  await expect(sheet(page).getByRole('textbox', { name: 'Posologie' })).toHaveValue('1 le matin');
  await sealed(sheet(page));
  await page.reload();
  await unlock(page, password);
  await edit(page, 'Modifier les traitements');
  await expect(sheet(page).getByRole('textbox', { name: 'Médicament' })).toHaveValue('Ramipril 5 mg');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items')).toContainText('1 le matin');
  await sheet(page).getByRole('button', { name: 'Arrêter : Ramipril 5 mg' }).click();
  await expect(sheet(page).getByRole('heading', { name: 'Passé' })).toBeVisible();
  await sheet(page).locator('.notice').getByRole('button', { name: 'Annuler' }).click();
  await expect(sheet(page).getByRole('heading', { name: 'Passé' })).toHaveCount(0);
  await sheet(page).getByRole('textbox', { name: 'Depuis' }).fill('hier');
  await sheet(page).getByRole('textbox', { name: 'Médicament' }).fill('Metformine');
  await page.keyboard.press('Enter');
  await expect(sheet(page).getByText('À corriger')).toBeVisible();
  await close(page);
  await expect(summary(page)).toContainText('Ramipril 5 mg');
});

test('a dose with its lot answers for what the schedule asks, on its page, and a desk sees nothing of it', async ({
  page,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Fabre', given: 'Louise', birthDate: '14/02/1951' });
  await expect(summary(page).locator('.care-to-do')).toContainText('Rappel diphtérie');
  await edit(page, 'Modifier les vaccins');
  await page.keyboard.type('dTP (Revaxis)');
  await sheet(page).getByRole('textbox', { name: 'Lot' }).fill('X7A21');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items')).toContainText('lot X7A21');
  await close(page);
  await expect(summary(page).locator('.care-to-do')).not.toContainText('Rappel diphtérie');
  await edit(page, 'Modifier les antécédents familiaux');
  await page.keyboard.type('Cancer du sein');
  await sheet(page).getByRole('textbox', { name: 'Âge au début' }).fill('52');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items')).toContainText('mère, à 52 ans');
  await close(page);
  await page.getByRole('button', { name: 'Modifier le mode de vie' }).click();
  await sheet(page).getByRole('combobox', { name: 'Statut' }).selectOption('Ancien fumeur');
  await sheet(page).getByRole('textbox', { name: 'Paquets-années' }).fill('12,5');
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('.care-items')).toContainText('ancien fumeur, 12,5 paquets-années');
  await close(page);
  await page.getByRole('link', { name: 'Carnet de vaccination' }).click();
  const row = page.getByRole('row', { name: /^Diphtérie, tétanos, poliomyélite/ });
  await expect(row).toContainText('X7A21');
  await expect(page.getByText('D’après le calendrier vaccinal 2025', { exact: false })).toBeVisible();
  await expectAccessible(page);
  const address = page.url();

  const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  await join(page, invited, ownPassword);
  await page.goto(address);
  await unlock(page, ownPassword);
  await expect(page.getByText('Les vaccins ne sont pas visibles avec vos droits.')).toBeVisible();
  await expect(page.getByText('X7A21')).toHaveCount(0);
  await page.goto(address.replace('/vaccins', ''));
  await unlock(page, ownPassword);
  await summary(page).waitFor();
  await expect(page.getByRole('button', { name: /^Modifier les/ })).toHaveCount(0);
  await expect(summary(page)).not.toContainText('Cancer du sein');
});
