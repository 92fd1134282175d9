import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { utf8ToBytes } from '../../src/bytes.ts';
import { sha256 } from '../../src/hash.ts';
import { StreamHeads } from '../../src/journal/stream-heads.ts';
import { emptyRoot, Frontier } from '../../src/journal/tree.ts';
import { RecentWindow, windowSize } from '../../src/journal/window.ts';

const nth = (index: number) => sha256(utf8ToBytes(String(index)));

describe('recent window', () => {
  test('every root of the first sizes is told, before and after a restart at any size', () => {
    const roots = [emptyRoot];
    const frontier = new Frontier();
    let window = new RecentWindow();
    for (let index = 0; index < 1100; index += 1) {
      frontier.append(nth(index));
      roots.push(frontier.root());
      if (index % 97 === 0) window = RecentWindow.parse(window.toCbor());
      window.append(nth(index), nth(-index - 1));
      if (index % 50 !== 0) continue;
      for (const [size, root] of roots.entries()) assert.deepEqual(window.rootAt(size), root);
    }
    assert.equal(window.rootAt(1101), null);
    assert.equal(window.rootAt(-1), null);
  });

  test('roots and ids of the last 65 536 sizes are told, older ones are not', () => {
    const window = new RecentWindow();
    const frontier = new Frontier();
    const total = windowSize + 1000;
    const asked = [999, 1000, 1001, 1023, 1024, 1025, 40_000, total - 1, total];
    const roots = new Map<number, Uint8Array>();
    for (let index = 0; index < total; index += 1) {
      window.append(nth(index), nth(index));
      frontier.append(nth(index));
      if (asked.includes(index + 1)) roots.set(index + 1, frontier.root());
    }
    for (const size of asked) assert.deepEqual(window.rootAt(size), size < total - windowSize ? null : roots.get(size));
    assert.equal(window.hasId(nth(0)), false);
    assert.equal(window.hasId(nth(1100)), true);
    assert.equal(window.hasId(nth(total - 1)), true);
    assert.equal(window.hasId(nth(total)), false);
    const again = RecentWindow.parse(window.toCbor());
    for (const size of asked) assert.deepEqual(again.rootAt(size), window.rootAt(size));
    assert.deepEqual(again.toCbor(), window.toCbor());
    assert.equal(again.hasId(nth(1100)), true);
    assert.equal(again.hasId(nth(0)), false);
  });
});

describe('stream heads', () => {
  test('a hundred thousand streams keep each its last entry, before and after a restart', () => {
    const heads = new StreamHeads();
    const stream = (index: number) => nth(index).slice(0, 16);
    const names = ['admin', 'clinical', null];
    const head = (index: number, id: Uint8Array<ArrayBuffer>) => {
      return { index, id, compartment: names[(index % 2 ** 40) % 3] ?? null };
    };
    for (let index = 0; index < 100_000; index += 1) heads.set(stream(index), head(index, nth(index)));
    for (let index = 0; index < 1000; index += 1) heads.set(stream(index), head(2 ** 40 + index, nth(-index)));
    const again = StreamHeads.parse(heads.encode());
    for (const list of [heads, again]) {
      assert.equal(list.size, 100_000);
      assert.deepEqual(list.get(stream(5)), head(2 ** 40 + 5, nth(-5)));
      assert.deepEqual(list.get(stream(99_999)), head(99_999, nth(99_999)));
      assert.equal(list.get(stream(100_000)), null);
    }
    assert.deepEqual(again.encode(), heads.encode());
  });

  test('a list that is cut, or names a stream twice, is refused', () => {
    const heads = new StreamHeads();
    heads.set(new Uint8Array(16), { index: 1, id: nth(1), compartment: 'admin' });
    const bytes = heads.encode();
    assert.throws(() => StreamHeads.parse(bytes.slice(1)), { code: 'CBOR_INVALID' });
    assert.throws(() => StreamHeads.parse(new Uint8Array([...bytes, ...bytes])), { code: 'CBOR_INVALID' });
  });
});
