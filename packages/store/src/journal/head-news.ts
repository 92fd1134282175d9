import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { Database } from '../postgres/connect.ts';

const channel = 'serment_head';
const quietMs = 250;
const practiceName = /^[0-9a-f]{64}$/;

/**
 * Tells other instances, after the commit, that heads have moved. Coalesced, since each NOTIFY takes a lock that the
 * whole server shares; a lost one is harmless, who asks finds the head elsewhere (`Store.governance`).
 */
export class HeadNews {
  readonly #database: Database;
  readonly #moved = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #stop: (() => Promise<void>) | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Hears of every instance's heads, this one's included; `onGap` is told when news may have been missed. */
  async follow(onMoved: (practice: Bytes) => Promise<void>, onGap: () => Promise<void>): Promise<void> {
    const { unlisten } = await this.#database.listen(
      channel,
      (practice) => {
        if (practiceName.test(practice)) onMoved(hexToBytes(practice)).catch(() => undefined);
      },
      // At the start, and each time that the connection was lost and listens again.
      () => void onGap().catch(() => undefined),
    );
    this.#stop = unlisten;
  }

  announce(practice: Bytes): void {
    this.#moved.add(bytesToHex(practice));
    this.#timer ??= setTimeout(() => this.#send(), quietMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#stop?.();
  }

  #send(): void {
    this.#timer = null;
    for (const practice of this.#moved) this.#database.notify(channel, practice).catch(() => undefined);
    this.#moved.clear();
  }
}
