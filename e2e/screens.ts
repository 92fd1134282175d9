import type { Page } from '@playwright/test';
import type { Serment } from './harness/serment.ts';

/** A screen to picture. They are opened in order in one browser: each may count on what those before it did. */
export type Screen = { readonly name: string; open(page: Page, serment: Serment): Promise<void> };

export const screens: readonly Screen[] = [
  {
    name: 'bienvenue',
    open: async (page) => {
      await page.goto('/');
    },
  },
];
