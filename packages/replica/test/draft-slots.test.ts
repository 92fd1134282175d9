import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { Drafts } from '../src/drafts.ts';
import { LocalVault } from '../src/local-vault.ts';
import type { Practice } from '../src/practice.ts';
import { createTestPractice, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('the slots of drafts', () => {
  let server: RunningServer;
  let made: TestPractice;
  let practice: Practice;
  let now = 1_780_000_000_000;
  let written: string[] = [];

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    practice = await openDevice(made);
  });
  after(() => server?.remove());

  /** A device with drafts of its own; a practice of few slots is crowded at once. */
  const device = (slotCount: number, isHidden: (slot: string) => boolean = () => false): Drafts => {
    const { keyring, transport, random } = practice;
    const vault = new LocalVault({ cache: memoryCache(), keyring, practice: made.practice });
    const seen = {
      drafts: () => transport.drafts(),
      draft: async (slot: Uint8Array) =>
        isHidden(bytesToHex(slot)) ? new Uint8Array([0x80]) : await transport.draft(slot),
      putDraft: async (slot: Uint8Array, replaced: number, draft: Uint8Array<ArrayBuffer>) => {
        await transport.putDraft(slot, replaced, draft);
        written.push(bytesToHex(slot));
      },
    };
    return new Drafts({
      ...{ practice: made.practice, keyring, vault, transport: seen, random, slotCount },
      clock: () => (now += 1000),
    });
  };

  const write = async (drafts: Drafts, key: string, text: string) => {
    await drafts.put(key, text);
    await drafts.send(key);
  };
  const textOf = async (drafts: Drafts, key: string) => (await drafts.get(key))?.text ?? null;

  it('serve again once a note was sent or abandoned, and never while they hold a text', async () => {
    const drafts = device(4);
    await write(drafts, 'note/Patient/kept', 'Toujours là');
    written = [];
    for (let round = 0; round < 12; round += 1) {
      const key = `note/Patient/round-${round}`;
      await write(drafts, key, `Texte ${round}`);
      assert.equal(await textOf(drafts, key), `Texte ${round}`);
      await write(drafts, key, '');
      assert.equal(await textOf(drafts, key), null);
    }
    assert.ok(new Set(written).size <= 3, `${new Set(written).size} slots`);
    assert.equal(await textOf(device(4), 'note/Patient/kept'), 'Toujours là');
    await write(drafts, 'note/Patient/kept', '');
  });

  it('make a draft wait on its device when none is free, and take it once one is', async () => {
    const drafts = device(1);
    await write(drafts, 'note/Patient/first', 'Le premier');
    await drafts.put('note/Patient/second', 'Le second');
    await assert.rejects(drafts.send('note/Patient/second'), { code: 'DRAFTS_FULL' });
    assert.equal(await textOf(drafts, 'note/Patient/second'), 'Le second');
    await write(drafts, 'note/Patient/first', '');
    await drafts.sendAll();
    assert.equal(await textOf(device(1), 'note/Patient/second'), 'Le second');
    await write(drafts, 'note/Patient/second', '');
  });

  it('tell another device that its draft was done with, though the slot serves another one', async () => {
    const [first, second] = [device(1), device(1)];
    await write(first, 'note/Patient/a', 'Déjà enregistré');
    assert.equal(await textOf(second, 'note/Patient/a'), 'Déjà enregistré');
    await write(first, 'note/Patient/a', '');
    await write(first, 'note/Patient/b', 'Une autre note');
    assert.equal(await textOf(second, 'note/Patient/a'), null);
    assert.deepEqual(await second.list(), []);
    assert.equal(await textOf(second, 'note/Patient/b'), 'Une autre note');
    await write(first, 'note/Patient/b', '');
  });

  it('keep what another device typed on in a draft that was done with, and the draft that took its slot', async () => {
    const [first, second] = [device(4), device(4)];
    await write(first, 'note/Patient/c', 'Toux');
    assert.equal(await textOf(second, 'note/Patient/c'), 'Toux');
    await write(first, 'note/Patient/c', '');
    for (const key of ['d', 'e', 'f']) await write(first, `note/Patient/${key}`, `Note ${key}`);
    await write(second, 'note/Patient/c', 'Toux, fièvre');
    const third = device(4);
    assert.equal(await textOf(third, 'note/Patient/c'), 'Toux, fièvre');
    for (const key of ['d', 'e', 'f']) assert.equal(await textOf(third, `note/Patient/${key}`), `Note ${key}`);
    for (const key of ['c', 'd', 'e', 'f']) await write(third, `note/Patient/${key}`, '');
  });

  it('go to one draft only when two devices ask for them at the same moment', async () => {
    const [first, second] = [device(4), device(4)];
    await Promise.all([write(first, 'note/Patient/g', 'De g'), write(second, 'note/Patient/h', 'De h')]);
    const third = device(4);
    assert.equal(await textOf(third, 'note/Patient/g'), 'De g');
    assert.equal(await textOf(third, 'note/Patient/h'), 'De h');
    for (const key of ['g', 'h']) await write(third, `note/Patient/${key}`, '');
  });

  it('show the newest of two texts of one draft that stand apart, and keep the other', async () => {
    const first = device(2048);
    await write(first, 'note/Patient/twin', 'Texte du bureau');
    const [taken] = written.slice(-1);
    const second = device(2048, (slot) => slot === taken);
    await write(second, 'note/Patient/twin', 'Texte de la visite');
    const third = device(2048);
    assert.equal(await textOf(third, 'note/Patient/twin'), 'Texte de la visite');
    assert.deepEqual((await third.list()).map(({ text }) => text).sort(), ['Texte de la visite', 'Texte du bureau']);
    await third.sendAll();
    assert.deepEqual(await textOf(device(2048), 'note/Patient/twin'), 'Texte de la visite');
  });
});
