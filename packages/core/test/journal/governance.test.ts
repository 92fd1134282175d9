import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex } from '../../src/bytes.ts';
import { CoreError } from '../../src/error.ts';
import {
  encodeGovernance,
  grantsFor,
  hostAuthorAt,
  isGenesisComplete,
  parseGovernance,
  wrapsFor,
} from '../../src/journal/governance.ts';
import { parseHeader } from '../../src/journal/header.ts';
import { refusals, rules } from '../../src/journal/rules.ts';
import { makePractice, TestPractice } from './practice-fixture.ts';
import { signerNamed } from './signer.ts';

describe('governance', () => {
  test('a genesis batch is complete with its last grant and not before', async () => {
    const whole = await makePractice();
    const { random, clock, founder, device, kit, host } = whole;
    const again = new TestPractice({ random, clock, founder, device, kit, host, wrapBytes: 24 });
    for (const entry of whole.entries) {
      assert.equal(isGenesisComplete(again.state), false);
      again.accept(entry);
    }
    assert.equal(isGenesisComplete(again.state), true);
  });

  test('a holder finds the wraps of every generation, a member the grants of every epoch', async () => {
    const practice = await makePractice();
    const { device: signer, kit, founder } = practice;
    const nonce = practice.state.nonce;
    await practice.appendRecords();
    const rotated = await practice.append({ signer, body: practice.memberBody(founder, 'doctor') });
    await practice.append({ signer, body: practice.epochBody('clinical') });
    await practice.append({ signer, body: practice.grantBody('clinical', founder) });
    const [first, second, ...rest] = wrapsFor(practice.state, kit.author);
    assert.deepEqual(rest, []);
    assert.deepEqual([first?.generation, second?.generation], [1, 2]);
    assert.deepEqual([first?.scope, second?.scope], [nonce, practice.practice]);
    const body = parseHeader(rotated.headerBytes).body;
    assert.ok(body.kind === 'member');
    assert.ok(body.wraps.some(({ wrap }) => bytesToHex(wrap) === bytesToHex(second?.wrap ?? new Uint8Array())));
    const grants = grantsFor(practice.state, founder).filter((grant) => grant.compartment === 'clinical');
    assert.deepEqual(
      grants.map(({ number, generation }) => [number, generation]),
      [
        [1, 1],
        [2, 2],
      ],
    );
    assert.equal(practice.state.compartments.get('clinical')?.epochs.length, 2);
    assert.equal(practice.state.members.get(bytesToHex(founder))?.recipients.length, 2);
    assert.deepEqual(wrapsFor(practice.state, practice.host.author), []);
    assert.deepEqual(grantsFor(practice.state, practice.random(16)), []);
  });

  test('a new epoch takes the right to write from members who were not granted it', async () => {
    const practice = await makePractice();
    await practice.appendRecords();
    const { member, device } = await practice.addMember('substitute', ['clinical']);
    await practice.appendRecords({ signer: device, compartment: 'clinical' });
    await practice.append({ signer: practice.device, body: practice.epochBody('clinical') });
    await assert.rejects(practice.appendRecords({ signer: device, compartment: 'clinical' }), /GRANT_MISSING/);
    await practice.append({ signer: practice.device, body: practice.grantBody('clinical', member) });
    await practice.appendRecords({ signer: device, compartment: 'clinical' });
  });

  test('the host of a size is the one that was named before it', async () => {
    const practice = await makePractice();
    const former = practice.host.author;
    const next = await signerNamed('next host');
    await practice.appendRecords();
    const index = practice.size;
    await practice.append({ signer: practice.device, body: { kind: 'host', hostAuthor: next.author } });
    assert.equal(hostAuthorAt(practice.state, 0), null);
    assert.deepEqual(hostAuthorAt(practice.state, 1), former);
    assert.deepEqual(hostAuthorAt(practice.state, index), former);
    assert.deepEqual(hostAuthorAt(practice.state, index + 1), next.author);
  });

  test('a state that was encoded comes back equal', async () => {
    const practice = await makePractice();
    await practice.appendRecords();
    const { device } = await practice.addMember('desk', ['admin']);
    await practice.append({ signer: practice.device, body: practice.revokeBody(device.author) });
    await practice.append({ signer: practice.device, body: practice.witnessBody() });
    const bytes = encodeGovernance(practice.state);
    assert.deepEqual(parseGovernance(bytes), practice.state);
    assert.deepEqual(encodeGovernance(parseGovernance(bytes)), bytes);
  });

  test('a state that is cut or changed is refused with a code or read as what it says', async () => {
    const bytes = encodeGovernance((await makePractice({ wrapBytes: 24 })).state);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, value) => {
        for (const changed of [bytes.slice(0, at), bytes.with(at, (bytes[at] ?? 0) ^ value)])
          try {
            parseGovernance(changed);
          } catch (error) {
            if (!(error instanceof CoreError)) throw error;
          }
      }),
      { numRuns: 300 },
    );
  });

  test('each kind’s checks stand in the order of the refusals', async () => {
    const order = new Map(refusals.map((refusal, position) => [refusal, position]));
    const refusalOf = {
      'known-member': 'MEMBER_UNKNOWN',
      'active-member': 'MEMBER_UNKNOWN',
      'new-or-next-member': 'MEMBER_EXISTS',
      'next-generation': 'GENERATION_STALE',
      'all-holders': 'HOLDERS_MISMATCH',
      'current-generation': 'GENERATION_STALE',
      'own-generation': 'GENERATION_STALE',
      'new-author': 'AUTHOR_EXISTS',
      'new-genesis-host': 'AUTHOR_EXISTS',
      'new-host': 'AUTHOR_EXISTS',
      'new-witness': 'AUTHOR_EXISTS',
      proof: 'PROOF_INVALID',
      'compartment-name': 'COMPARTMENT_UNKNOWN',
      'body-compartment': 'COMPARTMENT_UNKNOWN',
      'header-compartment': 'COMPARTMENT_UNKNOWN',
      'next-epoch': 'EPOCH_STALE',
      'body-epoch': 'EPOCH_STALE',
      'header-epoch': 'EPOCH_STALE',
      'previous-key': 'PREVIOUS_KEY_MISSING',
      'grant-held': 'GRANT_MISSING',
      'grantee-role': 'ROLE_FORBIDDEN',
      'grant-new': 'GRANT_EXISTS',
      'greater-fence': 'FENCE_STALE',
      revocable: 'REVOKE_UNKNOWN',
      freezable: 'FREEZE_UNKNOWN',
      'term-role': 'ROLE_FORBIDDEN',
      'named-members': 'MEMBER_UNKNOWN',
      'lifts-restriction': 'RESTRICT_UNKNOWN',
      'clinical-epoch': 'EPOCH_STALE',
      'clinical-grant': 'GRANT_MISSING',
      'shut-out': 'RESTRICT_UNKNOWN',
      'names-witness': 'WITNESS_REFUSED',
    } as const;
    for (const rule of Object.values(rules)) {
      const positions = rule.checks.map((check) => order.get(refusalOf[check]) ?? -1);
      assert.deepEqual(
        positions,
        positions.toSorted((left, right) => left - right),
      );
    }
  });
});
