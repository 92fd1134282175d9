import type { Screen } from './screen.ts';

export const todayScreens: readonly Screen[] = [
  {
    name: 'aujourdhui',
    open: async (page) => {
      await page.keyboard.press('Alt+j');
      await page.waitForURL('**/aujourdhui');
      await page.getByRole('region', { name: 'À voir' }).getByRole('link').first().waitFor();
      await page.getByText('Lecture…').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'aujourdhui-recherche',
    open: async (page) => {
      await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill('mar');
      await page.getByText(/patients trouvés/).waitFor();
    },
  },
];
