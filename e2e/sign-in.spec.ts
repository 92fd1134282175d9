import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { base32nopad } from '@scure/base';
import { startTestProvider } from '../apps/server/test/psc/test-provider.ts';
import { totpOf } from '../apps/server/test/totp.ts';
import { expectAccessible } from './accessible.ts';
import { addAuthenticator } from './harness/authenticator.ts';
import { startLine } from './harness/line.ts';
import { startSerment } from './harness/serment.ts';
import {
  createPatient,
  createPractice,
  creation,
  forgetDay,
  lock,
  openWays,
  typeLocalCode,
  unlock,
  wayRow,
} from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const sizes = [
  { name: 'on a telephone', width: 390, height: 844 },
  { name: 'on a desk', width: 1440, height: 900 },
];

// Two installations share the flows, which else would take as long as all others.
test.describe.configure({ mode: 'parallel' });

for (const size of sizes)
  test.describe(size.name, () => {
    test.use({ viewport: { width: size.width, height: size.height } });

    test('a password opens with a code by SMS, of an authenticator, or of the list for a bad day', async ({ page }) => {
      await createPractice(page, password);
      await lock(page);
      await unlock(page, password);
      await isIn(page);
      await lock(page);
      await forgetDay(page);
      await unlock(page, password);
      await page.getByLabel('Code à six chiffres').fill('000000');
      await expect(page.getByText(/Ce n’est pas ce code. Il reste \d\sessais?/)).toBeVisible();
      await expectAccessible(page);
      await typeLocalCode(page);
      await isIn(page);

      await openWays(page);
      await expect(page.getByText('Une seule façon d’entrer', { exact: false })).toBeVisible();
      await wayRow(page, 'Application d’authentification').getByRole('button', { name: 'Ajouter' }).click();
      const secret = ((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', '');
      await expectAccessible(page);
      await page.getByLabel('Code de l’application').fill(codeOf(secret, 0));
      await page.locator('.recovery-codes code').first().waitFor();
      const codes = await page.locator('.recovery-codes code').allTextContents();
      expect(codes).toHaveLength(10);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Je les ai gardés' }).click();
      await expect(page.getByText('Réglée. 10 codes', { exact: false })).toBeVisible();
      // Both go with the one password.
      await expect(page.getByText('Une seule façon d’entrer', { exact: false })).toBeVisible();
      await expectAccessible(page);

      await lock(page);
      await forgetDay(page);
      await unlock(page, password);
      await page.getByRole('button', { name: 'Utiliser l’application d’authentification' }).click();
      // The step that confirmed it served already: the next one is fresh.
      await page.getByLabel('Code de l’application').fill(codeOf(secret, 1));
      await isIn(page);

      await lock(page);
      await forgetDay(page);
      await unlock(page, password);
      await page.getByRole('button', { name: /Utiliser un code de secours \(10\srestants\)/ }).click();
      await page.getByLabel('Code de secours').fill(codes[3]?.toLowerCase() ?? '');
      await page.getByRole('button', { name: 'Déverrouiller' }).click();
      await isIn(page);
      await openWays(page);
      await expect(page.getByText('9 codes de secours restants', { exact: false })).toBeVisible();
    });

    test('a PIN unlocks until five wrong ones, and a forgotten password is replaced', async ({ page }) => {
      await createPractice(page, password);
      await openWays(page);
      await wayRow(page, 'Code PIN').getByRole('button', { name: 'Choisir' }).click();
      const sheet = page.getByRole('dialog');
      await sheet.getByLabel('Six chiffres').fill('123456');
      await sheet.getByLabel('Une seconde fois').fill('123456');
      await sheet.getByRole('button', { name: 'Choisir' }).click();
      await expect(sheet.getByText('ni tous pareils ni à la suite', { exact: false })).toBeVisible();
      await sheet.getByLabel('Six chiffres').fill('271828');
      await sheet.getByLabel('Une seconde fois').fill('271828');
      await expectAccessible(page);
      await sheet.getByRole('button', { name: 'Choisir' }).click();
      await expect(sheet).toHaveCount(0);

      await lock(page);
      await page.getByLabel('Code PIN').fill('271828');
      await isIn(page);

      await lock(page);
      for (let wrong = 0; wrong < 5; wrong += 1) {
        await page.getByLabel('Code PIN').fill('000001');
        await expect(page.getByText('Ce n’est pas ce code PIN.', { exact: false })).toBeVisible();
        await expect(page.getByLabel('Code PIN')).toHaveValue('');
      }
      await page.getByLabel('Code PIN').fill('271828');
      await expect(page.getByText('Cinq codes PIN faux', { exact: false })).toBeVisible();
      await expectAccessible(page);
      await unlock(page, password);
      await isIn(page);

      // It is gone for good: the lock asks for the password from now on.
      await lock(page);
      await expect(page.getByLabel('Code PIN')).toHaveCount(0);
      await unlock(page, password);
      await isIn(page);
      await openWays(page);
      await wayRow(page, 'Mot de passe').getByRole('button', { name: 'Changer' }).click();
      await sheet.getByLabel('Mot de passe', { exact: true }).fill('cinq platanes en novembre');
      await sheet.getByLabel('Une seconde fois').fill('cinq platanes en novembre');
      await sheet.getByRole('button', { name: 'Changer' }).click();
      await expect(sheet).toHaveCount(0);
      await lock(page);
      await unlock(page, password);
      await expect(page.getByText('Ce n’est pas le bon mot de passe.')).toBeVisible();
      await unlock(page, 'cinq platanes en novembre');
      await isIn(page);
    });

    installed('a passkey unlocks in one gesture, also without the server', async ({ page, serment }) => {
      const line = await startLine(serment.url);
      const authenticator = await addAuthenticator(page, { hasPrf: true });
      try {
        await createPractice(page, password, undefined, line.url);
        await createPatient(page, { family: 'Morel', given: 'Anne' });
        await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
        await openWays(page);
        await expect(page.getByText('Une seule façon d’entrer', { exact: false })).toBeVisible();
        await wayRow(page, 'Clé d’accès').getByRole('button', { name: 'Ajouter' }).click();
        await page.getByRole('button', { name: 'Ajouter la clé' }).click();
        await expect(page.getByText('1 clé ouvre cet appareil', { exact: false })).toBeVisible();
        await expect(page.getByText('Une seule façon d’entrer', { exact: false })).toHaveCount(0);
        await expect(wayRow(page, 'Clé d’accès de secours')).toHaveCount(0);
        await expectAccessible(page);
        await lock(page);
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Ouvrir avec la clé d’accès' }).click();
        await expect(page.getByRole('heading', { name: 'Mes façons d’entrer' })).toBeVisible();
        await lock(page);
        line.cut();
        await page.getByRole('button', { name: 'Ouvrir avec la clé d’accès' }).click();
        await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 20_000 });
        line.mend();
        await lock(page);
        await authenticator.refuse();
        await page.getByRole('button', { name: 'Ouvrir avec la clé d’accès' }).click();
        await expect(page.getByText('La clé d’accès n’a pas été donnée', { exact: false })).toBeVisible();
        await unlock(page, password);
        await isIn(page);
      } finally {
        await line.stop();
      }
    });
  });

