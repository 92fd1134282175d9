import { type Bytes, bytesToHex } from '../bytes.ts';
import { type DrillOutcome, drillOutcomes } from '../journal/body.ts';
import { type PendingDrill, pendingDrillStates } from './drill.ts';
import {
  jsonBoolean,
  jsonCount,
  jsonHex,
  jsonList,
  jsonNullOr,
  jsonOneOf,
  jsonText,
  parseJson,
  parseObject,
} from './json.ts';
import { type CopyStatus, copyMembers, readCopy } from './status.ts';

// What the host's console shows (docs/format/wire.md, The console). Times and durations in milliseconds.

/** A copy, over all practices. */
export interface CopyOverview {
  readonly name: string;
  readonly kind: string;
  /** Where it is, shortened: never how it is reached. */
  readonly place: string;
  readonly sameDisk: boolean;
  /** How long its objects stay locked, in days; null for a folder. */
  readonly lockDays: number | null;
  readonly tailLockDays: number | null;
  /** Practices whose copy is so. */
  readonly current: number;
  readonly behind: number;
  readonly failing: number;
  readonly errors: readonly { readonly code: string; readonly count: number }[];
  /** How far behind it is now: half of the practices, 99 in a hundred, the last one. Null before the first look. */
  readonly lagMedian: number | null;
  readonly lagNearAll: number | null;
  readonly lagWorst: number | null;
  /** Entries held. */
  readonly entries: number;
  /** What it weighed in the last trial restoration of each practice; null before the first. */
  readonly bytes: number | null;
  /** How much the practices that it holds grew in the last 30 days. */
  readonly growth: number;
  /** When the first lock ends of those that were looked at last; null for a folder, and before the first look. */
  readonly lockEnds: number | null;
  readonly publishedAt: number | null;
  /** The least recent of the practices; null where one never was. */
  readonly verifiedAt: number | null;
  readonly restoredAt: number | null;
  /** Practices whose last verification found damage, and whose last trial restoration failed. */
  readonly damaged: number;
  readonly restoreFailed: number;
}

/** A copy that is written no more: what it holds stays until its locks end, and longer. */
export interface RetiredCopy {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  readonly since: number;
  /** Name of the operator who did it. */
  readonly by: string;
  /** When the last lock ends, if nobody lengthens it; null for a folder. */
  readonly locksEnd: number | null;
}

/** Something that is wrong, or was; words in the language that was asked for. */
export interface ConsoleAlert {
  readonly alert: number;
  /** One of the causes of docs/operations.md, Alerts. */
  readonly cause: string;
  readonly what: string;
  readonly whom: string;
  readonly act: string;
  readonly since: number;
  /** When it was over; null while it is open. */
  readonly cleared: number | null;
  readonly acknowledged: number | null;
  readonly acknowledgedBy: string | null;
}

/** `GET /api/operators/alerts`: those that are open first, then those that were over in the last seven days. */
export interface AlertsView {
  readonly time: number;
  readonly alerts: readonly ConsoleAlert[];
}

/** Room on a disk. */
export interface DiskOverview {
  /** Name of the copy that it holds; empty for the data folder's. */
  readonly name: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** When it is full at the rate of the last week; null when it does not fill, or when too little is known. */
  readonly fullAt: number | null;
}

/** `GET /api/operators/overview`. */
export interface HostOverview {
  readonly version: string;
  readonly started: number;
  readonly time: number;
  readonly database: boolean;
  /** Answers since the start, and those of them that were failures of the server. */
  readonly answers: number;
  readonly failures: number;
  readonly memoryBytes: number;
  readonly practices: number;
  readonly entries: number;
  readonly bytes: number;
  readonly suspended: number;
  readonly copies: readonly CopyOverview[];
  /** Those that are in the host's file and were retired. */
  readonly retired: readonly RetiredCopy[];
  readonly disks: readonly DiskOverview[];
  /** How the last night that is over went, of all copies. Null before the first. */
  readonly lastNight: DrillNight | null;
  /** Trial restorations that wait, and that were given up. */
  readonly waiting: number;
  readonly givenUp: number;
}

/** One copy of one practice, with what it last proved. */
export interface ConsoleCopy extends CopyStatus {
  /** The last trial restoration that gave everything back. */
  readonly restoredAt: number | null;
  /** Why the last one did not; null where it did. */
  readonly restoreFailed: string | null;
}

