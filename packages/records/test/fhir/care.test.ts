import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AllergyFacts,
  allergyAnswer,
  allergyFacts,
  changedAllergy,
  endedNoneKnown,
  newAllergy,
  noKnownAllergy,
} from '../../src/fhir/allergy.ts';
import { changedCondition, conditionFacts, newCondition } from '../../src/fhir/condition.ts';
import {
  changedFamilyHistory,
  type FamilyFacts,
  familyFacts,
  newFamilyHistory,
} from '../../src/fhir/family-history.ts';
import { changedImmunization, newImmunization, type VaccineFacts, vaccineFacts } from '../../src/fhir/immunization.ts';
import { checkOwnResource } from '../../src/fhir/schema.ts';
import {
  changedSocialObservation,
  isSocialHistory,
  newSocialObservation,
  type SocialFacts,
  socialFacts,
} from '../../src/fhir/social-history.ts';
import {
  changedTreatment,
  newTreatment,
  stoppedPrescription,
  type TreatmentFacts,
  treatmentFacts,
} from '../../src/fhir/treatment.ts';
import { isJsonObject, type JsonObject, parseJson, stringifyJson } from '../../src/json-text.ts';

const patient = 'Patient/a';
const by = { patient, recorder: 'Practitioner/b', recordedDate: '2026-11-23T14:05:00+01:00' };

/** As it comes back from the vault. */
function stored(resource: object): JsonObject {
  const value = parseJson(JSON.stringify(resource));
  assert.ok(isJsonObject(value));
  return value;
}

/** What is undefined is not there. */
const told = (facts: object) => JSON.parse(JSON.stringify(facts));

const allergy: AllergyFacts = {
  ...{ substance: 'Amoxicilline', atc: 'J01CA04', category: 'medication', reaction: 'Urticaire', severity: 'moderate' },
  ...{ criticality: 'high', verification: 'unconfirmed', isOver: false, onset: '2004', note: 'Dit par sa mère' },
};
const treatment: TreatmentFacts = {
  ...{ medicine: 'Metformine 1000 mg', atc: 'A10BA02', cis: '60234100', dosage: '1 matin et soir', since: '2019-04' },
  ...{ until: '2026', status: 'stopped', reason: 'Diarrhée', note: 'Essai à 500' },
};
const vaccine: VaccineFacts = {
  ...{ vaccine: 'dTcaP (Repevax)', atc: 'J07CA02', date: '2026-11-23', lot: 'U3A12', expiry: '2027-05', site: 'LA' },
  ...{ route: 'IM', dose: 3, isOwn: true, note: 'Bien toléré' },
};
const relative: FamilyFacts = {
  ...{ relative: 'MTH', diagnosis: { code: 'C50.9', text: 'Cancer du sein' }, age: 52, note: 'Décédée' },
};
const smoker: SocialFacts = { kind: 'tobacco', tobacco: 'former', packYears: 12.5, text: 'Arrêt en 2015' };

const smokerSaid = newSocialObservation('s', { patient, performer: by.recorder, date: '2026' }, smoker);

describe('what a list of a file holds', () => {
  it('keeps its schema, and comes back as it was said', () => {
    const at = { patient, performer: by.recorder, recorded: by.recordedDate, date: '2026-11-23' };
    for (const [resource, read, facts] of [
      [newAllergy('a1', by, allergy), allergyFacts, allergy],
      [newTreatment('t1', by, treatment), treatmentFacts, treatment],
      [newImmunization('v1', at, vaccine), vaccineFacts, vaccine],
      [
        newImmunization('v2', at, { vaccine: 'Grippe', isOwn: false }),
        vaccineFacts,
        { vaccine: 'Grippe', isOwn: false },
      ],
      [
        newImmunization('v3', at, { vaccine: 'Grippe', isOwn: true, notDone: 'Refus' }),
        vaccineFacts,
        { vaccine: 'Grippe', isOwn: true, notDone: 'Refus' },
      ],
      [newFamilyHistory('f1', by, relative), familyFacts, relative],
      [newSocialObservation('s1', at, smoker), socialFacts, smoker],
      [
        newSocialObservation('s2', at, { kind: 'occupation', text: 'Boulanger' }),
        socialFacts,
        { kind: 'occupation', text: 'Boulanger' },
      ],
    ] as const) {
      checkOwnResource(resource);
      assert.deepEqual(told(read(stored(resource))), told(facts));
    }
  });

  it('is refused with a day that is none, or without words', () => {
    const at = { patient, performer: by.recorder, recorded: by.recordedDate, date: 'hier' };
    for (const make of [
      () => newAllergy('a', by, { substance: '' }),
      () => newTreatment('t', by, { medicine: 'Metformine', since: '2019-13' }),
      () => newImmunization('v', at, { vaccine: 'Grippe', isOwn: true, expiry: 'mai' }),
      () => newImmunization('v', at, { vaccine: 'Grippe', isOwn: true, dose: 0 }),
      () => newFamilyHistory('f', by, { relative: 'FTH', diagnosis: { code: null, text: '' } }),
      () => newSocialObservation('s', at, { kind: 'alcohol', text: 'Rien' }),
    ])
      assert.throws(make, { code: 'RESOURCE_INVALID' });
  });
});

