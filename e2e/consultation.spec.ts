import { expect, type Page } from '@playwright/test';
import { createPatient, createPractice, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const signing = (page: Page) => page.getByTestId('signing');

/** Until the field that the keyboard is in has this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < 20; count += 1) {
    const field = await page.evaluate(() =>
      document.activeElement?.closest('[data-field]')?.getAttribute('data-field'),
    );
    if (field === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not come to ${name}`);
}

test('a whole consultation is written and signed without a mouse', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Santoro', given: 'Élodie', birthDate: '12/03/1992' });
  await createPatient(page, { family: 'Autre', given: 'Patiente' });
  const { keyboard } = page;
  await keyboard.press('Control+k');
  await keyboard.type('santo');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SANTORO Élodie');
  await keyboard.press('Alt+c');
  await expect(page.getByLabel('Motif')).toBeFocused();
  await keyboard.type('Contrôle HbA1c, fatigue depuis trois semaines');
  await keyboard.press('Tab');
  await keyboard.type('Sommeil haché par le travail de nuit.');
  await tabTo(page, 'measure-bloodPressure');
  await keyboard.type('128/76');
  await tabTo(page, 'measure-weight');
  await keyboard.type('68,4');
  await tabTo(page, 'measure-height');
  await keyboard.type('1,66');
  await expect(page.getByTestId('body-mass')).toHaveText('IMC 24,8');
  await tabTo(page, 'measure-temperature');
  await keyboard.type('73');
  await expect(page.getByText('T° : valeur inhabituelle')).toBeVisible();
  await keyboard.press('Control+a');
  await keyboard.type('37.2');
  await expect(page.getByText('T° : valeur inhabituelle')).toBeHidden();
  await tabTo(page, 'diagnosis-0');
  await keyboard.type('diabete de type 2');
  await expect(page.getByRole('option', { name: /E11/ }).first()).toBeVisible();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await tabTo(page, 'conclusion');
  await keyboard.type('Diabète équilibré, rétinographie demandée.');
  await tabTo(page, 'act-0');
  await keyboard.type('Électrocardiogramme');
  await keyboard.press('Alt+g');
  await expect(signing(page)).toContainText('Signature dans');
  const note = page.locator('.event', { has: page.getByRole('heading', { name: /Diabète équilibré/ }) });
  await expect(note).toBeVisible({ timeout: 30_000 });
  await expect(note).toContainText(/signé \d\d\/\d\d\/\d{4} \d\d:\d\d/);
  for (const words of ['128/76', '68,4 kg', '166 cm', '24,8 kg/m²', '37,2 °C', 'E11', 'Électrocardiogramme'])
    await expect(note).toContainText(words);
  // It changes no more: an addendum completes it.
  await expect(note.getByRole('button', { name: 'Modifier' })).toHaveCount(0);
  await expect(note.getByRole('button', { name: 'Addendum' })).toHaveCount(1);
  await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
});

test('a signature is taken back, and a window that closes signs nothing and loses nothing', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Fabre', given: 'Louise' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').pressSequentially('Vertiges');
  await page.getByRole('button', { name: 'Signer' }).click();
  await expect(signing(page)).toBeVisible();
  await expect(page.getByLabel('Motif')).not.toBeEditable();
  await page.locator('.edit').getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByLabel('Motif')).toBeEditable();
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges');
  await page.getByRole('button', { name: 'Signer' }).click();
  await expect(signing(page)).toBeVisible();
  await page.reload();
  await unlock(page, password);
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges', { timeout: 20_000 });
  await expect(page.locator('.event')).toHaveCount(0);
});

test('an unsigned consultation is changed whole, and what is taken out of it is told no more', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Roy', given: 'Camille', birthDate: '02/02/1980' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').fill('Toux');
  await page.getByLabel('Poids').fill('70');
  await page.getByLabel('Pouls').fill('80');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const note = page.locator('.event', { has: page.getByRole('heading', { name: 'Toux' }) });
  await expect(note).toContainText('70 kg');
  await expect(note).toContainText('non signée');
  await note.getByRole('button', { name: 'Modifier' }).click();
  await expect(page.getByLabel('Poids')).toHaveValue('70');
  await page.getByLabel('Poids').fill('71,5');
  await page.getByLabel('Pouls').fill('');
  await page.getByLabel('Conclusion').fill('Rhinite.');
  await page.keyboard.press('Control+Enter');
  const changed = page.locator('.event', { has: page.getByRole('heading', { name: 'Rhinite' }) });
  await expect(changed).toContainText('71,5 kg');
  await expect(changed).not.toContainText('Pouls');
  // The next one says how far it is from this one.
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Poids').fill('72,7');
  await expect(page.locator('.measure-moved')).toContainText('+1,2');
  await page.getByLabel('Pouls').fill('abc');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('rien n’est enregistré')).toBeVisible();
});
