import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Bytes } from '@serment/core/bytes';
import { inviteAgain } from '../src/invitation.ts';
import { acceptInvitation } from '../src/invitation-acceptance.ts';
import { removeMember } from '../src/members.ts';
import { OpenDevice } from '../src/sign-in/account.ts';
import { newDeviceRecord } from '../src/sign-in/device-record.ts';
import { Transport } from '../src/transport.ts';
import { addMember, lockAll, open } from './members-scene.ts';
import { createTestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

let server: RunningServer;
before(async () => {
  server = await startRunningServer();
});
after(async () => {
  await lockAll();
  await server.remove();
});

it('a member who is invited anew chooses a password again, with nothing left of the devices before', async () => {
  const made = await createTestPractice(server.url);
  const doctor = await open(made, made.seed);
  const device = async (seed: Bytes) => {
    const practice = await open(made, seed);
    const author = practice.keyring.signer.author;
    const record = newDeviceRecord({ practice: made.practice, author }, practice.random);
    return new OpenDevice({ practice, record, keep: async () => undefined });
  };
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
