import type { Page } from '@playwright/test';
import type { PatientRow } from '@serment/replica/directory';
import { type Bench, type BenchOptions, type Figure, median, percentile } from './bench.ts';
import { type MadePatients, makePatients } from './make-patients.ts';
import { openBenchVault } from './make-vault.ts';
import { buildPage, type MeasuredBrowser, openBrowser } from './measured-page.ts';
import { serveVault } from './serve-vault.ts';

const password = 'un coffre, vingt mille dossiers';
const unlocks = 7;
/** What is typed first to find patients whose names are then typed letter by letter. */
const firstQueries = ['ma', 'du', 'le', 'ber', 'jea', 'sar'];

export const practiceChromium: Bench = {
  name: 'practice-chromium',
  title: 'A practice of 20 000 patients, in Chromium',
  method: `The application's engine (\`packages/replica\`, its IndexedDB cache and its worker's modules, built by Vite) in a
worker of a page that the server serves, with 20 000 invented patients: two entries each, and whole files for the first 400.
*Unlock to searchable* begins with the device's key in hand, on a fresh page, and ends with the answer to a first search; it
includes the session and the question whether anything is new. Queries are names typed letter by letter, birth dates and
digits of identifiers; *search* is what one costs in the worker, the *round trip* adds the way from the page and back.
*Opening a file* goes from the page to the finished view, its payloads fetched from the server the first time, its trace
kept on the device.`,
  bars: {
    'unlock to searchable, from the local cache': { most: 1000 },
    'one search, 99th percentile': { most: 8 },
    'opening a file, first time': { most: 100 },
    'opening a file, again': { most: 100 },
  },
  async run(options) {
    const vault = await openBenchVault();
    const built = await buildPage();
    const served = await serveVault(vault, built.folder);
    const browser = await openBrowser(served.url);
    try {
      return await measure(served.url, browser, options);
    } finally {
      await browser.close();
      await served.close();
      await built.remove();
      await vault.close();
    }
  },
};

async function measure(url: string, browser: MeasuredBrowser, { quick, progress }: BenchOptions): Promise<Figure[]> {
  const counts = quick ? { patients: 2_000, whole: 100 } : { patients: 20_000, whole: 400 };
  const made = await makePatients(url, counts, (stored) => {
    if (stored % 4096 < 128) progress(`${stored} of ${counts.patients} patients`);
  });
  progress(`${made.entries} entries; a first device synchronises`);
  const page = await browser.openPage();
  const first = await page.evaluate(([kit, secret]) => window.measured.enrol(kit, secret), [
    made.kitText,
    password,
  ] as const);
  if (first.patients !== counts.patients) throw new RangeError(`The device knows ${first.patients} patients`);
  await page.close();
  progress('unlocking, searching, opening');
  return [
    { label: 'first synchronisation of a device', value: first.syncMs / 1000, unit: 's' },
    ...(await unlockFigures(browser)),
    ...(await inUseFigures(browser, made)),
  ];
}

async function unlockFigures(browser: MeasuredBrowser): Promise<Figure[]> {
  const keys: number[] = [];
  const searchable: number[] = [];
  for (let round = 0; round < unlocks; round += 1) {
    const page = await browser.openPage();
    const times = await unlock(page);
    keys.push(times.keysMs);
    searchable.push(times.searchableMs);
    await page.evaluate(() => window.measured.lock());
    await page.close();
  }
  return [
    { label: 'unlock to searchable, from the local cache', value: median(searchable), unit: 'ms' },
    { label: 'keys from the password', value: median(keys), unit: 'ms' },
  ];
}

async function inUseFigures(browser: MeasuredBrowser, made: MadePatients): Promise<Figure[]> {
  const page = await browser.openPage();
  await unlock(page);
  const queries = await queriesOf(page);
  const searches = await page.evaluate((asked) => window.measured.searchTimes(asked), queries);
  const roundTrips = await page.evaluate(async (asked) => {
    const times: number[] = [];
    for (const query of asked) {
      const startedAt = performance.now();
      await window.measured.search(query);
      times.push(performance.now() - startedAt);
    }
    return times;
  }, queries);
  const [firstTimes, againTimes] = [await openAll(page, made.whole), await openAll(page, made.whole)];
  const bytes = await browser.rendererBytes();
  await page.close();
  return [
    { label: 'one search, 99th percentile', value: percentile(searches, 0.99), unit: 'ms' },
    { label: 'one search, median', value: median(searches), unit: 'ms' },
    { label: 'one search, round trip, 99th percentile', value: percentile(roundTrips, 0.99), unit: 'ms' },
    { label: 'opening a file, first time', value: median(firstTimes), unit: 'ms' },
    { label: 'opening a file, first time, 99th percentile', value: percentile(firstTimes, 0.99), unit: 'ms' },
    { label: 'opening a file, again', value: median(againTimes), unit: 'ms' },
    { label: 'memory of the page and its worker', value: bytes.own / 2 ** 20, unit: 'MiB' },
    { label: 'the same, with the browser’s program', value: bytes.resident / 2 ** 20, unit: 'MiB' },
  ];
}

function unlock(page: Page): Promise<{ keysMs: number; searchableMs: number }> {
  return page.evaluate((secret) => window.measured.unlock(secret, 'martin'), password);
}

function openAll(page: Page, patients: readonly string[]): Promise<number[]> {
  return page.evaluate(async (ids) => {
    const times: number[] = [];
    for (const id of ids) {
      const startedAt = performance.now();
      await window.measured.openFile(id);
      times.push(performance.now() - startedAt);
    }
    return times;
  }, patients);
}

/** What people type: each state of the field counts as one search. */
async function queriesOf(page: Page): Promise<string[]> {
  const rows: PatientRow[] = [];
  for (const query of firstQueries)
    rows.push(...(await page.evaluate((asked) => window.measured.search(asked), query)).slice(0, 8));
  return rows.flatMap(({ family, given, birthDate, identifiers }) => {
    const name = `${family} ${given.slice(0, 3)}`;
    const typed = Array.from(name, (_, index) => name.slice(0, index + 1));
    const [year = '', month = '', day = ''] = (birthDate ?? '').split('-');
    const digits = identifiers.map((identifier) => identifier.slice(0, 7));
    return [...typed, `${day}/${month}/${year}`, `${given} ${family}`, ...digits];
  });
}
