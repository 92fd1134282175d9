import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commonCodes } from '../../src/cim10/common-codes.ts';
import { cim10Search } from '../../src/cim10/search.ts';

const search = cim10Search();
const codesFor = (query: string, limit = 8) => search(query, limit).map(({ code }) => code);

describe('the common codes of CIM-10', () => {
  it('are three hundred at least, each once, in the form of a code, with a label and no sign that folds away', () => {
    const codes = commonCodes.map(([code]) => code);
    assert.ok(codes.length >= 300);
    assert.equal(new Set(codes).size, codes.length);
    for (const [code, label] of commonCodes) {
      assert.match(code, /^[A-Z]\d\d(\.\d)?$/);
      assert.match(label, /^\p{Lu}/u);
    }
  });

  it('are each found first by their code, with or without its point, and by their label', () => {
    for (const [code, label] of commonCodes) {
      assert.equal(codesFor(code)[0], code);
      assert.equal(codesFor(code.replace('.', '').toLowerCase())[0], code);
      assert.equal(codesFor(label)[0], code, label);
    }
  });

  it('are found by abbreviations and by the words of patients', () => {
    for (const [query, code] of [
      ['HTA', 'I10'],
      ['BPCO', 'J44.9'],
      ['RGO', 'K21.9'],
      ['dt2', 'E11.9'],
      ['fa', 'I48.9'],
      ['SII', 'K58'],
      ['mal de tete', 'R51'],
      ['rhume des foins', 'J30.1'],
      ['angine', 'J02.0'],
      ['otites', 'H66.0'],
    ] as const)
      assert.ok(codesFor(query, 4).includes(code), `${query}: ${codesFor(query, 4).join(' ')}`);
    assert.deepEqual(new Set(codesFor('mal de gorge', 9).slice(0, 5)).has('J02.9'), true);
  });

  it('are found without accents, in capitals, with another hyphen, in any order, by the beginnings of words', () => {
    assert.equal(codesFor('GASTRO ENTERITE')[0], 'A09');
    assert.equal(codesFor('gastroentérite')[0], 'A09');
    assert.equal(codesFor('gastro-entérite')[0], 'A09');
    assert.equal(codesFor('cheville entorse')[0], 'S93.4');
    assert.equal(codesFor('oesoph')[0], 'K21.0');
    assert.equal(codesFor('l’épaule')[0]?.startsWith('M75'), true);
  });

  it('are not found by what is none of them', () => {
    for (const query of ['', '   ', '’', 'zzz', 'I10 zzz', '%', '\u0000', '([']) assert.deepEqual(search(query, 8), []);
    assert.deepEqual(search('de', 0), []);
  });

  it('never break on what is typed, and give no more than asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 0, max: 5 }), (query, limit) => {
        assert.ok(search(query, limit).length <= limit);
      }),
    );
  });
});

describe('a larger table', () => {
  const larger = cim10Search([
    { code: 'I10', label: 'Hypertension essentielle (primitive)' },
    { code: 'i15.0 ', label: 'Hypertension vasculo-rénale' },
    { code: 'I15.1', label: '' },
    { code: 'I15.2', label: 'Hypertension secondaire à des atteintes endocriniennes' },
  ]);

  it('gives its labels, keeps the synonyms, and comes after what is common', () => {
    assert.deepEqual(larger('HTA', 1), [{ code: 'I10', label: 'Hypertension essentielle (primitive)' }]);
    const found = larger('hypertension', 8).map(({ code }) => code);
    assert.equal(found[0], 'I10');
    assert.ok(found.includes('I15.0') && found.includes('I15.2') && !found.includes('I15.1'));
    assert.equal(larger('hypertension arterielle', 1)[0]?.code, 'I10');
  });
});
