import { randomInt } from 'node:crypto';
import { expect, type Locator, type Page } from '@playwright/test';
import { base32nopad } from '@scure/base';
import { totpOf } from '../apps/server/test/totp.ts';

/** Gestures that several flows share, in the words of the French interface. */

let kit = '';

/** A number of its own for each account: a number receives five codes in a quarter of an hour. */
function anyNumber(): string {
  return `06 12 ${randomInt(100_000, 1_000_000)}`;
}

/** The four steps of a new practice, one function each. */
export const creation = {
  async begin(page: Page): Promise<void> {
    await page.getByRole('button', { name: /Créer un cabinet/ }).click();
    await page.getByLabel('Nom du cabinet').waitFor();
  },

  async describe(page: Page, practiceName: string): Promise<void> {
    await page.getByLabel('Nom du cabinet').fill(practiceName);
    await page.getByLabel('Prénom').fill('Jeanne');
    await page.getByLabel('Nom', { exact: true }).fill('Aubert');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByLabel('Une seconde fois').waitFor();
  },

  async choosePassword(page: Page, password: string, number = anyNumber()): Promise<void> {
    await page.getByLabel('Mot de passe', { exact: true }).fill(password);
    await page.getByLabel('Une seconde fois').fill(password);
    await page.getByLabel('Téléphone mobile').fill(number);
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('button', { name: 'Imprimer le kit' }).waitFor({ timeout: 30_000 });
  },

  /** The kit as the screen shows it. */
  async readKit(page: Page): Promise<string> {
    await page.locator('.kit-card').waitFor({ timeout: 30_000 });
    const groups = await page.locator('.kit-card .kit-groups li').allInnerTexts();
    kit = groups.map((group) => group.replace(/^\d+\s*/, '').trim()).join('-');
    expect(kit).toMatch(/^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){16}$/);
    return kit;
  },

  /** Types back the groups that are asked. */
  async check(page: Page): Promise<void> {
    await creation.typeGroups(page);
    await page.getByRole('button', { name: 'Vérifier et créer le cabinet' }).click();
  },

  async typeGroups(page: Page): Promise<void> {
    const groups = kit.split('-');
    for (const input of await page.getByRole('textbox', { name: /^Groupe/ }).all()) {
      const label = await input.evaluate((element) =>
        element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : '',
      );
      await input.fill(groups[Number(/\d+/.exec(label ?? '')?.[0]) - 1]?.toLowerCase() ?? '');
    }
  },

  /** Types the code that the telephone received: here, the screen shows it. */
  async confirmPhone(page: Page): Promise<void> {
    await page.locator('.local-code').waitFor({ timeout: 30_000 });
    await typeLocalCode(page);
    await page.getByRole('button', { name: 'Entrer dans le cabinet' }).waitFor({ timeout: 30_000 });
  },

  async enter(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Entrer dans le cabinet' }).click();
    await page.getByText('Aucun patient pour l’instant.').waitFor();
  },
};

/** A practice from the welcome page to its empty list. Gives its kit. */
export async function createPractice(
  page: Page,
  password: string,
  practiceName = 'Cabinet des Érables',
  url = '/',
): Promise<string> {
  await page.goto(url);
  await creation.begin(page);
  await creation.describe(page, practiceName);
  await creation.choosePassword(page, password);
  const text = await creation.readKit(page);
  await page.getByRole('button', { name: 'Je l’ai : le vérifier' }).click();
  await creation.check(page);
  await creation.confirmPhone(page);
  await creation.enter(page);
  return text;
}

/** A code that a server of this machine shows instead of sending it; six digits go by themselves. */
export async function typeLocalCode(page: Page): Promise<void> {
  const code = (await page.locator('.local-code').textContent()) ?? '';
  await page.getByLabel('Code à six chiffres').fill(code);
}

/** This browser becomes a device of the kit's member, whose password is null when it has one already. */
export async function enrol(page: Page, kit: string, password: string | null, url = '/'): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: /Ajouter cet appareil/ }).click();
  await page.getByRole('textbox', { name: 'Kit de secours' }).fill(kit.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'Ajouter cet appareil', exact: true }).click();
  if (password === null) {
    await page.getByRole('button', { name: 'Entrer dans le cabinet' }).click();
    await later(page);
    await toPatients(page);
    return;
  }
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByLabel('Une seconde fois').fill(password);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByLabel('Téléphone mobile').fill(anyNumber());
  await page.getByRole('button', { name: 'Envoyer le code' }).click();
  await typeLocalCode(page);
  await later(page);
  await toPatients(page);
}

