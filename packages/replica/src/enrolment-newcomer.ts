import { type Bytes, bytesToHex, equalBytes, equalSecret } from '@serment/core/bytes';
import { holderProofMessage } from '@serment/core/journal/entry';
import {
  enrolmentAnswerTag,
  enrolmentCode,
  enrolmentCommitment,
  formatEnrolmentQr,
  formatEnrolmentReference,
  type Newcomer,
} from '@serment/core/keys/enrolment';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { type RandomSource, randomBytes } from '@serment/core/random';
import type { EnrolmentBegun, EnrolmentEnding, OpenerShown } from '@serment/core/wire/enrolment';
import { memoryCache } from './cache.ts';
import { endedError, expired, forged, isGone, isOutOfOrder, NewcomerApi } from './enrolment-api.ts';
import { ReplicaError } from './error.ts';
import { startFromHeads } from './heads-start.ts';
import { isNamed } from './invitation-acceptance.ts';
import { JournalMirror } from './journal-mirror.ts';
import { Keyring } from './keyring.ts';
import type { Transport } from './transport.ts';

export interface NewcomerOptions {
  readonly transport: Transport;
  /** Of a command line; a browser says nothing of itself. */
  readonly label?: 'cli';
  readonly random?: RandomSource;
}

/**
 * How far it is: nobody has answered; both devices show `code`; the open device has named this one. `isProven` says
 * that whoever answered has read the QR code, and that nobody needs to compare.
 */
export type NewcomerStep =
  | { readonly step: 'waiting' }
  | { readonly step: 'compare'; readonly code: string; readonly isProven: boolean; readonly practice: Bytes }
  | { readonly step: 'added' };

/** A device that another one of its member is to add (docs/format/keys.md, Enrolment by an open device). */
export class EnrolmentNewcomer {
  /** 8 characters, to be typed on the open device. */
  readonly reference: string;
  /** What the QR code holds. */
  readonly qr: string;
  /** Milliseconds since 1970, of the host's clock. */
  readonly expires: number;
  readonly #api: NewcomerApi;
  readonly #parts: NewcomerParts;
  #answer: OpenerShown | null = null;
  #isRevealed = false;
  #isAgreed = false;

  /** Draws this device's keys and tells the host what commits it to them. */
  static async begin({ transport, label, random = randomBytes }: NewcomerOptions): Promise<EnrolmentNewcomer> {
    const seed = newSeed(random);
    const { author } = await seedToSigner(seed);
    const newcomer = { author, recipient: await seedToRecipient(seed), nonce: random(32) };
    const begun = await new NewcomerApi(transport).begin(enrolmentCommitment(newcomer));
    const own = { transport, random, seed, newcomer, secret: random(32), begun };
    return new EnrolmentNewcomer(label === undefined ? own : { ...own, label });
  }

  private constructor(parts: NewcomerParts) {
    const { begun, newcomer, secret } = parts;
    this.#parts = parts;
    this.#api = new NewcomerApi(parts.transport);
    this.reference = formatEnrolmentReference(begun.reference);
    this.qr = formatEnrolmentQr({ reference: begun.reference, commitment: enrolmentCommitment(newcomer), secret });
    this.expires = begun.expires;
  }

