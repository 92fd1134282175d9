import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import type { FetchedItem } from '@serment/core/journal/body';
import { leafHash } from '@serment/core/journal/tree';
import { seedSigner } from '@serment/core/signature';
import type { TestPractice } from '../../../core/test/journal/practice-fixture.ts';
import { createRestoreSink } from '../../src/restore-into.ts';
import { openStore } from '../../src/store.ts';
import { rejects } from '../rejects.ts';
import { catchUp, mirror, openTestVault, sent, type TestVault } from '../test-vault.ts';

let vault: TestVault;
before(async () => {
  vault = await openTestVault();
});
after(() => vault.close());

const item = (from: number): FetchedItem => ({ what: 'entries', id: null, from, count: 1 });

describe('tracing what is read', () => {
  it('writes the reader and what was read before it answers', async () => {
    const practice = await vault.createPractice('trace');
    await vault.store.traceFetch(practice.practice, practice.device.author, [item(3)]);
    await catchUp(vault.store, practice);
    const body = practice.entries.at(-1)?.header.body;
    assert.deepEqual(body, { kind: 'fetch', reader: practice.device.author, items: [item(3)] });
  });

  it('shares entries between readings that come together, one for each reader', async () => {
    const { practice, devices } = await vault.createShared('share', 2);
    const from = practice.size;
    const readings = Array.from({ length: 100 }, (_, place) => {
      const reader = devices[place % 2]?.author ?? new Uint8Array(32);
      return vault.store.traceFetch(practice.practice, reader, [item(place % 7)]);
    });
    await Promise.all(readings);
    await catchUp(vault.store, practice);
    const fetches = practice.entries.slice(from).map(({ header }) => header.body);
    assert.ok(fetches.length <= 4, `${fetches.length} entries`);
    const items = fetches.flatMap((body) => (body.kind === 'fetch' ? body.items : []));
    assert.equal(items.length, 100);
  });

  it('splits a reading of many ranges over entries of the right size', async () => {
    const practice = await vault.createPractice('many');
    const from = practice.size;
    const items = Array.from({ length: 1500 }, (_, place) => item(place * 2));
    await vault.store.traceFetch(practice.practice, practice.device.author, items);
    await catchUp(vault.store, practice);
    const bodies = practice.entries.slice(from).map(({ header }) => header.body);
    assert.deepEqual(
      bodies.flatMap((body) => (body.kind === 'fetch' ? body.items : [])),
      items,
    );
  });
});

describe('a restored vault', () => {
  it('takes nothing but its acknowledgement, keeps traces aside, and writes them after it', async () => {
    const { store, practice } = await restored('acknowledged');
    const id = practice.practice;
    const status = await store.status(id);
    assert.equal(status.fence, 2);
    assert.deepEqual(status.restored?.root, practice.root());

    const records = await practice.statement({ signer: practice.device, body: practice.epochBody('clinical') });
    await rejects(store.append(id, [sent(records)]), 'VAULT_RESTORED');
    await store.traceFetch(id, practice.device.author, [item(1)]);
    assert.equal((await store.head(id))?.size, practice.size);

    const wrong = { kind: 'restore-ack', fence: 3, ...practice.head() } as const;
    const refused = await practice.statement({ signer: practice.device, body: wrong });
    assert.equal((await rejects(store.append(id, [sent(refused)]), 'REFUSED')).fields.refusal, 'FENCE_STALE');

    const body = { kind: 'restore-ack', fence: 2, ...practice.head() } as const;
    const { note } = await store.append(id, [sent(await practice.statement({ signer: practice.device, body }))]);
    assert.match(note, new RegExp(`^serment/${bytesToHex(id)}/2\n`));
    await catchUp(store, practice);
    assert.deepEqual(
      practice.entries.slice(-2).map(({ header }) => header.kind),
      ['restore-ack', 'fetch'],
    );
    assert.equal((await store.status(id)).restored, null);
  });

  it('names its new host and is acknowledged in one request', async () => {
    const { store, practice } = await restored('moved', true);
    const id = practice.practice;
    await store.traceFetch(id, practice.device.author, [item(1)]);
    const hostAuthor = store.hostKeys.signer.author;
    const host = await practice.statement({ signer: practice.device, body: { kind: 'host', hostAuthor } });
    const ack = await practice.statement({
      signer: practice.device,
      body: { kind: 'restore-ack', fence: 2, ...practice.head() },
      prev: host.id,
      base: host.id,
    });
    await rejects(store.append(id, [sent(host)]), 'VAULT_RESTORED');
    await store.append(id, [sent(host), sent(ack)]);
    await catchUp(store, practice);
    assert.deepEqual(
      practice.entries.slice(-3).map(({ header }) => header.kind),
      ['host', 'restore-ack', 'fetch'],
    );
  });

  it('refuses to write over a practice that it knows', async () => {
    const { store, practice } = await restored('known');
    const sink = createRestoreSink({ ...store, owner: null, openAccounts: null });
    await rejects(sink.begin(bytesToHex(practice.practice), { fence: 3 }), 'RESTORE_TARGET_NOT_EMPTY');
  });
});

/** A practice made in the vault and brought back into a fresh database, under fence 2. */
async function restored(
  name: string,
  withNewHost = false,
): Promise<{ store: typeof vault.store; practice: TestPractice }> {
  const origin = await vault.createPractice(name);
  const fresh = await vault.openFresh();
  const store = withNewHost ? await underNewHost(fresh) : fresh;
  const practiceName = bytesToHex(origin.practice);
  const sink = createRestoreSink({ ...store, owner: null, openAccounts: null });
  await sink.begin(practiceName, { fence: 2 });
  const entries = origin.entries.map(({ bytes }, index) => ({
    ...{ index, entry: bytes, payload: null },
    ...{ place: readEntryPlace(bytes), leaf: leafHash(bytes) },
  }));
  await sink.append(practiceName, entries.slice(0, 5));
  await sink.append(practiceName, entries.slice(5));
  await sink.drafts(practiceName, [{ slot: '00'.repeat(16), revision: 4, draft: new Uint8Array([1]) }]);
  await sink.accounts({ sequence: 12, sealed: new Uint8Array() });
  await rejects(sink.finish(practiceName, { size: 3, root: origin.root(), fence: 2 }), 'RESTORE_ROOT_MISMATCH');
  await sink.finish(practiceName, { size: origin.size, root: origin.root(), fence: 2 });
  const back: Uint8Array[] = [];
  for await (const { entry } of sink.readBack(practiceName)) back.push(entry);
  assert.deepEqual(
    back,
    origin.entries.map(({ bytes }) => bytes),
  );
  await sink.close();
  return { store, practice: await mirror(store, origin.practice, origin) };
}

async function underNewHost(store: typeof vault.store): Promise<typeof vault.store> {
  const hostKeys = { ...vault.hostKeys, signer: await seedSigner(new Uint8Array(32).fill(5)) };
  const [row] = await store.database`SELECT current_database() AS name`;
  const databaseUrl = vault.postgres.url.replace('/postgres?', `/${row?.name}?`);
  const other = await openStore({ databaseUrl, blobs: store.blobs, hostKeys });
  vault.adopt(other);
  return other;
}
