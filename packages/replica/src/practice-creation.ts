import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import { holderProofMessage } from '@serment/core/journal/entry';
import { governanceStream } from '@serment/core/journal/header';
import { epochCheck, newEpochKey, sealInbox } from '@serment/core/keys/epoch';
import { formatKit, kitQr, kitTestValue, newKit } from '@serment/core/keys/kit';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { wrapSecret } from '@serment/core/keys/wrap';
import type { RandomSource } from '@serment/core/random';
import type { Signer } from '@serment/core/signature';
import { type SealedEntry, writeEntry } from './entry-writer.ts';

export interface CreationOptions {
  /** The host's public key, which the genesis entry pins. */
  readonly hostAuthor: Bytes;
  readonly label: 'browser' | 'cli' | 'script';
  readonly nowMs: number;
  readonly random: RandomSource;
}

/** A practice that exists on this device only, until its genesis batch is accepted. */
export interface PreparedPractice {
  readonly practice: Bytes;
  readonly member: Bytes;
  readonly deviceSeed: Bytes;
  readonly author: Bytes;
  readonly kit: { readonly text: string; readonly qr: string; readonly testValue: string };
  readonly batch: readonly SealedEntry[];
}

/** Makes every key of a new practice and signs its genesis batch (docs/format/journal.md, keys.md). Nothing is sent. */
export async function preparePractice(options: CreationOptions): Promise<PreparedPractice> {
  const { random } = options;
  const nonce = random(32);
  const member = random(16);
  const memberSeed = newSeed(random);
  const deviceSeed = newSeed(random);
  const kitSeed = newSeed(random);
  const batch = await GenesisBatch.start(await seedToSigner(deviceSeed), nonce, member, options);

  const memberRecipient = await seedToRecipient(memberSeed);
  await batch.add({ kind: 'member', member, role: 'doctor', generation: 1, recipient: memberRecipient, wraps: [] });
  const holder = { member, memberSeed, nonce };
  await batch.add({ kind: 'device', label: options.label, ...(await holderBody(holder, deviceSeed)) });
  const testValue = kitTestValue(kitSeed);
  await batch.add({ kind: 'kit', testValue, ...(await holderBody(holder, kitSeed)) });
  for (const compartment of ['admin', 'clinical', 'billing', privateCompartment(member)])
    await openCompartment(batch, { compartment, nonce, member, memberRecipient, random });

  const kit = newKit(batch.practice, kitSeed);
  return {
    practice: batch.practice,
    member,
    deviceSeed,
    author: batch.signer.author,
    kit: { text: formatKit(kit), qr: kitQr(kit), testValue },
    batch: batch.entries,
  };
}

/** The compartment of one member's own notes. */
export function privateCompartment(member: Uint8Array): string {
  return `private/${bytesToHex(member)}`;
}

/** Chains the entries of a genesis batch: each is based on the one before it. */
class GenesisBatch {
  readonly entries: SealedEntry[] = [];
  readonly signer: Signer;
  readonly practice: Bytes;
  readonly #nowMs: number;

  static async start(signer: Signer, nonce: Bytes, founder: Bytes, options: CreationOptions): Promise<GenesisBatch> {
    const genesis = await writeEntry(signer, {
      ...{ practice: null, stream: governanceStream, base: null, prev: null, seen: null, time: options.nowMs },
      body: { kind: 'genesis', nonce, founder, hostAuthor: options.hostAuthor },
    });
    return new GenesisBatch(signer, genesis, options.nowMs);
  }

  constructor(signer: Signer, genesis: SealedEntry, nowMs: number) {
    this.signer = signer;
    this.practice = genesis.statement.id;
    this.#nowMs = nowMs;
    this.entries.push(genesis);
  }

  async add(body: Body): Promise<void> {
    const last = this.entries.at(-1)?.statement.id ?? null;
    const place = { practice: this.practice, stream: governanceStream, base: last, prev: last, seen: null };
    this.entries.push(await writeEntry(this.signer, { ...place, time: this.#nowMs, body }));
  }
}

async function holderBody(owner: { member: Bytes; memberSeed: Bytes; nonce: Bytes }, seed: Bytes) {
  const signer = await seedToSigner(seed);
  const recipient = await seedToRecipient(seed);
  const { member, memberSeed, nonce } = owner;
  const wrap = await wrapSecret({
    recipient,
    purpose: 'member',
    practice: nonce,
    subject: [member, 1],
    secret: memberSeed,
  });
  const proof = await signer.sign(holderProofMessage(nonce, member, signer.author, recipient));
  return { member, author: signer.author, recipient, generation: 1, wrap, proof };
}

async function openCompartment(
  batch: GenesisBatch,
  options: { compartment: string; nonce: Bytes; member: Bytes; memberRecipient: Bytes; random: RandomSource },
): Promise<void> {
  const { compartment, nonce, member, random } = options;
  const key = newEpochKey(random);
  const inbox = newSeed(random);
  const scope = { practice: nonce, compartment, number: 1 };
  await batch.add({
    ...{ kind: 'epoch', compartment, number: 1, check: epochCheck(key), sealedPrevious: null },
    recipient: await seedToRecipient(inbox),
    sealedInbox: await sealInbox(key, scope, inbox, random),
  });
  const subject = [compartment, 1] as const;
  const wrap = await wrapSecret({
    recipient: options.memberRecipient,
    purpose: 'epoch',
    practice: nonce,
    subject,
    secret: key,
  });
  await batch.add({ kind: 'grant', compartment, number: 1, member, generation: 1, wrap });
}
