import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type Desk, isCallback, isPage, parseTold } from './desk.ts';
import { setScene } from './scene.ts';
import { TestBrowser } from './test-browser.ts';
import { doctor, rppsOfDoctor } from './test-provider.ts';

const { provider, desks } = await setScene();
let desk: Desk;
beforeEach(async () => {
  desk = await desks.open(provider);
});

describe('a sign-in by Pro Santé Connect', () => {
  it('proves the national id to the attempt that began it', async () => {
    const begun = desk.begin();
    const told = await desk.signIn(begun);
    assert.equal(told.attempt, begun.attempt);
    assert.deepEqual(desk.take(begun, told), { method: 'psc', nationalId: rppsOfDoctor });
  });

  it('asks for what it checks: level, state, nonce, PKCE, the exact way back', async () => {
    const url = await new TestBrowser().open(desk.startUrl(desk.begin()), ({ pathname }) => pathname === '/auth');
    const asked = Object.fromEntries(url.searchParams);
    const { state, nonce, code_challenge, ...rest } = asked;
    for (const random of [state, nonce, code_challenge]) assert.match(random ?? '', /^[\w-]{43,64}$/);
    assert.deepEqual(rest, {
      acr_values: 'eidas1',
      client_id: 'serment',
      code_challenge_method: 'S256',
      redirect_uri: `${desk.origin}/api/identity/psc/callback`,
      response_type: 'code',
      scope: 'openid scope_all',
    });
  });

  it('leaves no session at the provider: who comes next presents their own e-CPS', async () => {
    const browser = new TestBrowser();
    await desk.signIn(desk.begin(), browser);
    assert.doesNotMatch(browser.sentTo(`${provider.issuer}/`), /_session=/);
    provider.doctor = { ...doctor, isPatient: false };
    assert.ok('error' in (await desk.signIn(desk.begin(), browser)));
  });

  it('ends the provider’s session also when it refuses who signed in', async () => {
    provider.doctor = { ...doctor, claims: { given_name: 'ROBERT' } };
    const browser = new TestBrowser();
    await desk.refuses('PSC_IDENTITY', browser);
    assert.doesNotMatch(browser.sentTo(`${provider.issuer}/`), /_session=/);
  });

  it('keeps one cookie, out of scripts’ reach, for five minutes, and removes it at the end', async () => {
    const browser = new TestBrowser();
    await desk.signIn(desk.begin(), browser);
    const own = browser.received.filter(({ from }) => from.startsWith(desk.origin)).map(({ header }) => header);
    assert.equal(own.length, 2);
    const attributes = 'HttpOnly; SameSite=Lax; Path=/api/identity/psc';
    assert.match(own[0] ?? '', new RegExp(`^serment-psc=[0-9a-f]{64}; Max-Age=300; ${attributes}$`));
    assert.equal(own[1], `serment-psc=; Max-Age=0; ${attributes}`);
    assert.equal(browser.sentTo(`${desk.origin}/api/identity/psc/callback`), '');
  });

  it('sets that cookie for https alone, under a name that no other host of the domain can set', async () => {
    const publicUrl = new URL('https://coffre.example');
    const own = await desks.open(provider, { publicUrl, isHttps: true });
    const browser = new TestBrowser();
    const url = await browser.open(own.startUrl(own.begin()), ({ pathname }) => pathname === '/auth');
    assert.equal(url.searchParams.get('redirect_uri'), 'https://coffre.example/api/identity/psc/callback');
    const header = browser.received[0]?.header ?? '';
    assert.match(header, /^__Host-serment-psc=[0-9a-f]{64}; Max-Age=300; HttpOnly; SameSite=Lax; Path=\/; Secure$/);
  });

  it('authenticates the host to the provider in either way that it may be registered', async () => {
    const configuration = { ...provider.configuration, authentication: 'client_secret_post' as const };
    const own = await desks.open({ ...provider, configuration });
    const begun = own.begin();
    assert.equal(own.take(begun, await own.signIn(begun)).nationalId, rppsOfDoctor);
  });

  it('describes the provider once for many sign-ins, and again after an hour', async () => {
    const count = () => provider.asked.filter((path) => path.startsWith('/.well-known/')).length;
    const start = () => new TestBrowser().open(desk.startUrl(desk.begin()), ({ pathname }) => pathname === '/auth');
    const began = count();
    await Promise.all([start(), start(), start()]);
    await start();
    assert.equal(count() - began, 1);
    desk.ahead = 60 * 60_000 + 1000;
    await start();
    assert.equal(count() - began, 2);
  });

  it('never shows a token, a secret, a code or a national id in what is logged', async () => {
    await desk.signIn(desk.begin());
    provider.doctor = { ...doctor, claims: { ...doctor.claims, SubjectNameID: '899700218897' } };
    await desk.refuses('PSC_IDENTITY');
    const text = desk.logged.join('');
    assert.match(text, /"code":"PSC_IDENTITY","reason":"no_national_id"/);
    assert.doesNotMatch(text, /eyJ|8997002188|code=|state=|ROBERT|secret of/);
  });
});

