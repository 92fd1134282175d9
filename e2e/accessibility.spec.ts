import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { accessibleLooks, lookedNote, violationNote, violationsOf } from './accessible.ts';
import type { Serment } from './harness/serment.ts';
import { demoStories, ownStories, type Story } from './screens.ts';
import { openDemo, toPatients } from './steps.ts';
import { test as watched } from './watched.ts';

const title = ({ name }: Story) =>
  `no screen has an accessibility violation, in the light and in the dark at 200 %: ${name}`;

// The screens are gone through in this one.
const [, usual] = accessibleLooks;

function usualContext(browser: Browser, { url }: Serment): Promise<BrowserContext> {
  const { colorScheme, viewport } = usual;
  return browser.newContext({
    ...{ baseURL: url, colorScheme, viewport, reducedMotion: 'reduce' },
    ...{ locale: 'fr-FR', timezoneId: 'Europe/Paris', serviceWorkers: 'allow' as const },
  });
}

/** A demonstration that is open in a window of its own: to invent its patients takes longer than to look at a subject. */
const test = watched.extend<Record<never, never>, { demo: BrowserContext }>({
  demo: [
    async ({ browser, serment }, use) => {
      const context = await usualContext(browser, serment);
      await openDemo(await context.newPage());
      await use(context);
      await context.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

for (const story of ownStories)
  test(title(story), async ({ browser, serment }) => {
    test.setTimeout(600_000);
    const context = await usualContext(browser, serment);
    const page = await context.newPage();
    await story.begin(page);
    await lookAt(story, page, serment);
    await context.close();
  });

for (const story of demoStories)
  test(title(story), async ({ demo, serment }) => {
    test.setTimeout(300_000);
    const page = await demo.newPage();
    await page.goto('/');
    await toPatients(page);
    await lookAt(story, page, serment);
    await page.close();
  });

async function lookAt({ screens }: Story, page: Page, serment: Serment): Promise<void> {
  for (const screen of screens) {
    await screen.open(page, serment);
    // A sheet of paper has a size of its own.
    const isSheet = page.viewportSize()?.width !== usual.viewport.width;
    for (const look of accessibleLooks) {
      await page.emulateMedia({ colorScheme: look.colorScheme });
      if (!isSheet) await page.setViewportSize(look.viewport);
      await screen.again?.(page);
      await settle(page, look.colorScheme);
      await refuseViolations(page, `${screen.name}, ${look.name}`);
    }
  }
}

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
  const violations = await violationsOf(page, page.frames().length > 1 ? '.document-frame' : undefined);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (beyond > 0) violations.push(`scrolls sideways by ${beyond} pixels`);
  const { annotations } = test.info();
  annotations.push({ type: lookedNote, description: name });
  for (const violation of violations) annotations.push({ type: violationNote, description: `${name}: ${violation}` });
  expect.soft(violations, name).toEqual([]);
}
