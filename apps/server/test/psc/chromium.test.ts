import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from '@playwright/test';
import { chromiumLaunch } from '../../../../e2e/harness/chromium.ts';
import { openTestVault, type TestVault } from '../../../../packages/store/test/test-vault.ts';
import { chromiumAdvice, findChromium } from '../../../../tools/chromium.ts';
import { Desks, isPage, parseTold } from './desk.ts';
import { rppsOfDoctor, startTestProvider, type TestProvider } from './test-provider.ts';

const skip = (await findChromium()) === null ? chromiumAdvice : false;

describe('in a browser, with the provider on another site', { skip, timeout: 60_000 }, () => {
  let vault: TestVault;
  let provider: TestProvider;
  let browser: Browser;
  let desks: Desks;
  before(async () => {
    vault = await openTestVault();
    desks = new Desks(vault.store);
    provider = await startTestProvider('127.0.0.1');
    browser = await chromium.launch(await chromiumLaunch());
  });
  afterEach(() => desks.closeAll());
  after(async () => {
    await browser.close();
    await provider.close();
    await vault.close();
  });

  async function openWindow(page: Page, address: string): Promise<Page> {
    const opened = page.waitForEvent('popup');
    await page.evaluate((url) => void open(url, '_blank', 'popup'), address);
    const window = await opened;
    await window.waitForURL(isPage);
    return window;
  }

  it('a window goes out and back, brings a code, and leaves no session and no cookie', async () => {
    const desk = await desks.open(provider);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(desk.origin);
    const begun = desk.begin();
    const window = await openWindow(page, desk.startUrl(begun));
    const told = parseTold(new URL(window.url()), desk.origin);
    assert.equal(desk.take(begun, told).nationalId, rppsOfDoctor);
    assert.deepEqual(
      (await context.cookies()).map(({ name }) => name).filter((name) => !name.startsWith('_inter')),
      [],
    );
    await context.close();
  });

  it('another site’s page begins nothing', async () => {
    const desk = await desks.open(provider);
    const foreign = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>'));
    foreign.listen(0, '127.0.0.1');
    await new Promise((resolve) => foreign.once('listening', resolve));
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}`);
      const begun = desk.begin();
      const window = await openWindow(page, desk.startUrl(begun));
      const told = parseTold(new URL(window.url()), desk.origin);
      assert.deepEqual(told, { attempt: begun.attempt, error: 'ORIGIN_FORBIDDEN' });
    } finally {
      await context.close();
      foreign.closeAllConnections();
      foreign.close();
    }
  });
});
