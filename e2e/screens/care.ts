import type { Page } from '@playwright/test';
import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

async function edit(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: words, exact: true }).click();
  await page.locator('.care-form input').first().waitFor();
}

/** The lists of a file of the demonstration, and its vaccines. */
export const careScreens: readonly Screen[] = [
  {
    name: 'problemes',
    open: async (page) => {
      await page.keyboard.press('Alt+p');
      await openFile(page, 'santoro');
      await edit(page, 'Modifier les problèmes');
    },
  },
  {
    name: 'allergies',
    open: async (page) => {
      await page.getByRole('button', { name: 'Fermer' }).click();
      await edit(page, 'Modifier les allergies');
    },
  },
  {
    name: 'vaccin-saisie',
    open: async (page) => {
      await page.getByRole('button', { name: 'Fermer' }).click();
      await edit(page, 'Modifier les vaccins');
    },
  },
  {
    name: 'vaccins',
    open: async (page) => {
      await page.getByRole('button', { name: 'Fermer' }).click();
      await page.getByRole('link', { name: 'Carnet de vaccination' }).click();
      await page.locator('.vaccines-table').waitFor();
    },
  },
];
