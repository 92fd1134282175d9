import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePassword } from '../src/sign-in/password-strength.ts';

test('length comes first, then what everybody would try', () => {
  assert.equal(judgePassword('court'), 'short');
  assert.equal(judgePassword('motdepasse123'), 'common');
  assert.equal(judgePassword('aaaaaaaaaaaaaaaa'), 'common');
  assert.equal(judgePassword('Docteur2026!!'), 'common');
  assert.equal(judgePassword('lampe-violon7'), 'enough');
  assert.equal(judgePassword('quatre tilleuls au printemps'), 'strong');
});
