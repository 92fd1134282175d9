import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildCardListener } from '../../src/cps/card-listener.ts';
import { readCpsOptions } from '../../src/cps/cps-options.ts';
import { IdentityAttempts } from '../../src/identity/attempts.ts';
import { type CardBrowser, missingForCardBrowser, openCardBrowser } from './card-browser.ts';
import { type CpsFolder, makeCpsFolder, makeHierarchyOfToday } from './cps-folder.ts';
import { issueCard, makeCrl, rpps } from './test-authority.ts';

const dayMs = 86_400_000;
const account = new Uint8Array(16);
const verifier = new Uint8Array(32);
const challenge = new Uint8Array(createHash('sha256').update(verifier).digest());

describe('in Chromium, a card', { skip: missingForCardBrowser ?? false, timeout: 120_000 }, () => {
  let made: CpsFolder;
  let listener: FastifyInstance;
  let attempts: IdentityAttempts;
  let origin = '';
  const application = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>identity</title>');
  });
  let appOrigin = '';
  before(async () => {
    await new Promise<void>((resolve) => application.listen(0, 'localhost', resolve));
    appOrigin = `http://localhost:${(application.address() as AddressInfo).port}`;
    made = await makeCpsFolder(await makeHierarchyOfToday());
    const dates = { thisUpdate: Date.now() - dayMs, nextUpdate: Date.now() + dayMs };
    await made.writeList('root.crl', await makeCrl(made.pki.root, dates));
    await made.writeList('cards.crl', await makeCrl(made.pki.cards, dates));
    const cps = await readCpsOptions(await made.configure({ crls: ['root.crl', 'cards.crl'], ocsp: false }));
    attempts = new IdentityAttempts(Date.now);
    listener = buildCardListener({ cps, attempts, appOrigin, clock: Date.now });
    await listener.listen({ host: 'localhost', port: 0 });
    origin = `https://localhost:${(listener.server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await listener?.close();
    application.close();
    await made?.remove();
  });

  const visit = async (browser: CardBrowser) => {
    const attempt = attempts.begin({ account, method: 'cps', challenge });
    const page = await browser.context.newPage();
    await page.goto(`${origin}/card/${attempt}`);
    return { attempt, page };
  };

  it('opens the application again, with the code of its proof', async () => {
    const dates = { notBefore: Date.now() - dayMs, notAfter: Date.now() + dayMs };
    const card = await made.save('card', await issueCard(made.pki.cards, { ...dates, bits: 2048 }));
    await using undo = new AsyncDisposableStack();
    const browser = await openCardBrowser(origin, card);
    undo.defer(() => browser.close());
    const { attempt, page } = await visit(browser);
    const url = new URL(page.url());
    assert.equal(`${url.origin}${url.pathname}`, `${appOrigin}/identity`, await page.content());
    const code = url.hash.slice(`#${attempt}.`.length);
    const identity = attempts.take(attempt, { account, code, verifier });
    assert.deepEqual(identity, { method: 'cps', nationalId: `8${rpps}` });
  });

  it('that is missing is told by a page, whose link tells the application', async () => {
    await using undo = new AsyncDisposableStack();
    const browser = await openCardBrowser(origin, null);
    undo.defer(() => browser.close());
    const { attempt, page } = await visit(browser);
    assert.equal(await page.locator('h1').textContent(), 'Aucune carte n’a été présentée');
    const colour = await page.locator('h1').evaluate((element) => getComputedStyle(element).color);
    assert.equal(colour, 'rgb(28, 36, 48)');
    await page.getByRole('link', { name: 'Revenir à Serment' }).click();
    await page.waitForURL(`${appOrigin}/identity#${attempt}.error.CARD_MISSING`);
  });
});
