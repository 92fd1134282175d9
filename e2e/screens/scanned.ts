import { expect, type Page } from '@playwright/test';
import { printSheets, scanOf } from '../scanned-pile.ts';
import { createPatient, createPractice } from '../steps.ts';
import { onPaper, onScreen, type Screen } from './screen.ts';

/** A practice with a patient of a short name, and one of a long name. */
export async function beginScanned(page: Page): Promise<void> {
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Santoro', given: 'Élodie', birthDate: '12/03/1992' });
  await createPatient(page, {
    family: 'Delarochefoucauld-Montmorency',
    given: 'Marie-Antoinette',
    birthDate: '01/02/1950',
  });
}

/** Sheets that are printed, and the pile that they cut. */
export const scannedScreens: readonly Screen[] = [
  {
    name: 'feuilles',
    open: async (page) => {
      await printSheets(page, ['Santoro', 'Delaroche']);
      await page.getByLabel('Genre de document pour').first().selectOption('biology');
      await page.getByRole('button', { name: 'Patient à choisir' }).click();
      await page.getByRole('button', { name: 'Nouveau document, même patient' }).click();
      await expect(page.getByRole('button', { name: 'Imprimer 4 feuilles' })).toBeEnabled();
    },
  },
  {
    name: 'feuilles-papier',
    open: async (page) => {
      await onPaper(page);
      await page.locator('.sheet-paper').first().waitFor();
    },
  },
  {
    name: 'lot-ajouter',
    open: async (page) => {
      await onScreen(page);
      await page
        .getByRole('link', { name: /^À classer/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Ajouter un lot numérisé' }).click();
      await page.getByTestId('batch-files').waitFor({ state: 'attached' });
    },
  },
  {
    name: 'lot-numerise',
    open: async (page) => {
      await page.keyboard.press('Escape');
      const [first, second] = await printSheets(page, ['Santoro', 'Delaroche']);
      const buffer = await scanOf(page, [
        { words: 'Une page sans feuille' },
        { picture: first, degrees: 2 },
        { words: 'Compte rendu, page 1' },
        { words: '' },
        { words: 'Compte rendu, page 2' },
        { picture: second, degrees: 181 },
        { words: 'Analyses' },
      ]);
      await page
        .getByRole('link', { name: /^À classer/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Ajouter un lot numérisé' }).click();
      await page.getByTestId('batch-files').setInputFiles({ name: 'pile.pdf', mimeType: 'application/pdf', buffer });
      await page.getByRole('region', { name: 'Document 3' }).waitFor({ timeout: 120_000 });
    },
  },
];
