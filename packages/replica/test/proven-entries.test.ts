import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { inboxStream } from '@serment/core/journal/header';
import { makePractice } from '../../core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../core/test/journal/signer.ts';
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

  it('counts in its author’s own private notes, and in no other member’s', async () => {
    const practice = await makePractice();
    const { member, device: signer } = await practice.addMember('doctor', ['admin', 'clinical', 'billing']);
    const body = { kind: 'records', binding: false } as const;
    const counts = async (owner: Bytes): Promise<boolean> => {
      const compartment = `private/${bytesToHex(owner)}`;
      const index = practice.size;
      const entry = practice.accept(await practice.statement({ signer, body, compartment }));
      return isByItsAuthor(entry, index, practice.state);
    };
    assert.equal(await counts(member), true);
    assert.equal(await counts(practice.founder), false);
  });

  it('counts in an inbox as a deposit of the inbox’s member alone', async () => {
    const practice = await makePractice();
    const { member, device: desk } = await practice.addMember('desk', ['admin']);
    const deposit = practice.depositBody();
    const records = { kind: 'records', binding: false } as const;
    const counts = async (signer: TestSigner, body: Body, stream: Bytes, compartment: string): Promise<boolean> => {
      const index = practice.size;
      const entry = practice.accept(await practice.statement({ signer, body, stream, compartment }));
      return isByItsAuthor(entry, index, practice.state);
    };
    const [own, other] = [inboxStream(member), inboxStream(practice.founder)];
    assert.equal(await counts(desk, deposit, own, 'clinical'), true);
    assert.equal(await counts(desk, deposit, own, 'admin'), false);
    assert.equal(await counts(desk, deposit, other, 'clinical'), false);
    assert.equal(await counts(practice.device, deposit, other, 'clinical'), false, 'who may write deposits nothing');
    assert.equal(await counts(practice.device, records, other, 'clinical'), false);
    assert.equal(await counts(practice.device, deposit, practice.random(16), 'clinical'), false);
  });
});
