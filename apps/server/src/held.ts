import type { Bytes } from '@serment/core/bytes';
import { bytesToHex } from '@serment/core/bytes';
import type { FetchedItem } from '@serment/core/journal/body';
import { holdOf } from '@serment/core/journal/standing';
import { StoreError } from '@serment/store/error';
import type { Store } from '@serment/store/store';
import { DistinctItems } from './alerts/deed-count.ts';
import { ServerError } from './error.ts';
import type { Caller } from './session-guard.ts';

/** What a held device is still sent in an hour of the clock: the patients who come, and not the practice. */
export const readByHeld = 60;
const hourMs = 3_600_000;
/** Devices whose reading is counted; the oldest go first, and are counted anew. */
const maxCounted = 4096;

/** How much each held device was sent, in memory. */
export class HeldReading {
  readonly #clock: () => number;
  readonly #counted = new Map<string, { readonly hour: number; readonly items: DistinctItems }>();

  /** `clock`: milliseconds since 1970. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Before anything is sent. Throws AUTHOR_HELD, with the seconds to wait, to a held device that was sent enough. */
  count({ isHeld, practice, author }: Caller, read: readonly FetchedItem[]): void {
    if (!isHeld) return;
    const now = this.#clock();
    const hour = Math.floor(now / hourMs);
    const name = `${bytesToHex(practice)}/${bytesToHex(author)}`;
    const known = this.#counted.get(name);
    const current = known?.hour === hour ? known : { hour, items: new DistinctItems() };
    this.#counted.delete(name);
    this.#counted.set(name, current);
    for (const oldest of this.#counted.keys()) {
      if (this.#counted.size <= maxCounted) break;
      this.#counted.delete(oldest);
    }
    current.items.add(read);
    if (current.items.count <= readByHeld) return;
    throw authorHeld({ seconds: Math.ceil(((hour + 1) * hourMs - now) / 1000) });
  }
}

/** The device is held: what it asks for waits until a member says that it is meant. */
export function authorHeld(fields: { readonly seconds?: number } = {}): ServerError {
  return new ServerError('AUTHOR_HELD', 'This device is held until a member confirms what it did', {
    fields,
    hint: 'Another device of the practice lets it go on, or its member with password and second factor.',
  });
}

/**
 * Lets go a device that a host held: its member has given password and second factor. Nothing happens to one that is not
 * held, or that a member holds.
 */
export async function letGo(store: Store, practice: Bytes, author: Bytes): Promise<void> {
  const isTheHosts = async () => {
    const governance = await store.governance(practice);
    const known = governance?.authors.get(bytesToHex(author));
    const hold = known === undefined ? null : holdOf(known);
    return hold !== null && governance?.authors.get(bytesToHex(hold.by))?.type === 'host';
  };
  if (!(await isTheHosts())) return;
  try {
    await store.appendAsHost(practice, [{ kind: 'freeze', author, frozen: false }]);
  } catch (error) {
    // Somebody was faster.
    if (error instanceof StoreError && error.code === 'REFUSED' && !(await isTheHosts())) return;
    throw error;
  }
}
