import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DrillView } from '@serment/replica/drill-record';
import type { RereadView } from '@serment/replica/reread-record';
import {
  isCopyApart,
  type ShieldInput,
  shieldOf,
  staleDrillMs,
  staleRereadMs,
  staleVerificationMs,
  staleWitnessMs,
} from '../../src/shield/shield.ts';

const now = 1_800_000_000_000;
const copy: ShieldInput['copies'][number] = {
  name: 'Strasbourg',
  kind: 'folder',
  sameDisk: false,
  size: 100,
  publishedAt: now - 4_000,
  lagMs: 0,
  state: 'current',
  error: null,
  verifiedAt: now - 4_000,
  verifiedSize: 100,
  verifiedFindings: 0,
};
const calm: ShieldInput = {
  ...{
    online: true,
    isFailing: false,
    pending: 0,
    refused: 0,
    restored: null,
    findings: [],
    copies: [copy],
    alerts: [],
    hostLie: null,
    massChanges: [],
    held: [],
    isHeld: false,
    witnesses: [],
  },
  drills: { since: null, copies: [] },
  ...{ rereads: null, compartments: ['admin', 'clinical'] },
  ...{ lastSyncAt: now, size: 100, hasTwoWays: true },
  ...{ member: 'a1', role: 'doctor', kits: { hasOne: true, used: [] } },
};
const conditionOf = (change: Partial<ShieldInput>) => shieldOf({ ...calm, ...change }, now).condition;

test('it is not green for a member who has one way in beside the kit', () => {
  const shield = shieldOf({ ...calm, hasTwoWays: false }, now);
  assert.deepEqual([shield.condition, shield.tone, shield.action], ['one-way', 'amber', 'ways']);
  const unknown = shieldOf({ ...calm, hasTwoWays: null }, now);
  assert.deepEqual([unknown.condition, unknown.tone], ['unknown', 'plain'], 'nor while that is not known');
  assert.equal(conditionOf({ hasTwoWays: false, copies: [{ ...copy, sameDisk: true }] }), 'same-disk');
});

test('a held device says so before what can wait, and every other one leads to it', () => {
  const one = { author: 'b2', member: 'm', since: now - 60_000, by: null, cause: 'wrote-much' } as const;
  const own = shieldOf({ ...calm, held: [one], isHeld: true }, now);
  assert.deepEqual([own.condition, own.tone, own.action], ['this-held', 'amber', 'held']);
  assert.equal(conditionOf({ held: [one], isHeld: true, online: false }), 'offline');
  const alerts = [{ cause: 'wrote-much', copy: null, since: now, at: null, entry: 4 }] as const;
  const other = shieldOf({ ...calm, held: [one], alerts }, now);
  assert.deepEqual([other.condition, other.action, other.device], ['device-held', 'members', 'b2']);
  const massChanges = [{ author: 'b2', member: 'm', kind: 'noise', saves: 30, since: now, until: now }] as const;
  assert.equal(conditionOf({ held: [one], massChanges }), 'mass-noise');
});

test('a kit that served is told before anything that can wait, and its doctor is led to replace it', () => {
  const kits = {
    hasOne: true,
    used: [
      { author: 'k1', member: 'b2' },
      { author: 'k2', member: 'a1' },
    ],
  };
  const shield = shieldOf({ ...calm, kits, copies: [{ ...copy, sameDisk: true }] }, now);
  assert.deepEqual([shield.condition, shield.tone, shield.action, shield.kit], ['kit-used', 'amber', 'kit', 'k2']);
  const colleague = shieldOf({ ...calm, kits, member: 'c3' }, now);
  assert.deepEqual([colleague.condition, colleague.action, colleague.kit], ['kit-used', 'vault', null]);
  assert.equal(shieldOf({ ...calm, kits, role: 'desk' }, now).action, 'vault', 'who may replace none is led to none');
  assert.equal(conditionOf({ kits, online: false }), 'offline');
  assert.equal(conditionOf({ kits, copies: [] }), 'kit-used');
});

test('it is not green for a doctor while no kit would open the practice', () => {
  const kits = { hasOne: false, used: [] };
  assert.deepEqual(
    [shieldOf({ ...calm, kits }, now).condition, shieldOf({ ...calm, kits }, now).action],
    ['no-kit', 'kit'],
  );
  assert.equal(conditionOf({ kits, copies: [{ ...copy, state: 'failing' }] }), 'copy-failing');
  assert.equal(conditionOf({ kits, role: 'desk' }), 'verified', 'nothing that a desk could do');
});

test('green is said only of a copy on another disk that was read back without a difference', () => {
  assert.deepEqual([shieldOf(calm, now).tone, shieldOf(calm, now).condition], ['proven', 'verified']);
  assert.equal(
    shieldOf({ ...calm, copies: [{ ...copy, verifiedAt: null, verifiedFindings: null }] }, now).tone,
    'plain',
  );
});

test('a copy on the same disk is never green, however well it was verified', () => {
  const shield = shieldOf({ ...calm, copies: [{ ...copy, sameDisk: true }] }, now);
  assert.deepEqual([shield.condition, shield.tone], ['same-disk', 'amber']);
});

