import type { Page, Route } from '@playwright/test';
import { bytesToHex } from '@serment/core/bytes';
import type { AlertCause } from '@serment/core/wire/alert';
import {
  type ConsoleAlert,
  type ConsolePractice,
  type DrillNight,
  type DrillRun,
  encodeConsole,
  encodePracticeDetail,
  encodePracticePage,
  type HostOverview,
  practiceFilters,
  practiceSorts,
} from '@serment/core/wire/console';
import type { Alert } from '@serment/store/alerts/alert';
import { describeAlert } from '@serment/store/alerts/alert-text';
import type { CopyPlace } from '@serment/store/copy/places';
import { writer } from '../../apps/server/src/alerts/message.ts';
import { pageOf } from '../../apps/server/src/console/console-practices.ts';
import { copyOverview } from '../../apps/server/src/console/copy-overview.ts';

type Facts = Pick<Alert, 'code' | 'at' | 'practices' | 'practiceCount'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const practiceCount = 2000;
const places: readonly CopyPlace[] = [
  { kind: 'folder', name: 'disque', path: '/mnt/copies/serment' },
  {
    ...{ kind: 's3', name: 'nuage', endpoint: 'https://s3.example.org', region: 'fr-par', bucket: 'cabinets' },
    ...{ prefix: 'serment/', credentials: { accessKeyId: 'x', secretAccessKey: 'x' }, lockDays: 90, tailLockDays: 14 },
    bytesPerSecond: null,
  },
];

/** The console of a host of 2 000 practices, three years old, some of which need a hand. Its figures are invented. */
export async function showLargeHost(page: Page): Promise<void> {
  const now = Date.now();
  const practices = Array.from({ length: practiceCount }, (_, place) => practiceOf(place, now));
  const answer = (path: string, tell: (query: URLSearchParams, url: URL) => string) =>
    page.route(new RegExp(`/api/operators/${path}$`), (route: Route) => {
      const url = new URL(route.request().url());
      return route.fulfill({ contentType: 'application/json', body: tell(url.searchParams, url) });
    });
  await answer('overview', () => encodeConsole(overviewOf(practices, now)));
  await answer('alerts\\?.*', () => encodeConsole({ time: now, alerts: alertsOf(now) }));
  await answer('practices\\?.*', (query) =>
    encodePracticePage(
      pageOf(
        practices,
        {
          sort: practiceSorts.find((one) => one === query.get('sort')) ?? 'written',
          filter: practiceFilters.find((one) => one === query.get('filter')) ?? 'all',
          search: query.get('search') ?? '',
          from: Number(query.get('from')),
        },
        now,
      ),
    ),
  );
  await answer('practices/[0-9a-f]{64}\\?.*', (query, { pathname }) => {
    const practice = practices.find((one) => pathname.endsWith(bytesToHex(one.practice))) ?? practices[0];
    return practice === undefined ? '' : detailOf(practice, Number(query.get('step')), now);
  });
  await answer('drills', () =>
    encodeConsole({ time: now, night: nightOf(now, 0), isOver: true, nights: nightsOf(now).reverse() }),
  );
  await answer('runs\\?.*', (query) => encodeConsole({ runs: runsOf(practices, query.get('night') ?? '', now) }));
  await answer('jobs', () =>
    encodeConsole({
      ...{ time: now, waiting: 1203, running: 1, givenUp: 2, verificationsWaiting: 3 },
      verifying: { copy: 'nuage', practice: null },
      drills: practices.slice(0, 12).map((one, place) => ({
        ...{
          practice: bytesToHex(one.practice),
          destination: place % 2 === 0 ? 'disque' : 'nuage',
          since: now - place * 60_000,
        },
        ...{ at: place === 5 ? now - 90 * dayMs : null, isAsked: place === 4 },
        state: place === 0 ? 'running' : place < 3 ? 'given-up' : 'waiting',
        code: place === 1 ? 'SCRATCH_TOO_SMALL' : place === 2 ? 'COPY_UNREACHABLE' : null,
      })),
    }),
  );
}

