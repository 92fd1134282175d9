import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { seedToSigner } from '@serment/core/keys/signing';
import { maxDeviceName, nameDevice } from '@serment/replica/device-names';
import { EnrolmentNewcomer } from '@serment/replica/enrolment-newcomer';
import { ReplicaError } from '@serment/replica/error';
import { revokeItself } from '@serment/replica/members';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { OpenDevice } from '@serment/replica/sign-in/account';
import { newDeviceRecord } from '@serment/replica/sign-in/device-record';
import type { Transport } from '@serment/replica/transport';
import { type Command, jsonOption, serverOption } from '../command.ts';
import {
  chooseDevice,
  deviceDir,
  deviceId,
  dropDevice,
  type KeptDevice,
  keepDevice,
  keptDevices,
} from '../device-shelf.ts';
import { cacheOf, openKept, withDevice } from '../device-unlock.ts';
import { CliError } from '../error.ts';
import { exits } from '../failure.ts';
import { whenInterrupted } from '../interruption.ts';
import { askYes } from '../question.ts';
import { transportTo } from '../server-address.ts';
import { instantText, textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const lookEveryMs = 500;

export const addDeviceCommand: Command = {
  name: 'device add',
  summary: 'make this computer’s command line a device of yours',
  description:
    'Makes this command line a device of a practice, as a browser is one: an open device of the same member adds it, by the\ncode that both show or by the text of its QR code, and all members see it. Its keys stay here, sealed; from then on\nimport, export and accept-restore ask for your password and second factor, and no kit.',
  operands: null,
  options: [
    serverOption,
    { name: 'name', value: 'NAME', help: 'what members see it called (default: this computer’s name)' },
    jsonOption,
  ],
  exits: [
    [0, 'added'],
    [1, 'not added: refused, given up, late, or the two codes were different'],
    [2, 'usage'],
    [3, 'cannot reach the server or the disk'],
    [4, 'your password is not known to the device that added this one: choose it anew there'],
    [5, 'what came is not what the other device sent, or the vault’s journal does not hold together'],
  ],
  safe: 'No key was kept here',
  async run(given, terminal) {
    const transport = transportTo(given.text('server'));
    const newcomer = await EnrolmentNewcomer.begin({ transport, label: 'cli' });
    const release = whenInterrupted(() => newcomer.end('cancelled'));
    try {
      await beAdded(newcomer, terminal);
    } finally {
      release();
    }
    const entered = await newcomer.enter((done, total) => terminal.progress('Verifying entries', done, total));
    const kept = await settle(entered, { transport, name: given.optional('name') ?? hostname() });
    terminal.result({ ...deviceJson(kept), dir: deviceDir(kept.record.author) }, [
      `Device ${deviceId(kept)} of ${[kept.memberName, kept.practiceName].filter(Boolean).join(', ')}`,
      'It opens with your password and, once a day, your second factor.',
    ]);
    return exits.done;
  },
};

export const listDevicesCommand: Command = {
  name: 'device list',
  summary: 'list the practices’ devices that this computer is',
  description: 'Lists what device add made this computer’s command line. Nothing is asked of a server.',
  operands: null,
  options: [jsonOption],
  exits: [
    [0, 'listed, or there is none'],
    [2, 'usage'],
    [3, 'cannot read what this computer keeps'],
    [5, 'a device’s file is damaged'],
  ],
  safe: 'Nothing was changed',
  async run(_given, terminal) {
    const devices = await keptDevices();
    const rows = devices.map((kept) => [
      deviceId(kept),
      kept.practiceName ?? '',
      kept.memberName ?? '',
      kept.server,
      instantText(kept.addedAt),
    ]);
    terminal.result(
      { devices: devices.map(deviceJson) },
      devices.length === 0
        ? ['This computer is no device of a practice: see serment device add.']
        : textTable(['device', 'practice', 'member', 'server', 'added'], rows),
    );
    return exits.done;
  },
};

export const removeDeviceCommand: Command = {
  name: 'device remove',
  summary: 'end this computer’s rights in a practice, and forget its keys',
  description:
    'Revokes the device by its own signature, which cannot be undone, then deletes all that is kept of it here. With\n--local nothing is said to the server: the device stands in the practice until a member revokes it.',
  operands: { label: 'ID', help: 'device, as device list names it', least: 1, most: 1 },
  options: [{ name: 'local', help: 'forget it here alone, without the server or the password' }, jsonOption],
  exits: [
    [0, 'revoked and forgotten; with --local, forgotten'],
    [2, 'usage; no such device here'],
    [3, 'cannot reach the server or the disk'],
    [4, 'wrong password or code'],
  ],
  safe: 'The device is as it was',
  async run(given, terminal) {
    const [id = ''] = given.operands;
    const kept = chooseDevice(await keptDevices(), { id, server: null, command: 'device remove' });
    const isLocal = given.has('local');
    if (!isLocal)
      await withDevice(kept, terminal, async (opened) => leave(await openKept(opened))).catch(toleratingRevoked);
    await dropDevice(kept.record.author);
    terminal.result({ ...deviceJson(kept), revoked: !isLocal }, [
      isLocal
        ? `Device ${deviceId(kept)} is forgotten here. It stands in the practice until a member revokes it.`
        : `Device ${deviceId(kept)} is revoked, and forgotten here.`,
    ]);
    return exits.done;
  },
};

/** Waits until an open device has added this one, and has the person compare where nothing else tells. */
async function beAdded(newcomer: EnrolmentNewcomer, terminal: Terminal): Promise<void> {
  const { reference, qr, expires } = newcomer;
  terminal.log('On a device where Serment is open: Mon coffre, Mes façons d’entrer, Ajouter un appareil.');
  terminal.log(`There, type ${reference}, and compare the code; or paste this, and there is nothing to compare:`);
  terminal.log(qr);
  terminal.event({ event: 'waiting', reference, qr, expires });
  let isAsked = false;
  for (let step = await patient(newcomer); step.step !== 'added'; step = await patient(newcomer)) {
    if (step.step === 'compare' && !step.isProven && !isAsked) {
      isAsked = true;
      const code = `${step.code.slice(0, 4)} ${step.code.slice(4)}`;
      terminal.event({ event: 'compare', code });
      if (!(await askYes(`Code ${code}. Does the other device show the same?`))) {
        await newcomer.end('different');
        throw new ReplicaError('ENROLMENT_DIFFERENT', 'The two devices did not show the same code');
      }
      newcomer.agree();
      terminal.log('Answer on the other device too.');
    }
    await delay(lookEveryMs);
  }
}

/** A line that is cut for a moment ends nothing. */
async function patient(newcomer: EnrolmentNewcomer) {
  try {
    return await newcomer.look();
  } catch (error) {
    if (!(error instanceof ReplicaError && error.code === 'UNREACHABLE')) throw error;
    return { step: 'waiting' } as const;
  }
}

/** Lets the member's password open the device, and keeps it here. What does not come to that leaves the practice again. */
async function settle(
  { practice: id, seed }: { readonly practice: Bytes; readonly seed: Bytes },
  { transport, name }: { readonly transport: Transport; readonly name: string },
): Promise<KeptDevice> {
  const { author } = await seedToSigner(seed);
  const record = newDeviceRecord({ practice: id, author });
  let practice: Practice | null = null;
  try {
    practice = await openPractice({ transport, practice: id, seed, cache: cacheOf(record.author) });
    const { practiceName, memberName } = practice.status();
    const about = { server: transport.baseUrl, practiceName, memberName, addedAt: Date.now() };
    const device = new OpenDevice({ practice, record, keep: (changed) => keepDevice({ ...about, record: changed }) });
    if (!(await device.joinAccount()))
      throw new CliError('PASSWORD_UNKNOWN', 'Your password is not known here', {
        hint: 'On the other device, choose it in “Mes façons d’entrer”, then run device add again.',
      });
    await furnish(practice, device, name);
    await practice.lock().catch(() => undefined);
    return { ...about, record: device.record };
  } catch (error) {
    // What nothing will unlock again is not left in the practice, where that can be said to it.
    if (practice !== null) await leave(practice).catch(tolerating);
    // Only then: a practice that closes writes in its cache.
    await dropDevice(record.author);
    throw error;
  } finally {
    seed.fill(0);
  }
}

/** Nobody is kept out for these: the gate is opened by the first command, and a name can be given at any time. */
async function furnish(practice: Practice, device: OpenDevice, name: string): Promise<void> {
  await device.openGate().catch(tolerating);
  await nameDevice(practice, practice.keyring.signer.author, name.slice(0, maxDeviceName)).catch(tolerating);
}

/** Revokes the open device, and locks it. */
async function leave(practice: Practice): Promise<void> {
  try {
    await revokeItself(practice);
  } finally {
    await practice.lock().catch(() => undefined);
  }
}

function tolerating(error: unknown): void {
  if (!(error instanceof CodedError)) throw error;
}

/** A member was faster: there is nothing left to revoke. */
function toleratingRevoked(error: unknown): void {
  if (!(error instanceof ReplicaError && error.code === 'HOLDER_REVOKED')) throw error;
}

function deviceJson(kept: KeptDevice) {
  const { server, practiceName, memberName, addedAt, record } = kept;
  const { practice, author } = record;
  return { device: deviceId(kept), author, practice, practiceName, memberName, server, addedAt };
}
