import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type Begun, type Desk, isCallback, isPage, parseTold, type Told } from './desk.ts';
import { setScene } from './scene.ts';
import { TestBrowser } from './test-browser.ts';
import { doctor, rppsOfDoctor } from './test-provider.ts';

const { provider, desks } = await setScene();
let desk: Desk;
beforeEach(async () => {
  desk = await desks.open(provider);
});

const nowhere = { attempt: '-', error: 'PSC_STATE' };

async function untilCallback(begun: Begun, browser: TestBrowser): Promise<URL> {
  return browser.open(desk.startUrl(begun), isCallback);
}

async function told(browser: TestBrowser, url: URL | string): Promise<Told> {
  return parseTold(await browser.open(String(url), isPage), desk.origin);
}

function isLogout({ pathname }: URL): boolean {
  return pathname === '/api/identity/psc/logout';
}

describe('an answer of the provider', () => {
  it('serves once, also when it proved nothing', async () => {
    const browser = new TestBrowser();
    const begun = desk.begin();
    const callback = await untilCallback(begun, browser);
    assert.ok('code' in (await told(browser, callback)));
    assert.deepEqual(await told(browser, callback), nowhere);
    provider.doctor = { ...doctor, isPatient: false };
    const refused = await untilCallback(desk.begin(), browser);
    assert.ok('error' in (await told(browser, refused)));
    assert.deepEqual(await told(browser, refused), nowhere);
  });

  it('serves in no other browser than the one that left, and no longer in that one', async () => {
    const begun = desk.begin();
    const browser = new TestBrowser();
    const callback = await untilCallback(begun, browser);
    assert.deepEqual(await told(new TestBrowser(), callback), nowhere);
    assert.deepEqual(await told(browser, callback), nowhere);
    assert.ok(desk.attempts.isWaiting(begun.attempt, 'psc'));
  });

  it('serves no sign-in of another browser, whose own goes on', async () => {
    const [mine, theirs] = [new TestBrowser(), new TestBrowser()];
    const [myAttempt, theirAttempt] = [desk.begin(), desk.begin()];
    const myCallback = await untilCallback(myAttempt, mine);
    const theirCallback = await untilCallback(theirAttempt, theirs);
    assert.deepEqual(await told(mine, theirCallback), nowhere);
    assert.equal(desk.take(myAttempt, await told(mine, myCallback)).nationalId, rppsOfDoctor);
    assert.ok(desk.attempts.isWaiting(theirAttempt.attempt, 'psc'));
  });

  it('does not serve with the code of another sign-in', async () => {
    const [mine, theirs] = [new TestBrowser(), new TestBrowser()];
    const begun = desk.begin();
    const myCallback = await untilCallback(begun, mine);
    const theirCallback = await untilCallback(desk.begin(), theirs);
    myCallback.searchParams.set('code', theirCallback.searchParams.get('code') ?? '');
    assert.deepEqual(await told(mine, myCallback), { attempt: begun.attempt, error: 'PSC_TOKEN' });
    assert.ok(desk.attempts.isWaiting(begun.attempt, 'psc'));
  });

  it('does not serve with a code that served already', async () => {
    const browser = new TestBrowser();
    const first = await untilCallback(desk.begin(), browser);
    assert.ok('code' in (await told(browser, first)));
    const begun = desk.begin();
    const second = await untilCallback(begun, browser);
    second.searchParams.set('code', first.searchParams.get('code') ?? '');
    assert.deepEqual(await told(browser, second), { attempt: begun.attempt, error: 'PSC_TOKEN' });
  });

  it('of another provider is refused', async () => {
    for (const change of [
      (query: URLSearchParams) => query.set('iss', 'https://auth.example'),
      (query: URLSearchParams) => query.set('iss', `${provider.issuer}/`),
    ]) {
      const browser = new TestBrowser();
      const begun = desk.begin();
      const callback = await untilCallback(begun, browser);
      assert.equal(callback.searchParams.get('iss'), provider.issuer);
      change(callback.searchParams);
      assert.deepEqual(await told(browser, callback), { attempt: begun.attempt, error: 'PSC_STATE' });
    }
  });

  it('without its issuer is refused of a provider that says it gives it', async () => {
    const browser = new TestBrowser();
    const begun = desk.begin();
    const callback = await untilCallback(begun, browser);
    callback.searchParams.delete('iss');
    assert.deepEqual(await told(browser, callback), { attempt: begun.attempt, error: 'PSC_STATE' });
  });

  it('that comes late is refused', async () => {
    const browser = new TestBrowser();
    const begun = desk.begin();
    const callback = await untilCallback(begun, browser);
    desk.ahead = 5 * 60_000 + 1000;
    assert.deepEqual(await told(browser, callback), nowhere);
  });

  it('that is malformed, repeated, huge or of another encoding is refused', async () => {
    const browser = new TestBrowser();
    const begun = desk.begin();
    const { searchParams } = await untilCallback(begun, browser);
    const state = searchParams.get('state') ?? '';
    const path = `${desk.origin}/api/identity/psc/callback`;
    for (const query of [
      '',
      '?',
      '?state=',
      `?state=${state}`,
      `?state=${state}&state=${state}&code=a`,
      `?state=${state}&code=a&code=b`,
      `?state=${state}&code=`,
      `?state=${state}&code=a&error=access_denied`,
      `?state=${state}&code=a&iss=a&iss=b`,
      `?state=${state}&code=${'a'.repeat(5000)}`,
      '?state=%E9%00%FF&code=%E9',
      '?state=__proto__&code=a',
      `?state=${'0'.repeat(64)}&code=a`,
      `?STATE=${state}&code=a`,
    ])
      assert.deepEqual(await told(browser, path + query), nowhere, query.slice(0, 80));
    const huge = await fetch(`${path}?state=${'a'.repeat(40_000)}`, { redirect: 'manual' });
    assert.equal(huge.status, 431);
  });

  it('with an error of the provider says whether it is down or refuses', async () => {
    for (const [error, code] of [
      ['access_denied', 'PSC_REFUSED'],
      ['login_required', 'PSC_REFUSED'],
      ['<script>', 'PSC_REFUSED'],
      ['server_error', 'PSC_DOWN'],
      ['temporarily_unavailable', 'PSC_DOWN'],
    ] as const) {
      const browser = new TestBrowser();
      const begun = desk.begin();
      const callback = await untilCallback(begun, browser);
      callback.searchParams.delete('code');
      callback.searchParams.set('error', error);
      callback.searchParams.set('error_description', 'x'.repeat(500));
      assert.deepEqual(await told(browser, callback), { attempt: begun.attempt, error: code });
    }
    assert.doesNotMatch(desk.logged.join(''), /<script>|xxx/);
  });
});

