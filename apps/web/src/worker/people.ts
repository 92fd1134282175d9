import { roles } from '@serment/core/journal/body';
import type { Practice } from '@serment/replica/practice';
import type { DeviceRecord } from '@serment/replica/sign-in/device-record';
import { type DeviceShelf, localWays } from './entering.ts';
import type { StoredDevice, StoredPerson } from './local-database.ts';
import type { KnownPerson } from './protocol.ts';

/** Whose practice it is that opened. */
export function personOf(practice: Practice): StoredPerson {
  const { member, memberName, role } = practice.status();
  return { member, name: memberName, role };
}

/** What the lock screen is told of a device: nothing that opens it. */
export function knownPerson({ author, practice, name, person, isDemo, isRevoked, record }: StoredDevice): KnownPerson {
  return {
    ...{ device: author, practice, practiceName: name, isDemo },
    name: person?.name ?? null,
    role: roles.find((role) => role === person?.role) ?? null,
    isRevoked: isRevoked === true,
    ways: localWays(record),
  };
}

/**
 * The devices, by their authors, whose place here a new one takes: its member's of before. One that holds what the host
 * has not stays, as the member's password opens it too; a revoked one of the first layout says not whose it was.
 */
export async function replacedBy(
  { record, person }: { readonly record: DeviceRecord; readonly person: StoredPerson },
  devices: DeviceShelf,
): Promise<string[]> {
  const replaced: string[] = [];
  for (const { author, practice, person: before, isRevoked } of await devices.list()) {
    if (author === record.author || practice !== record.practice) continue;
    const isOwn = before === null ? isRevoked === true : before.member === person.member;
    if (isOwn && (isRevoked === true || (await devices.waiting(author)) === 0)) replaced.push(author);
  }
  return replaced;
}
