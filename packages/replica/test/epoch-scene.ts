import assert from 'node:assert/strict';
import type { Body } from '@serment/core/journal/body';
import { governanceStream } from '@serment/core/journal/header';
import { epochCheck, newEpochKey, sealInbox, sealPrevious } from '@serment/core/keys/epoch';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { wrapSecret } from '@serment/core/keys/wrap';
import { writeEntry } from '../src/entry-writer.ts';
import type { Practice } from '../src/practice.ts';

export async function govern(device: Practice, body: Body): Promise<void> {
  await device.mirror.sync();
  const entry = await writeEntry(device.keyring.signer, {
    practice: device.practice,
    stream: governanceStream,
    base: device.mirror.headOf(governanceStream),
    prev: device.mirror.lastEntryOf(device.keyring.signer.author),
    seen: device.mirror.seen(),
    time: Date.now(),
    body,
  });
  await device.transport.append([{ statement: entry.statementBytes, payload: null }]);
  await device.mirror.sync();
}

/** A new epoch of `clinical` with its grant to the device's own member. */
export async function rotate(device: Practice): Promise<void> {
  const { practice, keyring } = device;
  const member = device.mirror.governance.members.get(Buffer.from(keyring.member).toString('hex'));
  assert.ok(member);
  const current = keyring.currentEpoch('clinical');
  const number = current.epoch + 1;
  const key = newEpochKey();
  const inbox = newSeed();
  const scope = { practice, compartment: 'clinical', number };
  await govern(device, {
    ...{
      kind: 'epoch',
      compartment: 'clinical',
      number,
      check: epochCheck(key),
      recipient: await seedToRecipient(inbox),
    },
    sealedInbox: await sealInbox(key, scope, inbox),
    sealedPrevious: await sealPrevious(key, scope, current.key),
  });
  const subject = ['clinical', number] as const;
  const wrap = await wrapSecret({ recipient: member.recipient, purpose: 'epoch', practice, subject, secret: key });
  await govern(device, {
    kind: 'grant',
    compartment: 'clinical',
    number,
    member: member.member,
    generation: member.generation,
    wrap,
  });
}
