import { expect, type Frame, type Page } from '@playwright/test';
import { writePdf } from '../packages/records/src/demo/pdf.ts';
import { pdfWith } from '../packages/records/test/document-check/samples.ts';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { createPatient, createPractice, dropFiles, unlock } from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const letter = { title: 'Avis cardiologique', from: 'Dr Roy', paragraphs: ['Cher confrère,', 'Rien à signaler.'] };

test('documents are dropped, pasted and chosen, hostile ones refused, and shown in a page without origin', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await createPractice(page, password);
  await createPatient(page, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });

  await dropFiles(page, [{ name: 'avis cardio.pdf', type: 'application/pdf', bytes: writePdf(letter) }]);
  const sheet = page.getByRole('dialog', { name: 'Ajouter un document' });
  await expect(sheet.getByText('BENOÎT Suzanne')).toBeVisible();
  await expect(sheet.getByRole('textbox', { name: 'Titre de avis cardio.pdf' })).toHaveValue('avis cardio');
  await sheet.locator('input[type="file"]').setInputFiles([
    { name: 'facture.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\x90\0\x03\0') },
    {
      name: 'lien.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(pdfWith(['<< /S /JavaScript /JS (app.alert\\(1\\)) >>'], { catalog: '/OpenAction 10 0 R' })),
    },
  ]);
  await expect(sheet.getByText('Pas ajouté : facture.pdf')).toBeVisible();
  await expect(sheet.getByText('C’est un programme.', { exact: true })).toBeVisible();
  await expect(sheet.getByText('Ce PDF contenait : un programme.', { exact: false })).toBeVisible();
  await expectAccessible(page, { except: '.document-frame' });
  await sheet.getByLabel('Type').selectOption({ label: 'Courrier' });
  await sheet.getByLabel('Date du document').fill('31/02/2024');
  await sheet.getByRole('button', { name: 'Ajouter au dossier' }).click();
  await expect(sheet.getByText('Cette date n’existe pas.', { exact: false })).toBeVisible();
  await sheet.getByLabel('Date du document').fill('03/05/2024');
  await sheet.getByLabel('Auteur').fill('Dr Roy');
  await sheet.getByRole('button', { name: 'Ajouter au dossier' }).click();
  await expect(sheet).toBeHidden({ timeout: 30_000 });
  // What is on its way stands above the lines, which move up once it has arrived.
  await expect(page.getByRole('list', { name: 'Envoi des documents' })).toBeHidden();

  await page
    .locator('.timeline')
    .getByRole('button', { name: /avis cardio/ })
    .click();
  const shown = page.getByRole('dialog', { name: 'avis cardio' });
  await expect(shown.getByText('Courrier · 03/05/2024 · Dr Roy')).toBeVisible();
  const frame = page.frameLocator('.document-frame');
  await expect(frame.locator('.page canvas')).toBeVisible({ timeout: 30_000 });
  // The page that holds the document has no origin: neither keys, nor storage, nor network.
  const inside = frameOf(page);
  expect(await inside?.evaluate(() => self.origin)).toBe('null');
  const refused = await inside?.evaluate(async () => {
    const fails = (work: () => unknown) =>
      Promise.resolve()
        .then(work)
        .then(
          () => false,
          () => true,
        );
    // Another script than the one that was built, were one let in.
    const script = document.createElement('script');
    const isScriptRefused = await fails(() => {
      script.text = 'document.title = "run"';
      document.body.append(script);
      if (document.title !== 'run') throw new Error('refused');
    });
    return [
      await fails(() => localStorage.length),
      await fails(() => indexedDB.open('any')),
      await fails(() => parent.document),
      isScriptRefused,
    ];
  });
  expect(refused).toEqual([true, true, true, true]);
  expect(await inkOf(page)).toBeGreaterThan(100);
  await shown.getByRole('searchbox', { name: 'Chercher dans les pages' }).fill('introuvable ici');
  await page.keyboard.press('Enter');
  await expect(shown.getByText('Introuvable')).toBeVisible();
  await shown.getByRole('button', { name: 'Agrandir' }).click();
  await shown.getByRole('button', { name: 'Tourner' }).click();
  await expect(shown.getByText('150 %')).toBeVisible();
  await expectAccessible(page, { except: '.document-frame' });
  const saved = page.waitForEvent('download');
  await shown.getByRole('link', { name: 'Enregistrer une copie' }).click();
  expect((await saved).suggestedFilename()).toBe('avis cardio.pdf');

  await shown.getByRole('button', { name: 'Modifier', exact: true }).click();
  await shown.getByLabel('Titre').fill('Avis du cardiologue');
  await shown.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  const renamed = page.getByRole('dialog', { name: 'Avis du cardiologue' });
  await renamed.getByRole('button', { name: 'Mauvais dossier ou erreur' }).click();
  await expect(renamed.getByText('Signalé comme saisi par erreur', { exact: false })).toBeVisible();
  await renamed.getByRole('button', { name: 'Annuler' }).click();
  await expect(renamed.getByText('Signalé comme saisi par erreur', { exact: false })).toBeHidden();
  await renamed.getByRole('button', { name: 'Historique' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: /^Historique/ })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.locator('.timeline').getByRole('button', { name: /^lien/ }).click();
  await expect(page.getByText('Ce que ce PDF pouvait exécuter a été retiré', { exact: false })).toBeVisible();
  await expect(frame.locator('.page canvas')).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');

  await paste(page);
  await expect(sheet.getByText('Un PDF d’une page')).toBeVisible({ timeout: 30_000 });
  await sheet.getByRole('button', { name: 'Recadrer la page 1' }).click();
  await sheet.getByRole('button', { name: 'Coin en haut à gauche' }).press('ArrowRight');
  await expectAccessible(page, { except: '.document-frame' });
  await sheet.getByRole('button', { name: 'Redresser' }).click();
  await expect(sheet.getByRole('img', { name: 'Page 1' })).toBeVisible();
  await sheet.getByLabel('Titre').fill('Photo collée');
  await sheet.getByRole('button', { name: 'Ajouter au dossier' }).click();
  await page
    .locator('.timeline')
    .getByRole('button', { name: /Photo collée/ })
    .click();
  await expect(frame.locator('.page canvas')).toBeVisible({ timeout: 30_000 });
});

