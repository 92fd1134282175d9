import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { sha256 } from '@serment/core/hash';
import { encodeRegistrationStart, encodeSealedToMember } from '@serment/core/wire/account';
import { encodeAskedPlace } from '@serment/core/wire/copy-place';
import { encodeCopyEntriesRequest } from '@serment/core/wire/copy-read';
import { encodeDraftWrite } from '@serment/core/wire/draft';
import {
  encodeEnrolmentEnding,
  encodeEnrolmentStart,
  encodeEnrolmentTake,
  encodeNewcomerRevealed,
  encodeOpenerAnswer,
} from '@serment/core/wire/enrolment';
import { encodeCode, encodeCodeRequest, encodePhoneRequest } from '@serment/core/wire/factor';
import { encodeIdentityLogin, encodeIdentityProof, encodeIdentityRequest } from '@serment/core/wire/identity';
import {
  encodeFactorAnswer,
  encodeGateRequest,
  encodeLoginFinish,
  encodeLoginStart,
  encodePinLoginStart,
} from '@serment/core/wire/login';
import {
  encodeCopyRetirement,
  encodeOperatorAsk,
  encodeOperatorCode,
  encodeOperatorPasskeyMade,
  encodeOperatorPasswordChosen,
  encodeOperatorPasswordConfirmed,
  encodeOperatorPasswordGiven,
} from '@serment/core/wire/operator';
import { encodePasskeyGiven, encodePasskeyMade } from '@serment/core/wire/passkey';
import { beatBytes, encodeBeat } from '@serment/core/wire/presence';
import { encodePayloadsRequest } from '@serment/core/wire/read';
import { encodeChallengeRequest } from '@serment/core/wire/session';
import { encodeCopyNamed } from '@serment/core/wire/status';
import { encodeUploadClose, encodeUploadRequest } from '@serment/core/wire/upload';
import { encodeCosignature } from '@serment/core/wire/witness';
import { asHost, inPractice } from '@serment/store/database-scope';
import { addPasskey, writePassword, writePhone } from '@serment/store/sign-in/accounts';
import { passGate } from '@serment/store/sign-in/gates';
import { writePin } from '@serment/store/sign-in/pins';
import { type Answer, ask } from '../../../apps/server/test/test-app.ts';
import type { Outcome, Proof } from '../proof.ts';
import { draftOf, type Held, holdOneOfEach, newcomer } from './held.ts';
import { type Route, routesOf } from './routes.ts';
import { type AccessScene, account, type Credential, copyName } from './scene.ts';

const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const pin = filled(16, 2);
const code = '00'.repeat(32);
/** Of the victim's passkey. */
const credential = filled(32, 5);
const clientData = new TextEncoder().encode(
  '{"type":"webauthn.get","challenge":"AA","origin":"http://localhost:4400"}',
);

