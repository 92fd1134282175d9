import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { inviteMember } from '@serment/replica/invitation';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { makePractice } from './harness/made-practice.ts';
import { createPatient, join, openFile, writeNote } from './steps.ts';
import { installed as test } from './watched.ts';

/** A file that a doctor's window shows, and a colleague's at `otherUrl`, in a browser of its own. */
async function openByTwo({ page, browser, url, otherUrl = url }: TwoPlaces): Promise<TwoDoctors> {
  const { practice } = await makePractice(url);
  const invite = async (family: string, given: string, at: string) => {
    const name = { family, given, prefix: 'Dr' };
    const { linkText, code } = await inviteMember(practice, { role: 'doctor', name, term: null });
    return { link: `${at}/invitation#${linkText}`, code };
  };
  await join(page, await invite('Lambert', 'Sophie', url), 'un mot de passe assez long');
  await createPatient(page, { family: 'Garnier', given: 'Paule' });
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const other = await context.newPage();
  await join(other, await invite('Renard', 'Paul', otherUrl), 'un autre mot de passe long');
  await other
    .getByRole('option', { name: /GARNIER/ })
    .first()
    .click();
  await expect(other.getByText('Ce dossier est vide')).toBeVisible({ timeout: 20_000 });
  return { other, context };
}

interface TwoPlaces {
  readonly page: Page;
  readonly browser: Browser;
  readonly url: string;
  readonly otherUrl?: string;
}

interface TwoDoctors {
  readonly other: Page;
  readonly context: BrowserContext;
}

test('two doctors on one file see each other’s notes, lose nothing of a form, and choose between two versions', async ({
  page,
  browser,
  serment,
}) => {
  test.setTimeout(150_000);
  const { other, context } = await openByTwo({ page, browser, url: serment.url });
  try {
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
      window.getByRole('region', { name: 'À savoir' }).getByRole('link', { name: /^GARNIER Paule\s: deux versions/ });
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

test('a doctor sees that a colleague has the file open, writes in it, and is gone; never oneself, and nothing without the line', async ({
  page,
  context,
  browser,
  serment,
}) => {
  test.setTimeout(200_000);
  const line = await startLine(serment.url);
  const { other, context: theirs } = await openByTwo({ page, browser, url: serment.url, otherUrl: line.url });
  const presence = (window: Page) => window.locator('.presence');
  const soon = { timeout: 10_000 };
  try {
    // A beat that came before its key was granted is heard with the next one, half a minute later.
    await expect(presence(other)).toHaveText('Dr Sophie Lambert a ce dossier ouvert', { timeout: 40_000 });
    await expect(presence(page)).toHaveText('Dr Paul Renard a ce dossier ouvert', soon);
    await expect(presence(page)).toHaveRole('status');
    await expectAccessible(page);

    await other.getByRole('button', { name: 'Consultation', exact: true }).click();
    await other.getByLabel('Motif').pressSequentially('Douleur du mollet');
    await expect(presence(page)).toHaveText('Dr Paul Renard écrit une consultation', soon);
    await other.keyboard.press('Control+Enter');
    await expect(presence(page)).toHaveText('Dr Paul Renard a ce dossier ouvert', soon);

    // Another file is not this one, and another window of one's own tells nothing of oneself.
    await createPatient(other, { family: 'Perrin', given: 'Odile' });
    await expect(presence(page)).toHaveText('', soon);
    const second = await context.newPage();
    await second.goto(page.url());
    await second.getByRole('heading', { name: /GARNIER/ }).waitFor();
    await second.close();
    await expect(presence(other)).toHaveText('');
    await openFile(other, 'garnier', /GARNIER/);
    await expect(presence(page)).toHaveText('Dr Paul Renard a ce dossier ouvert', soon);
    await expect(presence(other)).toHaveText('Dr Sophie Lambert a ce dossier ouvert', soon);

    // Who is cut off is told nothing, and is seen no more; both come back with the line.
    line.cut();
    await expect(presence(other)).toHaveText('', { timeout: 60_000 });
    await expect(presence(page)).toHaveText('', soon);
    line.mend();
    await expect(presence(page)).toHaveText('Dr Paul Renard a ce dossier ouvert', { timeout: 40_000 });
    await expect(presence(other)).toHaveText('Dr Sophie Lambert a ce dossier ouvert', soon);

    // A browser that ends without a word.
    await theirs.close();
    await expect(presence(page)).toHaveText('', soon);
  } finally {
    await theirs.close();
    await line.stop();
  }
});
