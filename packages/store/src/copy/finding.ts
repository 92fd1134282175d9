import type { FindingCode } from '@serment/core/journal/finding';

/** What verification of a copy can find: the copy's own codes, and those of the journal that it holds. */
export type CopyFindingCode =
  | 'MARKER_MISSING'
  | 'MARKER_DAMAGED'
  | 'LEFTOVER'
  | 'PUT_ASIDE'
  | 'FOREIGN_OBJECT'
  | 'OBJECT_OVERWRITTEN'
  | 'PRACTICE_MISMATCH'
  | 'BUNDLE_MISSING'
  | 'BUNDLE_DAMAGED'
  | 'ENTRY_DAMAGED'
  | 'PAYLOADS_MISSING'
  | 'PAYLOADS_DAMAGED'
  | 'PAYLOAD_DAMAGED'
  | 'PAYLOAD_SWAPPED'
  | 'PAYLOAD_UNEXPECTED'
  | 'TILE_MISSING'
  | 'TILE_DAMAGED'
  | 'NODES_MISSING'
  | 'NODES_DAMAGED'
  | 'INDEX_MISSING'
  | 'INDEX_DAMAGED'
  | 'CHECKPOINT_MISSING'
  | 'CHECKPOINT_DAMAGED'
  | 'CHECKPOINT_FORGED'
  | 'CHECKPOINT_FORK'
  | 'FENCE_UNPROVEN'
  | 'RESTORE_UNACKNOWLEDGED'
  | 'TAIL_DAMAGED'
  | 'TAIL_GAP'
  | 'BLOB_DAMAGED'
  | 'DRAFT_DAMAGED'
  | 'ACCOUNTS_DAMAGED'
  | 'JOURNAL_UNCHECKED'
  | 'COPY_BEHIND'
  | 'OBJECT_UNREADABLE'
  | FindingCode;

/** What a finding touches, as far as it is known. */
export interface Reach {
  readonly practice: string | null;
  /** Streams in hexadecimal, the first 64 of `streamCount`. */
  readonly streams: readonly string[];
  readonly streamCount: number;
  /** Entries touched, `to` not included; null when none or unknown. */
  readonly from: number | null;
  readonly to: number | null;
  /** The host's clock around those entries, milliseconds since 1970. */
  readonly since: number | null;
  readonly until: number | null;
}

export interface CopyFinding {
  readonly code: CopyFindingCode;
  /** `damage` is something wrong; `notice` is worth knowing and loses nothing. */
  readonly severity: 'damage' | 'notice';
  /** Name of the object in the copy; null when it is about none. */
  readonly object: string | null;
  readonly detail: string | null;
  readonly reach: Reach;
}

const notices: ReadonlySet<CopyFindingCode> = new Set([
  'LEFTOVER',
  'PUT_ASIDE',
  'FOREIGN_OBJECT',
  'OBJECT_OVERWRITTEN',
  'JOURNAL_UNCHECKED',
  'RESTORE_UNACKNOWLEDGED',
]);

const noReach: Reach = {
  ...{ practice: null, streams: [], streamCount: 0 },
  ...{ from: null, to: null, since: null, until: null },
};
const maxStreams = 64;

/** Findings that are kept one by one; those beyond are counted. */
export const maxFindings = 10_000;

/** What can be computed or written again without an entry being touched. */
const besideEntries: ReadonlySet<CopyFindingCode> = new Set([
  ...(['MARKER_MISSING', 'MARKER_DAMAGED', 'TILE_MISSING', 'TILE_DAMAGED', 'NODES_MISSING', 'NODES_DAMAGED'] as const),
  ...(['INDEX_MISSING', 'INDEX_DAMAGED', 'CHECKPOINT_MISSING', 'CHECKPOINT_DAMAGED', 'CHECKPOINT_FORGED'] as const),
  ...(['FENCE_UNPROVEN', 'ACCOUNTS_DAMAGED', 'DRAFT_DAMAGED'] as const),
]);

/** True for findings about entries themselves, their payloads or their documents. */
export function touchesEntries(code: CopyFindingCode): boolean {
  return !besideEntries.has(code);
}

/** A finding; of the streams it is given, it keeps the first ones and the count. */
export function makeFinding(
  code: CopyFindingCode,
  object: string | null,
  reach: Partial<Reach> = {},
  detail: string | null = null,
): CopyFinding {
  const { streams = [], streamCount = streams.length } = reach;
  const bounded = { streams: streams.slice(0, maxStreams), streamCount };
  const severity = notices.has(code) ? 'notice' : 'damage';
  return { code, severity, object, detail, reach: { ...noReach, ...reach, ...bounded } };
}
