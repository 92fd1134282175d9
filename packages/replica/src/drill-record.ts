import { equalBytes } from '@serment/core/bytes';
import type { BodyOf } from '@serment/core/journal/body';
import type { JournalMirror } from './journal-mirror.ts';

/** A drill as its entry says it: restoring a copy to prove it. Times in milliseconds, by the host's clock. */
export interface DrillView extends Omit<BodyOf<'drill'>, 'kind' | 'root'> {
  /** Number of its entry, which its certificate bears. */
  readonly index: number;
}

/** What the drills of one copy came to. */
export interface CopyDrills {
  readonly destination: string;
  /** The last one that came to an answer, be it to the newest state or to an instant; null before the first. */
  readonly answered: DrillView | null;
  /** The last proven one of the newest state. */
  readonly proven: DrillView | null;
  /** The last one, whatever it came to. */
  readonly last: DrillView;
}

export interface DrillsStatus {
  /** When the practice began; null while it is not known. */
  readonly since: number | null;
  readonly copies: readonly CopyDrills[];
}

/** How many of the host's doings are looked through, from the newest: what is older is told by nothing. */
const eventsLookedAt = 400;

/** What the host's drills came to, as it signed it in the journal. */
export class DrillRecord {
  readonly #mirror: JournalMirror;
  readonly #copies = new Map<string, CopyDrills>();
  #since: number | null = null;
  #after = -1;
  #isWhole = true;

  constructor(mirror: JournalMirror) {
    this.#mirror = mirror;
  }

  get status(): DrillsStatus {
    return { since: this.#since, copies: [...this.#copies.values()] };
  }

  /** Reads what came since the last time; all of it once the entries before a `heads` were read. */
  async follow(): Promise<void> {
    const isWhole = this.#mirror.unread === null;
    if (isWhole && !this.#isWhole) this.forget();
    this.#isWhole = isWhole;
    if (this.#since === null && isWhole && this.#mirror.size > 0)
      this.#since = (await this.#mirror.entry(0)).receivedAt;
    for (const index of this.#mirror.hostEvents().slice(-eventsLookedAt)) {
      if (index <= this.#after) continue;
      const drill = await drillAt(this.#mirror, index);
      if (drill !== null) this.#take(drill);
      this.#after = index;
    }
  }

  /** The journal is another one. */
  forget(): void {
    this.#copies.clear();
    this.#since = null;
    this.#after = -1;
  }

  #take(drill: DrillView): void {
    const { destination, outcome, at } = drill;
    const known = this.#copies.get(destination) ?? { destination, answered: null, proven: null };
    this.#copies.set(destination, {
      ...known,
      last: drill,
      answered: outcome === 'inconclusive' ? known.answered : drill,
      proven: outcome === 'proven' && at === null ? drill : known.proven,
    });
  }
}

/** The newest drills, newest first, and whether there are more. */
export async function drillHistory(
  mirror: JournalMirror,
  limit: number,
): Promise<{ readonly drills: readonly DrillView[]; readonly hasMore: boolean }> {
  const drills: DrillView[] = [];
  for (const index of mirror.hostEvents().toReversed()) {
    const drill = await drillAt(mirror, index);
    if (drill === null) continue;
    if (drills.length === limit) return { drills, hasMore: true };
    drills.push(drill);
  }
  return { drills, hasMore: mirror.unread !== null };
}

async function drillAt(mirror: JournalMirror, index: number): Promise<DrillView | null> {
  const { body } = (await mirror.entry(index)).header;
  if (body.kind !== 'drill') return null;
  const { kind: _, root, ...drill } = body;
  // The host's word is held against what this device knows of the journal itself.
  const own = drill.outcome === 'proven' ? mirror.rootAt(drill.size) : null;
  if (own === null || equalBytes(own, root)) return { index, ...drill };
  return { index, ...drill, outcome: 'failed', findings: 1, codes: ['ROOT_MISMATCH'] };
}
