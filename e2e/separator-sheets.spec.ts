import { expect, type Page } from '@playwright/test';
import { sheetKey, sheetQr } from '@serment/core/keys/sheet';
import { scanPdf } from '@serment/records/scan-pdf';
import { encodeQR } from 'qr';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const families = ['Benoît', 'Morel', 'Nadal'];

test('a pile of three patients’ papers is scanned in one go, cut by its sheets, corrected and filed', async ({
  page,
  context,
  serment,
}) => {
  test.setTimeout(280_000);
  const line = await startLine(serment.url);
  await createPractice(page, password, undefined, line.url);
  for (const family of families) await createPatient(page, { family, given: 'Suzanne', birthDate: '03/05/1958' });
  const [benoit, morel] = await printSheets(page, families.slice(0, 2));
  const stranger = sheetQr(sheetKey(new Uint8Array(32).fill(7)), { subject: 'patient/1', kind: '' });
  const pile = await scanOf(page, [
    { picture: benoit, degrees: 2 },
    { words: 'Courrier de Benoît, page 1' },
    { words: '' },
    { words: 'Courrier de Benoît, page 2' },
    { picture: morel, degrees: 181 },
    { words: 'Analyses de Morel' },
    { code: stranger },
    { words: 'Papier de Nadal' },
    { words: 'Fin du papier de Nadal' },
  ]);
  await page.getByRole('link', { name: /^À classer/ }).click();
  await page.getByRole('button', { name: 'Ajouter un lot numérisé' }).click();
  await expectAccessible(page);
  await page.getByTestId('batch-files').setInputFiles({ name: 'pile.pdf', mimeType: 'application/pdf', buffer: pile });
  await expect(page.getByText('3 documents, 3 feuilles de séparation laissées de côté, 1 page blanche')).toBeVisible({
    timeout: 120_000,
  });
  const part = (number: number) => page.getByRole('region', { name: `Document ${number}`, exact: true });
  await expect(part(1)).toContainText('BENOÎT Suzanne');
  await expect(part(1)).toContainText('2 pages');
  await expect(part(2)).toContainText('MOREL Suzanne');
  await expect(part(2).getByText('Pris')).toHaveCount(0);
  await expect(part(3)).toContainText('La feuille vient d’un autre cabinet');
  await expect(page.getByText('1 document attend son patient', { exact: false })).toBeVisible();
  await expectAccessible(page);

  // The blank back is put back and left out again; a cut is moved, and moved back.
  await part(1).getByRole('button', { name: 'Remettre la page 3' }).click();
  await expect(part(1)).toContainText('3 pages');
  await part(1).getByRole('button', { name: 'Laisser la page 3 de côté' }).click();
  await part(1).getByRole('button', { name: 'Commencer un document à la page 4' }).click();
  await expect(part(2)).toContainText('BENOÎT Suzanne');
  await part(2).getByRole('button', { name: 'Joindre au document précédent' }).click();
  await expect(part(1)).toContainText('2 pages');
  await part(1).getByRole('button', { name: 'Lire la page 2' }).click();
  await expect(page.getByRole('img', { name: 'Page 2' })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await part(1).getByLabel('Titre').fill('Courrier du cardiologue');

  // A window that closes loses nothing of it.
  const address = page.url();
  await page.close();
  const again = await context.newPage();
  await again.goto(address);
  await unlock(again, password);
  const kept = (number: number) => again.getByRole('region', { name: `Document ${number}`, exact: true });
  await expect(kept(1).getByLabel('Titre')).toHaveValue('Courrier du cardiologue', { timeout: 30_000 });
  await kept(3).getByLabel('De quel patient ?').fill('nadal');
  await kept(3).getByRole('button', { name: 'NADAL Suzanne' }).click();
  await expect(kept(3)).toContainText('NADAL Suzanne');

  // Without a network all of it is kept on this device, and goes when the line is back.
  line.cut();
  await again.getByRole('button', { name: 'Classer 3 documents' }).click();
  await expect(again.getByText('Les 3 documents sont classés.')).toBeVisible({ timeout: 60_000 });
  line.mend();
  await again.getByRole('button', { name: 'Terminer' }).click();
  await again.getByRole('button', { name: 'Supprimer ce lot', exact: true }).click();
  await expect(again.getByRole('heading', { name: 'À classer' })).toBeVisible();
  await expect(again.locator('.inbox-row', { hasText: 'NADAL' })).toBeVisible({ timeout: 30_000 });
  await expect(again.getByRole('link', { name: 'Reprendre' })).toHaveCount(0);

  await again.keyboard.press('Alt+p');
  await again.getByRole('option', { name: /BENOÎT Suzanne/ }).click();
  await again
    .locator('.timeline')
    .getByRole('button', { name: /Courrier du cardiologue/ })
    .click();
  await expect(again.getByText('sur 2')).toBeVisible({ timeout: 60_000 });
  await line.stop();
});

test('a pile that is given to one file says that it is a batch', async ({ page }) => {
  test.setTimeout(200_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Morel', given: 'Lucie' });
  const file = page.url();
  const [sheet] = await printSheets(page, ['Morel']);
  const pile = await scanOf(page, [{ picture: sheet, degrees: 88 }, { words: 'Analyses' }]);
  await page.goto(file);
  await unlock(page, password);
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Ajouter un document' });
  await expect(dialog.getByRole('link', { name: 'Imprimer une feuille de séparation' })).toBeVisible();
  await dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: 'pile.pdf', mimeType: 'application/pdf', buffer: pile });
  await dialog.getByRole('button', { name: 'En faire un lot numérisé' }).click({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Document 1' })).toContainText('MOREL Lucie', { timeout: 60_000 });
});

/** The sheets of these patients as the printer gets them, as pictures in base64. */
async function printSheets(page: Page, names: readonly string[]): Promise<string[]> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Chercher un patient ou une action' }).fill('feuilles');
  await page.getByRole('option', { name: 'Feuilles de séparation' }).click();
  for (const name of names) {
    await page.getByLabel('Pour quel patient ?').fill(name);
    await page
      .locator('.patient-choice')
      .getByRole('button', { name: new RegExp(name, 'i') })
      .click();
    await page.getByLabel('Pour quel patient ?').fill('');
  }
  await expect(page.getByRole('button', { name: /^Imprimer/ })).toBeEnabled();
  await page.emulateMedia({ media: 'print' });
  const pictures: string[] = [];
  for (const sheet of await page.locator('.sheet-paper').all())
    pictures.push((await sheet.screenshot()).toString('base64'));
  await page.emulateMedia({ media: 'screen' });
  expect(pictures).toHaveLength(names.length);
  return pictures;
}

type Scanned =
  | { readonly picture: string | undefined; readonly degrees: number }
  | { readonly words: string }
  | { readonly code: string };

/** A PDF as an office scanner makes it: grey, grained, a little aside. */
async function scanOf(page: Page, sheets: readonly Scanned[]): Promise<Buffer> {
  const given = sheets.map((sheet) => ({
    degrees: 1,
    ...sheet,
    rows: 'code' in sheet ? encodeQR(sheet.code, 'raw', { ecc: 'high', border: 4 }) : [],
  }));
  const pictures = await page.evaluate(async (all) => {
    const made: string[] = [];
    for (const sheet of all) {
      const canvas = new OffscreenCanvas(1654, 2339);
      const context = canvas.getContext('2d');
      if (context === null) return [];
      context.fillStyle = '#ece9e2';
      context.fillRect(0, 0, 1654, 2339);
      context.translate(827, 1170);
      context.rotate((sheet.degrees * Math.PI) / 180);
      context.fillStyle = '#333';
      context.font = '64px serif';
      if ('words' in sheet) context.fillText(sheet.words, -600, -800);
      for (const [row, cells] of sheet.rows.entries())
        for (const [column, isDark] of cells.entries())
          if (isDark) context.fillRect(column * 12 - 250, row * 12 - 250, 12, 12);
      if ('picture' in sheet && sheet.picture !== undefined) {
        const bytes = Uint8Array.from(atob(sheet.picture), (one) => one.charCodeAt(0));
        const picture = await createImageBitmap(new Blob([bytes]));
        const scale = Math.min(1500 / picture.width, 2200 / picture.height);
        const [width, height] = [picture.width * scale, picture.height * scale];
        context.globalAlpha = 0.8;
        context.drawImage(picture, -width / 2, -height / 2, width, height);
      }
      const pixels = context.getImageData(0, 0, 1654, 2339);
      for (let at = 0; at < pixels.data.length; at += 4) {
        const grain = ((at * 7919) % 23) - 11;
        for (let channel = 0; channel < 3; channel += 1)
          pixels.data[at + channel] = (pixels.data[at + channel] ?? 0) + grain;
      }
      context.putImageData(pixels, 0, 0);
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.7 });
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result));
        reader.readAsDataURL(jpeg);
      });
      made.push(url.slice(url.indexOf(',') + 1));
    }
    return made;
  }, given);
  const pdf = scanPdf(
    pictures.map((base64) => ({ jpeg: new Blob([Buffer.from(base64, 'base64')]), width: 1654, height: 2339 })),
  );
  return Buffer.from(await pdf.arrayBuffer());
}
