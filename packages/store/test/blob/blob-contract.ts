import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Bytes } from '@serment/core/bytes';
import type { BlobStore } from '../../src/blob/blob-store.ts';
import { rejects } from '../rejects.ts';

const practice = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
let uploads = 0;

/** What every blob store must do. `open` gives one that is empty, or another on what the last one left. */
export function describeBlobStore(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name}, as any blob store`, () => {
    it('gives back what it took, whole and in ranges', async () => {
      const store = await open();
      const bytes = someBytes(700_001);
      const blob = { practice, hash: hashOf(bytes) };
      await store.put(blob, pieces(bytes, 65_000));
      assert.equal(await store.size(blob), bytes.length);
      assert.deepEqual(await collect(store.read(blob)), bytes);
      assert.deepEqual(
        await collect(store.read(blob, { start: 262_140, end: 262_150 })),
        bytes.slice(262_140, 262_150),
      );
      assert.deepEqual(await collect(store.read(blob, { start: 5, end: 5 })), new Uint8Array());
    });

    it('keeps nothing of bytes that do not hash to the name', async () => {
      const store = await open();
      const blob = { practice, hash: hashOf(someBytes(11)) };
      await rejects(store.put(blob, pieces(someBytes(12), 5)), 'BLOB_MISMATCH');
      assert.equal(await store.size(blob), null);
      await rejects(collect(store.read(blob)), 'BLOB_UNKNOWN');
    });

    it('keeps nothing of bytes that stop coming', async () => {
      const store = await open();
      const blob = { practice, hash: hashOf(someBytes(13)) };
      async function* broken() {
        yield someBytes(6);
        throw new RangeError('gone');
      }
      await assert.rejects(store.put(blob, broken()), /gone/);
      assert.equal(await store.size(blob), null);
    });

    it('mends what is missing, and what has other bytes keeps its place until right ones came', async () => {
      const store = await open();
      const bytes = someBytes(3000);
      const blob = { practice, hash: hashOf(bytes) };
      await rejects(store.mend(blob, pieces(someBytes(12), 5)), 'BLOB_MISMATCH');
      assert.equal(await store.size(blob), null);
      await store.mend(blob, pieces(bytes, 100));
      assert.deepEqual(await collect(store.read(blob)), bytes);
      await store.mend(blob, pieces(someBytes(12), 5));
      assert.deepEqual(await collect(store.read(blob)), bytes);
    });

    it('takes the same bytes twice, at once too', async () => {
      const store = await open();
      const bytes = someBytes(5000);
      const blob = { practice, hash: hashOf(bytes) };
      await Promise.all([store.put(blob, pieces(bytes, 100)), store.put(blob, pieces(bytes, 4999))]);
      await store.put(blob, pieces(bytes, 5000));
      assert.deepEqual(await collect(store.read(blob)), bytes);
    });

    it('holds practices apart', async () => {
      const store = await open();
      const bytes = someBytes(77);
      await store.put({ practice, hash: hashOf(bytes) }, pieces(bytes, 77));
      assert.equal(await store.size({ practice: other, hash: hashOf(bytes) }), null);
    });

    it('joins parts that came in any order, twice, and survives a restart in between', async () => {
      const first = await open();
      const bytes = someBytes(250);
      const upload = newUpload();
      await first.putPart(upload, 2, bytes.subarray(200));
      await first.putPart(upload, 0, bytes.subarray(0, 100));
      await first.putPart(upload, 0, bytes.subarray(0, 100));
      const second = await open();
      assert.deepEqual(await second.parts(upload), [0, 2]);
      const blob = { practice, hash: hashOf(bytes) };
      await rejects(second.join(upload, 3, blob), 'UPLOAD_INCOMPLETE');
      await second.putPart(upload, 1, bytes.subarray(100, 200));
      await second.join(upload, 3, blob);
      assert.deepEqual(await collect(second.read(blob)), bytes);
      assert.deepEqual(await second.parts(upload), []);
    });

    it('refuses a part that comes again with other bytes', async () => {
      const store = await open();
      const upload = newUpload();
      await store.putPart(upload, 0, someBytes(10));
      await rejects(store.putPart(upload, 0, new Uint8Array(10).fill(9)), 'PART_CONFLICT');
      await rejects(store.putPart(upload, 0, someBytes(9)), 'PART_CONFLICT');
      await store.putPart(upload, 0, someBytes(10));
    });

    it('drops parts that do not make the hash', async () => {
      const store = await open();
      const upload = newUpload();
      await store.putPart(upload, 0, someBytes(10));
      await rejects(store.join(upload, 1, { practice, hash: hashOf(someBytes(20)) }), 'BLOB_MISMATCH');
      assert.deepEqual(await store.parts(upload), []);
    });

    it('forgets an upload that is dropped, and minds no absent one', async () => {
      const store = await open();
      const upload = newUpload();
      await store.putPart(upload, 0, someBytes(10));
      await store.drop(upload);
      await store.drop(upload);
      assert.deepEqual(await store.parts(upload), []);
      await store.putPart(upload, 0, someBytes(30));
      assert.deepEqual(await store.parts(upload), [0]);
    });
  });
}

export function someBytes(sizeBytes: number): Bytes {
  return Uint8Array.from({ length: sizeBytes }, (_, place) => (place * 31 + sizeBytes) % 251);
}

export function hashOf(bytes: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export async function* pieces(bytes: Uint8Array, sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += sizeBytes) yield bytes.subarray(start, start + sizeBytes);
}

export async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of content) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}

function newUpload() {
  uploads += 1;
  return { practice, upload: new Uint8Array(16).fill(uploads) };
}