installed(
  'a scan of 150 pages is one document, kept through a cut and a closed window',
  async ({ page, context, serment }) => {
    test.setTimeout(300_000);
    const line = await startLine(serment.url);
    await createPractice(page, password, undefined, line.url);
    await createPatient(page, { family: 'Morel', given: 'Lucie' });
    await page.getByRole('button', { name: 'Document', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'Ajouter un document' });
    const buffer = Buffer.from(await sheetPicture(page), 'base64');
    const files = Array.from({ length: 150 }, (_, place) => ({ name: `${place}.jpg`, mimeType: 'image/jpeg', buffer }));
    await sheet.locator('input[type="file"]').setInputFiles(files);
    await expect(sheet.getByText('Un PDF de 150 pages')).toBeVisible({ timeout: 180_000 });
    await sheet.getByLabel('Titre').fill('Ancien dossier papier');
    line.cut();
    await sheet.getByRole('button', { name: 'Ajouter au dossier' }).click();
    await expect(sheet).toBeHidden({ timeout: 60_000 });
    await expect(page.getByText('est gardé sur cet appareil', { exact: false })).toBeVisible();
    await expect(page.locator('.event [data-state="device"]')).toBeVisible();
    // What the host has not is read from this device.
    await page
      .locator('.timeline')
      .getByRole('button', { name: /Ancien dossier papier/ })
      .click();
    const shown = page.frameLocator('.document-frame').locator('.page canvas').first();
    await expect(shown).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    const address = page.url();
    await page.close();
    line.mend();
    const again = await context.newPage();
    await again.goto(address);
    await unlock(again, password);
    await expect(again.locator('.event :is([data-state="host"], [data-state="copy"])')).toBeVisible({
      timeout: 60_000,
    });
    await again
      .locator('.timeline')
      .getByRole('button', { name: /Ancien dossier papier/ })
      .click();
    await expect(again.getByText('sur 150')).toBeVisible({ timeout: 60_000 });
    await again.getByRole('spinbutton', { name: 'Page' }).fill('150');
    const last = again.frameLocator('.document-frame').getByRole('img', { name: 'Page 150' });
    await expect(last.locator('canvas')).toBeVisible({ timeout: 30_000 });
    await line.stop();
  },
);

