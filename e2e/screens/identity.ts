import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

/** Who a patient is, and which records are one person's, in the demonstration. */
export const identityScreens: readonly Screen[] = [
  {
    name: 'identite',
    open: async (page) => {
      await openFile(page, 'santoro');
      await page.getByRole('link', { name: 'Identité', exact: true }).click();
      await page.getByLabel('Nom de naissance', { exact: true }).waitFor();
    },
  },
  {
    name: 'identite-trait-strict',
    open: async (page) => {
      await page.getByLabel('Date de naissance').fill('03/1992');
      await page.getByText('redeviendra provisoire', { exact: false }).waitFor();
      await page.getByText('redeviendra provisoire', { exact: false }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'identite-personnes',
    open: async (page) => {
      await page.getByRole('button', { name: 'Ajouter une personne' }).click();
      await page.getByLabel('Nom', { exact: true }).fill('Marc Santoro');
      await page.getByLabel('Rôle').selectOption('trusted');
      await page.getByRole('button', { name: 'Enregistrer l’identité' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'identite-droits',
    open: async (page) => {
      await page.getByRole('button', { name: 'ALD et alertes', exact: true }).click();
      await page.getByText('Mutuelle des Érables', { exact: false }).waitFor();
    },
  },
  {
    name: 'identite-ald',
    open: async (page) => {
      await page.getByRole('button', { name: 'Modifier les ALD', exact: true }).click();
      await page.getByRole('dialog').getByText('protocole du', { exact: false }).waitFor();
    },
  },
  {
    name: 'identite-couverture',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Modifier la couverture', exact: true }).click();
      const sheet = page.getByRole('dialog');
      await sheet.getByLabel('N° de sécurité sociale de l’assuré').fill('2 92 03 69 092 123 00');
      await sheet.getByText('La clé ne correspond pas', { exact: false }).waitFor();
    },
  },
  {
    name: 'identite-consentements',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Modifier les consentements', exact: true }).click();
      await page.getByRole('dialog').getByText('accepté le', { exact: false }).first().waitFor();
    },
  },
  {
    name: 'identite-proches',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Ajouter un proche suivi au cabinet' }).click();
      await page.getByLabel('Quel est son dossier ?').fill('le goff');
      await page
        .locator('.patient-choice')
        .getByRole('button', { name: /LE GOFF/ })
        .first()
        .waitFor();
      await page.getByLabel('Quel est son dossier ?').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'dossier-droits',
    open: async (page) => {
      await page.getByRole('button', { name: 'Abandonner' }).click();
      await page.locator('.banner').waitFor();
      await openFile(page, 'rousseau');
      await page.locator('.banner').getByText('à renouveler', { exact: false }).waitFor();
      await page.getByRole('heading', { name: 'Proches suivis au cabinet' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'doublons',
    open: async (page) => {
      await page.locator('.banner').waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('doublons');
      await page.getByRole('option', { name: 'Doublons possibles' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Comparer de nouveau' }).waitFor();
    },
  },
  {
    name: 'doublons-comparer',
    open: async (page) => {
      await openFile(page, 'santoro');
      await page.getByRole('link', { name: 'Identité', exact: true }).click();
      await page.getByRole('button', { name: 'Réunir avec un autre dossier…' }).click();
      await page.getByRole('textbox', { name: 'Quel autre dossier', exact: false }).fill('benyahia');
      await page
        .locator('.patient-choice')
        .getByRole('button', { name: /BENYAHIA/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Continuer avec celui-ci' }).first().waitFor();
    },
  },
  {
    name: 'doublons-reunis',
    open: async (page) => {
      await page.getByRole('button', { name: 'Continuer avec celui-ci' }).first().click();
      await page.getByText('Réunis dans le dossier de', { exact: false }).waitFor();
    },
  },
  {
    name: 'dossier-reuni',
    open: async (page) => {
      await page.getByRole('link', { name: 'Ouvrir', exact: true }).click();
      await page.locator('.banner').getByRole('button', { name: 'Séparer' }).waitFor();
    },
  },
  {
    name: 'dossier-separe',
    open: async (page) => {
      await page.locator('.banner').getByRole('button', { name: 'Séparer' }).click();
      await page.locator('.merge-facts').waitFor({ state: 'detached' });
    },
  },
];
