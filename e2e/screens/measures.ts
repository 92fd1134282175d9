import type { Page } from '@playwright/test';
import { growthFiles } from '../growth-files.ts';
import type { Screen } from '../screens.ts';

let screenSize: ReturnType<Page['viewportSize']> = null;

/** A patient by name, from anywhere. */
async function open(page: Page, name: RegExp, typed: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.locator('dialog.palette');
  await palette.getByRole('combobox').fill(typed);
  await palette.getByRole('option', { name }).first().click();
  await page.locator('.summary').waitFor();
  const folded = page.locator('.summary details:not([open]) > summary');
  if ((await folded.count()) > 0) await folded.click();
}

/** Measures of the demonstration's patients, and tables of invented children. */
export const measuresScreens: readonly Screen[] = [
  {
    name: 'mesures-saisie',
    open: async (page) => {
      await page.keyboard.press('Alt+p');
      await open(page, /SANTORO/, 'santoro');
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
      if (first === undefined) return;
      const cut = { ...first, buffer: first.buffer.subarray(0, 5000) };
      await page
        .getByLabel(/Croissance de 0 à 5 ans/, { exact: false })
        .locator('input[type=file]')
        .setInputFiles([cut]);
      await page.getByText('Rien n’a été chargé').waitFor();
    },
  },
  {
    name: 'tables',
    open: async (page) => {
      await page
        .getByLabel(/Croissance de 0 à 5 ans/, { exact: false })
        .locator('input[type=file]')
        .setInputFiles(growthFiles());
      await page.getByText('La table est chargée.').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'croissance',
    open: async (page) => {
      await open(page, /BENYAHIA/, 'benyahia');
      await page.getByRole('link', { name: 'Courbes de croissance' }).click();
      await page.locator('.growth-series .chart').first().waitFor();
    },
  },
  {
    // What the printer gets, on a page of A4 whatever the screen.
    name: 'croissance-papier',
    open: async (page) => {
      screenSize = page.viewportSize();
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.emulateMedia({ media: 'print' });
    },
  },
  {
    name: 'dossier-enfant',
    open: async (page) => {
      await page.emulateMedia({ media: 'screen' });
      if (screenSize !== null) await page.setViewportSize(screenSize);
      await page.getByRole('link', { name: 'Retour au dossier' }).click();
      await page.locator('.measures-part').scrollIntoViewIfNeeded();
    },
  },
];
