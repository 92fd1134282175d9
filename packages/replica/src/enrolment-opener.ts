import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { CoreError } from '@serment/core/error';
import { holderProofMessage } from '@serment/core/journal/entry';
import {
  type EnrolmentGiven,
  enrolmentAnswerTag,
  enrolmentCode,
  enrolmentCommitment,
  type Opener,
  parseEnrolment,
} from '@serment/core/keys/enrolment';
import { recipientToText } from '@serment/core/keys/seed';
import { verifySignature } from '@serment/core/signature';
import type { EnrolmentEnding, EnrolmentState, NewcomerRevealed } from '@serment/core/wire/enrolment';
import { endedError, expired, forged, isGone, isOutOfOrder, OpenerApi } from './enrolment-api.ts';
import { ReplicaError } from './error.ts';
import { govern } from './governance-batch.ts';
import { holderOf } from './key-bodies.ts';
import { knownMember } from './members.ts';
import type { Practice } from './practice.ts';

/** How far it is: the new device has not revealed itself; both devices show `code`; it is one of the member's. */
export type OpenerStep =
  | { readonly step: 'waiting' }
  | { readonly step: 'compare'; readonly code: string; readonly isScanned: boolean }
  | { readonly step: 'added' };

interface OpenerParts {
  readonly practice: Practice;
  readonly api: OpenerApi;
  readonly opener: Opener;
  readonly commitment: Bytes;
  readonly isScanned: boolean;
}

/** An open device that is to add another one of its member (docs/format/keys.md, Enrolment by an open device). */
export class EnrolmentOpener {
  readonly #parts: OpenerParts;
  #revealed: NewcomerRevealed | null = null;

  /**
   * `text` is the reference as it was typed, or what the QR code holds. Throws core's ENROLMENT_INVALID,
   * ENROLMENT_CHECKSUM and FORMAT_UNKNOWN; ENROLMENT_UNKNOWN when the host knows none of that reference, or another
   * device took it; ENROLMENT_FORGED when the host's is not the one of the QR code; KEYS_PENDING while the newest
   * member key, the only one that the new device would be given, opens less than this device does.
   */
  static async begin(practice: Practice, text: string): Promise<EnrolmentOpener> {
    const given = parseEnrolment(text);
    await practice.sync();
    requireGranted(practice);
    const { practice: id, keyring, transport, random } = practice;
    const api = new OpenerApi(transport, id, given.reference);
    const commitment = await takeCommitment(api, given);
    const opener = { practice: id, member: keyring.member, author: keyring.signer.author, nonce: random(32) };
    const { scanned } = given;
    const tag = scanned === null ? null : enrolmentAnswerTag(scanned, opener);
    await api.answer({ nonce: opener.nonce, tag }).catch(throwUnknown);
    return new EnrolmentOpener({ practice, api, opener, commitment, isScanned: scanned !== null });
  }

  private constructor(parts: OpenerParts) {
    this.#parts = parts;
  }

