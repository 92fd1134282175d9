import { expect, type Page } from '@playwright/test';
import { inviteMember } from '@serment/replica/invitation';
import { expectAccessible } from './accessible.ts';
import { makePractice, settle } from './harness/made-practice.ts';
import { createPatient, join, writeNote } from './steps.ts';
import { test } from './watched.ts';

test('a file kept for one doctor opens for another with a reason, which both see', async ({
  page,
  browser,
  serment,
}) => {
  test.setTimeout(120_000);
  const { practice } = await makePractice(serment.url);
  const invite = async (family: string, given: string) => {
    const { linkText, code } = await inviteMember(practice, {
      role: 'doctor',
      name: { family, given, prefix: 'Dr' },
      term: null,
    });
    return { link: `${serment.url}/invitation#${linkText}`, code };
  };
  await join(page, await invite('Lambert', 'Sophie'), 'un mot de passe assez long');
  await createPatient(page, { family: 'Garnier', given: 'Paule' });
  await writeNote(page, { reason: 'Confidence', conclusion: 'Ne regarde personne d’autre.' });
  await settle(practice);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const other = await context.newPage();
  await join(other, await invite('Renard', 'Paul'), 'un autre mot de passe long');
  await other.getByRole('option', { name: /GARNIER/ }).click();
  await expect(other.getByRole('heading', { name: 'Ne regarde personne d’autre' })).toBeVisible({ timeout: 20_000 });

  await restrictToSelf(page);
  await expect(page.getByText('Dossier restreint à Dr Sophie Lambert')).toBeVisible();
  // It closes under the eyes of who is not named.
  await expect(other.getByText('Dossier restreint', { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(other.getByText('Ne regarde personne d’autre')).toHaveCount(0);
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Signer ce motif et ouvrir' }).click();
  await expect(other.getByText('Dites pourquoi, en quelques mots.')).toBeVisible();
  await other.getByRole('textbox', { name: 'Motif' }).fill('Vue en garde, allergies à vérifier');
  await other.getByRole('button', { name: 'Signer ce motif et ouvrir' }).click();
  await expect(other.getByRole('heading', { name: 'Ne regarde personne d’autre' })).toBeVisible({ timeout: 20_000 });

  await expect(page.getByText('Vue en garde, allergies à vérifier')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/Ouvert avec un motif par Dr Paul Renard/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Refermer à ceux qui ne sont pas nommés' }).click();
  await expect(other.getByText('Dossier restreint', { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Alt+v');
  await expect(
    page.getByText(
      /Un dossier restreint a été ouvert avec un motif · .*GARNIER Paule · «\sVue en garde.* · par Dr Paul Renard/,
    ),
  ).toBeVisible();
  await practice.lock();
  await context.close();
});

async function restrictToSelf(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Restreindre…' }).click();
  await page.getByRole('radio', { name: 'Seulement les personnes cochées' }).check();
  const self = page.getByRole('checkbox', { name: /Dr Sophie Lambert/ });
  await expect(self).toBeChecked();
  await self.uncheck();
  await page.getByRole('button', { name: 'Enregistrer' }).last().click();
  await expect(page.getByText('Cochez au moins une personne.')).toBeVisible();
  await self.check();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Enregistrer' }).last().click();
}
