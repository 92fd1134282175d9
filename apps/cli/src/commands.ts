import type { Command } from './command.ts';
import { acknowledgeAlertsCommand, listAlertsCommand, testAlertsCommand } from './commands/alerts.ts';
import { benchCommand } from './commands/bench.ts';
import { demoCommand } from './commands/demo.ts';
import { addDeviceCommand, listDevicesCommand, removeDeviceCommand } from './commands/device.ts';
import { drillCommand } from './commands/drill.ts';
import { eraserCommand } from './commands/eraser.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { keeperCommand } from './commands/keeper.ts';
import { openCommand } from './commands/open.ts';
import { addOperatorCommand, listOperatorsCommand, removeOperatorCommand } from './commands/operator.ts';
import { acceptRestoreCommand, createPracticeCommand } from './commands/practice.ts';
import { repairCommand } from './commands/repair.ts';
import { restoreCommand } from './commands/restore.ts';
import { startCommand } from './commands/start.ts';
import { verifyCommand } from './commands/verify.ts';
import { followCommand, witnessCommand } from './commands/witness.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  startCommand,
  createPracticeCommand,
  acceptRestoreCommand,
  addDeviceCommand,
  listDevicesCommand,
  removeDeviceCommand,
  importCommand,
  exportCommand,
  verifyCommand,
  repairCommand,
  restoreCommand,
  drillCommand,
  openCommand,
  keeperCommand,
  eraserCommand,
  witnessCommand,
  followCommand,
  addOperatorCommand,
  listOperatorsCommand,
  removeOperatorCommand,
  listAlertsCommand,
  acknowledgeAlertsCommand,
  testAlertsCommand,
  demoCommand,
  benchCommand,
];
