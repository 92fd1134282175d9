import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { memoryCache } from '../src/cache.ts';
import { acknowledgeRestore } from '../src/device.ts';
import { restoreLoss } from '../src/restore-loss.ts';
import {
  create,
  createTestPractice,
  hex,
  note,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const commandLine = join(import.meta.dirname, '../../../apps/cli/src/main.ts');
const run = promisify(execFile);

/** A copy that was behind by its last publishes is all that is left of the host. */
async function restoreWithout(server: RunningServer, lost: readonly string[]): Promise<void> {
  for (const path of lost) await rm(path);
  await rm(server.dataDir, { recursive: true });
  const args = ['restore', '--from', server.copyDir, '--data', server.dataDir, '--host-key', server.hostKeyFile];
  await run(process.execPath, [commandLine, ...args]);
  await server.restart();
}

describe('a host restored from a copy that was behind', () => {
  let server: RunningServer;
  let made: TestPractice;
  const cache = memoryCache();
  const idle = memoryCache();
  const patience = { timeout: 90_000 };

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    const device = await openDevice(made, { cache });
    await create(device, 'anna', patient('anna', 'Durand'));
    await settle(device);
    await device.lock();
    const watching = await openDevice(made, { cache: idle });
    await watching.lock();
  }, patience);

  after(() => server.remove());

  it('is not followed before a member says so, and nothing is called a lie', patience, async () => {
    const tails = join(server.copyDir, hex(made.practice), '00000001/tail');
    await until(async () => (await readdir(tails)).length > 0);
    const kept = new Set(await readdir(tails));
    const device = await openDevice(made, { cache });
    await device.openPatient('Patient/anna');
    await create(device, 'anna', note('lost', 'anna', 'Acquittée, puis perdue'));
    await settle(device);
    assert.equal(device.status().pending, 0);
    await device.lock();
    await server.stop();
    const lost = (await readdir(tails)).filter((name) => !kept.has(name)).map((name) => join(tails, name));
    assert.ok(lost.length > 0);
    await restoreWithout(server, lost);
    const before = await openDevice(made, { cache });
    assert.equal(before.status().hostLie, null);
    assert.notEqual(before.status().restored, null);
    assert.equal(before.canWrite, false);
    const loss = await restoreLoss(before);
    // The trace of the opened file is given back too, and is no record.
    assert.deepEqual({ held: loss?.held, elsewhere: loss?.elsewhere }, { held: 1, elsewhere: 0 });
    await before.lock();
  });

  it('is said to be restored, and nothing worse, to a device that was not ahead', patience, async () => {
    const before = await openDevice(made, { cache: idle });
    await before.sync();
    assert.notEqual(before.status().restored, null);
    assert.deepEqual(before.status().findings, []);
    assert.equal(before.status().hostLie, null);
    assert.deepEqual(await restoreLoss(before), { kept: before.status().restored?.size, held: 0, elsewhere: 0 });
    await before.lock();
  });

  it('gets back from a device what it had acknowledged and lost', patience, async () => {
    const accepting = await openDevice(made, { cache: idle });
    await acknowledgeRestore(accepting);
    await accepting.lock();
    const device = await openDevice(made, { cache });
    await settle(device);
    assert.equal(device.status().hostLie, null);
    assert.deepEqual(titles(await device.readPatient('Patient/anna')), ['Acquittée, puis perdue']);
    const fresh = await openDevice(made);
    assert.deepEqual(titles(await fresh.readPatient('Patient/anna')), ['Acquittée, puis perdue']);
    await create(device, 'anna', note('next', 'anna', 'Après'));
    await settle(device);
    assert.equal(device.status().pending + device.status().refused, 0);
    await device.lock();
    await fresh.lock();
  });

  it('leaves a device that was not ahead as it was', patience, async () => {
    const device = await openDevice(made, { cache: idle });
    assert.equal(device.status().hostLie, null);
    assert.deepEqual(titles(await device.readPatient('Patient/anna')).sort(), ['Acquittée, puis perdue', 'Après']);
    await device.lock();
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tried = 0; tried < 100; tried += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('It did not come true within five seconds');
}
