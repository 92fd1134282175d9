import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { chromiumLaunch } from './harness/chromium.ts';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, enrol, lock, openWays, unlock, wayRow, writeNote } from './steps.ts';
import { installed as test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

test('a browser that starts with no network at all opens the practice, and reads it', async ({ serment }) => {
  const line = await startLine(serment.url);
  const profile = await mkdtemp(join(tmpdir(), 'serment-profile-'));
  let context = await browserOf(profile, line.url);
  try {
    let page = await context.newPage();
    await createPractice(page, password);
    await createPatient(page, { family: 'Perrin', given: 'Odile' });
    await writeNote(page, { reason: 'Contrôle', conclusion: 'Tension équilibrée.' });
    await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    await allowOffline(page);
    await isInstalled(page);
    await context.close();

    line.cut();
    context = await browserOf(profile, line.url);
    page = await context.newPage();
    await page.goto('/');
    await unlockOffline(page);
    await page
      .getByRole('option', { name: /PERRIN Odile/ })
      .first()
      .click({ timeout: 20_000 });
    await expect(page.getByRole('heading', { name: 'Tension équilibrée' })).toBeVisible({ timeout: 20_000 });
    await writeNote(page, { reason: 'Visite à domicile', conclusion: 'Plaie propre.' });
    await expect(page.locator('[data-testid=last-save] [data-state=device]')).toBeVisible();
    // Nothing is said before it is closed: what counts is what the disk holds.
    await context.close();

    line.mend();
    context = await browserOf(profile, line.url);
    page = await context.newPage();
    await page.goto('/');
    await page.getByLabel('Mot de passe', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Déverrouiller' }).click();
    await page
      .getByRole('option', { name: /PERRIN Odile/ })
      .first()
      .click({ timeout: 20_000 });
    await expect(page.getByText('Rien en attente sur cet appareil')).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('heading', { name: 'Plaie propre' })).toHaveCount(1);
    await expect(page.getByRole('heading', { name: 'Tension équilibrée' })).toHaveCount(1);
  } finally {
    await context.close();
    await line.stop();
    await rm(profile, { recursive: true, force: true });
  }
});

test('a file that is not on this device says so, and is kept once the network is back', async ({ page, serment }) => {
  const line = await startLine(serment.url);
  try {
    await createPractice(page, password, undefined, line.url);
    for (const family of ['Perrin', 'Abadie']) {
      await createPatient(page, { family, given: 'Odile' });
      await writeNote(page, { reason: 'Contrôle', conclusion: `Sarcoïdose de ${family}.` });
      await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    }
    await forgetPayloads(page);
    await page.reload();
    await enterAgain(page);
    await pick(page, /ABADIE Odile/);
    await expect(page.getByTestId('kept')).toContainText('Lisible sans réseau', { timeout: 20_000 });
    await isInstalled(page);

    line.cut();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 60_000 });
    await pick(page, /PERRIN Odile/);
    await expect(page.getByText('Ce dossier n’est pas sur cet appareil.')).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Le garder ici dès le retour du réseau' }).click();
    await expect(page.getByText('Il sera gardé sur cet appareil dès le retour du réseau.')).toBeVisible();
    await pick(page, /ABADIE Odile/);
    await expect(page.getByRole('heading', { name: 'Sarcoïdose de Abadie' })).toBeVisible();
    await pick(page, /PERRIN Odile/);

    // It opens by itself where it was asked for, and stays.
    line.mend();
    await expect(page.getByRole('heading', { name: 'Sarcoïdose de Perrin' })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByTestId('kept')).toContainText('Gardé sur cet appareil');
    await expectAccessible(page);
    expect(await clearTextOnDisk(page, ['Sarcoïdose', 'Contrôle', 'PERRIN', 'Perrin', 'Abadie', 'Odile'])).toEqual([]);
  } finally {
    await line.stop();
  }
});