/** A number from 0 to 1, the same for the same two. */
function chance(place: number, salt: number): number {
  const value = Math.sin(place * 12.9898 + salt * 78.233) * 43_758.5453;
  return value - Math.floor(value);
}

function practiceOf(place: number, now: number): ConsolePractice {
  const id = new Uint8Array(32).map((_, at) => Math.floor(chance(place, at + 1) * 256));
  const bytes = Math.round(10 ** (8 + chance(place, 40) * 2.6));
  const written = now - Math.round(chance(place, 41) ** 6 * 20 * dayMs);
  const entries = Math.round(bytes / 9000);
  const copy = (name: string, salt: number) => {
    const isFailing = name === 'nuage' && place % 700 === 11;
    const lagMs = isFailing ? 2 * hourMs : chance(place, salt) > 0.98 ? 4000 : 0;
    return {
      ...{ name, kind: name === 'nuage' ? 's3' : 'folder', sameDisk: false, size: entries - (lagMs > 0 ? 3 : 0) },
      ...{ publishedAt: written + 700, lagMs, verifiedSize: entries },
      ...{ state: isFailing ? ('failing' as const) : lagMs > 0 ? ('behind' as const) : ('current' as const) },
      error: isFailing ? 'COPY_UNREACHABLE' : null,
      verifiedAt: now - Math.round((1 + chance(place, salt + 1) * 20) * hourMs),
      verifiedFindings: place === 4 && name === 'disque' ? 2 : 0,
      restoredAt: now - Math.round((2 + chance(place, salt + 2) * 9) * hourMs),
      restoreFailed: place === 4 && name === 'disque' ? 'BLOB_MISSING' : null,
    };
  };
  return {
    ...{
      practice: id,
      entries,
      bytes,
      documentBytes: Math.round(bytes * 0.8),
      written,
      growth: Math.round(bytes * 0.02 * chance(place, 42)),
    },
    created: now - Math.round((30 + chance(place, 43) * 1000) * dayMs),
    alarms: chance(place, 44) > 0.97 ? 2 : 0,
    suspended: place === 6 ? now - 3 * dayMs : null,
    copies: [copy('disque', 50), copy('nuage', 60)],
  };
}

function overviewOf(practices: readonly ConsolePractice[], now: number): HostOverview {
  const sum = (of: (one: ConsolePractice) => number) => practices.reduce((total, one) => total + of(one), 0);
  const [last] = nightsOf(now);
  return {
    ...{ version: '0.1.0', started: now - 9 * dayMs, time: now, database: true, answers: 18_402_113, failures: 0 },
    ...{ memoryBytes: 412_000_000, practices: practices.length, entries: sum(({ entries }) => entries) },
    ...{ bytes: sum(({ bytes }) => bytes), suspended: 1, waiting: 1203, givenUp: 2 },
    copies: places.map((place) =>
      copyOverview(place, practices, { bytes: 4_300_000_000_000, lockEnds: now + 61 * dayMs }),
    ),
    retired: [
      {
        ...{ name: 'ancien', kind: 's3', place: 's3.ancien.example/serment', by: 'Camille Roux' },
        ...{ since: now - 12 * dayMs, locksEnd: now + 78 * dayMs },
      },
    ],
    disks: [
      { name: '', freeBytes: 2_140_000_000_000, totalBytes: 8_000_000_000_000, fullAt: now + 402 * dayMs },
      { name: 'disque', freeBytes: 310_000_000_000, totalBytes: 8_000_000_000_000, fullAt: now + 21 * dayMs },
    ],
    lastNight: last === undefined ? null : { ...last, copy: '', proven: 3998, failed: 1 },
  };
}

