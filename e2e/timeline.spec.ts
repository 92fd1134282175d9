import { expect, type Page } from '@playwright/test';
import { inviteMember } from '@serment/replica/invitation';
import { expectAccessible } from './accessible.ts';
import { makePractice } from './harness/made-practice.ts';
import type { Serment } from './harness/serment.ts';
import { writeLongFile } from './long-file.ts';
import { join, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'un mot de passe assez long';
const count = 2000;
const patient = 'Patient/long-file';

/** A doctor's browser in a practice with one long file. */
async function openLongFile(page: Page, serment: Serment): Promise<void> {
  const { practice } = await makePractice(serment.url);
  await writeLongFile(practice, patient, count);
  const name = { family: 'Lambert', given: 'Sophie', prefix: 'Dr' };
  const { linkText, code } = await inviteMember(practice, { role: 'doctor', name, term: null });
  await join(page, { link: `${serment.url}/invitation#${linkText}`, code }, password);
  await practice.lock();
  await page.getByRole('option', { name: /DELORME/ }).click({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Consultation n° 0', exact: true })).toBeVisible({ timeout: 30_000 });
}

const drawn = (page: Page) => page.locator('.event').count();
const focused = (page: Page) => page.locator('.event:focus');

test('a long file is drawn as it is seen, narrowed, jumped in, printed whole and opened at one record', async ({
  page,
  serment,
}) => {
  test.setTimeout(240_000);
  await openLongFile(page, serment);
  expect(await drawn(page)).toBeLessThan(80);
  const status = page.getByRole('search', { name: 'Filtrer la chronologie' }).getByRole('status');
  await expect(status).toHaveText(/^2\s000\séléments$/);

  // A year jumps to its first item, and arrows go on from there.
  const years = page.getByRole('navigation', { name: 'Aller à une année' });
  await years.getByRole('button', { name: '2003' }).click();
  await expect(years.locator('[aria-current]')).toHaveText('2003');
  await expect(focused(page)).toBeInViewport();
  await expect(focused(page).locator('time')).toHaveAttribute('datetime', /^2003-12/);
  const place = Number(await focused(page).getAttribute('aria-posinset'));
  for (let step = 1; step <= 30; step += 1) {
    await page.keyboard.press('ArrowDown');
    await expect(focused(page)).toHaveAttribute('aria-posinset', String(place + step));
  }
  await expect(focused(page)).toBeInViewport();
  await page.keyboard.press('End');
  await expect(focused(page)).toHaveAttribute('aria-posinset', await lastPlace(page));
  await expect(focused(page)).toBeInViewport();
  // What has the focus stays, wherever one looks.
  await page.locator('.file-scroll').evaluate((scroll) => scroll.scrollTo({ top: 0 }));
  await expect(page.getByRole('heading', { name: 'Consultation n° 0', exact: true })).toBeInViewport();
  await expect(focused(page)).toHaveCount(1);
  expect(await drawn(page)).toBeLessThan(80);
  await expectAccessible(page);

  // Words and a kind, from the keyboard, in the address.
  await page.keyboard.press('Alt+f');
  await page.keyboard.type('echo visite 1996');
  await expect(status).toHaveText(/^\d+ sur 2\s000\séléments$/);
  await expect(page.locator('.event mark').first()).toHaveText('Écho');
  await expect(page).toHaveURL(/mots=echo/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('courrier');
  await expect(status).toHaveText(/^500 sur 2\s000\séléments$/);
  await page.getByLabel('Ce qui est montré').selectOption('vaccines');
  await expect(page.getByText('Rien dans ce dossier ne correspond à ce choix.')).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(status).toHaveText(/^500 sur 2\s000\séléments$/);
  await page.goForward();
  await page.reload();
  await unlock(page, password);
  await expect(page.getByText('Rien dans ce dossier ne correspond à ce choix.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('searchbox', { name: 'Mots dans ce dossier' })).toHaveValue('courrier');
  await page.getByRole('button', { name: 'Tout afficher', exact: true }).click();
  await expect(status).toHaveText(/^2\s000\séléments$/);

  // What is not seen is printed too, and what is left out is said.
  await page.getByLabel('Ce qui est montré').selectOption('vaccines');
  await expect(status).toHaveText(/^500 sur 2\s000\séléments$/);
  expect(await drawn(page)).toBeLessThan(80);
  await page.evaluate(() => {
    addEventListener('beforeprint', () => {
      document.body.dataset.printed = String(document.querySelectorAll('.event').length);
    });
  });
  await page.pdf({ format: 'A4' });
  await expect(page.locator('body')).toHaveAttribute('data-printed', '500');
  await expect.poll(() => drawn(page)).toBeLessThan(80);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(/Imprimé le .*500 sur 2\s000\séléments\s: Vaccins\. Ce qui a été saisi/)).toBeVisible();
  await page.emulateMedia({ media: 'screen' });

  // An address leads to one record.
  const url = new URL(page.url());
  url.search = `?fiche=Composition/n-1500`;
  await page.goto(url.href);
  await unlock(page, password);
  const marked = page.locator('.event[aria-current]');
  await expect(marked).toContainText('Consultation n° 1500', { timeout: 30_000 });
  await expect(marked).toBeInViewport();
  await expect(marked).toBeFocused();
});

async function lastPlace(page: Page): Promise<string> {
  return (await page.locator('.event').first().getAttribute('aria-setsize')) ?? '';
}
