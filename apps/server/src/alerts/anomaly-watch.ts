import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { AccessEvent } from '@serment/core/journal/body';
import { parseEntry } from '@serment/core/journal/entry';
import { keepActivity, readUsual } from '@serment/store/alerts/activity';
import type { Observation } from '@serment/store/alerts/alert';
import { heldCode } from '@serment/store/alerts/alert-text';
import { readEntries } from '@serment/store/journal/read';
import type { Store } from '@serment/store/store';
import { type CountedAct, type CountedHour, countedActs, DeedCount, isUnusual } from './deed-count.ts';

/** What an author of a practice did that members are to know of. */
export interface Anomaly {
  readonly cause: CountedAct | 'came-back' | 'other-history';
  readonly practice: Bytes;
  readonly author: Bytes;
}

/** A practice that begins imports what it had; there is little to lose yet. */
const youngMs = 7 * 86_400_000;
/** An open application asks once more as it is revoked; after that, somebody uses what should be gone. */
const justRevokedMs = 3_600_000;
/** After a restoration devices may have verified what the copy did not hold: that is no second history. */
const restoredMs = 7 * 86_400_000;
/** Who was let go is not held again for what goes on: it is told all the same. */
const letGoMs = 12 * 3_600_000;
/** For how long what was announced is told as that, and no alarm; and up to how many files an hour. */
const announcedMs = 6 * 3_600_000;
const announcedFiles = 6_000;
const maxAnnounced = 4096;
const shownDigits = 16;
/** Anomalies that wait for the next look; more at once are one thing, and told as such. */
const maxWaiting = 256;

/**
 * What the host finds unusual from what it sees anyway: who reads or writes how much, and when; never what. Each anomaly
 * is written in the practice's journal once while it lasts, where its members read which device it was.
 */
export class AnomalyWatch {
  readonly #store: Store;
  readonly #count = new DeedCount();
  readonly #waiting: Anomaly[] = [];
  readonly #created = new Map<string, number>();
  /** Until when, ms: in memory, since what is forgotten is told as what nobody announced. */
  readonly #announced = new Map<string, number>();

  readonly #clock: () => number;
  readonly #onSuspicion: () => void;

