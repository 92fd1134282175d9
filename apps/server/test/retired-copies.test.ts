import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { folderPlace } from '@serment/store/copy/places';
import { pino } from 'pino';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, recordsDraft, send, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { type CopyJob, startCopies } from '../src/jobs/copies.ts';

const payload = new Uint8Array(300).fill(7);
const folder = mkdtempSync(join(tmpdir(), 'serment-retired-'));
const log = pino({ level: 'silent' });
let vault: TestVault;
let practice: TestPractice;
let copies: CopyJob;
before(async () => {
  vault = await openTestVault();
  practice = await vault.createPractice('a');
  copies = await start();
});
after(async () => {
  await copies?.stop();
  await vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = () =>
  startCopies({
    ...{ store: vault.store, dataDir: vault.folder, log },
    copies: ['disque', 'ailleurs'].map((name) => folderPlace(join(folder, name))),
    formatDir: join(import.meta.dirname, '../../../docs/format'),
  });
const name = () => bytesToHex(practice.practice);
const names = () => copies.status(name()).map((copy) => copy.name);
const files = (copy: string) => readdirSync(join(folder, copy), { recursive: true }).length;
const save = () => send(vault.store, practice, recordsDraft(practice, sha256(payload)), payload);

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isSo(); ) {
    assert.ok(Date.now() < end, 'it never came');
    await delay(20);
  }
}

const areCurrent = () => copies.status(name()).every(({ size }) => size === practice.size);

it('a copy that is retired is written, read and counted no more, over a restart too, and catches up once it is put back', async () => {
  await save();
  await until(() => copies.status(name()).length === 2 && areCurrent());
  const told: string[] = [];
  const unsubscribe = copies.onChange((one) => told.push(one));
  await vault.store.retiredCopies.retire({ copy: 'disque', since: 5, by: 'Camille Roux' });
  await copies.follow();
  unsubscribe();
  assert.ok(told.includes(name()), 'clients are told');
  assert.deepEqual(names(), ['ailleurs']);
  assert.deepEqual(
    copies.retired.map(({ copy, since, by, place }) => [copy, since, by, place.kind]),
    [['disque', 5, 'Camille Roux', 'folder']],
  );
  assert.deepEqual([copies.held('disque').length, copies.verify(name(), 'disque')], [0, false]);
  await assert.rejects(copies.reading.entries(name(), 'disque', [0]), { code: 'NOT_FOUND' });

  // What it holds stays as it is, whatever is written next.
  await delay(300);
  const before = files('disque');
  await save();
  await until(areCurrent);
  assert.equal(files('disque'), before);
  await copies.stop();
  copies = await start();
  await save();
  await until(() => names().length > 0 && areCurrent());
  assert.deepEqual([names(), files('disque')], [['ailleurs'], before]);

  await vault.store.retiredCopies.putBack('disque');
  await copies.follow();
  assert.deepEqual([names(), copies.retired], [['disque', 'ailleurs'], []]);
  await until(areCurrent);
  assert.ok(files('disque') > before);
});

it('one that was retired twice stays so since the first time', async () => {
  for (const since of [7, 8]) await vault.store.retiredCopies.retire({ copy: 'perdue', since, by: 'Noé' });
  assert.deepEqual(
    (await vault.store.retiredCopies.list()).map(({ copy, since }) => [copy, since]),
    [['perdue', 7]],
  );
  await copies.follow();
  assert.deepEqual(copies.retired, [], 'one that the host’s file does not name any more is no matter');
});
