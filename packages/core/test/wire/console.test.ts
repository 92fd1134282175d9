import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AlertsView,
  type ConsolePractice,
  type DrillCalendar,
  type DrillRun,
  encodeConsole,
  encodePracticeDetail,
  encodePracticePage,
  type HostOverview,
  type JobsView,
  type PracticeDetail,
  parseAlertsView,
  parseDrillCalendar,
  parseDrillRuns,
  parseHostOverview,
  parseJobs,
  parsePracticeDetail,
  parsePracticePage,
} from '../../src/wire/console.ts';

const night = { night: '2026-11-29', copy: 'disque', proven: 4, failed: 0, inconclusive: 1, open: 2 };
const overview: HostOverview = {
  ...{ version: '0.1.0', started: 1, time: 2, database: true, answers: 3, failures: 0, memoryBytes: 4 },
  ...{ practices: 5, entries: 6, bytes: 7, suspended: 0, lastNight: night, waiting: 1, givenUp: 0 },
  copies: [
    {
      ...{ name: 'nuage', kind: 's3', place: 's3.example/b', sameDisk: false, lockDays: 90, tailLockDays: 14 },
      ...{ current: 4, behind: 1, failing: 0, errors: [{ code: 'COPY_UNREACHABLE', count: 2 }], entries: 9 },
      ...{ lagMedian: 0, lagNearAll: 3, lagWorst: null, bytes: null, publishedAt: 5, verifiedAt: null },
      ...{ restoredAt: 4, damaged: 0, restoreFailed: 1, growth: 8, lockEnds: 9 },
    },
  ],
  retired: [{ name: 'ancien', kind: 'folder', place: '/mnt', since: 3, by: 'Camille Roux', locksEnd: null }],
  disks: [{ name: '', freeBytes: 1, totalBytes: 2, fullAt: null }],
};
const practice: ConsolePractice = {
  ...{
    practice: new Uint8Array(32).fill(7),
    created: 1,
    entries: 2,
    bytes: 3,
    documentBytes: 1,
    growth: 1,
    written: 4,
    alarms: 5,
  },
  suspended: null,
  copies: [
    {
      ...{ name: 'disque', kind: 'folder', sameDisk: true, size: 2, publishedAt: 1, lagMs: 0, state: 'current' },
      ...{ error: null, verifiedAt: null, verifiedSize: null, verifiedFindings: null },
      ...{ restoredAt: 9, restoreFailed: 'BLOB_MISSING' },
    },
  ],
};
const run: DrillRun = {
  ...{ night: '2026-11-29', practice: 'ab'.repeat(32), copy: 'disque', isPlanned: true, due: 1, ended: null },
  ...{ outcome: null, code: null, durationMs: null },
};
const pending = { destination: 'disque', at: null, state: 'waiting' as const, since: 3, code: null };
const detail: PracticeDetail = {
  ...{ time: 1, practice, sizes: [[1, 2, 3]], lags: [['disque', 1, 2]], drills: [run], pending: [pending] },
  acts: [{ at: 1, action: 'suspend', detail: 'Ève' }],
};
const calendar: DrillCalendar = { time: 1, night: '2026-11-29', isOver: true, nights: [night] };
const alerts: AlertsView = {
  time: 1,
  alerts: [
    {
      ...{
        alert: 4,
        cause: 'copy-late',
        what: 'La copie « nuage » est en retard.',
        whom: 'l’installation',
        act: 'Vérifiez.',
        since: 3,
      },
      ...{ cleared: null, acknowledged: 5, acknowledgedBy: 'Ève' },
    },
  ],
};
const jobs: JobsView = {
  ...{ time: 1, waiting: 2, running: 0, givenUp: 1, verificationsWaiting: 0 },
  drills: [{ ...pending, practice: 'ab'.repeat(32), isAsked: true }],
  verifying: { copy: 'disque', practice: null },
};

test('what the console is told is read back', () => {
  assert.deepEqual(parseHostOverview(encodeConsole(overview)), overview);
  const page = { time: 1, total: 9, count: 1, practices: [practice] };
  assert.deepEqual(parsePracticePage(encodePracticePage(page)), page);
  assert.deepEqual(parsePracticeDetail(encodePracticeDetail(detail)), detail);
  assert.deepEqual(parseDrillCalendar(encodeConsole(calendar)), calendar);
  assert.deepEqual(parseDrillRuns(encodeConsole({ runs: [run] })), [run]);
  assert.deepEqual(parseJobs(encodeConsole(jobs)), jobs);
  assert.deepEqual(parseAlertsView(encodeConsole(alerts)), alerts);
});

test('anything else is refused', () => {
  const refused = { code: 'WIRE_INVALID' };
  const texts = [
    [parseHostOverview, encodeConsole(overview)],
    [parsePracticePage, encodePracticePage({ time: 1, total: 1, count: 1, practices: [practice] })],
    [parsePracticeDetail, encodePracticeDetail(detail)],
    [parseDrillCalendar, encodeConsole(calendar)],
    [parseJobs, encodeConsole(jobs)],
    [parseAlertsView, encodeConsole(alerts)],
  ] as const;
  for (const [parse, text] of texts) {
    for (const wrong of [
      text.replace('"time":', '"when":'),
      text.replace(/"time":\d+/, '"time":-1'),
      '[]',
      '{',
      'null',
      '',
    ])
      assert.throws(() => parse(wrong), refused, wrong.slice(0, 60));
    assert.throws(() => parse(text.replace(/\}$/, ',"more":1}')), refused);
  }
  const [, , [, detailText]] = texts;
  assert.throws(() => parsePracticeDetail(detailText.replace('[1,2,3]', '[1,2,3,4]')), refused);
  assert.throws(() => parsePracticeDetail(detailText.replace('"current"', '"fine"')), refused);
});
