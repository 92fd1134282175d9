import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRescueContent } from '../../src/rescue-page/content.ts';
import { exampleContent } from '../../src/rescue-page/example.ts';

const content = exampleContent('fr', Date.UTC(2026, 10, 30));
const [patient] = content.patients;

test('the content of a copy is read as it was written', () => {
  assert.deepEqual(parseRescueContent(JSON.stringify(content)), content);
});

for (const [name, changed] of [
  ['nothing', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a field less', JSON.stringify({ ...content, maker: undefined })],
  ['a field more', JSON.stringify({ ...content, more: 1 })],
  ['another language', JSON.stringify({ ...content, language: 'de' })],
  ['a number for a name', JSON.stringify({ ...content, practice: 3 })],
  ['patients that are none', JSON.stringify({ ...content, patients: [null] })],
  [
    'a tone that is none',
    JSON.stringify({ ...content, patients: [{ ...patient, alerts: [{ label: '', detail: '', tone: 'x' }] }] }),
  ],
  ['an appointment at no time', JSON.stringify({ ...content, appointments: [{ at: 'x', patient: null, with: '' }] })],
  ['a prototype', `{"__proto__": ${JSON.stringify(content)}}`],
] as const)
  test(`what is no content is refused: ${name}`, () => {
    assert.throws(() => parseRescueContent(changed), { code: 'PAYLOAD_INVALID' });
  });
