import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linkedPatients, mergePatients, separatePatients } from '../../src/fhir/patient-merge.ts';

describe('two records of one person', () => {
  const one = { resourceType: 'Patient', id: 'one', photo: [{ title: 'x' }] };
  const seealso = { other: { reference: 'Patient/two' }, type: 'seealso' };
  const two = {
    resourceType: 'Patient',
    id: 'two',
    link: [{ other: { reference: 'RelatedPerson/one' }, type: 'seealso' }],
  };

  it('say of each other which goes on, and nothing else changes', () => {
    const [kept, gone] = mergePatients(one, two);
    assert.deepEqual(linkedPatients(kept, 'replaces'), ['Patient/two']);
    assert.deepEqual(linkedPatients(gone, 'replaced-by'), ['Patient/one']);
    assert.deepEqual(kept.photo, one.photo);
    assert.equal((gone.link as unknown[]).length, 2);
    assert.deepEqual(separatePatients(kept, gone), [one, two]);
    assert.deepEqual(separatePatients(gone, kept), [two, one]);
  });

  it('say it once, the last way round', () => {
    const [kept, gone] = mergePatients(...mergePatients(one, two));
    assert.equal((kept.link as unknown[]).length, 1);
    const [other, first] = mergePatients(gone, kept);
    assert.deepEqual(linkedPatients(other, 'replaces'), ['Patient/one']);
    assert.deepEqual(linkedPatients(other, 'replaced-by'), []);
    assert.deepEqual(linkedPatients(first, 'replaced-by'), ['Patient/two']);
  });

  it('keep what they say of each other besides', () => {
    const [separated] = separatePatients({ ...one, link: [seealso] }, two);
    assert.deepEqual(separated.link, [seealso]);
  });

  it('are nobody where the link is none', () => {
    for (const odd of [null, 'x', {}, { link: 'x' }, { link: [null, { type: 'replaced-by' }] }])
      assert.deepEqual(linkedPatients(odd, 'replaced-by'), []);
  });
});