/** A practice as its host sees it. */
export interface ConsolePractice {
  readonly practice: Bytes;
  readonly created: number;
  readonly entries: number;
  /** Entries, payloads and documents. */
  readonly bytes: number;
  /** Of those, documents. */
  readonly documentBytes: number;
  /** Bytes in the last 30 days, or since it is known here. */
  readonly growth: number;
  readonly written: number;
  /** Alarms at sign-in in the last seven days. */
  readonly alarms: number;
  /** Since when it is suspended. */
  readonly suspended: number | null;
  readonly copies: readonly ConsoleCopy[];
}

export const practiceSorts = ['written', 'bytes', 'growth', 'lag', 'restored', 'verified', 'practice'] as const;
export type PracticeSort = (typeof practiceSorts)[number];
export const practiceFilters = ['all', 'attention', 'suspended'] as const;
export type PracticeFilter = (typeof practiceFilters)[number];
/** Practices of one page. */
export const practicesShown = 50;

/** `GET /api/operators/practices`. */
export interface PracticePage {
  readonly time: number;
  /** Practices at this host, and those of them that were asked for. */
  readonly total: number;
  readonly count: number;
  readonly practices: readonly ConsolePractice[];
}

/** How one night went at one copy. */
export interface DrillNight {
  /** The day on which it began: `2026-11-29`. */
  readonly night: string;
  readonly copy: string;
  readonly proven: number;
  readonly failed: number;
  readonly inconclusive: number;
  /** Due, and without an answer. */
  readonly open: number;
}

/** One trial restoration. */
export interface DrillRun {
  readonly night: string;
  /** In hexadecimal. */
  readonly practice: string;
  readonly copy: string;
  /** Whether every practice had one that night. */
  readonly isPlanned: boolean;
  readonly due: number;
  readonly ended: number | null;
  readonly outcome: DrillOutcome | null;
  readonly code: string | null;
  readonly durationMs: number | null;
}

/** `GET /api/operators/drills`. */
export interface DrillCalendar {
  readonly time: number;
  /** The night that began last, and whether it is over: what has no answer by then is late. */
  readonly night: string;
  readonly isOver: boolean;
  readonly nights: readonly DrillNight[];
}

/** An act of an operator, as the practice's journal tells it. */
export interface TracedAct {
  readonly at: number;
  readonly action: string;
  readonly detail: string;
}

/** `GET /api/operators/practices/P`. */
export interface PracticeDetail {
  readonly time: number;
  readonly practice: ConsolePractice;
  readonly sizes: readonly (readonly [at: number, entries: number, bytes: number])[];
  readonly lags: readonly (readonly [copy: string, at: number, lagMs: number])[];
  readonly drills: readonly DrillRun[];
  readonly pending: readonly PendingDrill[];
  readonly acts: readonly TracedAct[];
}

/** A task of the queue. */
export interface QueuedDrill extends PendingDrill {
  /** In hexadecimal. */
  readonly practice: string;
  /** Whether a person waits for it. */
  readonly isAsked: boolean;
}

/** `GET /api/operators/jobs`. */
export interface JobsView {
  readonly time: number;
  readonly waiting: number;
  readonly running: number;
  readonly givenUp: number;
  /** Those that run, then those that were given up, then those that wait: the first of each. */
  readonly drills: readonly QueuedDrill[];
  readonly verifying: { readonly copy: string; readonly practice: string | null } | null;
  readonly verificationsWaiting: number;
}

export const maxQueueTold = 200;
const maxCopies = 64;
const maxDisks = 65;
const maxNights = 64 * 400;
const maxRuns = 500;
const maxPoints = 64 * 1200;
const maxActs = 200;
export const maxAlerts = 1000;

export function encodeConsole(
  view: HostOverview | DrillCalendar | JobsView | AlertsView | { readonly runs: readonly DrillRun[] },
): string {
  return JSON.stringify(view);
}

export function encodePracticePage(page: PracticePage): string {
  return JSON.stringify({ ...page, practices: page.practices.map(plain) });
}

export function encodePracticeDetail(detail: PracticeDetail): string {
  return JSON.stringify({ ...detail, practice: plain(detail.practice) });
}

function plain(one: ConsolePractice) {
  return { ...one, practice: bytesToHex(one.practice) };
}

/** Throws WIRE_INVALID. */
export function parseHostOverview(text: string): HostOverview {
  const of = members(parseJson(text), overviewMembers);
  return {
    version: jsonText(of('version')),
    database: jsonBoolean(of('database')),
    ...counts(of, ['started', 'time', 'answers', 'failures', 'memoryBytes', 'practices', 'entries', 'bytes']),
    ...counts(of, ['suspended', 'waiting', 'givenUp']),
    copies: jsonList(of('copies'), maxCopies, parseCopyOverview),
    retired: jsonList(of('retired'), maxCopies, parseRetired),
    disks: jsonList(of('disks'), maxDisks, parseDisk),
    lastNight: jsonNullOr(of('lastNight'), parseNight),
  };
}

