import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Destination } from '../../src/copy/destination.ts';

const practice = 'ab'.repeat(32);
const tail = `${practice}/00000001/tail/0000000000000000-0000000000000003`;
const node = (number: string) => `${practice}/00000001/nodes/${number}`;

/** What every destination must do; `make` gives an empty one. */
export function testDestination(kind: Destination['kind'], make: () => Promise<Destination>): void {
  const bytes = new Uint8Array([1, 2, 3, 4, 5]);

  test(`${kind}: an object that was put is read back whole, in pieces and at an offset`, async () => {
    const destination = await make();
    await destination.put(node('000'), bytes);
    assert.deepEqual(await destination.get(node('000')), bytes);
    assert.deepEqual(await destination.read(node('000'), 1, 3), new Uint8Array([2, 3, 4]));
    assert.equal(await destination.size(node('000')), 5);
    assert.equal(await destination.has(node('000')), true);
    const pieces: number[] = [];
    for await (const piece of destination.stream(node('000'))) pieces.push(...piece);
    assert.deepEqual(pieces, [...bytes]);
    await destination.close();
  });

  test(`${kind}: what is not there has no size and is COPY_NOT_FOUND to read`, async () => {
    const destination = await make();
    assert.equal(await destination.size(node('000')), null);
    assert.equal(await destination.has(node('000')), false);
    await assert.rejects(destination.get(node('000')), { code: 'COPY_NOT_FOUND' });
    await assert.rejects(async () => destination.read(node('000'), 0, 1), { code: 'COPY_NOT_FOUND' });
    await assert.rejects(
      async () => {
        for await (const _ of destination.stream(node('000'))) assert.fail();
      },
      { code: 'COPY_NOT_FOUND' },
    );
  });

  test(`${kind}: reading past the end is COPY_DAMAGED`, async () => {
    const destination = await make();
    await destination.put(node('000'), bytes);
    await assert.rejects(async () => destination.read(node('000'), 3, 3), { code: 'COPY_DAMAGED' });
    await destination.close();
  });

  test(`${kind}: the same bytes may be put again, other bytes are COPY_NAME_TAKEN and change nothing`, async () => {
    const destination = await make();
    await destination.put(node('000'), bytes);
    await destination.put(node('000'), bytes);
    await assert.rejects(destination.put(node('000'), new Uint8Array([1, 2, 3, 4, 6])), { code: 'COPY_NAME_TAKEN' });
    await assert.rejects(destination.put(node('000'), new Uint8Array([1])), { code: 'COPY_NAME_TAKEN' });
    assert.deepEqual(await destination.get(node('000')), bytes);
    assert.deepEqual(await names(destination, ''), [node('000')]);
  });

  test(`${kind}: an empty object is an object`, async () => {
    const destination = await make();
    await destination.put(node('000'), new Uint8Array(0));
    assert.equal(await destination.size(node('000')), 0);
  });

  test(`${kind}: a batch that is abandoned leaves nothing, one that is committed leaves all`, async () => {
    const destination = await make();
    const batch = destination.batch();
    await batch.put(node('000'), bytes);
    await batch.put(node('001'), pieces([1, 2], [3]));
    await batch.abandon();
    assert.deepEqual(await names(destination, ''), []);
    const other = destination.batch();
    await other.put(node('000'), bytes);
    await other.put(node('001'), pieces([1, 2], [3]));
    await other.commit();
    await other.abandon();
    assert.deepEqual(await names(destination, `${practice}/`), [node('000'), node('001')]);
    assert.deepEqual(await destination.get(node('001')), new Uint8Array([1, 2, 3]));
  });

  test(`${kind}: a put whose content fails leaves nothing of it in the batch`, async () => {
    const destination = await make();
    const batch = destination.batch();
    await batch.put(node('000'), bytes);
    await assert.rejects(batch.put(node('001'), failing()));
    await batch.commit();
    await batch.abandon();
    assert.deepEqual(await names(destination, ''), [node('000')]);
  });

  test(`${kind}: a listing goes by whole path segments`, async () => {
    const destination = await make();
    await destination.put(node('000'), bytes);
    await destination.put(tail, bytes);
    await destination.put('host/0000000000000001', bytes);
    assert.deepEqual(await names(destination, `${practice}/00000001/tail/`), [tail]);
    assert.deepEqual(await names(destination, 'hos'), []);
    assert.deepEqual((await destination.listFolders('')).sort(), [practice, 'host'].sort());
    assert.deepEqual(await destination.listFolders('nowhere/'), []);
    await destination.settle('');
    await destination.settle('nowhere/');
  });

  if (kind === 's3') return;
  test(`${kind}: only tails are deleted, and one that is gone already is fine`, async () => {
    const destination = await make();
    await destination.put(tail, bytes);
    await destination.put(node('000'), bytes);
    await assert.rejects(destination.deleteTail(node('000')), { code: 'COPY_DELETE_REFUSED' });
    await assert.rejects(destination.deleteTail('../elsewhere'));
    await destination.deleteTail(tail);
    await destination.deleteTail(tail);
    assert.deepEqual(await names(destination, ''), [node('000')]);
  });
}

async function names(destination: Destination, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const name of destination.list(prefix)) found.push(name);
  return found.sort();
}

async function* pieces(...parts: number[][]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield new Uint8Array(part);
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(3);
  throw new RangeError('The source broke');
}
