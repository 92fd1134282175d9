import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { screens } from './screens.ts';
import { test } from './watched.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no screen has an accessibility violation, ${colorScheme}`, async ({ browser, serment }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({
      baseURL: serment.url,
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    for (const screen of screens) {
      await screen.open(page, serment);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
      expect.soft(told, screen.name).toEqual([]);
    }
    await context.close();
  });
}
