import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './harness/chromium.ts';

const report = process.env.SERMENT_PLAYWRIGHT_REPORT;
const timezone = 'Europe/Paris';
// What a flow expects of today is today where its browser is: between midnight there and midnight UTC, days differ.
process.env.TZ = timezone;

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // Each worker starts a server and a PostgreSQL of its own.
  workers: 2,
  fullyParallel: false,
  // A flow that passes on the second try is a fault to find: a run that nobody watches names it and goes on.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: report ? [['line'], ['json', { outputFile: report }]] : [['line']],
  use: {
    browserName: 'chromium',
    launchOptions: await chromiumLaunch(),
    locale: 'fr-FR',
    timezoneId: timezone,
    // To fetch and keep the whole build takes as much as half a flow: those that need it are `installed` (watched.ts).
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    // A colour on its way from one to another is neither: what is looked at stands.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
  },
});
