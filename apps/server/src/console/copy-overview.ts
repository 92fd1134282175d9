import type { ConsoleCopy, ConsolePractice, CopyOverview } from '@serment/core/wire/console';
import type { CopyPlace } from '@serment/store/copy/places';

/** How one copy stands over all practices; `bytes` is what it weighed when it was last restored from. */
export function copyOverview(
  place: CopyPlace,
  practices: readonly ConsolePractice[],
  bytes: number | null,
): CopyOverview {
  const copies = practices.flatMap((one) => one.copies.filter(({ name }) => name === place.name));
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
    bytes,
    publishedAt: published.length === 0 ? null : Math.max(...published),
    verifiedAt: leastRecent(held.map(({ verifiedAt }) => verifiedAt)),
    restoredAt: leastRecent(held.map(({ restoredAt }) => restoredAt)),
    damaged: held.filter(({ verifiedFindings }) => (verifiedFindings ?? 0) > 0).length,
    restoreFailed: held.filter(({ restoreFailed }) => restoreFailed !== null).length,
  };
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
function placeText(place: CopyPlace): string {
  if (place.kind === 'folder') {
    const parts = place.path.split(/[/\\]/).filter((part) => part !== '');
    return parts.length > 2 ? `…/${parts.slice(-2).join('/')}` : place.path;
  }
  const store = place.endpoint === null ? `aws ${place.region}` : new URL(place.endpoint).host;
  return `${store}/${place.bucket}/${place.prefix}`.replace(/\/$/, '');
}
