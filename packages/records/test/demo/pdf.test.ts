import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writePdf } from '../../src/demo/pdf.ts';

const letter = {
  title: 'Compte rendu (rétinographie)',
  from: 'Dr Anne \\ Cœur',
  paragraphs: ['Œil droit : « normal ».', 'Şahin, 日本. '.repeat(30)],
};
const text = new TextDecoder('latin1').decode(writePdf(letter));

test('the cross-reference table gives the place of each object', () => {
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  assert.equal(text.slice(start, start + 5), 'xref\n');
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
  assert.equal(offsets.length, 7);
  offsets.forEach((offset, index) => {
    assert.equal(text.slice(offset, offset + 7), `${index + 1} 0 obj`);
  });
});

test('the stream has the length it announces', () => {
  const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(text) ?? [];
  assert.equal(stream?.length, Number(length));
});

test('parentheses and backslashes are escaped, letters outside Windows-1252 lose only their marks', () => {
  assert.ok(text.includes('(Compte rendu \\(r\u00e9tinographie\\))'));
  assert.ok(text.includes('Dr Anne \\\\ Cœur'));
  assert.ok(text.includes('Sahin, ??.'));
});

test('the same letter is the same bytes', () => {
  assert.deepEqual(writePdf(letter), writePdf(letter));
});
