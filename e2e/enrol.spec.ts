import { type Browser, expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { makeMovedClock } from './harness/moved-clock.ts';
import { startSerment } from './harness/serment.ts';
import {
  beginAdding,
  beginNewcomer,
  createPatient,
  createPractice,
  openMembers,
  openWays,
  readCode,
  toPatients,
  typeReference,
  unlock,
} from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

/** A telephone, which no practice knows. */
async function telephone(browser: Browser, baseURL: string): Promise<Page> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ baseURL, viewport, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return context.newPage();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name });

test('a telephone is added by the open computer, once the same code was seen on both', async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(180_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Perrin', given: 'Odile' });
  const phone = await telephone(browser, baseURL ?? '');
  const reference = await beginNewcomer(phone);
  expect(reference).toMatch(/^[0-9A-Z]{4} [0-9A-Z]{4}$/);
  await beginAdding(page, 'ZZZZ');
  await expect(page.getByText('Le repère a 8 caractères', { exact: false })).toBeVisible();
  await typeReference(page, 'ZZZZ ZZZZ');
  await expect(page.getByText('Aucun appareil n’attend sous ce repère.', { exact: false })).toBeVisible();
  await typeReference(page, reference.toLowerCase());

  const code = await readCode(page);
  expect(code).toMatch(/^\d{4} \d{4}$/);
  expect(await readCode(phone)).toBe(code);
  for (const one of [page, phone]) {
    await expectAccessible(one);
  }
  // Neither goes on with the answer that the other was given.
  await page.getByRole('button', { name: 'C’est le même : ajouter l’appareil' }).click();
  await expect(heading(page, 'L’appareil est ajouté')).toBeVisible({ timeout: 20_000 });
  await expect(heading(phone, 'Est-ce le même code ?')).toBeVisible();
  await phone.getByRole('button', { name: 'C’est le même code' }).click();
  await phone.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
  await toPatients(phone);
  await expect(phone.getByRole('option', { name: /PERRIN Odile/ }).first()).toBeVisible({ timeout: 20_000 });

  // All members see it, and it opens by the password that its member has, then by a PIN of its own.
  await page.keyboard.press('Alt+v');
  await expect(page.getByText('Un appareil a été ajouté', { exact: false }).first()).toBeVisible({ timeout: 20_000 });
  await openMembers(page);
  await expect(page.getByRole('region', { name: 'Jeanne Aubert' }).locator('.member-device')).toHaveCount(3);
  await openWays(phone);
  await phone.getByRole('button', { name: 'Choisir' }).click();
  await phone.getByLabel('Six chiffres').fill('271828');
  await phone.getByLabel('Une seconde fois').fill('271828');
  await phone.getByRole('dialog').getByRole('button', { name: 'Choisir' }).click();
  await phone.getByRole('dialog').waitFor({ state: 'detached' });
  await phone.keyboard.press('Alt+l');
  await phone.getByRole('button', { name: 'Utiliser le mot de passe' }).click();
  await unlock(phone, password);
  await expect(heading(phone, 'Sur cet appareil')).toBeVisible({ timeout: 20_000 });
  await phone.context().close();
});

test('the text of the QR code, pasted or read by a camera, needs no comparison', async ({ page, browser, baseURL }) => {
  test.setTimeout(180_000);
  // This Chromium reads no codes: what it would have read is put in its place.
  await page.addInitScript(() => {
    class Detector {
      async detect() {
        const seen: unknown = Reflect.get(globalThis, 'seenByCamera');
        return typeof seen === 'string' ? [{ rawValue: 'https://exemple.fr' }, { rawValue: seen }] : [];
      }
    }
    Reflect.set(globalThis, 'BarcodeDetector', Detector);
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas');
      canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
      return canvas.captureStream(5);
    };
  });
  await createPractice(page, password);
  for (const way of ['pasted', 'read'] as const) {
    const phone = await telephone(browser, baseURL ?? '');
    await beginNewcomer(phone);
    await phone.getByRole('button', { name: 'Copier le texte du code' }).click();
    await expect(phone.getByText('Copié', { exact: true })).toBeVisible();
    const text = await phone.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/^SERMENT-DEVICE:[0-9A-Z]{119}$/);
    if (way === 'pasted') await beginAdding(page, text);
    else {
      await openWays(page);
      await page.getByRole('link', { name: 'Ajouter un appareil' }).click();
      await page.getByRole('button', { name: 'Lire le code QR' }).click();
      await expect(page.getByText('Visez le code QR', { exact: false })).toBeVisible();
      await page.evaluate((seen) => Reflect.set(globalThis, 'seenByCamera', seen), text);
    }
    await expect(heading(page, 'Ajouter cet appareil ?')).toBeVisible({ timeout: 20_000 });
    await expect(heading(phone, 'Confirmez sur l’autre appareil')).toBeVisible({ timeout: 20_000 });
    expect(await readCode(phone)).toBe(await readCode(page));
    await page.getByRole('button', { name: 'Ajouter l’appareil' }).click();
    await expect(heading(page, 'L’appareil est ajouté')).toBeVisible({ timeout: 20_000 });
    await phone.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
    await expect(phone.getByText('Aucun patient pour l’instant.')).toBeVisible({ timeout: 20_000 });
    await phone.context().close();
  }
});

