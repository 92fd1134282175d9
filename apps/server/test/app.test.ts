import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { sha256 } from '@serment/core/hash';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { encodeAppendRequest, parseAppendAnswer } from '@serment/core/wire/append';
import { parseErrorBody } from '@serment/core/wire/error-body';
import { parseFoundPractice } from '@serment/core/wire/practice';
import {
  encodePayloadsRequest,
  parseEntriesAnswer,
  parsePayloadsAnswer,
  parseProofAnswer,
  parseStreamAnswer,
} from '@serment/core/wire/read';
import { parseHostStatus, parsePracticeStatus } from '@serment/core/wire/status';
import { encodeUploadClose, encodeUploadRequest, parseUploadAnswer, partSizeBytes } from '@serment/core/wire/upload';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import {
  catchUp,
  makeTestPractice,
  mirror,
  openTestVault,
  recordsDraft,
  sent,
  type TestVault,
} from '../../../packages/store/test/test-vault.ts';
import { ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let token: Bytes;
let base: string;
const payload = new Uint8Array(900).fill(8);
const stream = new Uint8Array(16).fill(2);
before(async () => {
  vault = await openTestVault();
  app = await makeApp(vault.store);
  practice = await vault.createPractice('app');
  token = await signIn(app, practice);
  base = `/api/practices/${bytesToHex(practice.practice)}`;
});
after(async () => {
  await app.close();
  await vault.close();
});

const send = async (more: Parameters<typeof recordsDraft>[2] = {}) => {
  await catchUp(vault.store, practice);
  const statement = await practice.statement(recordsDraft(practice, sha256(payload), { stream, ...more }));
  return ask(app, 'POST', `${base}/entries`, { token, body: encodeAppendRequest([sent(statement, payload)]) });
};

describe('the host and its practices', () => {
  it('says who it is to anybody', async () => {
    const answer = await ask(app, 'GET', '/api/host');
    const status = parseHostStatus(answer.text);
    assert.deepEqual(status.author, vault.hostKeys.signer.author);
    assert.equal(status.local, true);
  });

  it('creates a practice from its genesis batch', async () => {
    const fresh = await makeTestPractice('created', vault.hostKeys);
    const body = encodeAppendRequest(fresh.entries.map((entry) => sent(entry)));
    const answer = await ask(app, 'POST', '/api/practices', { body });
    assert.equal(answer.status, 201);
    const { receipts, note } = parseAppendAnswer(answer.bytes);
    assert.equal(receipts.length, fresh.size);
    await verifyCheckpoint(note, vault.hostKeys.signer.author);
    const own = await mirror(vault.store, fresh.practice, fresh);
    await signIn(app, own);
  });

  it('asks for an invitation when it is not on loopback', async () => {
    const invited = await makeApp(vault.store, {
      publicUrl: new URL('https://vault.example'),
      isHttps: true,
      invitations: ['a-token-of-the-host'],
    });
    const fresh = await makeTestPractice('invited', vault.hostKeys);
    const body = encodeAppendRequest(fresh.entries.map((entry) => sent(entry)));
    assert.equal((await ask(invited, 'POST', '/api/practices', { body })).code, 'INVITATION_REQUIRED');
    const wrong = { 'serment-invitation': 'a-token-of-the-hosT' };
    assert.equal((await ask(invited, 'POST', '/api/practices', { body, headers: wrong })).status, 403);
    const headers = { 'serment-invitation': 'a-token-of-the-host' };
    const answer = await ask(invited, 'POST', '/api/practices', { body, headers });
    assert.equal(answer.status, 201);
    assert.match(String(answer.headers['strict-transport-security']), /max-age/);
    await invited.close();
  });

  it('gives the status and the checkpoint of one’s own practice', async () => {
    const status = parsePracticeStatus((await ask(app, 'GET', base, { token })).text);
    assert.deepEqual({ fence: status.fence, restored: status.restored }, { fence: 1, restored: null });
    const note = await ask(app, 'GET', `${base}/checkpoint`, { token });
    assert.equal((await verifyCheckpoint(note.text, vault.hostKeys.signer.author)).size, status.size);
  });
});

describe('finding a practice', () => {
  const find = (prefix: string) => ask(app, 'GET', `/api/practices?prefix=${prefix}`);

  it('takes the first half of its id, as a kit holds it, and nothing shorter', async () => {
    const name = bytesToHex(practice.practice);
    assert.deepEqual(parseFoundPractice((await find(name.slice(0, 32))).bytes), practice.practice);
    assert.equal((await find('00'.repeat(16))).status, 404);
    for (const prefix of ['', name.slice(0, 30), name, name.slice(0, 32).toUpperCase()])
      assert.equal((await find(prefix)).status, 400, prefix);
  });
});

describe('sessions', () => {
  it('are needed, and of the practice in the path', async () => {
    const other = await vault.createPractice('stranger');
    const foreign = await signIn(app, other);
    for (const path of [
      '',
      '/checkpoint',
      '/entries',
      '/drafts',
      '/copies',
      '/events',
      `/streams/${bytesToHex(stream)}`,
    ]) {
      assert.equal((await ask(app, 'GET', base + path)).code, 'SESSION_REQUIRED', path);
      assert.equal((await ask(app, 'GET', base + path, { token: new Uint8Array(32) })).status, 401, path);
      assert.equal((await ask(app, 'GET', base + path, { token: foreign })).status, 404, path);
    }
  });

  it('answer a challenge for anybody, and the same to whoever may not open one', async () => {
    const unknown = await makeTestPractice('nobody', vault.hostKeys);
    await assert.rejects(signIn(app, unknown), /Not canonical|body/);
    await assert.rejects(signIn(app, practice, { ...unknown.device }), /Not canonical|body/);
  });

  it('are never sent by themselves, and end when they are told to', async () => {
    const own = await signIn(app, practice);
    const headers = { cookie: `serment=${bytesToHex(own)}` };
    assert.equal((await ask(app, 'GET', base, { headers })).code, 'SESSION_REQUIRED');
    const ended = await ask(app, 'DELETE', '/api/sessions', { token: own });
    assert.equal(ended.status, 204);
    assert.equal(ended.headers['set-cookie'], undefined);
    assert.equal((await ask(app, 'GET', base, { token: own })).status, 401);
  });

  it('end with the revocation of their author', async () => {
    const { practice: own, devices } = await vault.createShared('revoking', 2);
    const device = devices[1];
    assert.ok(device);
    const theirs = await signIn(app, own, device);
    const path = `/api/practices/${bytesToHex(own.practice)}`;
    assert.equal((await ask(app, 'GET', path, { token: theirs })).status, 200);
    const revoke = await own.statement({ signer: own.device, body: own.revokeBody(device.author) });
    await vault.store.append(own.practice, [sent(revoke)]);
    assert.equal((await ask(app, 'GET', path, { token: theirs })).code, 'AUTHOR_REVOKED');
  });
});

describe('entries', () => {
  it('are appended, read, proved, and read by stream with a trace', async () => {
    const appended = await send();
    assert.equal(appended.status, 200);
    const index = parseAppendAnswer(appended.bytes).receipts[0]?.index ?? -1;
    await catchUp(vault.store, practice);
    const size = practice.size;
    const entries = parseEntriesAnswer(
      (await ask(app, 'GET', `${base}/entries?from=${index}&limit=1`, { token })).bytes,
    );
    assert.deepEqual(entries, { from: index, entries: [practice.entries[index]?.bytes] });
    const proof = await ask(app, 'GET', `${base}/proofs/inclusion?index=${index}&size=${size}`, { token });
    assert.ok(parseProofAnswer(proof.bytes).length > 0);
    const growth = await ask(app, 'GET', `${base}/proofs/consistency?from=3&to=${size}`, { token });
    assert.ok(parseProofAnswer(growth.bytes).length > 0);
    const page = parseStreamAnswer((await ask(app, 'GET', `${base}/streams/${bytesToHex(stream)}`, { token })).bytes);
    assert.deepEqual(page.payloads.at(-1), { index, payload });
    await catchUp(vault.store, practice);
    const body = practice.entries.at(-1)?.header.body;
    assert.deepEqual(body, {
      kind: 'fetch',
      reader: practice.device.author,
      items: [{ what: 'stream', id: stream, from: 0, count: page.payloads.length }],
    });
  });

  it('give payloads by index, with a trace of the runs that were sent', async () => {
    const first = parseAppendAnswer((await send()).bytes).receipts[0]?.index ?? -1;
    await send();
    const asked = [first + 1, first, 0];
    const answer = await ask(app, 'POST', `${base}/payloads`, { token, body: encodePayloadsRequest(asked) });
    assert.deepEqual(
      parsePayloadsAnswer(answer.bytes).map(({ payload: one }) => one?.length ?? null),
      [900, 900, null],
    );
    await catchUp(vault.store, practice);
    const body = practice.entries.at(-1)?.header.body;
    assert.deepEqual(body?.kind === 'fetch' && body.items, [{ what: 'entries', id: null, from: first, count: 2 }]);
  });

  it('are not traced where no payload leaves', async () => {
    const before = (await vault.store.head(practice.practice))?.size;
    await ask(app, 'GET', `${base}/entries`, { token });
    await ask(app, 'GET', `${base}/streams/${'ab'.repeat(16)}`, { token });
    await ask(app, 'POST', `${base}/payloads`, { token, body: encodePayloadsRequest([0, 1]) });
    assert.equal((await vault.store.head(practice.practice))?.size, before);
  });

  it('are refused with the refusal, its position and its status', async () => {
    const stale = await send({ prev: sha256(payload) });
    assert.equal(stale.status, 409);
    assert.deepEqual(parseErrorBody(stale.text).fields.refusal, 'PREV_STALE');
    const forbidden = await send({ compartment: 'private/00112233445566778899aabbccddeeff' });
    assert.equal(forbidden.status, 403);
    assert.equal(parseErrorBody(forbidden.text).code, 'REFUSED');
    const epoch = await send({ epoch: 4 });
    assert.equal(epoch.status, 409);
  });

  it('are refused when they are malformed, foreign, too large or of another type', async () => {
    const post = (body: Uint8Array, type?: string) =>
      ask(app, 'POST', `${base}/entries`, { token, body, ...(type === undefined ? {} : { type }) });
    assert.equal((await post(new Uint8Array([0xff]))).code, 'WIRE_INVALID');
    assert.equal((await post(encodeCanonical([2, []]))).code, 'WIRE_INVALID');
    assert.equal((await post(encodeCanonical([1, []]))).code, 'WIRE_INVALID');
    assert.equal((await post(encodeCanonical([1, [[new Uint8Array(5), null]]]))).code, 'ENTRY_INVALID');
    assert.equal((await post(encodeCanonical([1]), 'application/json')).code, 'REQUEST_INVALID');
    assert.equal((await ask(app, 'POST', `${base}/entries`, { token })).code, 'REQUEST_INVALID');
    const large = await ask(app, 'POST', `${base}/payloads`, { token, body: new Uint8Array(100_000) });
    assert.equal(large.status, 413);
  });

  it('refuse numbers that are none', async () => {
    for (const query of ['from=-1', 'from=1e3', 'from=01', 'from=99999999999999999999', 'from=1&from=2', 'limit=x'])
      assert.equal((await ask(app, 'GET', `${base}/entries?${query}`, { token })).code, 'REQUEST_INVALID', query);
    assert.equal((await ask(app, 'GET', `${base}/proofs/inclusion?index=1`, { token })).code, 'REQUEST_INVALID');
    assert.equal(
      (await ask(app, 'GET', `${base}/proofs/inclusion?index=1&size=100000`, { token })).code,
      'RANGE_INVALID',
    );
    assert.equal((await ask(app, 'GET', `${base}/streams/xyz`, { token })).status, 404);
    assert.equal((await ask(app, 'GET', `/api/practices/${'AB'.repeat(32)}`, { token })).status, 404);
  });
});

describe('documents', () => {
  const bytes = Uint8Array.from({ length: partSizeBytes + 5 }, (_, place) => place % 253);
  const hash = sha256(bytes);
  const octets = 'application/octet-stream';
  const put = (name: string, part: number, body: Uint8Array) =>
    ask(app, 'PUT', `${base}/uploads/${name}/${part}`, { token, body, type: octets });

  it('come in parts, in any order, resume, and are read whole or in ranges with a trace', async () => {
    const start = async () => {
      const body = encodeUploadRequest({ hash, size: bytes.length });
      return parseUploadAnswer((await ask(app, 'POST', `${base}/uploads`, { token, body })).bytes);
    };
    const name = bytesToHex((await start()).upload ?? new Uint8Array());
    assert.equal((await put(name, 1, bytes.subarray(partSizeBytes))).status, 204);
    assert.equal((await put(name, 1, new Uint8Array(5))).code, 'PART_CONFLICT');
    assert.equal((await put(name, 0, new Uint8Array(7))).code, 'PART_INVALID');
    assert.equal((await put(name, 2, new Uint8Array(7))).code, 'PART_INVALID');
    assert.deepEqual((await start()).received, [1]);
    const close = () => ask(app, 'POST', `${base}/uploads/${name}`, { token, body: encodeUploadClose() });
    assert.equal((await close()).code, 'UPLOAD_INCOMPLETE');
    const blobs = [{ hash, size: bytes.length }];
    assert.equal((await send({ blobs })).code, 'BLOB_MISSING');
    assert.equal((await put(name, 0, bytes.subarray(0, partSizeBytes))).status, 204);
    assert.equal((await close()).status, 204);
    assert.equal((await start()).upload, null);
    assert.equal((await close()).code, 'UPLOAD_UNKNOWN');
    assert.equal((await send({ blobs: [{ hash, size: 3 }] })).code, 'BLOB_MISSING');
    assert.equal((await send({ blobs })).status, 200);

    const url = `${base}/blobs/${bytesToHex(hash)}`;
    const whole = await ask(app, 'GET', url, { token });
    assert.equal(whole.status, 200);
    assert.ok(Buffer.compare(whole.bytes, bytes) === 0);
    const range = await ask(app, 'GET', url, { token, headers: { range: 'bytes=10-19' } });
    assert.equal(range.status, 206);
    assert.deepEqual(range.bytes, bytes.slice(10, 20));
    assert.equal(range.headers['content-range'], `bytes 10-19/${bytes.length}`);
    const suffix = await ask(app, 'GET', url, { token, headers: { range: 'bytes=-5' } });
    assert.deepEqual(suffix.bytes, bytes.slice(-5));
    const beyond = await ask(app, 'GET', url, { token, headers: { range: `bytes=${bytes.length}-` } });
    assert.equal(beyond.status, 416);
    await catchUp(vault.store, practice);
    const body = practice.entries.at(-1)?.header.body;
    assert.deepEqual(body?.kind === 'fetch' && body.items, [
      { what: 'blob', id: hash, from: bytes.length - 5, count: 5 },
    ]);
  });

  it('are refused when the whole has another hash, empty, or too large', async () => {
    const body = encodeUploadRequest({ hash: sha256(hash), size: 4 });
    const { upload } = parseUploadAnswer((await ask(app, 'POST', `${base}/uploads`, { token, body })).bytes);
    const name = bytesToHex(upload ?? new Uint8Array());
    await put(name, 0, new Uint8Array(4));
    const closed = await ask(app, 'POST', `${base}/uploads/${name}`, { token, body: encodeUploadClose() });
    assert.equal(closed.status, 422);
    assert.equal(closed.code, 'BLOB_MISMATCH');
    for (const size of [0, 268_435_457]) {
      const wrong = encodeUploadRequest({ hash, size });
      assert.equal((await ask(app, 'POST', `${base}/uploads`, { token, body: wrong })).code, 'WIRE_INVALID');
    }
  });

  it('that one part holds are put whole, once or twice, and only under their own hash', async () => {
    const small = bytes.subarray(0, 300);
    const whole = (name: Uint8Array, body: Uint8Array) =>
      ask(app, 'PUT', `${base}/blobs/${bytesToHex(name)}`, { token, body, type: octets });
    assert.equal((await whole(sha256(small), bytes.subarray(1, 301))).code, 'BLOB_MISMATCH');
    assert.equal((await whole(sha256(small), new Uint8Array())).code, 'WIRE_INVALID');
    assert.equal((await whole(hash, bytes)).status, 413);
    assert.equal((await send({ blobs: [{ hash: sha256(small), size: 300 }] })).code, 'BLOB_MISSING');
    assert.equal((await whole(sha256(small), small)).status, 204);
    assert.equal((await whole(sha256(small), small)).status, 204);
    assert.equal((await send({ blobs: [{ hash: sha256(small), size: 300 }] })).status, 200);
    const read = await ask(app, 'GET', `${base}/blobs/${bytesToHex(sha256(small))}`, { token });
    assert.deepEqual(read.bytes, new Uint8Array(small));
  });

  it('of another practice are not found', async () => {
    const other = await vault.createPractice('curious');
    const theirs = await signIn(app, other);
    const path = `/api/practices/${bytesToHex(other.practice)}/blobs/${bytesToHex(hash)}`;
    assert.equal((await ask(app, 'GET', path, { token: theirs })).status, 404);
  });
});

describe('what surrounds the answers', () => {
  it('is a strict set of headers', async () => {
    const { headers } = await ask(app, 'GET', '/api/host');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?!')|\*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['strict-transport-security'], undefined);
  });

  it('refuses another site’s page, and a foreign name on loopback', async () => {
    const post = (headers: Record<string, string>) => ask(app, 'DELETE', '/api/sessions', { headers, token });
    assert.equal((await post({ origin: 'https://evil.example' })).code, 'ORIGIN_FORBIDDEN');
    assert.equal((await post({ origin: 'null' })).code, 'ORIGIN_FORBIDDEN');
    assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).code, 'ORIGIN_FORBIDDEN');
    assert.equal((await ask(app, 'GET', '/api/host', { headers: { host: 'evil.example' } })).code, 'ORIGIN_FORBIDDEN');
    const own = { origin: 'http://localhost:4400', 'sec-fetch-site': 'same-origin' };
    assert.equal((await ask(app, 'POST', '/api/challenges', { headers: own })).code, 'REQUEST_INVALID');
  });

  it('answers every unknown path with an error of the wire', async () => {
    for (const path of ['/api/nothing', '/nothing.js', '/api/practices/', '/..%2f..%2fetc/passwd']) {
      const answer = await ask(app, 'GET', path);
      assert.equal(answer.status, 404, path);
      assert.equal(parseErrorBody(answer.text).code, 'NOT_FOUND');
    }
  });

  it('tells health, readiness and figures without a practice in them', async () => {
    assert.equal((await ask(app, 'GET', '/health')).text, 'ok\n');
    assert.equal((await ask(app, 'GET', '/ready')).text, 'ready\n');
    const figures = await ask(app, 'GET', '/metrics');
    assert.match(figures.text, /serment_checkpoints_total \d+/);
    assert.ok(!figures.text.includes(bytesToHex(practice.practice)));
    const forwarded = await ask(app, 'GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    assert.equal(forwarded.status, 404);
    for (const headers of [{ 'x-real-ip': '203.0.113.9' }, { via: '1.1 proxy' }, { 'x-forwarded-proto': 'https' }])
      assert.equal((await ask(app, 'GET', '/metrics', { headers })).status, 404);
    const proxied = await makeApp(vault.store, { publicUrl: new URL('https://vault.example'), isHttps: true });
    const headers = { host: 'vault.example' };
    assert.equal((await ask(proxied, 'GET', '/metrics', { headers })).status, 404);
    assert.equal((await ask(proxied, 'GET', '/metrics')).status, 200);
    await proxied.close();
  });
});

