import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { buildWebIfStale, root } from '../../tools/web-build.ts';
import { pictureOf, schemes, sizes } from '../screens/look.ts';
import { type Story, stories } from '../screens.ts';
import { chromiumLaunch } from './chromium.ts';
import { type Serment, startSerment } from './serment.ts';

const wanted = process.argv.slice(2);
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
try {
  for (const size of sizes) await takeAll(browser, size);
} finally {
  await browser.close();
}

type Size = (typeof sizes)[number];

/** One installation and one browser profile per size and story: each picture shows a story that had one beginning. */
async function takeAll(browser: Browser, size: Size): Promise<void> {
  for (const story of stories) {
    if (wanted.length > 0 && !story.screens.some(({ name }) => wanted.includes(name))) continue;
    const serment = await startSerment();
    try {
      await takeScreens(browser, { serment, story }, size);
    } finally {
      await serment.stop();
    }
  }
}

interface Told {
  readonly serment: Serment;
  readonly story: Story;
}

async function takeScreens(browser: Browser, { serment, story }: Told, size: Size): Promise<void> {
  const context = await browser.newContext({
    baseURL: serment.url,
    viewport: size,
    colorScheme: schemes[0],
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await story.begin(page);
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
  await context.close();
}
