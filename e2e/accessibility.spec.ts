import { expect, type Page } from '@playwright/test';
import { violationsOf } from './accessible.ts';
import { stories } from './screens.ts';
import { test } from './watched.ts';

const looks = [
  // What is left of the last one's window at 200 %.
  { name: 'dark, at 200 %', colorScheme: 'dark', viewport: { width: 720, height: 450 } },
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
] as const;
// The screens are gone through in this one.
const [, usual] = looks;

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
      for (const look of looks) {
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
  expect.soft(await violationsOf(page), name).toEqual([]);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(beyond, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}
