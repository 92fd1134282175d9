import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textTerms } from '@serment/replica/text-index';
import {
  filterOf,
  isFoundInside,
  kindCounts,
  kindsOf,
  placeOfRecord,
  type TimelineKind,
  unfoldRuns,
} from '../../src/file-view/timeline-filter.ts';
import type { LineView, NoteView, TimelineItem } from '../../src/file-view/view.ts';

type LineItem = Extract<TimelineItem, { kind: 'line' }>;

function line(recordId: string, text: string, day = '2025-03-02', more: Partial<LineView> = {}): LineItem {
  const segments = [{ text, isStrong: false }];
  return { kind: 'line', key: recordId, when: day, day, line: { segments, detail: '', recordId, ...more } };
}

function note(recordId: string, title: string, more: Partial<NoteView> = {}): NoteView {
  return {
    ...{ recordId, title, author: 'Dr Claire Vasseur', date: '2024-05-28', status: 'final', sections: [] },
    ...{ encounter: '', measures: [], diagnoses: [], acts: [], treatments: [], isAddendum: false, signedAt: '' },
    ...{ isEditable: false, versions: [], sides: [], state: 'copy' as const, savedAt: 0, isChanged: false },
    ...more,
  };
}

function noteItem(own: NoteView, addenda: readonly NoteView[] = []): TimelineItem {
  return { kind: 'note', key: own.recordId, when: own.date, day: own.date, note: own, addenda };
}

const letters = [
  line('DocumentReference/a', 'Courrier du cardiologue'),
  line('DocumentReference/b', 'Échographie, épaule'),
  line('DocumentReference/c', 'Courrier du néphrologue'),
];
const group: TimelineItem = {
  ...{ kind: 'group', key: 'group/DocumentReference/a', when: '2025-03-02', day: '2025-03' },
  ...{ summary: '3 documents', lines: letters },
};
const seen = noteItem(
  note('Composition/n', 'Lombalgie aiguë', {
    sections: [{ title: 'Histoire', loinc: null, text: 'Après un déménagement.' }],
    treatments: [{ label: 'Paracétamol 1 g', detail: '3 par jour' }],
  }),
  [note('Composition/m', '', { sections: [{ title: '', loinc: null, text: 'Revu, ça va mieux.' }] })],
);
const timeline = [group, line('Immunization/v', 'Vaccin dTcaP'), line('Procedure/p', 'Césarienne', '2019'), seen];
const found = (kind: TimelineKind | null, query: string) =>
  filterOf(timeline)({ kind, terms: textTerms(query) }).map(({ key }) => key);

test('without kind and words the timeline is as it was, folded', () => {
  assert.equal(filterOf(timeline)({ kind: null, terms: [] }), timeline);
});

test('words are found without their accents and in any order, in what was folded too, which stands unfolded then', () => {
  assert.deepEqual(found(null, 'echographie EPAULE'), ['DocumentReference/b']);
  assert.deepEqual(found(null, 'épaule échographie'), ['DocumentReference/b']);
  assert.deepEqual(found(null, 'courrier'), ['DocumentReference/a', 'DocumentReference/c']);
  assert.deepEqual(found(null, 'courrier absent'), []);
});

test('a run of words is looked for within one part of an item', () => {
  assert.deepEqual(found(null, '"apres un demenagement"'), ['Composition/n']);
  assert.deepEqual(found(null, '"aigue histoire"'), []);
});

test('what an addendum, a prescription or an author says finds the note', () => {
  for (const words of ['ça va mieux', 'paracetamol', 'vasseur'])
    assert.deepEqual(found(null, words), ['Composition/n'], words);
});

test('a kind keeps what is of it, and a note that prescribes is among the treatments', () => {
  assert.deepEqual(found('documents', ''), ['DocumentReference/a', 'DocumentReference/b', 'DocumentReference/c']);
  assert.deepEqual(found('treatments', ''), ['Composition/n']);
  assert.deepEqual(found('consultations', ''), ['Composition/n']);
  assert.deepEqual(found('vaccines', 'dtcap'), ['Immunization/v']);
  assert.deepEqual(found('vaccines', 'courrier'), []);
});

test('administration is of its kind whatever its type, and what is of no kind stands among everything', () => {
  assert.deepEqual(kindsOf(line('Claim/x', 'Facture')), ['administrative']);
  assert.deepEqual(kindsOf(line('Invoice/x', 'Honoraires')), ['administrative']);
  assert.deepEqual(kindsOf(line('Procedure/p', 'Césarienne')), []);
  assert.deepEqual(kindsOf(line('toString/p', 'Type étranger')), []);
});

test('a year alone finds what is of that year', () => {
  assert.deepEqual(found(null, '2019'), ['Procedure/p']);
});

test('kinds are counted one by one, folded or not', () => {
  assert.deepEqual(
    [...kindCounts(unfoldRuns(timeline))],
    [
      ['consultations', 1],
      ['documents', 3],
      ['treatments', 1],
      ['vaccines', 1],
    ],
  );
});

test('words among the results of a closed report are told apart from those of its sentence', () => {
  const row = { key: 'k', label: 'Ferritine', value: '12 µg/l', range: '', flag: null, note: '', previous: null };
  const report = {
    ...{ reportId: 'DiagnosticReport/r', patient: 'Patient/p', sender: '', day: '', hasDocument: false },
    rows: [{ ...row, points: [] }],
  };
  const item = line('DiagnosticReport/r', 'Biologie : HbA1c 7,4 %', '2025', { report });
  assert.equal(filterOf([item])({ kind: 'results', terms: ['ferritine'] }).length, 1);
  assert.equal(isFoundInside(item.line, ['ferritine']), true);
  assert.equal(isFoundInside(item.line, ['hba1c']), false);
  assert.equal(isFoundInside(item.line, ['absent']), false);
});

test('a record is found where it stands: an addendum at its note, a folded letter at its run', () => {
  assert.equal(placeOfRecord(timeline, 'Composition/m'), 3);
  assert.equal(placeOfRecord(timeline, 'DocumentReference/c'), 0);
  assert.equal(placeOfRecord(timeline, 'Immunization/v'), 1);
  assert.equal(placeOfRecord(timeline, 'Composition/absent'), -1);
});
