import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alikeness, soundOf } from '../src/alike.ts';
import { type AlikeCandidate, Directory, type PatientRow } from '../src/directory.ts';

const anna: AlikeCandidate = {
  ...{ family: 'Lefèvre', birthFamily: null, given: 'Anna', birthDate: '1992-03-12', sex: 'female' },
  ...{ identifiers: [], phones: ['0612345678'] },
};

const row = (id: string, more: Partial<PatientRow>): PatientRow => ({
  ...{ ...anna, id, deceased: false, otherNames: [], replacedBy: null, changedAt: 0, conflict: false },
  ...more,
});

describe('two records that may be of one person', () => {
  const cases: readonly (readonly [name: string, other: Partial<AlikeCandidate>, reasons: readonly string[] | null])[] =
    [
      ['the same', {}, ['same-name', 'same-birth', 'phone']],
      ['another spelling', { family: 'LEFEBVRE', phones: [] }, ['sound', 'same-birth']],
      ['one that sounds alike', { family: 'Lefaivre', given: 'Ana', phones: [] }, ['sound', 'same-birth']],
      ['names swapped', { family: 'Anna', given: 'Lefevre', phones: [] }, ['swapped-names', 'same-birth']],
      ['day and month swapped', { birthDate: '1992-12-03', phones: [] }, ['same-name', 'day-month']],
      ['the birth name', { family: 'Roy', birthFamily: 'Lefevre', phones: [] }, ['same-name', 'same-birth']],
      ['a year alone', { birthDate: '1992', phones: [] }, ['same-name', 'same-birth']],
      ['no birth, the same phone', { birthDate: null, phones: ['+33 6 12 34 56 78'] }, ['same-name', 'phone']],
      ['no birth', { birthDate: null, phones: [] }, null],
      ['another birth', { birthDate: '1993-03-12' }, null],
      ['another given name', { given: 'Zoé' }, null],
      ['another family', { family: 'Roy' }, null],
    ];
  for (const [name, other, reasons] of cases)
    it(`${reasons === null ? 'leaves' : 'finds'} ${name}`, () => {
      assert.deepEqual(alikeness(anna, { ...anna, ...other })?.reasons ?? null, reasons);
    });

  it('takes the same identifier alone for enough', () => {
    const numbered = { ...anna, identifiers: ['292037512300134'] };
    assert.deepEqual(alikeness(numbered, { ...numbered, family: 'Roy', given: 'Zoé', birthDate: null })?.reasons, [
      'identifier',
      'phone',
    ]);
  });

  it('leaves twins apart in a list, and warns of them at a creation', () => {
    const twin = { ...anna, given: 'Alma' };
    assert.notEqual(alikeness(anna, twin), null);
    assert.equal(alikeness(anna, twin, true), null);
  });

  for (const [one, other] of [
    ['Philippe', 'Filip'],
    ['Durand', 'Durant'],
    ['Quéré', 'Kere'],
    ['Moreau', 'Morot'],
    ['Mathieu', 'Matieu'],
    ['Schmitt', 'Chmit'],
    ['Renaud', 'Reno'],
  ] as const)
    it(`hears ${one} and ${other} alike`, () => assert.equal(soundOf(one), soundOf(other)));
  for (const [one, other] of [
    ['Martin', 'Morin'],
    ['Paul', 'Paula'],
    ['Marie', 'Marion'],
    ['Petit', 'Petitjean'],
  ] as const)
    it(`hears ${one} and ${other} apart`, () => assert.notEqual(soundOf(one), soundOf(other)));
});

describe('possible duplicates of a whole directory', () => {
  it('are found piece by piece, the likeliest first, each once', async () => {
    const directory = new Directory();
    for (let place = 0; place < 2000; place += 1)
      directory.set(row(`p${place}`, { family: `Nom ${place}`, phones: [], identifiers: [`${place}`] }));
    directory.set(row('one', { identifiers: ['x'] }));
    directory.set(row('two', { identifiers: ['x'], birthDate: '1992-12-03' }));
    directory.set(row('three', { family: 'Anna', given: 'Lefèvre', phones: [] }));
    let pauses = 0;
    const pairs = await directory.possibleDuplicates(async () => {
      pauses += 1;
    });
    assert.ok(pauses > 4);
    const named = pairs.map(({ rows }) =>
      rows
        .map(({ id }) => id)
        .sort()
        .join(' '),
    );
    assert.deepEqual(named, ['one two', 'one three', 'three two']);
  });

  it('are no work without end where all share one number', async () => {
    const directory = new Directory();
    for (let place = 0; place < 3000; place += 1)
      directory.set(row(`p${place}`, { family: `Nom ${place}`, identifiers: ['0'] }));
    assert.ok((await directory.possibleDuplicates(async () => undefined)).length < 3000 * 41);
  });
});
