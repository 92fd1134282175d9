import type { Page } from '@playwright/test';
import { addAuthenticator } from './harness/authenticator.ts';
import type { Serment } from './harness/serment.ts';
import { careScreens } from './screens/care.ts';
import { consultationScreens } from './screens/consultation.ts';
import { identityScreens } from './screens/identity.ts';
import { inboxScreens } from './screens/inbox.ts';
import { measuresScreens } from './screens/measures.ts';
import { searchScreens } from './screens/search.ts';
import { timelineScreens } from './screens/timeline.ts';
import { todayScreens } from './screens/today.ts';
import { travelScreens } from './screens/travel.ts';
import {
  beginNewcomer,
  clearSiteData,
  creation,
  enrol,
  enterAsOperator,
  forgetDay,
  type Invited,
  invite,
  join,
  openDemo,
  openMembers,
  openWays,
  typeLocalCode,
  typeReference,
  unlock,
  wayRow,
} from './steps.ts';

/** A screen to picture. They are opened in order in one browser: each may count on what those before it did. */
export type Screen = { readonly name: string; open(page: Page, serment: Serment): Promise<void> };

const password = 'quatre tilleuls au printemps';

/** Whom the screens before made, and what they read, for those that follow. */
interface Cast {
  screenSize: ReturnType<Page['viewportSize']>;
  /** Of the member that is pictured, and the second one. */
  kit: string | null;
  secondKit: string | null;
  /** Another device of the member that is pictured. */
  second: Page | null;
  /** A browser that the pictured one is about to add. */
  newcomer: Page | null;
  /** Whose browser stops the one that is pictured. */
  colleague: Page | null;
  /** A doctor who keeps a file from the one that is pictured. */
  otherDoctor: Page | null;
  /** For a desk that the pictured browser becomes at the end. */
  desk: Invited | null;
}

const nobody: Cast = {
  ...{ screenSize: null, kit: null, secondKit: null, second: null, newcomer: null },
  ...{ colleague: null, otherDoctor: null, desk: null },
};
let cast: Cast = { ...nobody };

/** Screens that are gone through in one browser, at an installation of their own. */
export interface Story {
  readonly name: string;
  readonly screens: readonly Screen[];
  begin(page: Page): Promise<void>;
}

/** From their beginning, once for each look: nothing that another look left is taken for one's own. */
export function tellStories(): readonly Story[] {
  cast = { ...nobody };
  const subjects = { today: todayScreens, search: searchScreens, timeline: timelineScreens, travel: travelScreens };
  const notes = { measures: measuresScreens, consultation: consultationScreens, care: careScreens };
  const others = { identity: identityScreens, inbox: inboxScreens };
  const inDemonstration = Object.entries({ ...subjects, ...notes, ...others });
  return [
    { name: 'a practice', screens, begin: async () => undefined },
    ...inDemonstration.map(([name, told]) => ({ name, screens: told, begin: openDemo })),
  ];
}

/** What a screen before made. Throws where it did not. */
function present<Value>(one: Value | null): Value {
  if (one === null) throw new Error('A screen before this one did not make what it needs');
  return one;
}

/** A window of somebody else's browser. */
async function newWindow(page: Page): Promise<Page> {
  const context = await present(page.context().browser()).newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  return context.newPage();
}

