import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { holderProofMessage } from '@serment/core/journal/entry';
import { governanceStream } from '@serment/core/journal/header';
import { formatKit, kitTestValue, newKit } from '@serment/core/keys/kit';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { wrapSecret } from '@serment/core/keys/wrap';
import type { Signer } from '@serment/core/signature';
import { newPractitioner } from '@serment/records/fhir/directory';
import { writeEntry } from '@serment/replica/entry-writer';
import type { Practice } from '@serment/replica/practice';
import { settle } from './made-practice.ts';

/** Lets in a member of the front desk, who reads `admin` and nothing clinical. Gives the kit of that member. */
export async function addFrontDesk(founder: Practice, name: { family: string; given: string }): Promise<string> {
  const { random, practice } = founder;
  const member = random(16);
  const memberSeed = newSeed(random);
  const deviceSeed = newSeed(random);
  const kitSeed = newSeed(random);
  const recipient = await seedToRecipient(memberSeed);
  const holder = (seed: Bytes) => holderBody({ practice, member, memberSeed }, seed);
  const { signer } = founder.keyring;
  await govern(founder, signer, { kind: 'member', member, role: 'desk', generation: 1, recipient, wraps: [] });
  await govern(founder, signer, { kind: 'device', label: 'script', ...(await holder(deviceSeed)) });
  const { epoch, key } = founder.keyring.currentEpoch('admin');
  const subject = ['admin', epoch] as const;
  const wrap = await wrapSecret({ recipient, purpose: 'epoch', practice, subject, secret: key });
  await govern(founder, signer, { kind: 'grant', compartment: 'admin', number: epoch, member, generation: 1, wrap });
  const testValue = kitTestValue(kitSeed);
  await govern(founder, await seedToSigner(deviceSeed), { kind: 'kit', testValue, ...(await holder(kitSeed)) });
  const resource = newPractitioner(bytesToHex(member), name);
  await founder.save({ patient: null, records: [{ resource, change: 'create', replaces: [] }] });
  await settle(founder);
  return formatKit(newKit(practice, kitSeed));
}

async function holderBody(
  { practice, member, memberSeed }: { practice: Bytes; member: Bytes; memberSeed: Bytes },
  seed: Bytes,
) {
  const signer = await seedToSigner(seed);
  const recipient = await seedToRecipient(seed);
  const subject = [member, 1] as const;
  const wrap = await wrapSecret({ recipient, purpose: 'member', practice, subject, secret: memberSeed });
  const proof = await signer.sign(holderProofMessage(practice, member, signer.author, recipient));
  return { member, author: signer.author, recipient, generation: 1, wrap, proof };
}

async function govern(founder: Practice, signer: Signer, body: Body): Promise<void> {
  const { mirror, transport, practice } = founder;
  const entry = await writeEntry(signer, {
    ...{ practice, stream: governanceStream, base: mirror.headOf(governanceStream) },
    ...{ prev: mirror.lastEntryOf(signer.author), seen: mirror.seen(), time: Date.now() },
    body,
  });
  await transport.append([{ statement: entry.statementBytes, payload: null }]);
  await founder.sync();
}
