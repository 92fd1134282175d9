import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCanonical } from '@serment/core/cbor';
import { encodeAccountData, parseAccountData } from '@serment/core/copy/account-data';

const account = {
  account: new Uint8Array(16).fill(1),
  practice: new Uint8Array(32).fill(2),
  member: new Uint8Array(16).fill(3),
  record: 'record',
  sealedSecret: new Uint8Array([4]),
};

test('account data reads back', () => {
  const data = { time: 1_780_000_000_000, serverSetup: 'setup', accounts: [account] };
  assert.deepEqual(parseAccountData(encodeAccountData(data)), data);
});

test('account data of any other shape is refused', () => {
  const { account: id, practice, member, record, sealedSecret } = account;
  const refused = [
    [2, 1, 'setup', []],
    [1, -1, 'setup', []],
    [1, '1', 'setup', []],
    [1, 1, null, []],
    [1, 1, 'setup', null],
    [1, 1, 'setup', [], null],
    [1, 1, 'setup', [[id, practice, member, record]]],
    [1, 1, 'setup', [[id.slice(1), practice, member, record, sealedSecret]]],
    [1, 1, 'setup', [[id, practice.slice(1), member, record, sealedSecret]]],
    [1, 1, 'setup', [[id, practice, member, null, sealedSecret]]],
    [1, 1, 'setup', [[id, practice, member, record, 'secret']]],
  ];
  for (const value of refused)
    assert.throws(() => parseAccountData(encodeCanonical(value)), { code: 'COPY_OBJECT_INVALID' });
  assert.throws(() => parseAccountData(new Uint8Array(0)), { code: 'COPY_OBJECT_INVALID' });
});
