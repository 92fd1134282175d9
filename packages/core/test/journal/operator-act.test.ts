import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeOperatorDetail, isOperatorName, parseOperatorDetail } from '../../src/journal/operator-act.ts';

test('a detail gives back the name and what the act was about', () => {
  for (const detail of [
    { operator: 'Camille Roux', subject: null, place: null },
    { operator: 'Ève d’Arc', subject: 'coffre-2', place: null },
    { operator: 'N', subject: '', place: null },
    { operator: 'Camille Roux', subject: 'nuage', place: 's3.example.org/cabinets' },
  ])
    assert.deepEqual(parseOperatorDetail(encodeOperatorDetail(detail)), detail);
});

test('whatever the name of a copy is, the detail stays within an entry’s text, and one line', () => {
  const operator = 'é'.repeat(64);
  const detail = encodeOperatorDetail({ operator, subject: `a\nb\u0000${'𠀀'.repeat(200)}`, place: null });
  assert.ok(new TextEncoder().encode(detail).length <= 256);
  const { subject } = parseOperatorDetail(detail);
  assert.match(subject ?? '', /^a b 𠀀+$/u);
});

test('no name of a copy, however long, hides where the copy is', () => {
  const place = 's3.example.org/cabinets/serment';
  const detail = encodeOperatorDetail({ operator: 'é'.repeat(64), subject: '𠀀'.repeat(64), place });
  assert.ok(new TextEncoder().encode(detail).length <= 256);
  assert.equal(parseOperatorDetail(detail).place, place);
});

test('a detail of another host’s making is all name', () => {
  assert.deepEqual(parseOperatorDetail(''), { operator: '', subject: null, place: null });
  assert.deepEqual(parseOperatorDetail('a\nb\nc'), { operator: 'a', subject: 'b', place: 'c' });
});

test('a name is letters and digits, and what stands between them', () => {
  for (const name of ['A', 'Camille Roux', 'Jean-Noël d’Ay', 'astreinte.2', 'Dr X.', '李 雷'])
    assert.ok(isOperatorName(name), name);
  for (const name of ['', ' A', 'A ', '-A', 'A\n', 'A\u202eB', '<b>', 'A/B', 'A'.repeat(65), '\ud800', '𠀀'.repeat(33)])
    assert.ok(!isOperatorName(name), name);
});