test('two codes that differ drop everything, and members are told; so do a refusal and giving up', async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(180_000);
  await createPractice(page, password);
  const phone = await telephone(browser, baseURL ?? '');
  const again = (one: Page) => one.getByRole('button', { name: 'Recommencer' }).click();
  const reference = async () => (await phone.getByTestId('compared-reference').textContent({ timeout: 20_000 })) ?? '';

  await beginAdding(page, await beginNewcomer(phone));
  await readCode(phone);
  await page.getByRole('button', { name: 'Ils sont différents' }).click();
  await expect(page.getByRole('alert')).toContainText('Quelqu’un s’est peut-être placé entre les deux appareils.');
  await expect(page.getByText('Les codes sont différents')).toBeVisible();
  await expect(
    phone.getByText('L’un des deux appareils a signalé des codes différents.', { exact: false }),
  ).toBeVisible({
    timeout: 20_000,
  });

  await again(phone);
  await again(page);
  await typeReference(page, await reference());
  await readCode(page);
  await phone.getByRole('button', { name: 'Ils sont différents' }).click({ timeout: 20_000 });
  await expect(phone.getByText('Rien n’est gardé sur cet appareil', { exact: false })).toBeVisible();
  await expect(page.getByText('L’un des deux appareils a signalé des codes différents.', { exact: false })).toBeVisible(
    {
      timeout: 20_000,
    },
  );

  await again(phone);
  await again(page);
  await typeReference(page, await reference());
  await readCode(page);
  await page.getByRole('button', { name: 'Annuler' }).click();
  await expect(phone.getByText('L’ajout a été refusé sur l’autre appareil.', { exact: false })).toBeVisible({
    timeout: 20_000,
  });

  await again(phone);
  await typeReference(page, await reference());
  await readCode(phone);
  await phone.getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByText('Le nouvel appareil a abandonné.', { exact: false })).toBeVisible({ timeout: 20_000 });
  await expect(phone.getByRole('button', { name: /Créer un cabinet/ })).toBeVisible();

  // Whoever leaves the page has refused.
  await again(page);
  await typeReference(page, await beginNewcomer(phone));
  await readCode(page);
  await page.keyboard.press('Alt+v');
  await expect(phone.getByText('L’ajout a été refusé sur l’autre appareil.', { exact: false })).toBeVisible({
    timeout: 20_000,
  });
  await expect(
    page.getByText('Un appareil n’a pas été ajouté : les deux codes différaient', { exact: false }),
  ).toHaveCount(2);
  await openMembers(page);
  await expect(page.getByRole('region', { name: 'Jeanne Aubert' }).locator('.member-device')).toHaveCount(2);
  await phone.context().close();
});

installed(
  'a line that is cut is said, and the enrolment goes on once it is mended',
  async ({ page, browser, serment }) => {
    test.setTimeout(180_000);
    const line = await startLine(serment.url);
    try {
      await createPractice(page, password);
      const phone = await telephone(browser, line.url);
      const reference = await beginNewcomer(phone, line.url);
      line.cut();
      const cut = phone.getByText('La ligne est coupée : Serment réessaie.');
      await expect(cut).toBeVisible({ timeout: 20_000 });
      await beginAdding(page, reference);
      await expect(page.getByText('Le nouvel appareil répond…')).toBeVisible();
      line.mend();
      const code = await readCode(page);
      expect(await readCode(phone)).toBe(code);
      await phone.getByRole('button', { name: 'C’est le même code' }).click();
      line.cut();
      await expect(cut).toBeVisible({ timeout: 20_000 });
      await page.getByRole('button', { name: 'C’est le même : ajouter l’appareil' }).click();
      await expect(heading(page, 'L’appareil est ajouté')).toBeVisible({ timeout: 20_000 });
      line.mend();
      await phone.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
      await expect(phone.getByText('Aucun patient pour l’instant.')).toBeVisible({ timeout: 20_000 });
      await phone.context().close();
    } finally {
      await line.stop();
    }
  },
);

test('a device that nobody added within five minutes is told so on both screens, and nothing was added', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const clock = await makeMovedClock();
  const serment = await startSerment(undefined, clock.env);
  try {
    await createPractice(page, password, undefined, serment.url);
    const phone = await telephone(browser, serment.url);
    const reference = await beginNewcomer(phone, serment.url);
    await beginAdding(page, reference);
    expect(await readCode(phone)).toBe(await readCode(page));
    await clock.moveTo(5 * 60_000 + 1000);
    const over = 'Le temps est passé : cinq minutes au plus. Rien n’a été ajouté.';
    for (const one of [page, phone])
      await expect(one.getByText(over, { exact: false })).toBeVisible({ timeout: 20_000 });
    // A new one begins, and the page still knows how.
    await phone.getByRole('button', { name: 'Recommencer' }).click();
    await expect(phone.getByTestId('compared-reference')).not.toHaveText(reference);
    await page.keyboard.press('Alt+v');
    // The founder's own, and no other.
    await expect(page.getByText('Un appareil a été ajouté', { exact: false })).toHaveCount(1);
    await phone.context().close();
  } finally {
    await serment.stop();
    await clock.remove();
  }
});
