import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { enrolByKit } from '@serment/replica/device';
import { Transport } from '@serment/replica/transport';
import { chromiumLaunch } from '../e2e/harness/chromium.ts';
import { createPractice, unlock } from '../e2e/steps.ts';
import { buildWebIfStale, root } from '../tools/web-build.ts';
import { type Bench, type BenchOptions, type Figure, median, percentile } from './bench.ts';
import { fillPractice } from './make-patients.ts';
import { openBenchVault } from './make-vault.ts';
import { rendererBytes } from './measured-page.ts';
import { type ServedVault, serveVault } from './serve-vault.ts';

const password = 'un coffre, vingt mille dossiers';
const starts = 5;
const opened = 60;
const rounds = 3;
const typed = 'Sommeil haché par le travail de nuit. Pas de douleur ressentie, observance correcte. '.repeat(4);
const restMs = 60_000;
const searched = ['lombalgie', 'diabète', 'otite moyenne aiguë', 'fatigue sommeil', 'courrier', '"signe d’alerte"'];

export const web: Bench = {
  name: 'web',
  title: 'The application, in Chromium, with 20 000 patients (2 000 with --quick)',
  method: `The application itself, as it is built and served, in a practice of 20 000 invented patients with about 220 000
versions of records. *Cold start* is a new page on an enrolled device whose cache is warm: to the field of the password, and
from the password, typed at once, to a list that answers. *Opening a file* goes from the press of Enter on its name to
its heading, of ${opened} files, ${rounds} times each, one right after the other. *Typing* is in a consultation, from
the key to the frame that shows it. *Full text* is the search in all files, from Enter to its results; a *long task* is
one that holds the page's main thread, as the browser tells them, while the worker reads all files. *Memory* is what the
greatest renderer holds of the machine's for itself when all of that was done, as the browser's own task manager counts
it, then when nothing was done for a minute; beside it, the same with the browser's program, some 90 MiB that all of its
pages share. 476 MiB are 500 MB. *First load* is every script that an enrolled device whose cache was emptied asks of the server until its
list answers, the worker's among them, as brotli makes it at quality 11; the WebAssembly of the password's protocol is
told beside it. Until a practice is created, the pages of welcome and what follows the list come on top.`,
  bars: {
    'cold start, password to usable list': { most: 2000 },
    'opening a file, 95th percentile': { most: 100 },
    'typing, key to frame, 99th percentile': { most: 50 },
    'full-text search, median': { most: 100 },
    'longest task of the page while files are read': { most: 50 },
    'memory of the page and its worker': { most: 476 },
    'first load, JavaScript': { most: 350 },
  },
  async run(options) {
    await buildWebIfStale();
    const vault = await openBenchVault();
    const served = await serveVault(vault, join(root, 'apps/web/dist'));
    const browser = await chromium.launch(await chromiumLaunch());
    try {
      const context = await browser.newContext({ baseURL: served.url, locale: 'fr-FR', serviceWorkers: 'block' });
      const figures = await measure(context, served, options);
      const memory = async (when: string) => {
        const { own, resident } = await rendererBytes(browser);
        return [
          { label: `memory of the page and its worker${when}`, value: own / 2 ** 20, unit: 'MiB' },
          { label: `the same, with the browser’s program${when}`, value: resident / 2 ** 20, unit: 'MiB' },
        ];
      };
      const atOnce = await memory('');
      await new Promise((resolve) => setTimeout(resolve, restMs));
      return [...figures, ...atOnce, ...(await memory(', a minute later'))];
    } finally {
      await browser.close();
      await served.close();
      await vault.close();
    }
  },
};

