import type { Transport } from '@serment/replica/transport';
import type { Given, Option } from './command.ts';
import { chooseDevice, keptDevices } from './device-shelf.ts';
import { type OpenedDevice, withDevice } from './device-unlock.ts';
import { usageError } from './error.ts';
import { readKitFile } from './kit-file.ts';
import { transportTo } from './server-address.ts';
import type { Terminal } from './terminal.ts';

/** What opens a practice at its server: a paper kit, or a device of this computer. */
export type Access =
  | { readonly by: 'kit'; readonly transport: Transport; readonly kitText: string }
  | ({ readonly by: 'device' } & OpenedDevice);

export const accessOptions: readonly Option[] = [
  { name: 'server', value: 'URL', help: 'address of the server; a device of this computer knows its own' },
  { name: 'kit', value: 'FILE', help: 'recovery kit: a file that holds its text; for recovery, and scripts' },
  { name: 'device', value: 'ID', help: 'device of this computer, as device list names it (default: the only one)' },
];

/**
 * Opens what the arguments name: the kit where one is given, else a device, whose password and second factor are asked on
 * the terminal. Throws USAGE, and what `readKitFile` and `withDevice` throw.
 */
export async function withAccess<Result>(
  given: Given,
  { terminal, command }: { readonly terminal: Terminal; readonly command: string },
  use: (access: Access) => Promise<Result>,
): Promise<Result> {
  const [server, kit, id] = ['server', 'kit', 'device'].map((name) => given.optional(name)) as (string | null)[];
  if (kit != null) {
    if (id != null) throw usageError('--kit and --device are two ways in: give one', command);
    if (server == null) throw usageError('--server URL is needed with --kit', command);
    const transport = transportTo(server);
    return use({ by: 'kit', transport, kitText: (await readKitFile(kit)).text });
  }
  const named = server == null ? null : transportTo(server).baseUrl;
  const device = chooseDevice(await keptDevices(), { id: id ?? null, server: named, command });
  return withDevice(device, terminal, (opened) => use({ by: 'device', ...opened }));
}