  /** `clock`: milliseconds since 1970. `onSuspicion`: that a look may find something now. */
  constructor(store: Store, { clock, onSuspicion }: { clock: () => number; onSuspicion: () => void }) {
    this.#store = store;
    this.#clock = clock;
    this.#onSuspicion = onSuspicion;
    store.onDeed((deed) => {
      if (this.#count.note(deed, clock())) onSuspicion();
    });
  }

  /** A device or kit that was revoked asked to enter. */
  noteRevoked(practice: Bytes, author: Bytes): void {
    this.#note({ cause: 'came-back', practice, author });
  }

  /** An author signed that it had verified another history than this one. */
  noteOtherHistory(practice: Bytes, author: Bytes): void {
    this.#note({ cause: 'other-history', practice, author });
  }

  /** A device said what it is about to read many files for, and its practice's journal says so. */
  noteAnnounced(practice: Bytes, author: Bytes): void {
    this.#announced.set(nameOf(practice, author), this.#clock() + announcedMs);
    const [oldest] = this.#announced.keys();
    if (this.#announced.size > maxAnnounced && oldest !== undefined) this.#announced.delete(oldest);
  }

  isAnnounced(practice: Bytes, author: Bytes): boolean {
    return (this.#announced.get(nameOf(practice, author)) ?? 0) > this.#clock();
  }

  /** What was found since the last look. `open`: causes and subjects that are told now. */
  async look(now: number, open: ReadonlySet<string>): Promise<Observation[]> {
    const found: Observation[] = [];
    const told = new Set(open);
    this.#waiting.push(...(await this.#unusual(now)));
    // One that cannot be looked at is lost, and holds back none of the others.
    for (let anomaly = this.#waiting.shift(); anomaly !== undefined; anomaly = this.#waiting.shift()) {
      const { cause, practice, author } = anomaly;
      if (!(await this.#isReal(anomaly, now))) continue;
      const subject = bytesToHex(author).slice(0, shownDigits);
      const holds = await this.#isToBeHeld(anomaly, now);
      const entry = told.has(`${cause} ${subject}`) && !holds ? null : await this.#trace(anomaly, holds);
      told.add(`${cause} ${subject}`);
      const code = (await this.#isHeld(anomaly)) ? heldCode : null;
      found.push({ cause, subject, practices: [bytesToHex(practice)], since: now, code, at: null, entry });
    }
    return found;
  }

  #note(anomaly: Anomaly): void {
    if (this.#waiting.length < maxWaiting) this.#waiting.push(anomaly);
    this.#onSuspicion();
  }

  async #unusual(now: number): Promise<Anomaly[]> {
    const { database } = this.#store;
    const counted = this.#count.take(now);
    const hours: CountedHour[] = [];
    for (const hour of counted) if (!(await this.#isAsAnnounced(hour))) hours.push(hour);
    const unusual: Anomaly[] = [];
    for (const hour of hours) {
      if (!(isUnusual(hour, { own: 0, others: 0 }) && isUnusual(hour, await readUsual(database, hour)))) continue;
      const { act: cause, practice, author } = hour;
      unusual.push({ cause, practice: hexToBytes(practice), author: hexToBytes(author) });
    }
    if (hours.length > 0) await keepActivity(database, hours, now);
    return unusual;
  }

  /**
   * Whether it is what the device had said that it would do: its members were told so, and it does not become what is usual.
   * Where the practice holds devices it counts as any other: whoever takes a device can announce what it likes.
   */
  async #isAsAnnounced({ act, practice, author, count }: CountedHour): Promise<boolean> {
    const [id, by] = [hexToBytes(practice), hexToBytes(author)];
    if (act !== 'read-much' || count > announcedFiles || !this.isAnnounced(id, by)) return false;
    return (await this.#store.governance(id))?.holdsDevices === false;
  }

  async #isReal({ cause, practice, author }: Anomaly, now: number): Promise<boolean> {
    const governance = await this.#store.governance(practice);
    const state = governance?.authors.get(bytesToHex(author));
    switch (cause) {
      case 'wrote-much':
        return now - (await this.#createdAt(practice)) > youngMs;
      case 'came-back': {
        // An invitation revokes itself once it is used; its link may be opened again.
        if (state?.revokedAt == null || state.label === 'invitation') return false;
        return now - (await this.#receivedAt(practice, state.revokedAt)) > justRevokedMs;
      }
      case 'other-history': {
        const head = await this.#store.head(practice);
        return now - (head?.restored?.at ?? 0) > restoredMs;
      }
      default:
        return true;
    }
  }

  /** Whether the practice chose that its devices are held, and this one, which is none yet, was not just let go. */
  async #isToBeHeld({ cause, practice, author }: Anomaly, now: number): Promise<boolean> {
    const governance = await this.#store.governance(practice);
    const known = governance?.authors.get(bytesToHex(author));
    if (!(governance?.holdsDevices && known?.type === 'device' && known.revokedAt === null)) return false;
    if (!isCounted(cause)) return false;
    const last = known.freezes.at(-1);
    if (last === undefined) return true;
    return last.frozen === false && now - (await this.#receivedAt(practice, last.index)) > letGoMs;
  }

  /** As the journal says now: a member may have let it go, or held it, before the host. */
  async #isHeld({ practice, author }: Anomaly): Promise<boolean> {
    const governance = await this.#store.governance(practice);
    return governance?.authors.get(bytesToHex(author))?.freezes.at(-1)?.frozen === 'held';
  }

  /** Null where the journal takes no entry now, as a restored vault, or where the author is no member's: a witness. */
  async #trace({ cause, practice, author }: Anomaly, holds: boolean): Promise<number | null> {
    const governance = await this.#store.governance(practice);
    const member = governance?.authors.get(bytesToHex(author))?.member ?? null;
    if (member === null) return null;
    const what: AccessEvent = cause;
    try {
      const body = { kind: 'access' as const, what, member: hexToBytes(member), author };
      const hold = { kind: 'freeze' as const, author, frozen: 'held' as const };
      const { receipts } = await this.#store.appendAsHost(practice, holds ? [body, hold] : [body]);
      return receipts[0]?.index ?? null;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // A member was faster, or wants no holds any more: it is told at least.
      return holds ? this.#trace({ cause, practice, author }, false) : null;
    }
  }

  async #createdAt(practice: Bytes): Promise<number> {
    const name = bytesToHex(practice);
    const createdAt = this.#created.get(name) ?? (await this.#receivedAt(practice, 0));
    this.#created.set(name, createdAt);
    return createdAt;
  }

  async #receivedAt(practice: Bytes, index: number): Promise<number> {
    const [entry] = await readEntries(this.#store.database, practice, { from: index, limit: 1 });
    return entry === undefined ? Number.MAX_SAFE_INTEGER : parseEntry(entry).receivedAt;
  }
}

function nameOf(practice: Bytes, author: Bytes): string {
  return `${bytesToHex(practice)} ${bytesToHex(author)}`;
}

/** A revoked device is refused anyway, and another history says nothing against the device that tells of it. */
function isCounted(cause: Anomaly['cause']): cause is CountedAct {
  return countedActs.some((one) => one === cause);
}