/** Enters for a day before the kit that served is replaced. */
export async function later(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ouvrir un dossier en urgence' }).click({ timeout: 30_000 });
}

/** A browser that no practice knows waits for an open device. Gives the reference that it shows. */
export async function beginNewcomer(page: Page, url = '/'): Promise<string> {
  await page.goto(url);
  await page.getByRole('button', { name: /J’ai déjà Serment sur un autre appareil/ }).click();
  return (await page.getByTestId('compared-reference').textContent({ timeout: 20_000 })) ?? '';
}

/** An open device takes up the newcomer of that reference, or of the text of its QR code. */
export async function beginAdding(page: Page, reference: string): Promise<void> {
  await openWays(page);
  await page.getByRole('link', { name: 'Ajouter un appareil' }).click();
  await typeReference(page, reference);
}

export async function typeReference(page: Page, reference: string): Promise<void> {
  await page.getByLabel('Repère du nouvel appareil').fill(reference);
  await page.getByRole('button', { name: 'Continuer' }).click();
}

/** The code that a screen shows to be compared. */
export async function readCode(page: Page): Promise<string> {
  return (await page.getByTestId('compared-code').textContent({ timeout: 20_000 })) ?? '';
}

/** What is told to somebody who was invited. */
export interface Invited {
  readonly link: string;
  readonly code: string;
}

/** A doctor's invitation, from any page of the open practice. `dates` as they are typed. */
export async function invite(
  page: Page,
  who: { given: string; family: string; role: string; dates?: { from?: string; until?: string } },
): Promise<Invited> {
  await openMembers(page);
  await page.getByRole('link', { name: 'Inviter quelqu’un' }).click();
  await page.getByLabel('Prénom').fill(who.given);
  await page.getByLabel('Nom', { exact: true }).fill(who.family);
  await page.getByRole('radio', { name: new RegExp(`^${who.role}`) }).check();
  if (who.dates?.from !== undefined) await page.getByLabel('Premier jour').fill(who.dates.from);
  if (who.dates?.until !== undefined) await page.getByLabel('Dernier jour').fill(who.dates.until);
  await page.getByRole('button', { name: 'Faire l’invitation' }).click();
  return readInvitation(page);
}

/** The link and the code that the screen shows. */
export async function readInvitation(page: Page): Promise<Invited> {
  const link = page.getByTestId('invitation-link');
  await link.waitFor({ timeout: 30_000 });
  return {
    link: (await link.textContent()) ?? '',
    code: (await page.getByTestId('invitation-code').textContent()) ?? '',
  };
}

export async function openMembers(page: Page): Promise<void> {
  await page.keyboard.press('Alt+v');
  await page.getByRole('link', { name: 'Membres et appareils' }).click();
  await page.getByRole('heading', { name: 'Membres et appareils' }).waitFor();
}

/** Opens the link and types the code. */
export async function answerInvitation(page: Page, { link, code }: Invited): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Rejoindre' }).click();
}

/** Enters by an invitation, up to the practice. */
export async function join(page: Page, invited: Invited, password: string): Promise<void> {
  await answerInvitation(page, invited);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password, { timeout: 30_000 });
  await page.getByLabel('Une seconde fois').fill(password);
  await page.getByLabel('Téléphone mobile').fill(anyNumber());
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.locator('.local-code').waitFor({ timeout: 30_000 });
  await typeLocalCode(page);
  await page.getByRole('button', { name: 'Entrer dans le cabinet' }).click({ timeout: 30_000 });
  await toPatients(page);
}

/** From where one lands, which on a phone is the day alone, to the list of all. */
export async function toPatients(page: Page): Promise<void> {
  await page.locator('.shell').waitFor({ timeout: 90_000 });
  await page.keyboard.press('Alt+p');
  await page.waitForURL('**/patients');
}

export async function createPatient(
  page: Page,
  name: { family: string; given: string; birthDate?: string },
): Promise<void> {
  await page.keyboard.press('Alt+n');
  await page.getByRole('textbox', { name: 'Nom de naissance', exact: true }).fill(name.family);
  await page.getByLabel('Premier prénom de naissance').fill(name.given);
  if (name.birthDate !== undefined) await page.getByLabel('Date de naissance').fill(name.birthDate);
  await page.getByLabel('Femme').check();
  await page.getByRole('button', { name: 'Créer le dossier' }).click();
  await page.getByRole('button', { name: 'Consultation', exact: true }).waitFor({ timeout: 20_000 });
}

