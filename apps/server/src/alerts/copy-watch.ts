import type { AlertCause } from '@serment/core/wire/alert';
import type { CopyStatus } from '@serment/core/wire/status';
import type { Observation } from '@serment/store/alerts/alert';
import type { Proof } from '@serment/store/alerts/proofs';

export interface CopyLook {
  /** By practice, in hexadecimal. */
  readonly statuses: ReadonlyMap<string, readonly CopyStatus[]>;
  readonly proofs: readonly Proof[];
  readonly now: number;
  /** Copies that are told to fail now: they need not fail for long to be so still, after a restart among others. */
  readonly failing: ReadonlySet<string>;
}

/**
 * A night is missed at once by nobody: it may be made up for by day. After that long something keeps it, be it trial
 * restorations or verifications.
 */
const staleMs = 36 * 3_600_000;

/** What is wrong with copies. One observation for a cause and a copy, however many practices it concerns. */
export class CopyWatch {
  readonly #boundMs: number;
  /** Since when a copy fails for a practice, as far as this process saw. */
  readonly #failing = new Map<string, number>();

  constructor({ lagMs }: { readonly lagMs: number }) {
    this.#boundMs = lagMs;
  }

  look({ statuses, proofs, now, failing }: CopyLook): Observation[] {
    const found = new Gathered();
    for (const [practice, copies] of statuses)
      for (const copy of copies) {
        const key = `${practice} ${copy.name}`;
        if (copy.state !== 'failing') this.#failing.delete(key);
        const lagMs = copy.lagMs ?? 0;
        if (copy.state === 'failing') {
          const first = this.#failing.get(key) ?? now;
          this.#failing.set(key, first);
          const since = Math.min(first, now - lagMs);
          if (now - since >= this.#boundMs || failing.has(copy.name))
            found.add('copy-failing', copy.name, { practice, since, code: copy.error });
        } else if (copy.state === 'behind' && lagMs >= this.#boundMs) {
          found.add('copy-late', copy.name, { practice, since: now - lagMs, code: null });
        }
      }
    for (const proof of proofs) {
      const { practice, copy } = proof;
      const held = statuses.get(practice)?.find(({ name }) => name === copy);
      if (held === undefined || held.size === 0) continue;
      const restored = proof.restoredAt ?? proof.since;
      const verified = proof.verifiedAt ?? proof.since;
      if (proof.restoreFailed !== null)
        found.add('drill-failed', copy, {
          ...{ practice, since: proof.restoreFailedAt ?? now, code: proof.restoreFailed },
        });
      else if (now - restored > staleMs) found.add('drill-late', copy, { practice, since: restored, code: null });
      if (proof.findings > 0) found.add('copy-damaged', copy, { practice, since: proof.verifiedAt ?? now, code: null });
      else if (now - verified > staleMs) found.add('verify-late', copy, { practice, since: verified, code: null });
    }
    return found.observations();
  }
}

interface Found {
  readonly practice: string;
  readonly since: number;
  readonly code: string | null;
}

/** What practices have in common, by cause and subject: since when the first has it, and the first one's code. */
class Gathered {
  readonly #found = new Map<string, { cause: AlertCause; subject: string; all: Found[] }>();

  add(cause: AlertCause, subject: string, found: Found): void {
    const key = `${cause} ${subject}`;
    const known = this.#found.get(key) ?? { cause, subject, all: [] };
    known.all.push(found);
    this.#found.set(key, known);
  }

  observations(): Observation[] {
    return [...this.#found.values()].map(({ cause, subject, all }) => ({
      ...{ cause, subject, at: null, entry: null, code: all.find(({ code }) => code !== null)?.code ?? null },
      practices: all.map(({ practice }) => practice),
      since: all.reduce((least, { since }) => Math.min(least, since), Number.MAX_SAFE_INTEGER),
    }));
  }
}
