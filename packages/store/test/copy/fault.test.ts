import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderDestination } from '../../src/copy/folder.ts';
import { verifyCopy } from '../../src/copy/verify.ts';
import { startOn, temporaryFolder } from './copy-fixture.ts';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { TestSource } from './test-source.ts';

const rounds = [240, 4, 10, 300];

interface Published {
  readonly practice: string;
  /** Greatest size that was called copied. */
  readonly copied: number;
  readonly size: number;
}

/** Publishes round after round, or all rounds at once as a new start would; `until` waits for what it says. */
async function publish(
  folder: string,
  fileSystem: FaultyFileSystem,
  options: { atOnce?: boolean; untilCurrent?: boolean } = {},
): Promise<Published> {
  const source = new TestSource();
  const practice = await source.addPractice();
  const save = (count: number) => source.save(practice, count, { documents: count < 10 });
  if (options.atOnce === true) for (const count of rounds) await save(count);
  const publisher = startOn(source, folderDestination({ path: folder, fileSystem }));
  const state = () => publisher.status(practice)[0];
  let copied = 0;
  for (const count of options.atOnce === true ? [0] : rounds) {
    await save(count);
    await publisher.settled();
    while (options.untilCurrent === true && state()?.state !== 'current')
      await new Promise((resolve) => setTimeout(resolve, 10));
    copied = Math.max(copied, state()?.size ?? 0);
  }
  await publisher.stop();
  return { practice, copied, size: source.journal(practice).size };
}

test('whichever write fails, every entry that was called copied is there, and the next start completes the copy', async () => {
  const counting = new FaultyFileSystem();
  await publish(temporaryFolder(), counting);
  const total = counting.calls.length;
  assert.ok(total > 60);
  for (let failing = 1; failing <= total; failing += 7) {
    const folder = temporaryFolder();
    const fileSystem = new FaultyFileSystem();
    // From that call on, for good: the disk died. Cleaning up fails as well.
    fileSystem.fault = (_call, number) => (number >= failing ? 'EIO' : null);
    const { practice, copied, size } = await publish(folder, fileSystem);
    const { findings, practices } = await verifyCopy(folderDestination({ path: folder }));
    const damages = findings.filter(({ severity, code }) => severity === 'damage' && code !== 'MARKER_MISSING');
    assert.deepEqual(damages, [], `call ${failing} of ${total}`);
    assert.ok((practices[0]?.size ?? 0) >= copied, `call ${failing} of ${total}`);
    if (failing % 3 !== 1) continue;
    const again = await publish(folder, new FaultyFileSystem(), { atOnce: true });
    const completed = await verifyCopy(folderDestination({ path: folder }), { practice });
    assert.deepEqual(
      [again.copied, completed.practices[0]?.size, completed.damages],
      [size, size, 0],
      `call ${failing} of ${total}`,
    );
  }
});

test('one failed write is tried again and nothing is missing', async () => {
  const counting = new FaultyFileSystem();
  await publish(temporaryFolder(), counting);
  for (let failing = 5; failing <= counting.calls.length; failing += 29) {
    const folder = temporaryFolder();
    const fileSystem = new FaultyFileSystem();
    fileSystem.fault = (_call, number) => (number === failing ? 'EIO' : null);
    const { copied, size } = await publish(folder, fileSystem, { untilCurrent: true });
    const { damages, practices } = await verifyCopy(folderDestination({ path: folder }));
    assert.deepEqual([damages, practices[0]?.size, copied], [0, size, size], `call ${failing}`);
  }
});

test('a writer killed at any instant leaves a copy that verifies, holds what it called copied, and goes on', async () => {
  const folder = temporaryFolder();
  let copied = 0;
  for (let round = 0; round < 6; round += 1) {
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'writer-process.ts'), folder, String(copied)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    writer.stdout.on('data', (data: Uint8Array) => {
      output += new TextDecoder().decode(data);
    });
    await once(writer.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150));
    writer.kill('SIGKILL');
    await once(writer, 'close');
    const sizes = output.split('\n').slice(0, -1).map(Number);
    copied = Math.max(copied, ...sizes);
    const { damages, practices } = await verifyCopy(folderDestination({ path: folder }));
    assert.equal(damages, 0, `round ${round}`);
    assert.ok((practices[0]?.size ?? 0) >= copied, `round ${round}`);
  }
  assert.ok(copied > 200);
});
