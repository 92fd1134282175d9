import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { ErrorFields } from '@serment/core/error';
import { holdersOf } from '@serment/core/journal/checks';
import { invitationSeed, parseInvitationCode, parseInvitationLink } from '@serment/core/keys/invitation';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { type RandomSource, randomBytes } from '@serment/core/random';
import { memoryCache } from './cache.ts';
import { type ReplicaCode, ReplicaError } from './error.ts';
import { GovernanceBatch } from './governance-batch.ts';
import { startFromHeads } from './heads-start.ts';
import { JournalMirror } from './journal-mirror.ts';
import { grantBody, holderBody, newEpoch, newGeneration } from './key-bodies.ts';
import { Keyring } from './keyring.ts';
import { knownMember } from './members.ts';
import { privateCompartment } from './private-compartment.ts';
import { confirm, refusalOf } from './sending.ts';
import { sessionEndOf } from './session-end.ts';
import type { Transport } from './transport.ts';

export interface AcceptanceOptions {
  readonly transport: Transport;
  /** The link, or the text of its fragment. */
  readonly linkText: string;
  /** As it was typed. */
  readonly code: string;
  /** Of the device that is named. */
  readonly label: 'browser' | 'cli';
  /** Of that device: whoever keeps it before the call can call again when the answer was lost. */
  readonly seed?: Bytes;
  readonly clock?: () => number;
  readonly random?: RandomSource;
  readonly onProgress?: (done: number, total: number) => void;
}

const maxAttempts = 8;

/**
 * Makes this device the invited member's first one: named by the invitation, which is then revoked, with a member key
 * and private notes of its own, all in one request. Throws core's INVITATION_INVALID, INVITATION_CHECKSUM,
 * INVITATION_CODE_INVALID and FORMAT_UNKNOWN for what is no link or code, and
 *
 * - INVITATION_UNKNOWN when the host knows no such invitation: another code, or another server;
 * - INVITATION_USED, INVITATION_CANCELLED;
 * - INVITATION_EARLY (`from`, ms) and INVITATION_EXPIRED (`until`, ms) outside the member's term;
 * - HOLDER_FROZEN while it is stopped, HOST_LIES, UNREACHABLE and the like.
 */
export async function acceptInvitation(options: AcceptanceOptions): Promise<{ practice: Bytes; seed: Bytes }> {
  const { transport, random = randomBytes, seed = newSeed(random) } = options;
  const link = parseInvitationLink(options.linkText);
  const invitation = invitationSeed(link, parseInvitationCode(options.code));
  const { practice } = link;
  try {
    await transport.openSession(practice, await seedToSigner(invitation));
    await new Acceptance({ ...options, practice, seed, invitation, random }).run();
  } catch (error) {
    if (!(error instanceof ReplicaError)) throw error;
    // The answer that was lost may have said yes.
    if (!(error.code === 'HOLDER_REVOKED' && (await isNamed(transport, practice, seed)))) throw toldAs(error, options);
  }
  return { practice, seed };
}

interface AcceptanceParts extends AcceptanceOptions {
  readonly practice: Bytes;
  readonly seed: Bytes;
  /** The seed that link and code give. */
  readonly invitation: Bytes;
  readonly random: RandomSource;
}

class Acceptance {
  readonly #options: AcceptanceParts;

  constructor(options: AcceptanceParts) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { transport, practice, invitation, random, onProgress, clock = Date.now } = this.#options;
    const mirror = await JournalMirror.open({ practice, source: transport, cache: memoryCache() });
    await startFromHeads({ mirror, source: transport, seed: invitation, random, onProgress });
    await mirror.sync(onProgress);
    const keyring = await Keyring.open(invitation, mirror.governance);
    try {
      await this.#send(mirror, keyring, clock);
    } finally {
      keyring.close();
    }
  }

  async #send(mirror: JournalMirror, keyring: Keyring, clock: () => number): Promise<void> {
    const { transport, practice, seed } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const batch = new GovernanceBatch({ mirror, clock });
      await this.#write(batch, mirror, keyring);
      try {
        const { receipts } = await transport.append(batch.entries);
        // The invitation has no session any more.
        await transport.openSession(practice, await seedToSigner(seed));
        await mirror.sync();
        await confirm(batch.entries, receipts, mirror);
        return;
      } catch (error) {
        if (!refusalOf(error)?.isStale || attempt >= maxAttempts) throw error;
        await mirror.sync();
        await keyring.refresh(mirror.governance);
      }
    }
  }

  async #write(batch: GovernanceBatch, mirror: JournalMirror, keyring: Keyring): Promise<void> {
    const { practice: scope, seed, label, random } = this.#options;
    const { governance } = mirror;
    const name = bytesToHex(keyring.member);
    const { member, role, generation } = knownMember({ mirror }, name);
    const signer = await seedToSigner(seed);
    const owner = { scope, member, generation, memberSeed: keyring.memberSeed(generation) };
    const device = await holderBody(owner, seed);
    await batch.add(keyring.signer, { kind: 'device', label, ...device });
    const { author } = keyring.signer;
    await batch.add(keyring.signer, { kind: 'revoke', author, last: batch.lastOf(author) });
    // Who invited knew the first key: this one is the member's own.
    const others = holdersOf(governance, name).filter((holder) => bytesToHex(holder.author) !== bytesToHex(author));
    const request = { scope, member, role, generation: generation + 1, holders: [...others, device] };
    const { body } = await newGeneration(request, random);
    await batch.add(signer, body);
    const compartment = privateCompartment(member);
    // A member who is invited again has one, whose key the first devices alone had.
    if (governance.compartments.has(compartment)) return;
    const opened = await newEpoch({ scope, compartment, number: 1, previous: null }, random);
    await batch.add(signer, opened.body);
    await batch.add(signer, await grantBody(opened.epoch, body));
  }
}

/** Whether the host takes this device for one of the practice's. Throws UNREACHABLE. */
export async function isNamed(transport: Transport, practice: Bytes, seed: Bytes): Promise<boolean> {
  try {
    await transport.openSession(practice, await seedToSigner(seed));
    return true;
  } catch (error) {
    if (error instanceof ReplicaError && error.code !== 'UNREACHABLE') return false;
    throw error;
  }
}

/** What the host says of an author, as what it means for who holds an invitation. */
function toldAs(error: ReplicaError, { clock = Date.now }: AcceptanceOptions): ReplicaError {
  const told = (code: ReplicaCode, message: string, fields: ErrorFields = {}) =>
    new ReplicaError(code, message, { cause: error, fields });
  const end = sessionEndOf(error, clock());
  switch (end?.why) {
    case 'revoked':
      return error.fields.itself === true
        ? told('INVITATION_USED', 'This invitation was accepted already')
        : told('INVITATION_CANCELLED', 'This invitation was taken back');
    case 'frozen':
      return told('HOLDER_FROZEN', 'This invitation was stopped');
    case 'early':
      return told('INVITATION_EARLY', 'This access has not begun yet', { from: end.from });
    case 'over':
      return told('INVITATION_EXPIRED', 'This access has ended', { until: end.until });
  }
  if (error.fields.server !== 'CHALLENGE_INVALID') return error;
  return new ReplicaError('INVITATION_UNKNOWN', 'The host knows no such invitation', {
    cause: error,
    hint: 'Compare the code with whoever told it, character by character.',
  });
}
