import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '@serment/core/error';
import { failureOf } from '../src/failure.ts';

const cases: readonly (readonly [string, number])[] = [
  ['USAGE', 2],
  ['UNREACHABLE', 3],
  ['COPY_FOLDER_MISSING', 3],
  ['DISK_FULL', 3],
  ['KIT_WRONG', 4],
  ['HOST_KEY_WRONG', 4],
  ['HOST_LIES', 5],
  ['COPY_DAMAGED', 5],
  ['VAULT_RESTORED', 1],
  ['SESSION_CLOSED', 1],
];

for (const [code, exit] of cases)
  test(`${code} is exit ${exit}, and says what happened, what is safe and what to do`, () => {
    const failure = failureOf(new CodedError(code, 'It happened'), 'All is safe');
    assert.deepEqual([failure.code, failure.exit, failure.safe], [code, exit, 'All is safe']);
    assert.notEqual(failure.message, '');
    assert.notEqual(failure.hint, '');
  });

test('what the server refused keeps the server’s code', () => {
  const refused = (server: string) => failureOf(new CodedError('SERVER_REFUSED', 'No', { fields: { server } }), 'Safe');
  assert.deepEqual(
    [refused('INVITATION_REQUIRED').code, refused('INVITATION_REQUIRED').exit],
    ['INVITATION_REQUIRED', 2],
  );
  assert.deepEqual([refused('PREV_STALE').code, refused('PREV_STALE').exit], ['SERVER_REFUSED', 1]);
});

test('what nobody foresaw tells nothing of itself', () => {
  const failure = failureOf(new TypeError('secret of Claire Vasseur'), 'Safe');
  assert.equal(failure.exit, 1);
  assert.doesNotMatch(JSON.stringify(failure), /Vasseur/);
});
