import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { expectAccessible } from './accessible.ts';
import { createPractice } from './steps.ts';
import { test } from './watched.ts';

const trials = (page: Page) => page.getByRole('region', { name: 'Restaurations d’essai' });

test('a doctor has the copy restored, reads what came of it, and gives a certificate that anyone checks', async ({
  page,
  serment,
}) => {
  await createPractice(page, 'quatre tilleuls au printemps');
  await page.keyboard.press('Alt+v');
  const section = trials(page);
  await expect(section).toContainText('jamais restaurée encore');
  await expect(section).toContainText('Aucun essai n’a encore abouti.');
  const ask = section.getByRole('button', { name: 'Vérifier maintenant la copie armoire' });
  await ask.click();
  await expect(section.getByText(/Restauration en cours|En attente de son tour/)).toBeVisible({ timeout: 20_000 });
  await expect(ask).toBeDisabled();
  await expect(section.getByText('Sans différence', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(section).toContainText(/rendue en \d+\ssecondes?/);
  await expect(ask).toBeEnabled({ timeout: 20_000 });
  await expectAccessible(page);
  await expect(page.locator('.three')).toContainText(/Restaurée (à l’instant|il y a)/);
  await page.keyboard.press('Alt+j');
  await expect(page.locator('.today-proven')).toHaveText(
    /^Dernière restauration d’essai\s: \S.*, \d+\sécritures?, sans différence$/,
  );
  await page.keyboard.press('Alt+v');

  const coming = page.waitForEvent('download');
  await section.getByRole('button', { name: /^Certificat de l’essai/ }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^serment-certificat-\d+\.pdf$/);
  const lines = await textOf(await download.path());
  const said = lines.join('\n').replaceAll(/\s/g, ' ');
  expect(said).toContain('restauré depuis sa copie, sans différence.');
  expect(said).toContain('la copie « armoire » seule, dans une base vide. Copie d’essai');
  expect(said).toContain('Attestée par l’hébergeur');
  expect(said).toContain('il a recalculé la même racine');
  expect(said).toContain('Ce que ceci ne prouve pas');
  const answer = run(lines.slice(lines.findIndex((line) => line.startsWith('# 1.'))));
  expect(answer).toContain('Signature Verified Successfully');
  expect(answer).toMatch(/entry \d+: included/);
  expect(answer).toMatch(/^proven$/m);

  // A copy that was damaged since says so, in words, and the shield is red until it is proven again.
  const [, practice = ''] =
    /serment\/([0-9a-f]{64})/.exec((await page.locator('.checkpoint').textContent()) ?? '') ?? [];
  damageTail(join(serment.copyFolder, practice));
  await ask.click();
  await expect(section.getByText('La copie n’a pas tout rendu')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.three')).toContainText('La copie armoire n’a pas tout rendu');
  // Or the verification that the host makes by itself has found the same meanwhile.
  await expect(page.locator('[data-condition="drill-failed"], [data-condition="damaged-copy"]').first()).toBeVisible();
  await expect(section.getByText('Sans différence', { exact: true })).toBeVisible();
});

/** Flips a bit of the first entries that the copy holds of a practice: other flows may have put theirs beside it. */
function damageTail(copyFolder: string): void {
  // Not one that is being written, beside them.
  const names = readdirSync(copyFolder, { recursive: true, encoding: 'utf8' });
  const tails = names.filter((name) => /\/tail\/\d+-\d+$/.test(name));
  const path = join(copyFolder, tails.toSorted()[0] ?? '');
  const bytes = readFileSync(path);
  bytes[400] = (bytes[400] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** The lines of a PDF, in the order in which they were written. */
async function textOf(path: string): Promise<string[]> {
  const document = await getDocument({ data: new Uint8Array(readFileSync(path)), verbosity: 0 }).promise;
  const lines: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const parts = items.flatMap((item) => ('str' in item ? [item.hasEOL ? `${item.str}\n` : item.str] : []));
    lines.push(...parts.join('').split('\n'));
  }
  return lines;
}

/** What a shell answers to the script, in a folder of its own. */
function run(script: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'serment-certificate-'));
  try {
    return execFileSync('sh', ['-c', `{ ${script.join('\n')}\n} 2>&1`], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
