import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

/** The demonstration as it is read in English. */
export const englishScreens: readonly Screen[] = [
  {
    name: 'english-file',
    open: async (page) => {
      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await page.getByRole('menuitem', { name: 'English' }).click();
      await openFile(page, 'santoro elodie', /SANTORO Élodie/);
      await page.getByText('Diabète équilibré, rétinographie demandée').waitFor();
    },
  },
  {
    name: 'english-consultation',
    open: async (page) => {
      await page.getByRole('button', { name: 'Consultation', exact: true }).click();
      await page.getByLabel('Reason').fill('Contrôle HbA1c');
    },
  },
  {
    name: 'english-today',
    open: async (page) => {
      await page.keyboard.press('Alt+j');
      await page.waitForURL('**/aujourdhui');
      await page.getByRole('region', { name: 'To see to' }).getByRole('link').first().waitFor();
    },
  },
  {
    name: 'english-vault',
    open: async (page) => {
      await page.keyboard.press('Alt+v');
      await page.getByRole('heading', { name: 'Who can enter' }).waitFor();
    },
  },
  {
    name: 'english-members',
    open: async (page) => {
      await page.getByRole('link', { name: 'Members and devices' }).first().click();
      await page.getByRole('heading', { name: 'Members and devices' }).waitFor();
    },
  },
  {
    name: 'english-ways',
    open: async (page) => {
      await page.keyboard.press('Alt+v');
      await page.getByRole('link', { name: 'My ways in' }).click();
      await page.getByRole('heading', { name: 'On this device' }).waitFor();
    },
  },
];
