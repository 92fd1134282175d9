import { expect, type Page } from '@playwright/test';
import { scanPdf } from '@serment/records/scan-pdf';
import { encodeQR } from 'qr';
import { onPaper, onScreen } from './screens/screen.ts';

/** The sheets of these patients as the printer gets them, as pictures in base64. */
export async function printSheets(page: Page, names: readonly string[]): Promise<string[]> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Chercher un patient ou une action' }).fill('feuilles');
  await page.getByRole('option', { name: 'Feuilles de séparation' }).click();
  for (const name of names) {
    await page.getByLabel('Pour quel patient ?').fill(name);
    await page
      .locator('.patient-choice')
      .getByRole('button', { name: new RegExp(name, 'i') })
      .first()
      .click();
    await page.getByLabel('Pour quel patient ?').fill('');
  }
  await expect(page.getByRole('button', { name: /^Imprimer/ })).toBeEnabled();
  await onPaper(page);
  const pictures: string[] = [];
  for (const sheet of await page.locator('.sheet-paper').all())
    pictures.push((await sheet.screenshot()).toString('base64'));
  await onScreen(page);
  expect(pictures).toHaveLength(names.length);
  return pictures;
}

type Scanned =
  | { readonly picture: string | undefined; readonly degrees: number }
  | { readonly words: string }
  | { readonly code: string };

/** A PDF as an office scanner makes it: grey, grained, a little aside. The same sheets may come several times over. */
export async function scanOf(page: Page, sheets: readonly Scanned[], times = 1): Promise<Buffer> {
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
  const scanned = pictures.map((base64) => new Blob([Buffer.from(base64, 'base64')]));
  const pile = Array.from({ length: times }, () => scanned).flat();
  const pdf = scanPdf(pile.map((jpeg) => ({ jpeg, width: 1654, height: 2339 })));
  return Buffer.from(await pdf.arrayBuffer());
}
