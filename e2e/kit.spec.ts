import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { createPatient, createPractice, creation, enrol, invite, join, later, openMembers, unlock } from './steps.ts';
import { test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
const sizes = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

/** From any page of the open practice. */
async function openVault(page: Page): Promise<void> {
  await page.keyboard.press('Alt+v');
  await page.getByRole('heading', { name: /^(Votre part|Mon kit de secours)$/ }).waitFor();
}

const shield = (page: Page) => page.getByRole('button', { name: /État du coffre/ });
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

/** What a person, or the browser by itself, does to all that a site keeps. */
async function clearSiteData(page: Page): Promise<void> {
  const origin = new URL(page.url()).origin;
  const context = page.context();
  const fresh = await context.newPage();
  // Its worker ends with its last window.
  await page.close();
  const session = await context.newCDPSession(fresh);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await fresh.close();
}

/** The password again, which opens alone for the rest of the day. */
async function unlockDay(page: Page): Promise<void> {
  await unlock(page, password);
  await page.getByLabel('Mot de passe', { exact: true }).waitFor({ state: 'detached', timeout: 20_000 });
}

/** Counts what a person does, typing apart. */
class Gestures {
  count = 0;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(name: string | RegExp, role: 'button' | 'link' = 'button'): Promise<void> {
    this.count += 1;
    await this.#page.getByRole(role, { name }).click({ timeout: 30_000 });
  }
}

async function testKit(page: Page, kitText: string, words: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Tester un kit' }).click();
  await page.getByRole('textbox', { name: 'Kit de secours' }).fill(kitText);
  await page.getByRole('dialog').getByRole('button', { name: 'Vérifier' }).click();
  await expect(page.getByRole('dialog').getByText(words)).toBeVisible();
  await page.keyboard.press('Escape');
}

for (const size of sizes)
  test.describe(`at ${size.width} px`, () => {
    test.use({ viewport: size });

    test('a second kit leaves the first valid, a replaced one opens nothing, each is read back first', async ({
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
      await testKit(page, first, /a été retiré\s: il n’ouvre plus rien/);
      for (const kit of [second, third]) await testKit(page, kit, /C’est bien un kit de ce cabinet/);
      await expect(page.getByText(/^Le kit de secours \w{5} a été retiré/)).toBeVisible();

      const context = await browser.newContext({ baseURL, locale: 'fr-FR', viewport: size });
      const bare = await context.newPage();
      await bare.goto('/');
      await bare.getByRole('button', { name: /Ajouter cet appareil/ }).click();
      const refused = async (kitText: string, words: RegExp) => {
        await bare.getByRole('textbox', { name: 'Kit de secours' }).fill(kitText);
        await bare.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
        await expect(bare.getByText(words)).toBeVisible();
      };
      await refused(first, /Le kit \w{5} a été retiré\s: il n’ouvre plus rien/);
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
  const printed = ((await paper.textContent()) ?? '').replaceAll(/[\u00a0\u202f]/g, ' ');
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

for (const size of sizes)
  test.describe(`at ${size.width} px`, () => {
    test.use({ viewport: size });

    test('an erased device is the practice’s again by the kit; everybody is told, and the kit is replaced', async ({
      page,
      context,
      browser,
      baseURL,
    }) => {
      const kit = await createPractice(page, password);
      await createPatient(page, { family: 'Perrin', given: 'Odile' });
      await expect(page.locator('[data-testid=last-save] [data-state=copy]')).toBeVisible({ timeout: 20_000 });
      const invited = await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
      const away = await browser.newContext({ baseURL, locale: 'fr-FR' });
      const desk = await away.newPage();
      await join(desk, invited, password);
      await expect(shield(desk)).toHaveAttribute('data-condition', 'same-disk');

      await clearSiteData(page);
      const bare = await context.newPage();
      await bare.goto('/');
      const gestures = new Gestures(bare);
      await gestures.press(/Ajouter cet appareil/);
      await bare.getByRole('textbox', { name: 'Kit de secours' }).fill(kit);
      await gestures.press('Ajouter cet appareil');
      await gestures.press('Entrer dans le cabinet');
      await gestures.press('Faire le nouveau kit');
      expect(gestures.count).toBe(4);

      // Until the new kit was read back, every member's shield says that this one served.
      await expect(shield(desk)).toHaveAttribute('data-condition', 'kit-used', { timeout: 20_000 });
      await openVault(desk);
      await expect(desk.getByText(/^Le kit \w{5} de Dr Jeanne Aubert a servi/)).toBeVisible();
      await expect(
        desk.getByText('Le kit de secours a servi à ajouter un appareil · par Dr Jeanne Aubert'),
      ).toBeVisible();
      await expect(bare.getByRole('heading', { name: /^Remplacer le kit/ })).toBeVisible();
      // Nothing else is shown before it is replaced, but where a file cannot wait.
      await bare.getByRole('button', { name: 'Plus tard' }).click();
      const first = bare.getByRole('heading', { name: 'Ce kit a servi : faites-en un autre' });
      await expect(first).toBeVisible();
      await expect(bare.getByText('PERRIN')).toHaveCount(0);
      await later(bare);
      await expect(shield(bare)).toHaveAttribute('data-condition', 'kit-used', { timeout: 20_000 });
      await shield(bare).click();
      await bare.getByRole('dialog').getByRole('button', { name: 'Faire un nouveau kit' }).click();
      const next = await readBack(bare, 'Vérifier et remplacer l’ancien');
      for (const one of [bare, desk])
        await expect(shield(one)).toHaveAttribute('data-condition', 'same-disk', { timeout: 20_000 });
      await bare.getByRole('button', { name: 'Revenir au coffre' }).click();
      await bare.keyboard.press('Alt+p');
      await expect(bare.getByRole('option', { name: /PERRIN Odile/ })).toBeVisible({ timeout: 20_000 });
      await away.close();

      // Erased again before anything else was opened: the new kit does the same, the password has not changed.
      await clearSiteData(bare);
      const again = await context.newPage();
      await again.goto('/');
      await again.getByRole('button', { name: /Ajouter cet appareil/ }).click();
      await again.getByRole('textbox', { name: 'Kit de secours' }).fill(kit);
      await again.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
      await expect(again.getByText(/a été retiré\s: il n’ouvre plus rien/)).toBeVisible();
      await enrol(again, next, null);
      await expect(again.getByRole('option', { name: /PERRIN Odile/ })).toBeVisible({ timeout: 20_000 });
    });
  });

for (const size of sizes)
  test(`a device that a kit named asks for the next kit first, a day at a time, at ${size.width} px`, async ({
    page,
    browser,
    baseURL,
  }) => {
    const kit = await createPractice(page, password);
    const context = await browser.newContext({ baseURL, locale: 'fr-FR', viewport: size });
    const bare = await context.newPage();
    await bare.goto('/');
    await bare.getByRole('button', { name: /Ajouter cet appareil/ }).click();
    await bare.getByRole('textbox', { name: 'Kit de secours' }).fill(kit);
    await bare.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
    await bare.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
    const first = bare.getByRole('heading', { name: 'Ce kit a servi : faites-en un autre' });
    await expect(first).toBeVisible({ timeout: 20_000 });
    await expectAccessible(bare);
    // Neither another address nor another opening goes round it.
    await bare.goto('/patients');
    await unlockDay(bare);
    await expect(first).toBeVisible();
    await expect(bare.getByText(/En urgence, le cabinet s’ouvre jusqu’au .*\d\d:\d\d/)).toBeVisible();
    await later(bare);
    await bare.getByText('Aucun patient pour l’instant.').waitFor();
    await bare.keyboard.press('Alt+l');
    await unlockDay(bare);
    await openVault(bare);
    await expect(bare.getByText(/Échéance\s: .*\d\d:\d\d/)).toBeVisible();
    await bare.keyboard.press('Alt+l');
    await bare.clock.setFixedTime(Date.now() + 25 * 3_600_000);
    await unlockDay(bare);
    await expect(first).toBeVisible();
    // The device that made the practice is told, and not kept from anything.
    await expect(shield(page)).toHaveAttribute('data-condition', 'kit-used', { timeout: 20_000 });
    await openVault(page);
    await context.close();
  });

test('the password that was forgotten is chosen anew by the kit, whose code is read in a picture', async ({
  page,
  context,
}) => {
  const kit = await createPractice(page, password);
  await openVault(page);
  await page.getByRole('link', { name: 'Faire un second kit' }).click();
  const second = await readBack(page, 'Vérifier et mettre en service');
  await page.getByRole('button', { name: 'Revenir au coffre' }).click();
  const url = page.url();
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.getByRole('link', { name: 'Faire un kit' }).click();
  await creation.readKit(page);
  await page.emulateMedia({ media: 'print' });
  // The sheet as a telephone sees it: its code is that of a kit that was never named.
  const picture = { name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() };
  await clearSiteData(page);
  const bare = await context.newPage();
  await bare.goto(url);
  await bare.getByRole('button', { name: /Ajouter cet appareil/ }).click();
  const camera = bare.getByLabel('Photographier le QR code');
  await camera.setInputFiles({ ...picture, buffer: Buffer.from('no picture at all') });
  await expect(bare.getByText('Aucun QR code n’a été trouvé sur cette photo', { exact: false })).toBeVisible();
  await camera.setInputFiles(picture);
  await expect(bare.getByRole('textbox', { name: 'Kit de secours' })).toHaveValue(/^SERMENT-KIT:[0-9A-Z]{85}$/);
  await bare.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
  await expect(bare.getByText(/n’y a jamais été mis en service/)).toBeVisible();

  await bare.getByRole('textbox', { name: 'Kit de secours' }).fill(second);
  await bare.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
  await bare.getByRole('button', { name: 'Je l’ai oublié : en choisir un autre' }).click({ timeout: 30_000 });
  await bare.getByLabel('Mot de passe', { exact: true }).fill('cinq marronniers sous la pluie');
  await bare.getByLabel('Une seconde fois').fill('cinq marronniers sous la pluie');
  await bare.getByRole('button', { name: 'Continuer' }).click();
  await later(bare);
  await bare.getByText('Aucun patient pour l’instant.').waitFor();
  await bare.keyboard.press('Alt+l');
  await unlock(bare, password);
  await expect(bare.getByText('Ce n’est pas le bon mot de passe.')).toBeVisible();
  await unlock(bare, 'cinq marronniers sous la pluie');
  await bare.getByText('Aucun patient pour l’instant.').waitFor();
  // The other kit is as good as before.
  await openVault(bare);
  await testKit(bare, kit, /C’est bien un kit de ce cabinet/);
  await testKit(bare, second, /ouvre encore ce cabinet, mais il a servi\s: remplacez-le/);
});

test('a secretary makes a kit of her own, in the words of what she reads; it adds her device, and a doctor withdraws it', async ({
  page,
  browser,
  baseURL,
}) => {
  await createPractice(page, password);
  await createPatient(page, { family: 'Perrin', given: 'Odile' });
  const away = await browser.newContext({ baseURL, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const desk = await away.newPage();
  await join(desk, await invite(page, { given: 'Sophie', family: 'Lambert', role: 'Accueil' }), password);
  await desk.getByRole('option', { name: /PERRIN Odile/ }).waitFor({ timeout: 20_000 });
  await desk.keyboard.press('Alt+v');
  await desk.getByRole('heading', { name: 'Mon kit de secours' }).waitFor();
  const opens = 'Elle n’ouvre ni les dossiers médicaux, ni la facturation, ni les notes privées de personne d’autre.';
  await expect(desk.getByText(opens, { exact: false })).toBeVisible();
  await desk.getByRole('link', { name: 'Faire un kit' }).click();
  // The doctor's open device has granted her newest key the rest by itself; else it is told to wait.
  await desk
    .locator('.kit-card')
    .or(desk.getByRole('button', { name: 'Réessayer' }))
    .first()
    .waitFor();
  while ((await desk.locator('.kit-card').count()) === 0) {
    await expect(desk.getByText('un appareil de médecin doit encore les confirmer', { exact: false })).toBeVisible();
    await desk.getByRole('button', { name: 'Réessayer' }).click();
    await desk
      .locator('.kit-card')
      .or(desk.getByRole('button', { name: 'Réessayer' }))
      .first()
      .waitFor();
  }
  await desk.emulateMedia({ media: 'print' });
  const printed = ((await desk.locator('.paper').textContent()) ?? '').replaceAll(/[\u00a0\u202f]/g, ' ');
  for (const words of [opens, 'Sophie Lambert', 'Si son titulaire quitte le cabinet', 'dites-le aussitôt à un médecin'])
    expect(printed).toContain(words);
  expect(printed).not.toMatch(/décès|ouvre tous les dossiers/);
  const pdf = (await desk.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await desk.emulateMedia({ media: 'screen' });
  const kit = await readBack(desk, 'Vérifier et mettre en service');
  await desk.getByRole('button', { name: 'Revenir au coffre' }).click();
  await expect(kits(desk)).toHaveCount(1);
  await expect(desk.getByRole('button', { name: /^Retirer le kit/ })).toHaveCount(0);
  await testKit(desk, kit, /C’est bien un kit de ce cabinet/);

  const other = await browser.newContext({ baseURL, locale: 'fr-FR' });
  const bare = await other.newPage();
  await bare.goto('/');
  await bare.getByRole('button', { name: /Ajouter cet appareil/ }).click();
  await bare.getByRole('textbox', { name: 'Kit de secours' }).fill(kit);
  await bare.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
  await bare.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
  await expect(bare.getByRole('option', { name: /PERRIN Odile/ })).toBeVisible({ timeout: 20_000 });
  await expect(shield(page)).toHaveAttribute('data-condition', 'kit-used', { timeout: 20_000 });
  await desk.keyboard.press('Alt+v');
  await expect(desk.getByText('demandez à un médecin de le retirer', { exact: false })).toBeVisible({
    timeout: 20_000,
  });

  await openMembers(page);
  await page.getByRole('button', { name: /^Retirer le kit/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retirer', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Retirer le kit/ })).toHaveCount(0, { timeout: 30_000 });
  await expect(shield(desk)).toHaveAttribute('data-condition', 'same-disk', { timeout: 20_000 });
  await testKit(desk, kit, /a été retiré\s: il n’ouvre plus rien/);
  await away.close();
  await other.close();
});
