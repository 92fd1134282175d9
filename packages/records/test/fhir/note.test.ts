import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Note, newNote, readNote } from '../../src/fhir/note.ts';

const note: Note = {
  status: 'preliminary',
  patient: 'Patient/p1',
  author: 'Practitioner/d1',
  encounter: 'Encounter/e1',
  date: '2026-11-23T14:05:00+01:00',
  title: 'Consultation',
  loinc: '11488-4',
  appends: undefined,
  sections: [
    { title: 'Motif', loinc: '10154-3', text: 'Toux depuis 3 jours,  < 38 °C\n\n' },
    { title: 'Examen', loinc: undefined, text: '' },
  ],
};

test('a note comes back as it was typed', () => {
  const resource = JSON.parse(JSON.stringify(newNote('n1', note)));
  const read = readNote(resource);
  assert.ok(read !== null);
  assert.deepEqual({ ...read, sections: read.sections.map(({ div: _, ...section }) => section) }, note);
  assert.equal(resource.section[1].text, undefined);
});

test('an addendum names the note it completes', () => {
  const read = readNote(newNote('n2', { ...note, status: 'final', appends: 'Composition/n1' }));
  assert.equal(read?.appends, 'Composition/n1');
});

test('a note that is not well made is refused, and the error holds none of its text', () => {
  const bad: readonly Partial<Note>[] = [
    { date: '23/11/2026' },
    { date: '2026-02-30T10:00:00Z' },
    { date: '2026-11-23T14:05:00' },
    { title: ' ' },
    { patient: '' },
    { author: '' },
    { status: 'signed' as Note['status'] },
    { loinc: 'with  two spaces' },
  ];
  for (const change of bad)
    assert.throws(
      () => newNote('n1', { ...note, ...change }),
      (error: Error & { code?: string }) =>
        error.code === 'RESOURCE_INVALID' && !JSON.stringify({ ...error, message: error.message }).includes('Toux'),
      JSON.stringify(change),
    );
  assert.throws(() => newNote('not an id!', note), { code: 'RESOURCE_INVALID' });
});

test('a composition from elsewhere shows its sections, those inside sections too, without pretending to their text', () => {
  const read = readNote({
    resourceType: 'Composition',
    status: 'final',
    date: '2019',
    author: [{ display: 'X' }],
    title: 'Letter',
    section: [{ title: 'A', text: { status: 'generated', div: '<div><b>x</b></div>' }, section: [{ title: 'B' }] }],
  });
  assert.deepEqual(
    read?.sections.map(({ title, text, div }) => [title, text, div]),
    [
      ['A', null, '<div><b>x</b></div>'],
      ['B', '', null],
    ],
  );
});

test('what is no composition reads as none', () => {
  for (const value of [null, 1, {}, { resourceType: 'Patient' }, { resourceType: 'Composition' }])
    assert.equal(readNote(value), null);
});
