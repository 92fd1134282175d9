import { encodeTriedPlace } from '@serment/core/wire/copy-place';
import { enterAsOperator } from '../steps.ts';
import { showLargeHost } from './console-scene.ts';
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
    name: 'console-grande',
    open: async (page) => {
      await showLargeHost(page);
      await page.getByRole('button', { name: 'Actualiser' }).click();
      await page.getByText('disque', { exact: true }).first().waitFor();
    },
  },
  {
    name: 'console-cabinets',
    open: async (page) => {
      await page.getByRole('link', { name: 'Cabinets', exact: true }).click();
      await page.getByText('1 à 50 sur').waitFor();
    },
  },
  {
    name: 'console-cabinet',
    open: async (page) => {
      await page.getByRole('row').nth(3).getByRole('link').click();
      await page.locator('.chart svg').nth(1).waitFor();
    },
  },
  {
    name: 'console-acte',
    open: async (page) => {
      await page.getByRole('button', { name: 'Suspendre ce cabinet' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'console-acte-preuve',
    open: async (page) => {
      await page.route('**/suspension', (route) =>
        route.fulfill({
          ...{ status: 403, contentType: 'application/json' },
          body: JSON.stringify({ code: 'OPERATOR_UNCONFIRMED', message: '', hint: null, fields: {} }),
        }),
      );
      await page.getByRole('button', { name: 'Faire et inscrire' }).click();
      await page.getByRole('button', { name: 'Confirmer', exact: true }).waitFor();
    },
  },
  {
    name: 'console-copies',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Copies', exact: true }).click();
      await page.getByText('Seau verrouillé').first().waitFor();
    },
  },
  {
    name: 'console-retirer',
    open: async (page) => {
      await page.route('**/api/operators/copies/retirements', (route) =>
        route.fulfill({
          ...{ status: 409, contentType: 'application/json' },
          body: JSON.stringify({ code: 'COPY_LAST', message: '', hint: null, fields: { count: 1998 } }),
        }),
      );
      await page.getByRole('button', { name: 'Retirer cette copie nuage' }).click();
      await page.getByRole('button', { name: 'Faire et inscrire' }).click();
      await page.getByText('Retirer quand même').waitFor();
    },
  },
  {
    name: 'console-ajout-preuve',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Ajouter une copie' }).click();
      await page.getByRole('button', { name: 'Confirmer', exact: true }).waitFor();
    },
  },
  {
    name: 'console-ajout-seau',
    open: async (page) => {
      await page.route('**/api/operators/confirmation/password', (route) => route.fulfill({ status: 204 }));
      await page.getByRole('dialog').getByLabel('Mot de passe', { exact: true }).fill('cinq mouettes sous la pluie');
      await page.getByLabel('Code de l’application').fill('123456');
      await page.getByRole('button', { name: 'Confirmer', exact: true }).click();
      await page.getByLabel('Nom de la copie').fill('lointaine');
      await page.getByRole('radio', { name: 'Un seau S3 avec Object Lock' }).check();
      await page.getByLabel('Adresse du service').fill('https://s3.lointain.example');
      await page.getByLabel('Région').fill('fr-par');
      await page.getByLabel('Seau', { exact: true }).fill('cabinets');
      await page.getByLabel('Identifiant de clé').fill('SCW0EXEMPLE');
      await page.getByLabel('Secret de clé').fill('un secret');
    },
  },
  {
    name: 'console-ajout-refus',
    open: async (page) => {
      await page.route('**/api/operators/copies/trials', (route) =>
        route.fulfill({
          ...{ status: 409, contentType: 'application/json' },
          body: JSON.stringify({
            ...{ code: 'COPY_REFUSED', message: '', hint: null, fields: { reason: 'COPY_NOT_LOCKED' } },
          }),
        }),
      );
      await page.getByRole('button', { name: 'Essayer' }).click();
      await page.getByText('Ce seau n’a pas Object Lock').waitFor();
    },
  },
  {
    name: 'console-ajout-essai',
    open: async (page) => {
      await page.unroute('**/api/operators/copies/trials');
      const tried = { isEmpty: true, practices: 0, sameDisk: true, freeBytes: 310_000_000_000 };
      await page.route('**/api/operators/copies/trials', (route) =>
        route.fulfill({ contentType: 'application/cbor', body: Buffer.from(encodeTriedPlace(tried)) }),
      );
      await page.getByRole('radio', { name: 'Un dossier de ce serveur' }).check();
      await page.getByRole('textbox', { name: 'Dossier' }).fill('/srv/serment/copie');
      await page.getByRole('button', { name: 'Essayer' }).click();
      await page.getByText('Possible, comme copie d’essai').waitFor();
    },
  },
  {
    name: 'console-ajoutee',
    open: async (page) => {
      await page.route('**/api/operators/copies', (route) => route.fulfill({ status: 204 }));
      await page.getByRole('button', { name: 'Ajouter et inscrire' }).click();
      await page.getByText('La copie « lointaine » est ajoutée', { exact: false }).waitFor();
    },
  },
  {
    name: 'console-essais',
    open: async (page) => {
      await page.locator('.console-nav a').nth(3).click();
      await page.getByRole('table').waitFor();
    },
  },
  {
    name: 'console-nuit',
    open: async (page) => {
      await page
        .getByRole('button', { name: /^Nuit du/ })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'console-travaux',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Travaux' }).click();
      await page.getByText('SCRATCH_TOO_SMALL').waitFor();
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