test('what is proven counts from the verification, not from the last copy', () => {
  const verifiedAt = now - 3_600_000;
  assert.equal(shieldOf({ ...calm, copies: [{ ...copy, verifiedAt }] }, now).since, verifiedAt);
});

test('a verification older than a day and two hours is late', () => {
  assert.equal(conditionOf({ copies: [{ ...copy, verifiedAt: now - staleVerificationMs - 1 }] }), 'verified-late');
});

test('each trouble has its own words', () => {
  assert.equal(conditionOf({ copies: [] }), 'no-copy');
  assert.equal(conditionOf({ lastSyncAt: null }), 'unknown');
  assert.equal(conditionOf({ copies: [{ ...copy, state: 'failing' }] }), 'copy-failing');
  assert.equal(conditionOf({ copies: [{ ...copy, state: 'behind', lagMs: 61_000 }] }), 'copy-late');
  assert.equal(conditionOf({ copies: [{ ...copy, state: 'behind', lagMs: 900 }] }), 'verified');
  assert.equal(conditionOf({ online: false }), 'offline');
  assert.equal(conditionOf({ online: false, isFailing: true }), 'host-failing');
  assert.equal(conditionOf({ copies: [{ ...copy, verifiedFindings: 2 }] }), 'damaged-copy');
});

test('the worst speaks first', () => {
  const worst = { hostLie: 'FORK', online: false, refused: 3, copies: [] };
  assert.equal(conditionOf(worst), 'host-lies');
  assert.equal(conditionOf({ ...worst, hostLie: null }), 'refused');
  assert.equal(conditionOf({ ...worst, hostLie: null, refused: 0 }), 'offline');
});

test('amber and red have a shape that does not need colour', () => {
  for (const change of [{ hostLie: 'FORK' }, { online: false }, { copies: [] }]) {
    const { tone, shape } = shieldOf({ ...calm, ...change }, now);
    assert.equal(shape, tone === 'red' ? 'octagon' : 'triangle');
  }
});

test('two ticks are green only for what a copy on another disk holds, not for what it is still to receive', () => {
  const here = { ...copy, name: 'Ici', sameDisk: true, size: 100 };
  assert.equal(isCopyApart([here, copy]), true);
  assert.equal(isCopyApart([here, { ...copy, size: 90, state: 'failing' }]), false);
  assert.equal(isCopyApart([here]), false);
  assert.equal(isCopyApart([{ ...copy, size: 120 }, here]), true);
  assert.equal(isCopyApart([]), false);
});

test('a copy counts as proven once it was restored, and no longer than its bar', () => {
  const drill: DrillView = {
    ...{ index: 90, destination: 'Strasbourg', size: 90, startedAt: now - 3_600_000, durationMs: 4000, at: null },
    ...{ entries: 90, blobs: 2, bytes: 4096, clinical: 3, billing: 1, findings: 0, outcome: 'proven', codes: [] },
  };
  const of = (proven: DrillView | null, answered: DrillView | null = proven) => ({
    since: now - 90 * 86_400_000,
    copies: [{ destination: 'Strasbourg', answered, proven, last: answered ?? drill }],
  });
  const green = shieldOf({ ...calm, drills: of(drill), copies: [{ ...copy, verifiedAt: null }] }, now);
  assert.deepEqual([green.condition, green.tone, green.since], ['proven', 'proven', drill.startedAt]);
  const old = { ...drill, startedAt: now - staleDrillMs - 1 };
  const late = shieldOf({ ...calm, drills: of(old) }, now);
  assert.deepEqual([late.condition, late.tone, late.since], ['drill-late', 'amber', old.startedAt]);
  assert.equal(conditionOf({ drills: of(null) }), 'drill-late', 'an old practice that was never restored');
  assert.equal(conditionOf({ drills: { since: now - 3_600_000, copies: [] } }), 'verified', 'a young one waits for it');
  const failed = { ...drill, outcome: 'failed', findings: 2, codes: ['BLOB_MISSING'] } as const;
  const red = shieldOf({ ...calm, drills: of(drill, failed) }, now);
  assert.deepEqual([red.condition, red.tone, red.copy, red.count], ['drill-failed', 'red', 'Strasbourg', 2]);
  assert.equal(conditionOf({ drills: of(drill, failed), copies: [{ ...copy, name: 'Lyon' }] }), 'drill-late');
  assert.equal(conditionOf({ drills: of(drill), copies: [{ ...copy, sameDisk: true }] }), 'same-disk');
  assert.equal(conditionOf({ drills: of(drill), hasTwoWays: false }), 'one-way');
});

