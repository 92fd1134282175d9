import { bytesToHex } from '@serment/core/bytes';
import { withTemporaryCache } from '@serment/replica/cache-node';
import { acknowledgeRestore, openKitSession } from '@serment/replica/device';
import { openPractice } from '@serment/replica/practice-opening';
import { type Access, accessOptions, withAccess } from '../access.ts';
import { type Command, jsonOption, serverOption } from '../command.ts';
import { parseDoctorName } from '../doctor-name.ts';
import { exits } from '../failure.ts';
import { createPractice } from '../new-practice.ts';
import { transportTo } from '../server-address.ts';
import type { Terminal } from '../terminal.ts';

export const createPracticeCommand: Command = {
  name: 'practice create',
  summary: 'create a practice and its recovery kit',
  description:
    'Creates a practice with its first doctor. The recovery kit is written and on the disk before the practice exists:\nprint that file, keep the paper safe, and delete the file. Losing every device and every kit loses the vault.',
  operands: null,
  options: [
    serverOption,
    { name: 'name', value: 'NAME', help: 'name of the practice', isRequired: true },
    { name: 'doctor', value: 'NAME', help: 'name of the doctor, such as "Dr Claire Vasseur"', isRequired: true },
    { name: 'kit-out', value: 'FILE', help: 'file to make for the recovery kit, for you alone', isRequired: true },
    { name: 'rpps', value: 'NUMBER', help: 'the doctor’s RPPS number' },
    { name: 'invitation', value: 'TOKEN', help: 'what the host gave, where it asks for one' },
    jsonOption,
  ],
  exits: [
    [0, 'created'],
    [1, 'created in part: the kit is kept'],
    [2, 'usage; the kit’s file exists already; invitation refused'],
    [3, 'cannot reach the server or the disk'],
  ],
  safe: 'No practice was created',
  async run(given, terminal) {
    const transport = transportTo(given.text('server'), { invitation: given.optional('invitation') });
    const rpps = given.optional('rpps');
    const doctor = { ...parseDoctorName(given.text('doctor')), ...(rpps === null ? {} : { rpps }) };
    const practiceName = given.text('name').trim();
    const created = await createPractice({ transport, practiceName, doctor, kitOut: given.text('kit-out') });
    const practice = bytesToHex(created.practice);
    terminal.result(
      {
        ...{ practice, name: practiceName, author: bytesToHex(created.author) },
        ...{ kit: created.kitPath, testValue: created.testValue, server: transport.baseUrl },
      },
      [
        `Practice ${practice}`,
        `Recovery kit ${created.testValue}: ${created.kitPath}`,
        'Print it, keep the paper safe, delete the file. Without a device or a kit, nobody opens this vault.',
      ],
    );
    return exits.done;
  },
};

export const acceptRestoreCommand: Command = {
  name: 'practice accept-restore',
  summary: 'say in a member’s name that a restored vault goes on',
  description:
    'After a restore, a vault can be read but takes nothing new until a member acknowledges it. A doctor’s device or kit\nsigns that, and names the host again if its key changed. What the lost host held beyond the copy is given up unless a device still has it.',
  operands: null,
  options: [...accessOptions, jsonOption],
  exits: [
    [0, 'acknowledged, or nothing to acknowledge'],
    [2, 'usage'],
    [3, 'cannot reach the server'],
    [4, 'wrong kit, password or code'],
    [5, 'the vault’s journal does not hold together'],
  ],
  safe: 'The vault is as it was: it can be read, and takes nothing new',
  async run(given, terminal) {
    return withAccess(given, { terminal, command: 'practice accept-restore' }, (access) => accept(access, terminal));
  },
};

async function accept(access: Access, terminal: Terminal): Promise<number> {
  const { transport } = access;
  const { practice, seed } = access.by === 'kit' ? await openKitSession(access) : access;
  const { restored, size } = await transport.status();
  if (restored === null) {
    terminal.result({ practice: bytesToHex(practice), acknowledged: false, restored: null }, [
      'This vault was not restored, or a member has acknowledged it already.',
    ]);
    return exits.done;
  }
  await withTemporaryCache(size, async (cache) => {
    const opened = await openPractice({ transport, cache, practice, seed, isRecovering: true });
    await acknowledgeRestore(opened);
    await opened.lock();
  });
  const { fence, root } = restored;
  terminal.result(
    {
      ...{ practice: bytesToHex(practice), acknowledged: true },
      restored: { fence, size: restored.size, root: bytesToHex(root), at: restored.at },
    },
    [
      `Acknowledged: ${restored.size} entries, root ${bytesToHex(root)}, fence ${fence}.`,
      'Members write again. Devices that still hold entries which were lost keep them.',
    ],
  );
  return exits.done;
}
