import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Directory, type PatientRow } from '../src/directory.ts';
import { proposalsFor } from '../src/identity-match.ts';

const row = (id: string, more: Partial<PatientRow>): PatientRow => ({
  ...{ id: `Patient/${id}`, family: 'Benoît', birthFamily: null, given: 'Suzanne', birthDate: '1958-05-03' },
  ...{ sex: 'female', deceased: false, phones: [], identifiers: [], changedAt: 0, conflict: false },
  ...{ otherNames: [], replacedBy: null },
  ...more,
});
const identity = {
  ...{ family: 'BENOIT', given: 'SUZANNE', birthFamily: null, birthDate: '1958-05-03', sex: null, nir: null },
} as const;

function propose(rows: readonly PatientRow[], asked: Parameters<typeof proposalsFor>[0]): string[] {
  const directory = new Directory();
  for (const one of rows) directory.set(one);
  return proposalsFor(asked, directory).map(({ row: { id }, confidence, homonyms, different }) =>
    `${id.slice(8)} ${confidence} ${homonyms} ${different.join()}`.trim(),
  );
}

describe('whose a received identity may be', () => {
  const nir = '258056926400161';

  it('is likely by name and birth date, and sure by the number too', () => {
    assert.deepEqual(propose([row('a', {})], identity), ['a likely 0']);
    assert.deepEqual(propose([row('a', { identifiers: [nir] })], { ...identity, nir }), ['a sure 0']);
    assert.deepEqual(propose([row('a', { identifiers: [nir] })], { ...identity, nir: nir.slice(0, 13) }), ['a sure 0']);
    assert.deepEqual(propose([row('a', { family: 'Martin', birthFamily: 'Benoit' })], identity), ['a likely 0']);
    assert.deepEqual(propose([row('a', { given: 'Suzanne Marie' })], identity), ['a likely 0']);
  });

  it('warns of every other patient of that name', () => {
    const rows = [row('a', {}), row('b', { birthDate: '1990-01-01' }), row('c', { birthDate: null })];
    assert.deepEqual(propose(rows, identity), ['a likely 2', 'c possible 2']);
    assert.deepEqual(propose(rows, { ...identity, birthDate: null }).sort(), [
      'a possible 2',
      'b possible 2',
      'c possible 2',
    ]);
    assert.deepEqual(propose([row('a', {}), row('twin', {})], identity), ['a likely 1', 'twin likely 1']);
  });

  it('is never sure of a child by a parent’s number', () => {
    const mother = row('mother', { identifiers: [nir] });
    const child = row('child', { given: 'Léo', birthDate: '2018-02-02', sex: 'male' });
    const asked = { ...identity, given: 'LEO', birthDate: '2018-02-02', nir };
    assert.deepEqual(propose([mother, child], asked), ['child likely 0', 'mother possible 0 given,birthDate']);
  });

  it('is nobody for a name alone that begins alike, and says what differs', () => {
    assert.deepEqual(propose([row('a', { given: 'Suzette' })], { ...identity, given: 'SUZ', birthDate: null }), []);
    assert.deepEqual(propose([row('a', { sex: 'male' })], { ...identity, sex: 'female' }), ['a possible 0 sex']);
    assert.deepEqual(propose([row('a', { birthDate: '1958-03-05' })], identity), []);
    assert.deepEqual(propose([], { ...identity, family: '', given: '' }), []);
  });
});
