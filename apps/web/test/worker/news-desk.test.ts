import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventBody, VaultEvent } from '@serment/replica/vault';
import { isNews } from '../../src/worker/news-desk.ts';

const self = { member: 'aa', author: '01' };
const event = (body: EventBody, byMember: string | null): VaultEvent => ({
  ...{ index: 1, receivedAt: 0, by: null, isHost: byMember === null, body, byMember },
});
const device = (parts: Partial<Extract<EventBody, { kind: 'device' }>>) =>
  ({ kind: 'device', member: 'bb', author: '02', label: 'browser', byHolder: null, ...parts }) as const;

test('who joins is news, who was invited is not yet', () => {
  assert.equal(isNews(event(device({ byHolder: 'invitation' }), 'bb'), self), true);
  assert.equal(isNews(event(device({ label: 'invitation' }), 'aa'), self), false);
});

test('a device that one adds oneself is no news, one that one’s kit added elsewhere is', () => {
  assert.equal(isNews(event(device({ member: 'aa' }), 'aa'), self), false);
  assert.equal(isNews(event(device({ member: 'aa', byHolder: 'kit' }), 'aa'), self), true);
  assert.equal(isNews(event(device({ member: 'aa', author: '01', byHolder: 'kit' }), 'aa'), self), false);
});

test('what another one did is news, what one did oneself and what follows by itself is not', () => {
  const glass = { kind: 'break-glass', patient: null, reason: 'Garde' } as const;
  assert.equal(isNews(event(glass, 'bb'), self), true);
  assert.equal(isNews(event(glass, 'aa'), self), false);
  const revoke = (member: string) => ({ kind: 'revoke', author: '03', member, testValue: null }) as const;
  assert.equal(isNews(event(revoke('aa'), 'bb'), self), true);
  // An invitation ends once it served: by who came.
  assert.equal(isNews(event(revoke('bb'), 'bb'), self), false);
  assert.equal(isNews(event({ kind: 'grant', compartment: 'admin', member: 'bb' }, 'bb'), self), false);
  assert.equal(
    isNews(
      event({ kind: 'operator', action: 'close-sessions', operator: 'x', subject: null, place: null }, null),
      self,
    ),
    true,
  );
});

test('of entering, only what somebody else may have done in one’s name is news', () => {
  const access = (what: 'opened' | 'pin-blocked' | 'read-much', member: string) =>
    event({ kind: 'access', what, member, name: null, author: null, device: null }, null);
  assert.equal(isNews(access('opened', 'aa'), self), false);
  assert.equal(isNews(access('pin-blocked', 'aa'), self), true);
  assert.equal(isNews(access('pin-blocked', 'bb'), self), false);
  assert.equal(isNews(access('read-much', 'bb'), self), true, 'what is unusual is news to all');
});
