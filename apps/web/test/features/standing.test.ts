import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HolderView, MemberView } from '@serment/replica/vault';
import { deviceActs, inOrder, memberActs, standingOf } from '../../src/features/members/standing.ts';

const holder = (author: string, more: Partial<HolderView> = {}): HolderView => ({
  ...{ author, label: 'browser', name: null, addedAt: 1, revokedAt: null },
  ...{ frozenAt: null, hold: null, openedAt: null, enteredAt: null, usedAt: null },
  ...more,
});
const member = (id: string, more: Partial<MemberView> = {}): MemberView => ({
  ...{ member: id, name: id, role: 'desk', term: null, devices: [holder(`${id}-device`)], kits: [] },
  ...more,
});
const doctor = { member: 'doctor', author: 'doctor-device', role: 'doctor', canName: true, canRewind: true };
const desk = { member: 'desk', author: 'desk-device', role: 'desk', canName: true, canRewind: false };
const invitation = holder('i', { label: 'invitation' });

test('a member is in by a device or a kit, invited by an invitation alone, out by nothing or what was revoked', () => {
  assert.equal(standingOf(member('a')), 'in');
  assert.equal(standingOf(member('a', { devices: [], kits: [holder('k', { label: '1234' })] })), 'in');
  assert.equal(standingOf(member('a', { devices: [invitation] })), 'invited');
  assert.equal(standingOf(member('a', { devices: [holder('d', { revokedAt: 2 }), invitation] })), 'invited');
  assert.equal(standingOf(member('a', { devices: [] })), 'out');
  assert.equal(standingOf(member('a', { devices: [holder('d', { revokedAt: 2 })] })), 'out');
});

test('whoever works on another device says of a held one that it was meant, or stops it', () => {
  const hold = { since: 5, by: null, cause: 'read-much' } as const;
  const held = holder('held', { hold });
  assert.deepEqual(deviceActs(held, 'other', desk), ['let-go', 'freeze']);
  assert.deepEqual(deviceActs(held, 'other', doctor), ['let-go', 'freeze', 'revoke']);
  assert.deepEqual(deviceActs(holder(desk.author, { hold }), 'desk', desk), ['rename']);
});

test('doctors decide about others, never about themselves, and set no dates for a doctor', () => {
  assert.deepEqual(memberActs(member('a'), doctor), ['dates', 'depart']);
  assert.deepEqual(memberActs(member('a', { role: 'doctor' }), doctor), ['depart']);
  assert.deepEqual(memberActs(member('a', { devices: [invitation] }), doctor), ['dates', 'again', 'cancel']);
  assert.deepEqual(memberActs(member('a', { devices: [] }), doctor), ['again', 'drafts']);
  assert.deepEqual(memberActs(member('doctor', { role: 'doctor' }), doctor), []);
  for (const role of ['desk', 'substitute', 'medical-secretary', 'accountant', ''])
    assert.deepEqual(memberActs(member('a'), { ...desk, role }), [], role);
});

test('anybody stops a device but its own; a doctor or its own member frees it; doctors alone revoke', () => {
  assert.deepEqual(deviceActs(holder('d'), 'a', doctor), ['freeze', 'revoke']);
  assert.deepEqual(deviceActs(holder('d'), 'a', desk), ['freeze']);
  assert.deepEqual(deviceActs(holder('d', { frozenAt: 2 }), 'a', doctor), ['unfreeze', 'revoke']);
  assert.deepEqual(deviceActs(holder('d', { frozenAt: 2 }), 'a', desk), []);
  assert.deepEqual(deviceActs(holder('d', { frozenAt: 2 }), 'desk', { ...desk, canName: false }), ['unfreeze']);
  for (const none of [holder('d', { revokedAt: 2 }), invitation])
    assert.deepEqual(deviceActs(none, 'desk', desk), [], none.author);
});

test('its own member alone names a device, this one too, with rights that read names', () => {
  assert.deepEqual(deviceActs(holder('desk-device'), 'desk', desk), ['rename']);
  assert.deepEqual(deviceActs(holder('d'), 'desk', desk), ['rename', 'freeze']);
  assert.deepEqual(deviceActs(holder('d', { label: 'cli' }), 'doctor', doctor), ['rename', 'freeze', 'revoke']);
  assert.deepEqual(deviceActs(holder('d', { label: 'passkey' }), 'desk', desk), ['freeze']);
  assert.deepEqual(deviceActs(holder('desk-device'), 'desk', { ...desk, canName: false }), []);
  assert.deepEqual(deviceActs(holder('d'), 'desk', doctor), ['freeze', 'revoke']);
});

test('whoever looks comes first, then who is in, was invited, has left', () => {
  const members = [
    member('left', { devices: [] }),
    member('invited', { devices: [invitation] }),
    member('Zoé'),
    member('Éric'),
    member('doctor'),
  ];
  assert.deepEqual(
    inOrder(members, doctor).map(({ name }) => name),
    ['doctor', 'Éric', 'Zoé', 'invited', 'left'],
  );
});
