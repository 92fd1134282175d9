import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { takeLook } from '@serment/store/alerts/alert-log';
import { asOwner } from '@serment/store/open-owner';
import { expectAccessible } from './accessible.ts';
import { addAuthenticator } from './harness/authenticator.ts';
import { startSerment } from './harness/serment.ts';
import { createPractice, enterAsOperator, operatorPassword, operatorTotp, unlock } from './steps.ts';
import { test } from './watched.ts';

test('an operator enrols a passkey, acts on a practice it knows by a pseudonym, and its members read it', async ({
  page,
  browser,
  baseURL,
  serment,
}) => {
  await createPractice(page, 'quatre tilleuls au printemps');
  const context = await browser.newContext({ baseURL, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const host = await context.newPage();
  const authenticator = await addAuthenticator(host, { hasPrf: false });
  const code = await serment.addOperator('Camille Roux');
  await host.goto(`${serment.consoleUrl}/#${code}`);
  // Neither the screen's address nor the history keeps it.
  await expect(host.getByLabel('Code d’enrôlement')).toHaveValue(code);
  expect(host.url()).not.toContain(code);
  await expectAccessible(host);
  await host.getByRole('button', { name: 'Continuer' }).click();
  await expect(host.getByRole('heading', { name: 'Bonjour Camille Roux' })).toBeVisible();
  await expectAccessible(host);
  await host.getByRole('button', { name: 'Créer une clé d’accès' }).click();
  await expect(host.getByRole('region', { name: 'État du serveur' })).toBeVisible({ timeout: 20_000 });
  await expect(host.getByText('Camille Roux')).toBeVisible();
  await expectAccessible(host);

  // The host has pseudonyms alone: no word of the practice is in its page.
  await expect(host.locator('body')).not.toContainText(/Érables|Aubert|Jeanne/);

  // The session is in the page's memory: once reloaded, one gesture.
  await host.reload();
  await host.getByRole('button', { name: 'Entrer avec une clé d’accès' }).click();
  await host.getByRole('link', { name: 'Cabinets', exact: true }).click();
  await expect(host.getByRole('heading', { name: 'Cabinets', exact: true })).toBeVisible();
  await host.getByRole('row').nth(1).getByRole('link').click();
  const row = host.getByRole('row', { name: /^armoire/ });
  const read = host.getByRole('button', { name: 'Relire la copie armoire' });
  await expect(async () => {
    await host.getByRole('button', { name: 'Actualiser' }).click();
    await expect(read).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await expectAccessible(host);
  await read.click();
  const sheet = host.getByRole('dialog');
  await expect(sheet).toContainText('ses membres liront « Camille Roux »');
  await expectAccessible(host);
  await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
  await expect(host.getByText('La relecture de « armoire » est demandée', { exact: false })).toBeVisible();
  await expect(async () => {
    await host.getByRole('button', { name: 'Actualiser' }).click();
    await expect(row).toContainText(/il y a|à l’instant/, { timeout: 2000 });
  }).toPass({ timeout: 40_000 });

  await host.getByRole('button', { name: 'Fermer les sessions' }).click();
  await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
  await expect(host.getByText(/Les sessions du cabinet [0-9a-f]{12} sont fermées/)).toBeVisible();
  await expect(host.getByText('Sessions fermées · Camille Roux')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'La session de cet appareil a été fermée' })).toBeVisible();

  await page.getByRole('button', { name: 'Déverrouiller' }).click();
  await unlock(page, 'quatre tilleuls au printemps');
  await page.getByRole('link', { name: /premier patient/ }).waitFor({ timeout: 20_000 });
  await page.keyboard.press('Alt+v');
  await expect(
    page.getByText('L’hébergeur a fait relire la copie « armoire » · par l’opérateur Camille Roux'),
  ).toBeVisible({ timeout: 20_000 });
  await expect(
    page.getByText('L’hébergeur a fermé toutes les sessions du cabinet · par l’opérateur Camille Roux'),
  ).toBeVisible();

  // What a session alone is not enough for takes the passkey once more.
  await host.getByRole('link', { name: 'Copies', exact: true }).click();
  await host.getByRole('button', { name: 'Ajouter une copie' }).click();
  await sheet.getByRole('button', { name: 'Confirmer avec une clé d’accès' }).click();
  await expect(sheet.getByLabel('Nom de la copie')).toBeVisible();
  await host.keyboard.press('Escape');

  await host.getByRole('button', { name: 'Quitter' }).click();
  await authenticator.refuse();
  await host.getByRole('button', { name: 'Entrer avec une clé d’accès' }).click();
  await expect(host.getByText('La clé d’accès n’a pas été donnée', { exact: false })).toBeVisible();
  await context.close();
});

test('an operator enrols a password with an authenticator, and enters by both together', async ({ page, serment }) => {
  const code = await serment.addOperator('Noé Lambert');
  await page.goto(serment.consoleUrl);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
  await page.getByLabel('Code d’enrôlement').fill('00000-00000-00000-00000-00000');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(page.getByText('Ce code n’enrôle personne', { exact: false })).toBeVisible();
  const secret = await enterAsOperator(page, code);
  await page.getByRole('button', { name: 'Quitter' }).click();

  const enter = async (password: string, totp: string) => {
    await page.getByLabel('Nom d’opérateur').fill('noé lambert');
    await page.getByLabel('Mot de passe', { exact: true }).fill(password);
    await page.getByLabel('Code de l’application').fill(totp);
    await page.getByRole('button', { name: 'Entrer', exact: true }).click();
  };
  // The next step's code: the present one served when enrolling.
  const next = operatorTotp(secret, Date.now() + 30_000);
  await enter('pas celui-là du tout', next);
  await expect(page.getByText('Ce n’est pas cela', { exact: false })).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page);
  await enter(operatorPassword, next);
  await expect(page.getByRole('region', { name: 'État du serveur' })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Read Serment in English' }).click();
  await expect(page.getByRole('navigation', { name: 'Pages of the console' })).toBeVisible();
  await expectAccessible(page);
});

test('a practice is suspended and resumed, and its members read who did it and how to get out', async ({
  page,
  browser,
  serment,
}) => {
  await createPractice(page, 'quatre tilleuls au printemps');
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const host = await context.newPage();
  await host.goto(serment.consoleUrl);
  await host.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
  const secret = await enterAsOperator(host, await serment.addOperator('Sacha Vidal'));
  await host.getByRole('link', { name: 'Cabinets', exact: true }).click();
  await host.getByRole('row').nth(1).getByRole('link').click();
  const sheet = host.getByRole('dialog');
  await host.getByRole('button', { name: 'Suspendre ce cabinet' }).click();
  await expectAccessible(host);
  await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
  await expect(sheet).toContainText('prouve encore une fois qui il est');
  await expectAccessible(host);
  await confirmOnceMore(host, operatorTotp(secret, Date.now() + 30_000));
  await expect(host.getByText(/Suspendu depuis/)).toBeVisible({ timeout: 20_000 });
  await expectAccessible(host);

  await expect(page.getByRole('heading', { name: 'L’hébergeur a suspendu ce cabinet' })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText('un informaticien ouvre une copie avec votre kit de secours')).toBeVisible();
  await expectAccessible(page);

  await host.getByRole('button', { name: 'Lever la suspension' }).click();
  await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
  await expect(host.getByRole('button', { name: 'Suspendre ce cabinet' })).toBeVisible();
  await page.getByRole('button', { name: 'Déverrouiller' }).click();
  await unlock(page, 'quatre tilleuls au printemps');
  await page.getByRole('link', { name: /premier patient/ }).waitFor({ timeout: 20_000 });
  await page.keyboard.press('Alt+v');
  await expect(page.getByText('L’hébergeur a suspendu le cabinet · par l’opérateur Sacha Vidal')).toBeVisible({
    timeout: 20_000,
  });
  await expect(
    page.getByText('L’hébergeur a levé la suspension du cabinet · par l’opérateur Sacha Vidal'),
  ).toBeVisible();
  await context.close();
});

test('a copy is retired and put back, members read who did it, and an alert is taken care of', async ({ page }) => {
  test.setTimeout(240_000);
  // Copies and alerts are those of a whole installation: this one is this flow's own.
  const serment = await startSerment();
  try {
    await createPractice(page, 'quatre tilleuls au printemps', undefined, serment.url);
    await asOwner({ dataDir: serment.dataFolder }, (database) => {
      const now = Date.now();
      const seen = { practices: [], since: now, code: null, at: null, entry: null };
      const observations = [{ cause: 'disk-full' as const, subject: '', ...seen }];
      return takeLook(database, { observations, now, watchingSince: now, plan: null });
    });
    const host = await page.context().newPage();
    await host.goto(serment.consoleUrl);
    await host.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
    const secret = await enterAsOperator(host, await serment.addOperator('Sacha Vidal'));
    const needed = host.getByRole('region', { name: 'Ce qui demande la main' });
    await expect(needed).toContainText('Il ne reste presque plus de place sur le disque');
    await expectAccessible(host);
    await needed.getByRole('button', { name: /^Je m’en occupe/ }).click();
    await expect(needed).toContainText('Sacha Vidal s’en occupe depuis');
    await expect(needed).toContainText('Rien ne demande la main.');
    await expectAccessible(host);

    await host.getByRole('link', { name: 'Copies', exact: true }).click();
    const sheet = host.getByRole('dialog');
    await host.getByRole('button', { name: 'Retirer cette copie armoire' }).click();
    await expect(sheet).toContainText('leurs membres liront « Sacha Vidal »');
    await expectAccessible(host);
    await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
    await confirmOnceMore(host, operatorTotp(secret, Date.now() + 30_000));
    await expect(host.getByText('La copie « armoire » est retirée', { exact: false })).toBeVisible({ timeout: 20_000 });
    await expect(host.getByRole('heading', { name: 'Copies retirées' })).toBeVisible();
    await expectAccessible(host);
    await expect(page.locator('.shield-button').first()).toHaveAttribute('data-condition', 'no-copy', {
      timeout: 20_000,
    });

    await host.getByRole('button', { name: 'Remettre en service armoire' }).click();
    await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
    await expect(host.getByText('La copie « armoire » est remise en service.')).toBeVisible();
    await expect(host.getByRole('button', { name: 'Retirer cette copie armoire' })).toBeVisible();
    await page.getByRole('link', { name: /premier patient/ }).waitFor({ timeout: 20_000 });
    await page.keyboard.press('Alt+v');
    await expect(
      page.getByText('L’hébergeur a retiré la copie « armoire », qui n’est plus écrite · par l’opérateur Sacha Vidal'),
    ).toBeVisible({
      timeout: 20_000,
    });
    await expect(page.getByText('L’hébergeur a remis en service la copie « armoire »', { exact: false })).toBeVisible();
    // The last good copy: the machine's own disk is none, so the server's refusal is given here.
    await host.route('**/api/operators/copies/retirements', (route) =>
      route.fulfill({
        ...{ status: 409, contentType: 'application/json' },
        body: JSON.stringify({ code: 'COPY_LAST', message: '', hint: null, fields: { count: 3 } }),
      }),
    );
    await host.getByRole('button', { name: 'Retirer cette copie armoire' }).click();
    await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
    await expect(sheet).toContainText('3 cabinets n’auraient plus aucune bonne copie');
    await expect(sheet.getByRole('button', { name: 'Faire et inscrire' })).toBeDisabled();
    await sheet.getByLabel('Retirer quand même la dernière bonne copie').check();
    await expect(sheet.getByRole('button', { name: 'Faire et inscrire' })).toBeEnabled();
    await expectAccessible(host);
  } finally {
    await serment.stop();
  }
});

test('a copy is tried, refused, added, written, read back, and seen by the doctor with where it is', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const serment = await startSerment();
  try {
    await createPractice(page, 'quatre tilleuls au printemps', undefined, serment.url);
    const host = await page.context().newPage();
    await host.goto(serment.consoleUrl);
    await host.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
    const secret = await enterAsOperator(host, await serment.addOperator('Sacha Vidal'));
    await host.getByRole('link', { name: 'Copies', exact: true }).click();
    await host.getByRole('button', { name: 'Ajouter une copie' }).click();
    const sheet = host.getByRole('dialog');
    await expect(sheet).toContainText('prouve encore une fois qui il est');
    await expectAccessible(host);
    await confirmOnceMore(host, '000000');
    await expect(sheet.getByText('Un code ne sert qu’une fois', { exact: false })).toBeVisible({ timeout: 20_000 });
    await confirmOnceMore(host, operatorTotp(secret, Date.now() + 30_000));
    const attempt = sheet.getByRole('button', { name: 'Essayer' });
    await expect(attempt).toBeDisabled({ timeout: 20_000 });
    await expectAccessible(host);

    await sheet.getByLabel('Nom de la copie').fill('grenier');
    await sheet.getByRole('textbox', { name: 'Dossier' }).fill('pas/un/chemin');
    await attempt.click();
    await expect(sheet.getByText('Un chemin complet, depuis la racine.')).toBeVisible();
    await expect(sheet.getByRole('textbox', { name: 'Dossier' })).toBeFocused();
    await sheet.getByRole('textbox', { name: 'Dossier' }).fill(serment.copyFolder);
    await attempt.click();
    await expect(sheet.getByText('Chaque copie a une place à elle', { exact: false })).toBeVisible();
    await expectAccessible(host);
    await sheet.getByRole('radio', { name: 'Un seau S3 avec Object Lock' }).check();
    await expect(sheet.getByLabel('Secret de clé (secret key)')).toBeVisible();
    await expectAccessible(host);
    await sheet.getByRole('radio', { name: 'Un dossier de ce serveur' }).check();
    await sheet.getByRole('textbox', { name: 'Dossier' }).fill(join(dirname(serment.copyFolder), 'grenier'));
    await attempt.click();
    await expect(sheet.getByText('Possible, comme copie d’essai')).toBeVisible();
    await expect(sheet).toContainText('leurs membres liront « Sacha Vidal »');
    await expectAccessible(host);
    await sheet.getByRole('button', { name: 'Ajouter et inscrire' }).click();
    await expect(host.getByText('La copie « grenier » est ajoutée', { exact: false })).toBeVisible();
    expect(await (await fetch(`${serment.url}/metrics`)).text()).toContain('serment_copy_practices{copy="grenier"');
    expect((await stat(join(serment.dataFolder, 'copies.json'))).mode & 0o777).toBe(0o600);

    await host.getByRole('link', { name: 'Cabinets', exact: true }).click();
    await host.getByRole('row').nth(1).getByRole('link').click();
    const read = host.getByRole('button', { name: 'Relire la copie grenier' });
    await expect(async () => {
      await host.getByRole('button', { name: 'Actualiser' }).click();
      await expect(read).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 20_000 });
    await expect(host.getByText('Copie « grenier » ajoutée · Sacha Vidal')).toBeVisible();
    await read.click();
    await sheet.getByRole('button', { name: 'Faire et inscrire' }).click();
    await expect(async () => {
      await host.getByRole('button', { name: 'Actualiser' }).click();
      await expect(host.getByRole('row', { name: /^grenier/ })).toContainText(/il y a|à l’instant/, { timeout: 2000 });
    }).toPass({ timeout: 60_000 });

    await page.getByRole('link', { name: /premier patient/ }).waitFor({ timeout: 20_000 });
    await page.keyboard.press('Alt+v');
    await expect(page.locator('.three')).toContainText('grenier', { timeout: 20_000 });
    const where = `…/${basename(dirname(serment.copyFolder))}/grenier`;
    await expect(
      page.getByText(
        `L’hébergeur a ajouté la copie « grenier » (${where}) : tout le coffre y est copié, scellé · par l’opérateur Sacha Vidal`,
      ),
    ).toBeVisible({ timeout: 20_000 });
  } finally {
    await serment.stop();
  }
});

test('the console is gone through by keyboard, page by page, and says what it could not read', async ({
  page,
  serment,
}) => {
  await page.goto(serment.consoleUrl);
  await page.getByRole('button', { name: 'J’ai un code d’enrôlement' }).click();
  await enterAsOperator(page, await serment.addOperator('Élie Caron'));
  const pages = ['Cabinets', 'Copies', 'Restaurations d’essai', 'Travaux'];
  for (const name of pages) {
    const link = page.getByRole('navigation', { name: 'Pages de la console' }).getByRole('link', { name });
    await link.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await expect(page.locator('#console-page')).toBeFocused();
    await expect(page.getByText(/^Lu à/)).toBeVisible();
    await expectAccessible(page);
  }
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Restaurations d’essai' })).toBeVisible();
  await page.route('**/api/operators/**', (route) => route.abort());
  await page.getByRole('button', { name: 'Actualiser' }).click();
  await expect(page.getByRole('alert')).toContainText('Ce qui suit a été lu à');
  await expectAccessible(page);
});

test('a console that does not load says so, and leaves no blank page', async ({ page, serment }) => {
  await page.route(/\/assets\/host-app-.*\.js$/, (route) => route.abort());
  await page.goto(serment.consoleUrl);
  await expect(page.getByRole('button', { name: 'Recharger' })).toBeVisible();
  await expectAccessible(page);
});

/** An operator who is in gives its factors in the sheet that asks for them. */
async function confirmOnceMore(host: Page, code: string): Promise<void> {
  const sheet = host.getByRole('dialog');
  await sheet.getByLabel('Mot de passe', { exact: true }).fill(operatorPassword);
  await sheet.getByLabel('Code de l’application').fill(code);
  await sheet.getByRole('button', { name: 'Confirmer', exact: true }).click();
}
