import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  emptyStream,
  foldFindings,
  foldInto,
  foldStream,
  hasConflict,
  type StreamState,
  type WrittenBatch,
} from '../src/fold.ts';
import { encodeSnapshot, parseSnapshot, streamFromSnapshot } from '../src/snapshot.ts';
import type { DocumentKey, RecordVersion } from '../src/version.ts';

const name = (byte: number) => new Uint8Array(16).fill(byte);
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const content = (text: string, id = 'Basic/b') => `{"resourceType":"Basic","id":"${id.slice(6)}","x":"${text}"}`;

interface Said extends Partial<RecordVersion> {
  readonly at: number;
  readonly as: number;
  readonly over?: readonly number[];
}

function written(
  index: number,
  versions: readonly RecordVersion[],
  documents: readonly DocumentKey[] = [],
): WrittenBatch {
  return {
    index,
    entryId: hash(index),
    author: hash(200),
    receivedAt: 1000 + index,
    time: 2000 + index,
    batch: { patient: null, versions, documents },
  };
}

function say({ at, as, over = [], ...rest }: Said): WrittenBatch {
  const version = {
    id: 'Basic/b',
    version: name(as),
    replaces: over.map(name),
    change: 'edit' as const,
    fullUrl: null,
    content: content(`v${as}`, rest.id),
    ...rest,
  };
  return written(at, [version]);
}

const current = (state: StreamState, id = 'Basic/b') =>
  state.records.get(id)?.current.map((version) => version.version[0]);
const history = (state: StreamState, id = 'Basic/b') =>
  state.records.get(id)?.history.map((version) => version.version[0]);

test('an edit replaces what it says it replaces, and the history keeps both', () => {
  const state = foldStream([say({ at: 1, as: 1 }), say({ at: 2, as: 2, over: [1] })]);
  assert.deepEqual([current(state), history(state)], [[2], [1, 2]]);
  assert.deepEqual(foldFindings(state), []);
});

test('two edits of the same version are both kept and shown', () => {
  const state = foldStream([say({ at: 1, as: 1 }), say({ at: 2, as: 2, over: [1] }), say({ at: 3, as: 3, over: [1] })]);
  assert.deepEqual(current(state), [2, 3]);
  assert.ok(hasConflict(state.records.get('Basic/b') ?? assert.fail()));
});

test('a person settles a conflict with a version that replaces both', () => {
  const state = foldStream([say({ at: 1, as: 1 }), say({ at: 2, as: 2 }), say({ at: 3, as: 3, over: [1, 2] })]);
  assert.deepEqual(current(state), [3]);
});

test('the same content imported by two devices is no conflict', () => {
  const state = foldStream([
    say({ at: 1, as: 1, content: content('x') }),
    say({ at: 2, as: 2, content: content('x') }),
  ]);
  assert.equal(current(state)?.length, 2);
  assert.ok(!hasConflict(state.records.get('Basic/b') ?? assert.fail()));
});

test('a removal stands as the current version, and beside an edit it did not know', () => {
  const removed = { change: 'removed' as const, content: null };
  assert.deepEqual(current(foldStream([say({ at: 1, as: 1 }), say({ at: 2, as: 2, over: [1], ...removed })])), [2]);
  const state = foldStream([
    say({ at: 1, as: 1 }),
    say({ at: 2, as: 2, over: [1] }),
    say({ at: 3, as: 3, over: [1], ...removed }),
  ]);
  assert.deepEqual(current(state), [2, 3]);
});

test('a version seen twice counts once, at its first place', () => {
  const state = foldStream([say({ at: 5, as: 1 }), say({ at: 2, as: 1 }), say({ at: 9, as: 1 })]);
  assert.deepEqual(
    state.records.get('Basic/b')?.history.map((version) => version.index),
    [2],
  );
  assert.deepEqual(foldFindings(state), []);
});

test('one name for two contents keeps the first current, both in the history, and is reported', () => {
  for (const order of [
    [1, 4],
    [4, 1],
  ]) {
    const state = foldStream(order.map((at) => say({ at, as: 1, content: content(`at ${at}`) })));
    assert.deepEqual(
      state.records.get('Basic/b')?.current.map((version) => version.index),
      [1],
    );
    assert.equal(state.records.get('Basic/b')?.history.length, 2);
    assert.deepEqual(foldFindings(state), [
      { code: 'VERSION_REUSED', id: 'Basic/b', version: '01'.repeat(16), indexes: [1, 4] },
    ]);
  }
});

