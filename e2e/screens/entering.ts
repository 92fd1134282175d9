import { addAuthenticator } from '../harness/authenticator.ts';
import { beginNewcomer, creation, enrol, forgetDay, openWays, typeReference, unlock, wayRow } from '../steps.ts';
import { cast, newWindow, password, present } from './cast.ts';
import { onPaper, onScreen, type Screen } from './screen.ts';

/** From the welcome page to the ways in of a first device. */
export const enteringScreens: readonly Screen[] = [
  {
    name: 'bienvenue',
    open: (page) => page.goto('/').then(() => page.getByRole('button', { name: /Créer un cabinet/ }).waitFor()),
  },
  {
    name: 'autre-appareil',
    open: async (page) => {
      await page.getByRole('button', { name: /J’ai déjà Serment/ }).click();
      await page.getByTestId('compared-reference').waitFor();
    },
  },
  {
    name: 'autre-appareil-cle',
    open: async (page) => {
      await page.getByRole('button', { name: 'Avec une clé d’accès' }).click();
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).waitFor();
    },
  },
  {
    name: 'rejoindre',
    open: async (page) => {
      await page.getByRole('button', { name: 'Retour' }).click();
      await page.getByRole('button', { name: /Rejoindre avec une invitation/ }).click();
      await page
        .getByLabel('Lien d’invitation')
        .fill(`${new URL(page.url()).origin}/invitation#${'AbC4-x_9'.repeat(11)}`);
      await page.getByLabel('Code', { exact: true }).fill('7k3p xw9u');
      await page.getByRole('button', { name: 'Rejoindre' }).click();
      await page.getByText('Ce n’est pas un lien d’invitation entier.', { exact: false }).waitFor();
    },
  },
  {
    name: 'creation-vous',
    open: async (page) => {
      await page.getByRole('button', { name: 'Retour' }).click();
      await creation.begin(page);
    },
  },
  { name: 'creation-mot-de-passe', open: (page) => creation.describe(page, 'Cabinet des Érables') },
  { name: 'creation-kit', open: (page) => creation.choosePassword(page, password) },
  {
    name: 'creation-kit-papier',
    open: onPaper,
  },
  {
    name: 'creation-relecture',
    open: async (page) => {
      await onScreen(page);
      cast.kit = await creation.readKit(page);
      await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
    },
  },
  {
    name: 'creation-telephone',
    open: async (page) => {
      await creation.check(page);
      await page.locator('.local-code').waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'creation-application',
    open: async (page) => {
      await page.getByRole('button', { name: 'Sans SMS', exact: false }).click({ timeout: 30_000 });
      await page.locator('.secret').waitFor();
    },
  },
  {
    name: 'creation-terminee',
    open: async (page) => {
      await page.getByRole('button', { name: 'Plutôt un SMS' }).click();
      await creation.confirmPhone(page);
    },
  },
  { name: 'patients-vide', open: (page) => creation.enter(page) },
  {
    name: 'nouveau-patient',
    open: async (page) => {
      await page.getByRole('link', { name: /premier patient/ }).click();
      await page.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill('Benoît');
      await page.getByLabel('Premier prénom de naissance').fill('Suzanne');
      await page.getByLabel('Date de naissance').fill('03/05/1958');
      await page.getByLabel('Numéro de sécurité sociale').fill('2 58 05 69 123 456 10');
      await page.getByLabel('Femme').check();
      await page.getByText('La clé ne correspond pas').waitFor();
    },
  },
  {
    name: 'dossier-vide',
    open: async (page) => {
      await page.getByRole('button', { name: 'Créer le dossier' }).click();
      await page.getByText('Ce dossier est vide').waitFor();
    },
  },
  { name: 'acces', open: (page) => openWays(page) },
  {
    name: 'acces-cle',
    open: async (page) => {
      await addAuthenticator(page, { hasPrf: false });
      await page.getByRole('button', { name: 'Ajouter une clé d’accès après le mot de passe' }).click();
      await page.getByText('Clé d’accès n° 1').waitFor();
    },
  },
  {
    name: 'acces-cle-ajout',
    open: async (page) => {
      const row = wayRow(page, 'Clé d’accès');
      await row.getByRole('button', { name: 'Ajouter' }).click();
      await page.getByRole('checkbox', { name: 'Elle en ajoute aussi un nouveau', exact: false }).check();
    },
  },
  {
    name: 'ajout-appareil',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Ajouter un appareil' }).click();
      await typeReference(page, '7k3p xw9');
      await page.getByText('Le repère a 8 caractères', { exact: false }).waitFor();
    },
  },
  {
    name: 'ajout-appareil-code',
    open: async (page) => {
      cast.newcomer = await newWindow(page);
      await typeReference(page, await beginNewcomer(cast.newcomer, new URL(page.url()).origin));
      await page.getByTestId('compared-code').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'ajout-appareil-different',
    open: async (page) => {
      await page.getByRole('button', { name: 'Ils sont différents' }).click();
      await page.getByText('Les codes sont différents').waitFor();
      await present(cast.newcomer).context().close();
    },
  },
  {
    name: 'acces-nom',
    open: async (page) => {
      await page.getByRole('link', { name: 'Mes façons d’entrer' }).click();
      await page.getByRole('button', { name: 'Renommer' }).click();
      await page.getByRole('dialog').getByLabel('Nom', { exact: true }).fill('Ordinateur du cabinet');
    },
  },
  {
    name: 'acces-sessions',
    open: async (page, serment) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
      cast.second = await newWindow(page);
      await enrol(cast.second, present(cast.kit), null, serment.url);
      await page.getByRole('button', { name: 'Fermer Ordinateur Linux' }).waitFor({ timeout: 30_000 });
      await page.getByText('mieux vaut le geler').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'session-fermee',
    open: async (page) => {
      const second = present(cast.second);
      await second.getByRole('option').first().waitFor({ timeout: 20_000 });
      await openWays(second);
      await second.getByRole('button', { name: 'Fermer toutes les autres' }).click();
      await page.getByRole('heading', { name: 'La session de cet appareil a été fermée' }).waitFor();
      await second.context().close();
    },
  },
  {
    name: 'acces-application',
    open: async (page) => {
      await page.getByRole('button', { name: 'Déverrouiller' }).click();
      await unlock(page, password);
      const row = wayRow(page, 'Application d’authentification');
      await row.getByRole('button', { name: 'Ajouter' }).click();
      await page.locator('.secret').waitFor();
    },
  },
  {
    name: 'acces-hors-ligne',
    open: async (page) => {
      await page.keyboard.press('Escape');
      const row = wayRow(page, 'Mot de passe hors ligne');
      await row.getByRole('button', { name: 'Activer' }).click();
      await page.getByRole('dialog').getByLabel('Mot de passe', { exact: true }).fill(password);
    },
  },
  {
    name: 'acces-pin',
    open: async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Activer' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 30_000 });
      await page.getByRole('button', { name: 'Choisir' }).click();
      await page.getByLabel('Six chiffres').fill('271828');
    },
  },
  {
    name: 'verrouille-pin',
    open: async (page) => {
      await page.getByLabel('Une seconde fois').fill('271828');
      await page.getByRole('dialog').getByRole('button', { name: 'Choisir' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Alt+l');
      await page.getByLabel('Code PIN').waitFor();
    },
  },
  {
    name: 'verrouille-hors-ligne',
    open: async (page) => {
      await page.context().setOffline(true);
      await page.getByRole('button', { name: 'Ouvrir hors ligne' }).waitFor();
    },
  },
  {
    name: 'second-facteur-cle',
    open: async (page) => {
      await page.context().setOffline(false);
      await forgetDay(page);
      await page.getByRole('button', { name: 'Réessayer en ligne' }).click();
      await unlock(page, password);
      await page.getByRole('button', { name: 'Donner la clé d’accès' }).waitFor();
    },
  },
  {
    name: 'second-facteur',
    open: async (page) => {
      await page.getByRole('button', { name: /Recevoir un SMS/ }).click();
      await page.getByLabel('Code à six chiffres').waitFor();
    },
  },
];
