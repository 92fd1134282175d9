import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { newDevice } from '@serment/records/fhir/directory';
import { ReplicaError } from './error.ts';
import { govern } from './governance-batch.ts';
import type { Practice } from './practice.ts';
import { partsOfSave } from './saving.ts';

/** Characters of a device's name. */
export const maxDeviceName = 60;

/**
 * Names a device of this member, in the practice's directory: whoever reads names of members reads it, and the host does
 * not. Throws DEVICE_NAME_INVALID for no words, or too many; HOLDER_UNKNOWN for what is no device of this member;
 * COMPARTMENT_CLOSED, and what `govern` throws.
 */
export async function nameDevice(practice: Practice, author: Bytes, typed: string): Promise<void> {
  const { keyring, mirror, random } = practice;
  const name = typed.replaceAll(/\s+/gu, ' ').trim();
  if (name === '' || name.length > maxDeviceName || /\p{Cc}/u.test(name) || !name.isWellFormed())
    throw new ReplicaError('DEVICE_NAME_INVALID', 'A device is named in a few words', {
      fields: { most: maxDeviceName },
    });
  const device = bytesToHex(author);
  const holder = mirror.governance.authors.get(device);
  const isOwn = holder?.type === 'device' && holder.revokedAt === null && holder.member === bytesToHex(keyring.member);
  if (!isOwn) throw new ReplicaError('HOLDER_UNKNOWN', 'This is no device of this member');
  await govern(practice, async (batch) => {
    if ((await deviceName(practice, device)) === name) return;
    const known = practice.directoryRecord(`Device/${device}`);
    const resource = newDevice(device, { practice: bytesToHex(practice.practice), name });
    const record =
      known === null
        ? { resource, change: 'create' as const, replaces: [] }
        : { resource, change: 'edit' as const, replaces: known.versions };
    for (const part of partsOfSave({ patient: null, records: [record] }, keyring, random))
      await batch.addSealed(keyring, part);
  });
}

/**
 * What a device, in hexadecimal, is called; null when it has no name here. A name counts when its own member gave it:
 * nobody passes one device off as another.
 */
export async function deviceName(practice: Practice, device: string): Promise<string | null> {
  const known = practice.directoryRecord(`Device/${device}`);
  const index = known?.currentOf.at(-1);
  if (known === null || index === undefined) return null;
  const { authors } = practice.mirror.governance;
  const by = authors.get(bytesToHex((await practice.mirror.entry(index)).header.author))?.member ?? null;
  return by !== null && by === authors.get(device)?.member ? nameIn(known.content) : null;
}

/** Whoever may write in the directory wrote it: it may be anything. */
function nameIn(content: string): string | null {
  const resource: unknown = JSON.parse(content);
  if (typeof resource !== 'object' || resource === null || !('deviceName' in resource)) return null;
  const first: unknown = Array.isArray(resource.deviceName) ? resource.deviceName[0] : null;
  if (typeof first !== 'object' || first === null || !('name' in first) || typeof first.name !== 'string') return null;
  return first.name.slice(0, maxDeviceName).trim() || null;
}
