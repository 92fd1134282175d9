import type { Bytes } from '@serment/core/bytes';
import { type NewPractice, prepareNewPractice } from '@serment/replica/device';
import type { Transport } from '@serment/replica/transport';
import { KitReadBack } from './kit-read-back.ts';
import type { NewPracticeInput } from './protocol.ts';

export interface CreationParts {
  readonly transport: Transport;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
}

/** A device that a practice knows. */
export interface Enrolled {
  readonly practice: Bytes;
  readonly seed: Bytes;
}

/** A practice being made: nothing of it exists at the host before its kit was read back. */
export class Creation {
  readonly kit: KitReadBack;
  readonly #made: NewPractice;
  #committed: Promise<Enrolled> | null = null;

  static async prepare(input: NewPracticeInput, { transport, random, clock }: CreationParts): Promise<Creation> {
    const { practiceName, family, given, rpps } = input;
    const doctor = { family, given, prefix: 'Dr', ...(rpps === null ? {} : { rpps }) };
    const made = await prepareNewPractice({ transport, practiceName, doctor, label: 'browser', random, clock });
    return new Creation(made, new KitReadBack(made.kit, made.practice, random));
  }

  private constructor(made: NewPractice, kit: KitReadBack) {
    this.#made = made;
    this.kit = kit;
  }

  /** Sends the practice to the host, once; after a failure it is tried again. Throws KIT_UNREAD before the check. */
  commit(): Promise<Enrolled> {
    this.kit.requireRead();
    this.#committed ??= this.#made.commit().catch((error: unknown) => {
      this.#committed = null;
      throw error;
    });
    return this.#committed;
  }
}
