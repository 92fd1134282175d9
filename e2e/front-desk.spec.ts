import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { leaveForFirstLayout } from './first-layout.ts';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, invite, join, openWays, sealed, unlock, wayRow, writeNote } from './steps.ts';
import { installed as test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const ownPassword = 'cinq platanes en novembre';
const doctor = /Jeanne Aubert/i;
const secretary = /Sophie Lambert/i;
const typed = 'Toux sèche depuis lundi, pas de fièvre';

test('two members of one browser: a draft begun by one is there again for that one alone', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Perrin', given: 'Odile' });
  const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Secrétaire médicale' });
  await join(page, invited, ownPassword);
  await expect(page.locator('.side-who')).toContainText(secretary, { timeout: 20_000 });
  // Who came first is still there, and locked.
  await change(page, doctor, password);
  await openFile(page);
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Motif').fill(typed);
  await sealed(page);
  const address = page.url();

  await page.keyboard.press('Alt+s');
  await expect(page.getByRole('heading', { name: 'Qui travaille ici ?' })).toBeVisible();
  await expect(page.getByText('Perrin', { exact: false })).toHaveCount(0);
  await expect(page.locator('.person')).toHaveCount(2);
  await expect(page.locator('.person', { hasText: secretary })).toContainText('Secrétaire médicale');
  await expectAccessible(page);
  await page.locator('.person', { hasText: secretary }).click();
  await expectAccessible(page);
  await unlock(page, ownPassword);
  await expect(page.locator('.side-who')).toContainText(secretary, { timeout: 20_000 });
  // Neither the address, nor what was opened lately, nor the draft is hers.
  expect(page.url()).not.toBe(address);
  await expect(page.getByText('Ouverts récemment')).toHaveCount(0);
  await expect(page.getByText('Brouillons ouverts')).toHaveCount(0);
  await openFile(page);
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await expect(page.getByLabel('Motif')).toHaveValue('');
  await page.getByLabel('Motif').fill('Rappel de vaccin');
  await sealed(page);

  const begun = Date.now();
  await change(page, doctor, password);
  test.info().annotations.push({ type: 'from one to the other, ms', description: String(Date.now() - begun) });
  await openFile(page);
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await expect(page.getByLabel('Motif')).toHaveValue(typed);
  await change(page, secretary, ownPassword);
  await openFile(page);
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await expect(page.getByLabel('Motif')).toHaveValue('Rappel de vaccin');
});

test('one of them is removed from the browser, once nothing of hers waits, and the other is not disturbed', async ({
  page,
  serment,
}) => {
  const line = await startLine(serment.url);
  try {
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Perrin', given: 'Odile' });
    const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Secrétaire médicale' });
    await join(page, invited, ownPassword);
    await openFile(page);
    line.cut();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 20_000 });
    await writeNote(page, { reason: 'Appel', conclusion: 'Rendez-vous déplacé.' });
    await expect(page.getByText(/écrits? en attente sur cet appareil/)).toBeVisible();
    await page.getByRole('button', { name: 'Consultation', exact: true }).click();
    await page.getByLabel('Motif').fill('À rappeler');
    const unsentDrafts = async () => (await keptKeys(page)).filter((key) => key.includes('/unsent-draft/')).length;
    await expect.poll(unsentDrafts).toBe(1);
    await page.keyboard.press('Alt+l');
    await page.getByRole('button', { name: 'Retirer cette personne de ce navigateur' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Retirer de ce navigateur', exact: true }).click();
    await expect(page.getByText(/écrits? de cette personne, ou traces? /)).toBeVisible();
    await page.keyboard.press('Escape');
    line.mend();
    await unlock(page, ownPassword);
    await expect(page.getByText('Rien en attente sur cet appareil')).toBeVisible({ timeout: 40_000 });
    // The trace of the file that was shown again leaves behind the note, and is no less kept.
    await expect.poll(async () => (await keptKeys(page)).filter((key) => key.includes('/outbox/'))).toEqual([]);
    await expect.poll(unsentDrafts).toBe(0);
    await page.keyboard.press('Alt+l');
    await page.getByRole('button', { name: 'Retirer cette personne de ce navigateur' }).click();
    await page.getByRole('button', { name: 'Retirer de ce navigateur', exact: true }).click();
    await expect(page.locator('.person')).toHaveCount(1);
    await page.locator('.person', { hasText: doctor }).click();
    await unlock(page, password);
    await openFile(page);
    await expect(page.getByRole('heading', { name: 'Rendez-vous déplacé' })).toBeVisible({ timeout: 20_000 });
    expect(await placesOfDevices(page)).toBe(1);
  } finally {
    await line.stop();
  }
});

