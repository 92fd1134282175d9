import { expect, type Page } from '@playwright/test';
import { accessibleLooks, lookedNote, violationNote, violationsOf } from './accessible.ts';
import { stories } from './screens.ts';
import { test } from './watched.ts';

// The screens are gone through in this one.
const [, usual] = accessibleLooks;

for (const story of stories)
  test(`no screen has an accessibility violation, in the light and in the dark at 200 %: ${story.name}`, async ({
    browser,
    serment,
  }) => {
    test.setTimeout(600_000);
    const { colorScheme, viewport } = usual;
    const context = await browser.newContext({
      baseURL: serment.url,
      colorScheme,
      viewport,
      reducedMotion: 'reduce',
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
    });
    const page = await context.newPage();
    await story.begin(page);
    for (const screen of story.screens) {
      await screen.open(page, serment);
      // A sheet of paper has a size of its own.
      const isSheet = page.viewportSize()?.width !== viewport.width;
      for (const look of accessibleLooks) {
        await page.emulateMedia({ colorScheme: look.colorScheme });
        if (!isSheet) await page.setViewportSize(look.viewport);
        await settle(page, look.colorScheme);
        await refuseViolations(page, `${screen.name}, ${look.name}`);
      }
    }
    await context.close();
  });

/** Waits until the page has taken the look on: half-way there, words and ground are of two looks. */
async function settle(page: Page, colorScheme: string): Promise<void> {
  // The page for browsers that are too old has the system's look alone.
  await page.waitForFunction((wanted) => {
    const { mantineColorScheme } = document.documentElement.dataset;
    return mantineColorScheme === undefined || mantineColorScheme === wanted;
  }, colorScheme);
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    await frame();
  });
}

async function refuseViolations(page: Page, name: string): Promise<void> {
  const violations = await violationsOf(page);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (beyond > 0) violations.push(`scrolls sideways by ${beyond} pixels`);
  const { annotations } = test.info();
  annotations.push({ type: lookedNote, description: name });
  for (const violation of violations) annotations.push({ type: violationNote, description: `${name}: ${violation}` });
  expect.soft(violations, name).toEqual([]);
}