/** A body that would be taken where the caller may: what is refused is then the caller. Null for none. */
const bodies: Readonly<Record<string, (scene: AccessScene) => Bytes>> = {
  'POST /api/accounts': () => encodeRegistrationStart({ id: account, request: 'AAAA' }),
  'PUT /api/accounts/:account': () => encodeCanonical([1, 'record', filled(104, 1), 1, filled(104, 1)]),
  'PUT /api/accounts/:account/member': () => encodeSealedToMember({ generation: 9, sealed: filled(104, 1) }),
  'POST /api/accounts/:account/phone': () => encodePhoneRequest({ number: '06 12 34 56 42', language: 'fr' }),
  'PUT /api/accounts/:account/phone': () => encodeCode('123456'),
  'PUT /api/accounts/:account/totp': () => encodeCode('123456'),
  'PUT /api/accounts/:account/passkeys': () =>
    encodePasskeyMade({ credential: filled(32, 1), attestation: filled(200, 1), clientData: filled(100, 1) }),
  'PUT /api/accounts/:account/login/:login/passkey': () =>
    encodePasskeyGiven({
      ...{ credential, authenticatorData: filled(37, 1), clientData: filled(100, 1), signature: filled(70, 1) },
    }),
  'POST /api/accounts/:account/login': (scene) =>
    encodeLoginStart({ author: scene.victim.device.author, ticket: filled(32, 1), request: 'A'.repeat(128) }),
  'POST /api/accounts/:account/login/:login': () => encodeLoginFinish({ request: 'AAAA', nextTicket: filled(32, 2) }),
  'POST /api/accounts/:account/login/:login/sms': () => encodeCodeRequest('fr'),
  'POST /api/accounts/:account/login/:login/factor': () => encodeFactorAnswer({ factor: 'sms', code: '123456' }),
  'POST /api/accounts/:account/identity': () => encodeIdentityRequest({ method: 'cps', challenge: filled(32, 1) }),
  'POST /api/accounts/:account/identity/:attempt': (scene) =>
    encodeIdentityLogin({
      ...{ code, verifier: filled(32, 1), author: scene.victim.device.author },
      ...{ ticket: filled(32, 1), nextTicket: filled(32, 2) },
    }),
  'PUT /api/accounts/:account/identity/:attempt': () => encodeIdentityProof({ code, verifier: filled(32, 1) }),
  'POST /api/pins': () => encodeRegistrationStart({ id: pin, request: 'AAAA' }),
  'PUT /api/pins/:pin': () => encodeCanonical([1, 'record', filled(104, 1)]),
  'POST /api/pins/:pin/login': () => encodePinLoginStart({ ticket: filled(32, 1), request: 'A'.repeat(128) }),
  'POST /api/pins/:pin/login/:login': () => encodeLoginFinish({ request: 'AAAA', nextTicket: filled(32, 2) }),
  'PUT /api/gates': () => encodeGateRequest(filled(32, 9)),
  'POST /api/enrolments': () => encodeEnrolmentStart(filled(32, 1)),
  'PUT /api/enrolments/:enrolment': () => encodeNewcomerRevealed(newcomer),
  'POST /api/enrolments/:enrolment/end': () => encodeEnrolmentEnding('different'),
  'POST /api/practices/:practice/enrolments/:reference': () => encodeEnrolmentTake(),
  'PUT /api/practices/:practice/enrolments/:reference': () => encodeOpenerAnswer({ nonce: filled(32, 1), tag: null }),
  'POST /api/practices/:practice/enrolments/:reference/end': () => encodeEnrolmentEnding('different'),
  'POST /api/operators/enrolments': () => encodeOperatorCode('00000-00000-00000-00000-00000'),
  'PUT /api/operators/enrolments/passkey': () =>
    encodeOperatorPasskeyMade({ code: '00000', credential: filled(16, 1), attestation: filled(90, 1), clientData }),
  'PUT /api/operators/enrolments/password': () =>
    encodeOperatorPasswordChosen({ code: '00000', password: 'quatre tilleuls au printemps', totp: '123456' }),
  'POST /api/operators/challenges': () => encodeOperatorAsk(),
  'POST /api/operators/sessions/passkey': () =>
    encodePasskeyGiven({
      ...{ credential: filled(16, 1), authenticatorData: filled(37, 1), clientData, signature: filled(64, 1) },
    }),
  'POST /api/operators/sessions/password': () =>
    encodeOperatorPasswordGiven({ name: 'Camille Roux', password: 'quatre tilleuls', totp: '123456' }),
  'PUT /api/operators/confirmation/passkey': () =>
    encodePasskeyGiven({
      ...{ credential: filled(16, 1), authenticatorData: filled(37, 1), clientData, signature: filled(64, 1) },
    }),
  'PUT /api/operators/confirmation/password': () =>
    encodeOperatorPasswordConfirmed({ password: 'quatre tilleuls', totp: '123456' }),
  'POST /api/operators/copies': () => encodeAskedPlace({ kind: 'folder', name: copyName, path: '/nowhere' }),
  'POST /api/operators/copies/trials': () => encodeAskedPlace({ kind: 'folder', name: copyName, path: '/nowhere' }),
  'POST /api/operators/copies/retirements': () => encodeCopyRetirement({ copy: copyName, mayBeLast: false }),
  'POST /api/operators/copies/returns': () => encodeCopyNamed(copyName),
  'POST /api/operators/practices/:practice/verifications': () => encodeCopyNamed(copyName),
  'POST /api/operators/practices/:practice/drills': () => encodeCopyNamed(copyName),
  'POST /api/practices/:practice/drills': () => encodeCopyNamed(copyName),
  'POST /api/practices/:practice/copies/entries': () =>
    encodeCopyEntriesRequest({ copy: copyName, indexes: [0, 1, 2] }),
  'PUT /api/practices/:practice/copies/blobs/:hash': () => encodeCopyNamed(copyName),
  'PUT /api/practices/:practice/cosignature': () => encodeCosignature('serment/aa\n1\nAAAA\n'),
  'POST /api/challenges': ({ victim }) =>
    encodeChallengeRequest({ practice: victim.practice, author: victim.device.author }),
  'POST /api/sessions': ({ victim }) =>
    encodeCanonical([1, victim.practice, victim.device.author, filled(32, 1), filled(64, 1)]),
  'POST /api/practices': () => encodeCanonical([1, []]),
  'POST /api/practices/:practice/entries': () => encodeCanonical([1, [[filled(200, 1), null]]]),
  'POST /api/practices/:practice/payloads': () => encodePayloadsRequest([0, 1, 2]),
  'POST /api/practices/:practice/uploads': () => encodeUploadRequest({ hash: filled(32, 1), size: 10 }),
  'POST /api/practices/:practice/uploads/:upload': () => encodeUploadClose(),
  'PUT /api/practices/:practice/uploads/:upload/:part': () => filled(10, 1),
  'PUT /api/practices/:practice/blobs/:hash': () => filled(10, 1),
  'PUT /api/practices/:practice/drafts/:slot': () => encodeDraftWrite({ replaced: 1, draft: draftOf(2) }),
  'PUT /api/practices/:practice/presence': () => encodeBeat(filled(beatBytes, 1)),
  'PUT /api/practices/:practice/members/:member/drafts/:slot': () =>
    encodeDraftWrite({ replaced: 1, draft: draftOf(2) }),
};
/** What a path asks beside its names. */
const queries: Readonly<Record<string, string>> = {
  'GET /api/operators/practices': '?sort=written&filter=all&search=',
  'GET /api/operators/alerts': '?language=fr',
  'GET /api/operators/runs': `?night=2026-11-29&copy=${copyName}`,
  'GET /api/practices/:practice/copies/blobs/:hash': `?copy=${copyName}`,
};
const withoutBody = new Set([
  'PUT /api/practices/:practice/announcements/rescue-copy',
  'DELETE /api/operators/sessions',
  'DELETE /api/operators/practices/:practice/sessions',
  'PUT /api/operators/alerts/:alert/acknowledgement',
  'PUT /api/operators/practices/:practice/suspension',
  'DELETE /api/operators/practices/:practice/suspension',
  'POST /api/accounts/:account/totp',
  'POST /api/accounts/:account/passkeys',
  'DELETE /api/accounts/:account/passkeys/:passkey',
  'POST /api/accounts/:account/login/:login/passkey',
  'DELETE /api/accounts/:account/totp',
  'DELETE /api/sessions',
  'DELETE /api/account/sessions',
  'DELETE /api/account/sessions/:session',
]);

