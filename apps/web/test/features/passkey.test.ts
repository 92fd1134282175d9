import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfOutput } from '../../src/features/unlock/passkey.ts';

test('what a passkey gives is read whole, in whichever shape it comes', () => {
  const expected = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
  const within = new Uint8Array(40).fill(0xff);
  within.set(expected, 4);
  assert.deepEqual(bytesOfOutput(expected.slice().buffer), expected);
  assert.deepEqual(bytesOfOutput(within.subarray(4, 36)), expected);
  assert.deepEqual(bytesOfOutput(new DataView(within.buffer, 4, 32)), expected);
  // A password manager's extension answers so.
  assert.deepEqual(bytesOfOutput([...expected]), expected);
});
