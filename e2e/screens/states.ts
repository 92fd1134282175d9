import type { Page } from '@playwright/test';
import { writePdf } from '../../packages/records/src/demo/pdf.ts';
import { pdfWith } from '../../packages/records/test/document-check/samples.ts';
import { dropFiles, openFile } from '../steps.ts';
import { onPaper, onScreen, type Screen } from './screen.ts';

const letter = { title: 'Avis cardiologique', from: 'Dr Roy', paragraphs: ['Cher confrère,', 'Rien à signaler.'] };

async function openMenu(page: Page): Promise<void> {
  const menu = page.getByRole('menu');
  if (!(await menu.isVisible())) await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await menu.waitFor();
}

/** What a file shows beyond itself, and what a practice meets that goes wrong. */
export const stateScreens: readonly Screen[] = [
  {
    name: 'menu',
    open: openMenu,
    again: openMenu,
  },
  {
    name: 'probleme',
    open: async (page) => {
      await openMenu(page);
      await page.getByRole('menuitem', { name: 'J’ai un problème' }).click();
      await page.getByRole('dialog').locator('summary').nth(1).click();
    },
  },
  {
    name: 'introuvable',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.evaluate(() => {
        history.pushState({}, '', '/nulle-part');
        dispatchEvent(new PopStateEvent('popstate'));
      });
      await page.getByText('Cette page n’existe pas.').waitFor();
    },
  },
  {
    name: 'copie-choisir',
    open: async (page) => {
      await page.keyboard.press('Alt+v');
      await page.getByRole('link', { name: 'Restaurer depuis une copie' }).click();
      await page.getByText('Choisissez un patient', { exact: false }).waitFor();
    },
  },
  {
    name: 'dossier-papier',
    open: async (page) => {
      await openFile(page, 'santoro elodie', /SANTORO Élodie/);
      await page.getByText('Diabète équilibré, rétinographie demandée').waitFor();
      await onPaper(page);
    },
  },
  {
    name: 'document-ajouter',
    open: async (page) => {
      await onScreen(page);
      const type = 'application/pdf';
      const acts = pdfWith(['<< /S /JavaScript /JS (app.alert\\(1\\)) >>'], { catalog: '/OpenAction 10 0 R' });
      await dropFiles(page, [
        { name: 'avis cardio.pdf', type, bytes: writePdf(letter) },
        { name: 'facture.pdf', type, bytes: new TextEncoder().encode('MZ\u0090\0\u0003\0') },
        { name: 'lien.pdf', type, bytes: acts },
      ]);
      await page.getByText('Ce PDF contenait', { exact: false }).waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'document',
    open: async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).click();
      await page
        .locator('.timeline')
        .getByRole('button', { name: /rétinographie/ })
        .first()
        .click();
      await page.frameLocator('.document-frame').locator('.page canvas').first().waitFor({ timeout: 30_000 });
    },
  },
];
