import { readdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { writePdf } from '../packages/records/src/demo/pdf.ts';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, dropFiles, writeNote } from './steps.ts';
import { test } from './watched.ts';

const letter = { title: 'Avis cardiologique', from: 'Dr Roy', paragraphs: ['Cher confrère,', 'Rien à signaler.'] };

/** The practice's only document, where it lies sealed under a folder. */
function documentIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = names.find((name) => /(?:^|\/)[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name));
  if (found === undefined) throw new Error(`No document in ${folder}`);
  return join(folder, found);
}

async function practiceOf(page: Page): Promise<string> {
  await page.keyboard.press('Alt+v');
  const text = (await page.locator('.checkpoint').textContent()) ?? '';
  return /serment\/([0-9a-f]{64})/.exec(text)?.[1] ?? '';
}

test('a doctor reads a file back from a copy, restores a lost document from it, and the practice reads copies back', async ({
  page,
  serment,
}) => {
  test.setTimeout(240_000);
  await createPractice(page, 'quatre tilleuls au printemps');
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  await writeNote(page, { reason: 'Chute', conclusion: 'Entorse de la cheville' });
  await expect(page.locator('.event h3', { hasText: 'Entorse de la cheville' })).toBeVisible();
  await dropFiles(page, [{ name: 'avis cardio.pdf', type: 'application/pdf', bytes: writePdf(letter) }]);
  const sheet = page.getByRole('dialog', { name: 'Ajouter un document' });
  await sheet.getByRole('button', { name: 'Ajouter au dossier' }).click();
  await expect(sheet).toBeHidden({ timeout: 30_000 });
  await expect(page.locator('[data-testid="last-save"] [data-state="copy"]')).toBeVisible({ timeout: 30_000 });

  // The copy and the host say the same.
  await page.getByRole('link', { name: 'Restaurer depuis une copie' }).click();
  await expect(page.getByRole('heading', { name: 'Restaurer depuis une copie' })).toBeVisible();
  const compare = page.getByRole('button', { name: 'Comparer', exact: true });
  await compare.click();
  await expect(page.getByText('Rien à restaurer : la copie dit la même chose.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('1 document a été relu en entier.')).toBeVisible();
  await expectAccessible(page);

  // The host loses the document: it is found, and comes back.
  const practice = await practiceOf(page);
  const live = documentIn(join(serment.dataFolder, 'blobs', practice));
  truncateSync(live, 100);
  await page.goBack();
  await compare.click();
  const lost = page.getByRole('checkbox', { name: /avis cardio/ });
  await expect(lost).toBeChecked({ timeout: 30_000 });
  await expect(page.getByText('perdu ou abîmé ici, entier dans la copie')).toBeVisible();
  await lost.uncheck();
  await page.getByRole('button', { name: /^Restaurer 0\sélément/ }).click();
  await expect(page.getByText('Rien n’est coché.')).toBeVisible();
  await lost.check();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Restaurer 1 élément' }).click();
  await expect(page.getByText('1 document est de nouveau entier chez l’hébergeur.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Comparer de nouveau' }).click();
  await expect(page.getByText('Rien à restaurer : la copie dit la même chose.')).toBeVisible({ timeout: 30_000 });

  // A practice's own device reads the copy back, and says so in the vault.
  await page.keyboard.press('Alt+v');
  const section = page.getByRole('region', { name: 'Dossiers relus' });
  await expect(section).toContainText('jamais relue encore');
  const reread = section.getByRole('button', { name: 'Relire maintenant la copie armoire' });
  await reread.click();
  await expect(section.getByText('Relu, ouvert, identique')).toBeVisible({ timeout: 30_000 });
  await expect(section).toContainText(/relue (à l’instant|il y a .*)\s: \d+\sécrits ouverts et 1\sdocument ouvert/);
  await expectAccessible(page);

  // The copy loses it: red, in words, and nothing else than another copy helps.
  const copied = documentIn(join(serment.copyFolder, practice));
  truncateSync(copied, 100);
  await reread.click();
  await expect(section.getByText('Différence trouvée', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(section.getByText('Prévenez l’hébergeur : cette copie est à refaire.')).toBeVisible();
  await expect(page.locator('[data-condition="reread-failed"]').first()).toBeVisible();
  rmSync(live);
  await page.getByRole('link', { name: 'Restaurer depuis une copie' }).click();
  await page.getByRole('link', { name: /BENOÎT/ }).click();
  await compare.click();
  await expect(page.getByText('perdu ou abîmé ici, et dans cette copie aussi. Essayez une autre copie.')).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('button', { name: /^Restaurer \d/ })).toBeHidden();

  // A copy that is not there says so within seconds.
  renameSync(serment.copyFolder, `${serment.copyFolder}-away`);
  try {
    await compare.click();
    await expect(page.getByText('Cette copie ne répond pas')).toBeVisible({ timeout: 20_000 });
  } finally {
    renameSync(`${serment.copyFolder}-away`, serment.copyFolder);
  }
});
