import { bytesToHex } from '@serment/core/bytes';
import type { FetchedItem } from '@serment/core/journal/body';
import type { HourOfActivity, UsualActivity } from '@serment/store/alerts/activity';
import type { Deed } from '@serment/store/store';

export const countedActs = ['read-much', 'wrote-much', 'restricted-much'] as const;
export type CountedAct = (typeof countedActs)[number];

export interface CountedHour extends HourOfActivity {
  readonly act: CountedAct;
}

const hourMs = 3_600_000;
/** Ids are told apart up to there; beyond, every reading counts. */
const maxDistinct = 20_000;

/**
 * From when on an hour is looked at, whatever is usual: docs/operations.md, Anomalies, says how these came about. Up to
 * here nobody is told.
 */
const least: Readonly<Record<CountedAct, number>> = { 'read-much': 300, 'wrote-much': 600, 'restricted-much': 20 };
/** Of what the busiest other author of the practice does on a usual day, and of what this one did before. */
const [othersTimes, ownTimes] = [3, 1.5];

/** Whether an hour is unusual there. */
export function isUnusual({ act, count }: CountedHour, { own, others }: UsualActivity): boolean {
  return count > Math.max(least[act], others * othersTimes, own * ownTimes);
}

interface Hour {
  readonly practice: string;
  readonly author: string;
  readonly act: CountedAct;
  readonly hour: number;
  readonly items: DistinctItems | null;
  count: number;
  /** What was given to `take` already. */
  taken: number;
  isPast: boolean;
}

/** How many files, documents and single entries were read, each once. */
export class DistinctItems {
  readonly #ids = new Set<string>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(read: readonly FetchedItem[]): void {
    for (const { what, id, from, count } of read) {
      // A file is one however many entries of it are read; entries asked for by number may each be another's.
      if (what === 'entries') for (let index = from; index < from + count; index += 1) this.#add(`${index}`);
      else this.#add(id === null ? what : bytesToHex(id));
    }
  }

  #add(id: string): void {
    if (this.#ids.has(id)) return;
    this.#count += 1;
    if (this.#ids.size < maxDistinct) this.#ids.add(id);
  }
}

/** Counts, for each author and hour of the clock, the files read and the entries written. */
export class DeedCount {
  readonly #hours = new Map<string, Hour>();

  /** True as an hour passes what nobody is told of: it is to be looked at. */
  note(deed: Deed, now: number): boolean {
    return this.#countIn(deed, now).filter((hour) => passes(hour)).length > 0;
  }

  #countIn({ practice, author, ...deed }: Deed, now: number): Hour[] {
    const who = { practice: bytesToHex(practice), author: bytesToHex(author) };
    if ('read' in deed) {
      const hour = this.#hour(who, 'read-much', now);
      hour.items?.add(deed.read);
      hour.count = hour.items?.count ?? hour.count;
      return [hour];
    }
    const saves = deed.wrote.filter((kind) => kind === 'records' || kind === 'deposit').length;
    const restrictions = deed.wrote.filter((kind) => kind === 'restrict').length;
    return [
      ...(saves > 0 ? [grow(this.#hour(who, 'wrote-much', now), saves)] : []),
      ...(restrictions > 0 ? [grow(this.#hour(who, 'restricted-much', now), restrictions)] : []),
    ];
  }

  /** What grew since it was last asked for; hours that are over are then forgotten. */
  take(now: number): CountedHour[] {
    const grown: CountedHour[] = [];
    for (const [key, one] of this.#hours) {
      const { practice, author, act, hour, count } = one;
      if (count > one.taken) grown.push({ practice, author, act, at: hour * hourMs, count });
      one.taken = count;
      if (hour < Math.floor(now / hourMs)) this.#hours.delete(key);
    }
    return grown;
  }

  #hour(who: { practice: string; author: string }, act: CountedAct, now: number): Hour {
    const hour = Math.floor(now / hourMs);
    const key = `${who.practice} ${who.author} ${act} ${hour}`;
    const known = this.#hours.get(key);
    if (known !== undefined) return known;
    const begun = {
      ...who,
      act,
      hour,
      items: act === 'read-much' ? new DistinctItems() : null,
      count: 0,
      taken: 0,
      isPast: false,
    };
    this.#hours.set(key, begun);
    return begun;
  }
}

function passes(hour: Hour): boolean {
  const wasPast = hour.isPast;
  hour.isPast = hour.count > least[hour.act];
  return hour.isPast && !wasPast;
}

function grow(hour: Hour, count: number): Hour {
  hour.count += count;
  return hour;
}
