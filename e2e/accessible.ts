import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What axe finds wrong with a page: each rule that it breaks, and where. `except` is what it cannot look into. */
export async function violationsOf(page: Page, except?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  const { violations } = await (except === undefined ? axe : axe.exclude(except)).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

export async function expectAccessible(page: Page, { name, except }: { name?: string; except?: string } = {}) {
  expect(await violationsOf(page, except), name).toEqual([]);
}
