import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

export const travelScreens: readonly Screen[] = [
  {
    name: 'passe',
    open: async (page) => {
      await openFile(page, 'santoro elodie', /SANTORO Élodie/);
      await page.getByRole('link', { name: 'Remonter le temps' }).click();
      await page.locator('.travel-stripe').waitFor();
      await page.locator('.differences').getByRole('checkbox').first().check();
    },
  },
  {
    name: 'mauvais-dossier',
    open: async (page) => {
      await page.getByRole('link', { name: 'Revenir au dossier d’aujourd’hui' }).click();
      await page.getByRole('button', { name: 'Mauvais dossier' }).first().click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  },
];
