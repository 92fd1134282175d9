import { expect } from '@playwright/test';
import { newNote } from '@serment/records/fhir/note';
import { newPatient } from '@serment/records/fhir/patient';
import { inviteMember } from '@serment/replica/invitation';
import { makePractice, settle } from './harness/made-practice.ts';
import { join } from './steps.ts';
import { test } from './watched.ts';

test('a desk sees whom to call, never a blank where the medical file is', async ({ page, serment }) => {
  const { practice } = await makePractice(serment.url);
  const person = { birthName: 'Lefèvre', usedName: 'Santoro', firstGivenName: 'Élodie', sex: 'female' as const };
  const resource = newPatient('p1', { ...person, identityStatus: 'provisional', mobile: '+33612345678' });
  const note = newNote('n1', {
    ...{ status: 'preliminary', patient: 'Patient/p1', author: 'Practitioner/a', date: '2026-11-23T10:00:00+01:00' },
    title: 'Secret médical',
    sections: [{ title: 'Motif', loinc: '10154-3', text: 'Secret médical' }],
  });
  const records = [resource, note].map((one) => ({ resource: one, change: 'create' as const, replaces: [] }));
  await practice.save({ patient: 'Patient/p1', records });
  await settle(practice);
  const name = { family: 'Lambert', given: 'Sophie' };
  const { linkText, code } = await inviteMember(practice, { role: 'desk', name, term: null });

  await join(page, { link: `/invitation#${linkText}`, code }, 'un mot de passe assez long');
  await page.getByRole('option', { name: /SANTORO Élodie/ }).click();
  await expect(page.locator('.banner')).toContainText('Allergies : non visibles avec vos droits');
  await expect(page.getByText('Le dossier médical n’est pas visible avec vos droits.', { exact: false })).toBeVisible();
  await expect(page.getByRole('link', { name: '06 12 34 56 78' })).toHaveAttribute('href', 'tel:+33612345678');
  await expect(page.getByRole('button', { name: 'Consultation', exact: true })).toHaveCount(0);
  await expect(page.getByText('Secret médical')).toHaveCount(0);
  await page.keyboard.press('Alt+v');
  await page.getByRole('link', { name: 'Voir comme l’hébergeur' }).click();
  await page
    .getByRole('link', { name: /SANTORO/ })
    .last()
    .click();
  await expect(page.getByText(/sans sa clé, cet appareil ne sait pas même/)).toBeVisible();
  // What a desk types is kept too, though it has no clinical key.
  await page.keyboard.press('Alt+n');
  await page.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill('Nouveau');
  await expect(page.getByText(/Brouillon gardé/)).toBeVisible();
  await practice.lock();
});
