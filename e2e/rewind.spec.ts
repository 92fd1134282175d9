import { expect } from '@playwright/test';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { createPatient, createPractice, writeNote } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

/** Another device of the same doctor, which a virus has: every note of every file, and one that nobody wrote. */
async function ruin(url: string, kitText: string): Promise<void> {
  const transport = () => new Transport({ baseUrl: url });
  const { practice: id, seed } = await enrolByKit({ transport: transport(), kitText, label: 'script' });
  const virus = await openPractice({ transport: transport(), cache: memoryCache(), practice: id, seed });
  for (const { id: patient } of virus.directory.list()) {
    const { records } = await virus.readPatient(patient);
    for (const { type, content, versions } of records) {
      if (content === null || !['Composition', 'MedicationStatement'].includes(type)) continue;
      const noise = type === 'Composition' ? { title: 'x7f3 9c1e' } : { dosage: [{ text: 'x7f3' }], inventedHere: 'x' };
      const resource = { ...JSON.parse(content), ...noise };
      const replaces = versions.map(({ version }) => version);
      await virus.save({ patient, records: [{ resource, change: 'edit', replaces }] });
    }
  }
  const [first] = virus.directory.list();
  const resource = { resourceType: 'Composition', id: 'noise', subject: { reference: first?.id }, title: 'bruit' };
  await virus.save({ patient: first?.id ?? '', records: [{ resource, change: 'create', replaces: [] }] });
  await virus.outbox.flush();
  await virus.lock();
}

test('what a virus wrote in all files is seen, taken back in one go, and can be looked at again', async ({
  page,
  serment,
}) => {
  test.setTimeout(180_000);
  const kit = await createPractice(page, password);
  await createPatient(page, { family: 'Morel', given: 'Béatrice', birthDate: '12/01/1970' });
  await writeNote(page, { reason: 'Toux', conclusion: 'Bronchite aiguë' });
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await writeNote(page, { reason: 'Chute', conclusion: 'Entorse de la cheville' });
  await page.getByRole('button', { name: 'Modifier les traitements' }).click();
  await expect(page.locator('.care-form input').first()).toBeFocused();
  await page.keyboard.type('Metformine 1000 mg, 1 matin');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Fermer' }).click();
  await expect(page.locator('[data-testid="last-save"] [data-state="copy"]')).toBeVisible({ timeout: 20_000 });
  await ruin(serment.url, kit);
  await expect(page.locator('.event h3', { hasText: 'x7f3' })).toBeVisible({ timeout: 20_000 });

  await page.getByRole('link', { name: 'Mon coffre' }).first().click();
  // The file that is left has a link of that name too.
  await page.locator('.vault').getByRole('link', { name: 'Remonter le temps' }).click();
  await page.getByRole('button', { name: 'Regarder' }).click();
  await expect(page.getByText('Choisissez une personne ou un appareil.')).toBeVisible();
  const by = page.getByLabel('Ce qui a été écrit par');
  await by.selectOption({ label: (await by.locator('option', { hasText: /script/i }).textContent()) ?? '' });
  await page.getByLabel('Jusqu’à (vide : maintenant)').fill('2020-01-01T00:00');
  await expect(page.getByText('La fin vient avant le début.')).toBeVisible();
  await page.getByLabel('Jusqu’à (vide : maintenant)').fill('');
  await page.getByRole('button', { name: 'Regarder' }).click();
  await expect(page.getByText('2 dossiers seraient autrement.')).toBeVisible();
  await page.getByRole('button', { name: 'Voir BENOÎT Suzanne' }).click();
  await expect(page.locator('.difference-preview ins', { hasText: 'de la cheville' })).toBeVisible();
  const treatment = page.locator('.difference-preview', { hasText: 'Posologie' });
  await expect(treatment.locator('del', { hasText: 'x7f3' })).toBeVisible();
  await expect(treatment.locator('dt')).toHaveText(['Posologie', 'Autre champ']);
  await page.getByRole('button', { name: 'Rétablir 4 fiches' }).click();
  await expect(page.getByText('4 fiches sont redevenues ce qu’elles étaient.')).toBeVisible();
  await page.getByRole('button', { name: 'Regarder ce qui vient d’être écrit' }).click();
  await expect(page.getByText('2 dossiers seraient autrement.')).toBeVisible();

  await page.getByRole('link', { name: 'Patients' }).first().click();
  await page.getByRole('option', { name: /BENOÎT/ }).click();
  await expect(page.locator('.event h3', { hasText: 'Entorse de la cheville' })).toBeVisible();
  await expect(page.getByText('x7f3')).toHaveCount(0);
});
