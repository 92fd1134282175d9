import { expect } from '@playwright/test';
import { utf8ToBytes } from '@serment/core/bytes';
import type { Role } from '@serment/core/journal/body';
import { inboxStream } from '@serment/core/journal/header';
import { memoryCache } from '@serment/replica/cache';
import { sealDeposit } from '@serment/replica/deposit-sealing';
import { writeEntry } from '@serment/replica/entry-writer';
import { inviteMember } from '@serment/replica/invitation';
import { acceptInvitation } from '@serment/replica/invitation-acceptance';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';
import { expectAccessible } from './accessible.ts';
import { startLine } from './harness/line.ts';
import { makePractice } from './harness/made-practice.ts';
import { createPatient, createPractice, invite, join } from './steps.ts';
import { installed, test } from './watched.ts';

const password = 'quatre tilleuls au printemps';
/** A picture of one dot. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('a desk deposits what it cannot read, the doctor files it, and the desk says what it was asked to', async ({
  page: doctor,
  browser,
  serment,
}) => {
  test.setTimeout(180_000);
  await createPractice(doctor, password);
  await createPatient(doctor, { family: 'Benoît', given: 'Suzanne', birthDate: '03/05/1958' });
  const invited = await invite(doctor, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
  const context = await browser.newContext({ baseURL: serment.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const desk = await context.newPage();
  await join(desk, invited, 'un mot de passe assez long');

  await desk.getByRole('option', { name: /BENOÎT Suzanne/ }).click();
  await expect(desk.getByText('Le dossier médical n’est pas visible avec vos droits.', { exact: false })).toBeVisible();
  await desk.getByRole('button', { name: 'Déposer un document ou un message' }).click();
  await desk.getByRole('button', { name: 'Déposer', exact: true }).click();
  await expect(desk.getByText('Écrivez un message, ou choisissez un document.')).toBeVisible();
  await desk.getByRole('textbox', { name: 'Message' }).fill('A rappelé pour ses résultats');
  await desk
    .locator('input[type="file"]')
    .setInputFiles({ name: 'virus.exe', mimeType: 'application/x-msdownload', buffer: dot });
  await expect(desk.getByText('Ce fichier n’est ni un PDF', { exact: false })).toBeVisible();
  await desk.locator('input[type="file"]').setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: dot });
  await expectAccessible(desk);
  await desk.getByRole('button', { name: 'Déposer', exact: true }).click();
  await expect(desk.locator('.deposit')).toContainText('A rappelé pour ses résultats');
  await expect(desk.locator('.deposit [data-state="host"], .deposit [data-state="copy"]')).toBeVisible();
  await expect(desk.getByText(/^Reçu de Sophie Lambert/)).toBeVisible();
  await desk.locator('.deposit').getByRole('button', { name: 'Ouvrir' }).click();
  await expect(desk.getByRole('img', { name: 'scan.png' })).toBeVisible();
  await expectAccessible(desk);

  await doctor.getByRole('link', { name: 'À classer (1)' }).click();
  await expect(doctor.getByRole('heading', { name: 'Dépôts de l’accueil' })).toBeVisible();
  await expect(doctor.getByText('A rappelé pour ses résultats')).toBeVisible();
  await expectAccessible(doctor);
  await doctor.getByRole('button', { name: 'Classer…' }).click();
  const filing = doctor.getByRole('dialog');
  await filing.getByRole('button', { name: 'Ouvrir' }).click();
  await expect(filing.getByRole('img', { name: 'scan.png' })).toBeVisible();
  await filing.getByRole('button', { name: 'Un autre patient' }).click();
  await filing.getByLabel('Dans le dossier de quel patient ?').fill('beno');
  await filing.getByRole('button', { name: 'BENOÎT Suzanne' }).click();
  await filing.getByRole('textbox', { name: 'À dire au patient' }).fill('Résultats normaux, rien à changer');
  await expectAccessible(doctor);
  await filing.getByRole('button', { name: 'Classer dans le dossier de BENOÎT Suzanne' }).click();
  await expect(doctor.getByText('Le dépôt est classé dans le dossier de BENOÎT Suzanne.')).toBeVisible();
  await doctor.getByRole('link', { name: 'Ouvrir le dossier' }).click();
  await expect(doctor.locator('.timeline').getByText('A rappelé pour ses résultats')).toBeVisible();
  await expect(doctor.locator('.timeline').getByText('scan.png')).toBeVisible();

  await expect(desk.getByText('« Résultats normaux, rien à changer »')).toBeVisible();
  await desk.getByRole('link', { name: 'Dépôts (1)' }).click();
  await expect(desk.getByRole('link', { name: 'BENOÎT Suzanne' })).toBeVisible();
  await expectAccessible(desk);
  await desk.getByRole('button', { name: 'C’est dit' }).click();
  await expect(desk.getByText('Rien n’est à dire.')).toBeVisible();
  await expect(desk.getByText('A rappelé pour ses résultats')).toBeVisible();
  await context.close();
});

installed(
  'what a desk deposits while the line is cut waits on its device, and leaves by itself',
  async ({ page: doctor, browser, serment }) => {
    test.setTimeout(180_000);
    await createPractice(doctor, password);
    const invited = await invite(doctor, { given: 'Sophie', family: 'Lambert', role: 'Accueil' });
    // What a page is told of the network does not reach the worker that windows share: the line itself is cut.
    const line = await startLine(serment.url);
    const context = await browser.newContext({ baseURL: line.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
    const desk = await context.newPage();
    await join(desk, { ...invited, link: invited.link.replace(serment.url, line.url) }, 'un mot de passe assez long');
    await desk.getByRole('link', { name: 'Dépôts', exact: true }).click();
    await expect(desk.getByText('Vous n’avez rien déposé depuis 24 heures.')).toBeVisible();
    line.cut();
    await desk.getByRole('button', { name: 'Déposer un document ou un message' }).click();
    await desk.getByRole('textbox', { name: 'Message' }).fill('Un courrier sans nom');
    await desk.getByRole('button', { name: 'Déposer', exact: true }).click();
    await expect(desk.locator('.deposit [data-state="device"]')).toBeVisible();
    line.mend();
    await expect(desk.locator('.deposit [data-state="host"], .deposit [data-state="copy"]')).toBeVisible({
      timeout: 60_000,
    });
    await doctor.getByRole('link', { name: 'À classer (1)' }).click();
    await expect(doctor.getByText('Sans patient')).toBeVisible();
    await doctor.getByRole('button', { name: 'Classer…' }).click();
    await doctor.getByRole('button', { name: 'Classer', exact: true }).click();
    await expect(doctor.getByText('Choisissez d’abord un patient.')).toBeVisible();
    await context.close();
    await line.stop();
  },
);

/** Writes what no key opens, as a member's damaged device would. */
async function depositDamaged(desk: Practice): Promise<void> {
  const { keyring, mirror } = desk;
  const seal = await sealDeposit(new Uint8Array(16).fill(7), mirror.governance, keyring);
  const { statementBytes: statement, payload } = await writeEntry(keyring.signer, {
    ...{ practice: mirror.practice, stream: inboxStream(keyring.member), base: null },
    ...{ prev: mirror.lastEntryOf(keyring.signer.author), seen: mirror.seen(), time: Date.now(), body: seal.body },
    sealed: { ...seal.sealed, content: utf8ToBytes('rien') },
  });
  await desk.transport.append([{ statement, payload }]);
}

