import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { divToText, textToDiv } from '../../src/fhir/note-text.ts';

test('a text stands once, escaped, in a frame that keeps its lines', () => {
  assert.equal(
    textToDiv('TA < 14/9 & "ok"\nRAS'),
    '<div xmlns="http://www.w3.org/1999/xhtml"><p style="white-space: pre-wrap">TA &lt; 14/9 &amp; "ok"\nRAS</p></div>',
  );
});

test('what XML cannot hold becomes a span, and a carriage return a reference', () => {
  const text = 'a\u000bb\r\nc\ud800d\uffffe';
  const div = textToDiv(text);
  assert.ok(div.isWellFormed());
  for (const character of ['\r', '\u000b', '\uffff']) assert.ok(!div.includes(character));
  assert.equal(divToText(div), text);
});

test('markup that a person typed stays text', () => {
  for (const text of [
    '<script>alert(1)</script>',
    '</p></div>',
    '&amp;',
    '<span title="U+000B">\ufffd</span>',
    '&#13;',
    '\ufffd',
  ])
    assert.equal(divToText(textToDiv(text)), text);
});

test('any text comes back character for character', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(divToText(textToDiv(text)), text)));
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  fc.assert(fc.property(units, (text) => assert.equal(divToText(textToDiv(text)), text)));
});

test('a narrative written elsewhere is not taken for text', () => {
  const frame = (inner: string) => textToDiv('').replace('</p>', `${inner}</p>`);
  for (const div of [
    '',
    '<div>a</div>',
    frame('<b>x</b>'),
    frame('&eacute;'),
    frame('a > b'),
    frame('<span title="U+0041">\ufffd</span>'),
    frame('\r'),
  ])
    assert.equal(divToText(div), null, div);
});
