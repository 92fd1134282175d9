import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ConditionInput, newCondition } from '../../src/fhir/condition.ts';
import { checkOwnResource } from '../../src/fhir/schema.ts';

const said: ConditionInput = {
  patient: 'Patient/a',
  category: 'problem-list-item',
  diagnosis: { code: 'I10', text: 'Hypertension artérielle' },
  recorder: 'Practitioner/b',
  recordedDate: '2026-11-23T14:05:00+01:00',
};

describe('a condition', () => {
  it('is active and confirmed unless it is said otherwise, with its code and the words of the screen', () => {
    const condition = newCondition('c1', said);
    checkOwnResource(condition);
    assert.deepEqual(condition.code, {
      coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }],
      text: 'Hypertension artérielle',
    });
    assert.equal(condition.clinicalStatus?.coding?.[0]?.code, 'active');
    assert.equal(condition.verificationStatus?.coding?.[0]?.code, 'confirmed');
    assert.equal(condition.category?.[0]?.coding?.[0]?.code, 'problem-list-item');
  });

  it('may be words alone', () => {
    const { code } = newCondition('c2', { ...said, diagnosis: { code: null, text: 'Douleur du 3e orteil' } });
    assert.deepEqual(code, { text: 'Douleur du 3e orteil' });
  });

  it('begins and ends on a day, in a month or in a year', () => {
    for (const [onset, abatement] of [
      ['1998', '2001'],
      ['1998-04', '2001-12'],
      ['1998-04-30', '2001-12-31'],
    ] as const) {
      const condition = newCondition('c3', { ...said, clinicalStatus: 'resolved', onset, abatement });
      assert.equal(condition.onsetDateTime, onset);
      assert.equal(condition.abatementDateTime, abatement);
    }
  });

  it('is refused with a day that is none, without words, or with an end while it goes on', () => {
    for (const wrong of [
      { onset: '2026-02-30' },
      { onset: 'enfance' },
      { diagnosis: { code: 'I10', text: ' ' } },
      { diagnosis: { code: 'I 10 ', text: 'HTA' } },
      { abatement: '2020' },
      { note: '' },
    ])
      assert.throws(() => newCondition('c4', { ...said, ...wrong }), { code: 'RESOURCE_INVALID' });
  });
});
