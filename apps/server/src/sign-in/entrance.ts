import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { AccessEvent } from '@serment/core/journal/body';
import { StoreError } from '@serment/store/error';
import { type AccountOwner, findAccount } from '@serment/store/sign-in/accounts';
import { noteAlarm } from '@serment/store/sign-in/alarms';
import { closeGate, type Gate, type GatedDevice, passGate, readGate } from '@serment/store/sign-in/gates';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import { requireStanding } from '../standing.ts';
import { wrongPassword } from './opaque-server.ts';

export interface EntranceOptions {
  readonly store: Store;
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

/** What a device shows at the gate: the ticket that it holds, and the one that is to follow. */
export interface Tickets {
  readonly ticket: Bytes;
  readonly next: Bytes;
}

/** Where something happened: an account, and the device, or null where none is known. */
export interface TracedPlace {
  readonly practice: Bytes;
  readonly account: Bytes;
  readonly author: Bytes | null;
}

/** What the host's page counts, without saying of whom. */
const alarms: ReadonlySet<AccessEvent> = new Set(['refused', 'ticket-reused', 'pin-blocked', 'device-different']);

/** The gate of each device: two factors once a day, then one gesture (docs/format/wire.md, Entering). */
export class Entrance {
  readonly #options: EntranceOptions;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /**
   * Refuses who is no device of the account's member any more. Throws as `requireStanding`, and PASSWORD_WRONG for a
   * device that this account never had: whoever asks proved the password, and learns nothing of other members' devices.
   */
  async requireDevice(owner: AccountOwner, author: Bytes): Promise<void> {
    const governance = await this.#options.store.governance(owner.practice);
    const known = governance?.authors.get(bytesToHex(author));
    if (
      governance === null ||
      known === undefined ||
      known.type !== 'device' ||
      known.member !== bytesToHex(owner.member)
    )
      throw wrongPassword();
    requireStanding(governance, known, this.#options.clock());
  }

  /** Whether this device shows the ticket that it was last given: then it has its own number of tries. */
  async isKnown(device: GatedDevice, ticket: Bytes): Promise<boolean> {
    return (await readGate(this.#options.store.database, device, { ticket, next: null })).ticket === 'right';
  }

  /** How the gate stands for a ticket, before the login ends. */
  read(device: GatedDevice, ticket: Bytes): Promise<Gate> {
    return readGate(this.#options.store.database, device, { ticket, next: null });
  }

  /** Passes an open gate; null when a second factor must come first. A ticket that is not this device's closes it. */
  async pass(device: GatedDevice, { ticket, next }: Tickets): Promise<{ openUntil: number } | null> {
    const { store, clock } = this.#options;
    const gate = await readGate(store.database, device, { ticket, next });
    if (gate.ticket === 'reused') {
      await closeGate(store.database, device);
      await this.trace('ticket-reused', device);
      return null;
    }
    if (gate.ticket === 'first' || gate.openUntil <= clock()) return null;
    return { openUntil: await passGate(store.database, device, { ticket, next, opensAt: null }) };
  }

  /** Opens the gate: two factors were given. */
  async open(device: GatedDevice, tickets: { readonly ticket: Bytes | null; readonly next: Bytes }): Promise<number> {
    const { store, clock } = this.#options;
    const openUntil = await passGate(store.database, device, { ...tickets, opensAt: clock() });
    await this.trace('opened', device);
    return openUntil;
  }

  /** As `traceMember`, for whose account it is. */
  async trace(what: AccessEvent, { practice, account, author }: TracedPlace): Promise<void> {
    const owner = await findAccount(this.#options.store.database, account);
    if (owner !== null) await this.traceMember(what, { practice, member: owner.member }, [author]);
  }

  /**
   * Writes in the practice's journal, where its members read it, what happened to a way in, on each of these devices.
   * While a restored vault waits for a member's word the host cannot write there, and nobody is locked out for that.
   */
  async traceMember(
    what: AccessEvent,
    { practice, member }: Pick<AccountOwner, 'practice' | 'member'>,
    authors: readonly (Bytes | null)[],
  ): Promise<void> {
    const { store, clock, log } = this.#options;
    if (alarms.has(what)) await noteAlarm(store.database, practice, clock());
    try {
      await store.appendAsHost(
        practice,
        authors.map((author) => ({ kind: 'access', what, member, author })),
      );
    } catch (cause) {
      const mustWait = cause instanceof StoreError && (cause.code === 'VAULT_RESTORED' || cause.code === 'REFUSED');
      if (!mustWait) throw cause;
      log.warn({ what }, 'a restored vault takes no trace of who enters until a member acknowledges it');
    }
  }
}
