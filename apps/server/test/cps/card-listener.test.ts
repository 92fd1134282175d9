import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildCardListener } from '../../src/cps/card-listener.ts';
import { readCpsOptions } from '../../src/cps/cps-options.ts';
import { IdentityAttempts } from '../../src/identity/attempts.ts';
import { type CpsFolder, keyPem, makeCpsFolder, pemOf } from './cps-folder.ts';
import { type PkiHost, startPkiHost } from './pki-host.ts';
import {
  dayMs,
  doctorName,
  field,
  type Issued,
  issue,
  issueAuthority,
  issueCard,
  makeCrl,
  makeHierarchy,
  now,
  oids,
  rpps,
} from './test-authority.ts';

let made: CpsFolder;
let host: PkiHost;
let app: FastifyInstance;
/** A revoked card, and an authority that publishes nothing. */
let lost: Issued;
let silent: Issued;
let attempts: IdentityAttempts;
let port = 0;
let time = now;
const logged: string[] = [];
const account = new Uint8Array(16).fill(1);
const verifier = new Uint8Array(32).fill(9);
const challenge = new Uint8Array(createHash('sha256').update(verifier).digest());
before(async () => {
  made = await makeCpsFolder(await makeHierarchy());
  host = await startPkiHost();
  const { cards, root } = made.pki;
  lost = await issueCard(cards);
  silent = await issueAuthority('AC SANS LISTE', { issuer: root });
  await made.save('silent', silent);
  host.answers.set('/cards.crl', await makeCrl(cards, { revoked: [lost], nextUpdate: now + 30 * dayMs }));
  host.answers.set('/root.crl', await makeCrl(root, { nextUpdate: now + 30 * dayMs }));
  const crls = [host.url('/root.crl'), host.url('/cards.crl')];
  const cps = await readCpsOptions(
    await made.configure({
      crls,
      revocationHosts: [host.host],
      authorities: ['root.pem', 'cards.pem', 'silent.pem'],
    }),
  );
  const clock = () => time;
  attempts = new IdentityAttempts(clock);
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  app = buildCardListener({ cps, attempts, appOrigin: 'https://app.example', log, clock });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
after(async () => {
  await app.close();
  await host.close();
  await made.remove();
});
// Each test has a minute of its own for the throttle.
afterEach(() => {
  time += 61_000;
});

const begin = () => attempts.begin({ account, method: 'cps', challenge });

interface Page {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Opens an address as a browser that holds a card would, or none. `chain` is sent behind the card. */
async function open(path: string, card: Issued | null, more: RequestOptions & { chain?: string } = {}): Promise<Page> {
  const { chain = '', ...options } = more;
  const held = card === null ? {} : { key: await keyPem(card), cert: pemOf(card) + chain };
  return new Promise((resolve, reject) => {
    const common = { host: '127.0.0.1', port, servername: 'localhost', ca: pemOf(made.site), agent: false } as const;
    const request = httpsRequest({ ...common, path, ...held, ...options }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.once('error', reject);
    request.end();
  });
}

async function isRefused(card: Issued | null, code: string, status = 403, more = {}): Promise<void> {
  const attempt = begin();
  const page = await open(`/card/${attempt}`, card, more);
  assert.ok(page.text.includes(`"https://app.example/identity#${attempt}.error.${code}"`), page.text.slice(-200));
  assert.equal(page.status, status);
  assert.equal(page.headers.location, undefined);
  assert.equal(attempts.isWaiting(attempt, 'cps'), true);
}

describe('the listener of cards', () => {
  it('sends the browser back to the application with a code that proves who holds the card', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const attempt = begin();
      const card = await issueCard(made.pki.cards);
      const page = await open(`/card/${attempt}`, card, { minVersion: version, maxVersion: version });
      assert.equal(page.status, 303, page.text);
      const [, code = ''] =
        /^https:\/\/app\.example\/identity#[0-9a-f]{32}\.([0-9a-f]{64})$/.exec(String(page.headers.location)) ?? [];
      const identity = attempts.take(attempt, { account, code, verifier });
      assert.deepEqual(identity, { method: 'cps', nationalId: `8${rpps}` });
      assert.equal(page.headers['cache-control'], 'no-store');
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
    }
  });

  it('tells each refusal by its code', async () => {
    const { cards } = made.pki;
    const other = await makeHierarchy();
    await isRefused(null, 'CARD_MISSING');
    await isRefused(await issueCard(other.cards), 'CARD_AUTHORITY_UNKNOWN');
    await isRefused(await issueCard(cards, { notAfter: now - dayMs }), 'CARD_EXPIRED');
    await isRefused(await issueCard(cards, { notBefore: now + dayMs }), 'CARD_NOT_YET_VALID');
    await isRefused(await issueCard(cards, { usage: 0x40 }), 'CARD_PURPOSE');
    await isRefused(await issueCard(cards, { subject: [field(oids.cn, rpps)] }), 'CARD_SUBJECT');
    // The client's own library would not send it otherwise.
    await isRefused(await issueCard(cards, { bits: 1024 }), 'CARD_WEAK', 403, { ciphers: 'DEFAULT@SECLEVEL=0' });
    const self = await issue({ subject: doctorName(), usage: 0x80, issuerName: cards });
    await isRefused(self, 'CARD_AUTHORITY_UNKNOWN');
  });

  it('tells a revoked card, and one whose revocation cannot be known', async () => {
    await isRefused(lost, 'CARD_REVOKED');
    await isRefused(await issueCard(silent), 'CARD_REVOCATION_UNKNOWN', 503);
  });

  it('takes no authority that the browser sends along', async () => {
    const { cards, root } = made.pki;
    const holder = await issueCard(cards);
    await isRefused(await issueCard(holder), 'CARD_AUTHORITY_UNKNOWN', 403, { chain: pemOf(holder) });
    // A sister authority under the same root, for companies: not configured.
    const companies = await issue({
      subject: [field(oids.cn, 'AC ORGANISATIONS')],
      issuer: root,
      authority: { isAuthority: true },
      usage: 0x06,
    });
    await isRefused(await issueCard(companies), 'CARD_AUTHORITY_UNKNOWN', 403, { chain: pemOf(companies) });
  });

  it('asks nobody outside for an attempt that nobody began, and names it no more than once', async () => {
    host.asked.length = 0;
    const card = await issueCard(made.pki.cards, { crlUrls: [host.url('/other.crl')] });
    const unknown = '0'.repeat(32);
    const page = await open(`/card/${unknown}`, card);
    assert.equal(page.status, 401);
    assert.ok(page.text.includes(`#${unknown}.error.ATTEMPT_UNKNOWN`));
    assert.deepEqual(host.asked, []);
    const attempt = begin();
    assert.equal((await open(`/card/${attempt}`, card)).status, 303);
    assert.equal((await open(`/card/${attempt}`, card)).status, 401);
    const late = begin();
    time += 5 * 60_000 + 1;
    assert.equal((await open(`/card/${late}`, card)).status, 401);
    const other = attempts.begin({ account, method: 'psc', challenge });
    assert.equal((await open(`/card/${other}`, card)).status, 401);
  });

  it('answers nothing else, and repeats nothing of what was asked', async () => {
    const card = await issueCard(made.pki.cards);
    const injected = encodeURIComponent('"><script>alert(1)</script>');
    for (const path of ['/', '/card', '/api/host', `/card/${begin()}/x`, '/card/%ff', `/card/${'a'.repeat(9000)}`]) {
      const page = await open(path, card);
      assert.equal(page.status, 404, path.slice(0, 40));
      assert.ok(page.text.includes('href="https://app.example/identity"'));
    }
    for (const path of ['/card/', '/card/%00']) assert.equal((await open(path, card)).status, 401);
    const page = await open(`/card/${injected}`, card);
    assert.doesNotMatch(page.text, /<script|alert/);
    for (const method of ['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE'])
      assert.equal((await open(`/card/${begin()}`, card, { method })).status, 404, method);
  });

  it('shows a page in the language asked for, that loads nothing', async () => {
    const french = await open(`/card/${begin()}`, null);
    assert.match(french.text, /<html lang="fr">[\s\S]*Aucune carte/);
    const english = await open(`/card/${begin()}`, null, { headers: { 'accept-language': 'en-GB,en' } });
    assert.match(english.text, /<html lang="en">[\s\S]*No card/);
    assert.match(String(english.headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-/);
  });

  it('counts the tries of an address', async () => {
    const statuses = new Set<number>();
    for (let count = 0; count < 30; count++) statuses.add((await open(`/card/${'1'.repeat(32)}`, null)).status);
    assert.deepEqual([...statuses], [401]);
    assert.equal((await open(`/card/${begin()}`, await issueCard(made.pki.cards))).status, 429);
    time += 61_000;
    assert.equal((await open(`/card/${begin()}`, await issueCard(made.pki.cards))).status, 303);
  });

  it('writes nothing of the card or of the attempt in its log', () => {
    const text = logged.join('');
    assert.match(text, /"code":"CARD_EXPIRED"/);
    assert.match(text, /"reasons":"CRL_FOREIGN/);
    assert.doesNotMatch(text, /L[ÉE]ONARD|Zoé|1000123|\b[0-9a-f]{32}\b|CN=/);
  });
});

describe('each proof is a handshake of its own', () => {
  const handshake = async (card: Issued, version: 'TLSv1.2' | 'TLSv1.3', session?: Buffer): Promise<TLSSocket> => {
    const held = { key: await keyPem(card), cert: pemOf(card), minVersion: version, maxVersion: version };
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca: pemOf(made.site),
      ...held,
      ...(session ? { session } : {}),
    });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return socket;
  };
  const say = (socket: TLSSocket, text: string): Promise<string> =>
    new Promise((resolve) => {
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      socket.once('close', () => resolve(answer));
      socket.write(text);
    });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    it(`in ${version}: a session cannot be resumed`, async () => {
      const card = await issueCard(made.pki.cards);
      const first = await handshake(card, version);
      let session = first.getSession();
      first.on('session', (one) => {
        session = one;
      });
      const answer = await say(first, `GET /card/${begin()} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 303 /);
      assert.ok(session);
      const second = await handshake(card, version, session);
      assert.equal(second.isSessionReused(), false);
      second.destroy();
    });

  it('and a connection serves once', async () => {
    const socket = await handshake(await issueCard(made.pki.cards), 'TLSv1.3');
    const one = `GET /card/${begin()} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const answer = await say(socket, one + one);
    assert.equal(answer.match(/HTTP\/1\.1 \d+/g)?.length, 1, answer);
  });

  it('and older versions of TLS are not spoken', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await assert.rejects(open(`/card/${begin()}`, null, old), /protocol version|unsupported protocol|no protocols/i);
  });

  it('and what is not TLS harms nothing', async () => {
    const { connect: plain } = await import('node:net');
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\xff\xff', '\0'.repeat(5000)]) {
      const socket = plain(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume().end(bytes, 'latin1');
      await new Promise((resolve) => socket.once('close', resolve));
    }
    assert.equal((await open(`/card/${begin()}`, await issueCard(made.pki.cards))).status, 303);
  });
});
