import { expect } from '@playwright/test';
import { inviteMember } from '@serment/replica/invitation';
import { makePractice } from './harness/made-practice.ts';
import { createPatient, join, writeNote } from './steps.ts';
import { test } from './watched.ts';

test('two doctors on one file see each other’s notes, lose nothing of a form, and choose between two versions', async ({
  page,
  browser,
  serment,
}) => {
  test.setTimeout(150_000);
  const { practice } = await makePractice(serment.url);
  const invite = async (family: string, given: string) => {
    const name = { family, given, prefix: 'Dr' };
    const { linkText, code } = await inviteMember(practice, { role: 'doctor', name, term: null });
    return { link: `${serment.url}/invitation#${linkText}`, code };
  };
  await join(page, await invite('Lambert', 'Sophie'), 'un mot de passe assez long');
  await createPatient(page, { family: 'Garnier', given: 'Paule' });
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  try {
    const other = await context.newPage();
    await join(other, await invite('Renard', 'Paul'), 'un autre mot de passe long');
    await other
      .getByRole('option', { name: /GARNIER/ })
      .first()
      .click();
    await expect(other.getByText('Ce dossier est vide')).toBeVisible({ timeout: 20_000 });
    await other.evaluate(() => Reflect.set(window, 'isSameLoad', true));

    // It comes by itself, beside a form that somebody is writing in.
    await other.getByRole('button', { name: 'Consultation', exact: true }).click();
    await other.getByLabel('Motif').pressSequentially('Douleur du mollet');
    await writeNote(page, { reason: 'Genou', conclusion: 'Entorse du genou.' });
    await expect(other.getByRole('heading', { name: 'Entorse du genou' })).toBeVisible({ timeout: 20_000 });
    await expect(other.getByLabel('Motif')).toHaveValue('Douleur du mollet');
    await expect(other.getByLabel('Motif')).toBeFocused();
    await other.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { name: 'Douleur du mollet' })).toBeVisible({ timeout: 20_000 });

    // Both open the same note; who saves second replaces what was on the screen, and both versions stand.
    const noteOf = (window: typeof page) =>
      window.locator('.event', { has: window.getByRole('heading', { name: 'Entorse du genou' }) });
    for (const window of [page, other])
      await noteOf(window).getByRole('button', { name: 'Modifier', exact: true }).click();
    await page.getByLabel('Conclusion').fill('Entorse bénigne du genou.');
    await other.getByLabel('Conclusion').fill('Entorse grave du genou.');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByTestId('last-save').locator('[data-state=copy]')).toBeVisible({ timeout: 20_000 });
    await expect(other.getByLabel('Conclusion')).toHaveValue('Entorse grave du genou.');
    await other.getByRole('button', { name: 'Enregistrer' }).click();
    for (const window of [page, other]) {
      const conflict = window.getByTestId('conflict');
      await expect(conflict).toBeVisible({ timeout: 20_000 });
      await expect(conflict).toContainText('Entorse bénigne du genou.');
      await expect(conflict).toContainText('Entorse grave du genou.');
    }
    expect(await other.evaluate(() => Reflect.get(window, 'isSameLoad'))).toBe(true);

    // It is told wherever one works, to both, until one of them has chosen.
    for (const window of [page, other])
      await expect(window.getByRole('link', { name: /^Aujourd’hui \(\d\)/ })).toBeVisible({ timeout: 20_000 });
    await page.getByRole('link', { name: /^Aujourd’hui/ }).click();
    const waiting = (window: typeof page) =>
      window.getByRole('region', { name: 'À savoir' }).getByRole('link', { name: /^GARNIER Paule : deux versions/ });
    await waiting(page).click();
    await page
      .locator('.side-version', { hasText: 'Entorse grave du genou.' })
      .getByRole('button', { name: 'Garder celle-ci' })
      .click();
    for (const window of [page, other]) {
      await expect(window.getByTestId('conflict')).toBeHidden({ timeout: 20_000 });
      await window.getByRole('link', { name: /^Aujourd’hui/ }).click();
      await expect(window.getByRole('heading', { name: 'Rendez-vous' })).toBeVisible();
      await expect(waiting(window)).toHaveCount(0);
    }
  } finally {
    await context.close();
  }
});
