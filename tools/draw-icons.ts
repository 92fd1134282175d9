import './require-node-24.js';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumLaunch } from '../e2e/harness/chromium.ts';
import { root } from './web-build.ts';

/** The pictures that systems ask for beside the drawing: side in pixels, and whether the system cuts it to its own shape. */
const pictures = [
  { name: 'icon-180', side: 180, isCut: true },
  { name: 'icon-192', side: 192, isCut: false },
  { name: 'icon-512', side: 512, isCut: false },
  { name: 'icon-maskable-512', side: 512, isCut: true },
] as const;

const publicFolder = join(root, 'apps/web/public');
const folder = join(publicFolder, 'icons');
const drawing = await readFile(join(publicFolder, 'favicon.svg'), 'utf8');
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(await chromiumLaunch());
try {
  const page = await browser.newPage();
  for (const { name, side, isCut } of pictures) {
    await page.setViewportSize({ width: side, height: side });
    // What is cut has ink to its edge; the shield stays within the middle that every shape leaves.
    const svg = isCut ? drawing.replace(' rx="7"', '').replace('0 0 32 32', '-2 -2 36 36') : drawing;
    const edge = isCut ? '#1c1b19' : 'transparent';
    await page.setContent(`<style>body{margin:0;background:${edge}}svg{display:block;width:100vw}</style>${svg}`);
    const path = join(folder, `${name}.png`);
    await writeFile(path, await page.screenshot({ omitBackground: true }));
    process.stdout.write(`${path}\n`);
  }
} finally {
  await browser.close();
}