describe('a browser with two sign-ins', () => {
  it('finishes the one begun last', async () => {
    const browser = new TestBrowser();
    const [first, last] = [desk.begin(), desk.begin()];
    const firstCallback = await untilCallback(first, browser);
    const lastCallback = await untilCallback(last, browser);
    assert.deepEqual(await told(browser, firstCallback), nowhere);
    assert.equal(desk.take(last, await told(browser, lastCallback)).nationalId, rppsOfDoctor);
    assert.ok(desk.attempts.isWaiting(first.attempt, 'psc'));
  });

  it('gives each attempt its own code', async () => {
    const browser = new TestBrowser();
    const [first, second] = [desk.begin(), desk.begin()];
    const [one, other] = [await desk.signIn(first, browser), await desk.signIn(second, browser)];
    assert.ok('code' in one && 'code' in other);
    assert.throws(() => desk.take(first, { attempt: first.attempt, code: other.code }), { code: 'ATTEMPT_UNKNOWN' });
    assert.deepEqual(desk.take(second, other).nationalId, rppsOfDoctor);
  });
});

describe('a cookie', () => {
  it('that is malformed, absent or there twice is no browser’s', async () => {
    for (const change of [
      () => '',
      (cookie: string) => `${cookie}0`,
      (cookie: string) => cookie.toUpperCase().replace('SERMENT-PSC', 'serment-psc'),
      (cookie: string) => `${cookie}; ${cookie}`,
      (cookie: string) => `serment-psc=${'0'.repeat(64)}; ${cookie}`,
      () => `serment-psc=${'0'.repeat(64)}`,
      () => 'serment-psc=é',
    ]) {
      const browser = new TestBrowser();
      const callback = await untilCallback(desk.begin(), browser);
      const sent = browser.sentTo(callback.href).split('; ');
      const cookie = change(sent.find((pair) => pair.startsWith('serment-psc=')) ?? '');
      const answer = await fetch(callback, { redirect: 'manual', headers: { cookie } });
      assert.equal(answer.headers.get('location'), `${desk.origin}/identity#-.error.PSC_STATE`, cookie);
    }
  });
});

describe('the way back from the provider’s logout', () => {
  it('gives the code once, to the browser that left', async () => {
    const [browser, begun] = [new TestBrowser(), desk.begin()];
    const back = await browser.open(desk.startUrl(begun), isLogout);
    assert.deepEqual(await told(new TestBrowser(), back), nowhere);
    assert.deepEqual(await told(browser, back), nowhere);
    const [other, again] = [new TestBrowser(), desk.begin()];
    const otherBack = await other.open(desk.startUrl(again), isLogout);
    const cookie = other.sentTo(otherBack.href);
    assert.equal(desk.take(again, await told(other, otherBack)).nationalId, rppsOfDoctor);
    const answer = await fetch(otherBack, { redirect: 'manual', headers: { cookie } });
    assert.equal(answer.headers.get('location'), `${desk.origin}/identity#-.error.PSC_STATE`);
  });

  it('is refused without a state, or with a strange one', async () => {
    const browser = new TestBrowser();
    await browser.open(desk.startUrl(desk.begin()), isLogout);
    for (const query of ['', '?state=', '?state=%E9', `?state=${'0'.repeat(64)}`])
      assert.deepEqual(await told(browser, `${desk.origin}/api/identity/psc/logout${query}`), nowhere);
  });
});
