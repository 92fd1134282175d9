import type { Command } from './command.ts';

/**
 * Where each command is, in the order of the help. One is loaded alone: to read most of Serment, as all of them
 * together do, takes longer than many commands do.
 */
const places = new Map<string, () => Promise<Command>>([
  ['start', async () => (await import('./commands/start.ts')).startCommand],
  ['practice create', async () => (await import('./commands/practice.ts')).createPracticeCommand],
  ['practice accept-restore', async () => (await import('./commands/practice.ts')).acceptRestoreCommand],
  ['device add', async () => (await import('./commands/device.ts')).addDeviceCommand],
  ['device list', async () => (await import('./commands/device.ts')).listDevicesCommand],
  ['device remove', async () => (await import('./commands/device.ts')).removeDeviceCommand],
  ['import', async () => (await import('./commands/import.ts')).importCommand],
  ['export', async () => (await import('./commands/export.ts')).exportCommand],
  ['verify', async () => (await import('./commands/verify.ts')).verifyCommand],
  ['repair', async () => (await import('./commands/repair.ts')).repairCommand],
  ['restore', async () => (await import('./commands/restore.ts')).restoreCommand],
  ['drill', async () => (await import('./commands/drill.ts')).drillCommand],
  ['open', async () => (await import('./commands/open.ts')).openCommand],
  ['keeper', async () => (await import('./commands/keeper.ts')).keeperCommand],
  ['eraser', async () => (await import('./commands/eraser.ts')).eraserCommand],
  ['witness', async () => (await import('./commands/witness.ts')).witnessCommand],
  ['witness follow', async () => (await import('./commands/witness.ts')).followCommand],
  ['operator add', async () => (await import('./commands/operator.ts')).addOperatorCommand],
  ['operator list', async () => (await import('./commands/operator.ts')).listOperatorsCommand],
  ['operator remove', async () => (await import('./commands/operator.ts')).removeOperatorCommand],
  ['alerts list', async () => (await import('./commands/alerts.ts')).listAlertsCommand],
  ['alerts acknowledge', async () => (await import('./commands/alerts.ts')).acknowledgeAlertsCommand],
  ['alerts test', async () => (await import('./commands/alerts.ts')).testAlertsCommand],
  ['demo', async () => (await import('./commands/demo.ts')).demoCommand],
  ['bench', async () => (await import('./commands/bench.ts')).benchCommand],
]);

export const commandNames: readonly string[] = [...places.keys()];

/** The command of that name, if there is one. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return await places.get(name)?.();
}

/** Every command, in the order of the help. */
export function loadCommands(): Promise<Command[]> {
  return Promise.all([...places.values()].map((load) => load()));
}
