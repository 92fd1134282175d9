import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type axe from 'axe-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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
  const violations =
    page.frames().length === 1 ? await violationsIn(page, except) : await violationsAcross(page, except);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

type Violations = Pick<axe.Result, 'id' | 'nodes'>[];

/** A page without frames is looked at where it stands, by one axe as long as it is open: a third of the work. */
async function violationsIn(page: Page, except: string | undefined): Promise<Violations> {
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axeSource);
  return page.evaluate(async (selector) => {
    const { run } = Reflect.get(window, 'axe') as typeof axe;
    const { violations } = await run(selector === undefined ? document : { exclude: [[selector]] }, {
      reporter: 'no-passes',
      resultTypes: ['violations'],
    });
    return violations.map(({ id, nodes }) => ({ id, nodes }));
  }, except);
}

async function violationsAcross(page: Page, except: string | undefined): Promise<Violations> {
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  return (await (except === undefined ? builder : builder.exclude(except)).analyze()).violations;
}

export async function expectAccessible(page: Page, { name, except }: { name?: string; except?: string } = {}) {
  expect(await violationsOf(page, except), name).toEqual([]);
}
