import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Directory, type PatientRow } from '../src/directory.ts';

const row = (id: string, more: Partial<PatientRow> = {}): PatientRow => ({
  ...{ id, family: `Nom${id}`, birthFamily: null, given: 'Anna', birthDate: '1992-03-12', sex: 'female' },
  ...{ deceased: false, phones: [], identifiers: [], otherNames: [], replacedBy: null, changedAt: 0, conflict: false },
  ...more,
});
const ids = (rows: readonly PatientRow[]) => rows.map(({ id }) => id);

describe('merged records in the directory', () => {
  it('are one line, found by the names and numbers of both, until they are separated', () => {
    const directory = new Directory();
    directory.set(row('a', { family: 'Durand' }));
    directory.set(row('b', { family: 'Lévy', phones: ['0612345678'], otherNames: ['rose'] }));
    assert.equal(directory.size, 2);
    directory.set(row('b', { family: 'Lévy', phones: ['0612345678'], otherNames: ['rose'], replacedBy: 'a' }));
    assert.equal(directory.size, 1);
    assert.deepEqual(ids(directory.list()), ['a']);
    for (const query of ['levy', 'durand', '0612345678', 'rose'])
      assert.deepEqual(ids(directory.search(query, 9)), ['a']);
    assert.equal(directory.get('b')?.family, 'Lévy');
    assert.equal(directory.survivorOf('b'), 'a');
    assert.deepEqual(ids(directory.mergedInto('a')), ['b']);
    directory.set(row('b', { family: 'Lévy' }));
    assert.deepEqual(ids(directory.search('levy', 9)), ['b']);
    assert.deepEqual(ids(directory.search('0612345678', 9)), []);
    assert.deepEqual(directory.mergedInto('a'), []);
  });

  it('follow a chain, whatever order it comes in', () => {
    const directory = new Directory();
    directory.set(row('c', { replacedBy: 'b' }));
    assert.deepEqual(ids(directory.list()), ['c'], 'a record whose other one is not known stays');
    directory.set(row('b', { replacedBy: 'a' }));
    directory.set(row('a'));
    assert.deepEqual(ids(directory.list()), ['a']);
    assert.deepEqual(ids(directory.mergedInto('a')), ['b', 'c']);
    directory.delete('a');
    assert.deepEqual(ids(directory.list()), ['b']);
  });

  it('are both shown where each says that the other one goes on', () => {
    const directory = new Directory();
    directory.set(row('a', { replacedBy: 'b' }));
    directory.set(row('b', { replacedBy: 'a' }));
    assert.deepEqual(ids(directory.list()), ['a', 'b']);
    assert.deepEqual(directory.mergedInto('a'), []);
  });
});

it('whatever comes in whatever order, nobody is hidden but behind one who is shown', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const change = fc.record({ id, replacedBy: fc.option(id), isGone: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const directory = new Directory();
      const last = new Map<string, string | null>();
      for (const { id, replacedBy, isGone } of changes) {
        directory.list();
        if (isGone) directory.delete(id);
        else directory.set(row(id, { replacedBy: replacedBy === id ? null : replacedBy }));
        if (isGone) last.delete(id);
        else last.set(id, replacedBy === id ? null : replacedBy);
      }
      const shown = new Set(ids(directory.list()));
      for (const known of last.keys()) assert.ok(shown.has(directory.survivorOf(known)), known);
      const fresh = new Directory();
      for (const [known, replacedBy] of [...last].reverse()) fresh.set(row(known, { replacedBy }));
      assert.deepEqual(ids(fresh.list()), ids(directory.list()));
      for (const one of shown) assert.deepEqual(fresh.mergedInto(one), directory.mergedInto(one));
      assert.deepEqual(ids(fresh.search('anna', 9)), ids(directory.search('anna', 9)));
    }),
  );
});
