import { bytesToHex } from '@serment/core/bytes';
import { parseOpenSessions } from '@serment/core/wire/session';
import { deviceName } from './device-names.ts';
import { ReplicaError } from './error.ts';
import type { Practice } from './practice.ts';
import { parseAnswer } from './transport.ts';

/** Where the member is open now. */
export interface SessionView {
  /** Names it, in hexadecimal, as `author`, whose device, kit or other holder opened it. */
  readonly session: string;
  readonly author: string;
  /** As in `HolderView`, but `kit` for a kit; null for a holder that this device does not know yet. */
  readonly label: string | null;
  readonly name: string | null;
  /** The host's clock, ms, as `usedAt`. */
  readonly openedAt: number;
  readonly usedAt: number;
  readonly isThis: boolean;
}

const path = '/api/account/sessions';

/** The sessions that this member has open, this one first, then those used last. Throws as `Transport` does. */
export async function openSessions(practice: Practice): Promise<SessionView[]> {
  const answer = await practice.transport.exchange('GET', path, { body: null, inSession: true });
  const views: SessionView[] = [];
  for (const { session, author, opened, used, isThis } of parseAnswer(answer, parseOpenSessions)) {
    const device = bytesToHex(author);
    const holder = practice.mirror.governance.authors.get(device);
    const label = holder?.type === 'kit' ? 'kit' : (holder?.label ?? null);
    const name = await deviceName(practice, device);
    const times = { openedAt: opened, usedAt: used };
    views.push({ session: bytesToHex(session), author: device, label, name, ...times, isThis });
  }
  return views.toSorted((left, right) => Number(right.isThis) - Number(left.isThis) || right.usedAt - left.usedAt);
}

/** Closes one of them, in hexadecimal; false when it was open no more. Throws as `Transport` does. */
export async function closeSession(practice: Practice, session: string): Promise<boolean> {
  try {
    await practice.transport.exchange('DELETE', `${path}/${session}`, { body: null, inSession: true });
    return true;
  } catch (error) {
    if (error instanceof ReplicaError && error.fields.status === 404) return false;
    throw error;
  }
}

/** Closes all but this one. Throws as `Transport` does. */
export async function closeOtherSessions(practice: Practice): Promise<void> {
  await practice.transport.exchange('DELETE', path, { body: null, inSession: true });
}
