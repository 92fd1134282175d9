import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Directory, type PatientRow } from '../src/directory.ts';
import { fold } from '../src/search-terms.ts';

const base: PatientRow = {
  id: '',
  family: '',
  birthFamily: null,
  given: '',
  birthDate: null,
  sex: 'unknown',
  deceased: false,
  phones: [],
  identifiers: [],
  otherNames: [],
  replacedBy: null,
  changedAt: 0,
  conflict: false,
};

const people: readonly Partial<PatientRow>[] = [
  { id: 'muller', family: 'Müller', given: 'Élise', birthFamily: 'Le Goff', birthDate: '1954-03-12' },
  { id: 'tour', family: 'de la Tour', given: 'Jean-Paul', birthDate: '1987-11-02', phones: ['+33 6 12 03 54 78'] },
  { id: 'obrien', family: "O'Brien", given: 'Anaïs', birthDate: '2001-12-06', identifiers: ['269054958815780'] },
  { id: 'coeur', family: 'Cœur', given: 'Zoë', birthDate: '1954-12-03', identifiers: ['155122A00412345'] },
  { id: 'martin', family: 'Martin', given: 'Paul', birthDate: '1954', phones: ['01.42.68.53.00'] },
  { id: 'martinez', family: 'Martinez', given: 'Paula', birthDate: '2012-06-01', phones: ['0612035479'] },
  { id: 'soren', family: 'Sørensen', given: 'Łukasz', birthDate: '1990-08-31' },
];

function directoryOf(rows: readonly Partial<PatientRow>[]): Directory {
  const directory = new Directory();
  for (const row of rows) directory.set({ ...base, ...row });
  return directory;
}

