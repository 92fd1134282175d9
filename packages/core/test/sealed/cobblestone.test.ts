import assert from 'node:assert/strict';
import { createCipheriv, createHmac, randomBytes as nodeRandom } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { concatBytes, utf8ToBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import { randomBytes } from '@serment/core/random';
import type { PieceSink } from '@serment/core/sealed/chunk-pipeline';
import { openBytes, openRange, openTo, sealBytes, sealedSize, sealTo } from '@serment/core/sealed/cobblestone';
import type { MessageWriter } from '@serment/core/sealed/message-writer';
import fc from 'fast-check';

const key = randomBytes(32);
const context = utf8ToBytes('a context');
const sizes = fc.oneof(fc.nat(600), fc.nat(80_000), fc.constantFrom(0, 16_383, 16_384, 16_385, 32_768, 49_152));

/** The construction again, by Node's own ciphers and from the C2SP text. */
function sealIndependently(clear: Uint8Array, salt: Uint8Array): Uint8Array {
  const info = Buffer.concat([Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, context]);
  const first = createHmac('sha512', key).update(info).update(Uint8Array.of(1)).digest();
  const second = createHmac('sha512', key).update(first).update(info).update(Uint8Array.of(2)).digest();
  const expanded = Buffer.concat([first, second]);
  const parts: Uint8Array[] = [salt, expanded.subarray(44, 76)];
  for (let index = 0; index <= Math.floor(clear.length / 16_384); index += 1) {
    const nonce = BigInt(`0x${expanded.subarray(32, 44).toString('hex')}`) ^ BigInt(index);
    const cipher = createCipheriv(
      'aes-256-gcm',
      expanded.subarray(0, 32),
      Buffer.from(nonce.toString(16).padStart(24, '0'), 'hex'),
    );
    parts.push(
      cipher.update(clear.subarray(index * 16_384, (index + 1) * 16_384)),
      cipher.final(),
      cipher.getAuthTag(),
    );
  }
  return concatBytes(...parts);
}

/** What comes out when `bytes` are written in pieces of that size. */
async function through(bytes: Uint8Array, pieceBytes: number, start: (sink: PieceSink) => MessageWriter) {
  const parts: Uint8Array[] = [];
  const writer = start((piece) => void parts.push(piece.slice()));
  const buffer = new Uint8Array(pieceBytes);
  for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
    // The same buffer each time, as a file is read.
    const piece = buffer.subarray(0, Math.min(pieceBytes, bytes.length - offset));
    piece.set(bytes.subarray(offset, offset + pieceBytes));
    await writer.write(piece);
  }
  await writer.end();
  return concatBytes(...parts);
}

const opening = (sink: PieceSink) => openTo(sink, key, context);

test('a sealed message is what an independent computation gives', async () => {
  for (const size of [0, 1, 16_383, 16_384, 16_385, 50_000, 300 * 16_384 + 7]) {
    const [clear, salt] = [randomBytes(size), randomBytes(24)];
    assert.deepEqual(
      await sealBytes(key, context, clear, () => salt),
      new Uint8Array(sealIndependently(clear, salt)),
      `${size} bytes`,
    );
  }
});

test('what is sealed whole or as it comes opens whole, in pieces cut anywhere, and in any range', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 40_000 }), fc.nat(), fc.nat(), async (size, piece, one, two) => {
      const clear = randomBytes(size);
      const sealed = await sealBytes(key, context, clear);
      assert.equal(sealed.length, sealedSize(size));
      assert.deepEqual(await openBytes(key, context, sealed), clear);
      const streamed = await through(clear, piece, (sink) => sealTo(sink, key, context));
      assert.deepEqual(await openBytes(key, context, streamed), clear);
      assert.deepEqual(await through(sealed, piece, opening), clear);
      const [start, end] = [one % (size + 1), two % (size + 1)].sort((left, right) => left - right);
      assert.deepEqual(await openRange(key, context, sourceOf(sealed), start!, end!), clear.slice(start, end));
    }),
    { numRuns: 60 },
  );
});

test('any changed bit, any cut and any extension is refused in every way of opening', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.nat(),
      fc.nat(7),
      fc.constantFrom('flip', 'cut', 'extend'),
      async (size, at, bit, change) => {
        const sealed = await sealBytes(key, context, randomBytes(size));
        let changed = sealed.slice();
        const offset = at % sealed.length;
        if (change === 'flip') changed[offset]! ^= 1 << bit;
        else if (change === 'cut') changed = sealed.slice(0, offset);
        else changed = concatBytes(sealed, randomBytes(1 + (at % 40_000)));
        await assert.rejects(openBytes(key, context, changed), { code: 'SEALED_INVALID' });
        await assert.rejects(through(changed, 10_000, opening), { code: 'SEALED_INVALID' });
      },
    ),
    { numRuns: 60 },
  );
});

test('a large message is the same whole and as it comes, whatever the pieces', async () => {
  const clear = randomBytes(700 * 16_384 + 5);
  const sealed = await sealBytes(key, context, clear);
  for (const pieceBytes of [65_536, 1_000_003, 5_000_000, 20_000_000]) {
    assert.deepEqual(await through(sealed, pieceBytes, opening), clear);
    const again = await through(clear, pieceBytes, (sink) => sealTo(sink, key, context, () => sealed.slice(0, 24)));
    assert.deepEqual(again, sealed);
  }
});

