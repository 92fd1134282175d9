import type { Bytes } from '@serment/core/bytes';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import { enrolByKit } from '@serment/replica/device';
import { nameDevice } from '@serment/replica/device-names';
import { enrolByPasskey } from '@serment/replica/passkeys';
import type { Practice } from '@serment/replica/practice';
import type { Transport } from '@serment/replica/transport';
import { Creation, type Enrolled } from './creation.ts';
import { Joining } from './joining.ts';
import { kitUnread } from './kit-read-back.ts';
import { Newcoming } from './newcoming.ts';
import type { NewcomerShown, NewcomerView, NewPracticeInput, PasskeyHolder, PrintedKit } from './protocol.ts';

export interface EnrollingParts {
  readonly transport: Transport;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
  /** Entries read and verified, of all. */
  readonly onProgress: (done: number, total: number) => void;
}

/** How this browser becomes a device of a practice. Whoever is one already never needs it. */
export class Enrolling {
  readonly #parts: EnrollingParts;
  #creation: Creation | null = null;
  readonly #joining: Joining;
  readonly #newcoming: Newcoming;

  constructor(parts: EnrollingParts) {
    this.#parts = parts;
    this.#joining = new Joining(parts);
    this.#newcoming = new Newcoming(parts);
  }

  async prepare(input: NewPracticeInput): Promise<PrintedKit> {
    this.#creation = await Creation.prepare(input, this.#parts);
    return this.#creation.kit.kit;
  }

  async checkKit(answers: readonly string[]): Promise<readonly number[]> {
    return this.#prepared().kit.check(answers);
  }

  /** Throws what `Creation.commit` throws. */
  async create(): Promise<Enrolled> {
    return this.#prepared().commit();
  }

  /** Throws what `enrolByKit` throws. */
  async byKit(kitText: string): Promise<Enrolled> {
    return enrolByKit({ ...this.#parts, kitText, label: 'browser' });
  }

  /** Throws what `enrolByPasskey` throws. */
  async byPasskey(given: PasskeyHolder): Promise<Enrolled> {
    return enrolByPasskey(given, { ...this.#parts, label: 'browser' });
  }

  /** Throws what `acceptInvitation` throws. */
  async byInvitation(linkText: string, code: string): Promise<Enrolled> {
    return this.#joining.accept({ linkText, code });
  }

  async begin(): Promise<NewcomerShown> {
    return this.#newcoming.begin();
  }

  async look(): Promise<NewcomerView> {
    return this.#newcoming.look();
  }

  async agree(): Promise<void> {
    this.#newcoming.agree();
  }

  async end(ending: EnrolmentEnding): Promise<void> {
    await this.#newcoming.end(ending);
  }

  /** Throws what `EnrolmentNewcomer.enter` throws. */
  async byOpenDevice(): Promise<Enrolled> {
    return this.#newcoming.enter();
  }

  /** Once the device is let in: names it, and forgets what it was made by. */
  async finish({ practice, deviceName }: { readonly practice: Practice; readonly deviceName: string }): Promise<void> {
    // Nobody is kept out for a name, which can be given at any time; a role that reads no names gives none.
    await nameDevice(practice, practice.keyring.signer.author, deviceName).catch(() => undefined);
    this.#creation = null;
    this.#joining.forget();
    this.#newcoming.forget();
  }

  #prepared(): Creation {
    if (this.#creation === null) throw kitUnread();
    return this.#creation;
  }
}
