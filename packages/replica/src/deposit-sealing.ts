import { type Bytes, equalBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import type { BodyOf } from '@serment/core/journal/body';
import type { EpochState, GovernanceState } from '@serment/core/journal/governance-state';
import type { Header } from '@serment/core/journal/header';
import { openOwnKey, sealOwnKey } from '@serment/core/keys/deposit';
import { openInbox } from '@serment/core/keys/epoch';
import { seedToRecipient } from '@serment/core/keys/seed';
import { unwrapSecret, wrapSecret } from '@serment/core/keys/wrap';
import { randomBytes } from '@serment/core/random';
import { ReplicaError } from './error.ts';
import type { Keyring } from './keyring.ts';
import { privateCompartment } from './private-compartment.ts';

const compartment = 'clinical';

/** Where the filing of a deposit stands, which begins once; author and id in hexadecimal (docs/format/journal.md). */
export function filingStream(keyring: Keyring, { author, id }: { readonly author: string; readonly id: string }) {
  return keyring.stream(compartment, `filed/${author}/${id}`);
}

/** What a deposit is sealed with as the journal is now, and what of it stands in its header. */
export interface DepositSeal {
  readonly body: BodyOf<'deposit'>;
  readonly sealed: { readonly compartment: string; readonly epoch: number; readonly key: Bytes };
}

/**
 * Draws the key of a deposit and gives it to the inbox of clinical, which this member cannot read, and to the member
 * itself. Throws COMPARTMENT_CLOSED without a private compartment, RECIPIENT_INVALID for an inbox that is no key.
 */
export async function sealDeposit(id: Bytes, governance: GovernanceState, keyring: Keyring): Promise<DepositSeal> {
  const { practice } = governance;
  const inbox = governance.compartments.get(compartment);
  if (practice === null || inbox === undefined)
    throw new ReplicaError('COMPARTMENT_CLOSED', 'Nothing can be deposited here', { fields: { compartment } });
  const { author } = keyring.signer;
  const own = keyring.currentEpoch(privateCompartment(keyring.member));
  const key = randomBytes(32);
  const subject = [compartment, inbox.number, author] as const;
  const wrap = await wrapSecret({ purpose: 'deposit', practice, subject, recipient: inbox.recipient, secret: key });
  const ownKey = await sealOwnKey(own.key, { practice, author, wrap }, key);
  return {
    body: { kind: 'deposit', id, wrap, ownEpoch: own.epoch, ownKey },
    sealed: { compartment, epoch: inbox.number, key },
  };
}

/**
 * The key of a deposit: from its inbox for who reads clinical, else as its author's own. Throws COMPARTMENT_CLOSED, and
 * WRAP_INVALID or SEALED_INVALID for one that does not open.
 */
export async function openDepositKey(
  header: Header,
  body: BodyOf<'deposit'>,
  { governance, keyring }: { readonly governance: GovernanceState; readonly keyring: Keyring },
): Promise<Bytes> {
  const { author } = header;
  const practice = governance.practice ?? new Uint8Array(32);
  if (!keyring.canRead(compartment)) {
    const key = keyring.epochKey(privateCompartment(keyring.member), body.ownEpoch);
    return openOwnKey(key, { practice, author, wrap: body.wrap }, body.ownKey);
  }
  const epoch = governance.compartments.get(compartment)?.epochs[header.epoch - 1];
  if (epoch === undefined) throw new CoreError('SEALED_INVALID', 'A deposit to an epoch that is none');
  const seed = await inboxSeed(epoch, keyring.epochKey(compartment, header.epoch));
  return unwrapSecret(body.wrap, seed, { purpose: 'deposit', practice, subject: [compartment, header.epoch, author] });
}

async function inboxSeed({ scope, number, sealedInbox, recipient }: EpochState, epochKey: Bytes): Promise<Bytes> {
  const seed = await openInbox(epochKey, { practice: scope, compartment, number }, sealedInbox);
  if (equalBytes(await seedToRecipient(seed), recipient)) return seed;
  throw new CoreError('SEALED_INVALID', 'An inbox that is not the one of its entry');
}
