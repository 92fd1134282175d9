import { clearSiteData, join, unlock } from '../steps.ts';
import { cast, password, present } from './cast.ts';
import type { Screen } from './screen.ts';

/** The lock, whom a browser serves, and a desk that it becomes. */
export const frontDeskScreens: readonly Screen[] = [
  {
    name: 'verrouille',
    open: async (page) => {
      await page.keyboard.press('Alt+l');
      await page.getByRole('button', { name: 'Déverrouiller' }).waitFor();
    },
  },
  {
    name: 'mot-de-passe-faux',
    open: async (page) => {
      await unlock(page, 'ce n’est pas lui');
      await page.getByText('Ce n’est pas le bon mot de passe.').waitFor();
    },
  },
  {
    name: 'qui-travaille',
    open: async (page) => {
      await page.getByRole('button', { name: 'Changer de personne' }).click();
      await page.getByRole('heading', { name: 'Qui travaille ici ?' }).waitFor();
    },
  },
  {
    name: 'retirer-personne',
    open: async (page) => {
      await page.locator('.person').last().click();
      await page.getByRole('button', { name: 'Retirer cette personne de ce navigateur' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'enrolement',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Ouvrir avec le kit' }).click();
      await page.getByRole('textbox', { name: 'Kit de secours' }).fill('3WJ5Q-0X2AB-77KMT');
    },
  },
  {
    name: 'deposer',
    open: async (page) => {
      await join(page, present(cast.desk), password);
      await page.getByRole('option', { name: /BENOÎT/ }).click();
      await page.getByRole('button', { name: 'Déposer un document ou un message' }).click();
      await page.getByRole('textbox', { name: 'Message' }).fill('A laissé un courrier de la caisse.');
    },
  },
  {
    name: 'dossier-accueil',
    open: async (page) => {
      await page.getByRole('button', { name: 'Déposer', exact: true }).click();
      await page.locator('.deposit [data-state=copy]').first().waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'depots-accueil',
    open: async (page) => {
      await page
        .getByRole('link', { name: /^Dépôts/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'C’est dit' }).waitFor();
    },
  },
  {
    name: 'kit-a-remplacer',
    open: async (page, serment) => {
      // An erased device: its site data is gone.
      await clearSiteData(page, serment.url);
      await page.goto(serment.url);
      await page.getByRole('button', { name: /Ajouter cet appareil/ }).click();
      await page.getByRole('textbox', { name: 'Kit de secours' }).fill(present(cast.secondKit));
      await page.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
      await page.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
      await page.getByRole('heading', { name: 'Ce kit a servi : faites-en un autre' }).waitFor({ timeout: 30_000 });
    },
  },
];
