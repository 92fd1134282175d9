import { expect } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, invite, join, writeNote } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';

test('an identity is changed: what was seen is said, and a strict trait takes it back', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Lefevre', given: 'Elodie', birthDate: '12/03/1992' });
  await expect(page.locator('.banner')).toContainText('Identité provisoire');
  await page.getByRole('link', { name: 'Identité', exact: true }).click();
  await page.getByRole('radio', { name: /^Validée/ }).check();
  await page.getByRole('button', { name: 'Enregistrer l’identité' }).click();
  await expect(page.getByText('Dites quelle pièce vous avez vue.')).toBeVisible();
  await page.getByLabel('Pièce vue').selectOption('PA');
  await page.getByLabel('Tous les prénoms de naissance').fill('Elodie Marie Rose');
  await page.getByLabel('Nom utilisé', { exact: true }).fill('Santoro');
  await page.getByLabel('Code INSEE du lieu').fill('2A004');
  const number = page.getByLabel('Numéro de sécurité sociale');
  await number.pressSequentially('191046912345600');
  await expect(number).toHaveValue('1 91 04 69 123 456 00');
  // The caret stays where one corrects.
  await number.press('Home');
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Backspace', '9']) await number.press(key);
  await expect(number).toHaveValue('1 91 04 69 123 456 00');
  expect(await number.evaluate((field) => (field instanceof HTMLInputElement ? field.selectionStart : null))).toBe(3);
  await expect(page.getByText('La clé ne correspond pas', { exact: false })).toContainText('autre sexe');
  await page.getByLabel('Médecin traitant').selectOption({ label: 'Dr Jeanne Aubert' });
  await page.getByRole('button', { name: 'Ajouter une personne' }).click();
  await page.getByLabel('Nom', { exact: true }).fill('Marc Santoro');
  await page.getByLabel('Rôle').selectOption('trusted');
  await expectAccessible(page);
  await page.getByText('Brouillon gardé').waitFor();
  // What was typed is there again behind another page.
  await page.getByRole('link', { name: 'Revenir au dossier' }).click();
  await page.getByRole('link', { name: 'Identité', exact: true }).click();
  await expect(page.getByLabel('Nom', { exact: true })).toHaveValue('Marc Santoro');
  await page.getByRole('button', { name: 'Enregistrer l’identité' }).click();
  const banner = page.locator('.banner');
  await expect(banner.getByRole('heading')).toContainText('SANTORO Elodie née Lefevre');
  await expect(banner).toContainText('Médecin traitant : vous');
  await expect(banner).not.toContainText('Identité provisoire');

  await page.getByRole('link', { name: 'Identité', exact: true }).click();
  await page.getByLabel('Date de naissance').fill('1992');
  await expect(page.getByText('l’identité redeviendra provisoire', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer l’identité' }).click();
  await expect(banner).toContainText('Identité provisoire');
  await expect(banner).toContainText('(1992)');
  await page.getByRole('link', { name: 'Identité', exact: true }).click();
  await page.getByRole('button', { name: 'Historique de l’identité' }).click();
  const history = page.getByRole('dialog');
  await expect(history.getByText('3 versions', { exact: false })).toBeVisible();
  await expect(history).toContainText('Passeport');
  await page.keyboard.press('Escape');

  // A patient is found by any of this.
  for (const query of ['santoro elodie', 'rose lefevre', '1992', '1 91 04 69 123 456', 'élod sant']) {
    await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill(query);
    await expect(page.getByRole('option', { name: /SANTORO Elodie/ })).toBeVisible();
  }
  await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill('mars 1992');
  await expect(page.getByText('Aucun patient ne correspond', { exact: false })).toBeVisible();
});

test('two records of one person become one file, and come apart again', async ({ page }) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Lefèvre', given: 'Anna', birthDate: '12/03/1992' });
  await writeNote(page, { reason: 'Toux', conclusion: 'Bronchite.' });
  await expect(page.getByRole('heading', { name: 'Bronchite' })).toBeVisible();
  await page.keyboard.press('Alt+n');
  await page.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill('Lefaivre');
  await page.getByLabel('Premier prénom de naissance').fill('Ana');
  await page.getByLabel('Date de naissance').fill('03/12/1992');
  await expect(page.getByText('noms proches à l’oreille, jour et mois inversés')).toBeVisible();
  await page.getByLabel('Femme').check();
  await page.getByRole('button', { name: 'Créer le dossier' }).click();
  await page.getByRole('button', { name: 'Consultation', exact: true }).waitFor();
  await writeNote(page, { reason: 'Vaccin', conclusion: 'Rappel fait.' });
  await expect(page.getByRole('heading', { name: 'Rappel fait' })).toBeVisible();

  await page.keyboard.press('Alt+p');
  await page.getByRole('link', { name: 'Doublons possibles' }).click();
  await expect(page.getByText('1 paire à regarder')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Comparer' }).click();
  await expectAccessible(page);
  const first = page.getByRole('region', { name: 'LEFÈVRE Anna' });
  await first.getByRole('button', { name: 'Continuer avec celui-ci' }).click();
  await expect(page.getByText('Réunis dans le dossier de LEFÈVRE Anna.')).toBeVisible();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await expect(page.getByRole('option')).toHaveCount(2);
  await first.getByRole('button', { name: 'Continuer avec celui-ci' }).click();
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill('lefaivre');
  await page.getByRole('option', { name: /LEFÈVRE Anna/ }).click();
  await expect(page.getByRole('heading', { name: 'Bronchite' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Rappel fait' })).toBeVisible();
  await expect(page.getByText('dossier réuni, LEFAIVRE Ana')).toHaveCount(1);
  await expectAccessible(page);
  // A note of the other record is changed where it stands.
  await page
    .locator('.event', { hasText: 'Rappel fait' })
    .getByRole('button', { name: 'Modifier', exact: true })
    .click();
  await page.getByLabel('Conclusion').fill('Rappel DTP fait.');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { name: 'Rappel DTP fait' })).toBeVisible();
  await page.locator('.banner').getByRole('button', { name: 'Séparer' }).click();
  await expect(page.getByRole('heading', { name: 'Rappel DTP fait' })).toHaveCount(0);
  await page.getByRole('option', { name: /LEFAIVRE Ana/ }).click();
  await expect(page.getByRole('heading', { name: 'Rappel DTP fait' })).toBeVisible();
});

test('a desk without medical files edits an identity, and never reads a blank for what it may not see', async ({
  page,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Roy', given: 'Jean', birthDate: '01/01/1950' });
  await createPatient(page, { family: 'Roy', given: 'Jean', birthDate: '02/02/1982' });
  await expect(page.locator('.banner')).toContainText('Homonyme : ');
  await expect(page.locator('.banner')).toContainText('01/01/1950');
  const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  await join(page, invited, 'cinq platanes en novembre');
  await page
    .getByRole('option', { name: /ROY Jean/ })
    .first()
    .click({ timeout: 20_000 });
  await expect(page.locator('.banner')).toContainText('ALD : non visibles avec vos droits');
  await page.getByRole('link', { name: 'Identité', exact: true }).click();
  await page.getByLabel('Téléphone mobile').fill('06 12 34 56 78');
  await page.getByRole('button', { name: 'Enregistrer l’identité' }).click();
  await page.getByRole('combobox', { name: 'Filtrer les patients' }).fill('+33 6 12 34 56 78');
  await expect(page.getByRole('option', { name: /ROY Jean/ })).toHaveCount(1);
});

test('rights, consents and relatives: said beside the identity, told where the doctor looks, and taken back', async ({
  page,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Roy', given: 'Jean', birthDate: '01/01/1950' });
  await createPatient(page, { family: 'Roy', given: 'Lucie', birthDate: '02/02/2012' });
  // The file has buttons of the same names, and stays until the page has come.
  const identity = async () => {
    await page.getByRole('link', { name: 'Identité', exact: true }).click();
    await page.getByRole('group', { name: 'Traits d’identité' }).waitFor();
  };
  const sheet = page.getByRole('dialog');
  const part = (name: string) => page.getByRole('region', { name, exact: true });
  const edit = (words: string) => page.getByRole('button', { name: words, exact: true }).click();
  await identity();

  await edit('Modifier les ALD');
  await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(sheet.getByText('À remplir')).toBeVisible();
  await sheet.getByLabel('Affection').selectOption('8');
  await sheet.getByLabel('Fin du droit').fill('12/2025');
  await sheet.getByRole('combobox', { name: 'Diagnostic' }).fill('Diabète de type 2');
  await sheet
    .getByRole('option', { name: /Diabète de type 2/ })
    .first()
    .click();
  await expectAccessible(page);
  await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(sheet.getByRole('listitem').filter({ hasText: 'ALD 8 Diabète' })).toContainText('droit échu en 12/2025');
  await sheet.getByRole('button', { name: /^Modifier\s: / }).click();
  await sheet.getByLabel('Fin du droit').fill('12/2049');
  await sheet.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(sheet.getByRole('listitem').filter({ hasText: 'ALD 8 Diabète' })).toContainText('jusqu’au 12/2049');
  await sheet.getByRole('button', { name: /^Historique\s: / }).click();
  await expect(page.getByRole('dialog').last()).toContainText('droit échu en 12/2025');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(part('ALD et alertes')).toContainText('jusqu’au 12/2049');

  await edit('Modifier la couverture');
  await sheet.getByLabel('Caisse ou organisme').fill('CPAM du Rhône');
  await sheet.getByLabel('N° de sécurité sociale de l’assuré').fill('2 92 03 69 092 123 00');
  await expect(sheet.getByText('La clé ne correspond pas', { exact: false })).toBeVisible();
  await sheet.getByLabel('Assuré', { exact: true }).selectOption('child');
  await sheet.getByLabel('Nom de l’assuré').fill('Jean Roy');
  await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(sheet.getByRole('listitem')).toContainText('par son parent Jean Roy');
  await page.keyboard.press('Escape');

  await edit('Modifier les consentements');
  await sheet.getByLabel('Objet').selectOption('messages');
  await sheet.getByLabel('De la part de').selectOption('parent');
  await sheet.getByLabel('Nom', { exact: true }).fill('Jean Roy, parent');
  await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(sheet.getByRole('listitem')).toContainText('accepté le');
  await sheet.getByRole('button', { name: /^Retirer\s: / }).click();
  await expect(sheet.getByRole('listitem')).toContainText('retiré le');
  await sheet.locator('.notice').getByRole('button', { name: 'Annuler', exact: true }).click();
  await expect(sheet.getByRole('listitem')).not.toContainText('retiré le');
  await sheet.getByLabel('Objet').selectOption('secrecy');
  await sheet.getByLabel('Précision').fill('Contraception');
  await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(sheet.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Escape');

  await edit('Modifier l’information donnée');
  await sheet.getByLabel('Sujet').fill('Vaccination HPV');
  await sheet.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(sheet.getByRole('listitem')).toContainText('noté par Dr Jeanne Aubert');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Ajouter un proche suivi au cabinet' }).click();
  await page.getByLabel('Quel est son dossier ?').fill('roy jean');
  await page.locator('.patient-choice').getByRole('button', { name: 'ROY Jean' }).click();
  await expect(part('Proches suivis au cabinet')).toContainText('mère');
  await expectAccessible(page);
  await part('Proches suivis au cabinet').getByRole('link', { name: 'ROY Jean' }).click();
  const summary = page.getByRole('complementary', { name: 'Résumé du dossier' });
  await expect(page.locator('.banner').getByRole('heading')).toContainText('ROY Jean');
  await expect(summary).toContainText('fille');
  await summary.getByRole('link', { name: 'ROY Lucie' }).click();
  const banner = page.locator('.banner');
  await expect(banner.getByRole('heading')).toContainText('ROY Lucie');
  await expect(banner).toContainText('ALD 8 Diabète, jusqu’au 12/2049');
  // What for is never on a screen that a parent may see.
  await expect(banner).toContainText('Confidentialité demandée');
  await expect(banner).not.toContainText('Contraception');
  await expect(summary).toContainText('CPAM du Rhône');
  await expect(page.locator('.timeline')).toContainText('Vaccination HPV');

  const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  await join(page, invited, 'cinq platanes en novembre');
  await page.getByRole('option', { name: /ROY Lucie/ }).click({ timeout: 20_000 });
  await expect(summary).toContainText('CPAM du Rhône');
  await expect(summary).not.toContainText('Diabète');
  await identity();
  await expect(part('ALD et alertes')).toContainText('Non visible avec vos droits');
  await expect(part('Consentements')).toContainText('Non visible avec vos droits');
  await edit('Modifier la couverture');
  await sheet.getByRole('button', { name: /^Terminé\s: / }).click();
  await expect(sheet.getByText('CPAM du Rhône : terminé', { exact: false })).toBeVisible();
  await sheet.locator('.notice').getByRole('button', { name: 'Annuler', exact: true }).click();
  await expect(sheet.getByRole('button', { name: /^Terminé\s: / })).toBeVisible();
});