test('a save says only what is true, whatever happens to the line and to the window', async ({
  page,
  context,
  serment,
}) => {
  const line = await startLine(serment.url);
  const last = page.getByTestId('last-save');
  const note = (text: string) => page.locator('.event', { has: page.getByRole('heading', { name: text }) });
  try {
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Perrin', given: 'Odile' });

    // The host makes it durable, and its answer is lost: until it is known, it is on this device.
    line.deafen();
    await writeNote(page, { reason: 'Un', conclusion: 'Réponse perdue.' });
    await expect(last.locator('[data-state=device]')).toBeVisible();
    line.cut();
    await expect(page.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 60_000 });
    await expect(last.locator('[data-state=device]')).toBeVisible();
    await expect(note('Réponse perdue').locator('[data-state=device]')).toBeVisible();
    line.mend();
    await expect(last.locator('[data-state=copy]')).toBeVisible({ timeout: 60_000 });
    await expect(note('Réponse perdue')).toHaveCount(1);

    // The window is closed while it sends: another one goes on.
    line.hold();
    await writeNote(page, { reason: 'Deux', conclusion: 'Fenêtre fermée.' });
    await expect(last.locator('[data-state=device]')).toBeVisible();
    await page.close();
    line.cut();
    line.mend();
    const next = await context.newPage();
    await next.goto(line.url);
    await enterAgain(next);
    await pick(next, /PERRIN Odile/);
    const closed = next.locator('.event', { has: next.getByRole('heading', { name: 'Fenêtre fermée' }) });
    await expect(closed.locator('[data-state=copy]')).toBeVisible({ timeout: 60_000 });
    await expect(closed).toHaveCount(1);

    // Two windows of one device count the same saves.
    const other = await context.newPage();
    await other.goto(next.url());
    await other.getByRole('button', { name: 'Consultation', exact: true }).waitFor({ timeout: 20_000 });
    line.cut();
    await writeNote(next, { reason: 'Trois', conclusion: 'Vue des deux.' });
    for (const window of [next, other]) {
      await expect(window.getByText('1 écrit en attente sur cet appareil')).toBeVisible({ timeout: 20_000 });
      await expect(window.locator('.event [data-state=device]')).toHaveCount(1);
    }
    line.mend();
    for (const window of [next, other])
      await expect(window.getByText('Rien en attente sur cet appareil')).toBeVisible({ timeout: 60_000 });
  } finally {
    await line.stop();
  }
});

test('two devices that changed one note without a network show both versions', async ({ page, browser, serment }) => {
  const [desk, home] = [await startLine(serment.url), await startLine(serment.url)];
  const second = await browser.newContext({ baseURL: home.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  try {
    const kit = await createPractice(page, password, undefined, desk.url);
    await createPatient(page, { family: 'Perrin', given: 'Odile' });
    await writeNote(page, { reason: 'Genou', conclusion: 'Entorse.' });
    await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
    const away = await second.newPage();
    await enrol(away, kit, null);
    await pick(away, /PERRIN Odile/);
    await expect(away.getByRole('heading', { name: 'Entorse' })).toBeVisible({ timeout: 20_000 });

    for (const [window, line, text] of [
      [page, desk, 'Entorse bénigne.'],
      [away, home, 'Entorse grave.'],
    ] as const) {
      line.cut();
      await expect(window.getByRole('button', { name: /Hors ligne/ })).toBeVisible({ timeout: 60_000 });
      await window.getByRole('button', { name: 'Modifier', exact: true }).click();
      await window.getByLabel('Conclusion').fill(text);
      await window.getByRole('button', { name: 'Enregistrer' }).click();
      await expect(window.getByTestId('last-save').locator('[data-state=device]')).toBeVisible();
    }
    desk.mend();
    await expect(page.getByTestId('last-save').locator('[data-state=copy]')).toBeVisible({ timeout: 60_000 });
    home.mend();
    for (const window of [page, away]) {
      const conflict = window.getByTestId('conflict');
      await expect(conflict).toBeVisible({ timeout: 60_000 });
      await expect(conflict).toContainText('Entorse bénigne.');
      await expect(conflict).toContainText('Entorse grave.');
    }
    // It is told after a lock too, before the file is opened again, until somebody has chosen.
    await page.keyboard.press('Alt+j');
    const told = page.getByRole('link', { name: /^PERRIN Odile\s: deux versions/ });
    await expect(told).toBeVisible({ timeout: 20_000 });
    await lock(page);
    await enterAgain(page);
    await expect(told).toBeVisible({ timeout: 20_000 });
    await away.getByRole('button', { name: 'Garder celle-ci' }).first().click();
    await expect(told).toBeHidden({ timeout: 30_000 });
  } finally {
    await second.close();
    await desk.stop();
    await home.stop();
  }
});

/** A browser on a profile of its own, which its next start finds again. */
async function browserOf(profile: string, baseURL: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    ...(await chromiumLaunch()),
    ...{ baseURL, locale: 'fr-FR', timezoneId: 'Europe/Paris', reducedMotion: 'reduce' },
    viewport: { width: 1440, height: 900 },
  });
}