test('what the camera takes shows whose it will be, and is no file of the telephone', async ({ page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    // A sheet on a table, as a camera sees it.
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 620, height: 877 });
      const context = canvas.getContext('2d');
      const stream = canvas.captureStream(10);
      const draw = () => {
        if (context === null) return;
        context.fillStyle = '#333';
        context.fillRect(0, 0, 620, 877);
        context.fillStyle = '#fff';
        context.fillRect(60, 60, 500, 757);
      };
      setInterval(draw, 100);
      draw();
      Reflect.set(globalThis, 'taken', stream);
      return stream;
    };
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await createPractice(page, password);
  await createPatient(page, { family: 'Morel', given: 'Lucie' });
  // What a save says lies over nothing that is read, typed or touched.
  const [said, read] = [page.getByTestId('last-save'), page.locator('.content')];
  await expect(said).toContainText('MOREL Lucie');
  const [above, below] = [await said.boundingBox(), await read.boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Ajouter un document' });
  await expect(sheet.getByText('peut rester dans la galerie', { exact: false })).toBeVisible();
  // A choice of a file that opens the telephone's own camera would leave the photograph there.
  await expect(sheet.locator('input[capture]')).toHaveCount(0);
  await sheet.getByRole('button', { name: 'Photographier' }).click();
  await expect(sheet.locator('.document-aim')).toContainText('MOREL Lucie');
  await expect(sheet.getByText('elles n’entrent pas dans la galerie', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await sheet.getByRole('button', { name: 'Prendre la page 1' }).click();
  await expect(sheet.getByRole('button', { name: 'Prendre la page 2' })).toBeVisible({ timeout: 30_000 });
  await sheet.getByRole('button', { name: 'Terminer les photos' }).click();
  await expect(sheet.getByRole('img', { name: 'Page 1' })).toBeVisible();
  // The camera is let go of.
  const live = await page.evaluate(() => {
    const stream: unknown = Reflect.get(globalThis, 'taken');
    return stream instanceof MediaStream && stream.getTracks().some(({ readyState }) => readyState === 'live');
  });
  expect(live).toBe(false);
});

/** A picture from the clipboard. */
async function paste(page: Page): Promise<void> {
  const base64 = await sheetPicture(page);
  await page.evaluate((picture) => {
    const clipboardData = new DataTransfer();
    const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
    clipboardData.items.add(new File([bytes], 'image.jpg', { type: 'image/jpeg' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, base64);
}

/** A light sheet on a dark table, as a JPEG in base64. */
function sheetPicture(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const canvas = new OffscreenCanvas(620, 877);
    const context = canvas.getContext('2d');
    if (context === null) return '';
    context.fillStyle = '#333';
    context.fillRect(0, 0, 620, 877);
    context.fillStyle = '#fff';
    context.fillRect(60, 60, 500, 757);
    context.fillStyle = '#000';
    context.font = '40px serif';
    context.fillText('Une page', 100, 160);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
    return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''));
  });
}

/** The page within the page: it is no address. */
function frameOf(page: Page): Frame | undefined {
  return page.frames().find((one) => one.url() === 'about:srcdoc');
}

/** How many dark points the first page shows: a letter whose font is missing is blank. */
async function inkOf(page: Page): Promise<number> {
  const inside = frameOf(page);
  if (inside === undefined) return 0;
  return inside.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 100 && (data[at + 3] ?? 0) > 200) dark += 1;
    return dark;
  });
}