test('a witness that is wrong or silent turns it amber, and nothing more', () => {
  const witness: ShieldInput['witnesses'][number] = {
    ...{ key: 'aa', name: 'witness.example', keyLine: '', since: now - 90 * 3_600_000 },
    ...{ seenAt: now - 240_000, size: 90, isWrong: false },
  };
  const seen = (change: Partial<typeof witness>) =>
    shieldOf({ ...calm, witnesses: [witness, { ...witness, ...change }] }, now);
  assert.equal(seen({}).condition, 'verified');
  const late = seen({ seenAt: now - staleWitnessMs - 1 });
  assert.deepEqual([late.condition, late.tone, late.copy], ['witness-late', 'amber', 'witness.example']);
  const wrong = seen({ isWrong: true });
  assert.deepEqual([wrong.condition, wrong.tone], ['witness-wrong', 'amber']);
  const neverSeen = shieldOf({ ...calm, witnesses: [{ ...witness, seenAt: null }] }, now);
  assert.equal(neverSeen.condition, 'witness-late');
  const justNamed = shieldOf({ ...calm, witnesses: [{ ...witness, seenAt: null, since: now - 60_000 }] }, now);
  assert.equal(justNamed.condition, 'verified', 'it is given the time to look');
});

test('a copy that the practice reads back with a difference is red, and one that nobody reads back is late', () => {
  const reread: RereadView = {
    ...{ index: 90, at: now - 3_600_000, member: 'a1', destination: 'Strasbourg', size: 90, durationMs: 900 },
    ...{ records: 32, documents: 4, bytes: 4096, outcome: 'proven', codes: [] },
  };
  const of = (answered: RereadView, proven: RereadView | null) => [
    { destination: 'Strasbourg', answered, proven, last: answered },
  ];
  const failed: RereadView = { ...reread, outcome: 'failed', codes: ['BLOB_MISSING'] };
  const red = shieldOf({ ...calm, rereads: of(failed, reread) }, now);
  assert.deepEqual([red.condition, red.tone, red.copy], ['reread-failed', 'red', 'Strasbourg']);
  assert.equal(conditionOf({ rereads: of(failed, reread), copies: [{ ...copy, name: 'Lyon' }] }), 'verified');
  const old = { ...reread, at: now - staleRereadMs - 1 };
  // Its drills are in order.
  const drill: DrillView = {
    ...{ index: 90, destination: 'Strasbourg', size: 90, startedAt: now - 3_600_000, durationMs: 4000, at: null },
    ...{ entries: 90, blobs: 2, bytes: 4096, clinical: 3, billing: 1, findings: 0, outcome: 'proven', codes: [] },
  };
  const drills = {
    since: now - 90 * 86_400_000,
    copies: [{ destination: 'Strasbourg', answered: drill, proven: drill, last: drill }],
  };
  const late = shieldOf({ ...calm, drills, rereads: of(old, old) }, now);
  assert.deepEqual([late.condition, late.tone, late.since], ['reread-late', 'amber', old.at]);
  assert.equal(conditionOf({ drills, rereads: [] }), 'reread-late', 'never, in an old practice');
  assert.equal(conditionOf({ drills, rereads: null }), 'proven', 'not before it is known');
  assert.equal(conditionOf({ drills, rereads: [], compartments: ['admin'] }), 'proven', 'who can do nothing about it');
  assert.equal(conditionOf({ drills, rereads: of(reread, reread) }), 'proven');
});

test('what the host says of itself is told where this device cannot see it, the most pressing first', () => {
  const alert = (cause: ShieldInput['alerts'][number]['cause'], name: string | null = null) => ({
    ...{ cause, copy: name, since: now - 1000, at: now, entry: null },
  });
  const alerts = [alert('lock-short', 'nuage'), alert('certificate-ends'), alert('disk-full')];
  assert.equal(conditionOf({ alerts }), 'disk-full');
  const read = { ...alert('read-much'), entry: 12 };
  assert.equal(conditionOf({ alerts: [...alerts, read] }), 'read-much');
  assert.equal(shieldOf({ ...calm, alerts: [read] }, now).action, 'vault', 'where the journal says which device');
  const locks = shieldOf({ ...calm, alerts: alerts.slice(0, 1) }, now);
  assert.deepEqual([locks.condition, locks.tone, locks.copy], ['lock-short', 'amber', 'nuage']);
  assert.equal(conditionOf({ alerts, copies: [{ ...copy, state: 'failing' }] }), 'copy-failing');
  assert.equal(conditionOf({ alerts, online: false }), 'offline');
});

test('a device that ruins many files is told before all but a lying host, and leads to what it wrote', () => {
  const change = { author: 'd1', member: 'a1', kind: 'gone', saves: 40, since: now - 60_000, until: now } as const;
  const shield = shieldOf({ ...calm, massChanges: [change] }, now);
  assert.deepEqual(
    [shield.condition, shield.tone, shield.action, shield.device, shield.since],
    ['mass-change', 'amber', 'rewind', 'd1', now - 60_000],
  );
  const noise = shieldOf({ ...calm, massChanges: [change, { ...change, kind: 'noise', author: 'd2' }] }, now);
  assert.deepEqual([noise.condition, noise.tone, noise.device], ['mass-noise', 'red', 'd2']);
  assert.equal(conditionOf({ massChanges: [{ ...change, kind: 'noise' }], hostLie: 'FORK' }), 'host-lies');
});
