import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreError } from '@serment/core/error';
import { findKit, formatKit, isKitOf, kitQr, newKit, parseKit } from '@serment/core/keys/kit';
import { randomBytes } from '@serment/core/random';
import fc from 'fast-check';

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

test('any kit is read back from its text and its QR code, and found in a file', () => {
  fc.assert(
    fc.property(bytes(32), bytes(32), fc.string(), (practice, seed, around) => {
      const kit = newKit(practice, seed);
      assert.deepEqual(parseKit(formatKit(kit)), kit);
      assert.deepEqual(parseKit(kitQr(kit)), kit);
      assert.deepEqual(findKit(`${around}\n« ${formatKit(kit)} »\n${around}`), kit);
      assert.ok(isKitOf(kit, practice));
    }),
  );
});

test('one mistyped character is told with its group, and the message holds no part of the kit', () => {
  fc.assert(
    fc.property(bytes(32), fc.nat(83), fc.integer({ min: 1, max: 31 }), (seed, at, shift) => {
      const text = formatKit(newKit(seed, seed)).replaceAll('-', '');
      const typed = alphabet[(alphabet.indexOf(text[at]!) + shift) % 32]!;
      assert.throws(
        () => parseKit(text.slice(0, at) + typed + text.slice(at + 1)),
        (error: unknown) => {
          assert.ok(error instanceof CoreError);
          assert.equal(error.code, 'KIT_CHECKSUM');
          assert.deepEqual(error.fields, { group: Math.floor(at / 5) + 1 });
          assert.equal(error.message, 'The kit has a typing mistake');
          return true;
        },
      );
    }),
    { numRuns: 25 },
  );
});

test('any text is a kit or a clear error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      for (const read of [parseKit, findKit])
        assert.throws(
          () => read(text),
          (error: unknown) => error instanceof CoreError && error.code === 'KIT_INVALID',
        );
    }),
  );
});

test('a kit of another practice is told apart', () => {
  assert.equal(isKitOf(newKit(randomBytes(32), randomBytes(32)), randomBytes(32)), false);
  assert.throws(() => newKit(randomBytes(32), randomBytes(31)), { code: 'KEY_INVALID' });
});

test('a long hostile file is searched in time that grows with its size', () => {
  const started = performance.now();
  assert.throws(() => findKit('ABCDE-'.repeat(200_000)), { code: 'KIT_INVALID' });
  assert.throws(() => findKit('A'.repeat(1_000_000)), { code: 'KIT_INVALID' });
  assert.ok(performance.now() - started < 5000);
});
