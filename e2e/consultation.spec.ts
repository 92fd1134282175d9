import { expect, type Page } from '@playwright/test';
import { createPatient, createPractice, sealed, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const signing = (page: Page) => page.getByTestId('signing');

/** Until the field that the keyboard is in has this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < 20; count += 1) {
    const field = await page.evaluate(() =>
      document.activeElement?.closest('[data-field]')?.getAttribute('data-field'),
    );
    if (field === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not come to ${name}`);
}

/** The process of the tab ends at once, as the system ends it: nothing in it runs any more. */
async function killed(page: Page): Promise<void> {
  await sealed(page);
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  // It has no answer: who would give it is gone.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
}

test('a whole consultation is written and signed without a mouse', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Santoro', given: 'Élodie', birthDate: '12/03/1992' });
  await createPatient(page, { family: 'Autre', given: 'Patiente' });
  const { keyboard } = page;
  await keyboard.press('Control+k');
  await keyboard.type('santo');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SANTORO Élodie');
  await keyboard.press('Alt+c');
  await expect(page.getByLabel('Motif')).toBeFocused();
  await keyboard.type('Contrôle HbA1c, fatigue depuis trois semaines');
  await keyboard.press('Tab');
  await keyboard.type('Sommeil haché par le travail de nuit.');
  await tabTo(page, 'measure-bloodPressure');
  await keyboard.type('128/76');
  await tabTo(page, 'measure-weight');
  await keyboard.type('68,4');
  await tabTo(page, 'measure-height');
  await keyboard.type('1,66');
  await expect(page.getByTestId('body-mass')).toHaveText('IMC 24,8');
  await tabTo(page, 'measure-temperature');
  await keyboard.type('73');
  await expect(page.getByText('T° : valeur inhabituelle')).toBeVisible();
  await keyboard.press('Control+a');
  await keyboard.type('37.2');
  await expect(page.getByText('T° : valeur inhabituelle')).toBeHidden();
  await tabTo(page, 'diagnosis-0');
  await keyboard.type('diabete de type 2');
  await expect(page.getByRole('option', { name: /E11/ }).first()).toBeVisible();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await tabTo(page, 'conclusion');
  await keyboard.type('Diabète équilibré, rétinographie demandée.');
  await tabTo(page, 'act-0');
  await keyboard.type('Électrocardiogramme');
  await keyboard.press('Alt+g');
  await expect(signing(page)).toContainText('Signature dans');
  const note = page.locator('.event', { has: page.getByRole('heading', { name: /Diabète équilibré/ }) });
  await expect(note).toBeVisible({ timeout: 30_000 });
  await expect(note).toContainText(/signé \d\d\/\d\d\/\d{4} \d\d:\d\d/);
  for (const words of ['128/76', '68,4 kg', '166 cm', '24,8 kg/m²', '37,2 °C', 'E11', 'Électrocardiogramme'])
    await expect(note).toContainText(words);
  // It changes no more: an addendum completes it.
  await expect(note.getByRole('button', { name: 'Modifier', exact: true })).toHaveCount(0);
  await expect(note.getByRole('button', { name: 'Addendum' })).toHaveCount(1);
  await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
});

test('a signature is taken back, and a window that closes signs nothing and loses nothing', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Fabre', given: 'Louise' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').pressSequentially('Vertiges');
  await page.getByRole('button', { name: 'Signer' }).click();
  await expect(signing(page)).toBeVisible();
  await expect(page.getByLabel('Motif')).not.toBeEditable();
  await page.locator('.edit').getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByLabel('Motif')).toBeEditable();
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges');
  await page.getByRole('button', { name: 'Signer' }).click();
  await expect(signing(page)).toBeVisible();
  await page.reload();
  await unlock(page, password);
  await expect(page.getByLabel('Motif')).toHaveValue('Vertiges', { timeout: 20_000 });
  // No signature goes on: the words can be changed, and the note is the draft alone.
  await expect(page.getByLabel('Motif')).toBeEditable();
  await expect(signing(page)).toHaveCount(0);
  await expect(page.locator('.event')).toHaveCount(0);
});

