import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Identity, readIdentity, statusAfter } from '../../src/fhir/identity.ts';
import { editIdentity } from '../../src/fhir/identity-edit.ts';
import { newPatient } from '../../src/fhir/patient.ts';
import { isJsonObject, type JsonObject, parseJson, stringifyJson } from '../../src/json-text.ts';

const today = '2026-11-29';
const mode = 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-mode-validation-identity';

function parse(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : assert.fail();
}

const own = parse(
  JSON.stringify(
    newPatient('anna', {
      ...{ birthName: 'Durand', firstGivenName: 'Anna', birthGivenNames: 'Anna Rose', usedName: 'Lévy' },
      ...{ birthDate: '1954-03-12', sex: 'female', birthPlaceCode: '69123', birthPlaceName: 'Lyon' },
      ...{ identityStatus: 'validated', ins: { kind: 'INS-NIR-TEST', value: '254036912300107' } },
      ...{ mobile: '0612345678', address: { line: ['1 rue Haute', 'Bât. B'], postalCode: '69001', city: 'Lyon' } },
    }),
  ),
);

/** As another system writes one: a maiden name, numbers that no double holds, fields that Serment does not know. */
const foreign = parse(
  `{"resourceType":"Patient","id":"f","meta":{"lastUpdated":"2020-01-01T00:00:00Z"},"extension":[
    {"url":"urn:weight","valueDecimal":3.10},
    {"url":"https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability","extension":[
      {"url":"identityStatus","valueCoding":{"code":"QUAL"}},{"url":"methodCollection","valueCoding":{"code":"INSI"}}]},
    {"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"district":"9e","city":"Paris"}}],
  "identifier":[{"system":"urn:ipp","value":"007"},
    {"use":"official","system":"urn:oid:1.2.250.1.213.1.4.8","value":"254037512300134","assigner":{"display":"x"}}],
  "name":[{"use":"maiden","family":"Roy","prefix":["Mme"]},{"use":"official","family":"Petit","given":["Zoé","Lou"]}],
  "telecom":[{"system":"fax","value":"1"},{"system":"phone","value":"+33 1 42","rank":12345678901234567890}],
  "gender":"female","_birthDate":{"extension":[{"url":"urn:time","valueDateTime":"1954-03-12T08:00:00+01:00"}]},
  "birthDate":"1954-03","address":[{"use":"old","city":"Nice"},{"city":"Paris","country":"FR","period":{"start":"2001"}}],
  "contact":[{"name":{"family":"Petit","given":["Paul"]},"gender":"male","relationship":[{"text":"époux"}]}],
  "photo":[{"hash":"aGFzaA=="}]}`.replace(/\n */g, ''),
);

describe('the identity of a patient as a form changes it', () => {
  it('reads what was written, and what another system wrote as far as it goes', () => {
    const { birthName, usedName, usedGivenName, status, addressLines } = readIdentity(own);
    assert.deepEqual(
      { birthName, usedName, usedGivenName, status, addressLines },
      {
        ...{ birthName: 'Durand', usedName: 'Lévy', usedGivenName: '', status: 'validated' },
        addressLines: '1 rue Haute\nBât. B',
      },
    );
    const read = readIdentity(foreign);
    assert.equal(read.birthName, 'Roy');
    assert.equal(read.usedName, 'Petit');
    assert.equal(read.birthDate, '1954-03');
    assert.equal(read.status, 'qualified');
    assert.deepEqual(read.persons, [{ place: 0, name: 'Paul Petit', relation: 'époux', role: '', phone: '' }]);
  });

  it('changes nothing where nothing was changed', () => {
    for (const patient of [own, foreign])
      assert.equal(stringifyJson(editIdentity(patient, readIdentity(patient), today)), stringifyJson(patient));
  });

  it('keeps numbers, unknown extensions and other identifiers through a change of each field', () => {
    const identity = { ...readIdentity(foreign), phone: '0478000000', birthPlaceName: 'Lyon', nir: '254037512300135' };
    const text = stringifyJson(editIdentity(foreign, { ...identity, city: 'Lyon', birthRank: '2' }, today));
    for (const kept of [
      '3.10',
      '12345678901234567890',
      '"assigner"',
      '"007"',
      '"9e"',
      '"_birthDate"',
      '"photo"',
      '"Mme"',
    ])
      assert.ok(text.includes(kept), kept);
    assert.ok(text.includes('"city":"Lyon","country":"FR","period":{"start":"2001"}'));
    assert.ok(text.includes('"multipleBirthInteger":2'));
  });

  it('brings a validated identity back to provisional when a strict trait changes, and forgets what was seen', () => {
    const proven = editIdentity(own, { ...readIdentity(own), proof: 'PA' }, today);
    assert.ok(
      stringifyJson(proven).includes(`{"url":"validationMode","valueCoding":{"system":"${mode}","code":"PA"}}`),
    );
    assert.ok(stringifyJson(proven).includes(`{"url":"validationDate","valueDate":"${today}"}`));
    const moved = editIdentity(proven, { ...readIdentity(proven), birthDate: '1954-12-03' }, today);
    assert.equal(readIdentity(moved).status, 'provisional');
    assert.equal(readIdentity(moved).proof, '');
    const contacts = editIdentity(proven, { ...readIdentity(proven), mobile: '0600000000', usedName: '' }, today);
    assert.equal(readIdentity(contacts).status, 'validated');
    const seenAnew = { ...readIdentity(proven), birthName: 'Durant', proof: 'CN' };
    assert.equal(readIdentity(editIdentity(proven, seenAnew, today)).status, 'validated');
  });

  it('never gives a status that only the national service gives', () => {
    const before = readIdentity(own);
    for (const status of ['qualified', 'retrieved'] as const)
      assert.equal(statusAfter(before, { ...before, status }), 'validated');
    const qualified = readIdentity(foreign);
    assert.equal(statusAfter(qualified, { ...qualified, city: 'Nice' }), 'qualified');
    assert.equal(statusAfter(qualified, { ...qualified, firstGivenName: 'Zoe' }), 'provisional');
  });

  it('takes the same number typed with spaces for the same, and keeps one that cannot be read', () => {
    const before = readIdentity(own);
    assert.equal(statusAfter(before, { ...before, nir: '2 54 03 69 123 001 07' }), 'validated');
    assert.equal(readIdentity(editIdentity(own, { ...before, nir: ' 12 AB ' }, today)).nir, '12 AB');
  });

  it('refuses what no Patient says', () => {
    for (const wrong of [{ birthName: ' ' }, { birthDate: '1954-02-30' }, { birthRank: '0' }, { deceased: 'hier' }])
      assert.throws(() => editIdentity(own, { ...readIdentity(own), ...wrong }, today), { code: 'RESOURCE_INVALID' });
  });
});