/** Throws WIRE_INVALID. */
export function parseAlertsView(text: string): AlertsView {
  const of = members(parseJson(text), ['time', 'alerts']);
  return { time: jsonCount(of('time')), alerts: jsonList(of('alerts'), maxAlerts, parseAlert) };
}

/** Throws WIRE_INVALID. */
export function parsePracticePage(text: string): PracticePage {
  const of = members(parseJson(text), ['time', 'total', 'count', 'practices']);
  const practices = jsonList(of('practices'), practicesShown, parsePractice);
  return { ...counts(of, ['time', 'total', 'count']), practices };
}

/** Throws WIRE_INVALID. */
export function parsePracticeDetail(text: string): PracticeDetail {
  const of = members(parseJson(text), ['time', 'practice', 'sizes', 'lags', 'drills', 'pending', 'acts']);
  return {
    time: jsonCount(of('time')),
    practice: parsePractice(of('practice')),
    sizes: jsonList(of('sizes'), maxPoints, (value) => {
      const [at, entries, bytes] = jsonList(value, 3, jsonCount);
      return [at ?? 0, entries ?? 0, bytes ?? 0] as const;
    }),
    lags: jsonList(of('lags'), maxPoints, (value) => {
      const [copy, at, lagMs] = jsonList(value, 3, (item) => item);
      return [jsonText(copy), jsonCount(at), jsonCount(lagMs)] as const;
    }),
    drills: jsonList(of('drills'), maxRuns, parseRun),
    pending: jsonList(of('pending'), 256, (value) => parsePending(members(value, pendingMembers))),
    acts: jsonList(of('acts'), maxActs, (value) => {
      const act = members(value, ['at', 'action', 'detail']);
      return { at: jsonCount(act('at')), action: jsonText(act('action')), detail: jsonText(act('detail')) };
    }),
  };
}

/** Throws WIRE_INVALID. */
export function parseDrillCalendar(text: string): DrillCalendar {
  const of = members(parseJson(text), ['time', 'night', 'isOver', 'nights']);
  return {
    time: jsonCount(of('time')),
    night: jsonText(of('night')),
    isOver: jsonBoolean(of('isOver')),
    nights: jsonList(of('nights'), maxNights, parseNight),
  };
}

/** Throws WIRE_INVALID. */
export function parseDrillRuns(text: string): DrillRun[] {
  return jsonList(members(parseJson(text), ['runs'])('runs'), maxRuns, parseRun);
}

/** Throws WIRE_INVALID. */
export function parseJobs(text: string): JobsView {
  const names = ['time', 'waiting', 'running', 'givenUp', 'drills', 'verifying', 'verificationsWaiting'];
  const of = members(parseJson(text), names);
  return {
    ...counts(of, ['time', 'waiting', 'running', 'givenUp', 'verificationsWaiting']),
    drills: jsonList(of('drills'), 3 * maxQueueTold, (value) => {
      const task = members(value, [...pendingMembers, 'practice', 'isAsked']);
      return { ...parsePending(task), practice: jsonText(task('practice')), isAsked: jsonBoolean(task('isAsked')) };
    }),
    verifying: jsonNullOr(of('verifying'), (value) => {
      const verifying = members(value, ['copy', 'practice']);
      return { copy: jsonText(verifying('copy')), practice: jsonNullOr(verifying('practice'), jsonText) };
    }),
  };
}

type Members = (name: string) => unknown;
const members: (value: unknown, names: readonly string[]) => Members = parseObject;

const overviewMembers = [
  ...['version', 'started', 'time', 'database', 'answers', 'failures', 'memoryBytes', 'practices', 'entries', 'bytes'],
  ...['suspended', 'copies', 'retired', 'disks', 'lastNight', 'waiting', 'givenUp'],
];
const pendingMembers = ['destination', 'at', 'state', 'since', 'code'];

function counts<const Names extends readonly string[]>(of: Members, names: Names): Record<Names[number], number> {
  const found: Partial<Record<Names[number], number>> = {};
  for (const name of names) found[name as Names[number]] = jsonCount(of(name));
  return found as Record<Names[number], number>;
}

function maybeCounts<const Names extends readonly string[]>(
  of: Members,
  names: Names,
): Record<Names[number], number | null> {
  const found: Partial<Record<Names[number], number | null>> = {};
  for (const name of names) found[name as Names[number]] = jsonNullOr(of(name), jsonCount);
  return found as Record<Names[number], number | null>;
}

