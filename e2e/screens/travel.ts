import type { Screen } from '../screens.ts';

export const travelScreens: readonly Screen[] = [
  {
    name: 'passe',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('santoro elodie');
      await page
        .getByRole('dialog')
        .getByRole('option', { name: /SANTORO Élodie/ })
        .first()
        .click();
      await page.locator('.summary').waitFor();
      const folded = page.locator('.summary details:not([open]) > summary');
      if ((await folded.count()) > 0) await folded.click();
      await page.getByRole('link', { name: 'Remonter le temps' }).click();
      await page.locator('.travel-stripe').waitFor();
      const boxes = page.locator('.differences').getByRole('checkbox');
      if ((await boxes.count()) > 0) await boxes.first().check();
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