test('an account without a telephone opens by an application, from its creation on', async ({ page }) => {
  await page.goto('/');
  await creation.begin(page);
  await creation.describe(page, 'Cabinet des Érables');
  await creation.choosePassword(page, password, '');
  await creation.readKit(page);
  await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
  await creation.check(page);
  await page.getByRole('button', { name: 'Sans SMS', exact: false }).click({ timeout: 30_000 });
  const secret = ((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', '');
  await expectAccessible(page);
  await page.getByLabel('Code de l’application').fill(codeOf(secret, 0));
  await expect(page.locator('.recovery-codes code')).toHaveCount(10);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await creation.enter(page);
  await lock(page);
  await forgetDay(page);
  await unlock(page, password);
  // The step that confirmed it served already: the next one is fresh.
  await page.getByLabel('Code de l’application').fill(codeOf(secret, 1));
  await isIn(page);
});

for (const size of sizes)
  test.describe(`${size.name}, without PRF`, () => {
    test.use({ viewport: { width: size.width, height: size.height } });

    test('a passkey that gives no key is the second factor of the password', async ({ page }) => {
      const authenticator = await addAuthenticator(page, { hasPrf: false });
      await createPractice(page, password);
      await openWays(page);
      await wayRow(page, 'Clé d’accès').getByRole('button', { name: 'Ajouter' }).click();
      await page.getByRole('button', { name: 'Ajouter la clé' }).click();
      await expect(page.getByText('elle sera demandée après votre mot de passe', { exact: false })).toBeVisible();
      await expect(wayRow(page, 'Clé d’accès n° 1')).toBeVisible();
      await expect(wayRow(page, 'Clé d’accès de secours')).toHaveCount(0);
      await expect(page.getByText('Une seule façon d’entrer', { exact: false })).toBeVisible();
      await expectAccessible(page);
      // The same authenticator once more is told apart from a refusal.
      await wayRow(page, 'Clé d’accès après le mot de passe')
        .getByRole('button', { name: /^Ajouter/ })
        .click();
      await expect(page.getByText('est déjà l’une des vôtres', { exact: false })).toBeVisible();
      await lock(page);
      await expect(page.getByRole('button', { name: 'Ouvrir avec la clé d’accès' })).toHaveCount(0);
      await forgetDay(page);
      await unlock(page, password);
      await expectAccessible(page);
      await authenticator.refuse();
      await page.getByRole('button', { name: 'Donner la clé d’accès' }).click();
      await expect(page.getByText('La clé d’accès n’a pas été donnée', { exact: false })).toBeVisible();
      await authenticator.accept();
      await page.getByRole('button', { name: 'Donner la clé d’accès' }).click();
      await isIn(page);

      // Whoever has not the key takes another factor.
      await lock(page);
      await forgetDay(page);
      await unlock(page, password);
      await page.getByRole('button', { name: /Recevoir un SMS/ }).click();
      await typeLocalCode(page);
      await isIn(page);
      await openWays(page);
      await page.getByRole('button', { name: 'Retirer Clé d’accès n° 1' }).click();
      await expect(wayRow(page, 'Clé d’accès n° 1')).toHaveCount(0);
      await wayRow(page, 'Clé d’accès après le mot de passe')
        .getByRole('button', { name: /^Ajouter/ })
        .click();
      await expect(wayRow(page, 'Clé d’accès n° 1')).toBeVisible();
      await lock(page);
      await forgetDay(page);
      await unlock(page, password);
      await page.getByRole('button', { name: 'Donner la clé d’accès' }).click();
      await isIn(page);
      await page.keyboard.press('Alt+v');
      await expect(page.getByText('Une clé d’accès a été ajoutée aux seconds facteurs').first()).toBeVisible();
    });
  });

installed('Pro Santé Connect opens a device that it was linked to, and not for another person', async ({ page }) => {
  const provider = await startTestProvider();
  const serment = await startSerment(async (folder) => {
    const file = join(folder, 'psc.json');
    const { issuer, discoveryUrl, clientId, clientSecret } = provider.configuration;
    await writeFile(file, JSON.stringify({ issuer, discovery: discoveryUrl.href, clientId, clientSecret }));
    return ['--psc', file];
  });
  try {
    provider.serve(serment.url);
    await createPractice(page, password, undefined, serment.url);
    await openWays(page);
    await wayRow(page, 'Carte CPS ou e-CPS').getByRole('button', { name: 'Pro Santé Connect' }).click();
    await expect(page.getByText('Votre carte ouvre cet appareil.')).toBeVisible();
    await expectAccessible(page);
    await lock(page);
    for (const { width, height } of sizes) {
      await page.setViewportSize({ width, height });
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Pro Santé Connect' }).click();
      await expect(page.getByRole('heading', { name: 'Mes façons d’entrer' })).toBeVisible({ timeout: 20_000 });
      await expectAccessible(page);
      await lock(page);
    }
    const claims = { SubjectNameID: '899700000004', preferred_username: '899700000004' };
    provider.doctor = { ...provider.doctor, subject: 'other', claims: { ...provider.doctor.claims, ...claims } };
    await page.getByRole('button', { name: 'Pro Santé Connect' }).click();
    await expect(page.getByText(/celle d’une autre personne|numéro RPPS lisible/)).toBeVisible({ timeout: 20_000 });
  } finally {
    await serment.stop();
    await provider.close();
  }
});

async function isIn(page: Page): Promise<void> {
  await expect(page.getByText('Mot de passe oublié, ou autre appareil ?')).toHaveCount(0, { timeout: 20_000 });
}

/** The code of a secret as the screen shows it, `ahead` steps of 30 seconds from now. */
function codeOf(secret: string, ahead: number): string {
  return totpOf(base32nopad.decode(secret), Date.now() + ahead * 30_000);
}
