import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { randomBytes } from '@serment/core/random';
import { TestAuthenticator } from '../../../apps/server/test/test-authenticator.ts';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { OpenDevice } from '../src/sign-in/account.ts';
import { type DeviceRecord, newDeviceRecord } from '../src/sign-in/device-record.ts';
import { isPin } from '../src/sign-in/pin.ts';
import { FactorAsked, type Unlocked, unlockByPasskey, unlockByPassword, unlockByPin } from '../src/sign-in/unlock.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents } from '../src/vault.ts';
import { createTestPractice, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const password = 'une phrase de passe longue';

/** A device's disk: what it kept last. */
class Disk {
  record: DeviceRecord;
  readonly keep = async (record: DeviceRecord): Promise<void> => {
    this.record = record;
  };

  constructor(record: DeviceRecord) {
    this.record = record;
  }
}

describe('the ways into a device', () => {
  let server: RunningServer;
  let made: TestPractice;
  let practice: Practice;
  let disk: Disk;
  let device: OpenDevice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    practice = await openDevice(made);
    disk = diskOf(practice);
    device = new OpenDevice({ practice, record: disk.record, keep: disk.keep });
  });
  after(async () => {
    await practice.lock();
    await server.remove();
  });

  function diskOf({ practice: id, keyring }: Practice): Disk {
    return new Disk(newDeviceRecord({ practice: id, author: keyring.signer.author }));
  }

  const options = (of = disk, fetch = globalThis.fetch) => ({
    ...{ transport: new Transport({ baseUrl: server.url, fetch }), record: of.record, keep: of.keep },
  });

  async function opened(unlocking: Promise<Unlocked | FactorAsked>): Promise<Unlocked> {
    const unlocked = await unlocking;
    assert.ok(!(unlocked instanceof FactorAsked), 'a second factor is asked for');
    return unlocked;
  }

  async function asked(unlocking: Promise<Unlocked | FactorAsked>): Promise<FactorAsked> {
    const unlocked = await unlocking;
    assert.ok(unlocked instanceof FactorAsked, 'no second factor is asked for');
    return unlocked;
  }

  it('open nothing while the password stands alone', async () => {
    assert.equal(await device.joinAccount(), false);
    await device.setPassword(password);
    await assert.rejects(unlockByPassword(options(), password), { code: 'FACTOR_MISSING' });
    const sent = await device.sendPhoneCode({ number: `06 12 ${randomInt(100_000, 1_000_000)}`, language: 'fr' });
    await assert.rejects(device.confirmPhone('00000'), { code: 'CODE_WRONG' });
    await device.confirmPhone(sent.localCode ?? '');
    assert.match((await device.waysIn()).phone ?? '', /^\+33 6 •/);
  });

  it('ask for a second factor once, then open with the password alone, and not with another', async () => {
    await assert.rejects(unlockByPassword(options(), 'une autre phrase'), { code: 'PASSWORD_WRONG' });
    const factor = await asked(unlockByPassword(options(), password));
    assert.deepEqual(
      factor.offers.map((offer) => offer.factor),
      ['sms'],
    );
    await assert.rejects(factor.answer({ factor: 'totp', code: '123456' }), { code: 'FACTOR_MISSING' });
    const { localCode } = await factor.sendCode('fr');
    assert.deepEqual((await factor.answer({ factor: 'sms', code: localCode ?? '' })).seed, made.seed);
    assert.deepEqual((await opened(unlockByPassword(options(), password))).seed, made.seed);
  });

  it('open after an answer that was lost, whichever it was', async () => {
    for (const lost of [/\/login$/, /\/login\/[0-9a-f]{32}$/]) {
      let isLost = false;
      const losing: typeof fetch = async (url, init) => {
        const response = await fetch(url, init);
        if (isLost || !lost.test(String(url))) return response;
        isLost = true;
        await response.body?.cancel();
        throw new TypeError('The line was cut');
      };
      await assert.rejects(unlockByPassword(options(disk, losing), password), { code: 'UNREACHABLE' });
      assert.deepEqual((await opened(unlockByPassword(options(), password))).seed, made.seed);
    }
  });

  it('open after the answer to the opening of the gate was lost, and nobody is told of a copied disk', async () => {
    await opened(unlockByPassword(options(), password));
    const losing: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (!String(url).endsWith('/api/gates')) return response;
      await response.body?.cancel();
      throw new TypeError('The line was cut');
    };
    const cut = await openDevice(made, { fetch: losing });
    const onCutLine = new OpenDevice({ practice: cut, record: disk.record, keep: disk.keep });
    await assert.rejects(onCutLine.openGate(), { code: 'UNREACHABLE' });
    await cut.lock();
    assert.deepEqual((await opened(unlockByPassword(options(), password))).seed, made.seed);
    await practice.sync();
    const { events } = await vaultEvents(practice, 50);
    assert.ok(!events.some(({ body }) => body.kind === 'access' && body.what === 'ticket-reused'));
  });

  it('close to a disk that was copied, and tell the one it was copied from', async () => {
    const copied = new Disk(disk.record);
    await opened(unlockByPassword(options(), password));
    await opened(unlockByPassword(options(), password));
    await asked(unlockByPassword(options(copied), password));
    const factor = await asked(unlockByPassword(options(), password));
    const { localCode } = await factor.sendCode('fr');
    await factor.answer({ factor: 'sms', code: localCode ?? '' });
    await practice.sync();
    const { events } = await vaultEvents(practice, 50);
    const told = events.flatMap(({ body }) => (body.kind === 'access' ? [body.what] : []));
    assert.ok(told.includes('ticket-reused'), told.join(', '));
    assert.ok(told.includes('opened') && told.includes('password') && told.includes('phone'), told.join(', '));
  });

  it('are a PIN during the day: six digits that are not the first ones anybody tries', async () => {
    for (const pin of ['123456', '654321', '000000', '12345', '1234567', 'abcdef', '１２３９５６'])
      await assert.rejects(device.setPin(pin), { code: 'PIN_INVALID' });
    assert.ok(isPin('271828'));
    const own = new OpenDevice({ practice, record: disk.record, keep: disk.keep });
    await own.setPin('271828');
    assert.deepEqual((await unlockByPin(options(), '271828')).seed, made.seed);
    for (let wrong = 0; wrong < 5; wrong += 1)
      await assert.rejects(unlockByPin(options(), '000001'), { code: 'PASSWORD_WRONG' });
    await assert.rejects(unlockByPin(options(), '271828'), { code: 'PIN_BLOCKED' });
    assert.equal(disk.record.pin, null);
    await assert.rejects(unlockByPin(options(), '271828'), { code: 'WAY_UNKNOWN' });
    assert.deepEqual((await opened(unlockByPassword(options(), password))).seed, made.seed);
  });

  it('are changed at the same moment, and none is lost', async () => {
    const own = new OpenDevice({ practice, record: disk.record, keep: disk.keep });
    const passkey = { credential: 'cc33', output: randomBytes(32) };
    await Promise.all([own.openGate(), own.setPin('314159'), own.addPasskey(passkey), own.openGate()]);
    assert.deepEqual(own.record, disk.record);
    assert.equal(disk.record.nextTicket, null);
    assert.deepEqual((await unlockByPin(options(), '314159')).seed, made.seed);
    assert.deepEqual((await unlockByPasskey(disk.record, passkey)).seed, made.seed);
    const later = new OpenDevice({ practice, record: disk.record, keep: disk.keep });
    await later.removePasskey('cc33');
  });

  it('are a passkey, which asks the server nothing', async () => {
    const own = new OpenDevice({ practice, record: disk.record, keep: disk.keep });
    const [credential, output] = ['aa11', randomBytes(32)];
    await own.addPasskey({ credential, output });
    assert.deepEqual((await unlockByPasskey(disk.record, { credential, output })).seed, made.seed);
    await assert.rejects(unlockByPasskey(disk.record, { credential, output: randomBytes(32) }), {
      code: 'SEALED_INVALID',
    });
    await assert.rejects(unlockByPasskey(disk.record, { credential: 'bb22', output }), { code: 'WAY_UNKNOWN' });
    await own.removePasskey(credential);
    await assert.rejects(unlockByPasskey(disk.record, { credential, output }), { code: 'WAY_UNKNOWN' });
  });

  it('are the password and a passkey without PRF, on any device: its answer opens nothing by itself', async () => {
    const authenticator = new TestAuthenticator(new URL(server.url).origin);
    const own = new OpenDevice({ practice, record: disk.record, keep: disk.keep });
    await own.confirmPasskey(authenticator.make(await own.offerPasskey()));
    const [passkey] = (await own.waysIn()).factorPasskeys;
    assert.deepEqual(passkey?.credential, authenticator.credential);
    const stale = new Disk({ ...disk.record, ticket: bytesToHex(randomBytes(32)), nextTicket: null });
    const factor = await asked(unlockByPassword(options(stale), password));
    assert.deepEqual(
      factor.offers.map((offer) => offer.factor),
      ['passkey', 'sms'],
    );
    const elsewhere = new TestAuthenticator('https://serment.example');
    await assert.rejects(factor.answerPasskey(elsewhere.give(await factor.askPasskey())), { code: 'PASSKEY_REFUSED' });
    const given = authenticator.give(await factor.askPasskey());
    assert.deepEqual((await factor.answerPasskey(given)).seed, made.seed);
    disk.record = stale.record;
    await own.removeFactorPasskey(authenticator.credential);
    assert.deepEqual((await own.waysIn()).factorPasskeys, []);
    await practice.sync();
    const { events } = await vaultEvents(practice, 50);
    assert.equal(events.filter(({ body }) => body.kind === 'access' && body.what === 'passkey').length, 2);
  });

  it('are the same password on another device of the member, and a new one on both at once', async () => {
    const transport = new Transport({ baseUrl: server.url });
    const enrolled = await enrolByKit({ transport, kitText: made.kitText, label: 'browser' });
    const second = await openDevice(made, { seed: enrolled.seed });
    const secondDisk = diskOf(second);
    const own = new OpenDevice({ practice: second, record: secondDisk.record, keep: secondDisk.keep });
    assert.equal(await own.joinAccount(), true);
    await own.openGate();
    assert.deepEqual((await opened(unlockByPassword(options(secondDisk), password))).seed, enrolled.seed);
    await own.setPassword('une nouvelle phrase de passe');
    await assert.rejects(unlockByPassword(options(), password), { code: 'PASSWORD_WRONG' });
    assert.deepEqual((await opened(unlockByPassword(options(), 'une nouvelle phrase de passe'))).seed, made.seed);
    await second.lock();
  });

  it('leave nothing on the disk that opens by itself', async () => {
    const text = JSON.stringify(disk.record);
    assert.ok(!text.includes(bytesToHex(made.seed)));
    assert.ok(!(text.includes('271828') || text.includes(password)));
  });
});
