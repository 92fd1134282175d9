import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const fixture = (name: string) =>
  readFileSync(new URL(`../packages/records/test/received/fixtures/${name}`, import.meta.url));

test('results arrive, are filed by a person, read with one key, and stand in the file', async ({ page }) => {
  test.setTimeout(180_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await page.getByRole('link', { name: 'À classer' }).click();
  await expect(page.getByText('Rien n’attend.')).toBeVisible();
  const bomb = '<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument>&b;</ClinicalDocument>';
  await page.getByTestId('inbox-files').setInputFiles([
    { name: 'benoit.hpr', mimeType: 'text/plain', buffer: fixture('benoit-utf8.hpr') },
    { name: 'bombe.xml', mimeType: 'text/xml', buffer: Buffer.from(bomb) },
  ]);
  await expect(page.getByText('reçu, 5 résultats')).toBeVisible();
  await expect(page.getByText('XML à déclarations interdites', { exact: false })).toBeVisible();
  await page
    .getByTestId('inbox-files')
    .setInputFiles({ name: 'encore.hpr', mimeType: 'text/plain', buffer: fixture('benoit-utf8.hpr') });
  await expect(page.getByText('déjà reçu, il attend ici')).toBeVisible();
  await page.getByRole('button', { name: 'Masquer' }).click();

  // The most out first, before it is opened.
  await expect(page.locator('.inbox-row', { hasText: 'Laboratoire Bioalliance' })).toContainText(
    /Hémoglobine 11,2\sg\/dl.*bas.*HbA1c 7,4\s%.*élevé/,
  );
  await page.locator('.inbox-row', { hasText: 'Laboratoire Bioalliance' }).click();
  await expect(page.getByText('Identité probable')).toBeVisible();
  await expect(page.getByRole('row', { name: /HbA1c/ })).toContainText('élevé');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Rattacher à BENOÎT Suzanne' }).click();
  await expect(page.getByText('Rattaché au dossier de BENOÎT Suzanne.')).toBeVisible();
  await page.getByRole('button', { name: 'Texte reçu' }).click();
  await expect(page.locator('.original pre')).toContainText('LABORATOIRE BIOALLIANCE');
  await expectAccessible(page);
  await page.keyboard.press('Alt+u');
  await expect(page.locator('.inbox-row', { hasText: 'BENOÎT' })).toHaveCount(0);

  await page.getByRole('option', { name: /BENOÎT Suzanne/ }).click();
  const line = page.locator('.timeline .line-button', { hasText: 'Biologie' });
  await expect(line).toContainText(/vu le \d\d\/\d\d\/\d{4} par/);
  await line.click();
  await expect(page.getByRole('row', { name: /Créatinine/ })).toContainText('6,0 – 11,0');
  await expectAccessible(page);
});
