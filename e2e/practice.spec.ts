import { rename } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, creation, sealed, unlock, writeNote } from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

test('a practice is created only after its kit was read back', async ({ page }) => {
  await page.goto('/');
  await creation.begin(page);
  await creation.describe(page, 'Cabinet des Érables');
  await creation.choosePassword(page, password);
  await creation.readKit(page);
  await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
  const create = page.getByRole('button', { name: 'Vérifier et créer le cabinet' });
  await expect(create).toBeDisabled();
  for (const input of await page.getByRole('textbox', { name: /^Groupe/ }).all()) await input.fill('00000');
  await create.click();
  await expect(page.getByText(/ne correspond/)).toBeVisible();
  await creation.check(page);
  await creation.confirmPhone(page);
  await creation.enter(page);
});

installed('a saved note shows a clock, one tick, then two', async ({ page, serment }) => {
  const line = await startLine(serment.url);
  const away = `${serment.copyFolder}-away`;
  const last = page.getByTestId('last-save');
  const shows = (state: string) => expect(last.locator(`[data-state=${state}]`)).toBeVisible({ timeout: 20_000 });
  try {
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Lemaire', given: 'Agathe', birthDate: '14/02/1971' });
    await shows('copy');
    line.hold();
    await rename(serment.copyFolder, away);
    await writeNote(page, { reason: 'Toux depuis huit jours', conclusion: 'Bronchite aiguë.' });
    await shows('device');
    line.mend();
    await shows('host');
    await expect(page.locator('.event [data-state=host]')).toBeVisible();
    await rename(away, serment.copyFolder);
    await shows('copy');
    await expect(last).toContainText('LEMAIRE Agathe');
    await expect(last).toContainText(/Copié à \d\d:\d\d:\d\d/);
    await expect(page.getByRole('heading', { name: 'Bronchite aiguë' })).toBeVisible();
    await expect(page.locator('.event [data-state=copy]')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Ouvert par' })).toBeVisible();
  } finally {
    await rename(away, serment.copyFolder).catch(() => undefined);
    await line.stop();
  }
});

test('what was typed is there after a reload and a lock', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Fabre', given: 'Louise' });
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Motif').pressSequentially('Vertiges au lever');
  await sealed(page);
  await page.reload();
  await unlock(page, password);
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges au lever', { timeout: 20_000 });
  await page.getByLabel('Motif').fill('Vertiges au lever, trois fois');
  await page.keyboard.press('Alt+l');
  await unlock(page, 'pas le bon mot de passe');
  await expect(page.getByText('Ce n’est pas le bon mot de passe.')).toBeVisible();
  await unlock(page, password);
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges au lever, trois fois', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByRole('button', { name: 'Annuler l’abandon' }).click();
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges au lever, trois fois');
});

test('a note is changed, and its history says who changed what', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Roy', given: 'Camille' });
  await writeNote(page, { reason: 'Fièvre', conclusion: 'Angine virale.' });
  await page.getByRole('button', { name: 'Modifier', exact: true }).click();
  await page.getByLabel('Conclusion').fill('Angine bactérienne.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Angine bactérienne' })).toBeVisible();
  await page.getByRole('button', { name: 'Historique' }).click();
  const versions = page.locator('.history-version');
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText('Dr Jeanne Aubert');
  await expect(versions.first().locator('del').last()).toHaveText('virale');
  await expect(versions.first().locator('ins').last()).toHaveText('bactérienne');
});

test('hostile text is shown as text', async ({ page }) => {
  let dialogs = 0;
  page.on('dialog', async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  await createPractice(page, password);
  await createPatient(page, { family: '<img src=x onerror=alert(1)>', given: 'Ève\u202etxt $t(app.skip)' });
  await expect(page.getByRole('heading', { level: 1 })).toContainText(
    '<IMG SRC=X ONERROR=ALERT(1)> Ève⟦U+202E⟧txt $t(app.skip)',
  );
  await writeNote(page, {
    reason: '<script>alert(2)</script>',
    conclusion: '<b onclick="alert(3)">gras</b> & {{count}} $t(app.name)',
  });
  await expect(page.locator('.event')).toContainText('<script>alert(2)</script>');
  await expect(page.locator('.event')).toContainText('<b onclick="alert(3)">gras</b> & {{count}} $t(app.name)');
  await expect(page.getByTestId('last-save')).toContainText('<IMG SRC=X ONERROR=ALERT(1)> Ève⟦U+202E⟧txt $t(app.skip)');
  expect(await page.locator('.event script, .event b[onclick], h1 img').count()).toBe(0);
  expect(dialogs).toBe(0);
});

test('the patient that opens is the one that was typed, however fast', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Abadie', given: 'Rose' });
  await createPatient(page, { family: 'Zeller', given: 'Ines' });
  await page.keyboard.press('Alt+p');
  await page.getByRole('combobox').fill('abad');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ABADIE Rose');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Chercher un patient ou une action' }).fill('zel');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ZELLER Ines');
});

test('a look-alike and a wrong key warn, and refuse nothing', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Morin', given: 'Jeanne', birthDate: '01/04/1960' });
  await page.keyboard.press('Alt+n');
  await page.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill('morin');
  await page.getByLabel('Premier prénom de naissance').fill('Jeanne');
  await page.getByLabel('Date de naissance').fill('01/04/1960');
  await page.getByLabel('Numéro de sécurité sociale').fill('2 60 04 69 123 456 11');
  await page.getByLabel('Femme').check();
  await expect(page.getByText('Une personne de ce cabinet lui ressemble')).toBeVisible();
  await expect(page.getByText('La clé ne correspond pas')).toBeVisible();
  await page.getByRole('button', { name: 'Créer le dossier' }).click();
  await expect(page.getByText('Ce dossier est vide')).toBeVisible({ timeout: 20_000 });
});

test('a patient and a note are made, and found again, without a mouse', async ({ page }) => {
  await createPractice(page, password);
  const { keyboard } = page;
  await keyboard.press('Alt+n');
  await expect(page.getByRole('textbox', { name: 'Nom de naissance', exact: true })).toBeFocused();
  await keyboard.type('Perrin');
  await keyboard.press('Tab');
  await keyboard.type('Odile');
  for (const _ of ['usedName', 'usedGiven', 'birthDate']) await keyboard.press('Tab');
  await keyboard.type('14/02/1971');
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('PERRIN Odile');
  await keyboard.press('Alt+c');
  await expect(page.getByLabel('Motif')).toBeFocused();
  await keyboard.type('Genou douloureux');
  await keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Genou douloureux' })).toBeVisible();
  await page.getByRole('button', { name: /État du coffre/ }).focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await keyboard.press('Alt+v');
  await expect(page.getByRole('heading', { name: 'Qui peut entrer' })).toBeVisible();
  await keyboard.press('Alt+p');
  await expect(page.getByRole('combobox')).toBeFocused();
  await keyboard.type('perr');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Genou douloureux' })).toBeVisible();
});
