import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { parseEntry } from '@serment/core/journal/entry';
import { JournalVerifier } from '@serment/core/journal/verifier';
import type { TestPractice } from '../../../core/test/journal/practice-fixture.ts';
import { withWrongSignature } from '../../../core/test/journal/practice-fixture.ts';
import { inPractice } from '../../src/database-scope.ts';
import { readEntries } from '../../src/journal/read.ts';
import { openDatabase } from '../../src/postgres/connect.ts';
import type { Store } from '../../src/store.ts';
import { rejects } from '../rejects.ts';
import {
  catchUp,
  makeTestPractice,
  mirror,
  openTestVault,
  recordsDraft,
  send,
  sent,
  type TestVault,
} from '../test-vault.ts';

let vault: TestVault;
let store: Store;
before(async () => {
  vault = await openTestVault();
  store = vault.store;
});
after(() => vault.close());

const payload = new Uint8Array(700).fill(7);
const payloadHash = sha256(payload);

describe('appending', () => {
  it('accepts a genesis batch and answers with receipts and a checkpoint of the host', async () => {
    const practice = await makeTestPractice('genesis', vault.hostKeys);
    const appended = await store.create(practice.entries.map((entry) => sent(entry)));
    assert.deepEqual(
      appended.receipts.map(({ index }) => index),
      practice.entries.map((_, index) => index),
    );
    const checkpoint = await verifyCheckpoint(appended.note, vault.hostKeys.signer.author);
    assert.equal(checkpoint.size, practice.size);
    assert.equal(bytesToHex(appended.practice), bytesToHex(practice.practice));
  });

  it('answers a genesis batch that is sent again with its first receipts', async () => {
    const practice = await makeTestPractice('genesis-twice', vault.hostKeys);
    const batch = practice.entries.map((entry) => sent(entry));
    const first = await store.create(batch);
    assert.deepEqual((await store.create(batch)).receipts, first.receipts);
  });

  it('refuses part of a genesis batch, and keeps nothing of it', async () => {
    const practice = await makeTestPractice('genesis-part', vault.hostKeys);
    const part = practice.entries.slice(0, -1).map((entry) => sent(entry));
    await rejects(store.create(part), 'GENESIS_INCOMPLETE');
    assert.equal(await store.head(practice.practice), null);
    await rejects(store.append(practice.practice, [sent(practice.entries[1]!)]), 'PRACTICE_UNKNOWN');
  });

  it('makes one journal that a verifier accepts', async () => {
    const practice = await vault.createPractice('verified');
    for (let count = 0; count < 5; count += 1)
      await send(store, practice, recordsDraft(practice, payloadHash), payload);
    await verified(store, practice.practice);
  });

  it('answers a statement that is sent again with its first place', async () => {
    const practice = await vault.createPractice('twice');
    const first = await send(store, practice, recordsDraft(practice, payloadHash), payload);
    await send(store, practice, recordsDraft(practice, payloadHash), payload);
    const again = await store.append(practice.practice, [sent(first.statement, payload)]);
    assert.deepEqual(again.receipts, first.receipts);
    assert.equal((await store.head(practice.practice))?.size, practice.size);
  });

  it('takes a statement sent many times at once in once', async () => {
    const practice = await vault.createPractice('at-once');
    const statement = await practice.statement(recordsDraft(practice, payloadHash));
    const copies = Array.from({ length: 20 }, () => store.append(practice.practice, [sent(statement, payload)]));
    const indexes = new Set((await Promise.all(copies)).map(({ receipts }) => receipts[0]?.index));
    assert.deepEqual([...indexes], [practice.size]);
    assert.equal((await store.head(practice.practice))?.size, practice.size + 1);
  });

  it('takes all entries of a request or none', async () => {
    const practice = await vault.createPractice('none');
    const good = await practice.statement(recordsDraft(practice, payloadHash));
    const bad = await practice.statement(recordsDraft(practice, payloadHash, { epoch: 9, prev: good.id }));
    const refusal = await rejects(
      store.append(practice.practice, [sent(good, payload), sent(bad, payload)]),
      'REFUSED',
    );
    assert.equal(refusal.fields.refusal, 'EPOCH_STALE');
    assert.equal(refusal.fields.position, 1);
    assert.equal((await store.head(practice.practice))?.size, practice.size);
    await store.append(practice.practice, [sent(good, payload)]);
  });

  it('does not let a bad request fail its neighbours', async () => {
    const { practice, devices } = await vault.createShared('neighbours', 6);
    const statements = await Promise.all(
      devices.map((signer, place) =>
        practice.statement(recordsDraft(practice, payloadHash, { signer, epoch: place % 2 === 0 ? 1 : 5 })),
      ),
    );
    const outcomes = await Promise.allSettled(
      statements.map((one) => store.append(practice.practice, [sent(one, payload)])),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      devices.map((_, place) => (place % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
    await verified(store, practice.practice);
  });

  it('keeps the order of each of eight writers at once', async () => {
    const { practice, devices } = await vault.createShared('eight', 8);
    const seen = practice.head();
    await Promise.all(
      devices.map(async (signer) => {
        let prev = practice.state.authors.get(bytesToHex(signer.author))?.last ?? null;
        for (let count = 0; count < 25; count += 1) {
          const statement = await practice.statement(recordsDraft(practice, payloadHash, { signer, prev, seen }));
          const { receipts } = await store.append(practice.practice, [sent(statement, payload)]);
          const stored = await readEntries(store.database, practice.practice, {
            from: receipts[0]?.index ?? -1,
            limit: 1,
          });
          assert.equal(bytesToHex(parseEntry(stored[0]!).id), bytesToHex(statement.id));
          prev = statement.id;
        }
      }),
    );
    assert.equal((await store.head(practice.practice))?.size, practice.size + 200);
    await verified(store, practice.practice);
  });

  it('never lets the time of reception decrease, whatever the clock says', async () => {
    let now = 2_000_000_000_000;
    const other = await vault.openFresh({ clock: () => now });
    const practice = await vault.createPractice('clock', other);
    now -= 5_000_000;
    const { receipts } = await send(other, practice, recordsDraft(practice, payloadHash), payload);
    assert.equal(receipts[0]?.receivedAt, 2_000_000_000_000);
    await verified(other, practice.practice);
  });
});

describe('refusing', () => {
  let practice: TestPractice;
  before(async () => {
    practice = await vault.createPractice('refusing');
    await send(store, practice, recordsDraft(practice, payloadHash), payload);
  });
  const refusalOf = async (draft: Parameters<TestPractice['statement']>[0]) => {
    const statement = await practice.statement(draft);
    return (await rejects(store.append(practice.practice, [sent(statement, payload)]), 'REFUSED')).fields.refusal;
  };

  it('names the refusal of a stale previous entry', async () => {
    assert.equal(await refusalOf(recordsDraft(practice, payloadHash, { prev: sha256(payload) })), 'PREV_STALE');
  });

  it('names the refusal of a base that binds and is stale', async () => {
    const body = { kind: 'records', binding: true } as const;
    const stream = new Uint8Array(16).fill(9);
    await send(store, practice, recordsDraft(practice, payloadHash, { stream, body }), payload);
    assert.equal(await refusalOf(recordsDraft(practice, payloadHash, { stream, body, base: null })), 'BASE_STALE');
    await send(store, practice, recordsDraft(practice, payloadHash, { stream, body }), payload);
  });

  it('accepts two entries that bind in one request, the second on the first', async () => {
    const body = { kind: 'records', binding: true } as const;
    const stream = new Uint8Array(16).fill(10);
    const first = await practice.statement(recordsDraft(practice, payloadHash, { stream, body }));
    const second = await practice.statement(
      recordsDraft(practice, payloadHash, { stream, body, base: first.id, prev: first.id }),
    );
    await store.append(practice.practice, [sent(first, payload), sent(second, payload)]);
    await catchUp(store, practice);
  });

  it('refuses records of one compartment in a stream of another, also after a restart', async () => {
    const stream = new Uint8Array(16).fill(77);
    await send(store, practice, recordsDraft(practice, payloadHash, { stream, compartment: 'clinical' }), payload);
    const foreign = recordsDraft(practice, payloadHash, { stream, compartment: 'admin' });
    assert.equal(await refusalOf(foreign), 'STREAM_FORBIDDEN');
    const foreignStatement = await practice.statement(foreign);
    const again = await vault.openAgain();
    const refused = await rejects(again.append(practice.practice, [sent(foreignStatement, payload)]), 'REFUSED');
    assert.equal(refused.fields.refusal, 'STREAM_FORBIDDEN');
  });

  it('refuses two compartments in one new stream, within one request', async () => {
    const stream = new Uint8Array(16).fill(78);
    const first = await practice.statement(recordsDraft(practice, payloadHash, { stream }));
    const more = { stream, compartment: 'clinical', base: first.id, prev: first.id };
    const second = await practice.statement(recordsDraft(practice, payloadHash, more));
    const both = [sent(first, payload), sent(second, payload)];
    const { fields } = await rejects(store.append(practice.practice, both), 'REFUSED');
    assert.deepEqual([fields.refusal, fields.position], ['STREAM_FORBIDDEN', 1]);
  });

  it('refuses a checkpoint that is not yet, and one of another history', async () => {
    const ahead = { size: practice.size + 1, root: sha256(payload) };
    assert.equal(await refusalOf(recordsDraft(practice, payloadHash, { seen: ahead })), 'SEEN_AHEAD');
    const forked = { size: practice.size - 1, root: sha256(payload) };
    const statement = await practice.statement(recordsDraft(practice, payloadHash, { seen: forked }));
    await rejects(store.append(practice.practice, [sent(statement, payload)]), 'SEEN_FORK');
  });

  it('refuses a signature that is not the author’s', async () => {
    const statement = withWrongSignature(await practice.statement(recordsDraft(practice, payloadHash)));
    const error = await rejects(store.append(practice.practice, [sent(statement, payload)]), 'SIGNATURE_INVALID');
    assert.equal(error.fields.position, 0);
  });

  it('refuses a payload that was not signed, and one where none was', async () => {
    const statement = await practice.statement(recordsDraft(practice, payloadHash));
    await rejects(store.append(practice.practice, [sent(statement, new Uint8Array(700))]), 'PAYLOAD_MISMATCH');
    const governance = await practice.statement({ signer: practice.device, body: practice.epochBody('clinical') });
    await rejects(store.append(practice.practice, [sent(governance, payload)]), 'PAYLOAD_MISMATCH');
  });

  it('refuses a payload or a document that is nowhere', async () => {
    const absent = await practice.statement(recordsDraft(practice, sha256(sha256(payload))));
    await rejects(store.append(practice.practice, [sent(absent)]), 'BLOB_MISSING');
    const blobs = [{ hash: sha256(payload, payload), size: 12 }];
    const document = await practice.statement(recordsDraft(practice, payloadHash, { blobs }));
    await rejects(store.append(practice.practice, [sent(document, payload)]), 'BLOB_MISSING');
  });

  it('refuses an entry of another practice', async () => {
    const other = await vault.createPractice('another');
    const statement = await other.statement(recordsDraft(other, payloadHash));
    const error = await rejects(store.append(practice.practice, [sent(statement, payload)]), 'REFUSED');
    assert.equal(error.fields.refusal, 'PRACTICE_MISMATCH');
  });

  it('refuses what is no statement, and says at which position', async () => {
    const good = await practice.statement(recordsDraft(practice, payloadHash));
    const bad = { statement: new Uint8Array([0x83, 0, 0, 0]), payload: null };
    const error = await rejects(store.append(practice.practice, [sent(good, payload), bad]), 'ENTRY_INVALID');
    assert.equal(error.fields.position, 1);
  });

  it('refuses an author once it is revoked', async () => {
    const { practice: own, devices } = await vault.createShared('revoked', 2);
    const device = devices[1];
    await send(store, own, { signer: own.device, body: own.revokeBody(device!.author) });
    const statement = await own.statement(recordsDraft(own, payloadHash, { signer: device! }));
    const error = await rejects(store.append(own.practice, [sent(statement, payload)]), 'REFUSED');
    assert.equal(error.fields.refusal, 'AUTHOR_REVOKED');
  });
});

describe('two servers on one database', () => {
  it('both know within a second who was revoked, whatever news were lost', async () => {
    const { practice: own, devices } = await vault.createShared('unheard', 2);
    const device = devices[1];
    assert.ok(device);
    const other = await vault.openAgain({ isShared: true });
    const revokedAt = async () =>
      (await other.governance(own.practice))?.authors.get(bytesToHex(device.author))?.revokedAt;
    assert.equal(await revokedAt(), null);
    // This store tells nobody: as if every notification was lost.
    const revoke = await own.statement({ signer: own.device, body: own.revokeBody(device.author) });
    await store.append(own.practice, [sent(revoke)]);
    await setTimeout(1100);
    assert.equal(typeof (await revokedAt()), 'number');
  });

  it('hear again of what they missed once they listen again', async () => {
    const own = await vault.createPractice('relisten');
    const other = await vault.openAgain({ isShared: true });
    await other.governance(own.practice);
    const heard = new Promise<number>((resolve) => {
      other.onCheckpoint((news) => {
        if (bytesToHex(news.practice) === bytesToHex(own.practice) && news.size > own.size) resolve(news.size);
      });
    });
    const owner = openDatabase({ url: vault.postgres.url, maxConnections: 1 });
    await send(store, await mirror(store, own.practice, own), recordsDraft(own, payloadHash), payload);
    await owner`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen%'`;
    await owner.end();
    assert.equal(await heard, own.size + 1);
  });
});

describe('going on', () => {
  it('opens again with the same state, from the saved projection, without it, and from one that lies', async () => {
    const practice = await vault.createPractice('again');
    for (let count = 0; count < 3; count += 1)
      await send(store, practice, recordsDraft(practice, payloadHash), payload);
    const first = await vault.openAgain();
    await send(first, practice, recordsDraft(practice, payloadHash), payload);
    await first.close();
    const id = practice.practice;
    const second = await vault.openAgain();
    await send(second, practice, recordsDraft(practice, payloadHash), payload);
    await inPractice(
      second.database,
      id,
      (sql) => sql`UPDATE serment.governance SET root = sha256('x') WHERE practice = ${id}`,
    );
    await second.close();
    const third = await vault.openAgain();
    await inPractice(third.database, id, (sql) => sql`DELETE FROM serment.governance WHERE practice = ${id}`);
    await send(third, practice, recordsDraft(practice, payloadHash), payload);
    await verified(third, id);
  });

  it('lets two servers append to one practice, neither losing what it acknowledged', async () => {
    const { practice, devices } = await vault.createShared('two-servers', 4);
    const other = await vault.openAgain({ isShared: true });
    const seen = practice.head();
    const acknowledged = await Promise.all(
      devices.map(async (signer, place) => {
        let prev = practice.state.authors.get(bytesToHex(signer.author))?.last ?? null;
        const ids: string[] = [];
        for (let count = 0; count < 12; count += 1) {
          const statement = await practice.statement(recordsDraft(practice, payloadHash, { signer, prev, seen }));
          const target = (place + count) % 2 === 0 ? store : other;
          await target.append(practice.practice, [sent(statement, payload)]);
          ids.push(bytesToHex(statement.id));
          prev = statement.id;
        }
        return ids;
      }),
    );
    const before = practice.size;
    await catchUp(store, practice);
    const stored = new Set(practice.entries.slice(before).map(({ id }) => bytesToHex(id)));
    assert.deepEqual(stored, new Set(acknowledged.flat()));
    await verified(other, practice.practice);
  });

  it('stores a large payload as a blob, before its entry', async () => {
    const practice = await vault.createPractice('large');
    const large = new Uint8Array(200_000).fill(3);
    await send(store, practice, recordsDraft(practice, sha256(large)), large);
    assert.equal(await store.uploads.size(practice.practice, sha256(large)), 200_000);
  });

  it('refuses to go on from entries that do not make the root', async () => {
    const practice = await vault.createPractice('damaged');
    const id = practice.practice;
    await inPractice(
      store.database,
      id,
      (sql) => sql`UPDATE serment.practices SET root = sha256('x') WHERE practice = ${id}`,
    );
    const again = await vault.openAgain();
    const statement = await practice.statement(recordsDraft(practice, payloadHash));
    await rejects(again.append(id, [sent(statement, payload)]), 'JOURNAL_DAMAGED');
  });
});

async function verified(on: Store, practice: Bytes): Promise<void> {
  const verifier = JournalVerifier.start(practice);
  const head = await on.head(practice);
  for (let from = 0; from < (head?.size ?? 0); ) {
    const entries = await readEntries(on.database, practice, { from, limit: 100 });
    from += entries.length;
    await verifier.addMany(entries);
  }
  const checkpoint = await on.checkpoint(practice);
  await verifier.checkpoint(checkpoint?.note ?? '');
  assert.deepEqual(verifier.findings, []);
}
