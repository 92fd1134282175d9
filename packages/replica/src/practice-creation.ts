import type { Bytes } from '@serment/core/bytes';
import type { Body, DeviceLabel } from '@serment/core/journal/body';
import { governanceStream } from '@serment/core/journal/header';
import { kitTestValue } from '@serment/core/keys/kit';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import type { RandomSource } from '@serment/core/random';
import type { Signer } from '@serment/core/signature';
import { type SealedEntry, writeEntry } from './entry-writer.ts';
import { grantBody, holderBody, newEpoch, newGeneration } from './key-bodies.ts';
import { type KitText, kitText } from './kit-text.ts';
import { privateCompartment } from './private-compartment.ts';

export interface CreationOptions {
  /** The host's public key, which the genesis entry pins. */
  readonly hostAuthor: Bytes;
  readonly label: DeviceLabel;
  readonly nowMs: number;
  readonly random: RandomSource;
}

/** A practice that exists on this device only, until its genesis batch is accepted. */
export interface PreparedPractice {
  readonly practice: Bytes;
  readonly member: Bytes;
  readonly deviceSeed: Bytes;
  readonly author: Bytes;
  readonly kit: KitText;
  readonly batch: readonly SealedEntry[];
}

/** Makes every key of a new practice and signs its genesis batch (docs/format/journal.md, keys.md). Nothing is sent. */
export async function preparePractice(options: CreationOptions): Promise<PreparedPractice> {
  const { random } = options;
  const nonce = random(32);
  const member = random(16);
  const deviceSeed = newSeed(random);
  const kitSeed = newSeed(random);
  const batch = await GenesisBatch.start(await seedToSigner(deviceSeed), nonce, member, options);

  const founder = { scope: nonce, member, role: 'doctor', generation: 1, holders: [] } as const;
  const own = await newGeneration(founder, random);
  await batch.add(own.body);
  const holder = { scope: nonce, member, generation: 1, memberSeed: own.seed };
  await batch.add({ kind: 'device', label: options.label, ...(await holderBody(holder, deviceSeed)) });
  const testValue = kitTestValue(kitSeed);
  await batch.add({ kind: 'kit', testValue, ...(await holderBody(holder, kitSeed)) });
  for (const compartment of ['admin', 'clinical', 'billing', privateCompartment(member)]) {
    const { body, epoch } = await newEpoch({ scope: nonce, compartment, number: 1, previous: null }, random);
    await batch.add(body);
    await batch.add(await grantBody(epoch, own.body));
  }

  return {
    practice: batch.practice,
    member,
    deviceSeed,
    author: batch.signer.author,
    kit: kitText(batch.practice, kitSeed),
    batch: batch.entries,
  };
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
