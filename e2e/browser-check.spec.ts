import { expect } from '@playwright/test';
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
