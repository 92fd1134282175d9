import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesToHex } from '../../src/bytes.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { encodeGovernance } from '../../src/journal/governance.ts';
import { type NumberedEntry, replayGovernance } from '../../src/journal/governance-replay.ts';
import { governanceStream } from '../../src/journal/header.ts';
import { StreamHeads } from '../../src/journal/stream-heads.ts';
import { Frontier } from '../../src/journal/tree.ts';
import { JournalVerifier } from '../../src/journal/verifier.ts';
import { makePractice, type TestPractice } from './practice-fixture.ts';

/** Records between two additions to governance, the last of them a revocation, and entries after. */
async function grown(): Promise<TestPractice> {
  const practice = await makePractice({ wrapBytes: 24 });
  for (let count = 0; count < 100; count += 1) await practice.appendRecords();
  const { device } = await practice.addMember('doctor', ['admin', 'clinical']);
  for (let count = 0; count < 100; count += 1) await practice.appendRecords({ signer: device });
  await practice.append({ signer: practice.device, body: practice.revokeBody(device.author) });
  for (let count = 0; count < 100; count += 1) await practice.appendRecords();
  return practice;
}

const isGovernance = ({ header }: Entry) => bytesToHex(header.stream) === bytesToHex(governanceStream);

function governed(practice: TestPractice, size: number): NumberedEntry[] {
  const numbered = practice.entries.slice(0, size).map((entry, index) => ({ index, entry }));
  return numbered.filter(({ entry }) => isGovernance(entry));
}

async function readTo(practice: TestPractice, size: number): Promise<JournalVerifier> {
  const verifier = JournalVerifier.start(practice.practice);
  await verifier.addMany(practice.entries.slice(0, size).map(({ bytes }) => bytes));
  return verifier;
}

describe('the governance stream read alone', () => {
  test('gives the state that all entries give, but for what its authors wrote elsewhere', async () => {
    const practice = await grown();
    for (const size of [12, 100, 118, 256, practice.size]) {
      const alone = await replayGovernance(practice.practice, governed(practice, size), size);
      const { governance } = await readTo(practice, size);
      assert.ok(alone);
      for (const [name, author] of governance.authors) {
        const known = alone.authors.get(name);
        assert.ok(known);
        assert.equal(known.last, null);
        alone.authors.set(name, { ...known, last: author.last });
      }
      assert.equal(bytesToHex(encodeGovernance(alone)), bytesToHex(encodeGovernance(governance)));
    }
  });

  test('gives nothing when any entry but the last is left out, comes twice or in another order', async () => {
    const practice = await grown();
    const entries = governed(practice, practice.size);
    const replay = (changed: readonly NumberedEntry[]) => replayGovernance(practice.practice, changed, practice.size);
    for (let place = 0; place < entries.length - 1; place += 1) {
      assert.equal(await replay(entries.toSpliced(place, 1)), null, `without ${place}`);
      const [one, next] = entries.slice(place, place + 2);
      if (one && next) assert.equal(await replay(entries.toSpliced(place, 2, next, one)), null, `${place} exchanged`);
      if (one) assert.equal(await replay(entries.toSpliced(place, 0, one)), null, `${place} twice`);
    }
  });

  test('gives nothing for another practice, a wrong signature, or an entry of another stream', async () => {
    const practice = await grown();
    const entries = governed(practice, practice.size);
    assert.equal(await replayGovernance(new Uint8Array(32), entries, practice.size), null);
    const wrong = entries.map(({ index, entry }, place) => {
      const signature = new Uint8Array(entry.signature);
      if (place === 5) signature[3] = (signature[3] ?? 0) ^ 1;
      return { index, entry: { ...entry, signature } };
    });
    assert.equal(await replayGovernance(practice.practice, wrong, practice.size), null);
    const index = practice.size - 1;
    const record = practice.entries[index];
    assert.ok(record);
    assert.equal(
      await replayGovernance(practice.practice, [...entries, { index, entry: record }], practice.size),
      null,
    );
  });

  test('gives nothing after a revoke that names an older base: one could be left out before it', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    await practice.appendRecords();
    const base = practice.headOf(governanceStream);
    const { device } = await practice.addMember('doctor', ['admin']);
    await practice.append({ signer: practice.device, body: practice.revokeBody(device.author), base });
    const entries = governed(practice, practice.size);
    assert.deepEqual((await readTo(practice, practice.size)).findings, []);
    assert.equal(await replayGovernance(practice.practice, entries, practice.size), null);
  });

  test('gives nothing for a genesis batch that goes on after another entry, or is not whole', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const entries = governed(practice, practice.size);
    const late = entries.map((one, place) => (place > 8 ? { ...one, index: one.index + 1 } : one));
    assert.equal(await replayGovernance(practice.practice, late, practice.size + 1), null);
    assert.equal(await replayGovernance(practice.practice, entries.slice(0, 9), practice.size), null);
  });
});

describe('a verifier that begins after entries it has not read', () => {
  const startAt = async (practice: TestPractice, size: number) => {
    const read = await readTo(practice, size);
    const frontier = new Frontier();
    for (const { leaf } of practice.entries.slice(0, size)) frontier.append(leaf);
    const heads = new StreamHeads();
    for (const [stream, head] of read.heads()) heads.set(stream, head);
    const receivedAt = practice.entries[size - 1]?.receivedAt ?? 0;
    return JournalVerifier.startAfter({ frontier, governance: read.governance, heads, receivedAt });
  };

  test('verifies what follows and the checkpoint as one that read all, and is kept and resumed', async () => {
    const practice = await grown();
    let verifier = await startAt(practice, 256);
    assert.equal(verifier.unread?.size, 256);
    for (const { bytes } of practice.entries.slice(256)) {
      assert.deepEqual((await verifier.add(bytes)).findings, []);
      verifier = JournalVerifier.resume(verifier.encode());
    }
    assert.deepEqual(verifier.root(), practice.root());
    assert.deepEqual(await verifier.checkpoint(await practice.checkpoint()), []);
    assert.equal(verifier.unread?.size, 256);
    assert.equal(verifier.rootAt(255), null);
    assert.deepEqual(verifier.rootAt(256), verifier.unread?.root);
  });

  test('finds at the checkpoint that it began from another tree', async () => {
    const practice = await grown();
    const other = await startAt(practice, 256);
    const bytes = practice.entries.slice(257).map((entry) => entry.bytes);
    await other.addMany(bytes);
    const findings = await other.checkpoint(await practice.checkpoint());
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['ROOT_MISMATCH'],
    );
  });

  test('begins at multiples of 256 alone', async () => {
    const practice = await grown();
    await assert.rejects(startAt(practice, 255), RangeError);
  });
});
