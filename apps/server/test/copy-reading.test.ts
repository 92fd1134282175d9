import assert from 'node:assert/strict';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { encodeCopyEntriesRequest, parseCopyEntriesAnswer } from '@serment/core/wire/copy-read';
import { encodeCopyNamed } from '@serment/core/wire/status';
import { createFolderBlobs } from '@serment/store/blob/folder-blobs';
import { folderPlace } from '@serment/store/copy/places';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { temporaryFolder } from '../../../packages/store/test/copy/copy-fixture.ts';
import { catchUp, openTestVault, recordsDraft, send, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { CopyReadings } from '../src/copy-readings.ts';
import { type CopyJob, startCopies } from '../src/jobs/copies.ts';
import { ask, makeApp, signIn } from './test-app.ts';

const log = pino({ level: 'silent' });
const folder = join(temporaryFolder(), 'disque');
const payload = new Uint8Array(300).fill(7);
const document = new Uint8Array(3_000_000).fill(5);
const hash = sha256(document);

let vault: TestVault;
let copies: CopyJob;
let practice: TestPractice;
let colleague: TestSigner;
let app: FastifyInstance;
let token: Bytes;
let base: string;
let named: number;

before(async () => {
  vault = await openTestVault();
  const { store } = vault;
  const shared = await vault.createShared('read', 2);
  practice = shared.practice;
  colleague = shared.devices[1] ?? practice.device;
  await store.uploads.put(practice.practice, hash, document);
  for (let save = 0; save < 300; save += 1)
    await send(store, practice, recordsDraft(practice, sha256(payload)), payload);
  named = practice.size;
  await send(
    store,
    practice,
    recordsDraft(practice, sha256(payload), { blobs: [{ hash, size: document.length }] }),
    payload,
  );
  copies = await startCopies({
    ...{ store, dataDir: vault.folder, copies: [folderPlace(folder)], log },
    formatDir: join(import.meta.dirname, '../../../docs/format'),
  });
  app = await makeApp(store, { copies });
  token = await signIn(app, practice);
  base = `/api/practices/${bytesToHex(practice.practice)}`;
  await copied();
});
after(async () => {
  await app.close();
  await copies.stop();
  await vault.close();
});

async function copied(): Promise<void> {
  const isThere = () => (copies.status(bytesToHex(practice.practice))[0]?.size ?? 0) >= practice.size;
  for (const end = Date.now() + 60_000; !isThere(); await delay(20)) assert.ok(Date.now() < end, 'it never came');
}

const read = (indexes: readonly number[], { copy = 'disque', by = token }: { copy?: string; by?: Bytes } = {}) =>
  ask(app, 'POST', `${base}/copies/entries`, { token: by, body: encodeCopyEntriesRequest({ copy, indexes }) });
const readBlob = (name: string, headers: Record<string, string> = {}, copy = 'disque') =>
  ask(app, 'GET', `${base}/copies/blobs/${name}?copy=${encodeURIComponent(copy)}`, { token, headers });

describe('reading a copy through the host', () => {
  it('gives the entries and payloads that the copy holds, of bundles and tails, with its checkpoint and a trace', async () => {
    const indexes = [named, 270, 0, named + 1_000];
    const answer = await read(indexes);
    assert.equal(answer.status, 200);
    const { note, entries } = parseCopyEntriesAnswer(answer.bytes);
    assert.match(note, new RegExp(`^serment/${bytesToHex(practice.practice)}/1\n`));
    assert.deepEqual(
      entries,
      indexes.map((index) => {
        const entry = practice.entries[index];
        return { index, entry: entry?.bytes ?? null, payload: entry?.payloadHash == null ? null : payload };
      }),
    );
    await catchUp(vault.store, practice);
    const body = practice.entries.at(-1)?.header.body;
    assert.deepEqual(body?.kind === 'fetch' && body.items, [
      { what: 'entries', id: null, from: 270, count: 1 },
      { what: 'entries', id: null, from: named, count: 1 },
    ]);
  });

  it('gives a document whole or in ranges, with a trace', async () => {
    const whole = await readBlob(bytesToHex(hash));
    assert.equal(whole.status, 200);
    assert.ok(Buffer.compare(whole.bytes, document) === 0);
    const range = await readBlob(bytesToHex(hash), { range: 'bytes=1048570-1048585' });
    assert.equal(range.status, 206);
    assert.deepEqual(range.bytes, document.slice(1_048_570, 1_048_586));
    await catchUp(vault.store, practice);
    const body = practice.entries.at(-1)?.header.body;
    assert.deepEqual(body?.kind === 'fetch' && body.items, [{ what: 'blob', id: hash, from: 1_048_570, count: 16 }]);
  });

  it('asks for a session, and knows no other copy, practice or name than its own', async () => {
    const body = encodeCopyEntriesRequest({ copy: 'disque', indexes: [0] });
    assert.equal((await ask(app, 'POST', `${base}/copies/entries`, { body })).code, 'SESSION_REQUIRED');
    for (const copy of ['ailleurs', '../disque', '', folder]) assert.equal((await read([0], { copy })).status, 404);
    const other = await vault.createPractice('stranger');
    const path = `/api/practices/${bytesToHex(other.practice)}/copies`;
    assert.equal((await ask(app, 'POST', `${path}/entries`, { token, body })).status, 404);
    const theirs = await ask(app, 'GET', `${path}/blobs/${bytesToHex(hash)}?copy=disque`, { token });
    assert.equal(theirs.status, 404);
    for (const name of ['..%2f..%2fserment-copy', `${bytesToHex(hash)}%2f..`, 'aa'.repeat(32)])
      assert.equal((await readBlob(name)).status, 404);
    assert.equal((await readBlob(bytesToHex(hash), {}, '../disque')).status, 404);
    assert.equal((await ask(app, 'GET', `${base}/copies/blobs/${bytesToHex(hash)}`, { token })).status, 400);
  });

  it('gives nobody what a restriction keeps from them', async () => {
    const stream = practice.entries[named]?.header.stream ?? new Uint8Array(16);
    await send(vault.store, practice, {
      signer: practice.device,
      body: practice.restrictBody(stream, [practice.founder]),
    });
    const by = await signIn(app, practice, colleague);
    assert.equal((await read([named], { by })).code, 'STREAM_RESTRICTED');
    const path = `${base}/copies/blobs/${bytesToHex(hash)}`;
    assert.equal((await ask(app, 'GET', `${path}?copy=disque`, { token: by })).code, 'STREAM_RESTRICTED');
    const put = await ask(app, 'PUT', path, { token: by, body: encodeCopyNamed('disque') });
    assert.equal(put.code, 'STREAM_RESTRICTED');
    assert.equal((await read([named])).status, 200);
  });

  it('puts back a document that the live side has lost, or holds with other bytes', async () => {
    const blobs = join(vault.folder, 'blobs');
    const live = () => ask(app, 'GET', `${base}/blobs/${bytesToHex(hash)}`, { token });
    const path =
      readdirSync(blobs, { recursive: true })
        .map(String)
        .find((name) => name.endsWith(bytesToHex(hash))) ?? '';
    writeFileSync(join(blobs, path), document.subarray(1));
    const put = () =>
      ask(app, 'PUT', `${base}/copies/blobs/${bytesToHex(hash)}`, { token, body: encodeCopyNamed('disque') });
    assert.equal((await put()).status, 204);
    assert.ok(Buffer.compare((await live()).bytes, document) === 0);
    renameSync(join(blobs, path), join(vault.folder, 'lost'));
    assert.equal((await put()).status, 204);
    assert.ok(Buffer.compare((await live()).bytes, document) === 0);
  });

  it('says at once that a copy is not there, or whose document is not the one that was filed', async () => {
    const blob = join(folder, bytesToHex(practice.practice), 'blob', bytesToHex(hash).slice(0, 2), bytesToHex(hash));
    const aside = join(vault.folder, 'aside');
    renameSync(blob, aside);
    assert.equal((await readBlob(bytesToHex(hash))).status, 404);
    writeFileSync(blob, document.subarray(1));
    const live = join(vault.folder, 'blobs');
    const store = await createFolderBlobs(live);
    const path =
      readdirSync(live, { recursive: true })
        .map(String)
        .find((name) => name.endsWith(bytesToHex(hash))) ?? '';
    renameSync(join(live, path), join(vault.folder, 'gone'));
    const put = await ask(app, 'PUT', `${base}/copies/blobs/${bytesToHex(hash)}`, {
      token,
      body: encodeCopyNamed('disque'),
    });
    assert.equal(put.code, 'BLOB_MISMATCH');
    assert.equal(await store.size({ practice: practice.practice, hash }), null);
    renameSync(folder, `${folder}-away`);
    const answer = await read([0]);
    assert.equal(answer.status, 502);
    assert.equal(answer.code, 'COPY_UNAVAILABLE');
    assert.equal(JSON.parse(answer.text).fields.reason, 'COPY_FOLDER_MISSING');
    renameSync(`${folder}-away`, folder);
  });

  it('is throttled for each device', async () => {
    const by = await signIn(app, practice, colleague);
    const answers = await Promise.all(Array.from({ length: 260 }, () => read([], { copy: 'ailleurs', by })));
    assert.ok(answers.some(({ code }) => code === 'THROTTLED'));
    assert.equal((await read([0])).status, 200);
  });
});

describe('a copy that is silent', () => {
  it('is given up within seconds, and keeps few waiting', async () => {
    const readings = new CopyReadings({
      places: () => [
        {
          kind: 's3',
          ...{ name: 'lent', endpoint: 'http://127.0.0.1:9', region: 'x', bucket: 'bucket', prefix: '' },
          ...{
            lockDays: 1,
            tailLockDays: 1,
            bytesPerSecond: null,
            credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
          },
        },
      ],
      clock: Date.now,
      sizeOf: () => 0,
      silenceMs: 300,
    });
    const startedAt = Date.now();
    await assert.rejects(readings.entries('aa'.repeat(32), 'lent', [0]), { code: 'COPY_UNAVAILABLE' });
    assert.ok(Date.now() - startedAt < 5_000);
    await readings.close();
  });
});
