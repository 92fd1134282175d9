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
