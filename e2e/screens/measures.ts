import { growthFiles } from '../growth-files.ts';
import { openFile } from '../steps.ts';
import { onPaper, onScreen, type Screen } from './screen.ts';

/** Measures of the demonstration's patients, and tables of invented children. */
export const measuresScreens: readonly Screen[] = [
  {
    name: 'mesures-saisie',
    open: async (page) => {
      await page.keyboard.press('Alt+p');
      await openFile(page, 'santoro');
      await page.getByRole('button', { name: 'Noter des mesures' }).click();
      const sheet = page.getByRole('dialog');
      await sheet.getByRole('textbox', { name: 'Pression artérielle' }).fill('12/8');
      await sheet.getByRole('textbox', { name: 'Poids' }).fill('684');
      await sheet.getByRole('textbox', { name: 'Taille', exact: true }).fill('1,66');
      await sheet.getByRole('textbox', { name: 'Température' }).fill('chaud');
      await sheet.getByRole('textbox', { name: 'Pouls' }).focus();
    },
  },
  {
    name: 'mesures',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Toutes les courbes' }).click();
      await page.locator('.series .chart').first().waitFor();
    },
  },
  {
    name: 'tables-refus',
    open: async (page) => {
      await page.keyboard.press('Alt+v');
      await page.getByRole('link', { name: 'Tables de référence' }).click();
      const [first] = growthFiles();
      if (first === undefined) throw new Error('There is no table');
      const cut = { ...first, buffer: first.buffer.subarray(0, 5000) };
      await page
        .getByLabel(/Croissance de 0 à 5\sans/, { exact: false })
        .locator('input[type=file]')
        .setInputFiles([cut]);
      await page.getByText('Rien n’a été chargé').waitFor();
    },
  },
  {
    name: 'tables',
    open: async (page) => {
      await page
        .getByLabel(/Croissance de 0 à 5\sans/, { exact: false })
        .locator('input[type=file]')
        .setInputFiles(growthFiles());
      await page.getByText('La table est chargée.').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'croissance',
    open: async (page) => {
      await openFile(page, 'benyahia');
      await page.getByRole('link', { name: 'Courbes de croissance' }).click();
      await page.locator('.growth-series .chart').first().waitFor();
    },
  },
  {
    name: 'croissance-papier',
    open: onPaper,
  },
  {
    name: 'dossier-enfant',
    open: async (page) => {
      await onScreen(page);
      await page.getByRole('link', { name: 'Retour au dossier' }).click();
      await page.locator('.measures-part').scrollIntoViewIfNeeded();
    },
  },
];
