import type { Screen } from './screen.ts';

export const searchScreens: readonly Screen[] = [
  {
    name: 'recherche-rien',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('lombalgie');
      await page.getByRole('option', { name: 'Chercher « lombalgie » dans tous les dossiers' }).click();
      await page.getByRole('button', { name: 'Lire tous les dossiers' }).waitFor();
    },
  },
  {
    name: 'recherche',
    open: async (page) => {
      await page.getByRole('button', { name: 'Lire tous les dossiers' }).click();
      await page.getByText('textes peuvent être trouvés').waitFor({ timeout: 120_000 });
      await page.locator('.search-list mark').first().waitFor();
    },
  },
];
