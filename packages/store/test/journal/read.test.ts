import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseEntry } from '@serment/core/journal/entry';
import { verifyConsistency, verifyInclusion } from '@serment/core/journal/proof';
import { leafHash } from '@serment/core/journal/tree';
import type { SentEntry } from '@serment/core/wire/append';
import type { TestPractice } from '../../../core/test/journal/practice-fixture.ts';
import {
  readConsistencyProof,
  readEntries,
  readInclusionProof,
  readPayloads,
  readStream,
} from '../../src/journal/read.ts';
import { rejects } from '../rejects.ts';
import { catchUp, openTestVault, recordsDraft, sent, type TestVault } from '../test-vault.ts';

let vault: TestVault;
let practice: TestPractice;
const stream = new Uint8Array(16).fill(1);
const large = new Uint8Array(60_000).fill(2);
const count = 700;
before(async () => {
  vault = await openTestVault();
  practice = await vault.createPractice('read');
  // Crosses two full tiles; every tenth entry is in one stream, with a large payload.
  for (let from = 0; from < count; from += 100) {
    const seen = practice.head();
    const batch: SentEntry[] = [];
    let prev = practice.entries.at(-1)?.id ?? null;
    if (from === 0) prev = practice.state.authors.get(bytesToHex(practice.device.author))?.last ?? null;
    for (let place = from; place < from + 100; place += 1) {
      const isOwn = place % 10 === 0;
      const payload = isOwn ? large : new Uint8Array([place % 256]);
      const own = isOwn ? { stream } : {};
      const statement = await practice.statement(recordsDraft(practice, sha256(payload), { prev, seen, ...own }));
      prev = statement.id;
      batch.push(sent(statement, payload));
    }
    await vault.store.append(practice.practice, batch);
    await catchUp(vault.store, practice);
  }
});
after(() => vault.close());

describe('reading', () => {
  it('gives entries without gap, to the end and not beyond', async () => {
    const { database } = vault.store;
    const entries = await readEntries(database, practice.practice, { from: 250, limit: 4096 });
    assert.equal(entries.length, practice.size - 250);
    assert.deepEqual(entries[0], practice.entries[250]?.bytes);
    assert.deepEqual(await readEntries(database, practice.practice, { from: practice.size, limit: 10 }), []);
  });

  it('gives a stream page by page, about 4 MiB each', async () => {
    const { database } = vault.store;
    const first = await readStream(database, practice.practice, stream, { from: 0, limit: 4096 });
    assert.equal(first.payloads.length, Math.floor(4_194_304 / 60_000));
    const second = await readStream(database, practice.practice, stream, { from: first.next ?? -1, limit: 4096 });
    assert.equal(second.next, null);
    const indexes = [...first.payloads, ...second.payloads].map(({ index }) => index);
    const expected = practice.entries.flatMap(({ header }, index) =>
      Buffer.compare(header.stream, stream) === 0 ? [index] : [],
    );
    assert.deepEqual(indexes, expected);
    assert.deepEqual(first.payloads[0]?.payload, large);
  });

  it('honours the limit of a page', async () => {
    const { database } = vault.store;
    const page = await readStream(database, practice.practice, stream, { from: 0, limit: 3 });
    assert.equal(page.payloads.length, 3);
    assert.ok((page.next ?? 0) > (page.payloads[2]?.index ?? 0));
  });

  it('gives payloads in the order asked, null where there is none', async () => {
    const { database } = vault.store;
    const [second, first] = await readPayloads(database, practice.practice, [practice.size - 1, 0]);
    assert.deepEqual(second?.payload, new Uint8Array([(count - 1) % 256]));
    assert.equal(first?.payload, null);
    await rejects(readPayloads(database, practice.practice, [practice.size]), 'RANGE_INVALID');
  });

  it('proves every entry at many sizes', async () => {
    const { database } = vault.store;
    for (const size of [1, 2, 12, 255, 256, 257, 511, 512, 513, practice.size]) {
      const root = await rootAt(size);
      for (const index of [0, Math.floor(size / 2), size - 1]) {
        const proof = await readInclusionProof(database, practice.practice, index, size);
        const leaf = leafHash(practice.entries[index]?.bytes ?? new Uint8Array());
        assert.ok(verifyInclusion({ index, size, leaf, proof, root }), `${index} of ${size}`);
      }
    }
    await rejects(readInclusionProof(database, practice.practice, 5, 5), 'RANGE_INVALID');
    await rejects(readInclusionProof(database, practice.practice, 0, practice.size + 1), 'RANGE_INVALID');
  });

  it('proves that smaller trees begin larger ones', async () => {
    const { database } = vault.store;
    for (const [from, to] of [
      [1, 2],
      [12, 300],
      [255, 256],
      [256, 512],
      [300, 700],
      [512, practice.size],
      [7, 7],
    ] as const) {
      const proof = await readConsistencyProof(database, practice.practice, from, to);
      const [fromRoot, toRoot] = [await rootAt(from), await rootAt(to)];
      assert.ok(verifyConsistency({ from, to, fromRoot, toRoot, proof }), `${from} to ${to}`);
    }
    await rejects(readConsistencyProof(database, practice.practice, 9, 8), 'RANGE_INVALID');
  });

  it('says the same of the tree after a restart', async () => {
    const again = await vault.openAgain();
    const statement = await practice.statement(recordsDraft(practice, sha256(large)));
    const { size } = await again.append(practice.practice, [sent(statement, large)]);
    await catchUp(again, practice);
    assert.equal(size, practice.size);
    assert.deepEqual((await again.head(practice.practice))?.root, practice.root());
  });

  it('captures what it stores, entry by entry', async () => {
    const { capture } = vault.store;
    const name = bytesToHex(practice.practice);
    assert.ok((await capture.practices()).includes(name));
    let next = 250;
    for await (const { index, entry, payload, blobs } of capture.readRange(name, 250, 520)) {
      assert.equal(index, next);
      assert.deepEqual(entry, practice.entries[index]?.bytes);
      const hash = parseEntry(entry).payloadHash;
      assert.ok(payload !== null && hash !== null && Buffer.compare(sha256(payload), hash) === 0);
      assert.deepEqual(blobs, []);
      next += 1;
    }
    assert.equal(next, 520);
  });
});

/** From the mirror, which hashes by itself. */
async function rootAt(size: number) {
  const { Frontier } = await import('@serment/core/journal/tree');
  const frontier = new Frontier();
  for (const entry of practice.entries.slice(0, size)) frontier.append(entry.leaf);
  return frontier.root();
}