describe('search in the directory', () => {
  const directory = directoryOf(people);
  const cases: readonly (readonly [query: string, found: readonly string[]])[] = [
    ['muller', ['muller']],
    ['MÜLLER', ['muller']],
    ['elise mul', ['muller']],
    ['le goff', ['muller']],
    ['legoff', ['muller']],
    ['de la tour', ['tour']],
    ['delatour', ['tour']],
    ['jean paul', ['tour']],
    ['jeanpaul', ['tour']],
    ['paul', ['martin', 'martinez', 'tour']],
    ['o brien', ['obrien']],
    ['obrien', ['obrien']],
    ['O’Brien', ['obrien']],
    ['coeur', ['coeur']],
    ['cœur zoe', ['coeur']],
    ['sorensen', ['soren']],
    ['lukasz', ['soren']],
    ['12/03/1954', ['muller']],
    ['12.03.1954', ['muller']],
    ['12-03-1954', ['muller']],
    ['12 03 1954', ['muller']],
    ['12031954', ['muller']],
    ['1954-03-12', ['muller']],
    ['12/3/54', ['muller']],
    ['120354', ['muller', 'tour', 'martinez']],
    ['12 mars 1954', ['muller']],
    ['1er juin 2012', ['martinez']],
    ['31 août', ['soren']],
    ['6 décembre 2001', ['obrien']],
    ['03/1954', ['muller']],
    ['mars 1954', ['muller']],
    ['née le 12 mars 1954', ['muller']],
    ['Élise, mars 1954', ['muller']],
    ['août 1990', ['soren']],
    ['31 AOUT 1990', ['soren']],
    ['déc. 2001', ['obrien']],
    ['1 juin 2012', ['martinez']],
    ['mars 1955', []],
    ['03/54', ['muller', 'tour', 'martinez']],
    ['12-3-54', ['muller']],
    ['1954 goff elise', ['muller']],
    ['goff mul', ['muller']],
    ['1954', ['coeur', 'martin', 'muller']],
    ['elise 1954', ['muller']],
    ['06 12 03 54 78', ['tour']],
    ['06.12.03.54.78', ['tour']],
    ['0612035478', ['tour']],
    ['+33 6 12 03 54 78', ['tour']],
    ['+33612035478', ['tour']],
    ['0033 6 12 03 54 78', ['tour']],
    ['+33 (0)6 12 03 54 78', ['tour']],
    ['+33\u00a06\u202f12 03 54', ['tour', 'martinez']],
    ['6 12 03 54 78', ['tour']],
    ['2 69 05 49 588 157', ['obrien']],
    ['2-69-05-49-588-157-80', ['obrien']],
    ['2 69 05 49 588 157 81', ['obrien']],
    ['1 55 12 2a 004 123 45', ['coeur']],
    ['1-55-12-2A-004-123', ['coeur']],
    ['1 55 12 2A 004 123 99', ['coeur']],
    ['061203', ['martinez', 'tour']],
    ['01 42 68', ['martin']],
    ['2 69 05 49 588 157 80', ['obrien']],
    ['269054958815780', ['obrien']],
    ['26905', ['obrien']],
    ['1 55 12 2A 004', ['coeur']],
    ['155122a004', ['coeur']],
    ['', []],
    ['   ', []],
    ['?', []],
    ['martin 1987', []],
    ['dupont', []],
    ['99/99/9999', []],
    ["'; drop table", []],
    ['('.repeat(2000), []],
  ];
  for (const [query, found] of cases)
    it(`finds ${found.length === 0 ? 'nobody' : found.join(', ')} for "${query.slice(0, 30)}"`, () => {
      assert.deepEqual(
        directory
          .search(query, 20)
          .map(({ id }) => id)
          .sort(),
        [...found].sort(),
      );
    });

  it('puts whole words before starts, and starts before what stands inside', () => {
    assert.deepEqual(
      directory.search('martin', 5).map(({ id }) => id),
      ['martin', 'martinez'],
    );
  });

  it('answers at 20 000 patients, in the order of names, no more than asked', () => {
    const many = directoryOf(
      Array.from({ length: 20_000 }, (_, place) => ({
        id: `p${place}`,
        family: `Nom${String(place % 500).padStart(3, '0')}`,
        given: `Prénom${place}`,
        birthDate: `19${10 + (place % 90)}-0${1 + (place % 9)}-1${place % 10}`,
        phones: [`06${String(10_000_000 + place).padStart(8, '0')}`],
      })),
    );
    assert.equal(many.size, 20_000);
    const found = many.search('nom042', 10);
    assert.equal(found.length, 10);
    assert.ok(found.every(({ family }) => family === 'Nom042'));
    assert.deepEqual(
      many.search('prenom19999', 5).map(({ id }) => id),
      ['p19999'],
    );
    assert.deepEqual(
      many.search('0610012345', 5).map(({ id }) => id),
      ['p12345'],
    );
    assert.equal(many.list(19_990, 50).length, 10);
  });

  it('keeps its order when a patient comes, changes name or goes between two searches', () => {
    const changing = directoryOf(people);
    const order = () => changing.list().map(({ id }) => id);
    assert.deepEqual(order(), ['coeur', 'tour', 'martin', 'martinez', 'muller', 'obrien', 'soren']);
    changing.set({ ...base, id: 'new', family: 'Lévy' });
    changing.set({ ...base, ...people[0], family: 'Abel' });
    changing.delete('obrien');
    changing.delete('nobody');
    assert.deepEqual(order(), ['muller', 'coeur', 'tour', 'new', 'martin', 'martinez', 'soren']);
    assert.deepEqual(
      changing.search('abel', 5).map(({ id }) => id),
      ['muller'],
    );
    assert.deepEqual(changing.search('müller', 5), []);
  });

  it('warns of a patient who may be the same person', () => {
    const asked = { family: 'muller', birthFamily: null, given: 'Elise', birthDate: '1954-03-12', identifiers: [] };
    assert.deepEqual(
      directory.duplicatesOf({ ...base, ...asked }).map(({ row }) => row.id),
      ['muller'],
    );
    const named = { family: 'X', birthFamily: null, given: 'Y', birthDate: null, identifiers: ['269054958815780'] };
    assert.deepEqual(
      directory.duplicatesOf({ ...base, ...named }).map(({ row }) => row.id),
      ['obrien'],
    );
  });
});

it('whatever part of a name, a number or a date is typed, its patient is found', () => {
  const letter = fc.constantFrom(...'abcdeéïœmtzy -’Ł'.split(''));
  const name = fc.string({ unit: letter, minLength: 1, maxLength: 12 });
  const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'123456789'), minLength: length });
  const date = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10));
  const rows = fc.array(fc.record({ family: name, given: name, birthDate: date, identifiers: fc.tuple(digits(5)) }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(rows, fc.nat(), fc.nat(), (people, from, size) => {
      const directory = directoryOf(people.map((row, place) => ({ ...row, id: `${place}` })));
      const partOf = (text: string) => text.slice(from % text.length).slice(0, 1 + (size % text.length));
      for (const [place, { family, birthDate, identifiers }] of people.entries()) {
        const [year = '', month = '', day = ''] = birthDate.split('-');
        const number = identifiers[0].slice(from % (identifiers[0].length - 2));
        for (const typed of [partOf(family), number, birthDate, `${day}/${month}/${year}`, `${day}${month}${year}`]) {
          const found = directory.search(typed, Number.POSITIVE_INFINITY).map(({ id }) => id);
          assert.ok(fold(typed) === '' || found.includes(`${place}`), `${typed} of ${place}`);
        }
      }
    }),
  );
});
