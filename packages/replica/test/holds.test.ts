import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { freezeDevice, holdDevice, setHoldsDevices, unfreezeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { OpenDevice } from '../src/sign-in/account.ts';
import { type DeviceRecord, newDeviceRecord } from '../src/sign-in/device-record.ts';
import { vaultEvents, vaultView } from '../src/vault.ts';
import { authorOf, cutShort, makeScene, opened, serveMembers } from './members-scene.ts';
import { create, note, openDevice, settle, titles } from './practice-setup.ts';

const server = serveMembers();
const password = 'une phrase de passe longue';
const titlesOf = async (practice: Practice) => titles(await practice.readPatient('Patient/anna'));

describe('a device that a member holds', () => {
  it('keeps what it saves, over a restart too, shows it, and sends it once another member lets it go', async () => {
    const { made, doctor, second, seeds } = await makeScene(server.url);
    const cache = memoryCache();
    const first = await openDevice(made, { seed: seeds[0], cache });
    await holdDevice(second, authorOf(first));
    await create(first, 'anna', note('two', 'anna', 'Pendant'));
    await first.sync();
    assert.equal(first.canWrite, true);
    assert.deepEqual([first.status().isHeld, first.status().pending, first.status().refused], [true, 1, 0]);
    const [hold] = first.status().held;
    assert.deepEqual([hold?.author, hold?.cause], [bytesToHex(authorOf(first)), null]);
    assert.equal(hold?.by, bytesToHex(second.keyring.member));
    assert.ok((await titlesOf(first)).includes('Pendant'));
    await assert.rejects(unfreezeDevice(first, authorOf(first)), { code: 'HOLDER_SELF' });
    await assert.rejects(freezeDevice(first, authorOf(doctor)), { code: 'SERVER_REFUSED' });
    await first.lock();
    const again = await openDevice(made, { seed: seeds[0], cache });
    opened.push(again);
    await again.sync();
    await doctor.sync();
    assert.ok(!(await titlesOf(doctor)).includes('Pendant'));
    const { members } = await vaultView(doctor);
    const seen = members.flatMap(({ devices }) => devices).find(({ hold: one }) => one !== null);
    assert.equal(seen?.author, bytesToHex(authorOf(first)));
    await unfreezeDevice(doctor, authorOf(first));
    await unfreezeDevice(doctor, authorOf(first));
    await again.sync();
    await settle(again);
    assert.deepEqual([again.status().isHeld, again.status().pending], [false, 0]);
    await doctor.sync();
    assert.ok((await titlesOf(doctor)).includes('Pendant'));
  });

  it('that saves before it hears of it loses nothing, and hears of it so', async () => {
    const { doctor, first, second } = await makeScene(server.url);
    await holdDevice(doctor, authorOf(first));
    assert.equal(first.isHeld, false);
    await create(first, 'anna', note('two', 'anna', 'Juste après'));
    await settle(first).catch(() => undefined);
    assert.deepEqual([first.isHeld, first.outbox.items.length, first.status().refused], [true, 1, 0]);
    await second.sync();
    await freezeDevice(second, authorOf(first));
    await holdDevice(doctor, authorOf(first));
    await doctor.sync();
    assert.equal(doctor.mirror.governance.authors.get(bytesToHex(authorOf(first)))?.freezes.at(-1)?.frozen, true);
    await unfreezeDevice(doctor, authorOf(first));
    await first.sync();
    await settle(first);
    await doctor.sync();
    assert.ok((await titlesOf(doctor)).includes('Juste après'));
  });

  it('that hears of it by what it was sending says who holds it all the same', async () => {
    const { doctor, first } = await makeScene(server.url);
    first.start();
    await until(() => first.status().lastSyncAt !== null);
    await delay(200);
    await holdDevice(doctor, authorOf(first));
    // As its outbox does when it is refused.
    await first.mirror.sync();
    await until(() => first.isHeld && first.status().held.length > 0);
    assert.equal(first.status().held[0]?.by, bytesToHex(doctor.keyring.member));
  });

  it('is let go at whichever moment the line is cut, and by two members at once', async () => {
    const { made, doctor, first, second } = await makeScene(server.url);
    for (const at of ['sending', 'answer'] as const) {
      await holdDevice(doctor, authorOf(first));
      await cutShort(made, { request: 1, at }, (cut) => unfreezeDevice(cut, authorOf(first)));
      await unfreezeDevice(doctor, authorOf(first));
    }
    await holdDevice(doctor, authorOf(first));
    await second.sync();
    await Promise.all([unfreezeDevice(doctor, authorOf(first)), unfreezeDevice(second, authorOf(first))]);
    await first.sync();
    assert.equal(first.isHeld, false);
  });
});

describe('a device that the host holds', () => {
  it('is let go by its member alone, with password and second factor; what waited goes', async () => {
    const { doctor } = await makeScene(server.url);
    let record: DeviceRecord = newDeviceRecord({ practice: doctor.practice, author: doctor.keyring.signer.author });
    const keep = async (kept: DeviceRecord) => {
      record = kept;
    };
    const device = new OpenDevice({ practice: doctor, record, keep });
    await device.setPassword(password);
    const sent = await device.sendPhoneCode({ number: `06 12 ${randomInt(100_000, 1_000_000)}`, language: 'fr' });
    await device.confirmPhone(sent.localCode ?? '');
    await device.openGate();
    await setHoldsDevices(doctor, true);
    await setHoldsDevices(doctor, true);
    assert.equal((await vaultView(doctor)).holdsDevices, true);
    for (let place = 0; place < 310; place += 1) await create(doctor, 'anna', note(`n${place}`, 'anna', 'Une ligne'));
    await settle(doctor);
    await doctor.sync();
    const newest = doctor.mirror.size;
    await doctor.transport.payloads(Array.from({ length: 305 }, (_, place) => newest - 1 - place));
    for (const end = Date.now() + 90_000; !doctor.isHeld; await doctor.sync()) {
      assert.ok(Date.now() < end, 'it is not held');
      await delay(100);
    }
    const [hold] = doctor.status().held;
    assert.deepEqual([hold?.by, hold?.cause], [null, 'read-much']);
    await create(doctor, 'anna', note('held', 'anna', 'Retenue'));
    await doctor.sync();
    assert.equal(doctor.status().pending, 1);
    const wrong = await device.beginLettingGo(password);
    const { localCode } = await wrong.sendCode('fr');
    await assert.rejects(wrong.answer({ factor: 'sms', code: '000000' }), { code: 'CODE_WRONG' });
    await doctor.sync();
    assert.equal(doctor.isHeld, true);
    await wrong.answer({ factor: 'sms', code: localCode ?? '' });
    await doctor.sync();
    await settle(doctor);
    assert.deepEqual([doctor.isHeld, doctor.status().pending, doctor.status().held], [false, 0, []]);
    const { events } = await vaultEvents(doctor, 10);
    const told = events.flatMap(({ body, isHost }) => (body.kind === 'freeze' ? [[body.frozen, isHost]] : []));
    assert.deepEqual(told, [
      [false, true],
      ['held', true],
    ]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 1) {
    assert.ok(waited < 500, 'it never came');
    await delay(20);
  }
}
