import type { Page } from '@playwright/test';
import type { Serment } from '../harness/serment.ts';

/** A screen to picture. They are opened in order in one browser: each may count on what those before it did. */
export type Screen = {
  readonly name: string;
  open(page: Page, serment: Serment): Promise<void>;
  /** Opens again what a window that changes its size shuts. */
  again?(page: Page): Promise<void>;
};

type Size = ReturnType<Page['viewportSize']>;

const sizes = new WeakMap<Page, Size>();

/** What the printer gets, on a page of A4 whatever the screen. */
export async function onPaper(page: Page): Promise<void> {
  sizes.set(page, page.viewportSize());
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.emulateMedia({ media: 'print' });
}

/** Back to the size that it had. */
export async function onScreen(page: Page): Promise<void> {
  const size = sizes.get(page);
  await page.emulateMedia({ media: 'screen' });
  if (size) await page.setViewportSize(size);
}
