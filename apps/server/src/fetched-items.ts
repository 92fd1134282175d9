import type { FetchedItem } from '@serment/core/journal/body';

/** What the trace of a reading says of entries: runs of numbers that follow each other. */
export function indexesToItems(indexes: readonly number[]): FetchedItem[] {
  const runs: { from: number; count: number }[] = [];
  for (const index of indexes.toSorted((left, right) => left - right)) {
    const last = runs.at(-1);
    if (last !== undefined && index < last.from + last.count) continue;
    if (last !== undefined && index === last.from + last.count) last.count += 1;
    else runs.push({ from: index, count: 1 });
  }
  return runs.map((run) => ({ what: 'entries', id: null, ...run }));
}
