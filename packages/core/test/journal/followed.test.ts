import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesToHex } from '../../src/bytes.ts';
import { type Followed, type HeadProofs, judgeHead } from '../../src/journal/followed.ts';
import { governanceStream } from '../../src/journal/header.ts';
import { consistencyProof } from '../../src/journal/proof.ts';
import { makePractice, type TestPractice } from './practice-fixture.ts';
import { deterministicRandom, signerNamed } from './signer.ts';

/** An honest host of that journal. */
function proofsOf(practice: TestPractice): HeadProofs {
  return {
    consistencyProof: async (from, to) => (to > practice.size ? null : consistencyProof(from, to, practice.reader)),
    governance: async ({ size }) => governanceOf(practice).filter(({ index }) => index < size),
  };
}

function governanceOf(practice: TestPractice) {
  const numbered = practice.entries.map((entry, index) => ({ index, entry }));
  return numbered.filter(({ entry }) => bytesToHex(entry.header.stream) === bytesToHex(governanceStream));
}

function unknown(practice: TestPractice): Followed {
  return { practice: practice.practice, known: null, isForked: false, pinned: null };
}

/** A practice that was seen when it had some entries. */
async function seen(entries = 5): Promise<{ practice: TestPractice; followed: Followed }> {
  const practice = await grown(entries);
  const first = await judgeHead(unknown(practice), await practice.checkpoint(), proofsOf(practice));
  assert.equal(first.outcome, 'first');
  return { practice, followed: first.next };
}

/** Two of these with other numbers of entries share their beginning, as two machines of one host would. */
async function grown(entries: number): Promise<TestPractice> {
  const practice = await makePractice();
  for (let count = 0; count < entries; count += 1) await practice.appendRecords();
  return practice;
}

async function outcomeOf(followed: Followed, practice: TestPractice, proofs = proofsOf(practice)) {
  return judgeHead(followed, await practice.checkpoint(), proofs);
}

