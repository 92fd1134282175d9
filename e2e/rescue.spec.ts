import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, expect, type Page } from '@playwright/test';
import { reader } from '../tools/test/reader/reader.ts';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, writeNote } from './steps.ts';
import { test } from './watched.ts';

const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202etxt.exe';
const dayMs = 86_400_000;

async function openRescue(page: Page): Promise<void> {
  await page.keyboard.press('Alt+v');
  const section = page.getByRole('region', { name: 'Copie de secours' });
  await section.getByRole('link', { name: /^(Préparer|Voir)$/ }).click();
  await page.getByRole('heading', { name: 'Copie de secours', level: 1 }).waitFor();
}

/** The passphrase as it is shown. */
async function readPhrase(page: Page): Promise<string> {
  const groups = page.locator('.rescue-phrase .kit-groups li');
  await groups.first().waitFor();
  return (await groups.allInnerTexts()).map((group) => group.replace(/^\d\s*/, '').trim()).join('-');
}

async function typeGroup(page: Page, phrase: string): Promise<void> {
  const label = (await page.locator('.check-groups label').textContent()) ?? '';
  await page.getByRole('textbox', { name: label }).fill(phrase.split('-')[Number(/\d/.exec(label)?.[0]) - 1] ?? '');
}

/** The file in a browser of its own, that has no network; what it asks of one fails the test. */
async function openAlone(browser: Browser, path: string): Promise<{ page: Page; asked: string[]; errors: string[] }> {
  const context = await browser.newContext({ offline: true, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const page = await context.newPage();
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(pathToFileURL(path).href);
  return { page, asked, errors };
}

async function unlock(page: Page, phrase: string): Promise<void> {
  await page.getByLabel('Phrase de passe').fill(phrase);
  await page.getByRole('button', { name: 'Ouvrir' }).click();
}

test('a doctor sets the rescue copy up, and it opens without a network, with its passphrase and no other', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(240_000);
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await writeNote(page, { reason: 'Chute', conclusion: `Entorse ${hostile}` });
  await expect(
    page.locator('[data-testid="last-save"] [data-state="host"], [data-testid="last-save"] [data-state="copy"]'),
  ).toBeVisible({ timeout: 30_000 });
  await createPatient(page, { family: 'Leïla-Marie', given: 'Œnone', birthDate: '12/11/2019' });
  await writeNote(page, { reason: 'Vaccin', conclusion: 'Examen normal' });
  await expect(page.locator('.event h3', { hasText: 'Examen normal' })).toBeVisible();

  await openRescue(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Préparer la copie de secours' }).click();
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(page.getByText('Choisissez l’emplacement.')).toBeVisible();
  await page.getByRole('radio', { name: /téléchargements de ce navigateur/ }).check();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continuer' }).click();
  const phrase = await readPhrase(page);
  expect(phrase).toMatch(/^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}$/);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Je l’ai notée' }).click();
  await page.locator('.check-groups input').fill('00000');
  await page.getByRole('button', { name: 'Vérifier et faire la première copie' }).click();
  await expect(page.getByText('Ce n’est pas ce groupe.', { exact: false })).toBeVisible();
  await typeGroup(page, phrase);
  const arriving = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Vérifier et faire la première copie' }).click();
  const download = await arriving;
  expect(download.suggestedFilename()).toMatch(/^Copie de secours \d{4}-\d\d-\d\d [0-9a-f]{4}\.html$/);
  const path = info.outputPath('copie.html');
  await download.saveAs(path);
  await expect(page.getByTestId('rescue-age')).toContainText('2 patients');
  await expect(page.getByRole('region', { name: 'Appareils qui en font' })).toContainText('cet appareil');
  await expectAccessible(page);

  // The second reader opens the same bytes.
  const { content } = reader.openRescueCopy(reader.findRescueCopy(readFileSync(path, 'utf8')), phrase);
  expect(content).toContain('Benoît');

  await test.step('opened elsewhere', async () => {
    const { page: alone, asked, errors } = await openAlone(browser, path);
    await expect(alone.locator('.copy-of')).toHaveText(/^Copie du \d+(?:er)?\s\p{L}+ \d{4}, \d+\sh\s\d\d$/u);
    await expect(alone.getByText('Rien de plus récent n’y figure.', { exact: false })).toBeVisible();
    await expectAccessible(alone);
    await unlock(alone, 'ABC');
    await expect(alone.getByRole('alert')).toHaveText('Une phrase de passe a 20 signes ; il y en a 3.');
    await unlock(
      alone,
      phrase.replace(/^./, (first) => (first === '0' ? '1' : '0')),
    );
    await expect(alone.getByRole('alert')).toContainText('Cette phrase de passe n’ouvre pas cette copie.', {
      timeout: 20_000,
    });
    await unlock(alone, phrase.toLowerCase().replaceAll('-', ' '));
    await expect(alone.getByText('2 patients')).toBeVisible({ timeout: 20_000 });
    await expect(alone.locator('.copy-of')).toBeVisible();
    await expectAccessible(alone);
    const search = alone.getByLabel('Nom ou date de naissance');
    await search.fill('oenone leila');
    await expect(alone.getByText('1 patient', { exact: true })).toBeVisible();
    await search.fill('03/05/1958');
    await expect(alone.getByText('1 patient', { exact: true })).toBeVisible();
    await alone.getByRole('link', { name: /BENOÎT Suzanne/ }).click();
    const file = alone.getByRole('article');
    await expect(file).toContainText('Entorse <img src=x onerror="document.title=1">');
    await expect(file).toContainText('⟦U+202E⟧txt.exe');
    expect(await alone.title()).toBe('Copie de secours');
    await alone.emulateMedia({ media: 'print' });
    await expect(alone.locator('.printed')).toHaveText('BENOÎT Suzanne, 03/05/1958');
    await expect(alone.locator('.copy-of')).toBeVisible();
    await expect(alone.getByRole('navigation')).toBeHidden();
    await alone.emulateMedia({ media: 'screen' });
    await expectAccessible(alone);
    await alone.getByRole('button', { name: 'Fermer' }).click();
    await expect(alone.getByLabel('Phrase de passe')).toHaveValue('');
    expect(await alone.content()).not.toContain('Suzanne');
    // Ten minutes without a touch.
    await alone.clock.install();
    await unlock(alone, phrase);
    await expect(alone.getByText('2 patients')).toBeVisible({ timeout: 20_000 });
    await alone.clock.fastForward(11 * 60_000);
    await expect(alone.getByText('Refermée après dix minutes sans geste.')).toBeVisible();
    expect(await alone.content()).not.toContain('Suzanne');
    expect(errors).toEqual([]);
    expect(asked).toEqual([pathToFileURL(path).href]);
    await alone.context().close();
  });

  await test.step('cut, damaged, of another version', async () => {
    const text = readFileSync(path, 'utf8');
    const at = text.lastIndexOf('id="serment-rescue">') + 'id="serment-rescue">'.length;
    const bad = [
      ['coupé', text.slice(0, at + 400), 'Ce fichier est incomplet'],
      ['abime', `${text.slice(0, at + 400)}AAAA${text.slice(at + 404)}`, 'Ce fichier est abîmé'],
      ['version', `${text.slice(0, at)}Ag${text.slice(at + 2)}`, 'Cette copie est d’une autre version de Serment'],
      ['script', `${text.slice(0, text.indexOf('<script'))}`, 'Ce fichier est incomplet'],
    ] as const;
    for (const [name, changed, told] of bad) {
      const damaged = info.outputPath(`${name}.html`);
      writeFileSync(damaged, changed);
      const { page: alone } = await openAlone(browser, damaged);
      await expect(alone.locator('main'), name).toContainText(told);
      await expect(alone.getByLabel('Phrase de passe')).toHaveCount(0);
      await alone.context().close();
    }
  });

  await test.step('the age, days later', async () => {
    await page.clock.setFixedTime(Date.now() + 4 * dayMs);
    await page.keyboard.press('Alt+v');
    const section = page.getByRole('region', { name: 'Copie de secours' });
    await expect(section.locator('.amber')).toContainText('à refaire');
    await expectAccessible(page);
    await section.getByRole('link', { name: 'Voir' }).click();
    await expect(page.getByText('Cette copie date de plusieurs jours. Faites-en une maintenant.')).toBeVisible();
  });

  await test.step('the end of it', async () => {
    await page.getByRole('button', { name: 'Ne plus faire de copie ici' }).click();
    await page.getByRole('button', { name: 'Ne plus en faire' }).click();
    await expect(page.getByRole('button', { name: 'Préparer la copie de secours' })).toBeVisible();
  });
});

test('the copy goes to the folder that was chosen, by itself once the hour has struck and nobody touches anything', async ({
  page,
}) => {
  test.setTimeout(120_000);
  // What stands in for a folder of the disk is one of the browser's own, which has the same handles.
  await page.addInitScript(() => {
    Reflect.set(window, 'showDirectoryPicker', () =>
      navigator.storage.getDirectory().then((root) => root.getDirectoryHandle('cle', { create: true })),
    );
  });
  await page.clock.install();
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Durand', given: 'Anne' });
  await writeNote(page, { reason: 'Toux', conclusion: 'Rhume' });
  await expect(page.locator('.event h3', { hasText: 'Rhume' })).toBeVisible();
  await openRescue(page);
  await page.getByRole('button', { name: 'Préparer la copie de secours' }).click();
  await page.getByRole('button', { name: 'Choisir…' }).click();
  await expect(page.getByText('Choisi : cle')).toBeVisible();
  await page.getByRole('button', { name: 'Continuer' }).click();
  const phrase = await readPhrase(page);
  await page.getByRole('button', { name: 'Je l’ai notée' }).click();
  await typeGroup(page, phrase);
  await page.getByRole('button', { name: 'Vérifier et faire la première copie' }).click();
  await expect(page.getByTestId('rescue-age')).toContainText('enregistrée dans « cle »', { timeout: 60_000 });
  const names = () =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('cle');
      const found: string[] = [];
      for await (const name of folder.keys()) {
        const file = await (await folder.getFileHandle(name)).getFile();
        found.push(`${name} ${file.lastModified}`);
      }
      return found;
    });
  const [first = ''] = await names();
  expect(first).toMatch(/^Copie de secours \d{4}-\d\d-\d\d [0-9a-f]{4}\.html \d+$/);

  // The next evening, two minutes after the last key.
  await page.clock.setSystemTime(Date.now() + 2 * dayMs);
  await page.keyboard.press('Alt+v');
  await expect(page.getByRole('region', { name: 'Copie de secours' })).toContainText('faite il y a 2 jours');
  await page.clock.runFor(3 * 60_000);
  // While it is written anew, the folder has it and has it not.
  await expect(async () => expect((await names())[0]).not.toBe(first)).toPass({ timeout: 30_000 });

  // Another passphrase, for what comes.
  await openRescue(page);
  await page.getByRole('button', { name: 'Changer la phrase de passe' }).click();
  const next = await readPhrase(page);
  expect(next).not.toBe(phrase);
  await page.getByRole('button', { name: 'Je l’ai notée' }).click();
  await typeGroup(page, next);
  await page.getByRole('button', { name: 'Vérifier et changer la phrase' }).click();
  await expect(page.getByText('La phrase de passe est changée.', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'En faire une maintenant' }).click();
  await expect(page.getByText(/^La copie est faite\s:/)).toBeVisible({ timeout: 60_000 });
  const text = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('cle');
    for await (const name of folder.keys()) return (await (await folder.getFileHandle(name)).getFile()).text();
    return '';
  });
  expect(reader.openRescueCopy(reader.findRescueCopy(text), next).content).toContain('Durand');
});
