import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { rules } from '@serment/core/journal/rules';
import { encodeAppendRequest } from '@serment/core/wire/append';
import {
  encodeChallengeRequest,
  encodeSessionRequest,
  parseChallenge,
  sessionMessage,
} from '@serment/core/wire/session';
import { asOwner } from '@serment/store/open-owner';
import { addOperator } from '@serment/store/operator-list';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { signerFromSeed, type TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { openTestVault, sent, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { routesOf } from '../../../tools/prove/access/routes.ts';
import { ask, makeApp, makeConsole, signIn } from './test-app.ts';

const files = [
  ['index.html', 'of practices'],
  ['service-worker.js', ''],
  ['assets/app-1.js', ''],
  ['console/console.html', 'of operators'],
  ['console/assets/host-app-1.js', ''],
] as const;
let vault: TestVault;
let app: FastifyInstance;
let operators: FastifyInstance;
let practice: TestPractice;
let webDir: string;
let operator: Bytes;
let doctor: Bytes;
before(async () => {
  vault = await openTestVault();
  webDir = await mkdtemp(join(tmpdir(), 'serment-apart-'));
  for (const folder of ['assets', 'console/assets']) await mkdir(join(webDir, folder), { recursive: true });
  for (const [file, text] of files) await writeFile(join(webDir, file), text);
  app = await makeApp(vault.store, { webDir });
  operators = await makeConsole(vault.store, { webDir });
  practice = await vault.createPractice('apart');
  const place = { databaseUrl: vault.postgres.url };
  const { code } = await asOwner(place, (owner) => addOperator(owner, 'Camille Roux', Date.now()));
  const passkey = { credential: new Uint8Array(16), publicKey: new Uint8Array(77), counter: 0 };
  const enrolled = await vault.store.operators.enrol(code, passkey);
  operator = (await vault.store.operators.open(enrolled ?? assert.fail())).token;
  doctor = await signIn(app, practice);
});
after(async () => {
  await app.close();
  await operators.close();
  await rm(webDir, { recursive: true });
  await vault.close();
});

const shown = (scheme: string, token: Bytes) => ({ headers: { authorization: `${scheme} ${bytesToHex(token)}` } });
const known: Readonly<Record<string, () => string>> = { practice: () => bytesToHex(practice.practice) };
const pathOf = (path: string) => path.replace(/:(\w+)/g, (_, name: string) => known[name]?.() ?? '00'.repeat(16));
/** Where nobody shows a session: to enter, and what tells nothing. */
const isOpen = (path: string) =>
  /^\/(?:health|ready|metrics)$|^\/api\/(?:host|challenges|identity\/|enrolments|practices$|sessions$)/.test(path) ||
  /\/(?:login|identity)(?:\/|$)|^\/api\/operators\/(?:enrolments|challenges|sessions\/)/.test(path) ||
  !path.startsWith('/api/');

describe('the host’s operators and the practices', () => {
  it('have no session in common: each route takes one kind, however the other is shown', async () => {
    const of = (listener: FastifyInstance) =>
      routesOf(listener).flatMap((route) => (isOpen(route.path) ? [] : [{ ...route, listener }]));
    const routes = [...of(app), ...of(operators)];
    assert.ok(routes.length >= 40, `${routes.length} routes`);
    assert.ok(routes.filter(({ path }) => path.startsWith('/api/operators/')).length >= 4);
    for (const { method, path, listener } of routes) {
      const isOperators = path.startsWith('/api/operators/');
      const wrong = isOperators
        ? [shown('Bearer', doctor), shown('Operator', doctor), shown('Bearer', operator)]
        : [shown('Operator', operator), shown('Bearer', operator), shown('Operator', doctor)];
      for (const asked of wrong) {
        const { status, code } = await ask(listener, method, pathOf(path), asked);
        const expected = [401, isOperators ? 'OPERATOR_SESSION_REQUIRED' : 'SESSION_REQUIRED'];
        assert.deepEqual([status, code], expected, `${method} ${path} ${asked.headers.authorization.slice(0, 9)}`);
      }
    }
  });

  it('are served apart: neither listener has a route or a page of the other', async () => {
    assert.deepEqual(
      routesOf(app).filter(({ path }) => /operators|console|host-app/.test(path)),
      [],
    );
    for (const { path } of routesOf(operators))
      assert.match(path, /^\/(?:api\/operators\/|(?:console\.html|assets\/\S+)?$)/, path);
    const page = async (listener: FastifyInstance, path: string) =>
      (await ask(listener, 'GET', path, { headers: { accept: 'text/html' } })).text;
    for (const path of ['/', '/host', '/console.html', '/anything']) {
      assert.equal(await page(app, path), 'of practices', path);
      assert.equal(await page(operators, path), 'of operators', path);
    }
    for (const [method, path] of [
      ['POST', '/api/operators/challenges'],
      ['GET', '/api/operators/practices'],
    ] as const)
      assert.equal((await ask(app, method, path, shown('Operator', operator))).status, 404, path);
    for (const path of ['/api/host', '/metrics', '/service-worker.js', '/assets/app-1.js'])
      assert.equal((await ask(operators, 'GET', path)).status, 404, path);
    for (const path of ['/assets/host-app-1.js', '/console/assets/host-app-1.js'])
      assert.equal((await ask(app, 'GET', path)).status, 404);
    assert.equal((await ask(operators, 'GET', '/assets/host-app-1.js')).status, 200);
  });

  it('are not signed in by the host’s key: it opens no session of a practice', async () => {
    const who = { practice: practice.practice, author: practice.host.author };
    const challenge = await ask(app, 'POST', '/api/challenges', { body: encodeChallengeRequest(who) });
    const { nonce } = parseChallenge(challenge.bytes);
    const signature = await practice.host.sign(sessionMessage(who, nonce));
    const body = encodeSessionRequest({ ...who, nonce, signature });
    assert.equal((await ask(app, 'POST', '/api/sessions', { body })).code, 'CHALLENGE_INVALID');
  });
});

describe('governance', () => {
  let newcomer: TestSigner;
  before(async () => {
    newcomer = await signerFromSeed(practice.random(32));
  });

  /** One of each kind that says who belongs and with which rights, such as a doctor's device would sign it. */
  async function bodies(): Promise<Body[]> {
    const [stranger, stream] = [practice.random(16), practice.random(16)];
    const { founder, device } = practice;
    return [
      practice.memberBody(stranger, 'doctor'),
      await practice.deviceBody(founder, newcomer),
      await practice.kitBody(founder, newcomer),
      practice.epochBody('admin'),
      practice.grantBody('admin', founder),
      practice.revokeBody(practice.kit.author),
      practice.freezeBody(device.author),
      { kind: 'term', member: founder, from: null, until: 1 },
      practice.restrictBody(stream, [founder]),
      practice.glassBody(stream),
      { kind: 'host', hostAuthor: newcomer.author },
      { kind: 'restore-ack', fence: 2, size: practice.size, root: practice.root() },
    ];
  }

  it('has no kind that a host signs, but the hold that members chose, and the end of its own', () => {
    const ofHost = Object.entries(rules).flatMap(([kind, { stream, signers }]) =>
      stream === 'governance'
        ? (signers ?? []).flatMap(({ type, when }) => (type === 'host' ? [[kind, when]] : []))
        : [],
    );
    assert.deepEqual(ofHost, [
      ['freeze', 'holds-unusual'],
      ['freeze', 'lets-go-own-hold'],
    ]);
  });

  it('signed by the host is refused, whoever carries it: an operator, a member, the host itself', async () => {
    const path = `/api/practices/${bytesToHex(practice.practice)}/entries`;
    const head = await vault.store.head(practice.practice);
    for (const body of await bodies()) {
      const statement = await practice.statement({ signer: practice.host, body });
      const request = encodeAppendRequest([sent(statement)]);
      for (const scheme of ['Operator', 'Bearer'])
        assert.equal(
          (await ask(app, 'POST', path, { ...shown(scheme, operator), body: request })).status,
          401,
          body.kind,
        );
      const carried = await ask(app, 'POST', path, { token: doctor, body: request });
      assert.deepEqual([carried.status, carried.code], [403, 'REFUSED'], body.kind);
      await assert.rejects(vault.store.append(practice.practice, [sent(statement)]), { code: 'REFUSED' }, body.kind);
      await assert.rejects(vault.store.appendAsHost(practice.practice, [body]), body.kind);
    }
    assert.deepEqual(await vault.store.head(practice.practice), head);
  });

  it('signed by a key of the operator’s own making is refused', async () => {
    for (const body of await bodies()) {
      const statement = await practice.statement({ signer: newcomer, body });
      await assert.rejects(vault.store.append(practice.practice, [sent(statement)]), { code: 'REFUSED' }, body.kind);
    }
  });

  it('in a journal of another making is refused by who reads it: no client takes it in', async () => {
    for (const body of await bodies())
      await assert.rejects(practice.append({ signer: practice.host, body }), RangeError);
  });
});