test('a version cannot replace what comes later, so no cycle can hide a record', () => {
  const state = foldStream([say({ at: 1, as: 1, over: [2] }), say({ at: 2, as: 2, over: [1] })]);
  assert.deepEqual(current(state), [2]);
  assert.deepEqual(foldFindings(state), [
    { code: 'REPLACES_LATER', id: 'Basic/b', version: '01'.repeat(16), indexes: [1, 2] },
  ]);
  const self = foldStream([say({ at: 1, as: 1, over: [1] })]);
  assert.deepEqual(current(self), [1]);
});

test('a version of one record cannot replace one of another', () => {
  const state = foldStream([say({ at: 1, as: 1 }), say({ at: 2, as: 2, over: [1], id: 'Basic/c' })]);
  assert.deepEqual([current(state), current(state, 'Basic/c')], [[1], [2]]);
});

test('versions of one save keep their order', () => {
  const make = (as: number, over: number[]): RecordVersion => ({
    id: 'Basic/b',
    version: name(as),
    replaces: over.map(name),
    change: 'import',
    fullUrl: null,
    content: content(`v${as}`),
  });
  const state = foldStream([written(3, [make(9, []), make(5, [9]), make(1, [5])])]);
  assert.deepEqual([current(state), history(state)], [[1], [9, 5, 1]]);
});

test('a document key given twice differently keeps the first and is reported', () => {
  const key = (byte: number): DocumentKey => ({
    blobId: name(1),
    key: hash(byte),
    sealedHash: hash(2),
    sealedSize: 2,
    size: 1,
    hash: hash(3),
    mediaType: 'text/plain',
  });
  for (const order of [
    [2, 6],
    [6, 2],
  ]) {
    const state = foldStream(order.map((at) => written(at, [], [key(at)])));
    assert.deepEqual(state.documents.get('01'.repeat(16))?.key, hash(2));
    assert.deepEqual(foldFindings(state), [{ code: 'DOCUMENT_REUSED', blobId: '01'.repeat(16), indexes: [2, 6] }]);
  }
});

/** A journal of few records and names, so that conflicts, repeats, clashes and cycles all come up. */
const journals = fc
  .array(
    fc.array(
      fc.record({
        id: fc.constantFrom('Basic/b', 'Basic/c'),
        as: fc.integer({ min: 0, max: 5 }),
        over: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
        text: fc.constantFrom('x', 'x', 'y'),
        key: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { maxLength: 12 },
  )
  .map((entries) =>
    entries.map((versions, index) =>
      written(
        index,
        versions.map(({ id, as, over, text }) => ({
          id,
          version: name(as),
          replaces: over.toSorted((a, b) => a - b).map(name),
          change: 'edit' as const,
          fullUrl: null,
          content: content(text),
        })),
        versions.flatMap(({ key, as }) =>
          key === null
            ? []
            : [
                {
                  blobId: name(as),
                  key: hash(key),
                  sealedHash: hash(1),
                  sealedSize: 1,
                  size: 1,
                  hash: hash(1),
                  mediaType: 'a/b',
                },
              ],
        ),
      ),
    ),
  );

test('any order of the same batches, and any repeats, give the same state', () => {
  const shuffled = journals.chain((journal) =>
    fc.tuple(fc.constant(journal), fc.shuffledSubarray([...journal, ...journal], { minLength: journal.length * 2 })),
  );
  fc.assert(
    fc.property(shuffled, ([journal, order]) => {
      const state = foldStream(journal);
      const other = foldStream(order);
      assert.deepEqual(other, state);
      assert.deepEqual(encodeSnapshot(other), encodeSnapshot(state));
      for (const record of state.records.values()) assert.ok(record.current.length > 0);
    }),
  );
});

test('a snapshot and what follows it give the same current versions as the whole journal', () => {
  /** Unlike the above, every version has a name of its own, as honest devices give them. */
  const honest = fc.array(
    fc.record({
      id: fc.constantFrom('Basic/b', 'Basic/c'),
      over: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 4 }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(honest, fc.integer({ min: 0, max: 20 }), (entries, cut) => {
      const journal = entries.map(({ id, over }, index) =>
        say({ at: index, as: index, over: over.toSorted((a, b) => a - b), id }),
      );
      const whole = foldStream(journal);
      const resumed = streamFromSnapshot(parseSnapshot(encodeSnapshot(foldStream(journal.slice(0, cut)))));
      for (const batch of journal.slice(cut)) foldInto(resumed, batch);
      for (const id of whole.records.keys()) assert.deepEqual(current(resumed, id), current(whole, id));
      assert.deepEqual(encodeSnapshot(resumed), encodeSnapshot(whole));
    }),
  );
});

test('folding one batch at a time is folding all', () => {
  const journal = [say({ at: 1, as: 1 }), say({ at: 2, as: 2, over: [1] }), say({ at: 3, as: 3, over: [1] })];
  const state = emptyStream();
  for (const batch of journal) foldInto(state, batch);
  assert.deepEqual(state, foldStream(journal));
});
