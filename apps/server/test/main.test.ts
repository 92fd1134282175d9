import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseEntry } from '@serment/core/journal/entry';
import { JournalVerifier } from '@serment/core/journal/verifier';
import { encodeAppendRequest, parseAppendAnswer } from '@serment/core/wire/append';
import { parseEntriesAnswer } from '@serment/core/wire/read';
import {
  encodeChallengeRequest,
  encodeSessionRequest,
  parseChallenge,
  parseSession,
  sessionMessage,
} from '@serment/core/wire/session';
import { parseCheckpointEvent, parseCopies, parseHostStatus } from '@serment/core/wire/status';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { loadHostKeys } from '../../../packages/store/src/host-keys.ts';
import { makeTestPractice, recordsDraft, sent } from '../../../packages/store/test/test-vault.ts';
import { runToEnd, type ServerProcess, startProcess } from './server-process.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-main-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const payload = new Uint8Array(400).fill(1);

async function post(url: string, body: Uint8Array, token?: Bytes): Promise<Bytes> {
  const headers = {
    'content-type': 'application/cbor',
    ...(token ? { authorization: `Bearer ${bytesToHex(token)}` } : {}),
  };
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  if (!response.ok) throw new Error(await response.text());
  return new Uint8Array(await response.arrayBuffer());
}

async function createPractice(url: string, data: string, name: string): Promise<TestPractice> {
  const practice = await makeTestPractice(name, await loadHostKeys(join(data, 'host.key')));
  await post(`${url}/api/practices`, encodeAppendRequest(practice.entries.map((entry) => sent(entry))));
  return practice;
}

async function signIn(url: string, practice: TestPractice): Promise<Bytes> {
  const who = { practice: practice.practice, author: practice.device.author };
  const { nonce } = parseChallenge(await post(`${url}/api/challenges`, encodeChallengeRequest(who)));
  const signature = await practice.device.sign(sessionMessage(who, nonce));
  return parseSession(await post(`${url}/api/sessions`, encodeSessionRequest({ ...who, nonce, signature }))).token;
}

async function readAll(url: string, practice: TestPractice, token: Bytes): Promise<Bytes[]> {
  const entries: Bytes[] = [];
  while (true) {
    const path = `${url}/api/practices/${bytesToHex(practice.practice)}/entries?from=${entries.length}`;
    const response = await fetch(path, { headers: { authorization: `Bearer ${bytesToHex(token)}` } });
    const page = parseEntriesAnswer(new Uint8Array(await response.arrayBuffer()));
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

/** Appends from now on until the server goes away; answers in the end with the ids that it acknowledged. */
async function beginAppending(
  url: string,
  practice: TestPractice,
  token: Bytes,
): Promise<{ readonly acknowledged: Promise<string[]> }> {
  const known = await readAll(url, practice, token);
  const author = bytesToHex(practice.device.author);
  let prev: Bytes | null = null;
  for (const bytes of known) {
    const entry = parseEntry(bytes);
    if (bytesToHex(entry.header.author) === author) prev = entry.id;
  }
  const seen = { size: known.length, root: await rootOf(known, practice) };
  const append = async () => {
    const acknowledged: string[] = [];
    try {
      while (true) {
        const statement = await practice.statement(recordsDraft(practice, sha256(payload), { prev, seen }));
        const body = encodeAppendRequest([sent(statement, payload)]);
        parseAppendAnswer(await post(`${url}/api/practices/${bytesToHex(practice.practice)}/entries`, body, token));
        acknowledged.push(bytesToHex(statement.id));
        prev = statement.id;
      }
    } catch {
      return acknowledged;
    }
  };
  return { acknowledged: append() };
}

async function rootOf(entries: readonly Bytes[], practice: TestPractice) {
  const verifier = JournalVerifier.start(practice.practice);
  await verifier.addMany([...entries]);
  assert.deepEqual(verifier.findings, []);
  return verifier.root();
}

describe('the server as a process', () => {
  let server: ServerProcess;
  const data = () => join(folder, 'data');
  const copy = () => join(folder, 'copy');
  const start = () =>
    startProcess(['--data', data(), '--port', '0', '--copy', copy(), '--host-key-out', join(folder, 'kept.key')]);
  before(async () => {
    server = await start();
  });
  after(() => server.stop('SIGTERM'));

  it('prints one line, keeps its keys elsewhere too, and serves', async () => {
    assert.equal(server.output(), `ready ${server.url}\n`);
    assert.equal((await stat(join(folder, 'kept.key'))).mode & 0o777, 0o600);
    const host = parseHostStatus(await (await fetch(`${server.url}/api/host`)).text());
    assert.deepEqual(host.author, (await loadHostKeys(join(folder, 'kept.key'))).signer.author);
  });

  it('refuses a second server on its data folder, and on its port', async () => {
    const second = await runToEnd(['--data', data(), '--port', '0']);
    assert.equal(second.code, 3);
    assert.match(second.stderr, /DATA_IN_USE/);
    const port = new URL(server.url).port;
    const other = await runToEnd(['--data', join(folder, 'other'), '--port', port]);
    assert.equal(other.code, 3);
    assert.match(other.stderr, /PORT_IN_USE/);
    assert.equal(other.stdout, '');
  });

  it('tells of checkpoints and copies as they happen, and publishes to the copy', async () => {
    const practice = await createPractice(server.url, data(), 'events');
    const token = await signIn(server.url, practice);
    const name = bytesToHex(practice.practice);
    const aborter = new AbortController();
    const headers = { authorization: `Bearer ${bytesToHex(token)}` };
    const stream = await fetch(`${server.url}/api/practices/${name}/events`, { headers, signal: aborter.signal });
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert.equal(stream.headers.get('x-content-type-options'), 'nosniff');
    // A server that stops ends it, and waits for its connection no longer.
    assert.equal(stream.headers.get('connection'), 'close');
    const events = readEvents(stream);
    const first = await events.find('checkpoint', () => true);
    assert.equal(parseCheckpointEvent(first).size, practice.size);
    const appended = appendOne(server.url, practice, token);
    const second = await events.find('checkpoint', (text) => parseCheckpointEvent(text).size > practice.size);
    await appended;
    assert.equal(parseCheckpointEvent(second).size, practice.size + 1);
    const copies = await events.find('copies', (text) => parseCopies(text)[0]?.size === practice.size + 1);
    assert.equal(parseCopies(copies)[0]?.state, 'current');
    assert.equal(parseCopies(copies)[0]?.sameDisk, true);
    aborter.abort();
    assert.ok((await readdir(copy())).includes(name));
  });

  it('keeps everything that it acknowledged when it is killed, again and again', async () => {
    const practice = await createPractice(server.url, data(), 'killed');
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const token = await signIn(server.url, practice);
      const appending = await beginAppending(server.url, practice, token);
      await new Promise((resolve) => setTimeout(resolve, 300 + round * 130));
      assert.equal((await server.stop('SIGKILL')).signal, 'SIGKILL');
      acknowledged.push(...(await appending.acknowledged));
      server = await start();
    }
    const token = await signIn(server.url, practice);
    const entries = await readAll(server.url, practice, token);
    await rootOf(entries, practice);
    const stored = new Set(entries.map((bytes) => bytesToHex(parseEntry(bytes).id)));
    assert.ok(acknowledged.length > 10, `${acknowledged.length} acknowledged`);
    for (const id of acknowledged) assert.ok(stored.has(id));
  });

  it('ends in order when asked, while a client listens', async () => {
    const practice = await createPractice(server.url, data(), 'ends');
    const token = await signIn(server.url, practice);
    const headers = { authorization: `Bearer ${bytesToHex(token)}` };
    const stream = await fetch(`${server.url}/api/practices/${bytesToHex(practice.practice)}/events`, { headers });
    const started = performance.now();
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null });
    assert.ok(performance.now() - started < 10_000);
    await stream.text().catch(() => '');
    server = await start();
    assert.equal((await fetch(`${server.url}/ready`)).status, 200);
  });
});