describe('what anybody may ask', () => {
  it('is counted by the address that a trusted proxy names, and by the proxy’s own when it is not trusted', async () => {
    const find = async (own: FastifyInstance, address: string) => {
      const headers = { 'x-forwarded-for': address };
      return (await ask(own, 'GET', `/api/practices?prefix=${'00'.repeat(16)}`, { headers })).status;
    };
    const trusting = await makeApp(vault.store, { trustedProxies: ['127.0.0.0/8'] });
    const plain = await makeApp(vault.store);
    for (let tries = 0; tries < 61; tries += 1) {
      await find(trusting, '203.0.113.1');
      await find(plain, `203.0.113.${tries}`);
    }
    assert.equal(await find(trusting, '203.0.113.1'), 429);
    assert.equal(await find(trusting, '203.0.113.2'), 404);
    assert.equal(await find(plain, '203.0.113.200'), 429);
    await Promise.all([trusting.close(), plain.close()]);
  });

  it('is small: what is large is refused before it is read', async () => {
    const large = new Uint8Array(5000);
    for (const path of ['/api/challenges', '/api/sessions', `/api/accounts/${'00'.repeat(16)}/login`])
      assert.equal((await ask(app, 'POST', path, { body: large })).status, 413, path);
    const practice = await ask(app, 'POST', '/api/practices', { body: new Uint8Array(300_000) });
    assert.equal(practice.status, 413);
  });
});

