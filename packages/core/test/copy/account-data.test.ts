import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CborValue, encodeCanonical } from '@serment/core/cbor';
import { type Account, encodeAccountData, parseAccountData } from '@serment/core/copy/account-data';

const account: Account = {
  account: new Uint8Array(16).fill(1),
  practice: new Uint8Array(32).fill(2),
  member: new Uint8Array(16).fill(3),
  record: 'record',
  sealedSecret: new Uint8Array([4]),
  toMember: { generation: 1, sealed: new Uint8Array([5]) },
  phone: '+33639980042',
  totpSecret: new Uint8Array(20).fill(6),
  recoveryCodes: [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)],
  card: { nationalId: '810001234567', share: new Uint8Array(32).fill(9) },
  passkeys: [
    {
      credential: new Uint8Array(64).fill(10),
      publicKey: new Uint8Array(77).fill(11),
      counter: 4,
      added: 1_780_000_000_000,
    },
  ],
};
const bare: Account = { ...account, phone: null, totpSecret: null, recoveryCodes: [], card: null, passkeys: [] };

test('account data reads back', () => {
  const data = { time: 1_780_000_000_000, serverSetup: 'setup', accounts: [account, bare] };
  assert.deepEqual(parseAccountData(encodeAccountData(data)), data);
});

test('account data of any other shape is refused', () => {
  const { account: id, practice, member, record, sealedSecret } = account;
  const items: CborValue[] = [
    ...[id, practice, member, record, sealedSecret, 1, new Uint8Array([5])],
    ...['+33639980042', new Uint8Array(20), [new Uint8Array(32)], ['810001234567', new Uint8Array(32)]],
  ];
  const lawful = [1, 1, 'setup', [items]];
  assert.equal(parseAccountData(encodeCanonical(lawful)).accounts.length, 1);
  const withKey = [1, 1, 'setup', [[...items, [[new Uint8Array(1), new Uint8Array(1), 0, 0]]]]];
  assert.equal(parseAccountData(encodeCanonical(withKey)).accounts[0]?.passkeys.length, 1);
  const wrong: readonly (readonly CborValue[])[] = [
    [id.slice(1), 5, null],
    [practice.slice(1), 5, null],
    [member.slice(1), 5, null],
    [null, 5],
    ['secret', null],
    [0, -1, '1', null],
    ['sealed', null],
    [33, new Uint8Array(4)],
    [new Uint8Array(19), 'secret'],
    [null, [new Uint8Array(31)], ['hash'], 5],
    [['810001234567'], [5, new Uint8Array(32)], ['810001234567', new Uint8Array(31)], 'card'],
  ];
  const refused: CborValue[] = [
    [2, 1, 'setup', []],
    [1, -1, 'setup', []],
    [1, '1', 'setup', []],
    [1, 1, null, []],
    [1, 1, 'setup', null],
    [1, 1, 'setup', [], null],
    [1, 1, 'setup', [items.slice(1)]],
    ...[null, [], 'key', [[]], [[new Uint8Array(1), new Uint8Array(1), 0]], [[new Uint8Array(1), 'key', 0, 0]]].map(
      (passkeys) => [1, 1, 'setup', [[...items, passkeys]]],
    ),
    [1, 1, 'setup', [[...items, [[new Uint8Array(1), new Uint8Array(1), -1, 0]]]]],
    [1, 1, 'setup', [[...items, [[new Uint8Array(1), new Uint8Array(1), 0, 0]], null]]],
    ...wrong.flatMap((values, place) => values.map((value) => [1, 1, 'setup', [items.with(place, value)]])),
  ];
  for (const value of refused)
    assert.throws(() => parseAccountData(encodeCanonical(value)), { code: 'COPY_OBJECT_INVALID' });
  assert.throws(() => parseAccountData(new Uint8Array(0)), { code: 'COPY_OBJECT_INVALID' });
});
