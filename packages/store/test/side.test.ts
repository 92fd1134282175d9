import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { sha256 } from '@serment/core/hash';
import { maxDrafts } from '@serment/core/wire/draft';
import { sessionMessage } from '@serment/core/wire/session';
import type { TestPractice } from '../../core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../core/test/journal/signer.ts';
import { inPractice } from '../src/database-scope.ts';
import { listDrafts, readDraft, writeDraft } from '../src/drafts.ts';
import { exportHostKeys, loadHostKeys, loadOrCreateHostKeys } from '../src/host-keys.ts';
import type { Store } from '../src/store.ts';
import { rejects } from './rejects.ts';
import { makeOpaqueSetup, openTestVault, type TestVault } from './test-vault.ts';

let vault: TestVault;
let store: Store;
let practice: TestPractice;
let now = 1_900_000_000_000;
before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  practice = await vault.createPractice('side', store);
});
after(() => vault.close());

describe('drafts', () => {
  const slot = new Uint8Array(16).fill(4);
  const holds = (compartment: string): boolean => compartment === 'clinical';
  const me = { member: new Uint8Array(16).fill(1), holds };
  const neighbour = { member: new Uint8Array(16).fill(2), holds };
  const draftOf = (revision: number, compartment = 'clinical') =>
    encodeCanonical([1, compartment, 1, revision, new Uint8Array(70)]);
  const write = (replaced: number, { who = me, at = slot, compartment = 'clinical', mayBegin = true } = {}) =>
    writeDraft(store.database, practice.practice, at, {
      ...{ replaced, compartment, updated: now, mayBegin, draft: draftOf(replaced + 1, compartment) },
      ...who,
    });

  it('replace the revision that they name and no other', async () => {
    const { database } = store;
    await write(0);
    await rejects(write(0), 'DRAFT_STALE');
    await write(1);
    await rejects(write(1), 'DRAFT_STALE');
    await rejects(write(7), 'DRAFT_STALE');
    await rejects(write(3, { at: new Uint8Array(16).fill(9) }), 'DRAFT_STALE');
    assert.deepEqual(await listDrafts(database, practice.practice, me), [{ slot, revision: 2, updated: now }]);
    assert.deepEqual(await readDraft(database, practice.practice, slot, me), draftOf(2));
  });

  it('are written once when two write at the same time', async () => {
    const twice = new Uint8Array(16).fill(5);
    const both = await Promise.allSettled([1, 2].map(() => write(0, { at: twice })));
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('are of the member who began the slot, and of a compartment that the member holds', async () => {
    const { database } = store;
    await rejects(write(2, { who: neighbour }), 'DRAFT_FORBIDDEN');
    await rejects(write(2, { compartment: 'billing' }), 'DRAFT_FORBIDDEN');
    assert.equal(await readDraft(database, practice.practice, slot, neighbour), null);
    assert.deepEqual(await listDrafts(database, practice.practice, neighbour), []);
    assert.deepEqual(await readDraft(database, practice.practice, slot, me), draftOf(2));
  });

  it('are written in the member’s place only where one stands, and stay the member’s', async () => {
    const { database } = store;
    const began = new Uint8Array(16).fill(10);
    await rejects(write(0, { at: began, mayBegin: false }), 'DRAFT_STALE');
    await write(0, { at: began });
    await rejects(write(0, { at: began, mayBegin: false }), 'DRAFT_STALE');
    await write(1, { at: began, mayBegin: false });
    assert.deepEqual(await readDraft(database, practice.practice, began, me), draftOf(2));
    assert.equal(await readDraft(database, practice.practice, began, neighbour), null);
  });

  it('come back from a restoration without a member, for whoever holds their compartment', async () => {
    const { database } = store;
    const restored = new Uint8Array(16).fill(6);
    const [orphan, emptied] = [draftOf(4), null];
    await inPractice(database, practice.practice, async (sql) => {
      for (const [at, draft] of [
        [restored, orphan],
        [new Uint8Array(16).fill(7), emptied],
      ] as const)
        await sql`
          INSERT INTO serment.drafts (practice, slot, revision, draft, updated)
          VALUES (${practice.practice}, ${at}, 4, ${draft}, ${now})`;
    });
    assert.deepEqual(await readDraft(database, practice.practice, restored, neighbour), orphan);
    const desk = { member: neighbour.member, holds: (compartment: string): boolean => compartment === 'admin' };
    await rejects(write(4, { who: desk, at: restored, compartment: 'admin' }), 'DRAFT_FORBIDDEN');
    await write(4, { at: restored });
    assert.equal(await readDraft(database, practice.practice, restored, neighbour), null);
    // A slot that was emptied goes on from the revision at which it was.
    await rejects(write(0, { at: new Uint8Array(16).fill(7) }), 'DRAFT_STALE');
    await write(4, { at: new Uint8Array(16).fill(7) });
  });

  it('are so many for each member, and one member’s take no room of another’s', async () => {
    const { database } = store;
    const who = { member: new Uint8Array(16).fill(3), holds };
    await inPractice(
      database,
      practice.practice,
      (sql) => sql`
        INSERT INTO serment.drafts (practice, slot, revision, draft, updated, member)
        SELECT ${practice.practice}, decode(lpad(to_hex(number), 32, '0'), 'hex'), 1, ${draftOf(1)}, ${now}, ${who.member}
        FROM generate_series(1, ${maxDrafts}) AS number`,
    );
    await rejects(write(0, { who, at: new Uint8Array(16).fill(8) }), 'DRAFTS_TOO_MANY');
    await write(0, { at: new Uint8Array(16).fill(8) });
    assert.equal((await listDrafts(database, practice.practice, who)).length, maxDrafts);
  });
});

describe('sessions', () => {
  const open = async (
    nonce = store.sessions.challenge({ practice: practice.practice, author: practice.device.author }).nonce,
  ) => {
    const request = { practice: practice.practice, author: practice.device.author };
    const signature = await practice.device.sign(sessionMessage(request, nonce));
    return store.sessions.open({ ...request, nonce, signature });
  };

  it('open on a signed nonce, once', async () => {
    const { nonce } = store.sessions.challenge({ practice: practice.practice, author: practice.device.author });
    const session = await open(nonce);
    assert.deepEqual((await store.sessions.find(session.token))?.author, practice.device.author);
    await rejects(open(nonce), 'CHALLENGE_INVALID');
  });

  it('do not open on a nonce that is late, foreign, or not signed', async () => {
    const { nonce } = store.sessions.challenge({ practice: practice.practice, author: practice.device.author });
    now += 60_001;
    await rejects(open(nonce), 'CHALLENGE_INVALID');
    await rejects(open(new Uint8Array(32)), 'CHALLENGE_INVALID');
    const forKit = store.sessions.challenge({ practice: practice.practice, author: practice.kit.author });
    await rejects(open(forKit.nonce), 'CHALLENGE_INVALID');
    const own = store.sessions.challenge({ practice: practice.practice, author: practice.device.author });
    const request = { practice: practice.practice, author: practice.device.author, nonce: own.nonce };
    await rejects(store.sessions.open({ ...request, signature: new Uint8Array(64) }), 'CHALLENGE_INVALID');
  });

  it('end when they are ended, also elsewhere, and after 12 hours; their nonce does not serve again', async () => {
    const { nonce } = store.sessions.challenge({ practice: practice.practice, author: practice.device.author });
    const { token } = await open(nonce);
    await store.sessions.end(practice.practice, token);
    assert.equal(await store.sessions.find(token), null);
    await store.sweep();
    await rejects(open(nonce), 'CHALLENGE_INVALID');
    const late = await open();
    now += 12 * 3_600_000 + 1;
    assert.equal(await store.sessions.find(late.token), null);
    await store.sweep();
  });

  describe('that a member has open', () => {
    const openAs = async (signer: TestSigner) => {
      const request = { practice: practice.practice, author: signer.author };
      const { nonce } = store.sessions.challenge(request);
      return store.sessions.open({ ...request, nonce, signature: await signer.sign(sessionMessage(request, nonce)) });
    };
    const own = () => ({ practice: practice.practice, authors: [practice.device.author] });
    const nameOf = ({ token }: { token: Bytes }) => sha256(token);

    it('are told, used last first, with since when, and no other’s', async () => {
      await store.sessions.close(own(), { allBut: new Uint8Array(32) });
      const first = await openAs(practice.device);
      const openedAt = now;
      now += 120_000;
      const second = await openAs(practice.device);
      const kit = await openAs(practice.kit);
      now += 1000;
      await store.sessions.find(first.token);
      const told = await store.sessions.list(own(), first.token);
      const author = practice.device.author;
      assert.deepEqual(told, [
        { session: nameOf(first), author, opened: openedAt, used: now, isThis: true },
        { session: nameOf(second), author, opened: now - 1000, used: now - 1000, isThis: false },
      ]);
      const others = { practice: practice.practice, authors: [practice.kit.author] };
      assert.deepEqual(
        (await store.sessions.list(others, first.token)).map(({ session }) => session),
        [nameOf(kit)],
      );
      assert.deepEqual(await store.sessions.list({ ...own(), authors: [] }, first.token), []);
      const elsewhere = await vault.createPractice('sessions elsewhere');
      assert.deepEqual(await store.sessions.list({ ...own(), practice: elsewhere.practice }, first.token), []);
    });

    it('are closed one by one, once, and whoever comes back is told for a week', async () => {
      const [first, second] = [await openAs(practice.device), await openAs(practice.device)];
      await store.sessions.find(first.token);
      const others = { practice: practice.practice, authors: [practice.kit.author] };
      assert.deepEqual(await store.sessions.close(others, { session: nameOf(first) }), []);
      assert.deepEqual(await store.sessions.close(own(), { session: new Uint8Array(32) }), []);
      assert.ok(await store.sessions.find(first.token));
      assert.deepEqual(await store.sessions.close(own(), { session: nameOf(first) }), [practice.device.author]);
      await rejects(store.sessions.find(first.token), 'SESSION_CLOSED');
      assert.deepEqual(await store.sessions.close(own(), { session: nameOf(first) }), []);
      assert.ok(await store.sessions.find(second.token));
      const left = await store.sessions.list(own(), second.token);
      assert.ok(!left.some(({ session }) => bytesToHex(session) === bytesToHex(nameOf(first))));
      now += 6 * 24 * 3_600_000;
      await store.sweep();
      await rejects(store.sessions.find(first.token), 'SESSION_CLOSED');
      now += 24 * 3_600_000 + 1;
      assert.equal(await store.sessions.find(first.token), null);
      await store.sweep();
      assert.equal(await store.sessions.find(first.token), null);
    });

    it('are closed all but one, those that were long not used too, and no ended one', async () => {
      const asleep = await openAs(practice.device);
      const ended = await openAs(practice.device);
      await store.sessions.end(practice.practice, ended.token);
      now += 31 * 60_000;
      const [current, kit] = [await openAs(practice.device), await openAs(practice.kit)];
      assert.equal((await store.sessions.close(own(), { allBut: current.token })).length, 1);
      await rejects(store.sessions.find(asleep.token), 'SESSION_CLOSED');
      assert.equal(await store.sessions.find(ended.token), null);
      assert.ok(await store.sessions.find(current.token));
      assert.ok(await store.sessions.find(kit.token));
      assert.equal((await store.sessions.close(own(), { allBut: current.token })).length, 0);
    });

    it('end after half an hour without use, and go on as long as they are used', async () => {
      const [used, left] = [await openAs(practice.device), await openAs(practice.device)];
      for (let minutes = 0; minutes < 40; minutes += 10) {
        now += 10 * 60_000;
        assert.ok(await store.sessions.find(used.token));
      }
      const again = await vault.openAgain({ clock: () => now });
      assert.ok(await again.sessions.find(used.token));
      assert.equal(await again.sessions.find(left.token), null);
      assert.equal(await store.sessions.find(left.token), null);
      assert.equal((await again.sessions.list(own(), used.token)).length, 1);
    });

    it('are closed for every instance within a second', async () => {
      const other = await vault.openAgain({ clock: () => now, isShared: true });
      const { token } = await openAs(practice.device);
      assert.ok(await other.sessions.find(token));
      await store.sessions.close(own(), { session: sha256(token) });
      now += 1000;
      await rejects(other.sessions.find(token), 'SESSION_CLOSED');
      const next = await openAs(practice.device);
      assert.ok(await other.sessions.find(next.token));
      await store.sessions.close(own(), { session: sha256(next.token) });
      other.sessions.recheck(practice.practice);
      await rejects(other.sessions.find(next.token), 'SESSION_CLOSED');
    });
  });

  it('are kept as hashes', async () => {
    const { token } = await open();
    const owner = (await import('../src/postgres/connect.ts')).openDatabase({
      url: vault.postgres.url,
      maxConnections: 1,
    });
    const rows = await owner`SELECT token_hash FROM serment.sessions`;
    await owner.end();
    assert.ok(rows.length > 0);
    assert.ok(rows.every((row) => bytesToHex(row.token_hash) !== bytesToHex(token)));
  });
});

describe('host keys', () => {
  it('are made once, for their owner alone, and are the same afterwards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serment-keys-'));
    try {
      const path = join(folder, 'below', 'host.key');
      await rejects(loadHostKeys(path), 'HOST_KEY_MISSING');
      const [first, second] = await Promise.all([
        loadOrCreateHostKeys(path, makeOpaqueSetup),
        loadOrCreateHostKeys(path, makeOpaqueSetup),
      ]);
      assert.deepEqual(first.signer.author, second.signer.author);
      assert.equal(first.recipient, second.recipient);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      const out = join(folder, 'elsewhere', 'kept.key');
      await exportHostKeys(path, out);
      await exportHostKeys(path, out);
      assert.equal(await readFile(out, 'utf8'), await readFile(path, 'utf8'));
      await loadOrCreateHostKeys(join(folder, 'other.key'), makeOpaqueSetup);
      await rejects(exportHostKeys(join(folder, 'other.key'), out), 'HOST_KEY_INVALID');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are refused from a file that is something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serment-keys-'));
    try {
      const path = join(folder, 'host.key');
      for (const text of ['', 'null', '{}', '{"format":"serment host key 2"}', 'é\u0000']) {
        await writeFile(path, text);
        await rejects(loadOrCreateHostKeys(path, makeOpaqueSetup), 'HOST_KEY_INVALID');
        assert.equal(await readFile(path, 'utf8'), text);
      }
      await chmod(path, 0o600);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