describe('one author', () => {
  it('appends so often and no more, and keeps nobody else from it', async () => {
    let now = 1_900_000_000_000;
    const own = await makeApp(vault.store, { clock: () => now });
    const { practice: shared, devices } = await vault.createShared('busy', 2);
    const [first, second] = await Promise.all(devices.map((device) => signIn(app, shared, device)));
    const path = `/api/practices/${bytesToHex(shared.practice)}/entries`;
    const post = async (from: Bytes | undefined) =>
      (await ask(own, 'POST', path, { ...(from ? { token: from } : {}), body: new Uint8Array([0]) })).status;
    for (let tries = 0; tries < 1200; tries += 1) assert.equal(await post(first), 400);
    assert.equal(await post(first), 429);
    assert.equal(await post(second), 400);
    now += 60_001;
    assert.equal(await post(first), 400);
    await own.close();
  });

  it('asks for so many payloads at once, and scattered ones leave a small trace', async () => {
    const ask513 = encodePayloadsRequest(Array.from({ length: 513 }, () => 0));
    assert.equal((await ask(app, 'POST', `${base}/payloads`, { token, body: ask513 })).code, 'WIRE_INVALID');
  });
});

describe('a server that stops', () => {
  it('answers what is under way, and waits for its connection no longer', { timeout: 20_000 }, async () => {
    const stopping = await makeApp(vault.store);
    const { host, hostname, port } = new URL(await stopping.listen({ host: '127.0.0.1', port: 0 }));
    const client = connect(Number(port), hostname);
    const asked = once(stopping.server, 'request');
    client.write(`POST /api/challenges HTTP/1.1\r\nhost: ${host}\r\n`);
    client.write('content-type: application/cbor\r\ncontent-length: 4\r\n\r\n');
    await asked;
    const stopped = stopping.close();
    while (stopping.server.listening) await setImmediate();
    client.write('none');
    // To its end: a client that may go on would keep the connection.
    assert.match(await text(client), /^HTTP\/1\.1 400 /);
    await stopped;
  });
});
