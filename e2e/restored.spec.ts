import { cp } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { startSerment } from './harness/serment.ts';
import { createPatient, createPractice, writeNote } from './steps.ts';
import { installed as test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

test('a vault restored from an older copy says what it lacks, and gets it back once a doctor confirms', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const serment = await startSerment();
  try {
    await createPractice(page, password, undefined, serment.url);
    await createPatient(page, { family: 'Garnier', given: 'Paule' });
    await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    const older = `${serment.copyFolder}-older`;
    await cp(serment.copyFolder, older, { recursive: true });
    await writeNote(page, { reason: 'Contrôle', conclusion: 'Acquittée, puis perdue.' });
    await expect(page.locator('.event [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    await serment.restore(older);

    const shield = page.getByRole('button', { name: /Coffre restauré, à confirmer/ });
    await expect(shield).toBeVisible({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Consultation', exact: true }).click();
    await page.getByLabel('Motif').fill('Pendant l’attente');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText(/rien ne s’enregistre avant qu’un médecin le confirme/)).toBeVisible();
    await shield.click();
    await page.getByRole('button', { name: 'Voir ce qui manque' }).click();
    await expect(page.getByText('Il y manque 1 enregistrement fait ici.', { exact: false })).toBeVisible();
    await page.getByRole('button', { name: 'Confirmer la restauration' }).click();
    await expect(page.getByText('1 enregistrement de cet appareil a été rendu au coffre.')).toBeVisible();
    await expect(page.getByText('Une restauration a été confirmée · par Dr Jeanne Aubert')).toBeVisible();
    await page.getByRole('option', { name: /GARNIER Paule/ }).click();
    await expect(page.getByRole('heading', { name: 'Acquittée, puis perdue' })).toBeVisible();
    await expect(page.getByLabel('Motif')).toHaveValue('Pendant l’attente');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('heading', { name: 'Pendant l’attente' })).toBeVisible();
    await expect(page.locator('.event [data-state=copy]')).toHaveCount(2, { timeout: 20_000 });
  } finally {
    await serment.stop();
  }
});