test('a password opens the device with the network cut, where its member asked for it', async ({ page, serment }) => {
  const line = await startLine(serment.url);
  try {
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Perrin', given: 'Odile' });
    await writeNote(page, { reason: 'Contrôle', conclusion: 'Tension équilibrée.' });
    await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    // Not asked for: the password needs the server.
    await page.keyboard.press('Alt+l');
    line.cut();
    await unlock(page, password);
    await expect(page.getByText('L’hébergeur ne répond pas', { exact: false })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('button', { name: 'Ouvrir hors ligne' })).toHaveCount(0);
    line.mend();
    await unlock(page, password);
    await page.locator('.side-who').waitFor({ timeout: 20_000 });
    await openWays(page);
    const row = wayRow(page, 'Mot de passe hors ligne');
    await row.getByRole('button', { name: 'Activer' }).click();
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByText('le voleur peut essayer des mots de passe', { exact: false })).toBeVisible();
    await sheet.getByLabel('Mot de passe', { exact: true }).fill('ce n’est pas lui du tout');
    await sheet.getByRole('button', { name: 'Activer' }).click();
    await expect(sheet.getByText('Ce n’est pas le bon mot de passe.')).toBeVisible();
    await expectAccessible(page);
    await sheet.getByLabel('Mot de passe', { exact: true }).fill(password);
    await sheet.getByRole('button', { name: 'Activer' }).click();
    await expect(sheet).toHaveCount(0, { timeout: 30_000 });
    await expect(row.getByRole('button', { name: 'Retirer' })).toBeVisible();
    await expectAccessible(page);

    await page.keyboard.press('Alt+l');
    // As long as the server answers, nothing of it is offered.
    await expect(page.getByRole('button', { name: 'Ouvrir hors ligne' })).toHaveCount(0);
    line.cut();
    await unlock(page, password);
    await expect(page.getByText('Votre mot de passe ouvre aussi cet appareil', { exact: false })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel('Mot de passe', { exact: true }).fill('ce n’est pas lui du tout');
    await page.getByRole('button', { name: 'Ouvrir hors ligne' }).click();
    await expect(page.getByText('Ce n’est pas le bon mot de passe.')).toBeVisible({ timeout: 30_000 });
    await page.getByLabel('Mot de passe', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Ouvrir hors ligne' }).click();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Alt+l');
    const desk = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await unlock(page, password);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Ouvrir hors ligne' }).click();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page);
    if (desk !== null) await page.setViewportSize(desk);
    await openFile(page);
    await expect(page.getByRole('heading', { name: 'Tension équilibrée' })).toBeVisible();
    await writeNote(page, { reason: 'Visite', conclusion: 'Plaie de jambe propre.' });
    line.mend();
    await expect(page.getByText('Rien en attente sur cet appareil')).toBeVisible({ timeout: 40_000 });

    await openWays(page);
    await row.getByRole('button', { name: 'Retirer' }).click();
    await expect(row.getByRole('button', { name: 'Activer' })).toBeVisible();
    await page.keyboard.press('Alt+l');
    line.cut();
    await unlock(page, password);
    await expect(page.getByText('L’hébergeur ne répond pas', { exact: false })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('button', { name: 'Ouvrir hors ligne' })).toHaveCount(0);
  } finally {
    await line.stop();
  }
});

test('a browser of the first layout keeps its member, what was read, what was typed and what waits', async ({
  page,
  serment,
}) => {
  const line = await startLine(serment.url);
  try {
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Perrin', given: 'Odile' });
    await writeNote(page, { reason: 'Contrôle', conclusion: 'Tension équilibrée.' });
    await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    line.cut();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 20_000 });
    await writeNote(page, { reason: 'Visite', conclusion: 'Plaie de jambe propre.' });
    await expect(page.getByText(/écrits? en attente sur cet appareil/)).toBeVisible();
    await page.getByRole('button', { name: 'Consultation', exact: true }).click();
    await page.getByLabel('Motif').fill(typed);
    await sealed(page);
    await page.keyboard.press('Alt+l');
    line.mend();
    const moved = await leaveForFirstLayout(page, `${line.url}/`);
    expect(moved).toBeGreaterThan(3);

    await page.goto(line.url);
    await expect(page.getByRole('heading', { name: 'Cabinet des Érables' })).toBeVisible();
    await unlock(page, password);
    await openFile(page);
    await expect(page.getByRole('heading', { name: 'Plaie de jambe propre' })).toBeVisible({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Consultation', exact: true }).click();
    await expect(page.getByLabel('Motif')).toHaveValue(typed);
    await expect(page.getByText('Rien en attente sur cet appareil')).toBeVisible({ timeout: 40_000 });
    expect(await placesOfDevices(page)).toBe(1);
    await page.keyboard.press('Alt+l');
    await expect(page.locator('.lock-who')).toContainText(doctor);
  } finally {
    await line.stop();
  }
});

/** Locks whoever is in, and unlocks somebody else. */
async function change(page: Page, who: RegExp, with_: string): Promise<void> {
  await page.keyboard.press('Alt+s');
  await page.locator('.person', { hasText: who }).click();
  await unlock(page, with_);
  await expect(page.locator('.side-who')).toContainText(who, { timeout: 20_000 });
}

async function openFile(page: Page): Promise<void> {
  await page
    .getByRole('option', { name: /PERRIN Odile/ })
    .first()
    .click({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Consultation', exact: true }).waitFor({ timeout: 20_000 });
}

/** How many devices this browser's cache holds something of; what else it held would be lost, or nobody's. */
async function placesOfDevices(page: Page): Promise<number> {
  return new Set((await keptKeys(page)).map((key) => key.split('/').slice(0, 2).join('/'))).size;
}

function keptKeys(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const opened = indexedDB.open('serment');
    await new Promise((resolve) => opened.addEventListener('success', resolve, { once: true }));
    const keys = opened.result.transaction('cache').objectStore('cache').getAllKeys();
    await new Promise((resolve) => keys.addEventListener('success', resolve, { once: true }));
    opened.result.close();
    return keys.result.map(String);
  });
}