test('an unsigned consultation is changed whole, and what is taken out of it is told no more', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Roy', given: 'Camille', birthDate: '02/02/1980' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').fill('Toux');
  await page.getByLabel('Poids').fill('70');
  await page.getByLabel('Pouls').fill('80');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const note = page.locator('.event', { has: page.getByRole('heading', { name: 'Toux' }) });
  await expect(note).toContainText('70 kg');
  await expect(note).toContainText('non signée');
  await note.getByRole('button', { name: 'Modifier', exact: true }).click();
  await expect(page.getByLabel('Poids')).toHaveValue('70');
  await page.getByLabel('Poids').fill('71,5');
  await page.getByLabel('Pouls').fill('');
  await page.getByLabel('Conclusion').fill('Rhinite.');
  await page.keyboard.press('Control+Enter');
  const changed = page.locator('.event', { has: page.getByRole('heading', { name: 'Rhinite' }) });
  await expect(changed).toContainText('71,5 kg');
  await expect(changed).not.toContainText('Pouls');
  // The next one says how far it is from this one.
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Poids').fill('72,7');
  await expect(page.locator('.measure-moved')).toContainText('+1,2');
  await page.getByLabel('Pouls').fill('abc');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('rien n’est enregistré')).toBeVisible();
});

test('a second patient stands over the first, who is named, and Escape goes back to the caret', async ({ page }) => {
  await createPractice(page, password);
  for (const family of ['Premier', 'Second', 'Tiers']) await createPatient(page, { family, given: 'Anne' });
  const { keyboard } = page;
  const open = async (name: string) => {
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Chercher un patient ou une action' }).fill(name);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(new RegExp(`^${name}`, 'i'));
  };
  const bar = page.getByRole('region', { name: 'En attente' });
  await open('premier');
  await keyboard.press('Alt+c');
  await page.getByLabel('Histoire').pressSequentially('Depuis deux jours');
  for (let step = 0; step < 'deux jours'.length; step += 1) await keyboard.press('ArrowLeft');
  await open('second');
  await expect(bar).toContainText('PREMIER Anne');
  await expect(bar).toContainText('consultation en attente depuis');
  await keyboard.press('Alt+c');
  await page.getByLabel('Motif').pressSequentially('Appel');
  await open('tiers');
  await expect(bar).toContainText('SECOND Anne');
  await expect(bar).toContainText('PREMIER Anne');
  // It stays named through a reload and a lock.
  await page.reload();
  await unlock(page, password);
  await expect(bar).toContainText('PREMIER Anne', { timeout: 20_000 });
  await keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SECOND Anne');
  await expect(page.getByLabel('Motif')).toBeFocused();
  await expect(page.getByLabel('Motif')).toHaveValue('Appel');
  await keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('PREMIER Anne');
  await expect(page.getByLabel('Histoire')).toBeFocused();
  await keyboard.type('environ ');
  await expect(page.getByLabel('Histoire')).toHaveValue('Depuis environ deux jours');
  // A signature goes on over another patient, and can be taken back from there.
  await keyboard.press('Alt+g');
  await expect(signing(page)).toBeVisible();
  await bar.getByRole('button', { name: 'SECOND Anne' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SECOND Anne');
  await bar.getByRole('button', { name: 'Annuler' }).click();
  await open('premier');
  await expect(page.getByLabel('Histoire')).toHaveValue('Depuis environ deux jours');
  await expect(page.getByLabel('Histoire')).toBeEditable();
});

test('a page that is gone at once loses no word, and two windows write about two patients', async ({
  page,
  context,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Gauche', given: 'Ève' });
  const left = page.url();
  await createPatient(page, { family: 'Droite', given: 'Ève' });
  const second = await context.newPage();
  await second.goto(left);
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('GAUCHE Ève');
  await page.keyboard.press('Alt+c');
  await second.keyboard.press('Alt+c');
  await page.getByLabel('Motif').pressSequentially('À droite');
  await second.getByLabel('Motif').pressSequentially('À gauche');
  await second.getByLabel('Poids').pressSequentially('61,5');
  await expect(page.getByLabel('Motif')).toHaveValue('À droite');
  await sealed(second);
  // Nothing of the page is asked before it is gone.
  await second.close({ runBeforeUnload: false });
  const third = await context.newPage();
  await third.goto(left);
  await expect(third.getByLabel('Motif')).toHaveValue('À gauche', { timeout: 20_000 });
  await expect(third.getByLabel('Poids')).toHaveValue('61,5');
  await third.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(third.getByRole('heading', { name: 'À gauche' })).toBeVisible();
  await expect(page.getByLabel('Motif')).toHaveValue('À droite');
  await expect(page.getByTestId('last-save')).not.toContainText('GAUCHE');
});

test('two windows that write the same note lose no word of either', async ({ page, context }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Double', given: 'Ève' });
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('DOUBLE Ève');
  for (const window of [page, second]) {
    await window.keyboard.press('Alt+c');
    await expect(window.getByLabel('Motif')).toHaveValue('');
  }
  for (const [window, text] of [
    [page, 'De la première'],
    [second, 'De la seconde'],
  ] as const) {
    await window.getByLabel('Motif').pressSequentially(text);
    await sealed(window);
  }
  const third = await context.newPage();
  await third.goto(page.url());
  await expect(third.getByLabel('Motif')).toHaveCount(2);
  const read = await third.getByLabel('Motif').evaluateAll((fields) => fields.map((one) => Reflect.get(one, 'value')));
  expect(read.toSorted()).toEqual(['De la première', 'De la seconde']);
});

test('a tab that is killed in the middle of a note loses no word of it, nor does the next tab', async ({
  page,
  context,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Panne', given: 'Luc' });
  const address = page.url();
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').pressSequentially('Douleur thoracique');
  await page.getByLabel('Histoire').pressSequentially('Depuis ce matin, à l’effort');
  await killed(page);
  await page.close();

  const next = await context.newPage();
  await next.goto(address);
  // What held the keys has gone with the tab.
  await unlock(next, password);
  await expect(next.getByLabel('Motif')).toHaveValue('Douleur thoracique', { timeout: 20_000 });
  await expect(next.getByLabel('Histoire')).toHaveValue('Depuis ce matin, à l’effort');
  // The next tab writes on, and is killed as well.
  await next.getByLabel('Histoire').press('End');
  await next.getByLabel('Histoire').pressSequentially(', sans fièvre');
  await killed(next);
  await next.close();

  const last = await context.newPage();
  await last.goto(address);
  await unlock(last, password);
  await expect(last.getByLabel('Histoire')).toHaveValue('Depuis ce matin, à l’effort, sans fièvre', {
    timeout: 20_000,
  });
  await last.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(last.locator('.event', { has: last.getByRole('heading', { name: 'Douleur thoracique' }) })).toHaveCount(
    1,
  );
});

test('a template is kept, used, taken back, removed and brought back', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Modèle', given: 'Paul' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').fill('Renouvellement');
  await page.getByLabel('TA', { exact: true }).fill('120/80');
  await page.keyboard.press('Alt+t');
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Nom du modèle').fill('Suivi de tension');
  await sheet.getByRole('button', { name: 'Garder cette consultation comme modèle' }).click();
  await expect(sheet.getByRole('button', { name: 'Utiliser Suivi de tension' })).toBeVisible();
  await sheet.getByRole('button', { name: 'Retirer' }).click();
  await expect(sheet.getByRole('button', { name: 'Utiliser Suivi de tension' })).toBeHidden();
  await sheet.getByRole('button', { name: 'Annuler le retrait' }).click();
  await expect(sheet.getByRole('button', { name: 'Utiliser Suivi de tension' })).toBeVisible();
  await sheet.getByRole('button', { name: 'Historique' }).click();
  await expect(page.locator('.history-version')).toHaveCount(3);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await createPatient(page, { family: 'Autre', given: 'Paule' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').fill('Toux');
  await page.keyboard.press('Alt+t');
  await sheet.getByRole('button', { name: 'Utiliser Suivi de tension' }).click();
  await expect(page.getByLabel('Motif')).toHaveValue('Toux\nRenouvellement');
  // No value goes from one patient to another.
  await expect(page.getByLabel('TA', { exact: true })).toHaveValue('');
  await page.getByRole('button', { name: 'Annuler le modèle' }).click();
  await expect(page.getByLabel('Motif')).toHaveValue('Toux');
});

test('a private note stands beside its consultation, and is found as it was being written', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Secret', given: 'Luce' });
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').fill('Fatigue');
  await page.getByRole('button', { name: 'Note privée' }).click();
  await page.getByLabel('Note privée lue par vous seul').pressSequentially('Penser à l’entourage');
  await sealed(page.locator('.private-note'));
  await page.reload();
  await unlock(page, password);
  await expect(page.getByLabel('Note privée lue par vous seul')).toHaveValue('Penser à l’entourage', {
    timeout: 20_000,
  });
  await page.getByRole('button', { name: 'Garder la note privée' }).click();
  await expect(page.getByTestId('private-note')).toContainText('Penser à l’entourage');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.event').getByTestId('private-note')).toContainText('Penser à l’entourage');
});
