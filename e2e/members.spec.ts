import { type Browser, expect, type Page } from '@playwright/test';
import type { Role } from '@serment/core/journal/body';
import { inviteMember } from '@serment/replica/invitation';
import { setTerm } from '@serment/replica/members';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { makePractice } from './harness/made-practice.ts';
import {
  answerInvitation,
  createPatient,
  createPractice,
  invite,
  join,
  openMembers,
  readInvitation,
  sealed,
  unlock,
  writeNote,
} from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const newPassword = 'un tout autre mot de passe';
const ownPassword = 'trois merles sous la pluie';

/** A browser of somebody else. */
async function otherBrowser(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  return context.newPage();
}

const memberOf = (page: Page, name: string) => page.getByRole('region', { name });

test('a secretary joins, is stopped, goes on, is revoked, and joins again', async ({ page, browser, baseURL }) => {
  test.setTimeout(240_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Perrin', given: 'Odile' });
  await writeNote(page, { reason: 'Genou douloureux', conclusion: 'Gonarthrose débutante.' });
  await expect(page.getByRole('heading', { name: 'Gonarthrose débutante' })).toBeVisible();
  const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  expect(invited.link).toMatch(/\/invitation#[\w-]{92}$/);
  expect(invited.code).toMatch(/^[0-9A-Z]{4} [0-9A-Z]{4}$/);
  await page.getByRole('button', { name: 'Les deux sont transmis' }).click();
  const sophie = memberOf(page, 'Sophie Lambert');
  await expect(sophie).toContainText('Invitation en attente');

  const other = await otherBrowser(browser, baseURL);
  await other.goto(invited.link);
  await other.getByRole('heading', { name: 'Rejoindre le cabinet' }).waitFor();
  expect(new URL(other.url()).hash).toBe('');
  await join(other, invited, ownPassword);
  await other.getByRole('option', { name: /PERRIN Odile/ }).click();
  await expect(
    other.getByText('Le dossier médical n’est pas visible avec vos droits.', { exact: false }),
  ).toBeVisible();
  await expect(other.getByText('Gonarthrose')).toHaveCount(0);
  // What she may do: stop another device, and nothing that doctors decide.
  await openMembers(other);
  await expect(other.getByRole('button', { name: /^Geler/ })).toHaveCount(1);
  await expect(other.getByRole('button', { name: /^(?:Révoquer|Départ|Fixer)/ })).toHaveCount(0);
  await expect(other.getByRole('link', { name: 'Inviter quelqu’un' })).toHaveCount(0);

  await expect(sophie).toContainText('dernier dossier ouvert', { timeout: 20_000 });
  await sophie.getByRole('button', { name: /^Geler/ }).click();
  await expect(sophie).toContainText('Gelé', { timeout: 20_000 });
  await expect(other.getByRole('heading', { name: 'Cet appareil a été gelé' })).toBeVisible({ timeout: 40_000 });
  await other.getByRole('button', { name: 'Déverrouiller' }).click();
  await unlock(other, ownPassword);
  await expect(other.getByText('Cet accès a été gelé par un membre du cabinet.', { exact: false })).toBeVisible();
  await sophie.getByRole('button', { name: /^Dégeler/ }).click();
  await expect(sophie).not.toContainText('Gelé', { timeout: 20_000 });
  await unlock(other, ownPassword);
  await expect(other.getByRole('heading', { name: 'Membres et appareils' })).toBeVisible({ timeout: 20_000 });

  await sophie.getByRole('button', { name: /^Révoquer/ }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText('a pu être gardé');
  await sheet.getByRole('button', { name: 'Révoquer pour toujours' }).click();
  await expect(page.getByText('De nouvelles clés sont en place.', { exact: false })).toBeVisible({ timeout: 30_000 });
  await expect(sophie).toContainText('N’a plus de quoi entrer');
  await expect(other.getByRole('heading', { name: 'Cet appareil a été révoqué' })).toBeVisible({ timeout: 40_000 });
  await other.getByRole('button', { name: 'Déverrouiller' }).click();
  await unlock(other, ownPassword);
  await expect(other.getByText('Cet appareil n’est plus admis')).toBeVisible({ timeout: 20_000 });

  await sophie.getByRole('link', { name: 'Inviter à nouveau' }).click();
  await page.getByRole('button', { name: 'Faire l’invitation' }).click();
  await join(other, await readInvitation(page), newPassword);
  await expect(other.getByRole('option', { name: /PERRIN Odile/ }).first()).toBeVisible({ timeout: 20_000 });

  // A term that has not begun ends a session too, and lifting it lets her back.
  const first = new Date(Date.now() + 30 * 86_400_000).toLocaleDateString('fr-FR');
  await openMembers(page);
  await sophie.getByRole('button', { name: 'Fixer des dates' }).click();
  await page.getByLabel('Premier jour').fill(first);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(other.getByText(`Il commence le ${first}.`)).toBeVisible({ timeout: 40_000 });
  await other.getByRole('button', { name: 'Déverrouiller' }).click();
  await unlock(other, newPassword);
  await expect(other.getByText(`Votre accès commence le ${first}.`, { exact: false })).toBeVisible();
  await sophie.getByRole('button', { name: 'Changer les dates' }).click();
  await page.getByLabel('Premier jour').fill('');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(sophie.getByRole('button', { name: 'Changer les dates' })).toBeVisible();
  await expect(sophie).not.toContainText(first, { timeout: 20_000 });
  await unlock(other, newPassword);
  await expect(other.getByRole('option', { name: /PERRIN Odile/ }).first()).toBeVisible({ timeout: 20_000 });

  // What she was typing is the doctor's to go on with, after her departure too.
  await other.keyboard.press('Alt+n');
  await other.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill('Vasseur');
  await other.getByLabel('Premier prénom de naissance').fill('Lise');
  await expect(other.getByText(/Brouillon gardé/)).toBeVisible();
  await sophie.getByRole('link', { name: 'Départ' }).click();
  await expect(page.getByRole('heading', { name: 'Départ de Sophie Lambert' })).toBeVisible();
  await expect(page.getByText('VASSEUR Lise')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Ce qui lui était lisible a pu être gardé', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Retirer tout accès' }).click();
  await expect(page.getByText('Sophie Lambert n’a plus accès.', { exact: false })).toBeVisible({ timeout: 30_000 });
  await expect(other.getByRole('heading', { name: 'Cet appareil a été révoqué' })).toBeVisible({ timeout: 40_000 });
  await page.getByRole('link', { name: 'Membres et appareils' }).click();
  await expect(page.getByRole('heading', { name: 'N’entrent plus' })).toBeVisible();
  await sophie.getByRole('link', { name: 'Ses brouillons' }).click();
  await page.getByRole('button', { name: 'Reprendre le brouillon de VASSEUR Lise' }).click();
  await expect(page.getByText('Un brouillon est à vous désormais')).toBeVisible();
  await page.getByRole('link', { name: 'VASSEUR Lise' }).click();
  await expect(page.getByText('Repris de Sophie Lambert, brouillon du', { exact: false })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Nom de naissance', exact: true })).toHaveValue('Vasseur');
  await page.getByLabel('Femme').check();
  await page.getByRole('button', { name: 'Créer le dossier' }).click();
  await page.getByRole('button', { name: 'Consultation', exact: true }).waitFor({ timeout: 20_000 });
  await other.context().close();
});

installed(
  'a replacement ends: what was half written is taken over, what never left is told there',
  async ({ page, browser, serment }) => {
    test.setTimeout(180_000);
    const { practice } = await makePractice(serment.url);
    const inviteAs = async (role: Role, family: string, given: string) => {
      const made = await inviteMember(practice, { role, name: { family, given }, term: null });
      return { member: made.member, link: `${serment.url}/invitation#${made.linkText}`, code: made.code };
    };
    await join(page, await inviteAs('doctor', 'Renard', 'Paul'), password);
    await createPatient(page, { family: 'Garnier', given: 'Paule' });
    await createPatient(page, { family: 'Oudin', given: 'Rose' });
    const hugo = await inviteAs('substitute', 'Morel', 'Hugo');
    const line = await startLine(serment.url);
    const other = await otherBrowser(browser, line.url);
    try {
      await join(other, { ...hugo, link: hugo.link.replace(serment.url, line.url) }, ownPassword);
      await typeNote(other, /GARNIER/, 'Genou gauche douloureux\ndepuis lundi');
      await typeNote(other, /OUDIN/, 'Renouvellement');
      await openFile(page, /GARNIER/);
      await page.getByRole('button', { name: 'Consultation', exact: true }).click();
      await page.getByLabel('Motif').fill('Ma propre note');
      await sealed(page);

      // Cut off, he types on; then his replacement ends.
      line.cut();
      await other.getByLabel('Motif').fill('Renouvellement, et un vertige');
      await sealed(other);
      await practice.sync();
      await setTerm(practice, hugo.member, { from: null, until: Date.now() });
      line.mend();
      await expect(other.getByRole('heading', { name: 'Votre accès est terminé' })).toBeVisible({ timeout: 40_000 });
      await expect(other.getByText('Un brouillon n’a pas été envoyé.')).toBeVisible();
      await expect(other.getByText('ne partira que si un médecin rouvre votre accès', { exact: false })).toBeVisible();
      await expectAccessible(other);

      await openMembers(page);
      await expect(memberOf(page, 'Hugo Morel')).toContainText('Accès terminé', { timeout: 20_000 });
      await memberOf(page, 'Hugo Morel').getByRole('link', { name: 'Départ' }).click();
      await expect(page.getByText('Genou gauche douloureux')).toBeVisible();
      await expect(page.getByText('depuis lundi')).toHaveCount(0);
      await expect(page.getByText('Renouvellement', { exact: true })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Reprendre les 2 brouillons' }).click();
      await expect(page.getByText('2 brouillons sont à vous désormais')).toBeVisible({ timeout: 20_000 });
      await expect(page.getByText('Genou gauche douloureux')).toHaveCount(0);
      await page.getByRole('link', { name: 'GARNIER Paule' }).click();
      await expect(page.getByText('Repris de Hugo Morel, brouillon du', { exact: false })).toBeVisible();
      const reasons = page.getByRole('textbox', { name: 'Motif' });
      await expect(reasons).toHaveCount(2);
      const typed = await reasons.evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value).sort());
      expect(typed).toEqual(['Genou gauche douloureux\ndepuis lundi', 'Ma propre note']);
      await expectAccessible(page);
      // It is saved in the doctor's name, and nothing is left of it but the doctor's own note.
      const taken = page.getByRole('region', { name: /^Consultation, brouillon à part/ });
      await taken.getByRole('button', { name: 'Enregistrer' }).click();
      await expect(page.getByRole('heading', { name: 'Genou gauche douloureux' })).toBeVisible({ timeout: 20_000 });
      await expect(reasons).toHaveCount(1);
      await openMembers(page);
      await memberOf(page, 'Hugo Morel').getByRole('link', { name: 'Départ' }).click();
      await expect(page.getByText('Aucun brouillon en attente.')).toBeVisible({ timeout: 20_000 });

      // His access is opened again for a day: what he had typed leaves. Then it is taken away while a save of his waits.
      await setTerm(practice, hugo.member, null);
      await other.getByRole('button', { name: 'Déverrouiller' }).click();
      await unlock(other, ownPassword);
      await openFile(other, /OUDIN/);
      await expect(other.getByLabel('Motif')).toHaveValue('Renouvellement, et un vertige', { timeout: 20_000 });
      line.cut();
      await other.getByLabel('Conclusion').fill('Jamais parti.');
      await other.getByRole('button', { name: 'Enregistrer' }).click();
      await expect(other.getByRole('heading', { name: 'Jamais parti' })).toBeVisible();
      await page.getByRole('button', { name: 'Retirer tout accès' }).click();
      await expect(page.getByText('Hugo Morel n’a plus accès.', { exact: false })).toBeVisible({ timeout: 30_000 });
      line.mend();
      await expect(other.getByRole('heading', { name: 'Cet appareil a été révoqué' })).toBeVisible({ timeout: 40_000 });
      await expect(other.getByText('Un écrit n’a pas été envoyé.')).toBeVisible();
      await expect(other.getByText('rien ne partira plus d’ici, où tout reste scellé', { exact: false })).toBeVisible();
    } finally {
      await practice.lock();
      await other.context().close();
      await line.stop();
    }
  },
);

async function openFile(page: Page, name: RegExp): Promise<void> {
  await page.keyboard.press('Alt+p');
  await page.getByRole('option', { name }).first().click();
}

/** Begins a note in a file, and leaves it there. */
async function typeNote(page: Page, name: RegExp, reason: string): Promise<void> {
  await openFile(page, name);
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Motif').fill(reason);
  await sealed(page);
}

test('an invitation says what is wrong with it', async ({ page, browser, baseURL }) => {
  test.setTimeout(180_000);
  await createPractice(page, password);
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('fr-FR');
  const dates = { from: day(30), until: day(60) };
  const early = await invite(page, { given: 'Hugo', family: 'Morel', role: 'Remplaçant', dates });
  const other = await otherBrowser(browser, baseURL);
  await answerInvitation(other, early);
  await expect(other.getByText(`Votre accès commence le ${dates.from}.`, { exact: false })).toBeVisible();

  // The dates are changed, and what was told before holds.
  await openMembers(page);
  await memberOf(page, 'Hugo Morel').getByRole('button', { name: 'Changer les dates' }).click();
  await expect(page.getByLabel('Premier jour')).toHaveValue(dates.from);
  await expect(page.getByLabel('Dernier jour')).toHaveValue(dates.until);
  await page.getByLabel('Premier jour').fill(day(40));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(memberOf(page, 'Hugo Morel')).toContainText(`du ${day(40)} au ${dates.until} inclus`);
  await answerInvitation(other, early);
  await expect(other.getByText(`Votre accès commence le ${day(40)}.`, { exact: false })).toBeVisible();

  const { link, code } = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  await answerInvitation(other, { link, code: code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}` });
  await expect(other.getByText('Ce code ne va pas avec ce lien.', { exact: false })).toBeVisible();
  await answerInvitation(other, { link, code: 'UUUU' });
  await expect(other.getByText('Le code a 8 caractères', { exact: false })).toBeVisible();
  await answerInvitation(other, { link: link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A'), code });
  await expect(other.getByText('Ce lien est abîmé', { exact: false })).toBeVisible();

  await openMembers(page);
  const sophie = memberOf(page, 'Sophie Lambert');
  await sophie.getByRole('button', { name: 'Annuler l’invitation' }).click();
  await expect(sophie).toContainText('N’a plus de quoi entrer', { timeout: 30_000 });
  await answerInvitation(other, { link, code });
  await expect(other.getByText('Cette invitation a été annulée', { exact: false })).toBeVisible();
  await other.context().close();
});
