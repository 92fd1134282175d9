import { type Bytes, bytesToHex, ownBytes } from '@serment/core/bytes';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { ReplicaError } from './error.ts';
import { govern } from './governance-batch.ts';
import { holderBody } from './key-bodies.ts';
import { renewKeys, requireGranted } from './key-renewal.ts';
import { type KitText, kitText } from './kit-text.ts';
import { knownMember, otherHolder, revoke } from './members.ts';
import type { Practice } from './practice.ts';

/** A kit of this member that can be printed and read back. It opens nothing before it is named. */
export class DrawnKit {
  readonly printed: KitText;
  readonly author: Bytes;
  readonly #practice: Practice;
  #seed: Bytes | null;

  /** Throws KEYS_PENDING while the kit would open less than this device does. */
  static async draw(practice: Practice): Promise<DrawnKit> {
    requireGranted(practice);
    const seed = newSeed(practice.random);
    const { author } = await seedToSigner(seed);
    return new DrawnKit(practice, seed, author);
  }

  private constructor(practice: Practice, seed: Bytes, author: Bytes) {
    this.#practice = practice;
    this.#seed = seed;
    this.author = author;
    this.printed = kitText(practice.practice, seed);
  }

  /**
   * Names the kit and withdraws in the same request those that it replaces, so that there is never none; then changes
   * every key that they could open what follows with. Called again after a cut, it goes on. Throws HOLDER_UNKNOWN when
   * what is to be replaced is no kit of this member, KEYS_PENDING as `draw` does, CLOSED once it was forgotten, and what
   * `govern` throws.
   */
  async name(replaced: readonly Bytes[]): Promise<void> {
    const { keyring, mirror } = this.#practice;
    if (this.#seed === null) throw new ReplicaError('CLOSED', 'This kit is on paper alone');
    // A copy: `forget` overwrites the other, and a kit of zeros would be everybody's.
    const seed = ownBytes(this.#seed);
    await govern(this.#practice, async (batch) => {
      if (!mirror.governance.authors.has(bytesToHex(this.author))) {
        requireGranted(this.#practice);
        const { testValue } = this.printed;
        await batch.add(keyring.signer, { kind: 'kit', testValue, ...(await this.#holder(seed)) });
      }
      for (const author of replaced) {
        const kit = otherHolder(this.#practice, author);
        if (kit.type !== 'kit' || kit.member !== bytesToHex(keyring.member))
          throw new ReplicaError('HOLDER_UNKNOWN', 'Only a kit of the same member is replaced');
        if (kit.revokedAt === null) await revoke(this.#practice, batch, kit);
      }
    });
    if (replaced.length > 0) await renewKeys(this.#practice);
  }

  /** Overwrites what opens; the paper alone keeps it. */
  forget(): void {
    this.#seed?.fill(0);
    this.#seed = null;
  }

  #holder(seed: Bytes) {
    const { keyring, practice: scope } = this.#practice;
    const { member, generation } = knownMember(this.#practice, bytesToHex(keyring.member));
    return holderBody({ scope, member, generation, memberSeed: keyring.memberSeed(generation) }, seed);
  }
}
