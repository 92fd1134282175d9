import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes } from '@serment/core/bytes';
import type { BodyOf } from '@serment/core/journal/body';
import { hostStream } from '@serment/core/journal/header';
import { makePractice, type TestPractice } from '../../core/test/journal/practice-fixture.ts';
import { DrillRecord, drillHistory } from '../src/drill-record.ts';
import type { JournalMirror } from '../src/journal-mirror.ts';

type Told = Partial<BodyOf<'drill'>>;

async function drill(practice: TestPractice, more: Told = {}): Promise<number> {
  const codes = more.codes ?? [];
  const facts = { startedAt: 1_790_000_000_000, durationMs: 4000, blobs: 1, bytes: 900, clinical: 1, billing: 0 };
  await practice.append({
    signer: practice.host,
    body: {
      ...{ kind: 'drill', destination: 'disque', ...practice.head(), ...facts, entries: practice.size, at: null },
      ...{ outcome: codes.length === 0 ? 'proven' : 'failed', findings: codes.length, codes, ...more },
    },
  });
  return practice.size - 1;
}

/** What a device would know of that journal, whose roots it verified itself. */
async function mirrorOf(practice: TestPractice): Promise<JournalMirror> {
  const other = await makePractice();
  const roots = new Map([[0, other.root()]]);
  for (const [index, entry] of practice.entries.entries()) {
    if (index < other.size) assert.ok(equalBytes(entry.bytes, other.entries[index]?.bytes ?? entry.bytes));
    else other.accept(entry, entry.receivedAt);
    roots.set(index + 1, other.size === index + 1 ? other.root() : new Uint8Array(0));
  }
  const events = practice.entries.flatMap(({ header }, index) =>
    equalBytes(header.stream, hostStream) ? [index] : [],
  );
  return {
    unread: null,
    size: practice.size,
    hostEvents: () => events,
    entry: async (index: number) => practice.entries[index],
    rootAt: (size: number) => {
      const root = roots.get(size);
      return root === undefined || root.length === 0 ? null : root;
    },
  } as unknown as JournalMirror;
}

test('what is told of a copy is its last answer and its last proof, and an inconclusive try takes neither back', async () => {
  const practice = await makePractice();
  const first = await drill(practice);
  await practice.appendRecords();
  const past = await drill(practice, { at: 1_780_000_000_000 });
  const failed = await drill(practice, { destination: 'ailleurs', codes: ['BLOB_MISSING'] });
  const none = { outcome: 'inconclusive', codes: ['SCRATCH_TOO_SMALL'], findings: 0 } as const;
  const tried = await drill(practice, none);
  const mirror = await mirrorOf(practice);
  const record = new DrillRecord(mirror);
  await record.follow();
  const { since, copies } = record.status;
  assert.equal(since, practice.entries[0]?.receivedAt);
  const [disk, elsewhere] = copies;
  assert.deepEqual([disk?.proven?.index, disk?.answered?.index, disk?.last.index], [first, past, tried]);
  assert.deepEqual([elsewhere?.proven, elsewhere?.answered?.index], [null, failed]);
  await record.follow();
  assert.equal(record.status.copies.length, 2);
  const { drills, hasMore } = await drillHistory(mirror, 2);
  assert.deepEqual([drills.map(({ index }) => index), hasMore], [[tried, failed], true]);
});

test('a host that signs a proof of another root than this device knows proves nothing', async () => {
  const practice = await makePractice();
  await practice.appendRecords();
  await drill(practice, { root: new Uint8Array(32).fill(9) });
  const record = new DrillRecord(await mirrorOf(practice));
  await record.follow();
  const [copy] = record.status.copies;
  assert.deepEqual([copy?.answered?.outcome, copy?.answered?.codes, copy?.proven], ['failed', ['ROOT_MISMATCH'], null]);
});
