import { toPatients } from '../steps.ts';
import type { Screen } from './screen.ts';

/** The demonstration, which the browser that was frozen opens beside its practice. */
export const demonstrationScreens: readonly Screen[] = [
  {
    name: 'demonstration',
    open: async (page) => {
      await page.getByRole('button', { name: 'Déverrouiller' }).click();
      await page.getByRole('button', { name: 'Ajouter une personne, ou un autre cabinet' }).click();
      await page.getByRole('button', { name: /démonstration/ }).click();
      await page.getByText(/patients sur/).waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'patients',
    open: async (page) => {
      await toPatients(page);
      await page.getByRole('listbox').waitFor({ timeout: 90_000 });
      await page.getByRole('option').nth(4).waitFor();
    },
  },
  {
    name: 'patients-recherche',
    open: async (page) => {
      await page.getByRole('combobox').fill('mar');
      await page.getByText(/^\d{1,3}\spatients trouvés/).waitFor();
    },
  },
  {
    name: 'dossier',
    open: async (page) => {
      await page.getByRole('combobox').fill('santoro');
      await page.getByText('1 patient trouvé').waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('Diabète équilibré, rétinographie demandée').waitFor();
    },
  },
  {
    name: 'consultation',
    open: async (page) => {
      await page.getByRole('button', { name: 'Consultation', exact: true }).click();
      await page.getByLabel('Motif').fill('Contrôle HbA1c, fatigue depuis trois semaines');
      await page
        .getByLabel('Histoire')
        .fill(
          'Sommeil haché par le travail de nuit. Pas d’hypoglycémie ressentie. Observance correcte, oublie parfois la prise du soir.',
        );
      await page.getByTestId('draft-state').waitFor();
    },
  },
  {
    name: 'dossier-enregistre',
    open: async (page) => {
      await page.getByLabel('Conclusion').fill('Diabète moins bien équilibré. À revoir dans trois mois.');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.locator('[data-testid=last-save] [data-state=copy]').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'historique',
    open: async (page) => {
      await page.getByRole('button', { name: 'Modifier', exact: true }).first().click();
      await page.getByLabel('Conclusion').fill('Diabète moins bien équilibré que cet été. À revoir dans six semaines.');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('heading', { name: 'Diabète moins bien équilibré que cet été' }).waitFor();
      await page.locator('.event [data-state=copy]').first().waitFor({ timeout: 20_000 });
      await page.getByRole('button', { name: 'Historique' }).first().click();
      await page.locator('.history-version').nth(1).waitFor();
    },
  },
  {
    name: 'palette',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('benya');
      await page
        .getByRole('option', { name: /BENYAHIA/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'raccourcis',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('?');
      await page.getByRole('heading', { name: 'Raccourcis' }).waitFor();
    },
  },
  {
    name: 'bouclier',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /État du coffre/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'coffre',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Alt+v');
      await page.getByRole('heading', { name: 'Qui peut entrer' }).waitFor();
    },
  },
  {
    name: 'coffre-essai',
    open: async (page) => {
      await page.getByRole('button', { name: /^Vérifier maintenant/ }).click();
      await page.getByText(/Restauration en cours/).waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'coffre-essais',
    open: async (page) => {
      await page.getByText('Sans différence', { exact: true }).waitFor({ timeout: 90_000 });
      await page.getByRole('heading', { name: 'Restaurations d’essai' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'hebergeur',
    open: async (page) => {
      await page.getByRole('link', { name: 'Voir comme l’hébergeur' }).click();
      await page
        .getByRole('link', { name: /SANTORO/ })
        .last()
        .click();
      await page.getByText('Contenu, scellé').first().waitFor();
    },
  },
];
