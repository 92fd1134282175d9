import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresentFile } from '@serment/replica/presence';
import { othersIn } from '../../src/features/file/others.ts';

const there = (author: string, member: string, more: Partial<PresentFile> = {}): PresentFile => ({
  ...{ author, member, name: `Dr ${member}`, isSelf: false, patient: 'Patient/a', writes: false },
  ...more,
});
const told = (people: readonly PresentFile[]) =>
  people.map(({ member, writes }) => `${member}${writes ? ' writes' : ''}`);

test('each member is told once, writing first, oneself last, and of the files that are read together alone', () => {
  const present = [
    there('1', 'self', { isSelf: true, writes: true }),
    there('2', 'roy'),
    there('3', 'petit'),
    there('4', 'petit', { writes: true }),
    there('5', 'petit'),
    there('6', 'blanc', { patient: 'Patient/b', writes: true }),
    there('6', 'blanc', { patient: 'Patient/c' }),
  ];
  assert.deepEqual(told(othersIn(present, ['Patient/a'])), ['petit writes', 'roy', 'self writes']);
  assert.deepEqual(told(othersIn(present, ['Patient/c'])), ['blanc']);
  assert.deepEqual(told(othersIn(present, ['Patient/c', 'Patient/b'])), ['blanc writes']);
  assert.deepEqual(othersIn(present, ['Patient/d']), []);
});
