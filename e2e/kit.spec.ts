import { expect, type Page } from '@playwright/test';
import { createPractice, creation, enrol } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const sizes = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

/** From any page of the open practice. */
async function openVault(page: Page): Promise<void> {
  await page.keyboard.press('Alt+v');
  await page.getByRole('heading', { name: 'Votre part' }).waitFor();
}

const kits = (page: Page) => page.getByTestId('kit');

/** Reads the new kit off the screen, types two groups back, and gives the whole. */
async function readBack(page: Page, submit: string): Promise<string> {
  const text = await creation.readKit(page);
  await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
  await creation.typeGroups(page);
  await page.getByRole('button', { name: submit }).click();
  await page.getByRole('heading', { name: /est en service/ }).waitFor({ timeout: 30_000 });
  return text;
}

async function testKit(page: Page, kitText: string, words: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Tester un kit' }).click();
  await page.getByRole('textbox', { name: 'Kit de secours' }).fill(kitText);
  await page.getByRole('button', { name: 'Vérifier' }).click();
  await expect(page.getByRole('dialog').getByText(words)).toBeVisible();
  await page.keyboard.press('Escape');
}

for (const size of sizes)
  test.describe(`at ${size.width} px`, () => {
    test.use({ viewport: size });

    test('a second kit leaves the first valid; a replaced one opens nothing; none is made before it was read back', async ({
      page,
      browser,
      baseURL,
    }) => {
      const first = await createPractice(page, password);
      await openVault(page);
      await expect(kits(page)).toHaveCount(1);
      await page.getByRole('link', { name: 'Faire un second kit' }).click();
      const givenUp = await creation.readKit(page);
      await page.getByRole('button', { name: 'Plus tard' }).click();
      await expect(kits(page)).toHaveCount(1);
      await testKit(page, givenUp, /n’y a jamais été mis en service/);

      await page.getByRole('link', { name: 'Faire un second kit' }).click();
      await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
      const name = page.getByRole('button', { name: 'Vérifier et mettre en service' });
      await expect(name).toBeDisabled();
      for (const input of await page.getByRole('textbox', { name: /^Groupe/ }).all()) await input.fill('00000');
      await name.click();
      await expect(page.getByText(/ne correspond/)).toBeVisible();
      await page.getByRole('button', { name: 'Revoir le kit' }).click();
      const second = await readBack(page, 'Vérifier et mettre en service');
      await page.getByRole('button', { name: 'Revenir au coffre' }).click();
      await expect(kits(page)).toHaveCount(2);
      for (const kit of [first, second]) await testKit(page, kit, /C’est bien un kit de ce cabinet/);

      await page
        .getByRole('link', { name: /^Remplacer le kit/ })
        .first()
        .click();
      const third = await readBack(page, 'Vérifier et remplacer l’ancien');
      await page.getByRole('button', { name: 'Revenir au coffre' }).click();
      await expect(kits(page)).toHaveCount(3);
      await expect(kits(page).filter({ hasText: 'retiré le' })).toHaveCount(1);
      await testKit(page, first, /a été retiré : il n’ouvre plus rien/);
      for (const kit of [second, third]) await testKit(page, kit, /C’est bien un kit de ce cabinet/);
      await expect(page.getByText(/^Le kit de secours \w{5} a été retiré/)).toBeVisible();

      const context = await browser.newContext({ baseURL, locale: 'fr-FR', viewport: size });
      const bare = await context.newPage();
      await bare.goto('/');
      await bare.getByRole('button', { name: /Ajouter cet appareil/ }).click();
      const refused = async (kitText: string, words: RegExp) => {
        await bare.getByRole('textbox', { name: 'Kit de secours' }).fill(kitText);
        await bare.getByRole('button', { name: 'Enrôler cet appareil' }).click();
        await expect(bare.getByText(words)).toBeVisible();
      };
      await refused(first, /Le kit \w{5} a été retiré : il n’ouvre plus rien/);
      await refused(givenUp, /n’y a jamais été mis en service/);
      await refused(third.replace(/-.{5}/, '-UUUUU'), /Le groupe 2 n’est pas celui d’un kit/);
      const mistyped = third.replace(/.$/, (last) => (last === '2' ? '4' : '2'));
      await refused(mistyped, /une faute de frappe, sans doute dans le groupe 17/);
      await refused(`SERMENT-KIT:${third.replaceAll('-', '').slice(0, 50)}`, /Le texte du QR code n’est pas entier/);
      await enrol(bare, third, null);
      await bare.getByText('Aucun patient pour l’instant.').waitFor();
      await context.close();
    });
  });

test('the kit prints as one page of A4 that says whose it is, what to do with it, and what if the doctor dies', async ({
  page,
}, testInfo) => {
  // As long as a name may be.
  await createPractice(page, password, `Cabinet ${'des Érables et des Tilleuls '.repeat(7)}`.slice(0, 199).trim());
  await openVault(page);
  await page.getByRole('link', { name: 'Faire un second kit' }).click();
  const kit = await creation.readKit(page);
  const mark = (await page.locator('.kit-card .kit-test-value').textContent()) ?? '';
  await page.emulateMedia({ media: 'print' });
  const paper = page.locator('.paper');
  await expect(paper).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  const printed = ((await paper.textContent()) ?? '').replaceAll('\u00a0', ' ');
  for (const group of kit.split('-')) expect(printed).toContain(group);
  for (const words of [
    ...['Kit de secours du Cabinet des Érables', 'Dr Jeanne Aubert', new Date().toLocaleDateString('fr-FR'), mark],
    ...['Identifiant du cabinet', new URL(page.url()).origin, 'Ajouter cet appareil', 'En cas de décès du médecin'],
    ...['conseil départemental de l’Ordre des médecins', 'Où la garder', 'ouvre tous les dossiers du cabinet'],
  ])
    expect(printed).toContain(words);
  expect(printed).toMatch(/(?:[0-9a-f]{8} ){7}[0-9a-f]{8}/);
  const pdf = await page.pdf({ path: testInfo.outputPath('kit.pdf'), preferCSSPageSize: true });
  const text = pdf.toString('latin1');
  expect(text.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  // A4, in points.
  expect(text).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
});
