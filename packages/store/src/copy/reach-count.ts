import { type CopyFinding, touchesEntries } from './finding.ts';

/** How far damages reach in one practice; what belongs to none in particular has null for one. */
export interface DamageReach {
  readonly practice: string | null;
  readonly damages: number;
  /** Entries of which something is damaged or missing, each counted once. */
  readonly entries: number;
  /** Files of patients and others (streams) that those entries belong to, as far as they are known. */
  readonly streams: number;
  /** True when there are more entries or streams than were counted. */
  readonly isAtLeast: boolean;
  /** The host's clock around those entries, milliseconds since 1970; null where nothing tells it. */
  readonly since: number | null;
  readonly until: number | null;
}

const maxPractices = 1000;
const maxRanges = 4096;
const maxStreams = 10_000;

/** Adds up the reach of findings, in bounded memory. */
export class ReachCount {
  readonly #practices = new Map<string | null, PracticeCount>();

  add(finding: CopyFinding): void {
    if (finding.severity !== 'damage') return;
    const { practice } = finding.reach;
    const count = this.#practices.get(practice) ?? new PracticeCount();
    if (this.#practices.size < maxPractices) this.#practices.set(practice, count);
    count.add(finding);
  }

  all(): DamageReach[] {
    return [...this.#practices].map(([practice, count]) => ({ practice, ...count.told() }));
  }
}

class PracticeCount {
  #damages = 0;
  #ranges: (readonly [from: number, to: number])[] = [];
  readonly #streams = new Set<string>();
  #isAtLeast = false;
  #since: number | null = null;
  #until: number | null = null;

  add({ code, reach: { streams, streamCount, from, to, since, until } }: CopyFinding): void {
    this.#damages += 1;
    if (!touchesEntries(code)) return;
    if (from !== null && to !== null) this.#addRange(from, to);
    for (const stream of streams) if (this.#streams.size < maxStreams) this.#streams.add(stream);
    if (streamCount > streams.length || this.#streams.size >= maxStreams) this.#isAtLeast = true;
    if (since !== null) this.#since = Math.min(since, this.#since ?? since);
    if (until !== null) this.#until = Math.max(until, this.#until ?? until);
  }

  told(): Omit<DamageReach, 'practice'> {
    this.#ranges = joined(this.#ranges);
    const entries = this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    const [damages, streams, isAtLeast] = [this.#damages, this.#streams.size, this.#isAtLeast];
    return { damages, entries, streams, isAtLeast, since: this.#since, until: this.#until };
  }

  #addRange(from: number, to: number): void {
    if (this.#ranges.length >= maxRanges) this.#ranges = joined(this.#ranges);
    if (this.#ranges.length < maxRanges) this.#ranges.push([from, to]);
    else this.#isAtLeast = true;
  }
}

/** The same numbers in as few ranges as can be, in order. */
function joined(ranges: readonly (readonly [from: number, to: number])[]): (readonly [from: number, to: number])[] {
  const result: (readonly [from: number, to: number])[] = [];
  for (const [from, to] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last === undefined || from > last[1]) result.push([from, to]);
    else result[result.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return result;
}