/** Answered to anybody: each says nothing of any practice, or the same of those that exist and those that do not. */
const open = new Set([
  ...['GET /health', 'GET /ready', 'GET /metrics', 'GET /api/host', 'POST /api/challenges'],
  ...['POST /api/accounts/:account/login', 'POST /api/accounts/:account/identity', 'POST /api/pins/:pin/login'],
  ...['GET /api/identity/psc/:attempt', 'POST /api/enrolments', 'POST /api/operators/challenges'],
]);
/** What whoever has a session may do with what is theirs. */
const ofAnybody = new Set([
  ...['GET /api/account', 'GET /api/account/sessions', 'DELETE /api/account/sessions'],
  ...['DELETE /api/sessions', 'PUT /api/gates'],
]);
/** A colleague reads the practice's journal by right, and writes in it what `authorize` allows. */
const ofColleagues = (path: string) =>
  /^\/api\/practices\/:practice(?:$|\/(?!drafts\/|enrolments\/|members\/))/.test(path);
/** What somebody who leaves was writing: a doctor's device takes it over. */
const ofDoctors = (path: string) => /^\/api\/practices\/:practice\/members\//.test(path);
const colleagues = new Set(['another member', 'a secretary']);
/** What the listener of the console has and the other does not. */
const ofConsole = (path: string) => path.startsWith('/api/operators/');
/** What an operator of the host does, to practices that it knows by their pseudonyms. Adding a copy is not of it: a session is not enough for that. */
const ofOperators = (path: string) =>
  /^\/api\/operators\/(?:practices(?:$|\/)|copies\/re|alerts(?:$|\/)|sessions$|overview$|drills$|runs$|jobs$)/.test(
    path,
  );