const copyCounts = ['current', 'behind', 'failing', 'entries', 'growth', 'damaged', 'restoreFailed'] as const;
const copyMaybe = [
  'lockDays',
  'tailLockDays',
  'lagMedian',
  'lagNearAll',
  'lagWorst',
  'bytes',
  'lockEnds',
  'publishedAt',
  'verifiedAt',
  'restoredAt',
] as const;

function parseCopyOverview(value: unknown): CopyOverview {
  const of = members(value, [...copyCounts, ...copyMaybe, 'name', 'kind', 'place', 'sameDisk', 'errors']);
  return {
    name: jsonText(of('name')),
    kind: jsonText(of('kind')),
    place: jsonText(of('place')),
    sameDisk: jsonBoolean(of('sameDisk')),
    errors: jsonList(of('errors'), maxCopies, (error) => {
      const told = members(error, ['code', 'count']);
      return { code: jsonText(told('code')), count: jsonCount(told('count')) };
    }),
    ...counts(of, copyCounts),
    ...maybeCounts(of, copyMaybe),
  };
}

function parseRetired(value: unknown): RetiredCopy {
  const of = members(value, ['name', 'kind', 'place', 'since', 'by', 'locksEnd']);
  return {
    ...{ name: jsonText(of('name')), kind: jsonText(of('kind')), place: jsonText(of('place')) },
    ...{ since: jsonCount(of('since')), by: jsonText(of('by')), locksEnd: jsonNullOr(of('locksEnd'), jsonCount) },
  };
}

function parseAlert(value: unknown): ConsoleAlert {
  const maybe = ['cleared', 'acknowledged'] as const;
  const of = members(value, [...maybe, 'alert', 'cause', 'what', 'whom', 'act', 'since', 'acknowledgedBy']);
  return {
    ...counts(of, ['alert', 'since']),
    ...{
      cause: jsonText(of('cause')),
      what: jsonText(of('what')),
      whom: jsonText(of('whom')),
      act: jsonText(of('act')),
    },
    ...maybeCounts(of, maybe),
    acknowledgedBy: jsonNullOr(of('acknowledgedBy'), jsonText),
  };
}

function parseDisk(value: unknown): DiskOverview {
  const of = members(value, ['name', 'freeBytes', 'totalBytes', 'fullAt']);
  const fullAt = jsonNullOr(of('fullAt'), jsonCount);
  return { name: jsonText(of('name')), ...counts(of, ['freeBytes', 'totalBytes']), fullAt };
}

const practiceCounts = ['created', 'entries', 'bytes', 'documentBytes', 'growth', 'written', 'alarms'] as const;

function parsePractice(value: unknown): ConsolePractice {
  const of = members(value, [...practiceCounts, 'practice', 'suspended', 'copies']);
  return {
    practice: jsonHex(of('practice'), 32),
    ...counts(of, practiceCounts),
    suspended: jsonNullOr(of('suspended'), jsonCount),
    copies: jsonList(of('copies'), maxCopies, parseConsoleCopy),
  };
}

function parseConsoleCopy(value: unknown): ConsoleCopy {
  const of = members(value, [...copyMembers, 'restoredAt', 'restoreFailed']);
  return {
    ...readCopy(of),
    restoredAt: jsonNullOr(of('restoredAt'), jsonCount),
    restoreFailed: jsonNullOr(of('restoreFailed'), jsonText),
  };
}

function parseNight(value: unknown): DrillNight {
  const of = members(value, ['night', 'copy', 'proven', 'failed', 'inconclusive', 'open']);
  const figures = counts(of, ['proven', 'failed', 'inconclusive', 'open']);
  return { night: jsonText(of('night')), copy: jsonText(of('copy')), ...figures };
}

function parseRun(value: unknown): DrillRun {
  const names = ['night', 'practice', 'copy', 'isPlanned', 'due', 'ended', 'outcome', 'code', 'durationMs'];
  const of = members(value, names);
  return {
    night: jsonText(of('night')),
    practice: jsonText(of('practice')),
    copy: jsonText(of('copy')),
    isPlanned: jsonBoolean(of('isPlanned')),
    due: jsonCount(of('due')),
    ...maybeCounts(of, ['ended', 'durationMs']),
    outcome: jsonNullOr(of('outcome'), jsonOneOf(drillOutcomes)),
    code: jsonNullOr(of('code'), jsonText),
  };
}

function parsePending(of: Members): PendingDrill {
  return {
    destination: jsonText(of('destination')),
    at: jsonNullOr(of('at'), jsonCount),
    state: jsonOneOf(pendingDrillStates)(of('state')),
    since: jsonCount(of('since')),
    code: jsonNullOr(of('code'), jsonText),
  };
}
