import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

export const timelineScreens: readonly Screen[] = [
  {
    name: 'chronologie-mots',
    open: async (page) => {
      await openFile(page, 'santoro elodie', /SANTORO Élodie/);
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
