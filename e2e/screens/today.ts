import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { invite, join, openWays } from '../steps.ts';
import { newWindow, password } from './cast.ts';
import type { Screen } from './screen.ts';

const report = new URL('../../packages/records/test/received/fixtures/benoit-utf8.hpr', import.meta.url);

async function openDay(page: Page): Promise<void> {
  await page.keyboard.press('Alt+j');
  await page.waitForURL('**/aujourdhui');
  await page.getByRole('region', { name: 'À voir' }).getByRole('link').first().waitFor();
  await page.getByText('Lecture…').waitFor({ state: 'detached' });
}

export const todayScreens: readonly Screen[] = [
  { name: 'aujourdhui', open: openDay },
  {
    name: 'aujourdhui-recherche',
    open: async (page) => {
      await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill('mar');
      await page.getByText(/^\d{1,3}\spatients trouvés/).waitFor();
    },
  },
  {
    name: 'aujourdhui-a-savoir',
    open: async (page) => {
      await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill('');
      await page
        .getByRole('link', { name: /^À classer/ })
        .first()
        .click();
      const buffer = Buffer.from(readFileSync(report, 'utf8').replace('|7.4|%||6.0|H|', '|17.4|%||6.0|HH|'));
      const file = { name: 'benoit.hpr', mimeType: 'text/plain', buffer };
      await page.getByTestId('inbox-files').setInputFiles(file);
      await page.getByText('reçu, 5 résultats').waitFor();
      const invited = await invite(page, { given: 'Paul', family: 'Renard', role: 'Médecin' });
      const other = await newWindow(page);
      await join(other, invited, password);
      await openDay(page);
      await page.getByText('a rejoint le cabinet', { exact: false }).waitFor({ timeout: 30_000 });
      await other.context().close();
    },
  },
  {
    name: 'acces-notifications',
    open: async (page) => {
      await openWays(page);
      await page.getByRole('button', { name: 'Activer' }).first().click();
      await page.getByText('Le navigateur les refuse pour ce site.', { exact: false }).scrollIntoViewIfNeeded();
    },
  },
];