/** A desk, on its list of patients, deposits a message. */
async function deposit(page: Page, text: string): Promise<void> {
  await page.getByRole('option', { name: /BENOÎT/ }).click();
  await page.getByRole('button', { name: 'Déposer un document ou un message' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Déposer', exact: true }).click();
}

const ofSophie = (page: Page) => page.getByRole('region', { name: 'Sophie Lambert' });

async function openSuzanne(page: Page): Promise<void> {
  await page.keyboard.press('Alt+p');
  await page.getByRole('option', { name: /BENOÎT/ }).click();
  await unfoldSummary(page);
}

/** On a phone, what counts now is folded. */
async function unfoldSummary(page: Page): Promise<void> {
  await page.locator('.summary').waitFor();
  const folded = page.locator('.summary details:not([open]) > summary');
  if ((await folded.count()) > 0) await folded.click();
}

const screens: readonly Screen[] = [
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
    // What the printer gets, on a page of A4 whatever the screen.
    name: 'creation-kit-papier',
    open: async (page) => {
      cast.screenSize = page.viewportSize();
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.emulateMedia({ media: 'print' });
    },
  },
  {
    name: 'creation-relecture',
    open: async (page) => {
      await page.emulateMedia({ media: 'screen' });
      await page.setViewportSize(present(cast.screenSize));
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
      const row = wayRow(page, 'Mot de passe sans serveur');
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
      await page.getByRole('button', { name: 'Réessayer avec le serveur' }).click();
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
  {
    name: 'inviter',
    open: async (page) => {
      await typeLocalCode(page);
      await page.getByRole('heading', { name: 'Mes façons d’entrer' }).waitFor();
      await openMembers(page);
      await page.getByRole('link', { name: 'Inviter quelqu’un' }).click();
      await page.getByLabel('Prénom').fill('Hugo');
      await page.getByLabel('Nom', { exact: true }).fill('Morel');
      await page.getByRole('radio', { name: /^Remplaçant/ }).check();
      await page.getByLabel('Premier jour').fill('20/12/2036');
      await page.getByLabel('Dernier jour').fill('31/12/2036');
    },
  },
  {
    name: 'invitation',
    open: async (page) => {
      await page.getByRole('button', { name: 'Faire l’invitation' }).click();
      await page.getByTestId('invitation-code').waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'membres',
    open: async (page) => {
      const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
      cast.colleague = await newWindow(page);
      await join(cast.colleague, invited, password);
      await openMembers(page);
      await ofSophie(page)
        .getByRole('button', { name: /^Geler/ })
        .waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'membres-dates',
    open: async (page) => {
      await page.getByRole('button', { name: 'Fixer des dates' }).click();
      await page.getByLabel('Dernier jour').fill('31/02/2037');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('Ce jour n’existe pas.', { exact: false }).waitFor();
    },
  },
  {
    name: 'membres-revocation',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await ofSophie(page)
        .getByRole('button', { name: /^Révoquer/ })
        .click();
      await page.getByText('a pu être gardé', { exact: false }).waitFor();
    },
  },
  {
    name: 'depots-vide',
    open: async (page) => {
      await page.keyboard.press('Escape');
      cast.desk = await invite(page, { given: 'Inès', family: 'Roux', role: 'Accueil' });
      await page
        .getByRole('link', { name: /^À classer/ })
        .first()
        .click();
      await page.getByText('Rien n’attend.').waitFor();
    },
  },
  {
    name: 'depots',
    open: async (page) => {
      await deposit(present(cast.colleague), 'A rappelé : la toux persiste depuis lundi.');
      await page.getByText('la toux persiste', { exact: false }).waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'depot-classer',
    open: async (page) => {
      await page.getByRole('button', { name: 'Classer…' }).click();
      await page.getByRole('textbox', { name: 'À dire au patient' }).fill('Venir demain à 9 h, sans rendez-vous.');
    },
  },
  {
    name: 'depot-classe',
    open: async (page) => {
      await page.getByRole('button', { name: /^Classer dans le dossier/ }).click();
      await page.getByText('Le dépôt est classé', { exact: false }).waitFor();
    },
  },
  {
    name: 'membres-depart',
    open: async (page) => {
      await openMembers(page);
      const colleague = present(cast.colleague);
      await colleague.keyboard.press('Alt+n');
      await colleague.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill('Vasseur');
      await colleague.getByLabel('Premier prénom de naissance').fill('Lise');
      await colleague.getByText(/Brouillon gardé/).waitFor();
      await ofSophie(page).getByRole('link', { name: 'Départ' }).click();
      await page.getByText('VASSEUR Lise').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'membres-depart-repris',
    open: async (page) => {
      await page.getByRole('button', { name: 'Reprendre le brouillon de VASSEUR Lise' }).click();
      await page.getByText('Un brouillon est à vous désormais').waitFor();
    },
  },
  {
    name: 'nouveau-patient-repris',
    open: async (page) => {
      await page.getByRole('link', { name: 'VASSEUR Lise' }).click();
      await page.getByText('Repris de Sophie Lambert', { exact: false }).waitFor();
    },
  },
  {
    name: 'dossier-restreindre',
    open: async (page) => {
      const invited = await invite(page, { given: 'Paul', family: 'Renard', role: 'Médecin' });
      cast.otherDoctor = await newWindow(page);
      await join(cast.otherDoctor, invited, password);
      await cast.otherDoctor.getByRole('option', { name: /BENOÎT/ }).click({ timeout: 20_000 });
      await openSuzanne(page);
      await page.getByRole('button', { name: 'Restreindre…' }).click();
      await page.getByRole('radio', { name: 'Seulement les personnes cochées' }).check();
      await page.getByRole('checkbox', { name: /Renard/ }).check();
    },
  },
  {
    name: 'dossier-restreint',
    open: async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText(/^Dossier restreint à/).waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'dossier-restreint-porte',
    open: async (page) => {
      const otherDoctor = present(cast.otherDoctor);
      await otherDoctor.getByText(/^Dossier restreint à/).waitFor({ timeout: 20_000 });
      await otherDoctor.getByRole('button', { name: 'Changer', exact: true }).click();
      await otherDoctor.getByRole('checkbox', { name: /Aubert/ }).uncheck();
      await otherDoctor.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('Dossier restreint', { exact: true }).waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'dossier-restreint-motif',
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Motif' }).fill('Vue en garde, allergies à vérifier');
      await page.getByRole('button', { name: 'Signer ce motif et ouvrir' }).click();
      await unfoldSummary(page);
      await page.getByText('Ouvert avec un motif par', { exact: false }).waitFor({ timeout: 20_000 });
      await present(cast.otherDoctor).context().close();
    },
  },
  {
    name: 'coffre-membres',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Alt+v');
      await page.getByRole('heading', { name: 'Qui peut entrer' }).waitFor();
    },
  },
  {
    name: 'kit-second',
    open: async (page) => {
      await page.getByRole('link', { name: 'Faire un second kit' }).click();
      cast.secondKit = await creation.readKit(page);
    },
  },
  {
    name: 'kit-second-relecture',
    open: async (page) => {
      await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
      await creation.typeGroups(page);
    },
  },
  {
    name: 'kit-en-service',
    open: async (page) => {
      await page.getByRole('button', { name: 'Vérifier et mettre en service' }).click();
      await page.getByRole('heading', { name: /est en service/ }).waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'kit-remplacer',
    open: async (page) => {
      await page.getByRole('button', { name: 'Revenir au coffre' }).click();
      await page
        .getByRole('link', { name: /^Remplacer le kit/ })
        .first()
        .click();
      await creation.readKit(page);
    },
  },
  {
    name: 'kit-remplacer-papier',
    open: async (page) => {
      cast.screenSize = page.viewportSize();
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.emulateMedia({ media: 'print' });
    },
  },
  {
    name: 'kit-retirer',
    open: async (page) => {
      await page.emulateMedia({ media: 'screen' });
      await page.setViewportSize(present(cast.screenSize));
      await page.getByRole('button', { name: 'Plus tard' }).click();
      await page
        .getByRole('button', { name: /^Retirer le kit/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'kit-ayant-servi',
    open: async (page) => {
      await page.keyboard.press('Escape');
      const bare = await newWindow(page);
      await enrol(bare, present(cast.secondKit), null, new URL(page.url()).origin);
      await page
        .getByText(/ a servi \(/)
        .last()
        .waitFor({ timeout: 20_000 });
      await bare.context().close();
    },
  },
  {
    name: 'appareil-gele',
    open: async (page) => {
      const colleague = present(cast.colleague);
      await openMembers(colleague);
      await colleague.getByRole('button', { name: 'Geler Ordinateur du cabinet' }).click();
      await page.getByRole('heading', { name: 'Cet appareil a été gelé' }).waitFor({ timeout: 40_000 });
      await colleague.context().close();
    },
  },
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
      await page.getByRole('listbox').waitFor({ timeout: 90_000 });
      await page.getByRole('option').nth(4).waitFor();
    },
  },
  {
    name: 'patients-recherche',
    open: async (page) => {
      await page.getByRole('combobox').fill('mar');
      await page.getByText(/patients trouvés/).waitFor();
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
      await page.getByRole('button', { name: 'Enrôler cet appareil' }).click();
      await page.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
      await page.getByRole('heading', { name: 'Ce kit a servi : faites-en un autre' }).waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'console-entree',
    open: async (page) => {
      await page.goto('/host');
      await page.getByRole('button', { name: 'J’ai un code d’enrôlement' }).waitFor();
    },
  },
  {
    name: 'console-enrolement',
    open: async (page, serment) => {
      const code = await serment.addOperator('Camille Roux');
      await page.goto(`/host#${code}`);
      await page.getByRole('button', { name: 'Continuer' }).click();
      await page.getByRole('button', { name: 'Un mot de passe et une application' }).click();
      await page.locator('.secret').waitFor();
    },
  },
  {
    name: 'console',
    open: async (page, serment) => {
      await page.goto('/host');
      await page.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
      await enterAsOperator(page, await serment.addOperator('Camille Roux'));
    },
  },
  {
    name: 'console-acte',
    open: async (page) => {
      await page
        .getByRole('button', { name: /^Fermer les sessions/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'navigateur-ancien',
    open: async (page) => {
      await page.addInitScript(() => Reflect.deleteProperty(JSON, 'rawJSON'));
      await page.goto('/');
      await page.getByRole('heading', { name: 'Ce navigateur est trop ancien' }).waitFor();
    },
  },
];