async function measure(
  context: BrowserContext,
  { url, code }: ServedVault,
  { quick, progress }: BenchOptions,
): Promise<Figure[]> {
  const first = await context.newPage();
  const kit = await createPractice(first, password, 'Cabinet mesuré', url);
  const creation = await compressedBytes(code.keys());
  const counts = quick ? { patients: 2_000, whole: 200 } : { patients: 20_000, whole: 3_600 };
  const transport = new Transport({ baseUrl: url });
  const device = await enrolByKit({ transport, kitText: kit, label: 'script' });
  const filled = await fillPractice(transport, device, {
    counts,
    progress: (stored) => {
      if (stored % 4096 < 128) progress(`${stored} of ${counts.patients} patients`);
    },
  });
  progress(`${filled.versions} versions; the browser reads them`);
  await first.getByText(/^20\s000\spatients$|^2\s000\spatients$/).waitFor({ timeout: 600_000 });
  await first.keyboard.press('Alt+l');
  await first.getByRole('button', { name: 'Déverrouiller' }).waitFor({ timeout: 60_000 });
  await first.close();
  const load = await firstLoad(context, code);
  progress('cold starts');
  const cold = await coldStarts(context);
  const page = cold.page;
  progress('opening files');
  const files = await openFiles(page, quick ? 12 : opened);
  progress('typing');
  const keys = await typing(page);
  progress('reading all files');
  const texts = await fullText(page);
  return [
    { label: 'versions of records', value: filled.versions, unit: '' },
    { label: 'first load, JavaScript', value: load.js / 1000, unit: 'kB' },
    { label: 'first load, WebAssembly of the password', value: load.wasm / 1000, unit: 'kB' },
    { label: 'first load until a practice is created, JavaScript', value: creation.js / 1000, unit: 'kB' },
    { label: 'cold start, page to password', value: median(cold.toPassword), unit: 'ms' },
    { label: 'cold start, password to usable list', value: median(cold.toList), unit: 'ms' },
    { label: 'opening a file, median', value: median(files), unit: 'ms' },
    { label: 'opening a file, 95th percentile', value: percentile(files, 0.95), unit: 'ms' },
    { label: 'typing, key to frame, median', value: median(keys), unit: 'ms' },
    { label: 'typing, key to frame, 99th percentile', value: percentile(keys, 0.99), unit: 'ms' },
    ...texts,
  ];
}

/** As brotli makes them at its best, bytes. */
async function compressedBytes(code: Iterable<string>): Promise<{ readonly js: number; readonly wasm: number }> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const bytes = { js: 0, wasm: 0 };
  for (const path of code) {
    const { length } = brotliCompressSync(await readFile(join(root, 'apps/web/dist', path)), { params });
    bytes[path.endsWith('.wasm') ? 'wasm' : 'js'] += length;
  }
  return bytes;
}

/** What an enrolled device fetches that has nothing of the application any more, until its list answers. */
async function firstLoad(context: BrowserContext, code: Map<string, number>) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  code.clear();
  await page.goto('/');
  await page.getByLabel('Mot de passe', { exact: true }).waitFor();
  await unlock(page, password);
  const answeredAt = await listAnswers(page);
  // What is fetched because the list is there comes after it.
  const asked = [...code].flatMap(([path, at]) => (at <= answeredAt ? path : []));
  await page.keyboard.press('Alt+l');
  await page.getByRole('button', { name: 'Déverrouiller' }).waitFor({ timeout: 60_000 });
  await page.close();
  return compressedBytes(asked);
}

/** Looked for in every frame: a locator looks again after half a second. When it was there, ms since 1970. */
async function listAnswers(page: Page): Promise<number> {
  const there = () => (document.querySelector('[role=option]') === null ? null : Date.now());
  const seen = await page.waitForFunction(there, null, { timeout: 60_000 });
  return (await seen.jsonValue()) ?? 0;
}

async function coldStarts(context: BrowserContext) {
  const toPassword: number[] = [];
  const toList: number[] = [];
  let page: Page | null = null;
  for (let round = 0; round < starts; round += 1) {
    await page?.close();
    page = await context.newPage();
    let startedAt = performance.now();
    await page.goto('/');
    await page.getByLabel('Mot de passe', { exact: true }).waitFor();
    toPassword.push(performance.now() - startedAt);
    startedAt = performance.now();
    await unlock(page, password);
    await listAnswers(page);
    toList.push(performance.now() - startedAt);
  }
  if (page === null) throw new RangeError('No start was asked for');
  return { toPassword, toList, page };
}

