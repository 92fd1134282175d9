import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Bytes } from '@serment/core/bytes';
import { parseKit } from '@serment/core/keys/kit';
import { seedToSigner } from '@serment/core/keys/signing';
import { enrolByKit } from '../src/device.ts';
import { DrawnKit } from '../src/drawn-kit.ts';
import { inviteAgain } from '../src/invitation.ts';
import { acceptInvitation } from '../src/invitation-acceptance.ts';
import { removeMember, revokeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { OpenDevice } from '../src/sign-in/account.ts';
import { newDeviceRecord } from '../src/sign-in/device-record.ts';
import { Transport } from '../src/transport.ts';
import { addMember, open, serveMembers } from './members-scene.ts';
import { createTestPractice } from './practice-setup.ts';

const server = serveMembers();

function deviceOf(practice: Practice): OpenDevice {
  const { author } = practice.keyring.signer;
  const record = newDeviceRecord({ practice: practice.practice, author }, practice.random);
  return new OpenDevice({ practice, record, keep: async () => undefined });
}

it('a member who is invited anew chooses a password again, with nothing left of the devices before', async () => {
  const made = await createTestPractice(server.url);
  const doctor = await open(made, made.seed);
  const device = async (seed: Bytes) => deviceOf(await open(made, seed));
  const { member, seed } = await addMember(doctor, 'desk');
  const first = await device(seed);
  await first.setPassword('trois merles sous la pluie');
  await first.setPassword('quatre merles sous la pluie');
  await removeMember(doctor, member);
  const { linkText, code } = await inviteAgain(doctor, member);
  const transport = new Transport({ baseUrl: made.url });
  const again = await device((await acceptInvitation({ transport, linkText, code, label: 'browser' })).seed);
  await again.setPassword('un tout autre mot de passe');
  assert.equal((await again.waysIn()).hasPassword, true);
  assert.equal(await again.joinAccount(), true);
});

it('an erased device joins the password by the kit, whatever keys were changed since it was chosen', async () => {
  const made = await createTestPractice(server.url);
  const doctor = await open(made, made.seed);
  const transport = new Transport({ baseUrl: made.url });
  const first = deviceOf(doctor);
  await first.setPassword('trois merles sous la pluie');
  const lost = await enrolByKit({ transport, kitText: made.kitText, label: 'browser' });
  await doctor.sync();
  await revokeDevice(doctor, (await seedToSigner(lost.seed)).author);
  const second = deviceOf(
    await open(made, (await enrolByKit({ transport, kitText: made.kitText, label: 'browser' })).seed),
  );
  assert.equal(await second.joinAccount(), true);
  assert.equal(await first.sealToNewestKey(), false, 'the kit has done it');
});

it('a device enrolled by a kit newer than the change joins the password once another one was open', async () => {
  const made = await createTestPractice(server.url);
  const doctor = await open(made, made.seed);
  const transport = new Transport({ baseUrl: made.url });
  const first = deviceOf(doctor);
  await first.setPassword('trois merles sous la pluie');
  await revokeDevice(doctor, (await seedToSigner(parseKit(made.kitText).seed)).author);
  const kit = await DrawnKit.draw(doctor);
  await kit.name([]);
  const { seed } = await enrolByKit({ transport, kitText: kit.printed.text, label: 'browser' });
  const second = deviceOf(await open(made, seed));
  assert.equal(await second.joinAccount(), false, 'neither has a key from before');
  assert.equal(await first.sealToNewestKey(), true);
  assert.equal(await first.sealToNewestKey(), false, 'once is enough');
  assert.equal(await second.joinAccount(), true);
});
