import { expect, type Page } from '@playwright/test';
import { hexToBytes } from '@serment/core/bytes';
import { memoryCache } from '@serment/replica/cache';
import { acceptInvitation } from '@serment/replica/invitation-acceptance';
import { holdDevice, unfreezeDevice } from '@serment/replica/members';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { create, note } from '../packages/replica/test/practice-setup.ts';
import { expectAccessible } from './accessible.ts';
import { settle } from './harness/made-practice.ts';
import { createPatient, createPractice, invite, openDemo, openMembers, typeLocalCode, writeNote } from './steps.ts';
import { test } from './watched.ts';

const bar = (page: Page) => page.getByText('Cet appareil est retenu.');
const shieldOf = (page: Page) => page.locator('.shield-button').first();

/** A colleague's device, which needs no browser. */
async function joinElsewhere(baseUrl: string, { link, code }: { link: string; code: string }): Promise<Practice> {
  const linkText = new URL(link).hash.slice(1);
  const asked = { transport: new Transport({ baseUrl }), linkText, code, label: 'browser' } as const;
  const { practice, seed } = await acceptInvitation(asked);
  return openPractice({ transport: new Transport({ baseUrl }), cache: memoryCache(), practice, seed });
}

async function chooseHolds(page: Page): Promise<void> {
  const choice = page.getByRole('region', { name: 'Activité inhabituelle' });
  await expect(choice).toContainText('est signalé à tous, et continue');
  await choice.getByRole('button', { name: 'Retenir ces appareils' }).click();
  await expect(choice).toContainText('est retenu jusqu’à ce qu’un membre dise que c’était voulu');
}

test('a colleague’s device that reads too much is held, and one’s own: each says that it was meant', async ({
  page,
  serment,
}) => {
  test.setTimeout(240_000);
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Perrin', given: 'Odile' });
  const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Secrétaire médicale' });
  const sophie = await joinElsewhere(serment.url, invited);
  await page.getByRole('button', { name: 'Les deux sont transmis' }).click();
  await chooseHolds(page);
  await expectAccessible(page);
  await sophie.sync();
  const [patient] = sophie.directory.list(0, 1);
  const id = patient?.id.slice('Patient/'.length) ?? '';
  for (let place = 0; place < 420; place += 1) await create(sophie, id, note(`n${place}`, id, 'Une ligne'));
  await settle(sophie);
  const newest = sophie.mirror.size;
  // What the host writes of others' reading stands among them.
  const read = await sophie.transport.payloads(Array.from({ length: 480 }, (_, place) => newest - 1 - place));
  expect(read.filter(({ payload }) => payload !== null).length).toBeGreaterThan(310);
  await expect(shieldOf(page)).toHaveAttribute('data-condition', 'device-held', { timeout: 20_000 });
  await page.keyboard.press('Alt+t');
  await shieldOf(page).click();
  await page.getByRole('button', { name: 'Voir cet appareil' }).click();
  const row = page.getByRole('region', { name: 'Sophie Lambert' });
  await expect(row).toContainText('a lu bien plus de dossiers que d’habitude');
  await expect(row.getByRole('link', { name: 'Voir ce qu’il a écrit' })).toBeVisible();
  await expectAccessible(page);
  await sophie.sync();
  await create(sophie, id, note('waiting', id, 'Attend ici'));
  await sophie.sync();
  expect([sophie.isHeld, sophie.status().pending]).toEqual([true, 1]);
  await row.getByRole('button', { name: /^C’était nous/ }).click();
  await expect(row).not.toContainText('Retenu', { timeout: 20_000 });
  await expect(shieldOf(page)).not.toHaveAttribute('data-condition', 'device-held');
  await sophie.sync();
  await settle(sophie);
  expect([sophie.isHeld, sophie.status().pending]).toEqual([false, 0]);

  // One's own, in two windows: one goes on reading and writing, and nothing leaves.
  const own = [...sophie.mirror.governance.authors.values()].find(
    ({ type, label, member }) => type === 'device' && label === 'browser' && member !== sophie.status().member,
  );
  const second = await page.context().newPage();
  await second.goto('/patients');
  await holdDevice(sophie, own?.author ?? hexToBytes('00'));
  await expect(bar(page)).toBeVisible({ timeout: 20_000 });
  await expect(bar(second)).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Alt+p');
  await page.getByRole('option', { name: /PERRIN/ }).click();
  await writeNote(page, { reason: 'Pendant la retenue', conclusion: 'Examen normal' });
  await expect(page.locator('.event h3', { hasText: 'Examen normal' })).toBeVisible();
  await expect(page.getByText('1 enregistrement attend ici', { exact: false })).toBeVisible();
  await second.getByRole('link', { name: 'Que faire' }).click();
  await expect(second.getByRole('heading', { name: 'Cet appareil est retenu' })).toBeVisible();
  await expect(second.getByText('Sophie Lambert', { exact: false })).toBeVisible();
  await expect(second.getByRole('button', { name: /^Le dire ici/ })).toHaveCount(0);
  await expectAccessible(second);
  await unfreezeDevice(sophie, own?.author ?? hexToBytes('00'));
  await expect(second.getByRole('heading', { name: 'Cet appareil n’est pas retenu' })).toBeVisible({ timeout: 20_000 });
  await expect(bar(page)).toHaveCount(0);
  await expect(page.getByTestId('last-save').locator('.save-state')).not.toHaveAttribute('data-state', 'device', {
    timeout: 20_000,
  });
  await sophie.lock();
});

test('who is alone lets the device go by password and second factor', async ({ page }) => {
  test.setTimeout(240_000);
  await openDemo(page);
  await openMembers(page);
  await chooseHolds(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('lombalgie');
  await page.getByRole('option', { name: 'Chercher « lombalgie » dans tous les dossiers' }).click();
  await page.getByRole('button', { name: 'Lire tous les dossiers' }).click();
  await expect(bar(page)).toBeVisible({ timeout: 120_000 });
  await expect(shieldOf(page)).toHaveAttribute('data-condition', 'this-held');
  await page.getByRole('link', { name: 'Que faire' }).click();
  await expect(page.getByText('lire bien plus de dossiers', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: /^Le dire ici/ }).click();
  await page.getByLabel('Mot de passe', { exact: true }).fill('un tout autre');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(
    page.getByText('Ce n’est pas ce mot de passe', { exact: false }).or(page.locator('[id$=-error]')),
  ).toBeVisible();
  await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.locator('.local-code').waitFor({ timeout: 30_000 });
  await expectAccessible(page);
  await typeLocalCode(page);
  await expect(page.getByRole('heading', { name: 'Cet appareil n’est pas retenu' })).toBeVisible({ timeout: 30_000 });
  await expect(bar(page)).toHaveCount(0);
});
