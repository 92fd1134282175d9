import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { inviteMember } from '@serment/replica/invitation';
import type { Practice } from '@serment/replica/practice';
import { expectAccessible } from './accessible.ts';
import { makePractice, settle } from './harness/made-practice.ts';
import { join, openWays, wayRow } from './steps.ts';
import { installed, test } from './watched.ts';

const report = readFileSync(
  new URL('../packages/records/test/received/fixtures/benoit-utf8.hpr', import.meta.url),
  'utf8',
);

test('what others did and a critical result are told wherever one works, until they are dealt with', async ({
  page,
  browser,
  serment,
}) => {
  test.setTimeout(180_000);
  const { practice } = await makePractice(serment.url);
  await join(page, await invite(practice, serment.url, 'Lambert', 'Sophie'), 'un mot de passe assez long');
  const day = page.getByRole('link', { name: /^Aujourd’hui/ });
  await expect(day).toHaveText('Aujourd’hui');

  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  await join(
    await context.newPage(),
    await invite(practice, serment.url, 'Renard', 'Paul'),
    'un autre mot de passe long',
  );
  await expect(day).toHaveText('Aujourd’hui (1)', { timeout: 30_000 });
  // One that nobody flagged waits in its place, and interrupts nobody.
  await receive(practice, 'H');
  await expect(page.getByRole('link', { name: 'À classer (1)' })).toBeVisible({ timeout: 30_000 });
  await expect(day).toHaveText('Aujourd’hui (1)');
  await receive(practice, 'HH');
  await expect(day).toHaveText('Aujourd’hui (2)', { timeout: 30_000 });

  await day.click();
  const news = page.getByRole('region', { name: 'À savoir' });
  await expect(news.getByRole('link', { name: 'Dr Paul Renard a rejoint le cabinet' })).toBeVisible();
  await expectAccessible(page);
  await news.getByRole('button', { name: 'C’est vu' }).click();
  await expect(news.getByRole('link', { name: /a rejoint/ })).toHaveCount(0);
  await expect(news.getByRole('button', { name: 'C’est vu' })).toHaveCount(0);
  // What waits stays until it is done.
  await page.reload();
  await page.getByLabel('Mot de passe', { exact: true }).fill('un mot de passe assez long');
  await page.getByRole('button', { name: 'Déverrouiller' }).click();
  await expect(day).toHaveText('Aujourd’hui (1)', { timeout: 30_000 });
  await news.getByRole('link', { name: '1 résultat critique à lire' }).click();
  await expect(page.locator('.inbox-row').filter({ hasText: 'résultat critique' })).toHaveCount(1);
  await expectAccessible(page);
  await context.close();
  await practice.lock();
});

installed(
  'the system says what comes only where one asked for it, and names nobody',
  async ({ page, context, browser, serment }) => {
    test.setTimeout(180_000);
    const { practice } = await makePractice(serment.url);
    const invited = await invite(practice, serment.url, 'Lambert', 'Sophie');
    // A browser that refuses says so, and nothing is asked for before the button is pressed.
    const refusing = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
    const other = await refusing.newPage();
    await join(other, await invite(practice, serment.url, 'Renard', 'Paul'), 'un autre mot de passe long');
    await openWays(other);
    await wayRow(other, 'Notifications du système').getByRole('button', { name: 'Activer' }).click();
    await expect(other.getByText('Le navigateur les refuse pour ce site.', { exact: false })).toBeVisible();
    await expectAccessible(other);
    await refusing.close();

    await context.grantPermissions(['notifications'], { origin: serment.url });
    await join(page, invited, 'un mot de passe assez long');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await receive(practice, 'H');
    await expect(page.getByRole('link', { name: 'À classer (1)' })).toBeVisible({ timeout: 30_000 });
    expect(await shown(page)).toEqual([]);
    await openWays(page);
    const row = wayRow(page, 'Notifications du système');
    await row.getByRole('button', { name: 'Activer' }).click();
    await expect(row.getByRole('button', { name: 'Éteindre' })).toBeVisible();
    await lookAway(page);
    await receive(practice, 'HH');
    await expect.poll(() => shown(page), { timeout: 30_000 }).toEqual(['Un résultat critique est arrivé']);

    await row.getByRole('button', { name: 'Éteindre' }).click();
    await expect(row.getByRole('button', { name: 'Activer' })).toBeVisible();
    await receive(practice, 'LL');
    await expect(page.getByRole('link', { name: 'À classer (3)' })).toBeVisible({ timeout: 30_000 });
    expect(await shown(page)).toEqual(['Un résultat critique est arrivé']);
    await practice.lock();
  },
);

async function invite(practice: Practice, url: string, family: string, given: string) {
  const name = { family, given, prefix: 'Dr' };
  const { linkText, code } = await inviteMember(practice, { role: 'doctor', name, term: null });
  return { link: `${url}/invitation#${linkText}`, code };
}

let received = 0;

/** Another report each time, with a result that its laboratory flagged so. */
async function receive(practice: Practice, flag: 'H' | 'HH' | 'LL'): Promise<void> {
  received += 1;
  const text = report
    .replace('|7.4|%||6.0|H|', `|7.4|%||6.0|${flag}|`)
    .replace('0000116214', `000011${7000 + received}`);
  await settle(practice);
  await practice.inbox.receive({ name: 'benoit.hpr', bytes: new TextEncoder().encode(text) });
  await settle(practice);
}

/** What the system shows of this site. */
function shown(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body }) => `${title}${body}`);
  });
}

/** Another window is in front, as far as the browser knows. */
async function lookAway(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  const front = await page.context().newPage();
  await front.bringToFront();
}
