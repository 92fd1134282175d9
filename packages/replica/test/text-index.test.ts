import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type SearchedDocument, TextIndex, textTerms } from '../src/text-index.ts';

const note = (record: string, title: string, text = '', more: Partial<SearchedDocument> = {}): SearchedDocument => ({
  ...{ patient: 'Patient/a', record: `Composition/${record}`, title, text, day: '2026-01-01' },
  ...more,
});

async function find(index: TextIndex, query: string, hidden: readonly string[] = []): Promise<string[]> {
  const isHidden = (patient: string) => hidden.includes(patient);
  const { hits } = await index.search(query, { limit: 10, isHidden, goesOn: async () => true });
  return hits.map(({ document }) => document.record.slice('Composition/'.length));
}

function filled(...documents: SearchedDocument[]): TextIndex {
  const index = new TextIndex();
  for (const document of documents) index.add(document);
  return index;
}

describe('a query', () => {
  it('is words without accents, and runs of words between quotation marks', () => {
    assert.deepEqual(textTerms('Œdème « aigu du poumon » d’origine'), ['aigu du poumon', 'origine', 'oedeme', 'd']);
    assert.deepEqual(textTerms(' -- « » "" '), []);
  });
});

describe('the texts', () => {
  it('are found by all words of the query, wherever they stand, accents and case apart', async () => {
    const index = filled(note('1', 'Lombalgie aiguë', 'Après un déménagement'), note('2', 'Lombalgie', 'Au travail'));
    assert.deepEqual(await find(index, 'DEMENAGEMENT lombalgie'), ['1']);
    assert.deepEqual(await find(index, 'lombalgie'), ['2', '1'].sort());
    assert.deepEqual(await find(index, 'lombalgie genou'), []);
    assert.deepEqual(await find(index, ''), []);
  });

  it('stand in the order of where the words are, then of their days', async () => {
    const index = filled(
      note('inside', 'Suivi', 'Hypertension connue'),
      note('old', 'Suivi', 'Tension 128/76', { day: '2020-05-01' }),
      note('new', 'Suivi', 'Tension 124/74', { day: '2026-05-01' }),
      note('title', 'Tension à contrôler'),
    );
    assert.deepEqual(await find(index, 'tension'), ['title', 'new', 'old', 'inside']);
  });

  it('never match across two of them, nor a run of words across title and text', async () => {
    const index = filled(note('1', 'Fièvre', 'sans'), note('2', 'toux', 'grasse'));
    assert.deepEqual(await find(index, '"sans toux"'), []);
    assert.deepEqual(await find(index, 'sans toux'), []);
    assert.deepEqual(await find(index, '"fièvre sans"'), []);
    assert.deepEqual(await find(index, '"toux"'), ['2']);
  });

  it('tell nothing of whom is hidden, and one record once though two versions stand', async () => {
    const other = note('3', 'Asthme', '', { patient: 'Patient/b' });
    const index = filled(note('1', 'Asthme'), note('1', 'Asthme stable'), other);
    assert.deepEqual((await find(index, 'asthme')).sort(), ['1', '3']);
    assert.deepEqual(await find(index, 'asthme', ['Patient/b']), ['1']);
  });

  it('are found no more once taken away, over many blocks', async () => {
    const index = new TextIndex();
    const documents = Array.from({ length: 3000 }, (_, number) =>
      note(`${number}`, `Note ${number}`, 'mot '.repeat(60)),
    );
    for (const document of documents) index.add(document);
    for (const [place, document] of documents.entries()) if (place % 3 !== 0) index.delete(document);
    assert.equal(index.size, 1000);
    assert.deepEqual(await find(index, '"note 2999"'), []);
    assert.deepEqual(await find(index, '"note 2997"'), ['2997']);
    const options = { limit: 5, isHidden: () => false, goesOn: async () => true };
    const { hits, total } = await index.search('mot', options);
    assert.deepEqual([hits.length, total], [5, 1000]);
  });

  it('are searched as far as somebody waits, the last ones first', async () => {
    const index = new TextIndex();
    for (let number = 0; number < 3000; number += 1) index.add(note(`${number}`, 'Toux', 'sèche '.repeat(60)));
    let asked = 0;
    const goesOn = async () => {
      asked += 1;
      return false;
    };
    const { total } = await index.search('toux', { limit: 5, isHidden: () => false, goesOn });
    assert.equal(asked, 1);
    assert.ok(total > 0 && total < 3000);
  });
});