test('a deposit that opens to nobody is set aside once that was asked, and the desk deposits it again', async ({
  page: doctor,
  browser,
  serment,
}) => {
  test.setTimeout(180_000);
  const { practice } = await makePractice(serment.url);
  const inviteAs = (role: Role, family: string, given: string) =>
    inviteMember(practice, { role, name: { family, given }, term: null });
  const context = await browser.newContext({ baseURL: serment.url, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const desk = await context.newPage();
  try {
    const { linkText, code } = await inviteAs('desk', 'Petit', 'Léa');
    const transport = new Transport({ baseUrl: serment.url });
    const accepted = await acceptInvitation({ transport, linkText, code, label: 'browser' });
    const damaged = await openPractice({ ...accepted, transport, cache: memoryCache() });
    await depositDamaged(damaged);
    await damaged.lock();
    for (const [page, role] of [
      [doctor, 'doctor'],
      [desk, 'desk'],
    ] as const) {
      const made = await inviteAs(role, 'Renard', 'Paul');
      await join(page, { link: `${serment.url}/invitation#${made.linkText}`, code: made.code }, password);
    }
    await doctor.getByRole('link', { name: 'À classer (1)' }).click({ timeout: 20_000 });
    await expect(doctor.getByText('Ce dépôt ne s’ouvre pas (PAYLOAD_UNREADABLE).', { exact: false })).toBeVisible();
    await doctor.getByRole('button', { name: 'Écarter…' }).click();
    await expect(doctor.getByRole('dialog')).toContainText('L’accueil lira qu’il est à déposer à nouveau.');
    await expectAccessible(doctor);
    await doctor.getByRole('dialog').getByRole('button', { name: 'Annuler' }).click();
    await expect(doctor.getByRole('link', { name: 'À classer (1)' })).toBeVisible();
    await doctor.getByRole('button', { name: 'Écarter…' }).click();
    await doctor.getByRole('button', { name: 'Écarter, et prévenir l’accueil' }).click();
    await expect(doctor.getByRole('link', { name: 'À classer', exact: true })).toBeVisible();
    await desk.getByRole('link', { name: 'Dépôts (1)' }).click({ timeout: 20_000 });
    await expect(desk.getByRole('heading', { name: 'À déposer à nouveau' })).toBeVisible();
    await expect(desk.getByText(/^Illisible, à déposer à nouveau/)).toBeVisible();
    await expect(desk.getByText('Rien n’est à dire.')).toBeVisible();
    await expectAccessible(desk);
  } finally {
    await practice.lock();
    await context.close();
  }
});