async function allowOffline(page: Page): Promise<void> {
  await openWays(page);
  const row = wayRow(page, 'Mot de passe hors ligne');
  await row.getByRole('button', { name: 'Activer' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Mot de passe', { exact: true }).fill(password);
  await sheet.getByRole('button', { name: 'Activer' }).click();
  await expect(sheet).toHaveCount(0, { timeout: 30_000 });
}

async function unlockOffline(page: Page): Promise<void> {
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  const offline = page.getByRole('button', { name: 'Ouvrir hors ligne' });
  if (!(await offline.isVisible())) {
    await page.getByRole('button', { name: 'Déverrouiller' }).click();
    await offline.waitFor({ timeout: 40_000 });
  }
  await offline.click();
  await page.getByRole('button', { name: /Hors ligne/ }).waitFor({ timeout: 30_000 });
}

/** Waits until the application is on this device, whole. */
async function isInstalled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

async function enterAgain(page: Page): Promise<void> {
  await unlock(page, password);
  await page.locator('.side-who').waitFor({ timeout: 30_000 });
}

async function pick(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('option', { name }).first().click({ timeout: 20_000 });
}

/** As a device is that was added since: it knows the list, and nothing of the files. */
async function forgetPayloads(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const opened = indexedDB.open('serment');
    await new Promise((resolve) => opened.addEventListener('success', resolve, { once: true }));
    const store = opened.result.transaction('cache', 'readwrite').objectStore('cache');
    const keys = store.getAllKeys();
    await new Promise((resolve) => keys.addEventListener('success', resolve, { once: true }));
    for (const key of keys.result) if (/\/payloads?\//.test(String(key))) store.delete(key);
    await new Promise((resolve) => store.transaction.addEventListener('complete', resolve, { once: true }));
    opened.result.close();
  });
}

/** Which of these texts stand in clear in anything that this origin keeps in the browser. */
function clearTextOnDisk(page: Page, texts: readonly string[]): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const opened = indexedDB.open('serment');
    await new Promise((resolve) => opened.addEventListener('success', resolve, { once: true }));
    const store = opened.result.transaction('cache').objectStore('cache');
    const [keys, values] = [store.getAllKeys(), store.getAll()];
    await new Promise((resolve) => values.addEventListener('success', resolve, { once: true }));
    opened.result.close();
    const kept = values.result.map((value: Uint8Array) => new TextDecoder().decode(value));
    const all = [...kept, ...keys.result.map(String), ...Object.values({ ...localStorage, ...sessionStorage })];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) all.push(request.url);
    if (kept.length < 5) throw new Error('Too little is kept here to prove anything');
    const isApi = all.some((text) => text.includes('/api/'));
    return [...wanted.filter((text) => all.some((one) => one.includes(text))), ...(isApi ? ['/api/'] : [])];
  }, texts);
}