/** From the press of Enter on a name in the list to the heading of its file, as the page sees them. */
async function openFiles(page: Page, count: number): Promise<number[]> {
  const times: number[] = [];
  const list = page.getByRole('combobox').first();
  for (let place = 0; place < count * rounds; place += 1) {
    await page.keyboard.press('Alt+p');
    await list.fill('');
    for (let step = 0; step <= place % count; step += 1) await page.keyboard.press('ArrowDown');
    await page.evaluate(() => {
      const before = document.querySelector('.file h1')?.textContent ?? '';
      window.openedFile = new Promise((resolve) => {
        addEventListener(
          'keydown',
          () => {
            const startedAt = performance.now();
            const look = () => {
              const now = document.querySelector('.file h1')?.textContent ?? '';
              if (now !== '' && now !== before) resolve(performance.now() - startedAt);
              else requestAnimationFrame(look);
            };
            look();
          },
          { once: true, capture: true },
        );
      });
    });
    await page.keyboard.press('Enter');
    const took = await Promise.race([
      page.evaluate(() => window.openedFile),
      new Promise<null>((resolve) => setTimeout(resolve, 5_000, null)),
    ]);
    // The same file as before has nothing to open.
    if (typeof took === 'number') times.push(took);
  }
  return times;
}

async function typing(page: Page): Promise<number[]> {
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Histoire').click();
  await page.evaluate(() => {
    window.keyTimes = [];
    addEventListener(
      'keydown',
      () => {
        const startedAt = performance.now();
        // A message that is sent within a frame comes once that frame was painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => window.keyTimes.push(performance.now() - startedAt);
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
  await page.keyboard.type(typed, { delay: 25 });
  const times = await page.evaluate(() => window.keyTimes);
  await page.getByRole('button', { name: 'Abandonner' }).click();
  return times;
}

/** From the press of Enter to the answer, as the page sees them. */
async function fullText(page: Page): Promise<Figure[]> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('chercher dans tous');
  await page.getByRole('dialog').getByRole('option', { name: 'Chercher dans tous les dossiers', exact: true }).click();
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longTasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  const startedAt = performance.now();
  await page.getByRole('button', { name: 'Lire tous les dossiers' }).click();
  await page.getByText('peuvent être trouvés').waitFor({ timeout: 1_200_000 });
  const readMs = performance.now() - startedAt;
  const longest = await page.evaluate(() => Math.max(0, ...window.longTasks));
  const times: number[] = [];
  for (const query of searched) {
    await page.getByRole('searchbox').fill(query);
    await page.evaluate(() => {
      // The last answer leaves the page before the next one comes.
      document.querySelector('.search-count')?.setAttribute('data-old', '');
      window.found = new Promise((resolve) => {
        const begin = () => {
          const startedAt = performance.now();
          const look = () => {
            if (document.querySelector('.search-count:not([data-old])')) resolve(performance.now() - startedAt);
            else requestAnimationFrame(look);
          };
          look();
        };
        addEventListener('keydown', begin, { once: true, capture: true });
      });
    });
    await page.keyboard.press('Enter');
    times.push(await page.evaluate(() => window.found));
  }
  return [
    { label: 'reading all files', value: readMs / 1000, unit: 's' },
    { label: 'longest task of the page while files are read', value: longest, unit: 'ms' },
    { label: 'full-text search, median', value: median(times), unit: 'ms' },
    { label: 'full-text search, longest', value: Math.max(...times), unit: 'ms' },
  ];
}

declare global {
  interface Window {
    openedFile: Promise<number>;
    found: Promise<number>;
    keyTimes: number[];
    longTasks: number[];
  }
}