describe('a followed practice', () => {
  test('grows honestly, and stays', async () => {
    const { practice, followed } = await seen();
    const same = await outcomeOf(followed, practice);
    assert.equal(same.outcome, 'same');
    await practice.appendRecords();
    const advanced = await outcomeOf(same.next, practice);
    assert.equal(advanced.outcome, 'advanced');
    assert.equal(advanced.next.known?.size, practice.size);
  });

  test('reads governance for the first head alone', async () => {
    const { practice, followed } = await seen();
    await practice.appendRecords();
    const proofs = { ...proofsOf(practice), governance: () => assert.fail('asked for governance') };
    assert.equal((await outcomeOf(followed, practice, proofs)).outcome, 'advanced');
  });

  test('is forked by another root at the same size, and never taken again under that fence', async () => {
    const { practice, followed } = await seen(5);
    const other = await grown(4);
    await other.appendRecords({ time: 1 });
    const forked = await outcomeOf(followed, other);
    assert.equal(forked.outcome, 'fork');
    assert.ok('evidence' in forked && forked.evidence !== null);
    assert.deepEqual([forked.evidence.known, forked.evidence.shown], [followed.known?.note, await other.checkpoint()]);
    await practice.appendRecords();
    assert.equal((await outcomeOf(forked.next, practice)).outcome, 'fork');
    assert.deepEqual(forked.next.known, followed.known);
  });

  test('is forked by a longer history that does not begin with the known one', async () => {
    const { followed } = await seen(5);
    const other = await grown(3);
    for (let count = 0; count < 4; count += 1) await other.appendRecords({ time: count });
    assert.equal((await outcomeOf(followed, other)).outcome, 'fork');
  });

  test('goes back by an older head, which is no fork', async () => {
    const { practice, followed } = await seen();
    const older = await practice.checkpoint();
    await practice.appendRecords();
    const advanced = await outcomeOf(followed, practice);
    const back = await judgeHead(advanced.next, older, proofsOf(practice));
    assert.equal(back.outcome, 'rollback');
    assert.equal(back.next.isForked, false);
    assert.equal((await outcomeOf(back.next, practice)).outcome, 'same');
  });

  test('goes back when the host lost the end, and cannot prove a thing', async () => {
    const { followed } = await seen(9);
    assert.equal((await outcomeOf(followed, await grown(4))).outcome, 'rollback');
  });

  test('is forked by a smaller head that does not begin the known one', async () => {
    const { practice, followed } = await seen(9);
    const other = await grown(4);
    await other.appendRecords({ time: 1 });
    assert.equal((await outcomeOf(followed, other, proofsOf(practice))).outcome, 'fork');
  });

  test('is not taken without proof', async () => {
    const { practice, followed } = await seen();
    await practice.appendRecords();
    const silent = { ...proofsOf(practice), consistencyProof: async () => null };
    assert.equal((await outcomeOf(followed, practice, silent)).outcome, 'unproven');
    const mute = { ...proofsOf(practice), governance: async () => null };
    assert.equal((await outcomeOf(unknown(practice), practice, mute)).outcome, 'unproven');
    const cut = { ...proofsOf(practice), governance: async () => governanceOf(practice).slice(0, 3) };
    assert.equal((await outcomeOf(unknown(practice), practice, cut)).outcome, 'unproven');
    const holed = { ...proofsOf(practice), governance: async () => governanceOf(practice).toSpliced(4, 1) };
    assert.equal((await outcomeOf(unknown(practice), practice, holed)).outcome, 'unproven');
  });

  test('is not taken when another practice, a stranger or nobody signs', async () => {
    const { practice, followed } = await seen();
    const stranger = await signerNamed('a stranger');
    const note = await practice.checkpoint();
    const host = practice.host;
    practice.host = stranger;
    const forged = await practice.checkpoint();
    practice.host = host;
    const other = await makePractice({ random: deterministicRandom('other') });
    for (const shown of [forged, await other.checkpoint(), note.slice(0, -2), 'not a note', ''])
      for (const state of [followed, unknown(practice)])
        assert.equal((await judgeHead(state, shown, proofsOf(practice))).outcome, 'invalid');
  });

  test('goes on under the host that a member named', async () => {
    const { practice, followed } = await seen();
    const next = await signerNamed('the next host');
    await practice.append({ signer: practice.device, body: { kind: 'host', hostAuthor: next.author } });
    practice.host = next;
    const moved = await outcomeOf(followed, practice);
    assert.equal(moved.outcome, 'advanced');
    assert.deepEqual(moved.next.known?.hostAuthor, next.author);
  });

  test('is not taken under a fence that no member acknowledged, and then is, with what was lost', async () => {
    const { followed } = await seen(9);
    const restored = await grown(4);
    const unacknowledged = await judgeHead(followed, await restored.checkpoint(2), proofsOf(restored));
    assert.equal(unacknowledged.outcome, 'unacknowledged');
    await restored.append({ signer: restored.device, body: { kind: 'restore-ack', fence: 2, ...restored.head() } });
    const taken = await outcomeOf(unacknowledged.next, restored);
    assert.equal(taken.outcome, 'restored');
    assert.equal('lost' in taken && taken.lost, 5);
  });

  test('loses nothing by a restoration that lost nothing', async () => {
    const { practice, followed } = await seen();
    await practice.append({ signer: practice.device, body: { kind: 'restore-ack', fence: 2, ...practice.head() } });
    const taken = await outcomeOf(followed, practice);
    assert.equal(taken.outcome, 'restored');
    assert.equal('lost' in taken && taken.lost, 0);
    const back = await judgeHead(taken.next, await practice.checkpoint(1), proofsOf(practice));
    assert.equal(back.outcome, 'rollback');
  });

  test('is forked by a restoration that changed what stood before', async () => {
    const { followed } = await seen(5);
    const other = await grown(3);
    for (let count = 0; count < 4; count += 1) await other.appendRecords({ time: count });
    await other.append({ signer: other.device, body: { kind: 'restore-ack', fence: 2, ...other.head() } });
    assert.equal((await outcomeOf(followed, other)).outcome, 'fork');
  });

  test('begins, when told so, with a head that is known by other means', async () => {
    const practice = await grown(3);
    const pinned = practice.head();
    await practice.appendRecords();
    const followed = { ...unknown(practice), pinned };
    assert.equal((await outcomeOf(followed, practice)).outcome, 'first');
    const other = await grown(2);
    for (let count = 0; count < 3; count += 1) await other.appendRecords({ time: count });
    assert.equal((await outcomeOf(followed, other)).outcome, 'fork');
    assert.equal((await outcomeOf(followed, await grown(1))).outcome, 'rollback');
  });
});
