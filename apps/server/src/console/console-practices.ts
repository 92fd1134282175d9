import { bytesToHex } from '@serment/core/bytes';
import type {
  ConsoleCopy,
  ConsolePractice,
  PracticeFilter,
  PracticePage,
  PracticeSort,
} from '@serment/core/wire/console';
import { practicesShown } from '@serment/core/wire/console';
import { listProofs, type Proof } from '@serment/store/alerts/proofs';
import { readSizesSince } from '@serment/store/console/samples';
import { HostedPractices } from '@serment/store/hosted';
import type { Store } from '@serment/store/store';
import type { Copies } from '../app-context.ts';

export interface ConsolePracticesOptions {
  readonly store: Store;
  readonly copies: Pick<Copies, 'status'>;
  readonly clock: () => number;
}

const growthMs = 30 * 86_400_000;
/** How old the figures of all practices may be: pages are turned, and programs ask every few seconds. */
const freshMs = 3000;
/** What an older sample tells changes once a day. */
const sizesFreshMs = 10 * 60_000;
/** What every night does may be made up for by day: it is late after that long. */
const lateMs = 36 * 3_600_000;
/** A copy further behind than that needs a look. */
export const behindMs = 15 * 60_000;

/** All practices of this host, with what is known of each. */
export class ConsolePractices {
  readonly #options: ConsolePracticesOptions;
  readonly #hosted: HostedPractices;
  #all: { readonly at: number; readonly practices: Promise<ConsolePractice[]> } | null = null;
  #sizes: { readonly at: number; readonly bytes: ReadonlyMap<string, number> } | null = null;

  constructor(options: ConsolePracticesOptions) {
    this.#options = options;
    this.#hosted = new HostedPractices({ database: options.store.database, clock: options.clock });
  }

  /** Those written last first; at most a few seconds old. */
  all(): Promise<ConsolePractice[]> {
    if (this.#all !== null && performance.now() - this.#all.at < freshMs) return this.#all.practices;
    const practices = this.#read();
    this.#all = { at: performance.now(), practices };
    practices.catch(() => this.forget());
    return practices;
  }

  /** An act changed something: the next answer is read anew. */
  forget(): void {
    this.#all = null;
  }

  async #read(): Promise<ConsolePractice[]> {
    const { store, copies } = this.#options;
    const hosted = await this.#hosted.list();
    const [proofs, suspended, before] = await Promise.all([
      listProofs(store.database),
      store.suspensions.list(),
      this.#sizesBefore(),
    ]);
    const proofOf = new Map(proofs.map((proof) => [`${proof.practice} ${proof.copy}`, proof]));
    return hosted.map((one) => {
      const name = bytesToHex(one.practice);
      return {
        ...one,
        growth: Math.max(0, one.bytes - (before.get(name) ?? one.bytes)),
        suspended: suspended.get(name) ?? null,
        copies: copies.status(name).map((copy) => withProof(copy, proofOf.get(`${name} ${copy.name}`))),
      };
    });
  }

  async #sizesBefore(): Promise<ReadonlyMap<string, number>> {
    const { store, clock } = this.#options;
    if (this.#sizes === null || performance.now() - this.#sizes.at > sizesFreshMs)
      this.#sizes = { at: performance.now(), bytes: await readSizesSince(store.database, clock() - growthMs) };
    return this.#sizes.bytes;
  }
}

/** What a verification found is known after a restart too. */
function withProof(copy: ReturnType<Copies['status']>[number], proof: Proof | undefined): ConsoleCopy {
  const { restoredAt = null, restoreFailed = null, verifiedAt = null, findings = 0 } = proof ?? {};
  const kept = verifiedAt === null ? {} : { verifiedAt, verifiedFindings: findings };
  return { ...copy, ...(copy.verifiedAt === null ? kept : {}), restoredAt, restoreFailed };
}

export interface PracticeQuery {
  readonly sort: PracticeSort;
  readonly filter: PracticeFilter;
  /** Beginning of a pseudonym; empty for all. */
  readonly search: string;
  readonly from: number;
}

/** The practices of one page, the first of what it is sorted by first: the largest, the latest, the most late. */
export function pageOf(
  all: readonly ConsolePractice[],
  { sort, filter, search, from }: PracticeQuery,
  now: number,
): PracticePage {
  const named = all.map((one) => ({ one, name: bytesToHex(one.practice) }));
  const asked = named.filter(
    ({ one, name }) =>
      name.startsWith(search) &&
      (filter === 'all' || (filter === 'suspended' ? one.suspended !== null : needsLook(one, now))),
  );
  const weight = weights[sort];
  const sorted = asked.toSorted(
    (left, right) => weight(right.one) - weight(left.one) || (left.name < right.name ? -1 : 1),
  );
  return {
    ...{ time: now, total: all.length, count: asked.length },
    practices: sorted.slice(from, from + practicesShown).map(({ one }) => one),
  };
}

const worst = ({ copies }: ConsolePractice, of: (copy: ConsoleCopy) => number) => Math.max(0, ...copies.map(of));
const weights: Readonly<Record<PracticeSort, (one: ConsolePractice) => number>> = {
  written: ({ written }) => written,
  bytes: ({ bytes }) => bytes,
  growth: ({ growth }) => growth,
  lag: (one) => worst(one, ({ lagMs, state }) => (state === 'failing' ? 1e15 : 0) + (lagMs ?? 0)),
  restored: (one) => worst(one, ({ restoredAt }) => -(restoredAt ?? 0) + 1e15),
  verified: (one) => worst(one, ({ verifiedAt }) => -(verifiedAt ?? 0) + 1e15),
  practice: () => 0,
};

/** Whether somebody should look at it. */
export function needsLook({ created, copies }: ConsolePractice, now: number): boolean {
  return copies.some(
    ({ state, lagMs, verifiedFindings, restoreFailed, restoredAt }) =>
      state === 'failing' ||
      (lagMs ?? 0) > behindMs ||
      (verifiedFindings ?? 0) > 0 ||
      restoreFailed !== null ||
      now - Math.max(restoredAt ?? 0, created) > lateMs,
  );
}
