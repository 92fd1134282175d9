import type { ConsoleCopy, ConsolePractice, CopyOverview, RetiredCopy } from '@serment/core/wire/console';
import type { CopyPlace } from '@serment/store/copy/places';
import type { RetiredPlace } from '../jobs/copies.ts';
import { behindMs } from './console-practices.ts';

const dayMs = 86_400_000;

/** What is known of a copy besides what its practices tell. */
interface Seen {
  /** What it weighed when it was last restored from. */
  readonly bytes: number | null;
  readonly lockEnds: number | null;
}

/** How one copy stands over all practices. */
export function copyOverview(
  place: CopyPlace,
  practices: readonly ConsolePractice[],
  { bytes, lockEnds }: Seen,
): CopyOverview {
  const isOwn = ({ name }: ConsoleCopy) => name === place.name;
  const copies = practices.flatMap((one) => one.copies.filter(isOwn));
  const holders = practices.filter((one) => one.copies.some((copy) => isOwn(copy) && copy.size > 0));
  const held = copies.filter(({ size }) => size > 0);
  const count = (state: ConsoleCopy['state']) => copies.filter((copy) => copy.state === state).length;
  const errors = Map.groupBy(
    copies.flatMap(({ state, error }) => (state === 'failing' && error !== null ? [error] : [])),
    (code) => code,
  );
  const lags = copies.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs])).sort((left, right) => left - right);
  const published = copies.flatMap(({ publishedAt }) => (publishedAt === null ? [] : [publishedAt]));
  return {
    ...{ name: place.name, kind: place.kind, place: placeText(place) },
    sameDisk: copies.some(({ sameDisk }) => sameDisk),
    lockDays: place.kind === 's3' ? place.lockDays : null,
    tailLockDays: place.kind === 's3' ? place.tailLockDays : null,
    ...{ current: count('current'), behind: count('behind'), failing: count('failing') },
    errors: [...errors].map(([code, all]) => ({ code, count: all.length })).slice(0, 64),
    ...{ lagMedian: quantile(lags, 0.5), lagNearAll: quantile(lags, 0.99), lagWorst: lags.at(-1) ?? null },
    entries: copies.reduce((sum, { size }) => sum + size, 0),
    ...{ bytes, lockEnds, growth: holders.reduce((sum, { growth }) => sum + growth, 0) },
    publishedAt: published.length === 0 ? null : Math.max(...published),
    verifiedAt: leastRecent(held.map(({ verifiedAt }) => verifiedAt)),
    restoredAt: leastRecent(held.map(({ restoredAt }) => restoredAt)),
    damaged: held.filter(({ verifiedFindings }) => (verifiedFindings ?? 0) > 0).length,
    restoreFailed: held.filter(({ restoreFailed }) => restoreFailed !== null).length,
  };
}

export function retiredCopy({ place, copy: name, since, by }: RetiredPlace): RetiredCopy {
  const locksEnd = place.kind === 's3' ? since + place.lockDays * dayMs : null;
  return { name, kind: place.kind, place: placeText(place), since, by, locksEnd };
}

/** How many practices would have no good copy without that one, which is a good one of theirs. */
export function countAlone(practices: readonly ConsolePractice[], name: string): number {
  return practices.filter(({ copies }) => {
    const good = copies.filter(isGood);
    return good.length === 1 && good[0]?.name === name;
  }).length;
}

/** One that would give the practice back if the machine were lost, as far as is known. */
function isGood({ size, sameDisk, state, lagMs, verifiedFindings, restoreFailed }: ConsoleCopy): boolean {
  const isWhole = (verifiedFindings ?? 0) === 0 && restoreFailed === null;
  return size > 0 && !sameDisk && state !== 'failing' && (lagMs ?? 0) <= behindMs && isWhole;
}

/** The value under which that part of them is; they are sorted. */
function quantile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

function leastRecent(times: readonly (number | null)[]): number | null {
  const known = times.flatMap((time) => (time === null ? [] : [time]));
  return known.length < times.length || known.length === 0 ? null : Math.min(...known);
}

/** Where it is, for who knows already: the end of a path, or a store's name and its bucket. */
export function placeText(place: CopyPlace): string {
  if (place.kind === 'folder') {
    const parts = place.path.split(/[/\\]/).filter((part) => part !== '');
    return parts.length > 2 ? `…/${parts.slice(-2).join('/')}` : place.path;
  }
  const store = place.endpoint === null ? `aws ${place.region}` : new URL(place.endpoint).host;
  return `${store}/${place.bucket}/${place.prefix}`.replace(/\/$/, '');
}
