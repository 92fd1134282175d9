import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { buildWebIfStale, root } from '../../tools/web-build.ts';
import { pictureOf, schemes, sizes } from '../screens/look.ts';
import { demoStories, ownStories, type Story, stories } from '../screens.ts';
import { openDemo, toPatients } from '../steps.ts';
import { chromiumLaunch } from './chromium.ts';
import { type Serment, startSerment } from './serment.ts';

// A window waits for its server half of the time.
const atOnce = 2;
/** Names of screens and widths, in pixels, none of which is all of them. */
const asked = process.argv.slice(2);
const widths = asked.filter((word) => sizes.some(({ width }) => String(width) === word));
const wanted = asked.filter((word) => !widths.includes(word));
const names = stories.flatMap(({ screens }) => screens.map(({ name }) => name));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No screen is named ${unknown.join(', ')}. There are: ${names.join(', ')}\n`);
  process.exit(2);
}
await buildWebIfStale();
const folder = join(root, 'screenshots');
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(await chromiumLaunch());
const isTold = ({ screens }: Story) => wanted.length === 0 || screens.some(({ name }) => wanted.includes(name));
const demos = demoStories.filter(isTold);
const turns = sizes
  .filter(({ width }) => widths.length === 0 || widths.includes(String(width)))
  .flatMap((size) => [
    ...(demos.length > 0 ? [{ size, tell: tellDemos }] : []),
    ...ownStories.filter(isTold).map((story) => ({ size, tell: (stage: Stage) => tellOwn(stage, story) })),
  ])
  .values();
try {
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
} finally {
  await browser.close();
}

/** An installation and a browser profile, for windows of one size. */
interface Stage {
  readonly serment: Serment;
  readonly context: BrowserContext;
  readonly size: (typeof sizes)[number];
}

async function takeTurns(): Promise<void> {
  for (const { size, tell } of turns) {
    const serment = await startSerment();
    try {
      const context = await browser.newContext({
        baseURL: serment.url,
        viewport: size,
        colorScheme: schemes[0],
        locale: 'fr-FR',
        timezoneId: 'Europe/Paris',
        reducedMotion: 'reduce',
      });
      await tell({ serment, context, size });
      await context.close();
    } finally {
      await serment.stop();
    }
  }
}

async function tellOwn(stage: Stage, story: Story): Promise<void> {
  const page = await stage.context.newPage();
  await story.begin(page);
  await takeScreens(stage, page, story);
}

/** In one demonstration: to invent its patients takes longer than to picture a subject. */
async function tellDemos(stage: Stage): Promise<void> {
  await openDemo(await stage.context.newPage());
  for (const story of demos) {
    const page = await stage.context.newPage();
    await page.goto('/');
    await toPatients(page);
    await takeScreens(stage, page, story);
    await page.close();
  }
}

async function takeScreens({ serment, size }: Stage, page: Page, story: Story): Promise<void> {
  for (const screen of story.screens) {
    await screen.open(page, serment);
    await page.evaluate(async () => {
      await document.fonts.ready;
    });
    if (wanted.length > 0 && !wanted.includes(screen.name)) continue;
    // Where it clicked last it would hover over whatever came there.
    await page.mouse.move(0, 0);
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      const path = join(folder, pictureOf(screen.name, { size, scheme }));
      // Half-way through a transition a button looks neither enabled nor disabled.
      await page.screenshot({ path, animations: 'disabled' });
      process.stdout.write(`${path}\n`);
    }
    await page.emulateMedia({ colorScheme: schemes[0] });
  }
}
