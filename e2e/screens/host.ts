import { enterAsOperator } from '../steps.ts';
import type { Screen } from './screen.ts';

/** The console of the host, and what a browser that is too old shows. */
export const hostScreens: readonly Screen[] = [
  {
    name: 'console-entree',
    open: async (page, serment) => {
      await page.goto(serment.consoleUrl);
      await page.getByRole('button', { name: 'J’ai un code d’enrôlement' }).waitFor();
    },
  },
  {
    name: 'console-enrolement',
    open: async (page, serment) => {
      const code = await serment.addOperator('Camille Roux');
      await page.goto(`${serment.consoleUrl}/#${code}`);
      await page.getByRole('button', { name: 'Continuer' }).click();
      await page.getByRole('button', { name: 'Un mot de passe et une application' }).click();
      await page.locator('.secret').waitFor();
    },
  },
  {
    name: 'console',
    open: async (page, serment) => {
      await page.goto(serment.consoleUrl);
      await page.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
      await enterAsOperator(page, await serment.addOperator('Camille Roux'));
    },
  },
  {
    name: 'console-acte',
    open: async (page) => {
      await page
        .getByRole('button', { name: /^Fermer les sessions/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'navigateur-ancien',
    open: async (page, serment) => {
      await page.addInitScript(() => Reflect.deleteProperty(JSON, 'rawJSON'));
      await page.goto(serment.url);
      await page.getByRole('heading', { name: 'Ce navigateur est trop ancien' }).waitFor();
    },
  },
];
