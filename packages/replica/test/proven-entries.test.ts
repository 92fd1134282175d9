import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePractice } from '../../core/test/journal/practice-fixture.ts';
import { isByItsAuthor } from '../src/proven-entries.ts';

describe('an entry of before, read alone', () => {
  it('counts only from where its author might write: not while stopped, not outside the term, not once revoked', async () => {
    const practice = await makePractice();
    await practice.appendRecords();
    const { device: doctor } = practice;
    const { member, device: signer } = await practice.addMember('desk', ['admin']);
    const body = { kind: 'records', binding: false } as const;
    const counts = async (receivedAt?: number): Promise<boolean> => {
      const statement = await practice.statement({ signer, body });
      const index = practice.size;
      const entry = practice.accept(statement, receivedAt);
      later.push(() => isByItsAuthor(entry, index, practice.state));
      return isByItsAuthor(entry, index, practice.state);
    };
    const later: (() => Promise<boolean>)[] = [];
    assert.equal(await counts(), true);
    await practice.append({ signer: doctor, body: practice.freezeBody(signer.author) });
    assert.equal(await counts(), false);
    await practice.append({ signer: doctor, body: practice.freezeBody(signer.author, false) });
    assert.equal(await counts(), true);
    const until = practice.clock() + 50_000;
    await practice.append({ signer: doctor, body: { kind: 'term', member, from: until - 100_000, until } });
    assert.equal(await counts(until - 1), true);
    assert.equal(await counts(until), false);
    await practice.append({ signer: doctor, body: { kind: 'term', member, from: null, until: null } });
    assert.equal(await counts(until), true);
    await practice.append({ signer: doctor, body: practice.revokeBody(signer.author) });
    assert.equal(await counts(), false);
    const again = await Promise.all(later.map((count) => count()));
    assert.deepEqual(again, [true, false, true, true, false, true, false]);
  });
});
