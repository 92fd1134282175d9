import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import type { Practice } from '@serment/replica/practice';
import { createTestPractice, openDevice, type TestPractice } from '../../../../packages/replica/test/practice-setup.ts';
import { type RunningServer, startRunningServer } from '../../../../packages/replica/test/running-server.ts';
import { KitsDesk } from '../../src/worker/kits-desk.ts';
import type { PrintedKit } from '../../src/worker/protocol.ts';

const asked = ({ text, askedGroups }: PrintedKit) => askedGroups.map((place) => text.split('-')[place] ?? '');

describe('kits', () => {
  let server: RunningServer;
  let made: TestPractice;
  let open: Practice;
  let changes: number;
  const desk = new KitsDesk({
    practice: () => open,
    send: () => undefined,
    keysChanged: async () => {
      changes += 1;
    },
  });
  const kitsOf = ({ mirror, keyring }: Practice) =>
    holdersOf(mirror.governance, bytesToHex(keyring.member)).filter(({ type }) => type === 'kit').length;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    open = await openDevice(made);
    changes = 0;
  });
  after(async () => {
    await open?.lock();
    await server?.remove();
  });

  it('are named once they were read back, and then no more', async () => {
    await assert.rejects(desk.checkDrawn([]), { code: 'KIT_UNREAD' });
    const kit = await desk.draw();
    assert.equal((await desk.test(kit.text)).standing, 'unknown');
    await assert.rejects(desk.nameDrawn([]), { code: 'KIT_UNREAD' });
    assert.equal((await desk.checkDrawn(['', ''])).length, 2);
    assert.deepEqual(await desk.checkDrawn(asked(kit)), []);
    await desk.nameDrawn([]);
    assert.deepEqual([kitsOf(open), changes], [2, 1]);
    assert.equal((await desk.test(kit.text)).standing, 'valid');
    await assert.rejects(desk.nameDrawn([]), { code: 'KIT_UNREAD' });
  });

  it('that were drawn are forgotten by a lock, whoever opens the practice next', async () => {
    const kit = await desk.draw();
    assert.deepEqual(await desk.checkDrawn(asked(kit)), []);
    await open.lock();
    await assert.rejects(desk.nameDrawn([]), { code: 'KIT_UNREAD' });
    open = await openDevice(made);
    await assert.rejects(desk.nameDrawn([]), { code: 'KIT_UNREAD' });
    assert.equal(kitsOf(open), 2);
  });

  it('are not of whoever enters while one is drawn', async () => {
    const [first, next] = [open, await openDevice(made)];
    const drawing = desk.draw();
    open = next;
    await assert.rejects(drawing, { code: 'CLOSED' });
    await first.lock();
    await assert.rejects(desk.checkDrawn([]), { code: 'KIT_UNREAD' });
  });
});
