import type { Page } from '@playwright/test';
import { test as flow } from './harness/flow.ts';

/** A flow during which no page may throw, and no policy of the server's headers may be broken. */
export const test = flow.extend<{ watched: undefined }>({
  watched: [
    async ({ context }, use) => {
      const faults: string[] = [];
      const watch = (page: Page) => {
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => {
          if (/content security policy|trusted ?types/i.test(message.text())) faults.push(message.text());
        });
      };
      context.on('page', watch);
      await use(undefined);
      if (faults.length > 0) throw new Error(`The page broke something:\n${faults.join('\n')}`);
    },
    { auto: true },
  ],
});

/**
 * The same of the application as a browser installs it, whose service worker fetches the whole build into each new
 * browser. For what goes on without its server, or is said by the system; all else is as in a browser that keeps nothing.
 */
export const installed = test.extend({ serviceWorkers: 'allow' });