describe('a change', () => {
  const imported = parseJson(
    `{"resourceType":"Condition","id":"c","meta":{"source":"x"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"},{"system":"http://hl7.org/fhir/sid/icd-10","code":"I10"}],"text":"HTA"},"subject":{"reference":"Patient/a"},"stage":[{"summary":{"text":"2"}}],"onsetAge":{"value":54.10},"abatementDateTime":"2020","clinicalStatus":{"coding":[{"code":"resolved"}]}}`,
  ) as JsonObject;

  it('leaves to the character what nobody changed of what was received', () => {
    const changed = changedCondition(imported, { ...conditionFacts(imported), note: 'Sous traitement' });
    assert.equal(stringifyJson({ ...changed, note: [] }), stringifyJson({ ...imported, note: [] }));
    assert.deepEqual(changed.note, [{ text: 'Sous traitement' }]);
  });

  it('takes away what was emptied, and writes anew what was said anew', () => {
    const facts = { ...conditionFacts(imported), diagnosis: { code: null, text: 'Tension' }, abatement: undefined };
    const changed = changedCondition(imported, facts);
    assert.deepEqual(changed.code, { text: 'Tension' });
    assert.equal('abatementDateTime' in changed, false);
    assert.equal(stringifyJson(changed.onsetAge ?? null), '{"value":54.10}');
  });

  it('keeps the items that the form does not show, and what stands beside a changed field', () => {
    const history: JsonObject = {
      ...{ resourceType: 'FamilyMemberHistory', id: 'f', relationship: { text: 'mère' } },
      note: [{ text: 'Vue en 2019', time: '2019' }, { text: 'Décédée' }],
      condition: [
        { code: { text: 'Cancer du sein' }, onsetString: 'jeune', outcome: { text: 'Guérie' } },
        { code: { text: 'Diabète' } },
      ],
    };
    const facts = { ...familyFacts(history), age: 41, note: 'Vue en 2020' };
    const { note, condition } = changedFamilyHistory(history, facts);
    assert.deepEqual(note, [{ text: 'Vue en 2020' }, { text: 'Décédée' }]);
    assert.equal(
      stringifyJson(condition ?? null),
      '[{"code":{"text":"Cancer du sein"},"outcome":{"text":"Guérie"},' +
        '"onsetAge":{"value":41,"unit":"ans","system":"http://unitsofmeasure.org","code":"a"}},' +
        '{"code":{"text":"Diabète"}}]',
    );
    const component = [
      { code: { text: 'Par jour' }, valueString: '10' },
      ...(stored(smokerSaid).component as JsonObject[]),
    ];
    const smoked = changedSocialObservation({ ...stored(smokerSaid), component }, { ...smoker, packYears: 20 }, '2026');
    assert.deepEqual(socialFacts(smoked), { ...smoker, packYears: 20 });
    assert.deepEqual((smoked.component as JsonObject[])[1], component[0]);
  });

  it('leaves one start where another software wrote it in its own way', () => {
    const taken = { resourceType: 'MedicationStatement', id: 'm', effectiveDateTime: '2019' };
    const facts = { ...treatmentFacts(taken), medicine: 'Metformine', since: '2020' };
    const changed = changedTreatment(taken, facts);
    assert.deepEqual([treatmentFacts(changed).since, 'effectiveDateTime' in changed], ['2020', false]);
    const emptied = changedTreatment(taken, { ...facts, since: undefined });
    assert.equal(treatmentFacts(emptied).since, undefined);
  });

  it('takes months for no years', () => {
    const onsetAge = { value: 18, unit: 'mois', code: 'mo' };
    assert.equal(familyFacts({ condition: [{ onsetAge }] }).age, undefined);
    assert.equal(familyFacts({ condition: [{ onsetAge: { ...onsetAge, unit: 'ans', code: 'a' } }] }).age, 18);
  });

  it('of each kind is checked as a new one is', () => {
    const whole = newCondition('c', { ...by, category: 'problem-list-item', diagnosis: { code: null, text: 'x' } });
    for (const change of [
      () => changedCondition(stored(whole), { diagnosis: { code: null, text: 'x' }, abatement: '2020' }),
      () => changedAllergy(stored(newAllergy('a', by, allergy)), { ...allergy, onset: '20' }),
      () => changedTreatment(stored(newTreatment('t', by, treatment)), { ...treatment, medicine: ' ' }),
      () => changedImmunization(imported, { ...vaccine, date: '2026-02-30' }),
      () => changedFamilyHistory(imported, { ...relative, diagnosis: { code: 'C 5 ', text: 'x' } }),
      () => changedSocialObservation(imported, smoker, '2026-11-31'),
    ])
      assert.throws(change, { code: 'RESOURCE_INVALID' });
  });

  it('stops a prescription without a word of it changed', () => {
    const order = {
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'active',
      dosageInstruction: [{ text: '1/j' }],
    };
    assert.deepEqual(stoppedPrescription(order, 'Toux'), {
      ...order,
      status: 'stopped',
      statusReason: { text: 'Toux' },
    });
  });
});

describe('"none known"', () => {
  it('answers no more once an allergy ended it, even if that allergy is taken back', () => {
    const none = noKnownAllergy('n', by);
    const ended = endedNoneKnown(stored(none)) as unknown as typeof none;
    checkOwnResource(ended);
    const refuted = newAllergy('a', by, { ...allergy, verification: 'refuted' });
    assert.equal(allergyAnswer([none]), 'none-known');
    assert.equal(allergyAnswer([ended, newAllergy('a', by, allergy)]), 'some');
    assert.equal(allergyAnswer([ended, refuted]), 'not-asked');
  });
});

describe('a way of life', () => {
  it('is told apart from a measure', () => {
    assert.equal(
      isSocialHistory(stored(newSocialObservation('s', { ...by, performer: 'Practitioner/b', date: '2026' }, smoker))),
      true,
    );
    assert.equal(isSocialHistory({ category: [{ coding: [{ code: 'vital-signs' }] }] }), false);
  });
});
