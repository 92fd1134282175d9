import { type Browser, expect } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { test } from './watched.ts';

test('an origin without cryptography explains itself', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
    Object.defineProperty(crypto, 'subtle', { value: undefined });
  });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Cette adresse ne permet pas de chiffrer' })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('a browser without Ed25519 gets a clear page', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(crypto.subtle, 'generateKey', {
      value: () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
    });
  });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Ce navigateur est trop ancien' })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('a browser that reads English gets English, and can change', async ({ browser, serment }) => {
  const context = await browser.newContext({ baseURL: serment.url, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.getByRole('button', { name: /Create a practice/ })).toBeVisible();
  await page.getByRole('button', { name: 'Lire Serment en français' }).click();
  await expect(page.getByRole('button', { name: /Créer un cabinet/ })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await context.close();
});

test.describe('a page of which a part does not come', () => {
  const parts = { check: ['**/check-browser.js', 2], application: ['**/assets/index-*.js', 1] } as const;
  /** A window without a service worker, whose requests for that part fail so many times. */
  const withoutPart = async (browser: Browser, baseURL: string, path: string, times: number) => {
    const context = await browser.newContext({ baseURL, locale: 'fr-FR', serviceWorkers: 'block' });
    await context.route(path, (route) => route.abort(), { times });
    return context;
  };

  for (const [name, [path, times]] of Object.entries(parts))
    test(`begins again by itself: ${name}`, async ({ browser, serment }) => {
      const context = await withoutPart(browser, serment.url, path, times);
      const page = await context.newPage();
      await page.goto('/');
      await expect(page.getByRole('button', { name: /Créer un cabinet/ })).toBeVisible();
      await context.close();
    });

  test('says so where it cannot start, and begins again first', async ({ browser, serment }) => {
    const context = await browser.newContext({ baseURL: serment.url, locale: 'fr-FR', serviceWorkers: 'block' });
    const page = await context.newPage();
    let loads = 0;
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads += 1;
    });
    await page.addInitScript(() => {
      window.SharedWorker = class {
        constructor() {
          throw new DOMException('No worker here', 'SecurityError');
        }
      } as unknown as typeof SharedWorker;
      // What an extension gets wrong is none of the application's matters.
      setTimeout(() => {
        throw new Error('an extension');
      });
    });
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Serment n’a pas pu démarrer' })).toBeVisible();
    expect(loads).toBe(2);
    await context.close();
  });

  test('says so where it never comes', async ({ browser, serment }) => {
    const context = await withoutPart(browser, serment.url, parts.application[0], 100);
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Serment n’a pas pu démarrer' })).toBeVisible();
    await expectAccessible(page);
    await context.close();
  });
});
