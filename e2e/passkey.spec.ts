import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { addAuthenticator } from './harness/authenticator.ts';
import { startLine } from './harness/line.ts';
import { clearSiteData, createPatient, createPractice, openWays, toPatients, wayRow } from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const sizes = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

for (const viewport of sizes)
  test.describe(`at ${viewport.width} pixels`, () => {
    test.use({ viewport });

    installed('a passkey brings an erased browser back, until it is removed', async ({ page, serment }) => {
      test.setTimeout(180_000);
      const line = await startLine(serment.url);
      const authenticator = await addAuthenticator(page, { hasPrf: true });
      try {
        await createPractice(page, password, undefined, line.url);
        await createPatient(page, { family: 'Morel', given: 'Anne' });
        await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
        await openWays(page);
        await wayRow(page, 'Clé d’accès').getByRole('button', { name: 'Ajouter' }).click();
        // Asked for: a passkey opens its device alone by itself.
        await page.getByRole('checkbox', { name: 'Elle en ajoute aussi un nouveau', exact: false }).check();
        await expect(page.getByText('peut ajouter un appareil', { exact: false })).toBeVisible();
        await expectAccessible(page);
        // A line that is cut loses nothing, and asks for no second gesture.
        line.cut();
        await page.getByRole('button', { name: 'Ajouter la clé' }).click();
        await expect(page.getByRole('dialog').locator('.notice')).toBeVisible({ timeout: 20_000 });
        line.mend();
        await authenticator.refuse();
        await page.getByRole('button', { name: 'Ajouter la clé' }).click();
        await expect(wayRow(page, 'Clé d’accès de secours')).toContainText('n’a pas servi', { timeout: 20_000 });
        await expect(page.getByText('1 clé ouvre cet appareil', { exact: false })).toBeVisible();
        await authenticator.accept();
        await expectAccessible(page);

        await clearSiteData(page, line.url);
        await beginByPasskey(page, line.url);
        await expectAccessible(page);
        // Not given, then given.
        await authenticator.refuse();
        await submit(page);
        await expect(page.getByText('Aucune clé d’accès n’a été donnée', { exact: false })).toBeVisible();
        await authenticator.accept();
        line.cut();
        await submit(page);
        await expect(page.getByRole('button', { name: 'Réessayer' })).toBeVisible({ timeout: 20_000 });
        line.mend();
        await page.getByRole('button', { name: 'Réessayer' }).click();
        await page.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
        await toPatients(page);
        await expect(page.getByRole('option', { name: /Morel/i })).toBeVisible({ timeout: 30_000 });
        await page.keyboard.press('Alt+v');
        await expect(page.getByText('Une clé d’accès a servi à ajouter un appareil', { exact: false })).toBeVisible();
        await openWays(page);
        await expect(wayRow(page, 'Clé d’accès de secours')).toContainText('a servi');
        await page.getByRole('button', { name: 'Retirer la clé d’accès de secours' }).click();
        await expectAccessible(page);
        await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
        await expect(wayRow(page, 'Clé d’accès de secours')).toHaveCount(0, { timeout: 20_000 });

        await clearSiteData(page, line.url);
        await beginByPasskey(page, line.url);
        await submit(page);
        await expect(page.getByText('Cette clé d’accès a été retirée', { exact: false })).toBeVisible();
        await expectAccessible(page);
        await authenticator.refuse();
        await submit(page);
        await expect(page.getByText('Aucune clé d’accès n’a été donnée', { exact: false })).toBeVisible();
      } finally {
        await line.stop();
      }
    });
  });

test('a browser that has no passkey of Serment says so', async ({ page }) => {
  await addAuthenticator(page, { hasPrf: false });
  await beginByPasskey(page, '/');
  await submit(page);
  await expect(page.getByText('Aucune clé d’accès n’a été donnée', { exact: false })).toBeVisible();
});

async function beginByPasskey(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: /J’ai déjà Serment sur un autre appareil/ }).click();
  await page.getByRole('button', { name: 'Avec une clé d’accès' }).click();
}

async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
}
