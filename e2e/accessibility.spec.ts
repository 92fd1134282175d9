import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { screens } from './screens.ts';
import { test } from './watched.ts';

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  // What is left of that window at 200 %.
  { name: 'dark, at 200 %', colorScheme: 'dark', viewport: { width: 720, height: 450 } },
] as const;

// Each look goes through every screen: one after the other they would take as long as all other flows together.
test.describe.configure({ mode: 'parallel' });

for (const { name, colorScheme, viewport } of looks) {
  test(`no screen has an accessibility violation, ${name}`, async ({ browser, serment }) => {
    test.setTimeout(400_000);
    const context = await browser.newContext({
      baseURL: serment.url,
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
      viewport,
    });
    const page = await context.newPage();
    for (const screen of screens) {
      await screen.open(page, serment);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
      expect.soft(told, screen.name).toEqual([]);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(beyond, `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}
