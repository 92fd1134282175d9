import type { Page } from '@playwright/test';
import { creation, enrol, invite, join, openMembers, typeLocalCode, unfoldSummary } from '../steps.ts';
import { cast, newWindow, password, present } from './cast.ts';
import { onPaper, onScreen, type Screen } from './screen.ts';

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

/** Members of a practice, what they give each other, and its kits. */
export const practiceScreens: readonly Screen[] = [
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
    name: 'dossier-presence',
    open: async (page) => {
      const invited = await invite(page, { given: 'Paul', family: 'Renard', role: 'Médecin' });
      const otherDoctor = await newWindow(page);
      cast.otherDoctor = otherDoctor;
      await join(otherDoctor, invited, password);
      await otherDoctor.getByRole('option', { name: /BENOÎT/ }).click({ timeout: 20_000 });
      await openSuzanne(page);
      await otherDoctor.getByRole('button', { name: 'Consultation', exact: true }).click();
      await otherDoctor.getByLabel('Motif').fill('Renouvellement');
      await page.getByText('Dr Paul Renard écrit une consultation').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'dossier-restreindre',
    open: async (page) => {
      const otherDoctor = present(cast.otherDoctor);
      await otherDoctor.getByRole('button', { name: 'Abandonner', exact: true }).click();
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
    name: 'remonter-cabinet',
    open: async (page) => {
      await page.getByRole('link', { name: 'Remonter le temps' }).click();
      const by = page.getByLabel('Ce qui a été écrit par');
      await by.selectOption({
        label: (await by.locator('option', { hasText: 'tous ses appareils' }).first().textContent()) ?? '',
      });
      await page.getByRole('button', { name: 'Regarder' }).click();
      await page.getByRole('heading', { name: 'Ce qui serait autrement' }).waitFor({ timeout: 20_000 });
      await page.getByRole('button', { name: /^Voir/ }).first().click();
      await page.locator('.rewind-details li').first().waitFor();
    },
  },
  {
    name: 'kit-second',
    open: async (page) => {
      await page.getByRole('link', { name: 'Mon coffre' }).first().click();
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
    open: onPaper,
  },
  {
    name: 'kit-retirer',
    open: async (page) => {
      await onScreen(page);
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
];
