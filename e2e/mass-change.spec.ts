import { expect } from '@playwright/test';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { partsOfSave } from '@serment/replica/saving';
import { Transport } from '@serment/replica/transport';
import { create, patient } from '../packages/replica/test/practice-setup.ts';
import { expectAccessible } from './accessible.ts';
import { createPractice } from './steps.ts';
import { test } from './watched.ts';

const ids = Array.from({ length: 34 }, (_, place) => `p${place}`);

async function openScript(url: string, kitText: string): Promise<Practice> {
  const { practice, seed } = await enrolByKit({ transport: new Transport({ baseUrl: url }), kitText, label: 'script' });
  return openPractice({ transport: new Transport({ baseUrl: url }), cache: memoryCache(), practice, seed });
}

test('a device that writes noise over files is told by the shield, which leads to what it wrote', async ({
  page,
  serment,
}) => {
  test.setTimeout(180_000);
  const kit = await createPractice(page, 'quatre tilleuls au printemps');
  const script = await openScript(serment.url, kit);
  const div = '<div>Douleur lombaire après un effort, examen normal, reprise conseillée</div>';
  for (const id of ids) {
    const subject = { reference: `Patient/${id}` };
    const section = [{ title: 'Conclusion', text: { status: 'additional', div } }];
    await create(script, id, patient(id, `Nom-${id}`), {
      resourceType: 'Composition',
      id: `${id}-n`,
      status: 'preliminary',
      subject,
      section,
    });
  }
  await script.outbox.flush();
  await expect(page.getByText('34 patients', { exact: false }).first()).toBeVisible({ timeout: 30_000 });
  const shield = page.locator('.shield-button').first();
  await expect(shield).not.toHaveAttribute('data-condition', /^mass/);
  for (const id of ids) {
    const { records } = await script.readPatient(`Patient/${id}`);
    const replaces = records.find(({ type }) => type === 'Composition')?.versions.map(({ version }) => version) ?? [];
    const resource = { resourceType: 'Composition', id: `${id}-n`, text: bytesToHex(script.random(300)) };
    const request = { patient: `Patient/${id}`, records: [{ resource, change: 'restore' as const, replaces }] };
    await script.saveParts(partsOfSave(request, script.keyring, script.random));
  }
  await script.outbox.flush();
  await expect(shield).toHaveAttribute('data-condition', 'mass-noise', { timeout: 30_000 });
  await shield.click();
  await page.getByRole('button', { name: 'Voir ce qui a été écrit' }).click();
  await expect(page.getByRole('heading', { name: 'Remonter le temps' })).toBeVisible();
  await expect(page.getByText('par ce que personne ne peut lire', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Regarder', exact: true }).click();
  await expect(page.getByText('34 dossiers seraient autrement.')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Retenir cet appareil' }).click();
  await expect(page.getByText('Il est retenu : rien de plus n’en est pris.', { exact: false })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Retenir cet appareil' })).toHaveCount(0);
  await expectAccessible(page);
  await script.sync();
  expect(script.isHeld).toBe(true);
  await page.getByRole('button', { name: 'C’est voulu' }).click();
  await expect(shield).not.toHaveAttribute('data-condition', /^mass/);
});
