import type { Bytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import type { BodyOf, Role } from '@serment/core/journal/body';
import { holderProofMessage } from '@serment/core/journal/entry';
import { epochCheck, newEpochKey, sealInbox, sealPrevious } from '@serment/core/keys/epoch';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { type WrapUse, wrapSecret } from '@serment/core/keys/wrap';
import type { RandomSource } from '@serment/core/random';

/** A member's key of one generation. */
export interface Generation {
  readonly member: Bytes;
  readonly generation: number;
  readonly recipient: Bytes;
}

/** One key of a compartment, with what it is bound to: the practice, or the genesis nonce in the genesis batch. */
export interface EpochSecret {
  readonly scope: Bytes;
  readonly compartment: string;
  readonly number: number;
  readonly key: Bytes;
}

export interface GenerationRequest {
  readonly scope: Bytes;
  readonly member: Bytes;
  readonly role: Role;
  readonly generation: number;
  /** Every holder of the member. */
  readonly holders: readonly { readonly author: Bytes; readonly recipient: Bytes | null }[];
}

/** A new key of a member, wrapped to its holders. */
export async function newGeneration(
  { scope, member, role, generation, holders }: GenerationRequest,
  random: RandomSource,
): Promise<{ body: BodyOf<'member'>; seed: Bytes }> {
  const seed = newSeed(random);
  const use = { purpose: 'member', practice: scope, subject: [member, generation] } as const;
  const wraps: { author: Bytes; wrap: Bytes }[] = [];
  for (const holder of holders)
    wraps.push({ author: holder.author, wrap: await wrapForHolder(use, holder.recipient, seed, random) });
  const recipient = await seedToRecipient(seed);
  return { body: { kind: 'member', member, role, generation, recipient, wraps }, seed };
}

/** A member's key of one generation, for a new holder of it. */
export interface HolderOwner {
  readonly scope: Bytes;
  readonly member: Bytes;
  readonly generation: number;
  readonly memberSeed: Bytes;
}

/** What a `device` or a `kit` says of a new holder whose seed is here, with the holder's own proof. */
export async function holderBody(owner: HolderOwner, holderSeed: Bytes) {
  const { scope, member } = owner;
  const signer = await seedToSigner(holderSeed);
  const { author } = signer;
  const recipient = await seedToRecipient(holderSeed);
  const proof = await signer.sign(holderProofMessage(scope, member, author, recipient));
  return holderOf(owner, { author, recipient, proof });
}

/** The same of one that proved itself elsewhere. Throws RECIPIENT_INVALID. */
export async function holderOf(
  { scope, member, generation, memberSeed }: HolderOwner,
  { author, recipient, proof }: Pick<BodyOf<'device'>, 'author' | 'recipient' | 'proof'>,
) {
  const subject = [member, generation] as const;
  const wrap = await wrapSecret({ recipient, purpose: 'member', practice: scope, subject, secret: memberSeed });
  return { member, author, recipient, generation, wrap, proof };
}

/** A compartment's next key. `previous` is that of the epoch before, null for the first. */
export async function newEpoch(
  { scope, compartment, number, previous }: Omit<EpochSecret, 'key'> & { readonly previous: Bytes | null },
  random: RandomSource,
): Promise<{ body: BodyOf<'epoch'>; epoch: EpochSecret }> {
  const key = newEpochKey(random);
  const inbox = newSeed(random);
  const bound = { practice: scope, compartment, number };
  const body = {
    ...{ kind: 'epoch' as const, compartment, number, check: epochCheck(key) },
    recipient: await seedToRecipient(inbox),
    sealedInbox: await sealInbox(key, bound, inbox, random),
    sealedPrevious: previous === null ? null : await sealPrevious(key, bound, previous, random),
  };
  return { body, epoch: { scope, compartment, number, key } };
}

/** An epoch's key, wrapped to a member. Throws RECIPIENT_INVALID when the member's own key is none. */
export async function grantBody(epoch: EpochSecret, to: Generation): Promise<BodyOf<'grant'>> {
  const { scope, compartment, number, key } = epoch;
  const { member, generation, recipient } = to;
  const subject = [compartment, number] as const;
  const wrap = await wrapSecret({ recipient, purpose: 'epoch', practice: scope, subject, secret: key });
  return { kind: 'grant', compartment, number, member, generation, wrap };
}

/**
 * Every holder has to be named in a generation. One whose recipient is no key gets a wrap that nobody opens: otherwise,
 * whoever names such a holder would keep its member's keys from ever being changed.
 */
async function wrapForHolder(
  use: WrapUse,
  recipient: Bytes | null,
  secret: Bytes,
  random: RandomSource,
): Promise<Bytes> {
  try {
    return await wrapSecret({ ...use, recipient: recipient ?? new Uint8Array(0), secret });
  } catch (error) {
    if (!(error instanceof CoreError && error.code === 'RECIPIENT_INVALID')) throw error;
    const nobody = await seedToRecipient(newSeed(random));
    return wrapSecret({ ...use, recipient: nobody, secret });
  }
}
