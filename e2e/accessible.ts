import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** How every screen is looked at. */
export const accessibleLooks = [
  // What is left of the last one's window at 200 %.
  { name: 'dark, at 200 %', colorScheme: 'dark', viewport: { width: 720, height: 450 } },
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
] as const;

/** Noted in the report of a run: a screen that was looked at in one look, and each thing that is wrong there. */
export const lookedNote = 'looked';
export const violationNote = 'violation';

/** What axe finds wrong with a page: each rule that it breaks, and where. `except` is what it cannot look into. */
export async function violationsOf(page: Page, except?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  // A page without frames is looked at in itself, in half the time of one whose parts are put together in another page.
  if (page.frames().length === 1) axe.setLegacyMode(true);
  const { violations } = await (except === undefined ? axe : axe.exclude(except)).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

export async function expectAccessible(page: Page, { name, except }: { name?: string; except?: string } = {}) {
  expect(await violationsOf(page, except), name).toEqual([]);
}
