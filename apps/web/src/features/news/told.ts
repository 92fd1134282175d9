import type { PatientRow } from '@serment/replica/directory';
import type { VaultEvent } from '@serment/replica/vault';
import type { News } from '../../worker/news-desk.ts';

/** What a person has to know of, a line each; all but an event leaves by being dealt with. */
export type NewsLine =
  | { readonly kind: 'urgent'; readonly count: number }
  | { readonly kind: 'conflict'; readonly row: PatientRow }
  | { readonly kind: 'refused'; readonly count: number }
  | { readonly kind: 'unsent'; readonly count: number; readonly since: number }
  | { readonly kind: 'event'; readonly event: VaultEvent };

export interface SaveCounts {
  readonly refused: number;
  readonly pending: number;
}

/** A line that is cut for less is no news: the header counts what waits all the time. */
export const unsentAfterMs = 10 * 60_000;

/** In the order in which they are told. */
export function linesOf(news: News | null, { refused, pending }: SaveCounts, nowMs: number): NewsLine[] {
  const { urgentArrived = [], conflicts = [], unsentSince = null, events = [] } = news ?? {};
  const isUnsent = pending > 0 && unsentSince !== null && nowMs - unsentSince >= unsentAfterMs;
  return [
    ...(urgentArrived.length > 0 ? [{ kind: 'urgent', count: urgentArrived.length } as const] : []),
    ...(refused > 0 ? [{ kind: 'refused', count: refused } as const] : []),
    ...conflicts.map((row) => ({ kind: 'conflict', row }) as const),
    ...(isUnsent ? [{ kind: 'unsent', count: pending, since: unsentSince } as const] : []),
    ...events.map((event) => ({ kind: 'event', event }) as const),
  ];
}

/** The same for the same thing, whatever else there is. */
export function keyOf(line: NewsLine): string {
  if (line.kind === 'conflict') return `conflict ${line.row.id}`;
  return line.kind === 'event' ? `event ${line.event.index}` : line.kind;
}

export type SystemKind = NewsLine['kind'] | 'arrived' | 'deposit' | 'shield';

/** Where each is dealt with. */
export const systemPlaces = {
  urgent: '/a-classer',
  arrived: '/a-classer',
  deposit: '/aujourdhui',
  conflict: '/aujourdhui',
  refused: '/coffre',
  unsent: '/coffre',
  event: '/coffre',
  shield: '/coffre',
} as const satisfies Readonly<Record<SystemKind, string>>;

/**
 * What the system may be asked to say, by keys that stay while the thing does. They name no patient, and are no more than
 * compared: a key that was not there before is something new.
 */
export function systemFacts(
  news: News,
  lines: readonly NewsLine[],
  shield: { readonly tone: string; readonly condition: string } | null,
): Map<string, SystemKind> {
  const facts = new Map<string, SystemKind>();
  for (const id of news.arrived) facts.set(`arrived ${id}`, 'arrived');
  for (const id of news.urgentArrived) facts.set(`urgent ${id}`, 'urgent');
  for (let count = 1; count <= news.deposits; count += 1) facts.set(`deposit ${count}`, 'deposit');
  for (const line of lines) if (line.kind !== 'urgent') facts.set(keyOf(line), line.kind);
  if (shield?.tone === 'amber' || shield?.tone === 'red') facts.set(`shield ${shield.condition}`, 'shield');
  return facts;
}

/** The kinds of what was not there before, each once; what is critical is not said twice. */
export function newKinds(before: ReadonlySet<string>, facts: ReadonlyMap<string, SystemKind>): SystemKind[] {
  const kinds = new Set([...facts].flatMap(([key, kind]) => (before.has(key) ? [] : kind)));
  if (kinds.has('urgent')) kinds.delete('arrived');
  return [...kinds];
}