  /**
   * Asks how it stands: to be called again, also after UNREACHABLE. Throws ENROLMENT_EXPIRED, ENROLMENT_CANCELLED,
   * ENROLMENT_DIFFERENT, and ENROLMENT_FORGED for what was changed on the way, which ends it.
   */
  async look(): Promise<OpenerStep> {
    const { state, given } = await this.#standing();
    if (state !== 'open' && state !== 'added') throw endedError(state);
    if (this.#revealed === null && given === null) return { step: 'waiting' };
    const newcomer = await this.#kept(given);
    if (state === 'added' && (await this.#isNamed(newcomer))) return { step: 'added' };
    const { opener, isScanned } = this.#parts;
    return { step: 'compare', code: enrolmentCode(newcomer, opener), isScanned };
  }

  /**
   * The person says that both screens show the same code, or has read the QR code: this device signs the new one in
   * the journal, with the member's key. Called again after a cut, it goes on. Throws as `look` does, and what `govern`
   * throws.
   */
  async approve(): Promise<void> {
    const { practice } = this.#parts;
    // What comes only now was shown to nobody.
    const newcomer = this.#revealed;
    if (newcomer === null) throw forged();
    await this.look();
    await govern(practice, async (batch) => {
      const { keyring, mirror } = practice;
      if (mirror.governance.authors.has(bytesToHex(newcomer.author))) return;
      const { member, generation } = knownMember(practice, bytesToHex(keyring.member));
      const memberSeed = keyring.memberSeed(generation);
      const holder = await holderOf({ scope: practice.practice, member, generation, memberSeed }, newcomer);
      await batch.add(keyring.signer, { kind: 'device', label: 'browser', ...holder });
    });
  }

  /** Ends it. `different` is told to the practice's members. */
  async end(ending: EnrolmentEnding): Promise<void> {
    await this.#parts.api.end(ending).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  async #standing(): Promise<{ state: EnrolmentState; given: NewcomerRevealed | null }> {
    try {
      return await this.#parts.api.standing();
    } catch (error) {
      throw isGone(error) ? expired() : error;
    }
  }

  /** What the verified journal says: the host's word that a device was added is not enough. */
  async #isNamed({ author }: NewcomerRevealed): Promise<boolean> {
    const { practice } = this.#parts;
    await practice.sync();
    return practice.mirror.governance.authors.has(bytesToHex(author));
  }

  /** The first thing that was revealed counts, once it is what the new device committed itself to. */
  async #kept(given: NewcomerRevealed | null): Promise<NewcomerRevealed> {
    const first = this.#revealed ?? given;
    if (first === null) throw forged();
    const isSame = given === null || given === first || isSameReveal(first, given);
    if (!isSame || (this.#revealed === null && !(await this.#isCommitted(first)))) {
      await this.end('different').catch(() => undefined);
      throw forged();
    }
    this.#revealed = first;
    return first;
  }

  async #isCommitted(revealed: NewcomerRevealed): Promise<boolean> {
    const { commitment, opener } = this.#parts;
    const { author, recipient, proof } = revealed;
    if (!equalBytes(enrolmentCommitment(revealed), commitment)) return false;
    const message = holderProofMessage(opener.practice, opener.member, author, recipient);
    return isRecipient(recipient) && (await verifySignature(author, message, proof));
  }
}

/** A doctor's device grants the current epochs to a generation that is newer than they are (keys.md, Members). */
export function requireGranted({ keyring, mirror }: Practice): void {
  const name = bytesToHex(keyring.member);
  const { members, compartments, grants } = mirror.governance;
  const generation = members.get(name)?.generation;
  const isGranted = (compartment: string) =>
    (grants.get(name) ?? []).some(
      (grant) =>
        grant.compartment === compartment &&
        grant.number === compartments.get(compartment)?.number &&
        grant.generation === generation,
    );
  if (keyring.compartments().every(isGranted)) return;
  throw new ReplicaError('KEYS_PENDING', 'The newest key of this member is not granted everything yet', {
    hint: 'A doctor’s device grants it by itself as soon as it is open.',
  });
}

async function takeCommitment(api: OpenerApi, { scanned }: EnrolmentGiven): Promise<Bytes> {
  const { commitment } = await api.take().catch(throwUnknown);
  if (scanned === null || equalBytes(scanned.commitment, commitment)) return commitment;
  await api.end('different').catch(() => undefined);
  throw forged();
}

/** What ended, and what this device began and lost, waits no more than what never was. */
function throwUnknown(error: unknown): never {
  if (!(isGone(error) || isOutOfOrder(error))) throw error;
  throw new ReplicaError('ENROLMENT_UNKNOWN', 'No device waits under this reference', {
    cause: error,
    hint: 'Compare it with the new device’s screen, or begin again there.',
  });
}

/** Whether a key can be wrapped to it at all. */
function isRecipient(recipient: Bytes): boolean {
  try {
    recipientToText(recipient);
    return true;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

function isSameReveal(one: NewcomerRevealed, other: NewcomerRevealed): boolean {
  const parts = ['author', 'recipient', 'nonce', 'proof'] as const;
  return parts.every((part) => equalBytes(one[part], other[part]));
}
