import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { takeOwnership } from '../../src/postgres/owner-lock.ts';
import { temporaryDataDir } from './temporary.ts';

test('a released lock is succeeded at once, and releasing twice is one release', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(dataDir);
  const first = await takeOwnership(dataDir);
  await assert.rejects(takeOwnership(dataDir), { code: 'DATA_IN_USE' });
  await first.release();
  const second = await takeOwnership(dataDir);
  await first.release();
  await assert.rejects(takeOwnership(dataDir), { code: 'DATA_IN_USE' });
  await second.release();
  assert.deepEqual(await readdir(dataDir), ['owner.2.lock']);
});

test('a pid that another program uses now does not keep the folder', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(dataDir);
  const held = await takeOwnership(dataDir);
  const lock = path.join(dataDir, 'owner.1.lock');
  await held.release();
  const mine = JSON.parse(await readFile(lock, 'utf8'));
  await writeFile(lock, JSON.stringify({ ...mine, released: false }));
  await assert.rejects(takeOwnership(dataDir), { code: 'DATA_IN_USE' });
  await writeFile(lock, JSON.stringify({ ...mine, released: false, started: '1' }));
  await (await takeOwnership(dataDir)).release();
});

test('of many who succeed a dead owner at once, one wins', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(dataDir);
  await (await takeOwnership(dataDir)).release();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => takeOwnership(dataDir)));
  const won = tries.filter((outcome) => outcome.status === 'fulfilled');
  assert.equal(won.length, 1);
  for (const { value } of won) await value.release();
});

test('an owner on another machine keeps the folder while it touches its lock, and loses it by silence', async (t) => {
  const dataDir = await temporaryDataDir(t);
  await mkdir(dataDir);
  const lock = path.join(dataDir, 'owner.1.lock');
  await writeFile(lock, JSON.stringify({ pid: 1, started: '1', scope: 'elsewhere', released: false }));
  const beat = setInterval(() => utimes(lock, new Date(), new Date()), 300);
  try {
    await assert.rejects(takeOwnership(dataDir), { code: 'DATA_IN_USE' });
  } finally {
    clearInterval(beat);
  }
  await assert.rejects(takeOwnership(dataDir, AbortSignal.timeout(600)), { name: 'AbortError' });
  await (await takeOwnership(dataDir)).release();
});
