import { expect, test } from '@playwright/test';
import { missingForCardBrowser, openCardBrowser } from '../apps/server/test/cps/card-browser.ts';
import { makeCpsFolder, makeHierarchyOfToday } from '../apps/server/test/cps/cps-folder.ts';
import { issueCard, makeCrl } from '../apps/server/test/cps/test-authority.ts';
import { expectAccessible } from './accessible.ts';
import { freePort, startSerment } from './harness/serment.ts';
import { createPatient, createPractice, lock, openWays, wayRow } from './steps.ts';

const dayMs = 86_400_000;
const password = 'quatre tilleuls au printemps';
const sizes = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

test.use({ serviceWorkers: 'allow' });

// biome-ignore lint/suspicious/noSkippedTests: only where a browser can be given no card, which is told.
test.skip(missingForCardBrowser !== null, missingForCardBrowser ?? '');

test('a CPS card opens the device that it was linked to, on a telephone and on a desk', async () => {
  test.setTimeout(180_000);
  await using undo = new AsyncDisposableStack();
  const made = await makeCpsFolder(await makeHierarchyOfToday());
  undo.defer(() => made.remove());
  const dates = { thisUpdate: Date.now() - dayMs, nextUpdate: Date.now() + dayMs };
  await made.writeList('root.crl', await makeCrl(made.pki.root, dates));
  await made.writeList('cards.crl', await makeCrl(made.pki.cards, dates));
  const port = await freePort();
  const publicUrl = `https://localhost:${port}`;
  const cps = await made.configure({ port, publicUrl, crls: ['root.crl', 'cards.crl'], ocsp: false });
  const serment = await startSerment(async () => ['--cps', cps]);
  undo.defer(() => serment.stop());
  const validity = { notBefore: Date.now() - dayMs, notAfter: Date.now() + dayMs, bits: 2048 };
  const card = await issueCard(made.pki.cards, validity);
  const browser = await openCardBrowser(publicUrl, await made.save('card', card));
  undo.defer(() => browser.close());
  const page = await browser.context.newPage();

  await createPractice(page, password, undefined, serment.url);
  await createPatient(page, { family: 'Morel', given: 'Anne' });
  await openWays(page);
  const row = wayRow(page, 'Carte CPS ou e-CPS');
  await row.getByRole('button', { name: 'Carte CPS' }).click();
  await expect(page.getByText('Votre carte ouvre cet appareil.')).toBeVisible();
  await expectAccessible(page);
  for (const size of sizes) {
    await lock(page);
    await page.setViewportSize(size);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Carte CPS' }).click();
    await expect(page.getByRole('heading', { name: 'Mes façons d’entrer' })).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
  }
});