test('opening gives the chunks before a bad one and nothing behind it, and takes no more after it', async () => {
  const clear = randomBytes(100 * 16_384);
  const sealed = await sealBytes(key, context, clear);
  sealed[56 + 90 * 16_400 + 5]! ^= 1;
  const parts: Uint8Array[] = [];
  const writer = opening((piece) => void parts.push(piece.slice()));
  await assert.rejects(writer.write(sealed), { code: 'SEALED_INVALID' });
  const released = concatBytes(...parts);
  assert.deepEqual(released, clear.slice(0, released.length));
  assert.ok(released.length > 0 && released.length <= 90 * 16_384);
  await assert.rejects(writer.write(sealed), TypeError);
  await assert.rejects(writer.end(), TypeError);
});

test('a message that nothing was written to opens as none, and seals as an empty one', async () => {
  await assert.rejects(opening(() => undefined).end(), { code: 'SEALED_INVALID' });
  const empty = await through(new Uint8Array(0), 1, (sink) => sealTo(sink, key, context));
  assert.deepEqual(await openBytes(key, context, empty), new Uint8Array(0));
});

test('what the receiver of the pieces throws is what the writer throws', async () => {
  const writer = sealTo(() => Promise.reject(new Error('disk')), key, context);
  await assert.rejects(writer.write(randomBytes(100)), { message: 'disk' });
});

test('a receiver has one piece at a time, and nothing in its hands once the writer has failed', async () => {
  const sealed = await sealBytes(key, context, randomBytes(300 * 16_384));
  sealed[56 + 150 * 16_400 + 5]! ^= 1;
  const hands = { now: 0, most: 0, pieces: 0 };
  const writer = opening(async () => {
    hands.now += 1;
    hands.most = Math.max(hands.most, hands.now);
    hands.pieces += 1;
    await setTimeout(20);
    hands.now -= 1;
  });
  const failed = await writer.write(sealed).catch((error: unknown) => ({ error, now: hands.now }));
  assert.ok(failed?.error instanceof CoreError && failed.error.code === 'SEALED_INVALID');
  assert.deepEqual([failed?.now, hands.most], [0, 1]);
  assert.ok(hands.pieces > 0 && hands.pieces <= 150 / 16);
});

test('a writer that is abandoned gives nothing more', async () => {
  let [pieces, isHeld] = [0, false];
  const writer = sealTo(
    async () => {
      pieces += 1;
      isHeld = true;
      await setTimeout(20);
      isHeld = false;
    },
    key,
    context,
  );
  await writer.write(randomBytes(60 * 16_384));
  await writer.abandon();
  const given = pieces;
  assert.ok(!isHeld && given < 4);
  await assert.rejects(writer.write(randomBytes(1)), TypeError);
  await assert.rejects(writer.end(), TypeError);
  await setTimeout(50);
  assert.equal(pieces, given);
});

test('a second call before the first has ended is a mistake', async () => {
  const writer = sealTo(() => undefined, key, context);
  const first = writer.write(randomBytes(10_000_000));
  await assert.rejects(writer.write(randomBytes(1)), TypeError);
  await first;
});

test('a range reads the prefix and the chunks it touches, and no more', async () => {
  const sealed = await sealBytes(key, context, randomBytes(10 * 16_384));
  const reads: [number, number][] = [];
  const source = {
    sizeBytes: sealed.length,
    read: async (offset: number, length: number) => {
      reads.push([offset, length]);
      return sealed.slice(offset, offset + length);
    },
  };
  await openRange(key, context, source, 3 * 16_384 - 1, 3 * 16_384 + 1);
  assert.deepEqual(reads, [
    [0, 56],
    [56 + 2 * 16_400, 2 * 16_400],
  ]);
});

test('a source that fails says so itself; one that gives too little is refused', async () => {
  const sealed = await sealBytes(key, context, randomBytes(100));
  const failing = { sizeBytes: sealed.length, read: () => Promise.reject(new Error('disk')) };
  await assert.rejects(openRange(key, context, failing, 0, 1), { message: 'disk' });
  const short = {
    sizeBytes: sealed.length,
    read: async (offset: number, length: number) => sealed.slice(offset, offset + length - 1),
  };
  await assert.rejects(openRange(key, context, short, 0, 1), { code: 'SEALED_INVALID' });
  await assert.rejects(openRange(key, context, sourceOf(sealed), 0, 101), RangeError);
  await assert.rejects(openRange(key, context, sourceOf(sealed), 2, 1), RangeError);
});

test('bytes of a pool and of shared memory seal as their own', async () => {
  const pooled = Buffer.from(nodeRandom(5000));
  const shared = new Uint8Array(new SharedArrayBuffer(5000));
  shared.set(pooled);
  assert.deepEqual(await openBytes(key, context, await sealBytes(key, context, pooled)), new Uint8Array(pooled));
  assert.deepEqual(await openBytes(key, context, await sealBytes(key, context, shared)), new Uint8Array(pooled));
});

test('the same bytes sealed twice have nothing in common', async () => {
  const [one, two] = [
    await sealBytes(key, context, new Uint8Array(64)),
    await sealBytes(key, context, new Uint8Array(64)),
  ];
  assert.notDeepEqual(one.slice(0, 24), two.slice(0, 24));
  assert.notDeepEqual(one.slice(56), two.slice(56));
});

function sourceOf(sealed: Uint8Array) {
  return {
    sizeBytes: sealed.length,
    read: async (offset: number, length: number) => sealed.slice(offset, offset + length),
  };
}