  /**
   * Asks how it stands, and does what is next: to be called again until it is `added`, also after UNREACHABLE. Throws
   * ENROLMENT_EXPIRED, ENROLMENT_REFUSED, ENROLMENT_DIFFERENT, and ENROLMENT_FORGED for what was changed on the way,
   * which ends it.
   */
  async look(): Promise<NewcomerStep> {
    const { begun } = this.#parts;
    const standing = await this.#api.standing(begun.enrolment).catch((error: unknown) => {
      if (!isGone(error)) throw error;
      return null;
    });
    if (standing === null) return this.#afterItsTime();
    const { state, given } = standing;
    if (state !== 'open' && state !== 'added') throw endedError(state);
    if (this.#answer === null && given === null) return { step: 'waiting' };
    const answer = await this.#kept(given);
    // The host's word for it: what this device was told to compare comes first.
    if (state === 'added' && this.#mayEnter()) return { step: 'added' };
    await this.#reveal(answer);
    return this.#compared(answer);
  }

  /** The person says that both screens show the same code. */
  agree(): void {
    this.#isAgreed = this.#isRevealed;
  }

  /** Ends it. `different` is told to the practice's members. */
  async end(ending: EnrolmentEnding): Promise<void> {
    await this.#api.end(this.#parts.begun.enrolment, ending).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  /**
   * Enters as the device that was added: the journal is verified, and names this device, of the member that was
   * compared. Throws HOST_LIES when it does not, and ENROLMENT_FORGED before anybody has compared.
   */
  async enter(onProgress?: (done: number, total: number) => void): Promise<{ practice: Bytes; seed: Bytes }> {
    const { transport, seed, random } = this.#parts;
    const answer = this.#answer;
    if (answer === null || !this.#mayEnter()) throw forged();
    const { practice, member } = answer;
    await transport.openSession(practice, await seedToSigner(seed));
    const mirror = await JournalMirror.open({ practice, source: transport, cache: memoryCache() });
    await startFromHeads({ mirror, source: transport, seed, random, onProgress });
    await mirror.sync(onProgress);
    const keyring = await Keyring.open(seed, mirror.governance);
    keyring.close();
    if (!equalBytes(keyring.member, member))
      throw new ReplicaError('HOST_LIES', 'The journal names this device as another member’s', {
        fields: { finding: 'HOLDER_MEMBER' },
      });
    return { practice, seed };
  }

  /** The first answer counts: another one later is somebody's in between. */
  async #kept(given: OpenerShown | null): Promise<OpenerShown> {
    const first = this.#answer ?? given;
    if (first === null) throw forged();
    const isSame = given === null || isSameAnswer(first, given);
    if (!isSame || this.#hasWrongTag(first)) {
      await this.end('different').catch(() => undefined);
      throw forged();
    }
    this.#answer = first;
    return first;
  }

  #hasWrongTag(answer: OpenerShown): boolean {
    if (answer.tag === null) return false;
    const { newcomer, secret } = this.#parts;
    return !equalSecret(answer.tag, enrolmentAnswerTag({ commitment: enrolmentCommitment(newcomer), secret }, answer));
  }

  #mayEnter(): boolean {
    // A tag that is there was found right when it came.
    return this.#isAgreed || (this.#answer !== null && this.#answer.tag !== null);
  }

  /** Once: what was taken is not sent again. */
  async #reveal({ practice, member }: OpenerShown): Promise<void> {
    if (this.#isRevealed) return;
    const { newcomer, seed, begun, label } = this.#parts;
    const { author, recipient } = newcomer;
    const signer = await seedToSigner(seed);
    const proof = await signer.sign(holderProofMessage(practice, member, author, recipient));
    try {
      await this.#api.reveal(begun.enrolment, { ...newcomer, proof, ...(label === undefined ? {} : { label }) });
    } catch (error) {
      if (!isOutOfOrder(error)) throw error;
      const { state } = await this.#api.standing(begun.enrolment);
      throw state === 'open' || state === 'added' ? error : endedError(state);
    }
    this.#isRevealed = true;
  }

  #compared(answer: OpenerShown): NewcomerStep {
    const code = enrolmentCode(this.#parts.newcomer, answer);
    return { step: 'compare', code, isProven: answer.tag !== null, practice: answer.practice };
  }

  /** The open device may have named this one in the last moment. */
  async #afterItsTime(): Promise<NewcomerStep> {
    const { transport, seed } = this.#parts;
    if (this.#answer !== null && this.#mayEnter() && (await isNamed(transport, this.#answer.practice, seed)))
      return { step: 'added' };
    throw expired();
  }
}

interface NewcomerParts {
  readonly transport: Transport;
  readonly label?: 'cli';
  readonly random: RandomSource;
  readonly seed: Bytes;
  readonly newcomer: Newcomer;
  readonly secret: Bytes;
  readonly begun: EnrolmentBegun;
}

function isSameAnswer(one: OpenerShown, other: OpenerShown): boolean {
  const hexOf = ({ practice, member, author, nonce, tag }: OpenerShown) =>
    [practice, member, author, nonce, tag ?? new Uint8Array(0)].map(bytesToHex).join();
  return hexOf(one) === hexOf(other);
}