describe('a server that cannot start', () => {
  it('says how it is used', async () => {
    for (const args of [[], ['--data', join(folder, 'x')], ['--data', 'x', '--port', '70000'], ['--what']]) {
      const { code, stdout, stderr } = await runToEnd(args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /USAGE/);
    }
    assert.match((await runToEnd(['--help'])).stdout, /--data DIR/);
  });

  it('refuses to leave loopback without https', async () => {
    const { code, stderr } = await runToEnd(['--data', join(folder, 'y'), '--port', '0', '--host', '0.0.0.0']);
    assert.equal(code, 2);
    assert.match(stderr, /HTTPS_REQUIRED/);
  });

  it('refuses a gateway for SMS that it does not understand, quoting nothing of it', async () => {
    const file = join(folder, 'sms.json');
    await writeFile(file, '{"url": "http://gateway.example/?key=s3cret&to={{to}}&text={{text}}", "method": "GET"}');
    const { code, stdout, stderr } = await runToEnd(['--data', join(folder, 'sms'), '--port', '0', '--sms', file]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /USAGE: --sms: url: off loopback it begins with https/);
    assert.doesNotMatch(stderr, /s3cret/);
    await assert.rejects(stat(join(folder, 'sms')), { code: 'ENOENT' });
  });

  it('refuses a data folder of a newer version, and touches nothing', async () => {
    const newer = join(folder, 'newer');
    await (await import('node:fs/promises')).mkdir(newer);
    await writeFile(join(newer, 'serment.json'), '{"format":99}\n');
    const { code, stderr } = await runToEnd(['--data', newer, '--port', '0']);
    assert.equal(code, 5);
    assert.match(stderr, /DATA_NEWER/);
    assert.deepEqual(await readdir(newer), ['serment.json']);
  });

  it('refuses a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runToEnd(['--data', join(folder, 'z'), '--port', String(port)]);
    other.close();
    assert.equal(code, 3);
    assert.match(stderr, /PORT_IN_USE/);
  });
});

async function appendOne(url: string, practice: TestPractice, token: Bytes): Promise<void> {
  const known = await readAll(url, practice, token);
  const seen = { size: known.length, root: await rootOf(known, practice) };
  const statement = await practice.statement(recordsDraft(practice, sha256(payload), { seen }));
  const body = encodeAppendRequest([sent(statement, payload)]);
  await post(`${url}/api/practices/${bytesToHex(practice.practice)}/entries`, body, token);
}

function readEvents(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const unread: string[] = [];
  let text = '';
  return {
    /** Data of the first event of that name which fits; others are kept for who asks for them. */
    async find(name: string, fits: (data: string) => boolean): Promise<string> {
      const dataOf = (block: string) =>
        block.startsWith(`event: ${name}\n`) ? /^data: (.*)$/m.exec(block)?.[1] : undefined;
      for (let at = 0; ; at += 1) {
        while (at === unread.length) {
          const chunk = await reader?.read();
          if (chunk === undefined || chunk.done) throw new Error('The events ended');
          const blocks = (text + chunk.value).split('\n\n');
          text = blocks.pop() ?? '';
          unread.push(...blocks);
        }
        const data = dataOf(unread[at] ?? '');
        if (data === undefined || !fits(data)) continue;
        unread.splice(at, 1);
        return data;
      }
    },
  };
}
