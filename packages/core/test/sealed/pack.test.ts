import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { randomBytes } from '@serment/core/random';
import { packContent, unpackContent } from '@serment/core/sealed/pack';
import { padmeSize } from '@serment/core/sealed/padme';
import fc from 'fast-check';

function packedBy(deflated: Uint8Array): Uint8Array {
  const packed = new Uint8Array(padmeSize(5 + deflated.length));
  packed[0] = 1;
  new DataView(packed.buffer).setUint32(1, deflated.length);
  packed.set(deflated, 5);
  return packed;
}

test('content of any size and kind comes back', async () => {
  for (const size of [0, 1, 250, 251, 65_535, 65_536, 65_537, 1_000_000])
    for (const content of [randomBytes(size), new Uint8Array(size).fill(65)])
      assert.deepEqual(await unpackContent(await packContent(content)), content, `${size} bytes`);
});

test('a small stream of much content comes back, or is refused, as any other', async () => {
  for (const size of [1_048_575, 1_048_576, 1_048_577, 20_000_000]) {
    // The end does not compress: it is stored as it is, behind what fills the room first tried.
    const content = Buffer.concat([new Uint8Array(size - 40_000), randomBytes(40_000)]);
    const deflated = deflateRawSync(content);
    assert.ok(deflated.length < 65_536);
    assert.deepEqual(await unpackContent(packedBy(deflated)), new Uint8Array(content), `${size} bytes`);
    for (const wrong of [deflated.subarray(0, -1), Buffer.concat([deflated, Buffer.of(0)])])
      await assert.rejects(unpackContent(packedBy(wrong)), { code: 'PAYLOAD_INVALID' });
  }
});

test('what is packed is a raw DEFLATE stream for any reader', async () => {
  for (const size of [300, 200_000]) {
    const content = new Uint8Array(size).fill(7);
    const packed = await packContent(content);
    const end = 5 + new DataView(packed.buffer).getUint32(1);
    assert.deepEqual(new Uint8Array(inflateRawSync(packed.subarray(5, end))), content);
  }
});

test('a large stream is refused when cut, extended or too large once inflated', async () => {
  const content = randomBytes(100_000);
  const deflated = deflateRawSync(content);
  assert.deepEqual(await unpackContent(packedBy(deflated)), content);
  await assert.rejects(unpackContent(packedBy(deflated.subarray(0, -1))), { code: 'PAYLOAD_INVALID' });
  await assert.rejects(unpackContent(packedBy(Buffer.concat([deflated, Buffer.of(0)]))), { code: 'PAYLOAD_INVALID' });
  await assert.rejects(unpackContent(packedBy(deflated), 99_999), { code: 'PAYLOAD_INVALID' });
  const bomb = deflateRawSync(new Uint8Array(100_000_000));
  assert.ok(bomb.length > 65_536);
  await assert.rejects(unpackContent(packedBy(bomb), 1_000_000), { code: 'PAYLOAD_INVALID' });
  await assert.rejects(unpackContent(packedBy(deflateRawSync(new Uint8Array(2000))), 1999), {
    code: 'PAYLOAD_INVALID',
  });
});

test('any changed byte of a packing is refused or changes the content, and nothing else happens', async () => {
  const content = new TextEncoder().encode('Poids 72 kg, taille 178 cm. '.repeat(30));
  const packed = await packContent(content);
  await fc.assert(
    fc.asyncProperty(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = packed.slice();
      changed[at]! ^= change;
      await unpackContent(changed).catch((error: unknown) =>
        assert.equal((error as { code?: string }).code, 'PAYLOAD_INVALID'),
      );
    }),
    { numRuns: 300 },
  );
});

test('padding costs at most 12 % over 256 bytes, is stable and never shrinks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 257, max: 2 ** 40 }), (size) => {
      const padded = padmeSize(size);
      assert.ok(padded >= size && padded <= size * 1.12);
      assert.equal(padmeSize(padded), padded);
      assert.ok(padmeSize(size + 1) >= padded);
    }),
  );
  assert.throws(() => padmeSize(-1), RangeError);
});
