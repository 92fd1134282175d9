import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Practice } from '@serment/replica/practice';
import { InboxDesk } from '../../src/worker/inbox-desk.ts';

/** A desk over one document that came as a text. */
function deskOver(text: string): InboxDesk {
  const document = async () => ({ bytes: new TextEncoder().encode(text), key: { mediaType: 'text/plain' } });
  const practice = { inbox: { document } } as unknown as Practice;
  return new InboxDesk({ practice: () => practice, send: () => undefined, keysChanged: async () => undefined });
}

test('a long text is cut between two letters, and said to be', async () => {
  const { blocks, findings } = await deskOver(`a${'é'.repeat(250_000)}`).text('one');
  assert.deepEqual(blocks, [{ kind: 'lines', text: `a${'é'.repeat(199_999)}` }]);
  assert.deepEqual(findings, [{ code: 'TEXT_LONG', count: 1 }]);
  assert.deepEqual((await deskOver('Compte rendu\u0007').text('one')).findings, []);
});

test('a line says the two results that are most out of range, in the language that is read, and how many others', async () => {
  const outOfRange = [
    { label: 'Potassium', flag: 'HH', value: '5.60 mmol/l' },
    { label: 'CRP', flag: 'A', value: '< 0.5 mg/l' },
    { label: 'Glucose', flag: 'A', value: 'présence, 3.5 croix' },
    { label: 'pH', flag: 'L', value: '7.2' },
  ];
  const told = async (from: number, language: 'fr' | 'en') => {
    const items = [{ id: 'one', owner: null, reader: null, outOfRange: outOfRange.slice(from) }];
    const inbox = {
      waiting: async () => ({ items, withheld: 0, unreadable: 0 }),
      stated: async () => new Map(),
    };
    const practice = { inbox, status: () => ({ member: '' }) } as unknown as Practice;
    const desk = new InboxDesk({ practice: () => practice, send: () => undefined, keysChanged: async () => undefined });
    const [row] = (await desk.waiting(language)).items;
    return [...(row?.outOfRange.map(({ value }) => value) ?? []), row?.othersOut];
  };
  assert.deepEqual(await told(0, 'fr'), ['5,60\u00a0mmol/l', '<\u00a00,5\u00a0mg/l', 2]);
  assert.deepEqual(await told(0, 'en'), ['5.60\u00a0mmol/l', '<\u00a00.5\u00a0mg/l', 2]);
  assert.deepEqual(await told(2, 'fr'), ['présence, 3.5 croix', '7,2', 0]);
  assert.deepEqual(await told(4, 'fr'), [0]);
});
