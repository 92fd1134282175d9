import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPractice } from './steps.ts';
import { test } from './watched.ts';

// What the service worker gives passes no route.
test.use({ serviceWorkers: 'block' });

/** Holds the files whose names begin so until what it gives is called. */
async function hold(page: Page, ...names: string[]): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(new RegExp(`/assets/(?:${names.join('|')})-.*\\.js$`), async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

test('a button that is pressed before its code is there opens once it is, and has the focus back', async ({ page }) => {
  test.setTimeout(120_000);
  const come = await hold(page, 'app-menu', 'shield-popover');
  await createPractice(page, 'quatre tilleuls au printemps');
  const menu = page.getByRole('button', { name: 'Menu', exact: true });
  const shield = page.locator('.shield-button');
  await menu.press('Enter');
  await shield.focus();
  come();
  // It came while somebody was elsewhere: the focus is where it was, or in what was opened.
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(shield).toBeFocused();
  await shield.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Mon coffre' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(shield).toBeFocused();
  await menu.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Raccourcis' })).toBeVisible();
  // A menu takes the focus a moment after it is drawn: no hand is as fast as this one.
  await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
});

test('what does not come is told of, and the rest goes on', async ({ page }) => {
  test.setTimeout(120_000);
  await page.route(/\/assets\/(?:shortcuts|app-menu|en|en-rest)-.*\.js$/, (route) => route.abort());
  await createPractice(page, 'quatre tilleuls au printemps');
  await expect(page.getByText('Une partie de Serment n’est pas arrivée.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Menu', exact: true }).press('Enter');
  await page.getByRole('link', { name: 'Mon coffre' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Alt+l');
  await page.getByRole('button', { name: 'Read Serment in English' }).click();
  await expect(page.getByText('Une partie de Serment n’est pas arrivée.')).toBeVisible();
  await page.getByRole('button', { name: 'J’ai un problème' }).click();
  await expect(page.getByRole('dialog', { name: 'J’ai un problème' })).toBeVisible();
});

test('a page whose language does not come is in French, and not blank', async ({ browser, serment }) => {
  const context = await browser.newContext({ baseURL: serment.url, locale: 'en-GB' });
  const page = await context.newPage();
  await page.route(/\/assets\/en-.*\.js$/, (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Créer un cabinet' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await context.close();
});