const word = fc.stringMatching(/^[A-Z][a-zé]{1,6}$/);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const unknown = fc.dictionary(fc.stringMatching(/^x[a-z]{1,4}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const name = fc
  .record(
    { use: fc.constantFrom('official', 'usual', 'maiden', 'old', 'nickname'), family: word, given: fc.array(word) },
    { requiredKeys: [] },
  )
  .chain((one) => unknown.map((more) => ({ ...more, ...one })));
const point = fc
  .record(
    { system: fc.constantFrom('phone', 'email', 'fax'), use: fc.constantFrom('mobile', 'home', 'old'), value: word },
    { requiredKeys: ['system', 'value'] },
  )
  .chain((one) => unknown.map((more) => ({ ...more, ...one })));
const kindOf = ({ system, use }: { system: string; use?: string }) =>
  use === 'old' || system !== 'phone' ? `${system} ${use === 'old'}` : `phone ${use === 'mobile'}`;
const patients = fc
  .record(
    {
      name: fc.uniqueArray(name, { selector: ({ use }) => use, maxLength: 4 }),
      // One of each that the form shows: a second one takes the place of the first where that is taken away.
      telecom: fc.uniqueArray(point, { selector: kindOf, maxLength: 6 }),
      birthDate: fc.constantFrom('1954', '1954-03', '1954-03-12'),
      gender: fc.constantFrom('male', 'female'),
      address: fc.uniqueArray(fc.record({ use: fc.constantFrom('home', 'old'), city: word }), {
        selector: ({ use }) => use,
        maxLength: 2,
      }),
    },
    { requiredKeys: [] },
  )
  .chain((known) =>
    unknown.map((more) => parse(JSON.stringify({ ...more, ...known, resourceType: 'Patient', id: 'p' }))),
  );
const changes = fc.record(
  {
    birthName: word,
    firstGivenName: word,
    birthGivenNames: word,
    usedName: maybe(word),
    usedGivenName: maybe(word),
    birthDate: fc.constantFrom('1960', '1960-01', '1960-01-31'),
    mobile: maybe(word),
    phone: maybe(word),
    email: maybe(word),
    addressLines: maybe(word),
    city: maybe(word),
    birthPlaceCode: maybe(fc.constantFrom('2A004', '99352')),
    nir: maybe(fc.constantFrom('254036912300107')),
    deceased: maybe(fc.constantFrom('yes', '2026', '2026-01-02')),
  },
  { requiredKeys: [] },
);

it('reads back what was changed, and all else stays: fields, other items, their order', () => {
  fc.assert(
    fc.property(patients, changes, (patient, change) => {
      const before = readIdentity(patient);
      const asked = { ...before, ...Object.fromEntries(Object.entries(change).map(([key, to]) => [key, to ?? ''])) };
      const edited = editIdentity(patient, asked, today);
      // What is the same in use as at birth is not told twice.
      const same = (used: string, birth: string) => (used === birth ? '' : used);
      const expected: Identity = {
        ...asked,
        usedName: same(asked.usedName, asked.birthName),
        usedGivenName: same(asked.usedGivenName, asked.firstGivenName),
      };
      assert.deepEqual(readIdentity(edited), expected);
      for (const key of Object.keys(patient).filter((one) => one.startsWith('x')))
        assert.equal(JSON.stringify(edited[key]), JSON.stringify(patient[key]));
      const others = (from: JsonObject) =>
        (Array.isArray(from.telecom) ? from.telecom : []).filter(
          (one) => isJsonObject(one) && (one.use === 'old' || one.system === 'fax'),
        );
      assert.equal(JSON.stringify(others(edited)), JSON.stringify(others(patient)));
    }),
  );
});