/** Names that clients draw, 16 random bytes: that one is taken must be said to who registers it, and nobody guesses one. */
const drawn = new Set([
  'PUT /api/accounts/:account',
  'PUT /api/pins/:pin',
  'PUT /api/practices/:practice/drafts/:slot',
]);

/** What an attacker puts where a name stands: the victim's, one that exists nowhere, and what is no name. */
const names: Readonly<Record<string, (scene: AccessScene) => readonly [string, string]>> = {
  practice: ({ victim }) => [bytesToHex(victim.practice), 'ab'.repeat(32)],
  account: () => [bytesToHex(account), 'ab'.repeat(16)],
  passkey: () => [bytesToHex(sha256(credential)), 'ab'.repeat(32)],
  pin: () => [bytesToHex(pin), 'ab'.repeat(16)],
  login: () => ['00'.repeat(16), 'ab'.repeat(16)],
  attempt: () => ['00'.repeat(16), 'ab'.repeat(16)],
  enrolment: () => ['00'.repeat(16), 'ab'.repeat(16)],
  reference: () => ['00'.repeat(5), 'ab'.repeat(5)],
  session: (scene) => [bytesToHex(scene.ownSession()), 'ab'.repeat(32)],
  upload: () => ['00'.repeat(16), 'ab'.repeat(16)],
  slot: () => ['00'.repeat(16), 'ab'.repeat(16)],
  member: ({ victim }) => [bytesToHex(victim.founder), 'ab'.repeat(16)],
  stream: () => ['00'.repeat(16), 'ab'.repeat(16)],
  hash: () => ['00'.repeat(32), 'ab'.repeat(32)],
  part: () => ['0', '99'],
  alert: () => ['1', '99'],
};
const malformed = ['zz', '%00', '..%2f..', 'é', 'a'.repeat(90), "' OR 1=1 --"];

const endless: Answer = { status: 200, headers: {}, bytes: new Uint8Array(), text: 'no end', code: null };

export const fuzzProof: Proof<AccessScene> = {
  name: 'every route, with another practice’s, another member’s, a stopped device’s, an operator’s and nobody’s credentials',
  bar: 'no read, no write, no failure, and nothing that tells what exists',
  run: fuzz,
};

async function fuzz(scene: AccessScene): Promise<Outcome> {
  await setUpAccount(scene);
  const held = await holdOneOfEach(scene);
  const details: string[] = [];
  let [attempts, turn] = [0, 0];
  const routes = [...routesOf(scene.app), ...routesOf(scene.operators).filter(({ path }) => ofConsole(path))];
  details.push(...(await notServed(scene, routes, held)));
  const before = await stateOf(scene);
  if (routes.length < 30) details.push(`only ${routes.length} routes were found`);
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    if (route.method !== 'GET' && bodies[key] === undefined && !withoutBody.has(key))
      details.push(`${key} has no example: give it one here`);
    for (const who of (await scene.credentials()).keys()) {
      const found = await attack(scene, { route, key, who, held, turn });
      turn += 1;
      attempts += found.attempts;
      details.push(...found.details);
    }
  }
  const after = await stateOf(scene);
  for (const [table, hash] of after) if (before.get(table) !== hash) details.push(`${table} changed`);
  return { figure: `${attempts} attempts on ${routes.length} routes`, holds: details.length === 0, details };
}

interface Attack {
  readonly route: Route;
  readonly key: string;
  readonly who: string;
  readonly held: Held;
  /** How many came before it. */
  readonly turn: number;
}

/** What the owner is not served of its own: an example of it would prove nothing. */
async function notServed(scene: AccessScene, routes: readonly Route[], held: Held): Promise<string[]> {
  const refused: string[] = [];
  for (const { method, path } of routes) {
    // What a path names within the practice is there; what answers with no end, or wants a query, is tried elsewhere.
    if (method !== 'GET' || !/:practice.*\/:(?!part)/.test(path)) continue;
    const key = `${method} ${path}`;
    const [existing] = pathsOf(scene, { route: { method, path }, key, who: 'its owner', held });
    const { status } = await ask(scene.app, method, existing, { token: await scene.ownToken() });
    if (status !== 200) refused.push(`${key}: its owner was answered ${status}`);
  }
  return refused;
}

