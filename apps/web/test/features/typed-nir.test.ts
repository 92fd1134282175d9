import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNir } from '@serment/records/identifiers/nir';
import fc from 'fast-check';
import { shownNir, typedNir } from '../../src/features/patients/typed-nir.ts';

/** A field and the caret in it, as `|`. */
function at(field: string): { readonly before: string; readonly caret: number } {
  return { before: field.replace('|', ''), caret: field.indexOf('|') };
}

function drawn({ shown, caret }: { readonly shown: string; readonly caret: number }): string {
  return `${shown.slice(0, caret)}|${shown.slice(caret)}`;
}

function type(field: string, more: string): string {
  const { before, caret } = at(field);
  const text = before.slice(0, caret) + more + before.slice(caret);
  return drawn(typedNir({ before, text, caret: caret + more.length, inputType: 'insertText' }));
}

function backspace(field: string): string {
  const { before, caret } = at(field);
  const text = before.slice(0, Math.max(0, caret - 1)) + before.slice(caret);
  return drawn(typedNir({ before, text, caret: Math.max(0, caret - 1), inputType: 'deleteContentBackward' }));
}

function deleteNext(field: string): string {
  const { before, caret } = at(field);
  const text = before.slice(0, caret) + before.slice(caret + 1);
  return drawn(typedNir({ before, text, caret, inputType: 'deleteContentForward' }));
}

const paste = (text: string) => typedNir({ before: '', text, caret: text.length, inputType: 'insertFromPaste' });

test('a number is in groups while it is typed, the caret at its end', () => {
  let field = '|';
  for (const figure of '154037512345678') field = type(field, figure);
  assert.equal(field, '1 54 03 75 123 456 78|');
  for (let left = 15; left > 0; left -= 1) field = backspace(field);
  assert.equal(field, '|');
});

test('in its middle, the caret stays beside what was typed or taken away', () => {
  assert.equal(type('1 5|4 03 75', '9'), '1 59| 40 37 5');
  assert.equal(backspace('1 54 0|3 75'), '1 54| 37 5');
  assert.equal(deleteNext('1 |54 03 75'), '1| 40 37 5');
});

test('a space that is taken away takes the figure that it stood beside', () => {
  assert.equal(backspace('1 54 |03 75'), '1 5|0 37 5');
  assert.equal(deleteNext('1 54| 03 75'), '1 54| 37 5');
  assert.equal(type('1 54| 03 75', ' '), '1 54| 03 75');
});

test('what is pasted is one number in any form, Corsica too, and kept without spaces', () => {
  for (const text of [
    '154037512345678',
    ' 1 54 03 75 123 456 78\n',
    '1.54.03.75.123.456.78',
    '1-54-03-75-123-456-78',
    '1\u00a054\u202f03\u00a075\u00a0123\u00a0456\u00a078',
  ])
    assert.deepEqual(paste(text), { value: '154037512345678', shown: '1 54 03 75 123 456 78', caret: 21 }, text);
  assert.deepEqual(paste('1 54 03 2a 123 456'), { value: '154032A123456', shown: '1 54 03 2A 123 456', caret: 18 });
});

test('what is no number stays as it was typed', () => {
  assert.deepEqual(paste('sans numéro'), { value: 'sans numéro', shown: 'sans numéro', caret: 11 });
  assert.equal(type('1 54 03 75 123 456 78|', '9'), '1540375123456789|');
  assert.equal(backspace('1540375123456789|'), '1 54 03 75 123 456 78|');
  assert.equal(shownNir('NIA 12'), 'NIA 12');
  assert.equal(shownNir('1540375123456'), '1 54 03 75 123 456');
});

test('what is kept reads as what was typed, and the caret is never outside of the field', () => {
  const characters = fc.constantFrom(...'0123456789', 'a', 'B', ' ', '.', 'x');
  const texts = fc.array(characters, { maxLength: 24 }).map((list) => list.join(''));
  fc.assert(
    fc.property(texts, fc.nat(24), (text, place) => {
      const caret = Math.min(place, text.length);
      const typed = typedNir({ before: '', text, caret, inputType: 'insertText' });
      assert.deepEqual(parseNir(typed.value), parseNir(text));
      assert.equal(shownNir(typed.value), typed.shown);
      assert.ok(typed.caret >= 0 && typed.caret <= typed.shown.length);
    }),
  );
});
