import { expect } from '@playwright/test';
import { takeLook } from '@serment/store/alerts/alert-log';
import { asOwner } from '@serment/store/open-owner';
import { expectAccessible } from './accessible.ts';
import { startSerment } from './harness/serment.ts';
import { createPractice } from './steps.ts';
import { test } from './watched.ts';

test('what the host finds wrong with itself, and a device cannot see, turns the shield amber', async ({ page }) => {
  test.setTimeout(200_000);
  // What is wrong with a disk is told to all practices of an installation: this one is this flow's own.
  const serment = await startSerment();
  try {
    await createPractice(page, 'quatre tilleuls au printemps', undefined, serment.url);
    const shield = page.locator('.shield-button').first();
    await expect(shield).not.toHaveAttribute('data-condition', 'disk-full');
    // As another server of this installation sees it: this machine's own disks are what they are.
    await asOwner({ dataDir: serment.dataFolder }, (database) => {
      const now = Date.now();
      const seen = { practices: [], since: now, code: null, at: now + 86_400_000, entry: null };
      const observations = [{ cause: 'disk-full' as const, subject: '', ...seen }];
      return takeLook(database, { observations, now, watchingSince: now, plan: null });
    });
    await expect(shield).toHaveAttribute('data-condition', 'disk-full', { timeout: 90_000 });
    await shield.click();
    const why = page.getByRole('dialog', { name: 'Coffre' });
    await expect(why).toContainText('L’hébergeur n’aura bientôt plus de place');
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(shield).toContainText('bientôt plein');
    await expectAccessible(page);
  } finally {
    await serment.stop();
  }
});
