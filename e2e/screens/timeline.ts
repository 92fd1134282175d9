import type { Page } from '@playwright/test';
import type { Screen } from '../screens.ts';

async function openPatient(page: Page, query: string, name: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(query);
  await page.getByRole('dialog').getByRole('option', { name }).first().click();
  await page.locator('.event').first().waitFor();
}

export const timelineScreens: readonly Screen[] = [
  {
    name: 'chronologie-mots',
    open: async (page) => {
      await openPatient(page, 'santoro elodie', /SANTORO Élodie/);
      await page.keyboard.press('Alt+f');
      await page.keyboard.type('diabete');
      await page.locator('.event mark').first().waitFor();
    },
  },
  {
    name: 'chronologie-rien',
    open: async (page) => {
      await page.getByLabel('Ce qui est montré').selectOption('vaccines');
      await page.getByText('Rien dans ce dossier ne correspond à ce choix.').waitFor();
    },
  },
];
