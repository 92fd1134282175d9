import { test as base } from '@playwright/test';
import { type Serment, startSerment } from './serment.ts';

/** `test` with an installation per worker, empty when the worker's first flow begins, and `goto('/')` leading to it. */
export const test = base.extend<{ baseURL: string }, { serment: Serment }>({
  serment: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const serment = await startSerment();
      await use(serment);
      await serment.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ serment }, use) => {
    await use(serment.url);
  },
});