describe('a sign-in that is given up', () => {
  it('is told as refused', async () => {
    provider.doctor = { ...doctor, isPatient: false };
    await desk.refuses('PSC_REFUSED');
  });

  it('can be begun again for the same attempt', async () => {
    provider.doctor = { ...doctor, isPatient: false };
    const begun = desk.begin();
    assert.deepEqual(await desk.signIn(begun), { attempt: begun.attempt, error: 'PSC_REFUSED' });
    provider.doctor = doctor;
    assert.equal(desk.take(begun, await desk.signIn(begun)).nationalId, rppsOfDoctor);
  });
});

describe('an attempt', () => {
  it('that nobody began, or that is proven, or late, or of a card, is unknown', async () => {
    const begun = desk.begin();
    await desk.signIn(begun);
    const account = new Uint8Array(16);
    const card = desk.attempts.begin({ account, method: 'cps', challenge: new Uint8Array(32) });
    const late = desk.begin();
    const asked = provider.asked.length;
    for (const attempt of ['00'.repeat(16), begun.attempt, card])
      assert.deepEqual(await desk.signIn({ ...begun, attempt }), { attempt, error: 'ATTEMPT_UNKNOWN' });
    desk.ahead = 5 * 60_000 + 1000;
    assert.deepEqual(await desk.signIn(late), { attempt: late.attempt, error: 'ATTEMPT_UNKNOWN' });
    assert.equal(provider.asked.length, asked, 'the browser is sent nowhere');
  });

  it('that ends while the browser is away is unknown, and leaves no session at the provider', async () => {
    const begun = desk.begin();
    const browser = new TestBrowser();
    const callback = await browser.open(desk.startUrl(begun), isCallback);
    desk.attempts.prove(begun.attempt, { method: 'psc', nationalId: rppsOfDoctor });
    const told = parseTold(await browser.open(callback.href, isPage), desk.origin);
    assert.deepEqual(told, { attempt: begun.attempt, error: 'ATTEMPT_UNKNOWN' });
    assert.doesNotMatch(browser.sentTo(`${provider.issuer}/`), /_session=/);
  });

  it('of another form is not found', async () => {
    for (const name of ['0', 'A'.repeat(32), '%00', `${'0'.repeat(32)}.x`, 'é'.repeat(16), '..%2f..', 'a'.repeat(90)])
      assert.equal((await fetch(`${desk.origin}/api/identity/psc/${name}`)).status, 404, name);
  });

  it('is not begun by another site’s page', async () => {
    const browser = new TestBrowser();
    browser.headers = { 'sec-fetch-site': 'cross-site' };
    await desk.refuses('ORIGIN_FORBIDDEN', browser);
    browser.headers = { 'sec-fetch-site': 'same-site' };
    await desk.refuses('ORIGIN_FORBIDDEN', browser);
    browser.headers = { 'sec-fetch-site': 'same-origin' };
    await desk.signIn(desk.begin(), browser);
  });

  it('is begun 60 times a minute from one address', async () => {
    const begun = desk.begin();
    const start = async () => {
      const answer = await fetch(desk.startUrl(begun), { redirect: 'manual' });
      return answer.headers.get('location') ?? '';
    };
    for (let tries = 0; tries < 60; tries += 1) assert.match(await start(), /\/auth\?/);
    assert.equal(await start(), `${desk.origin}/identity#${begun.attempt}.error.THROTTLED`);
  });

  it('is come back to 60 times a minute from one address', async () => {
    const back = async () => {
      const answer = await fetch(`${desk.origin}/api/identity/psc/callback`, { redirect: 'manual' });
      return answer.headers.get('location');
    };
    for (let tries = 0; tries < 60; tries += 1) assert.match((await back()) ?? '', /PSC_STATE$/);
    assert.equal(await back(), `${desk.origin}/identity#-.error.THROTTLED`);
    desk.ahead = 60_001;
    assert.match((await back()) ?? '', /PSC_STATE$/);
  });
});

describe('a host without Pro Santé Connect', () => {
  it('says so, and knows no way back', async () => {
    const own = await desks.open(provider, { psc: null });
    await own.refuses('PSC_OFF');
    assert.equal((await fetch(`${own.origin}/api/identity/psc/callback?state=0`)).status, 404);
  });
});
