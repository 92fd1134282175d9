import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DeviceRecord } from '@serment/replica/sign-in/device-record';
import { CliError, outputError, systemCode, usageError } from './error.ts';
import { writeWhole } from './whole-file.ts';

/** A device of a practice that this computer's command line is. Its seed stands there sealed, as in a browser. */
export interface KeptDevice {
  readonly server: string;
  /** Null where the member's rights do not open names. */
  readonly practiceName: string | null;
  readonly memberName: string | null;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly record: DeviceRecord;
}

const format = 1;
const fileName = 'device.json';
const shownId = 8;

/** What a person calls a device by: the beginning of its author. */
export function deviceId({ record }: KeptDevice): string {
  return record.author.slice(0, shownId);
}

/** Where a device keeps its record, its cache and what waits for the host: for its owner alone. */
export function deviceDir(author: string): string {
  return join(shelf(), author);
}

/** The devices of this computer, the oldest first. Throws DEVICE_DAMAGED, PATH_UNREADABLE. */
export async function keptDevices(): Promise<KeptDevice[]> {
  const names = await readdir(shelf()).catch((cause: unknown) => {
    if (systemCode(cause) === 'ENOENT') return [];
    throw unreadable(cause);
  });
  const devices: KeptDevice[] = [];
  for (const name of names.filter((one) => /^[0-9a-f]{64}$/.test(one))) {
    const kept = await readDevice(name);
    if (kept !== null) devices.push(kept);
  }
  return devices.sort((left, right) => left.addedAt - right.addedAt);
}

/** The device that a person means: by the beginning of its author, by its server, or the only one. Throws USAGE. */
export function chooseDevice(
  devices: readonly KeptDevice[],
  { id, server, command }: { readonly id: string | null; readonly server: string | null; readonly command: string },
): KeptDevice {
  const meant = devices.filter(
    ({ record, server: own }) => (id === null || record.author.startsWith(id)) && (server === null || own === server),
  );
  const [first, ...others] = meant;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined)
    throw usageError(`several devices are meant: give --device ${meant.map(deviceId).join(', or ')}`, command);
  if (id !== null) throw usageError('--device is none of this computer: see serment device list', command);
  throw usageError('--kit FILE is needed, or a device of this computer: see serment device add', command);
}

/** Keeps a device as it is now: on the disk, whole, when this returns. Throws OUTPUT_UNWRITABLE. */
export async function keepDevice(device: KeptDevice): Promise<void> {
  const dir = deviceDir(device.record.author);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw outputError(cause);
  }
  await writeWhole(join(dir, fileName), `${JSON.stringify({ format, ...device }, null, 1)}\n`);
}

/** Forgets a device, and all that is kept of it here. */
export async function dropDevice(author: string): Promise<void> {
  // The record first: without it the rest opens nothing.
  await rm(join(deviceDir(author), fileName), { force: true });
  await rm(deviceDir(author), { recursive: true, force: true });
}

function shelf(): string {
  const { SERMENT_HOME, XDG_DATA_HOME } = process.env;
  const home = SERMENT_HOME || join(XDG_DATA_HOME || join(homedir(), '.local/share'), 'serment');
  return join(home, 'devices');
}

/** Null for a folder that was left as a device was dropped, or added. */
async function readDevice(author: string): Promise<KeptDevice | null> {
  let text: string;
  try {
    text = await readFile(join(deviceDir(author), fileName), 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw unreadable(cause);
  }
  const device = parseDevice(text);
  if (device?.record.author !== author)
    throw new CliError('DEVICE_DAMAGED', 'A device’s file on this computer is damaged', {
      fields: { author },
      hint: `Remove its folder, revoke it in “Membres et appareils”, and add this computer again: ${deviceDir(author)}`,
    });
  return device;
}

function parseDevice(text: string): KeptDevice | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value.format !== format) return null;
  const { server, practiceName, memberName, addedAt, record } = value;
  if (typeof server !== 'string' || !URL.canParse(server) || typeof addedAt !== 'number') return null;
  if (!(isTextOrNull(practiceName) && isTextOrNull(memberName) && isRecord(record))) return null;
  return { server, practiceName, memberName, addedAt, record };
}

/** A record of a command line: the password alone opens it. */
function isRecord(value: unknown): value is DeviceRecord {
  if (!isObject(value)) return false;
  const { practice, author, account, deviceSecret, ticket, nextTicket, password } = value;
  const keys = [practice, author, deviceSecret, ticket, nextTicket ?? ticket];
  return (
    keys.every((key) => typeof key === 'string' && /^[0-9a-f]{64}$/.test(key)) &&
    [account, password].every(
      (text) => text === null || (typeof text === 'string' && /^(?:[0-9a-f]{2})+$/.test(text)),
    ) &&
    value.pin === null &&
    Array.isArray(value.passkeys) &&
    value.card === null &&
    value.offline === null
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function unreadable(cause: unknown): CliError {
  return new CliError('PATH_UNREADABLE', 'What this computer keeps of its devices cannot be read', {
    cause,
    fields: { system: systemCode(cause) },
    hint: `Check the rights on ${shelf()}.`,
  });
}
