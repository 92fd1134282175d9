import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../src/bytes.ts';
import { platform as nodeBytes } from '../src/bytes-node.ts';
import { platform as webBytes } from '../src/bytes-web.ts';
import { platform as nodeDeflate } from '../src/deflate-node.ts';
import { platform as webDeflate } from '../src/deflate-web.ts';
import { platform as nodeHash } from '../src/hash-node.ts';
import { platform as webHash } from '../src/hash-web.ts';
import { randomBytes } from '../src/random.ts';
import { platform as nodeAead } from '../src/sealed/aead-node.ts';
import { platform as webAead } from '../src/sealed/aead-web.ts';
import { platform as nodeExpand } from '../src/sealed/expand-node.ts';
import { platform as webExpand } from '../src/sealed/expand-web.ts';
import { platform as nodeSignature } from '../src/signature-node.ts';
import { platform as webSignature } from '../src/signature-web.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((drawn) => new Uint8Array(drawn));

test('bytes read and write as the same text in Node and in browsers', () => {
  fc.assert(
    fc.property(bytes, fc.string(), (drawn, text) => {
      assert.equal(nodeBytes.toHex(drawn), webBytes.toHex(drawn));
      assert.deepEqual(nodeBytes.fromHex(webBytes.toHex(drawn)), drawn);
      assert.deepEqual(webBytes.fromHex(nodeBytes.toHex(drawn)), drawn);
      const encoded = nodeBytes.toBase64(drawn);
      assert.equal(encoded, webBytes.toBase64(drawn));
      assert.deepEqual(nodeBytes.fromBase64(encoded), webBytes.fromBase64(encoded));
      for (const one of [nodeBytes, webBytes]) assert.doesNotThrow(() => one.fromBase64(text));
    }),
  );
});

test('hashes are the same in Node and in browsers, whole and in pieces', () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      const whole = concatBytes(left, right);
      assert.deepEqual(nodeHash.sha256(whole), webHash.sha256(whole));
      for (const one of [nodeHash, webHash]) {
        const hasher = one.sha256Stream();
        hasher.update(left);
        hasher.update(right);
        assert.deepEqual(hasher.digest(), nodeHash.sha256(whole));
      }
    }),
  );
});

test('a key that was made ready gives the same of every message, in Node and in browsers', () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), (messages) => {
      const key = randomBytes(32);
      const [node, web] = [nodeExpand.hmac(key), webExpand.hmac(key)];
      for (const message of [...messages, messages[0]!]) {
        const given = web(message);
        assert.deepEqual([given, given.length], [node(message), 64]);
        assert.deepEqual(webExpand.hmac(key)(message), given);
        assert.deepEqual(node(message.subarray(0, 7), message.subarray(7)), given);
        assert.deepEqual(web(message.subarray(0, 7), message.subarray(7)), given);
      }
    }),
    { numRuns: 40 },
  );
});

test('what is sealed in Node opens in browsers and the other way round, and a changed bit opens in neither', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(), fc.nat(7), async (clear, at, bit) => {
      const [keyBytes, nonce] = [randomBytes(32), randomBytes(12)];
      const [node, web] = await Promise.all([nodeAead.importKey(keyBytes), webAead.importKey(keyBytes)]);
      const sealed = new Uint8Array(clear.length + 16);
      await node.seal(nonce, clear, sealed);
      const also = new Uint8Array(sealed.length);
      await web.seal(nonce, clear, also);
      assert.deepEqual(also, sealed);
      const changed = sealed.slice();
      changed[at % changed.length]! ^= 1 << bit;
      for (const one of [node, web]) {
        const opened = new Uint8Array(clear.length);
        await one.open(nonce, sealed, opened);
        assert.deepEqual(opened, clear);
        await assert.rejects(one.open(nonce, changed, opened));
        await assert.rejects(one.open(nonce, sealed.slice(0, at % 16), new Uint8Array(0)));
      }
    }),
    { numRuns: 40 },
  );
});

test('a seed signs the same in Node and in browsers, and both refuse what was changed', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(63), fc.nat(7), async (message, at, bit) => {
      const seed = randomBytes(32);
      const [node, web] = await Promise.all([nodeSignature.signer(seed), webSignature.signer(seed)]);
      const signature = await node.sign(message);
      assert.deepEqual([node.author, signature], [web.author, await web.sign(message)]);
      const changed = signature.slice();
      changed[at]! ^= 1 << bit;
      for (const one of [nodeSignature, webSignature]) {
        assert.equal(await one.verify(node.author, message, signature), true);
        assert.equal(await one.verify(node.author, message, changed), false);
      }
    }),
    { numRuns: 40 },
  );
});

const deflates = [nodeDeflate, webDeflate];

/** Zero bytes and drawn ones, around the sizes at which a stream stops for room. */
const contents = [0, 1, 60_000, 262_143, 262_144, 262_145, 600_000].flatMap((size) => [
  new Uint8Array(size),
  concatBytes(new Uint8Array(size), randomBytes(3000)),
]);

test('what one platform deflates the other inflates, and knows what stands behind its end', () => {
  for (const content of contents)
    for (const deflating of deflates) {
      const deflated = deflating.deflate(content);
      const behind = concatBytes(deflated, randomBytes(5));
      for (const { inflate } of deflates) {
        assert.deepEqual(inflate(deflated, { maxBytes: content.length }), { content, restBytes: 0 });
        assert.deepEqual(inflate(behind, { maxBytes: content.length }), { content, restBytes: 5 });
        if (content.length > 0) assert.equal(inflate(deflated, { maxBytes: content.length - 1 }), null);
        for (const cut of [1, 2, Math.ceil(deflated.length / 2)])
          assert.equal(inflate(deflated.subarray(0, -cut), { maxBytes: content.length }), null);
      }
    }
});

test('a damaged stream gives the same on both platforms, and nothing to the next one', () => {
  const content = new TextEncoder().encode('Poids 72 kg, taille 178 cm. '.repeat(30));
  const deflated = nodeDeflate.deflate(content);
  const limit = { maxBytes: 1_000_000 };
  fc.assert(
    fc.property(fc.nat(deflated.length - 1), fc.integer({ min: 1, max: 255 }), bytes, (at, change, other) => {
      const changed = deflated.slice();
      changed[at]! ^= change;
      assert.deepEqual(webDeflate.inflate(changed, limit), nodeDeflate.inflate(changed, limit));
      assert.deepEqual(webDeflate.inflate(other, limit), nodeDeflate.inflate(other, limit));
      assert.deepEqual(webDeflate.inflate(deflated, limit), { content, restBytes: 0 });
    }),
    { numRuns: 500 },
  );
});
