import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoPractice } from '@serment/records/demo/demo-practice';
import type { Fields } from '@serment/records/page/element-text';
import type { FileDifference } from '@serment/replica/file-travel';
import { fieldChanges } from '../../src/file-view/history.ts';
import { differenceViews, recordLine } from '../../src/file-view/travel-view.ts';
import { fields as english } from '../../src/i18n/en/fields.ts';
import { fields as french } from '../../src/i18n/fr/fields.ts';
import type { Language } from '../../src/i18n/language.ts';
import { leaves } from '../i18n/leaves.ts';

const named = (reference: string) => (reference === 'Practitioner/c' ? 'Camille Roux' : null);

function told(before: Fields | null, after: Fields | null, language: Language = 'fr'): [string, string][] {
  return fieldChanges(before, after, { language, named }).map(({ label, segments }) => [
    label,
    segments.map(({ text, kind }) => (kind === 'same' ? text : kind === 'added' ? `+${text}` : `-${text}`)).join(''),
  ]);
}

const treatment = {
  resourceType: 'MedicationRequest',
  id: 'a',
  status: 'active',
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'A10BA02' }], text: 'Metformine' },
  dosageInstruction: [{ text: '1 matin et soir' }],
  authoredOn: '2026-03-02T10:00:00+01:00',
  requester: { reference: 'Practitioner/b' },
};

test('what differs of a record is told in the words of its reader', () => {
  const changed = { ...treatment, status: 'stopped', dosageInstruction: [{ text: '1 matin' }] };
  assert.deepEqual(told(treatment, changed), [
    ['Statut', '-en cours+arrêté'],
    ['Posologie', '1 matin- et soir'],
  ]);
  assert.deepEqual(told(treatment, changed, 'en')[0], ['Status', '-active+stopped']);
  assert.deepEqual(told(null, treatment), [
    ['Statut', 'en cours'],
    ['Médicament', 'Metformine'],
    ['Posologie', '1 matin et soir'],
    ['Écrit le', '02/03/2026 10:00'],
  ]);
});

test('a step of what arrived is told in words, never by its code', () => {
  const coded = (code: string) => ({ coding: [{ system: 'urn:serment:task', code }] });
  const deposit = { resourceType: 'Task', id: 'a', status: 'requested', intent: 'order', code: coded('deposit') };
  const filed = { ...deposit, status: 'completed', businessStatus: coded('to-say'), note: [{ text: 'Venir demain' }] };
  assert.deepEqual(told(deposit, filed), [
    ['Statut', '-à faire+terminé'],
    ['Étape', '+à dire au patient'],
    ['Remarque', '+Venir demain'],
  ]);
  assert.deepEqual(told(deposit, filed, 'en')[1], ['Step', '+to say to the patient']);
  const [view] = differenceViews(
    [{ id: 'Task/a', kind: 'changed', was: JSON.stringify(deposit), is: JSON.stringify(filed) } as FileDifference],
    { language: 'fr', named },
  );
  assert.deepEqual([view?.type, view?.title], ['Suivi', 'Dépôt']);
  const report = { ...deposit, code: coded('to-read'), description: 'Biologie, Laboratoire Blanc' };
  assert.equal(recordLine(JSON.stringify(report), 'en'), 'Follow-up · To read, Biologie, Laboratoire Blanc');
  // Of another system, the code says something else.
  assert.deepEqual(told(null, { resourceType: 'Task', code: { coding: [{ system: 'urn:x', code: 'told' }] } }), [
    ['Suivi', 'told'],
  ]);
});

test('a value that changes its type stays one value', () => {
  const measure = { resourceType: 'Observation', id: 'a', code: { text: 'Poids' } };
  const changes = told(
    { ...measure, valueString: 'lourd' },
    { ...measure, valueQuantity: { value: JSON.rawJSON?.('82.50') ?? 82.5, unit: 'kg' } },
  );
  assert.deepEqual(changes, [['Valeur', '-lourd+82,50\u00a0kg']]);
});

test('what has no word is another field with its value, never a path', () => {
  const strange = (value: string) => ({
    ...{ resourceType: 'Basic', id: 'a', inventedElement: { deep: [{ valueCode: value }] } },
    extension: [{ url: 'urn:elsewhere', valueBoolean: value === 'x' }],
  });
  assert.deepEqual(told(strange('x'), strange('y')), [['Autre champ', '-x+y ; -oui+non']]);
  assert.deepEqual(told(strange('x'), strange('y'), 'en'), [['Other field', '-x+y ; -yes+no']]);
});

test('a difference that words leave out is told by its bare values', () => {
  const coded = { ...treatment, medicationCodeableConcept: { ...treatment.medicationCodeableConcept, coding: [] } };
  assert.equal(told(treatment, coded)[0]?.[0], 'Médicament');
  const note = { resourceType: 'Composition', id: 'a', title: 'Angine', status: 'preliminary' };
  assert.deepEqual(told(note, { ...note, status: 'final' }), [['Statut', '-provisoire+définitif']]);
});

test('whom a record names is told by name, and what has none by its kind', () => {
  const other = { ...treatment, requester: { reference: 'Practitioner/c' } };
  assert.deepEqual(told(treatment, other), [['Demandé par', '-Professionnel+Camille -…b+Roux']]);
  const unnamed = told(treatment, { ...treatment, requester: { reference: 'Encounter/9a1b2c3d' } });
  assert.match(unnamed[0]?.[1] ?? '', /2c3d$/);
  assert.doesNotMatch(JSON.stringify(unnamed), /Encounter|9a1b|Practitioner/);
});

test('no element of a practice is told by its name in FHIR', () => {
  const { other, name } = french.fields;
  const [known, unnamed] = [new Set<string>(Object.values(name)), new Set<string>()];
  for (const { resources } of demoPractice({ patients: 20, seed: 1, today: '2026-11-23' }).patients())
    for (const resource of resources)
      for (const { label } of fieldChanges(null, JSON.parse(JSON.stringify(resource)), { language: 'fr', named })) {
        assert.doesNotMatch(label, /^[a-z]|\./, `${resource.resourceType}: ${label}`);
        if (label === other) unnamed.add(resource.resourceType);
      }
  assert.ok(known.size > 50);
  assert.deepEqual([...unnamed].sort(), []);
});

test('both languages name the same', () => {
  assert.deepEqual(
    leaves(english).map(([key]) => key),
    leaves(french).map(([key]) => key),
  );
});
