import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { chromiumLaunch } from '../e2e/harness/chromium.ts';

/** Builds the page of bench/browser as the application is built; returns its folder. */
export async function buildPage(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-bench-page-'));
  await build({
    root: join(import.meta.dirname, 'browser'),
    configFile: false,
    logLevel: 'warn',
    build: {
      target: 'es2024',
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: 'es' },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface MeasuredBrowser {
  /** A page, with a worker of its own, that shares what the browser keeps with the others. */
  openPage(): Promise<Page>;
  /** The greatest renderer: the page and its worker. */
  rendererBytes(): Promise<RendererBytes>;
  close(): Promise<void>;
}

export async function openBrowser(url: string): Promise<MeasuredBrowser> {
  const browser = await chromium.launch(await chromiumLaunch());
  const context = await browser.newContext({ baseURL: url });
  return {
    async openPage() {
      const page = await context.newPage();
      await page.goto('/');
      await page.waitForFunction(() => 'measured' in window);
      return page;
    },
    rendererBytes: () => rendererBytes(browser),
    close: () => browser.close(),
  };
}

/** Of the greatest renderer, bytes. */
export interface RendererBytes {
  /** Its own: what a browser tells as the memory of a page. */
  readonly own: number;
  /** With the pages of the browser's program, which all of its processes share. */
  readonly resident: number;
}

export async function rendererBytes(browser: Browser): Promise<RendererBytes> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = await Promise.all(renderers.map(({ id }) => bytesOf(id)));
  return sizes.reduce((greatest, one) => (one.resident > greatest.resident ? one : greatest), { own: 0, resident: 0 });
}

/** On Linux; 0 elsewhere. */
async function bytesOf(pid: number): Promise<RendererBytes> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { own: of('RssAnon') + of('VmSwap'), resident: of('VmRSS') };
}