function alertsOf(now: number): ConsoleAlert[] {
  const when = writer({ language: 'fr', timeZone: 'Europe/Paris' });
  const practices = ['3f9a', '71c0', 'b22e'].map((start) => start.repeat(16));
  const one = (alert: number, cause: AlertCause, subject: string, more: Partial<ConsoleAlert & Facts> = {}) => {
    const facts = { code: null, at: null, practices: [], practiceCount: 0, ...more, cause, subject };
    const { since = now - 40 * 60_000, cleared = null, acknowledged = null, acknowledgedBy = null } = more;
    return { alert, cause, ...describeAlert(facts, 'fr', when), since, cleared, acknowledged, acknowledgedBy };
  };
  return [
    one(41, 'copy-failing', 'nuage', { code: 'COPY_UNREACHABLE', practices, practiceCount: 3 }),
    one(40, 'disk-full', 'disque', { at: now + 21 * dayMs, since: now - 3 * dayMs }),
    one(38, 'drill-failed', 'disque', {
      ...{ code: 'BLOB_MISSING', practices: practices.slice(0, 1), practiceCount: 1, since: now - 9 * hourMs },
      ...{ acknowledged: now - 8 * hourMs, acknowledgedBy: 'Camille Roux' },
    }),
    one(35, 'copy-late', 'nuage', {
      ...{ practices, practiceCount: 812, since: now - 3 * dayMs, cleared: now - 3 * dayMs + 2 * hourMs },
      acknowledgedBy: 'Noé Lambert',
    }),
  ];
}

function nightOf(now: number, back: number): string {
  return new Date(now - back * dayMs).toISOString().slice(0, 10);
}

/** The last one first. */
function nightsOf(now: number): DrillNight[] {
  return Array.from({ length: 45 }, (_, back) => back).flatMap((back) =>
    places.map(({ name: copy }, place) => {
      const failed = back === 0 && place === 0 ? 1 : 0;
      const open = back === 7 && place === 1 ? 212 : back === 0 && place === 1 ? 1 : 0;
      const inconclusive = back === 7 && place === 1 ? 40 : 0;
      const proven = practiceCount - back - failed - open - inconclusive;
      return { night: nightOf(now, back), copy, proven, failed, inconclusive, open };
    }),
  );
}

function runsOf(practices: readonly ConsolePractice[], night: string, now: number): DrillRun[] {
  return practices.slice(0, 40).map((one, place) => ({
    ...{ night, practice: bytesToHex(one.practice), copy: 'disque', isPlanned: true, due: now - 9 * hourMs },
    ...{ ended: now - 9 * hourMs + place * 61_000, durationMs: Math.round(chance(place, 70) * 90_000) },
    outcome: place === 0 ? ('failed' as const) : ('proven' as const),
    code: place === 0 ? 'BLOB_MISSING' : null,
  }));
}

function detailOf(practice: ConsolePractice, step: number, now: number): string {
  const count = step === 5 ? 576 : step === 60 ? 720 : 1000;
  const times = Array.from({ length: count }, (_, place) => now - (count - place) * step * 60_000);
  const grown = (place: number) =>
    1 - (step / 1440) * 0.7 * (1 - place / count) - (step === 5 ? 0.004 * (1 - place / count) : 0);
  return encodePracticeDetail({
    ...{ time: now, practice, pending: [] },
    sizes: times.map((at, place) => {
      const part = Math.max(0.05, grown(place));
      return [at, Math.round(practice.entries * part), Math.round(practice.bytes * part)];
    }),
    lags: times.flatMap((at, place) => [
      ['disque', at, Math.round(chance(place, 3) ** 8 * 900)] as const,
      ['nuage', at, Math.round(chance(place, 4) ** 8 * 4000 + (place === Math.round(count / 2) ? 42_000 : 0))] as const,
    ]),
    drills: runsOf([practice], nightOf(now, 0), now).concat(
      runsOf([practice, practice], nightOf(now, 1), now).slice(1),
    ),
    acts: [
      { at: now - 3 * dayMs, action: 'run-drill', detail: 'Camille Roux\nnuage' },
      { at: now - 40 * dayMs, action: 'close-sessions', detail: 'Camille Roux' },
    ],
  });
}
