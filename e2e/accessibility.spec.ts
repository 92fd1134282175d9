import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { screens } from './screens.ts';
import { test } from './watched.ts';

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  // What is left of that window at 200 %.
  { name: 'dark, at 200 %', colorScheme: 'dark', viewport: { width: 720, height: 450 } },
] as const;

test('no screen has an accessibility violation, in light and in dark at 200 %', async ({ browser, serment }) => {
  test.setTimeout(300_000);
  const [first] = looks;
  const context = await browser.newContext({
    baseURL: serment.url,
    colorScheme: first.colorScheme,
    reducedMotion: 'reduce',
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: first.viewport,
  });
  const page = await context.newPage();
  for (const screen of screens) {
    await screen.open(page, serment);
    const opened = page.viewportSize() ?? first.viewport;
    // The last look is the one that the screen was opened in, and the next goes on from.
    for (const { name, colorScheme, viewport } of looks.toReversed()) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(name === first.name ? opened : viewport);
      // A colour on its way from one look to the other is neither's.
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
      expect.soft(told, `${screen.name}, ${name}`).toEqual([]);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(beyond, `${screen.name}, ${name}, scrolls sideways`).toBeLessThanOrEqual(0);
    }
  }
  await context.close();
});
