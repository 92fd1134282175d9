import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, utf8ToBytes } from '../../src/bytes.ts';
import { CoreError } from '../../src/error.ts';
import { sha256 } from '../../src/hash.ts';
import { JournalVerifier, maxFindings } from '../../src/journal/verifier.ts';
import { makePractice, withWrongSignature } from './practice-fixture.ts';

describe('verifier', () => {
  test('a journal added whole, one by one, in pieces and by calls that overlap is the same', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    for (let count = 0; count < 300; count += 1) await practice.appendRecords();
    const entries = practice.entries.map((entry) => entry.bytes);
    const states = new Set<string>();
    for (const size of [1, 7, 128, entries.length]) {
      const verifier = JournalVerifier.start(practice.practice);
      const calls: Promise<unknown>[] = [];
      for (let start = 0; start < entries.length; start += size)
        calls.push(verifier.addMany(entries.slice(start, start + size)));
      await Promise.all(calls);
      assert.deepEqual(verifier.findings, []);
      assert.deepEqual(verifier.root(), practice.root());
      states.add(bytesToHex(verifier.encode()));
    }
    assert.equal(states.size, 1);
  });

  test('heads, last times and the verified checkpoint are told', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const stream = practice.random(16);
    await practice.appendRecords({ stream });
    const last = await practice.appendRecords({ stream });
    const verifier = JournalVerifier.start(null);
    await verifier.addMany(practice.entries.map((entry) => entry.bytes));
    assert.deepEqual(verifier.headOf(stream), { index: practice.size - 1, id: last.id, compartment: 'admin' });
    assert.equal(verifier.headOf(practice.random(16)), null);
    assert.equal([...verifier.heads()].length, 2);
    assert.equal(verifier.lastReceivedAt, last.receivedAt);
    assert.equal(verifier.verifiedCheckpoint, null);
    assert.deepEqual(await verifier.checkpoint(await practice.checkpoint()), []);
    assert.deepEqual(verifier.verifiedCheckpoint, { fence: 1, ...practice.head() });
    assert.deepEqual(JournalVerifier.resume(verifier.encode()).verifiedCheckpoint, verifier.verifiedCheckpoint);
  });

  test('a stream keeps to the compartment of its first entry, also for a verifier that went on later', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const stream = practice.random(16);
    await practice.appendRecords({ stream, compartment: 'clinical' });
    const verifier = JournalVerifier.start(practice.practice);
    await verifier.addMany(practice.entries.map((entry) => entry.bytes));
    const again = JournalVerifier.resume(verifier.encode());
    const body = { kind: 'records', binding: false } as const;
    const foreign = await practice.statement({ signer: practice.device, stream, body, compartment: 'admin' });
    const { bytes } = practice.accept(foreign);
    for (const one of [verifier, again]) {
      const { findings } = await one.add(bytes);
      assert.deepEqual(
        findings.map(({ code, detail }) => [code, detail]),
        [['UNAUTHORIZED', 'STREAM_FORBIDDEN']],
      );
      assert.equal(one.headOf(stream)?.compartment, 'clinical');
    }
  });

  test('an entry that is refused changes nothing but the tree', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const stream = practice.random(16);
    const first = await practice.appendRecords({ stream });
    const verifier = JournalVerifier.start(practice.practice);
    await verifier.addMany(practice.entries.map((entry) => entry.bytes));
    const forged = withWrongSignature(
      await practice.statement({ signer: practice.device, stream, body: { kind: 'records', binding: false } }),
    );
    const before = verifier.governance.authors.get(bytesToHex(practice.device.author))?.last;
    const { findings, entry } = await verifier.add(practice.accept(forged).bytes);
    assert.deepEqual(
      findings.map(({ code, index }) => [code, index]),
      [['SIGNATURE_INVALID', practice.size - 1]],
    );
    assert.deepEqual(
      findings.map(({ author }) => author),
      [bytesToHex(practice.device.author)],
    );
    assert.deepEqual(entry?.id, forged.id);
    assert.deepEqual(verifier.headOf(stream)?.id, first.id);
    assert.deepEqual(verifier.governance.authors.get(bytesToHex(practice.device.author))?.last, before);
    assert.deepEqual(verifier.root(), practice.root());
  });

  test('findings outlive a restart, and a journal of nothing but noise does not fill the memory with them', async () => {
    const verifier = JournalVerifier.start(null);
    const noise = new Array<Uint8Array>(maxFindings + 10).fill(utf8ToBytes('noise'));
    const verified = await verifier.addMany(noise);
    assert.equal(verified.at(-1)?.findings.length, 1);
    assert.equal(verifier.findings.length, maxFindings);
    const resumed = JournalVerifier.resume(verifier.encode());
    assert.deepEqual(resumed.findings, verifier.findings);
    assert.equal(resumed.size, noise.length);
    assert.deepEqual(resumed.root(), verifier.root());
  });

  test('a lost entry is for who reads a copy alone, and no state that is kept holds one', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    await practice.appendRecords();
    const items = practice.entries.map(({ bytes, leaf }, index) => (index === 12 ? { leaf, stream: null } : bytes));
    for (const verifier of [
      JournalVerifier.start(null),
      JournalVerifier.resume(JournalVerifier.start(null).encode()),
    ]) {
      await assert.rejects(verifier.addMany(items), TypeError);
      assert.equal(verifier.size, 0);
    }
    const copy = JournalVerifier.start(null, { isCopy: true });
    await copy.addMany(items);
    assert.deepEqual(copy.root(), practice.root());
    assert.deepEqual(
      copy.findings.map(({ code }) => code),
      ['ENTRY_LOST', 'RIGHTS_UNKNOWN'],
    );
    assert.throws(() => copy.encode(), TypeError);
  });

  test('a state that is cut or changed is refused with a code or read as what it says', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const verifier = JournalVerifier.start(null);
    await verifier.addMany(practice.entries.map((entry) => entry.bytes));
    const bytes = verifier.encode();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, value) => {
        for (const changed of [bytes.slice(0, at), bytes.with(at, (bytes[at] ?? 0) ^ value)])
          try {
            JournalVerifier.resume(changed);
          } catch (error) {
            if (!(error instanceof CoreError)) throw error;
          }
      }),
      { numRuns: 300 },
    );
  });

  test('two histories shown to two devices are found when the second device’s entry comes to the first', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const { device: second, member } = await practice.addMember('substitute', ['clinical']);
    assert.ok(practice.state.members.has(bytesToHex(member)));
    await practice.appendRecords();
    const otherRoot = sha256(utf8ToBytes('what the second device was shown'));
    const size = practice.size;
    const told = await practice.statement({
      signer: second,
      compartment: 'clinical',
      seen: { size, root: otherRoot },
      body: { kind: 'records', binding: false },
    });
    for (let count = 0; count < 300; count += 1) await practice.appendRecords();
    practice.accept(told);
    const verifier = JournalVerifier.start(practice.practice);
    await verifier.addMany(practice.entries.map((entry) => entry.bytes));
    assert.deepEqual(
      verifier.findings.map(({ code, index }) => [code, index]),
      [['SEEN_FORK', practice.size - 1]],
    );
  });
});