async function attack(scene: AccessScene, { route, key, who, held, turn }: Attack) {
  const details: string[] = [];
  let attempts = 0;
  const isMember = colleagues.has(who) || who === 'another practice’s doctor';
  const isReader =
    (colleagues.has(who) && ofColleagues(route.path)) || (who === 'another member' && ofDoctors(route.path));
  const isTheirs = isReader || (isMember && ofAnybody.has(key)) || (who === 'an operator' && ofOperators(route.path));
  const mayHave = open.has(key) || isTheirs;
  const valid = bodies[key]?.(scene) ?? null;
  const sendOne = async (path: string, body: Bytes | null, type = 'application/cbor'): Promise<Answer> => {
    // Fresh each time: a session that is ended stays so, and no throttle hides what it would answer.
    const credential = (await scene.credentials()).get(who) ?? null;
    scene.wait(61_000);
    attempts += 1;
    const answer = await Promise.race([
      ask(ofConsole(route.path) ? scene.operators : scene.app, route.method, path, {
        ...(credential === null ? {} : { headers: { authorization: authorizationOf(credential) } }),
        ...(body === null ? {} : { body, type }),
      }),
      // A line of events, which ends with its listener, was opened for whoever asked.
      setTimeout(10_000, endless, { ref: false }),
    ]);
    if (answer.status >= 500 && answer.code !== 'SMS_FAILED')
      details.push(`${key}, ${who}: ${answer.status} ${answer.text}`);
    if (!isReader && held.secrets.some((secret) => Buffer.from(answer.bytes).includes(Buffer.from(secret))))
      details.push(`${key}, ${who}: was given what is the victim's`);
    return answer;
  };
  const [, missing] = pathsOf(scene, { route, key, who, held });
  /** What lives a few minutes is made anew: the clock runs by one with each attempt. */
  const existing = async () => {
    if (route.path.includes(':reference')) await held.renewEnrolment();
    return pathsOf(scene, { route, key, who, held })[0];
  };
  if (isTheirs) {
    // What is theirs by right may be done: only what is malformed is tried.
    for (const body of partOf(hostile(valid), { scene, quick: 4, turn }))
      if (valid !== null && body !== null) await sendOne(await existing(), body);
    return { attempts, details };
  }
  const [known, unknown] = [await sendOne(await existing(), valid), await sendOne(missing, valid)];
  if (!mayHave && known.status < 400) details.push(`${key}, ${who}: ${known.status}, was let in`);
  if (!drawn.has(key) && shapeOf(known, key) !== shapeOf(unknown, key))
    details.push(`${key}, ${who}: ${shapeOf(known, key)} for what exists, ${shapeOf(unknown, key)} for what does not`);
  if (who === 'another practice’s doctor' && /:practice\/.*:/.test(route.path) && !drawn.has(key)) {
    const [theirs, own] = [scene.victim, scene.stranger].map(({ practice }) => bytesToHex(practice));
    const through = (path: string) => path.replace(theirs ?? '', own ?? '').replace('ab'.repeat(32), own ?? '');
    const [known, nowhere] = [await sendOne(through(await existing()), valid), await sendOne(through(missing), valid)];
    if (shapeOf(known, key) !== shapeOf(nowhere, key))
      details.push(
        `${key}, ${who}, in its own practice: ${shapeOf(known, key)}, and ${shapeOf(nowhere, key)} elsewhere`,
      );
  }
  for (const body of partOf(hostile(valid), { scene, quick: 4, turn })) {
    const answer = await sendOne(await existing(), body, body?.[0] === 0x7b ? 'application/json' : 'application/cbor');
    if (!mayHave && answer.status < 400) details.push(`${key}, ${who}: a hostile body was taken`);
  }
  for (const name of partOf(malformed, { scene, quick: 2, turn })) {
    if (!route.path.includes(':')) continue;
    const answer = await sendOne(route.path.replace(/:\w+/g, encodeURI(name)), valid);
    if (!mayHave && answer.status < 400) details.push(`${key}, ${who}: a malformed name was taken`);
  }
  return { attempts, details };
}

