import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedConsent, consentFacts, newConsent } from '../../src/fhir/consent.ts';
import { inError } from '../../src/fhir/in-error.ts';
import { changedInformation, informationFacts, isInformation, newInformation } from '../../src/fhir/information.ts';
import { checkOwnResource } from '../../src/fhir/schema.ts';
import type { JsonObject } from '../../src/json-text.ts';
import { consentLine, informationLine } from '../../src/page/rights-words.ts';

const source = { patient: 'Patient/p', recorder: 'Practitioner/m' };
const given = {
  ...({ kind: 'messages', decision: 'given', date: '2024-03-12', form: 'WRITTEN', by: 'patient' } as const),
  document: 'DocumentReference/d',
};
const plain = (value: object) => JSON.parse(JSON.stringify(value)) as JsonObject;

test('a consent says who gave it, how, and to what; a refusal reads the same by its status and by its provision', () => {
  const consent = newConsent('a', source, given);
  checkOwnResource(consent);
  assert.deepEqual(
    [consent.status, consent.provision.type, consent.performer],
    ['active', 'permit', [{ reference: 'Patient/p' }]],
  );
  assert.deepEqual(plain(consentFacts(consent)), given);
  const refused = newConsent('b', source, { ...given, decision: 'refused' });
  assert.deepEqual([refused.status, refused.provision.type], ['rejected', 'deny']);
  assert.equal(consentFacts(refused).decision, 'refused');
});

test('a withdrawal keeps what was given, and since when it counts no more', () => {
  const consent = plain(newConsent('a', source, given));
  const withdrawn = changedConsent(consent, { ...consentFacts(consent), withdrawn: '2026-01-05' });
  assert.deepEqual(
    [withdrawn.status, withdrawn.provision],
    ['inactive', { type: 'permit', period: { start: '2024-03-12', end: '2026-01-05' } }],
  );
  assert.deepEqual(withdrawn.extension, consent.extension);
  assert.deepEqual(consentLine(consentFacts(withdrawn), 'fr'), {
    label: 'SMS et courriels',
    detail: 'retiré le 05/01/2026, accepté le 12/03/2024, écrit',
  });
  assert.equal(inError(withdrawn).status, 'entered-in-error');
});

test('of a minor, it says who consented; a secret that was asked for is no consent of the parents', () => {
  const care = newConsent('a', source, { kind: 'minor', decision: 'given', by: 'parent', byName: 'Mme Roy, mère' });
  assert.deepEqual(care.performer, [{ display: 'Mme Roy, mère' }]);
  assert.deepEqual(consentLine(consentFacts(care), 'fr').detail, 'accepté, par Mme Roy, mère');
  const secret = newConsent('b', source, { kind: 'secrecy', decision: 'given', by: 'patient', date: '2026' });
  assert.deepEqual(consentLine(consentFacts(secret), 'fr').detail, 'demandé en 2026');
});

test('a consent from elsewhere is read as far as it goes, and keeps what is not understood', () => {
  const foreign = {
    ...{ resourceType: 'Consent', id: 'x', status: 'active', patient: { reference: 'Patient/p' } },
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
    category: [{ text: 'Cohorte CONSTANCES' }],
    ...{ dateTime: '2020-05-01T10:00:00+02:00', policyRule: { text: 'Règlement' } },
  } as JsonObject;
  const facts = consentFacts(foreign);
  assert.deepEqual(
    [facts.kind, facts.label, facts.decision, facts.by],
    ['other', 'Cohorte CONSTANCES', 'given', 'patient'],
  );
  const changed = changedConsent(foreign, { ...facts, note: 'Suivi à 5 ans' });
  assert.deepEqual(
    [changed.category, changed.policyRule, changed.dateTime, changed.scope],
    [foreign.category, foreign.policyRule, foreign.dateTime, foreign.scope],
  );
  assert.equal(consentFacts(changed).note, 'Suivi à 5 ans');
  assert.doesNotThrow(() => consentFacts({ category: 'x', performer: 3, provision: [] }));
});

test('that a patient was informed has its subject, its day and who told it', () => {
  const told = newInformation('a', source, { topic: 'Directives anticipées', date: '2026-10', form: 'VERBAL' });
  checkOwnResource(told);
  assert.equal(isInformation(told), true);
  assert.equal(isInformation({ resourceType: 'Communication', payload: [{ contentString: 'Rappeler' }] }), false);
  const changed = changedInformation(plain(told), { ...informationFacts(told), by: 'Dr Roy', note: 'Brochure remise' });
  assert.deepEqual(informationLine(informationFacts(changed), 'fr'), {
    label: 'Directives anticipées',
    detail: 'en 10/2026, oral, par Dr Roy, Brochure remise',
  });
  assert.deepEqual(changed.subject, { reference: 'Patient/p' });
});
