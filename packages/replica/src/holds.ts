import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { type UnusualEvent, unusualEvents } from '@serment/core/journal/body';
import type { AuthorState } from '@serment/core/journal/governance-state';
import { holdOf, isHeld } from '@serment/core/journal/standing';
import type { Practice } from './practice.ts';

/** That a device is held: nothing of it is taken until a member says that what it did is meant. */
export interface Hold {
  /** The host's clock, ms. */
  readonly since: number;
  /** The member who held it; null for the host. */
  readonly by: string | null;
  /** What the host found unusual; null where a member held it. */
  readonly cause: UnusualEvent | null;
}

/** A device that is held, in hexadecimal. */
export interface HeldDevice extends Hold {
  readonly author: string;
  readonly member: string | null;
}

/** Null while this author is not held, or is revoked. */
export async function readHold(practice: Pick<Practice, 'mirror'>, author: AuthorState): Promise<Hold | null> {
  const hold = author.revokedAt === null ? holdOf(author) : null;
  if (hold === null) return null;
  const { mirror } = practice;
  const { receivedAt } = await mirror.entry(hold.index);
  const by = mirror.governance.authors.get(bytesToHex(hold.by))?.member ?? null;
  if (by !== null) return { since: receivedAt, by, cause: null };
  // The host says what it found in the entry before, of one request with this one.
  const { body } = (await mirror.entry(hold.index - 1)).header;
  const isOfIt = body.kind === 'access' && body.author !== null && equalBytes(body.author, author.author);
  const found = isOfIt ? unusualEvents.find((one) => one === body.what) : undefined;
  return { since: receivedAt, by, cause: found ?? null };
}

/** Whether the host takes nothing of this device until a member says that what it did is meant. It goes on reading. */
export function isOwnDeviceHeld({ mirror, keyring }: Pick<Practice, 'mirror' | 'keyring'>): boolean {
  const holder = mirror.governance.authors.get(bytesToHex(keyring.signer.author));
  return holder !== undefined && isHeld(holder);
}

/** The devices that are held, this one first. */
export async function heldDevices(practice: Pick<Practice, 'mirror' | 'keyring'>): Promise<readonly HeldDevice[]> {
  const own = practice.keyring.signer.author;
  const held: HeldDevice[] = [];
  for (const [author, state] of practice.mirror.governance.authors) {
    const hold = await readHold(practice, state);
    if (hold === null) continue;
    const device = { ...hold, author, member: state.member };
    if (equalBytes(state.author, own)) held.unshift(device);
    else held.push(device);
  }
  return held;
}
