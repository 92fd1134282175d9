import { chromium, type Page } from '@playwright/test';
import { addAuthenticator } from '../../../e2e/harness/authenticator.ts';
import { chromiumLaunch } from '../../../e2e/harness/chromium.ts';
import { startSerment } from '../../../e2e/harness/serment.ts';
import { openDemo, openWays } from '../../../e2e/steps.ts';
import { chromiumAdvice, findChromium } from '../../chromium.ts';
import { buildWebIfStale } from '../../web-build.ts';
import type { Outcome, Proof } from '../proof.ts';
import type { AccessScene } from './scene.ts';

const rounds = 5;
const barMs = 1500;
const pin = '271828';

export const unlockProof: Proof<AccessScene> = {
  name: 'from the gesture that unlocks to the list of 1 200 patients, in Chromium, on a page just loaded',
  bar: `under ${barMs} ms, by password, PIN and passkey (medians of ${rounds})`,
  run: measure,
};

async function measure(): Promise<Outcome> {
  if ((await findChromium()) === null) return { figure: chromiumAdvice, holds: null };
  await buildWebIfStale();
  const serment = await startSerment();
  const browser = await chromium.launch(await chromiumLaunch());
  try {
    const context = await browser.newContext({ baseURL: serment.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
    const page = await context.newPage();
    await addAuthenticator(page, { hasPrf: true });
    await openDemo(page);
    await openWays(page);
    const byPassword = await medianOf(page, async () => {
      await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration');
      return () => page.keyboard.press('Enter');
    });
    await page.goto('/coffre/acces');
    await byHand(page);
    await page.locator('.ways-row', { hasText: 'Code PIN' }).getByRole('button').click();
    await page.getByLabel('Six chiffres').fill(pin);
    await page.getByLabel('Une seconde fois').fill(pin);
    await page.getByRole('dialog').getByRole('button', { name: 'Choisir' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const byPin = await medianOf(page, async () => {
      const input = page.getByLabel('Code PIN');
      await input.pressSequentially(pin.slice(0, -1));
      return () => page.keyboard.press(pin.slice(-1));
    });
    await page.goto('/coffre/acces');
    await page.getByRole('button', { name: 'Utiliser le mot de passe' }).click();
    await byHand(page);
    const passkeys = page.locator('.ways-row', { has: page.getByText('Clé d’accès', { exact: true }) });
    await passkeys.getByRole('button', { name: 'Ajouter' }).click();
    await page.getByRole('button', { name: 'Ajouter la clé' }).click();
    await page.getByText('1 clé ouvre cet appareil', { exact: false }).waitFor();
    const byPasskey = await medianOf(page, async () => {
      const button = page.getByRole('button', { name: 'Ouvrir avec la clé d’accès' });
      await button.waitFor();
      return () => button.click();
    });
    const figures = { password: byPassword, PIN: byPin, passkey: byPasskey };
    const slow = Object.entries(figures).filter(([, ms]) => ms >= barMs);
    return {
      figure: Object.entries(figures)
        .map(([way, ms]) => `${way} ${Math.round(ms)} ms`)
        .join(', '),
      holds: slow.length === 0,
      details: slow.map(([way, ms]) => `by ${way} it takes ${Math.round(ms)} ms`),
    };
  } finally {
    await browser.close();
    await serment.stop();
  }
}

async function byHand(page: Page): Promise<void> {
  await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sur cet appareil' }).waitFor();
}

/** `prepare` types all but the last gesture, and gives it. */
async function medianOf(page: Page, prepare: () => Promise<() => Promise<unknown>>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.goto('/patients');
    const last = await prepare();
    const startedAt = performance.now();
    await last();
    await page.getByRole('option').first().waitFor();
    times.push(performance.now() - startedAt);
  }
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? Number.NaN;
}
