import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insKindOf, isFictitiousIns, parseIns } from '../../src/identifiers/ins.ts';

test('the four authorities are told apart', () => {
  assert.equal(insKindOf('urn:oid:1.2.250.1.213.1.4.8'), 'INS-NIR');
  assert.equal(insKindOf('urn:oid:1.2.250.1.213.1.4.9'), 'INS-NIA');
  assert.equal(insKindOf('urn:oid:1.2.250.1.213.1.4.10'), 'INS-NIR-TEST');
  assert.equal(insKindOf('urn:oid:1.2.250.1.213.1.4.11'), 'INS-NIR-DEMO');
  assert.equal(insKindOf('urn:oid:1.2.250.1.213.1.4.80'), null);
  assert.equal(insKindOf(''), null);
});

test('test and demonstration identities are fictitious', () => {
  assert.deepEqual((['INS-NIR', 'INS-NIA', 'INS-NIR-TEST', 'INS-NIR-DEMO'] as const).map(isFictitiousIns), [
    false,
    false,
    true,
    true,
  ]);
});

test('a matricule is read with what is odd about it', () => {
  assert.deepEqual(parseIns('urn:oid:1.2.250.1.213.1.4.8', '260058815400233'), {
    kind: 'INS-NIR',
    value: '260058815400233',
    findings: [],
  });
  assert.deepEqual(parseIns('urn:oid:1.2.3', '2600588154002'), {
    kind: null,
    value: '260058815400233',
    findings: ['INS_SYSTEM', 'NIR_KEY_MISSING'],
  });
  assert.deepEqual(parseIns('urn:oid:1.2.250.1.213.1.4.8', 'abc'), {
    kind: 'INS-NIR',
    value: null,
    findings: ['NIR_FORM'],
  });
});