/** Opens a file by the palette, from anywhere, and what a phone folds of it. */
export async function openFile(page: Page, typed: string, name = new RegExp(typed, 'i')): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.locator('dialog.palette');
  await palette.getByRole('combobox').fill(typed);
  await palette.getByRole('option', { name }).first().click();
  await unfoldSummary(page);
}

/** On a phone, what counts now is folded. */
export async function unfoldSummary(page: Page): Promise<void> {
  await page.locator('.summary').waitFor();
  const folded = page.locator('.summary details:not([open]) > summary');
  if ((await folded.count()) > 0) await folded.click();
}

/** Writes a note in the open file, up to its saving. */
export async function writeNote(page: Page, texts: { reason: string; conclusion: string }): Promise<void> {
  await page.getByRole('button', { name: 'Consultation', exact: true }).click();
  await page.getByLabel('Motif').fill(texts.reason);
  await page.getByLabel('Conclusion').fill(texts.conclusion);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
}

/** The page of one's ways in, from the vault's. */
export async function openWays(page: Page): Promise<void> {
  await page.keyboard.press('Alt+v');
  await page.getByRole('link', { name: 'Mes façons d’entrer' }).click();
  await page.getByRole('heading', { name: 'Sur cet appareil' }).waitFor();
}

/** The line of one way in, on the page of one's ways in. */
export function wayRow(page: Page, title: string): Locator {
  return page.locator('.ways-row', { has: page.getByText(title, { exact: true }) });
}

/** Erases all that this browser keeps of the site, and leaves its pages. An authenticator is the window's, and stays. */
export async function clearSiteData(page: Page, url: string): Promise<void> {
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'all' });
}

/** Sets the device's disk back, as the server sees it: its gate closes as it does for a new day. */
export async function forgetDay(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const opened = indexedDB.open('serment');
    await new Promise((resolve) => opened.addEventListener('success', resolve, { once: true }));
    const store = opened.result.transaction('devices', 'readwrite').objectStore('devices');
    const all = store.getAll();
    await new Promise((resolve) => all.addEventListener('success', resolve, { once: true }));
    for (const device of all.result)
      store.put({ ...device, record: { ...device.record, ticket: 'ab'.repeat(32), nextTicket: null } });
    await new Promise((resolve) => store.transaction.addEventListener('complete', resolve, { once: true }));
    opened.result.close();
  });
}

export async function openDemo(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: /Ouvrir la démonstration/ }).click();
  await toPatients(page);
  await page.getByRole('listbox').waitFor({ timeout: 60_000 });
}

/** Waits until the form says that all that was typed in it is sealed on this device. */
export async function sealed(form: Page | Locator): Promise<void> {
  await expect(form.getByTestId('draft-state')).toHaveAttribute('aria-busy', 'false');
}

export async function lock(page: Page): Promise<void> {
  await page.keyboard.press('Alt+l');
  await page.getByText('Mot de passe oublié, ou autre appareil ?').waitFor();
}

export async function unlock(page: Page, password: string): Promise<void> {
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Déverrouiller' }).click();
}

export const operatorPassword = 'cinq mouettes sous la pluie';

/** The code that an operator's application shows at that time (ms). */
export function operatorTotp(secret: string, atMs: number): string {
  return totpOf(base32nopad.decode(secret), atMs);
}

/** Enrols an operator by password and authenticator, at the page that asks for the code; answers with the secret. */
export async function enterAsOperator(page: Page, code: string): Promise<string> {
  await page.getByLabel('Code d’enrôlement').fill(code);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('button', { name: 'Un mot de passe et une application' }).click();
  await page.getByLabel('Nouveau mot de passe').fill(operatorPassword);
  const secret = ((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', '');
  await page.getByLabel('Code de l’application').fill(operatorTotp(secret, Date.now()));
  await page.getByRole('button', { name: 'Terminer' }).click();
  await page.getByRole('region', { name: 'État du serveur' }).waitFor({ timeout: 20_000 });
  return secret;
}

interface Given {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Lets go of files over the page, as from the system's folder. */
export async function dropFiles(page: Page, files: readonly Given[]): Promise<void> {
  const given = files.map(({ bytes, ...file }) => ({ ...file, base64: Buffer.from(bytes).toString('base64') }));
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, type, base64 } of all)
      dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name, { type }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, given);
}
