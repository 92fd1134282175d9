import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { onPaper, onScreen, type Screen } from './screen.ts';

let phrase = '';
let file = '';

async function readPhrase(page: Page): Promise<void> {
  const groups = page.locator('.rescue-phrase .kit-groups li');
  await groups.first().waitFor();
  phrase = (await groups.allInnerTexts()).map((group) => group.replace(/^\d\s*/, '').trim()).join('-');
}

async function typeGroup(page: Page): Promise<void> {
  const label = (await page.locator('.check-groups label').textContent()) ?? '';
  await page.locator('.check-groups input').fill(phrase.split('-')[Number(/\d/.exec(label)?.[0]) - 1] ?? '');
}

/** The rescue copy, from its first set-up to the page that it is. The last ones leave the application. */
export const rescueScreens: readonly Screen[] = [
  {
    name: 'secours',
    open: async (page) => {
      await page.keyboard.press('Alt+v');
      const section = page.getByRole('region', { name: 'Copie de secours' });
      await section.getByRole('link', { name: 'Préparer' }).click();
      await page.getByRole('button', { name: 'Préparer la copie de secours' }).waitFor();
    },
  },
  {
    name: 'secours-emplacement',
    open: async (page) => {
      await page.getByRole('button', { name: 'Préparer la copie de secours' }).click();
      await page.getByRole('radio', { name: /téléchargements de ce navigateur/ }).check();
    },
  },
  {
    name: 'secours-phrase',
    open: async (page) => {
      await page.getByRole('button', { name: 'Continuer' }).click();
      await readPhrase(page);
    },
  },
  { name: 'secours-feuille', open: onPaper },
  {
    name: 'secours-relire',
    open: async (page) => {
      await onScreen(page);
      await page.getByRole('button', { name: 'Je l’ai notée' }).click();
    },
  },
  {
    name: 'secours-faite',
    open: async (page) => {
      await typeGroup(page);
      const arriving = page.waitForEvent('download', { timeout: 180_000 });
      await page.getByRole('button', { name: 'Vérifier et faire la première copie' }).click();
      const download = await arriving;
      file = join(mkdtempSync(join(tmpdir(), 'serment-rescue-')), 'copie.html');
      await download.saveAs(file);
      await page.getByText(/^La copie est faite\s:/).waitFor();
    },
  },
  {
    name: 'secours-fermee',
    open: async (page) => {
      await page.goto(pathToFileURL(file).href);
      await page.getByLabel('Phrase de passe').waitFor();
    },
  },
  {
    name: 'secours-liste',
    open: async (page) => {
      await page.getByLabel('Phrase de passe').fill(phrase);
      await page.getByRole('button', { name: 'Ouvrir' }).click();
      await page.getByText(/^[\d\s]+\spatients$/).waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'secours-dossier',
    open: async (page) => {
      await page.getByLabel('Nom ou date de naissance').fill('santoro elodie');
      await page
        .getByRole('link', { name: /SANTORO Élodie/ })
        .first()
        .click();
      await page.getByRole('article').getByText('Identité', { exact: true }).waitFor();
    },
  },
  { name: 'secours-imprimee', open: onPaper },
];
