import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Bytes } from '@serment/core/bytes';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { OpenDevice } from '../src/sign-in/account.ts';
import { type DeviceRecord, newDeviceRecord } from '../src/sign-in/device-record.ts';
import { unlockOffline } from '../src/sign-in/offline.ts';
import { Transport } from '../src/transport.ts';
import { Network } from './network.ts';
import { createTestPractice, openDevice, type TestPractice } from './practice-setup.ts';
import { revokeHolder } from './revoke-holder.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const password = 'quatre tilleuls au printemps';
const dayMs = 24 * 60 * 60_000;

interface Owned {
  readonly practice: Practice;
  readonly own: OpenDevice;
  /** What the disk holds now. */
  readonly kept: () => DeviceRecord;
}

describe('a device that its member lets the password open without the server', () => {
  let server: RunningServer;
  let made: TestPractice;
  let first: Owned;
  const network = new Network();
  const time = { now: Date.now() };

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    first = await owned(made.seed);
    await first.own.setPassword(password);
    const { localCode } = await first.own.sendPhoneCode({
      number: `06 12 ${randomInt(100_000, 1_000_000)}`,
      language: 'fr',
    });
    await first.own.confirmPhone(localCode ?? '');
    await first.own.openGate();
  });
  after(async () => {
    await first.practice.lock();
    await server.remove();
  });

  async function owned(seed: Bytes): Promise<Owned> {
    const practice = await openDevice(made, { seed, fetch: network.fetch, clock: () => time.now });
    let record = newDeviceRecord({ practice: practice.practice, author: practice.keyring.signer.author });
    const keep = async (changed: DeviceRecord) => {
      record = changed;
    };
    return { practice, own: new OpenDevice({ practice, record, keep }), kept: () => record };
  }

  async function second(): Promise<Owned & { readonly seed: Bytes }> {
    const transport = new Transport({ baseUrl: server.url });
    const { seed } = await enrolByKit({ transport, kitText: made.kitText, label: 'browser' });
    const device = await owned(seed);
    await device.own.joinAccount();
    return { ...device, seed };
  }

  const opens = (record: DeviceRecord, typed = password) => unlockOffline(record, typed, time.now);

  it('is not one before that', async () => {
    assert.equal(first.kept().offline, null);
    await assert.rejects(opens(first.kept()), { code: 'WAY_UNKNOWN' });
  });

  it('refuses a password that is not the member’s, a weak one, and one that the server could not judge', async () => {
    await assert.rejects(first.own.allowOffline('cinq platanes en novembre'), { code: 'PASSWORD_WRONG' });
    for (const weak of ['', 'tilleuls', 'motdepasse123', '𝟙'.repeat(12)])
      await assert.rejects(first.own.allowOffline(weak), { code: 'PASSWORD_WEAK' });
    network.isUp = false;
    await assert.rejects(first.own.allowOffline(password), { code: 'UNREACHABLE' });
    network.isUp = true;
    assert.equal(first.kept().offline, null);
  });

  it('opens with the line cut, by that password alone', async () => {
    await first.own.allowOffline(password);
    network.isUp = false;
    assert.deepEqual((await opens(first.kept())).seed, made.seed);
    assert.deepEqual((await opens(first.kept(), password.normalize('NFD'))).seed, made.seed);
    for (const wrong of ['', `${password} `, 'cinq platanes en novembre'])
      await assert.rejects(opens(first.kept(), wrong), { code: 'PASSWORD_WRONG' });
    network.isUp = true;
  });

  it('opens neither on another disk, nor once the device secret is another', async () => {
    const record = first.kept();
    await assert.rejects(opens({ ...record, deviceSecret: 'ab'.repeat(32) }), { code: 'PASSWORD_WRONG' });
    await assert.rejects(opens({ ...record, author: 'ab'.repeat(32) }), { code: 'PASSWORD_WRONG' });
  });

  it('stops serving after 30 days without the server, or with a clock set back, and serves again once it is heard', async () => {
    const [start, record] = [time.now, first.kept()];
    time.now = start + 30 * dayMs - 1;
    await opens(record);
    for (const now of [start + 30 * dayMs + 1, start - 2 * dayMs]) {
      time.now = now;
      await assert.rejects(opens(record), { code: 'OFFLINE_STALE' });
    }
    time.now = start + 31 * dayMs;
    await first.own.waysIn();
    await opens(first.kept());
    time.now = start;
    await first.own.waysIn();
    await opens(first.kept());
  });

  it('opens by the new password, and by the old one no more, once it was changed here', async () => {
    await first.own.setPassword('cinq platanes en novembre');
    await assert.rejects(opens(first.kept()), { code: 'PASSWORD_WRONG' });
    assert.deepEqual((await opens(first.kept(), 'cinq platanes en novembre')).seed, made.seed);
    await first.own.setPassword('motdepasse123');
    assert.equal(first.kept().offline, 'ended');
    await first.own.setPassword(password);
    await first.own.allowOffline(password);
  });

  it('learns of a password that was changed elsewhere, and then opens by neither until it is chosen anew', async () => {
    const other = await second();
    await other.own.setPassword('trois cèdres avant la pluie');
    await opens(first.kept());
    await first.own.waysIn();
    assert.equal(first.kept().offline, 'ended');
    for (const typed of [password, 'trois cèdres avant la pluie'])
      await assert.rejects(opens(first.kept(), typed), { code: 'WAY_UNKNOWN' });
    await assert.rejects(first.own.allowOffline(password), { code: 'PASSWORD_WRONG' });
    await first.own.allowOffline('trois cèdres avant la pluie');
    await opens(first.kept(), 'trois cèdres avant la pluie');
    await first.own.setPassword(password);
    await other.practice.lock();
  });

  it('goes on with the same password once the member’s key is another, and a revoked device learns it', async () => {
    const other = await second();
    // The kit that named the other one had the keys changed: the way is to be chosen anew.
    await first.own.waysIn();
    assert.equal(first.kept().offline, 'ended');
    await first.own.allowOffline(password);
    await other.own.allowOffline(password);
    await revokeHolder(first.practice, other.practice.keyring.signer.author);
    await first.own.sealToNewestKey();
    await first.own.waysIn();
    assert.deepEqual((await opens(first.kept())).seed, made.seed);
    const { seed } = await opens(other.kept());
    await assert.rejects(openDevice(made, { seed }), { code: 'HOLDER_REVOKED' });
    await other.practice.lock();
  });

  it('is none any more once that is taken back', async () => {
    await first.own.forbidOffline();
    await assert.rejects(opens(first.kept()), { code: 'WAY_UNKNOWN' });
    await first.own.setPassword(password);
    assert.equal(first.kept().offline, null);
  });
});
