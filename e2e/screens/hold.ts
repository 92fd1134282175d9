import { openMembers, typeLocalCode } from '../steps.ts';
import type { Screen } from './screen.ts';

/** A device that reads all files where the practice holds such devices, and its person who lets it go. */
export const holdScreens: readonly Screen[] = [
  {
    name: 'retenue-choix',
    open: async (page) => {
      await openMembers(page);
      const choice = page.getByRole('region', { name: 'Activité inhabituelle' });
      await choice.getByRole('button', { name: 'Retenir ces appareils' }).click();
      await choice.getByRole('button', { name: 'Ne plus les retenir' }).waitFor();
      await choice.scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'retenue-barre',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('lombalgie');
      await page.getByRole('option', { name: 'Chercher « lombalgie » dans tous les dossiers' }).click();
      await page.getByRole('button', { name: 'Lire tous les dossiers' }).click();
      await page.getByText('Cet appareil est retenu.').waitFor({ timeout: 120_000 });
    },
  },
  {
    name: 'retenue',
    open: async (page) => {
      await page.getByRole('link', { name: 'Que faire' }).click();
      await page.getByRole('heading', { name: 'Cet appareil est retenu' }).waitFor();
    },
  },
  {
    name: 'retenue-facteur',
    open: async (page) => {
      await page.getByRole('button', { name: /^Le dire ici/ }).click();
      await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration');
      await page.getByRole('button', { name: 'Continuer' }).click();
      await page.locator('.local-code').waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'retenue-reprise',
    open: async (page) => {
      await typeLocalCode(page);
      await page.getByRole('heading', { name: 'Cet appareil n’est pas retenu' }).waitFor({ timeout: 30_000 });
    },
  },
];
