import { expect, type Page } from '@playwright/test';
import { growthFiles } from './growth-files.ts';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, sealed, unlock } from './steps.ts';
import { installed as test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

/** `14/02/2024` of a day that many months ago. */
function monthsAgo(months: number): string {
  const date = new Date();
  return new Date(date.getFullYear(), date.getMonth() - months, 10).toLocaleDateString('fr-FR');
}

async function unfold(page: Page): Promise<void> {
  await page.locator('.summary').waitFor();
}

async function note(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole('button', { name: 'Noter des mesures' }).click();
  for (const [name, value] of Object.entries(values))
    await page.getByRole('dialog').getByRole('textbox', { name, exact: true }).fill(value);
}

const save = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();

test('measures are typed as they are said, kept while they are typed, and taken back', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Lemaire', given: 'Agathe', birthDate: '14/02/1971' });
  await unfold(page);
  await note(page, { 'Pression artérielle': '12/8', Poids: '684', Taille: '1,66' });
  await expect(page.getByText('Lu 120/80 mmHg')).toBeVisible();
  await expect(page.getByText('Lu 684 kg. Inhabituel : vérifiez')).toBeVisible();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Poids', exact: true }).fill('68,4');
  await expect(page.getByText('IMC 24,8 kg/m², calculé')).toBeVisible();
  // Typing is never lost: a closed tab, a lock.
  await sealed(page.getByRole('dialog'));
  await page.reload();
  await unlock(page, password);
  await unfold(page);
  await page.getByRole('button', { name: 'Noter des mesures' }).click();
  await expect(page.getByRole('textbox', { name: 'Poids', exact: true })).toHaveValue('68,4');
  await page.getByRole('textbox', { name: 'Température' }).fill('chaud');
  await save(page);
  await expect(page.getByText('Corrigez ce qui n’est pas lisible.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Température' }).fill('38°5');
  await save(page);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByTestId('last-save')).toContainText('LEMAIRE Agathe');
  await expect(page.getByText('120/80')).toBeVisible();
  await page.locator('.measures-part').getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByText('120/80')).toHaveCount(0);
  await note(page, { Poids: '68,4' });
  await save(page);
  await note(page, { Poids: '67,2 kg' });
  await save(page);
  await page.getByRole('link', { name: 'Toutes les courbes' }).click();
  const weight = page.getByRole('region', { name: 'Poids' });
  await expect(weight.getByRole('img', { name: 'Poids : 2 valeurs' })).toBeVisible();
  await expect(weight.getByRole('row')).toHaveCount(3);
  await weight.getByRole('button', { name: 'Erreur de saisie : Poids, 67,2 kg' }).click();
  await expect(weight.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Annuler' }).click();
  await expect(weight.getByRole('row')).toHaveCount(3);
  await weight.getByRole('button', { name: 'Historique : Poids, 67,2 kg' }).click();
  await expect(page.getByRole('dialog')).toContainText('67,2');
});

test('a child’s growth is drawn against the table that the practice loads, offline too', async ({ page, serment }) => {
  const line = await startLine(serment.url);
  await createPractice(page, password, undefined, line.url);
  await createPatient(page, { family: 'Fabre', given: 'Louise', birthDate: monthsAgo(14) });
  await unfold(page);
  await note(page, { Poids: '9,45', 'Taille debout': '75,3', 'Périmètre crânien': '45,2' });
  await save(page);
  await page.getByRole('link', { name: 'Courbes de croissance' }).click();
  await expect(page.getByText('Aucune table de croissance n’est chargée')).toBeVisible();
  const length = page.getByRole('region', { name: 'Taille' });
  await expect(length).toContainText('76 cm');
  await page.getByRole('link', { name: 'Charger les tables' }).click();
  const growth = page.getByRole('region', { name: 'Croissance de 0 à 5 ans' });
  const [first, ...others] = growthFiles();
  if (first === undefined) throw new Error('no file');
  const cut = { ...first, buffer: first.buffer.subarray(0, 30_000) };
  const choose = growth.locator('input[type=file]');
  await choose.setInputFiles([cut, ...others]);
  await expect(growth.getByRole('alert')).toContainText('poids.txt');
  await expect(growth.getByText('Aucune table chargée.')).toBeVisible();
  await choose.setInputFiles([first, ...others]);
  await expect(growth.getByText('La table est chargée.')).toBeVisible({ timeout: 20_000 });
  await expect(growth.getByText('non officielle')).toHaveCount(4);
  await page.goBack();
  await expect(page.getByText('Table non officielle', { exact: false })).toBeVisible();
  await expect(length).toContainText('dont +0,7 cm pour la position');
  await expect(length.getByRole('img', { name: 'Taille selon l’âge : 1 valeurs' })).toBeVisible();
  await expect(length.getByRole('row').nth(1)).toContainText(/[+−]?\d,\d/);
  await page.getByRole('radio', { name: 'Écarts-types' }).check();
  await expect(length.getByRole('img').getByText('+3')).toBeAttached();
  line.cut();
  await page.getByRole('link', { name: 'Retour au dossier' }).click();
  await expect(page.locator('.measures-part').getByText(/ET$/)).toHaveCount(4);
  await page.getByRole('link', { name: 'Courbes de croissance' }).click();
  await expect(length.getByRole('img', { name: /Taille selon l’âge/ })).toBeVisible();
  await line.stop();
});