/** All of a list; its first few for a quick run; of those one, each in its turn, for a share of that. */
function partOf<Item>(
  all: readonly Item[],
  { scene, quick, turn }: { scene: AccessScene; quick: number; turn: number },
): readonly Item[] {
  if (scene.extent === 'whole') return all;
  return scene.extent === 'quick' ? all.slice(0, quick) : all.slice(turn % quick, (turn % quick) + 1);
}

function authorizationOf({ scheme, token }: Credential): string {
  return `${scheme} ${bytesToHex(token)}`;
}

/** What an answer tells: its status and text, or, where it holds random bytes, its size. */
function shapeOf({ status, text, bytes }: Answer, key: string): string {
  // A session that may no more is told why once, and is nobody's from then on.
  if (status === 401 && /AUTHOR_REVOKED|AUTHOR_FROZEN|TERM_OUTSIDE|SESSION_REQUIRED/.test(text)) return 'no session';
  if (key === 'GET /metrics') return String(status);
  const isRandom = status === 200 && open.has(key);
  return `${status} ${isRandom ? `${bytes.length} bytes` : text.slice(0, 200)}`;
}

function hostile(valid: Bytes | null): readonly (Bytes | null)[] {
  const body = valid ?? encodeCanonical([1]);
  return [
    body.slice(0, -1),
    new Uint8Array([...body, 0]),
    new TextEncoder().encode('{"a":1}'),
    filled(40_000, 0x61),
    null,
    new Uint8Array(0),
    filled(64, 0xff),
    filled(70_000, 0x9f),
    encodeCanonical([2, 'other format']),
    encodeCanonical([1, null, null, null, null]),
    new Uint8Array([0xff, 0xfe, 0xe9, 0xe8]),
  ];
}

/** The path of what the victim has, and of what nobody has. */
function pathsOf(scene: AccessScene, { route, key, who, held }: Omit<Attack, 'turn'>): [string, string] {
  const filledIn = (place: 0 | 1) =>
    route.path.replace(/:(\w+)/g, (_, name: string) => {
      // A colleague is in the practice; what it registers is then its own.
      if (name === 'practice' && colleagues.has(who)) return names.practice?.(scene)[0] ?? '';
      if (place === 0) return held.names.get(name) ?? names[name]?.(scene)[0] ?? 'unknown';
      return drawn.has(key) ? 'cd'.repeat(16) : (names[name]?.(scene)[1] ?? 'unknown');
    });
  const query = queries[key] ?? '';
  return [filledIn(0) + query, filledIn(1) + query];
}

/** The account, gate and PIN of the victim's doctor. */
async function setUpAccount({ store, victim }: AccessScene): Promise<void> {
  const owner = { practice: victim.practice, member: victim.founder };
  const toMember = { generation: 1, sealed: filled(104, 4) };
  await writePassword(store.database, { ...owner, account, record: 'r', sealedSecret: filled(104, 3), toMember });
  await writePhone(store.database, { ...owner, account, phone: '+33612345642' });
  const passkey = { credential, publicKey: filled(77, 1), counter: 0, added: 1 };
  await addPasskey(store.database, { ...owner, account, passkey });
  const device = { practice: victim.practice, account, author: victim.device.author };
  await passGate(store.database, device, { ticket: null, next: filled(32, 50), opensAt: 0 });
  await writePin(store.database, { ...device, pin, record: 'r', sealedSecret: filled(104, 3) });
}

/** A hash of each of the victim's tables. */
async function stateOf({ store, victim }: AccessScene): Promise<ReadonlyMap<string, string>> {
  const state = new Map<string, string>();
  for (const table of ['practices', 'entries', 'blobs', 'drafts', 'uploads', 'accounts', 'codes', 'gates', 'pins'])
    await inPractice(store.database, victim.practice, async (sql) => {
      const rows = await sql`SELECT md5(own::text) AS row FROM serment.${sql(table)} AS own ORDER BY 1`;
      state.set(table, createHash('sha256').update(JSON.stringify(rows)).digest('hex'));
    });
  await inPractice(store.database, victim.practice, async (sql) => {
    const [closed] = await sql`SELECT count(*) AS closed FROM serment.sessions WHERE closed`;
    state.set('closed sessions', JSON.stringify(closed));
  });
  const [count] = await asHost(store.database, (sql) => sql`SELECT count(*) AS practices FROM serment.practices`);
  return state.set('number of practices', JSON.stringify(count));
}
