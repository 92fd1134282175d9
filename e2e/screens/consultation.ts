import type { Page } from '@playwright/test';
import { openFile } from '../steps.ts';
import type { Screen } from './screen.ts';

async function write(page: Page): Promise<void> {
  await page.keyboard.press('Alt+c');
  await page.getByLabel('Motif').fill('Contrôle, fatigue depuis trois semaines');
  await page.getByLabel('Histoire').fill('Sommeil haché par le travail de nuit. Observance correcte.');
  await page.getByLabel('TA', { exact: true }).fill('128/76');
  await page.getByLabel('Poids', { exact: true }).fill('68,4');
  await page.getByLabel('T°', { exact: true }).fill('73');
  await page.getByRole('combobox', { name: 'Diagnostic' }).first().fill('diab');
  await page.getByRole('option', { name: /E1/ }).first().click();
}

/** Screens of a consultation, after those of the demonstration's files. */
export const consultationScreens: readonly Screen[] = [
  {
    name: 'consultation-mesures',
    open: async (page) => {
      await openFile(page, 'benoît', /BENOÎT/);
      await write(page);
      await page.getByTestId('draft-state').waitFor();
    },
  },
  {
    name: 'consultation-modeles',
    open: async (page) => {
      await page.keyboard.press('Alt+t');
      await page.getByLabel('Nom du modèle').fill('Contrôle');
      await page.getByRole('button', { name: 'Garder cette consultation comme modèle' }).click();
      await page.getByRole('button', { name: 'Utiliser Contrôle' }).waitFor();
    },
  },
  {
    name: 'consultation-parenthese',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.keyboard.press('Alt+n');
      await page.getByRole('region', { name: 'En attente' }).waitFor();
      await page.getByRole('heading', { name: 'Nouveau patient' }).waitFor();
    },
  },
  {
    name: 'note-privee',
    open: async (page) => {
      await page.getByRole('region', { name: 'En attente' }).getByRole('button').first().click();
      await page.getByLabel('Motif').waitFor();
      await page.keyboard.press('Alt+r');
      await page.getByLabel('Note privée lue par vous seul').fill('Penser à l’entourage');
    },
  },
  {
    name: 'consultation-signature',
    open: async (page) => {
      await page.getByRole('button', { name: 'Abandonner la note privée' }).click();
      await page.getByRole('button', { name: 'Signer' }).click();
      await page.locator('.event', { hasText: 'signé' }).first().waitFor({ timeout: 30_000 });
    },
  },
];
