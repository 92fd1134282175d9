import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { memoryCache } from '../src/cache.ts';
import { acknowledgeRestore, enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { restoreLoss } from '../src/restore-loss.ts';
import { Transport } from '../src/transport.ts';
import { rotate } from './epoch-scene.ts';
import { Network } from './network.ts';
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
  /** More devices of the same member, which stay open all the while; two of them with a save that waits. */
  const [openLine, waitingLine, hastyLine] = [new Network(), new Network(), new Network()];
  let open: Practice;
  let waiting: Practice;
  let hasty: Practice;
  const told: string[] = [];
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
    open = await anotherDevice(openLine);
    waiting = await anotherDevice(waitingLine);
    hasty = await anotherDevice(hastyLine);
    open.subscribe((event) => event.type === 'save' && told.push(event.state));
  }, patience);

  async function anotherDevice({ fetch }: Network): Promise<Practice> {
    const transport = new Transport({ baseUrl: server.url });
    const { seed } = await enrolByKit({ transport, kitText: made.kitText, label: 'browser' });
    return openDevice(made, { seed, fetch });
  }

  async function readByAnother(): Promise<string[]> {
    const fresh = await openDevice(made);
    const read = titles(await fresh.readPatient('Patient/anna'));
    await fresh.lock();
    return read.toSorted();
  }

  after(() => server.remove());

  it('is not followed before a member says so, and nothing is called a lie', patience, async () => {
    const tails = join(server.copyDir, hex(made.practice), '00000001/tail');
    const device = await openDevice(made, { cache });
    await until(async () => (await device.transport.copies()).every(({ size }) => size >= device.mirror.size));
    const kept = new Set(await readdir(tails));
    assert.ok(kept.size > 0);
    // Keys that the copy does not hold: what comes now is sealed under them, on the device too.
    await rotate(device);
    for (const one of [device, open, waiting, hasty]) await one.sync();
    await device.openPatient('Patient/anna');
    await create(device, 'anna', note('lost', 'anna', 'Acquittée, puis perdue'));
    await settle(device);
    assert.equal(device.status().pending, 0);
    await device.setNewsSeen(device.mirror.size);
    await device.lock();
    await create(open, 'anna', note('lost-too', 'anna', 'Perdue aussi'));
    await settle(open);
    for (const [one, line, title] of [
      [waiting, waitingLine, 'Signée pour ce qui fut perdu'],
      [hasty, hastyLine, 'Signée aussi'],
    ] as const) {
      line.isUp = false;
      await create(one, 'anna', note(title.toLowerCase().replaceAll(/\W/g, '-'), 'anna', title));
      await assert.rejects(one.outbox.flush(), { code: 'UNREACHABLE' });
    }
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
    // What stands in the place of what was lost was told to nobody.
    assert.equal(device.news.current.seenSize, await device.mirror.acknowledgedSize());
    assert.deepEqual(titles(await device.readPatient('Patient/anna')), ['Acquittée, puis perdue']);
    const fresh = await openDevice(made);
    assert.deepEqual(titles(await fresh.readPatient('Patient/anna')), ['Acquittée, puis perdue']);
    await create(device, 'anna', note('next', 'anna', 'Après'));
    await settle(device);
    assert.equal(device.status().pending + device.status().refused, 0);
    await device.lock();
    await fresh.lock();
  });

  it('is written to under the keys that it has since, by a device that was open all the while', patience, async () => {
    const rotating = await openDevice(made, { cache: idle });
    // Under the number of the key that was lost.
    await rotate(rotating);
    await rotating.lock();
    assert.deepEqual(told, ['device', 'host']);
    await settle(open);
    assert.deepEqual([open.status().pending, open.status().refused], [0, 0]);
    // The same save, told as it stands: it waits again, and is taken again.
    assert.deepEqual(told, ['device', 'host', 'device', 'host']);
    assert.deepEqual(await readByAnother(), ['Acquittée, puis perdue', 'Après', 'Perdue aussi']);
  });

  it('takes what was signed for the history that it lost, and calls nobody of another one', patience, async () => {
    const seen = waiting.mirror.size;
    for (let size = open.mirror.size; size <= seen; size = open.mirror.size) {
      await create(open, 'anna', note('lost-too', 'anna', `Perdue aussi ${size}`));
      await settle(open);
    }
    waitingLine.isUp = true;
    waitingLine.asked.length = 0;
    await waiting.sync();
    assert.equal(waitingLine.asked.filter((asked) => /^POST .*\/entries$/.test(asked)).length, 1);
    // And one that sends before it has heard of it.
    hastyLine.isUp = true;
    await settle(hasty);
    for (const one of [waiting, hasty]) assert.deepEqual([one.status().pending, one.status().refused], [0, 0]);
    const read = await readByAnother();
    assert.ok(read.includes('Signée pour ce qui fut perdu') && read.includes('Signée aussi'));
    for (const one of [open, waiting, hasty]) await one.lock();
  });

  it('leaves a device that was not ahead as it was', patience, async () => {
    const device = await openDevice(made, { cache: idle });
    assert.equal(device.status().hostLie, null);
    assert.ok(titles(await device.readPatient('Patient/anna')).includes('Acquittée, puis perdue'));
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
