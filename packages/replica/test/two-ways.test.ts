import assert from 'node:assert/strict';
import { it } from 'node:test';
import { enrolByKit } from '../src/device.ts';
import { freezeDevice, revokeDevice, unfreezeDevice } from '../src/members.ts';
import { hasTwoWays, OpenDevice, type WaysIn } from '../src/sign-in/account.ts';
import { newDeviceRecord } from '../src/sign-in/device-record.ts';
import { Transport } from '../src/transport.ts';
import { authorOf, open, serveMembers } from './members-scene.ts';
import { createTestPractice } from './practice-setup.ts';

const server = serveMembers();
const phone = '06 •• •• •• 42';
const listed = { credential: new Uint8Array(16), added: 0 };

it('two ways stand or not for each of the combinations: factors of one password are one, a PIN and a kit none', () => {
  const flags = [false, true];
  for (const hasPassword of flags)
    for (const hasPhone of flags)
      for (const hasTotp of flags)
        for (const passkeys of [0, 1, 2])
          for (const factorPasskeys of [[], [listed]])
            for (const isCardHere of flags)
              for (const otherDevices of [0, 1, 3])
                for (const hasPin of flags) {
                  const ways: WaysIn = {
                    ...{
                      hasPassword,
                      phone: hasPhone ? phone : null,
                      hasTotp,
                      passkeys,
                      factorPasskeys,
                      isCardHere,
                      otherDevices,
                      hasPin,
                    },
                    ...{ recoveryCodes: hasTotp ? 10 : 0, hasCard: true },
                  };
                  const counted =
                    Number(hasPassword && (hasPhone || hasTotp || factorPasskeys.length > 0)) +
                    Number(passkeys > 0) +
                    Number(isCardHere) +
                    Number(otherDevices > 0);
                  assert.equal(hasTwoWays(ways), counted >= 2, JSON.stringify(ways));
                }
});

const nothing: WaysIn = {
  ...{ hasPassword: false, phone: null, hasTotp: false, recoveryCodes: 0, hasCard: false, isCardHere: false },
  ...{ hasPin: false, passkeys: 0, factorPasskeys: [], otherDevices: 0 },
};
const password = { hasPassword: true, phone } as const;

for (const [told, ways, expected] of [
  ['a password with SMS alone', password, false],
  ['a password with SMS, an authenticator and its codes', { ...password, hasTotp: true, recoveryCodes: 10 }, false],
  ['a password with SMS and a passkey that is asked for after it', { ...password, factorPasskeys: [listed] }, false],
  ['a password with a PIN', { ...password, hasPin: true }, false],
  ['a password whose card opens another device', { ...password, hasCard: true }, false],
  ['two passkeys of one device', { passkeys: 2 }, false],
  ['another device alone', { otherDevices: 2 }, false],
  ['a password without a second factor, and nothing else', { hasPassword: true }, false],
  ['a password and a passkey', { ...password, passkeys: 1 }, true],
  ['a password and a card', { ...password, isCardHere: true }, true],
  ['a password and another device', { ...password, otherDevices: 1 }, true],
  ['a passkey and another device', { passkeys: 1, otherDevices: 1 }, true],
] as const)
  it(`${told} ${expected ? 'are two ways' : 'are not two ways'}`, () => {
    assert.equal(hasTwoWays({ ...nothing, ...ways }), expected);
  });

it('another device counts while it is neither stopped nor revoked', async () => {
  const made = await createTestPractice(server.url);
  const doctor = await open(made, made.seed);
  const record = newDeviceRecord({ practice: made.practice, author: authorOf(doctor) }, doctor.random);
  const device = new OpenDevice({ practice: doctor, record, keep: async () => undefined });
  await device.setPassword('trois merles sous la pluie');
  assert.equal((await device.waysIn()).otherDevices, 0, 'a kit is no device');
  const transport = new Transport({ baseUrl: made.url });
  const other = await open(made, (await enrolByKit({ transport, kitText: made.kitText, label: 'browser' })).seed);
  await doctor.sync();
  assert.equal((await device.waysIn()).otherDevices, 1);
  await freezeDevice(doctor, authorOf(other));
  assert.equal(device.otherDevices, 0);
  await unfreezeDevice(doctor, authorOf(other));
  assert.equal(device.otherDevices, 1);
  await revokeDevice(doctor, authorOf(other));
  assert.equal(device.otherDevices, 0);
  for (const label of ['script', 'cli'] as const) {
    await enrolByKit({ transport, kitText: made.kitText, label });
    await doctor.sync();
    // Both open by the password, and by nothing else that is their own.
    assert.equal(device.otherDevices, 0, `nor is a ${label}`);
  }
  assert.equal(hasTwoWays({ ...nothing, ...password, otherDevices: device.otherDevices }), false);
});
