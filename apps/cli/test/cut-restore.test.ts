import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { processStart } from '@serment/store/postgres/process-table';
import { makeCopy, temporaryFolder } from '../../../packages/store/test/copy/copy-fixture.ts';
import { serment } from './serment.ts';

test('a restore that was killed leaves nothing once the next one is done, its database included', async () => {
  const { folder: copy } = await makeCopy();
  const parent = temporaryFolder();
  const args = ['restore', '--from', copy, '--data', join(parent, 'data'), '--json'];
  const program = join(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pidFile = () => join(parent, readdirSync(parent)[0] ?? '', 'postgres/postmaster.pid');
  while (!existsSync(pidFile()) && child.exitCode === null) await delay(5);
  child.kill('SIGKILL');
  await ended;
  const [left = ''] = readdirSync(parent);
  assert.match(left, /^\.data\.new-[0-9a-f]{16}$/);
  const postmaster = Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  const { code, stderr } = await serment(args);
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(parent), ['data']);
  assert.equal(await processStart(postmaster), null);
});
