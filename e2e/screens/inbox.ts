import type { Screen } from './screen.ts';

/** What arrived in the demonstration, one of each kind. */
export const inboxScreens: readonly Screen[] = [
  {
    name: 'a-classer',
    open: async (page) => {
      await page.keyboard.press('Alt+p');
      await page
        .getByRole('link', { name: /^À classer/ })
        .first()
        .click();
      await page.locator('.inbox-row').nth(3).waitFor();
      // Of the first, where there is room beside the list.
      await page.getByText('Lecture de ce qui attend…').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'a-classer-a-lire',
    open: async (page) => {
      await page.locator('.inbox-row', { hasText: 'SANTORO' }).click();
      await page.getByRole('row', { name: /HbA1c/ }).waitFor();
    },
  },
  {
    name: 'a-classer-sans-patient',
    open: async (page) => {
      const back = page.getByRole('button', { name: 'Retour à la liste' });
      if (await back.isVisible()) await back.click();
      await page.locator('.inbox-row', { hasText: 'Sans patient' }).first().click();
      await page.getByRole('region', { name: 'De quel patient ?' }).waitFor();
    },
  },
];
