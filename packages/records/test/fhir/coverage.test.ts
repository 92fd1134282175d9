import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedCoverage, coverageFacts, newCoverage } from '../../src/fhir/coverage.ts';
import { inError } from '../../src/fhir/in-error.ts';
import { newRelative, patientsTold, readRelative, reversed } from '../../src/fhir/related-person.ts';
import { checkOwnResource } from '../../src/fhir/schema.ts';
import type { JsonObject } from '../../src/json-text.ts';
import { coverageDetails, coverageLine } from '../../src/page/rights-words.ts';

const source = { patient: 'Patient/p' };
const today = '2026-11-29';
const plain = (value: object) => JSON.parse(JSON.stringify(value)) as JsonObject;
const child = {
  ...({ coverage: 'amo', payer: 'CPAM du Rhône', payerCode: '016910000', insuredId: '2920369092123' } as const),
  ...({ relation: 'child', insuredName: 'Samia Benyahia', rank: '1', start: '2025-01-01', end: '2026-12-31' } as const),
  ...{ direct: 'intégral', note: 'Attestation vue' },
};

test('a coverage keeps all that a card says, and reads it back', () => {
  const coverage = newCoverage('a', source, child);
  checkOwnResource(coverage);
  assert.deepEqual(plain(coverageFacts(coverage)), child);
  assert.deepEqual(coverage.beneficiary, { reference: 'Patient/p' });
  assert.deepEqual(coverageDetails(child, today, 'fr'), [
    ...['jusqu’au 31/12/2026, à renouveler', 'organisme 016910000', '2 92 03 69 092 123'],
    ...['par son parent Samia Benyahia', 'rang 1', 'tiers payant : intégral', 'Attestation vue'],
  ]);
});

test('nothing is refused that may be said: no organism, an odd number, dates that cross', () => {
  const odd = { coverage: 'amc', relation: 'self', insuredId: '??', start: '2026-05', end: '2020' } as const;
  const coverage = newCoverage('a', source, odd);
  assert.deepEqual(plain(coverageFacts(coverage)), odd);
  assert.deepEqual(coverageLine(odd, today, 'fr'), {
    ...{ label: 'Complémentaire', detail: 'droit échu en 2020', isWarned: true },
  });
});

test('a coverage from elsewhere is read as far as it goes, and a change keeps the rest', () => {
  const foreign = plain({
    ...{ resourceType: 'Coverage', id: 'x', status: 'active', beneficiary: { reference: 'Patient/p' } },
    ...{ type: { text: 'Régime local' }, payor: [{ reference: 'Organization/o', display: 'CPAM' }, { display: 'B' }] },
    ...{ subscriber: { reference: 'RelatedPerson/r' }, class: [{ value: 'x' }] },
  });
  const facts = coverageFacts(foreign);
  assert.deepEqual(
    [facts.coverage, facts.label, facts.payer, facts.relation],
    ['other', 'Régime local', 'CPAM', 'self'],
  );
  const { period, ...rest } = changedCoverage(foreign, { ...facts, end: '2027' });
  assert.deepEqual([rest, period], [foreign, { end: '2027' }]);
  assert.doesNotThrow(() => coverageFacts({ payor: 3, type: [], extension: 'x' }));
});

test('a relative is told without their name, and says who it is of both', () => {
  const link = { patient: 'Patient/p', relative: 'Patient/q', kinship: 'GRPRN' } as const;
  const relative = newRelative('r', link);
  checkOwnResource(relative);
  assert.deepEqual(readRelative(relative), link);
  assert.deepEqual(patientsTold(relative), ['Patient/p', 'Patient/q']);
  assert.deepEqual(['name' in relative, reversed('GRPRN'), reversed('GUARD')], [false, 'GRNDCHILD', 'WARD']);
  assert.equal(inError(plain(relative)).active, false);
  // A relative of elsewhere is no patient here, and who is told by another reference is nobody here.
  assert.equal(readRelative({ resourceType: 'RelatedPerson', patient: { reference: 'Patient/p' } }), null);
  assert.deepEqual(patientsTold({ resourceType: 'Coverage', beneficiary: { reference: 'urn:uuid:1' } }), []);
  assert.deepEqual(patientsTold({ resourceType: 'Flag', subject: { reference: 'Patient/p' } }), []);
});
